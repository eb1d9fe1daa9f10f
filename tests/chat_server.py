"""A fake OpenAI-compatible server, in two forms: replies for respx to give within the process, and `StubServer`, which
listens on loopback and answers in sentences that cite the evidence it was sent."""

import asyncio
import json
import re
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from assistant.settings import Settings

MODEL = "stub-model"
_EVIDENCE = re.compile(r"^(\d+)\.(\d+) (.+)$", re.MULTILINE)
URL = "https://api.example.org/v1"
CHAT = f"{URL}/chat/completions"
KEY = "sk-secret-0123456789"


def settings(home: Path, **given: Any) -> Settings:
    """Settings for a remote server with one model, impatient enough for a test."""
    chosen = {"base_url": URL, "api_key": KEY, "model": "gpt-4o-mini", "wait_seconds": 4.0, "silence_seconds": 0.5}
    return Settings.load(home=home, **{**chosen, **given})


def sse(body: Any) -> bytes:
    """One server-sent event."""
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def chunk(choices: list[dict[str, Any]], **more: Any) -> bytes:
    """One piece of a streamed reply."""
    return sse({"id": "x", "object": "chat.completion.chunk", "created": 1, "model": MODEL, "choices": choices, **more})


def event(content: str | None = None, finish: str | None = None, **delta: Any) -> bytes:
    """A piece that holds some words."""
    return chunk([{"index": 0, "delta": {"content": content, **delta}, "finish_reason": finish}])


USAGE = chunk([], usage={"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100})
DONE = b"data: [DONE]\n\n"


def answer(*words: str, usage: bool = True) -> httpx.Response:
    """A whole streamed answer."""
    events = [event(word) for word in words] + [event(finish="stop")] + ([USAGE] if usage else []) + [DONE]
    return httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=Pieces(events))


def streamed(*pieces: bytes | float | Exception) -> httpx.Response:
    """A stream of events as given; a number is a pause in seconds, an exception breaks the connection."""
    return httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=Pieces(pieces))


class Pieces(httpx.AsyncByteStream):
    """A body that comes in pieces; `closed` says whether the client has let go of it."""

    def __init__(self, pieces: Iterable[bytes | float | Exception]) -> None:
        self.pieces = list(pieces)
        self.closed = False
        self.sent = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            if isinstance(piece, float):
                await asyncio.sleep(piece)
            else:
                self.sent += 1
                yield piece

    async def aclose(self) -> None:
        self.closed = True


def refusal(status: int, message: str, code: str | None = None, **headers: str) -> httpx.Response:
    """An error reply as OpenAI-compatible servers send it."""
    return httpx.Response(status, json={"error": {"message": message, "code": code}}, headers=headers)


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
            disable_nagle_algorithm = True  # a reply is several small pieces, none of which waits for the client

            def do_GET(self) -> None:
                self._json(200, {"object": "list", "data": [{"id": MODEL, "object": "model"}]})

            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["content-length"])))
                stub.calls += 1
                time.sleep(stub.wait)
                if stub.status != 200:
                    self._json(stub.status, {"error": {"message": "not now", "type": "stub"}})
                    return
                if request["model"] != MODEL:
                    self._json(404, {"error": f"model '{request['model']}' not found"})
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
                        self._send(event(word))
                        time.sleep(stub.pause)
                    self._send(event(finish="stop") + USAGE + DONE)
                except OSError:
                    stub.cut_off += 1

            def _send(self, piece: bytes) -> None:
                self.wfile.write(piece)
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
