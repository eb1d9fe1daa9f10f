"""A small OpenAI-compatible server on loopback: it streams sentences that cite the evidence it was sent."""

import json
import re
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "stub-model"
_EVIDENCE = re.compile(r"^(\d+)\.(\d+) (.+)$", re.MULTILINE)


class StubServer:
    """Serves /v1/models and /v1/chat/completions. `wait` is the time before the first word and `pause` that between
    two, in seconds; `piece` matches what is sent at once; `says` replaces what it answers, as it stands or by the
    request; `cut_off` counts the streams that the caller left before their end."""

    def __init__(self) -> None:
        self.wait = 0.0
        self.pause = 0.0
        self.piece = re.compile(r"\S+\s*|\s+")
        self.says: str | Callable[[dict[str, Any]], str] | None = None
        self.status = 200
        self.calls = 0
        self.cut_off = 0
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._json(200, {"object": "list", "data": [{"id": MODEL, "object": "model"}]})

            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["content-length"])))
                stub.calls += 1
                time.sleep(stub.wait)
                if stub.status != 200:
                    self._json(stub.status, {"error": {"message": "not now", "type": "stub"}})
                    return
                prompt = "\n".join(str(message["content"]) for message in request["messages"])
                said = stub.says(request) if callable(stub.says) else stub.says or answer_from(prompt)
                if request.get("stream"):
                    self._stream(said)
                else:
                    message = {"role": "assistant", "content": said}
                    choice = {"index": 0, "message": message, "finish_reason": "stop"}
                    self._json(200, {"id": "x", "object": "chat.completion", "model": MODEL, "choices": [choice]})

            def _json(self, status: int, body: dict[str, object]) -> None:
                payload = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            def _stream(self, text: str) -> None:
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.end_headers()
                try:
                    for word in stub.piece.findall(text):
                        self._event({"content": word}, None)
                        time.sleep(stub.pause)
                    self._event({}, "stop")
                    usage = {"prompt_tokens": 900, "completion_tokens": 60, "total_tokens": 960}
                    self._send({"choices": [], "usage": usage})
                    self.wfile.write(b"data: [DONE]\n\n")
                except OSError:
                    stub.cut_off += 1

            def _event(self, delta: dict[str, str], finish: str | None) -> None:
                self._send({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

            def _send(self, chunk: dict[str, object]) -> None:
                body = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": MODEL, **chunk}
                self.wfile.write(b"data: " + json.dumps(body).encode() + b"\n\n")
                self.wfile.flush()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """The base URL for an OpenAI client."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def reset(self) -> None:
        """Back to quick, true answers."""
        self.wait, self.pause, self.says, self.status, self.calls, self.cut_off = 0.0, 0.0, None, 200, 0, 0

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


def answer_from(prompt: str) -> str:
    """Three sentences of the evidence, each citing itself; the last with a figure that is not there."""
    found = _EVIDENCE.findall(prompt)[:3]
    lines = [f"{text.rstrip('.')} [{label}.{number}]." for label, number, text in found]
    if lines:
        lines[-1] = f"It is 97.3 times faster than that [{found[-1][0]}.{found[-1][1]}]."
    return " ".join(lines) or "The papers do not say."
