"""The served process: who is let in and from where, under which path, and how it stops."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from served_window import Window, served

from assistant.settings import Settings
from assistant.window.serving import serve as serve_window
from index.sample import sample_papers

SERVE = "import sys; from assistant.window.serving import serve; from assistant.settings import Settings; serve(Settings.load(), port=int(sys.argv[1]))"  # noqa: E501


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "papers.example"])
def test_others_are_not_let_in_unasked(tmp_path: Path, host: str) -> None:
    with pytest.raises(ValueError, match=r"papers user .* --open"):
        serve_window(Settings.load(home=tmp_path), host=host, port=free_port())


def test_a_taken_port_is_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"--port {port + 1}"):
            serve_window(Settings.load(home=tmp_path), port=port)


@contextmanager
def process(home: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """The window as `papers chat` serves it, in a process of its own."""
    (home / "tmp").mkdir()
    made = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(port)], stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
        env={**os.environ, "PAPERS_HOME": str(home / "home"), "TMPDIR": str(home / "tmp")},
    )  # fmt: skip
    try:
        for _ in range(300):
            try:
                httpx.get(f"http://127.0.0.1:{port}/health").raise_for_status()
                break
            except httpx.TransportError:
                time.sleep(0.2)
        yield made
    finally:
        made.kill()
        made.wait()


def headers_are_bounded(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 200_000)
        assert connection.recv(1000).startswith(b"HTTP/1.1 400")


def folder_of_an_upload(url: str) -> Path:
    upload = httpx.post(f"{url}/gradio_api/upload", files={"files": ("a.json", b"{}")}).json()[0]
    return Path(upload).parents[1]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_soon_and_quietly_while_pages_are_open_and_leaves_no_uploads(
    tmp_path: Path, how: signal.Signals
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"

    def linger() -> None:
        with httpx.stream("GET", f"{url}/gradio_api/heartbeat/x", timeout=30) as beats:
            for _ in beats.iter_raw():
                pass

    with pytest.MonkeyPatch.context() as patch, process(tmp_path, port) as served_process:
        headers_are_bounded(port)
        folder = folder_of_an_upload(url)
        assert folder.parent == tmp_path / "tmp"
        assert folder.stat().st_mode & 0o777 == 0o700
        patch.setattr(threading, "excepthook", lambda _: None)  # the stream ends when the server does
        thread = threading.Thread(target=linger, daemon=True)
        thread.start()
        time.sleep(0.5)
        served_process.send_signal(how)
        start = time.monotonic()
        _, said = served_process.communicate(timeout=20)
        thread.join(5)
    assert time.monotonic() - start < 15
    assert served_process.returncode == 0
    assert f"{url}/" in said
    assert "Traceback" not in said
    assert not folder.exists()


@pytest.fixture  # for each test: Gradio's events belong to one server's loop
def under_a_path(homes: Path) -> Iterator[Window]:
    with served(homes / "under-a-path", papers=sample_papers(), root_path="/papers") as made:
        yield made


@pytest.mark.parametrize("stripped", [True, False])
def test_behind_a_proxy_under_a_path(open_page: Any, under_a_path: Window, stripped: bool) -> None:
    async def proxy(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and stripped:
            path = scope["path"].removeprefix("/papers") or "/"
            scope = {**scope, "path": path, "raw_path": path.encode()}
        elif scope["type"] == "http":
            scope = {**scope, "root_path": "/papers"}
        await under_a_path.app(scope, receive, send)

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(proxy, log_level="critical", lifespan="off", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    page = open_page(f"http://127.0.0.1:{listening.getsockname()[1]}/papers/")
    box = page.get_by_role("textbox", name="Question", exact=True)
    box.fill("What does SpAtten do?")
    box.press("Enter")
    page.locator(".turn .actions").wait_for()
    assert "/papers/?chat=" in page.url
    page.get_by_text("Copy or save").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Markdown").click()
    assert "SpAtten" in saved.value.path().read_text()
    page.goto("about:blank")
    server.should_exit = True
    thread.join(10)
    listening.close()
