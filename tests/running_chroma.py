"""A real Chroma server on this machine, and a proxy before one that records requests and can fail."""

import contextlib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx

_RUN = "import sys, chromadb_rust_bindings as chroma; chroma.cli(['chroma', 'run', *sys.argv[1:]])"
_BEAT = "/api/v2/heartbeat"


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextlib.contextmanager
def running_chroma(folder: Path, port: int = 0) -> Iterator[str]:
    """The address of a Chroma server that keeps its files in a folder; ended afterwards. It is what `chroma run`
    starts, without the import of the Python package."""
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    options = ["--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen([sys.executable, "-c", _RUN, *options], stdout=quiet, stderr=quiet) as process:
        try:
            _wait_for(url, process)
            yield url
        finally:
            process.kill()


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{url}{_BEAT}", timeout=10, trust_env=False).is_success:
                return
        time.sleep(0.05)
    raise AssertionError("Chroma did not start.")


@dataclass
class Proxy:
    """What a proxy was asked, in order: method and path, headers, body. `answer`: what it says instead of passing a
    request on, if that is not None: status and body."""

    url: str = ""
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    answer: Callable[[str], tuple[int, bytes] | None] = lambda request: None

    def asked(self, ending: str) -> list[bytes]:
        """The bodies of the requests whose path ends so."""
        return [body for request, _, body in self.requests if request.endswith(ending)]


@contextlib.contextmanager
def proxy_to(target: str = "") -> Iterator[Proxy]:
    """A proxy before a server; without one, everything must be answered by `answer`."""
    proxy = Proxy()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = f"{self.command} {self.path}"
            proxy.requests.append((request, {k.lower(): v for k, v in self.headers.items()}, body))
            if (said := proxy.answer(request)) is None:
                headers = {"Content-Type": "application/json"}
                passed = httpx.request(
                    self.command, target + self.path, content=body, headers=headers, timeout=60, trust_env=False
                )
                said = passed.status_code, passed.content
            self.send_response(said[0])
            self.send_header("Content-Length", str(len(said[1])))
            self.end_headers()
            self.wfile.write(said[1])

        do_GET = do_POST = do_PUT = do_DELETE = _pass_on

        def log_message(self, *args: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        proxy.url = f"http://127.0.0.1:{serving.server_address[1]}"
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield proxy
        serving.shutdown()
