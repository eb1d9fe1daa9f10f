"""A chat API for tests: replies as a server sends them, through respx."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import httpx

from assistant.settings import Settings

URL = "https://api.example.org/v1"
CHAT = f"{URL}/chat/completions"
KEY = "sk-secret-0123456789"


def settings(home: Path, **given: Any) -> Settings:
    """Settings for a remote server with one model, impatient enough for a test."""
    chosen = {"base_url": URL, "api_key": KEY, "model": "gpt-4o-mini", "wait_seconds": 4.0, "silence_seconds": 0.3}
    return Settings.load(home=home, **{**chosen, **given})


def event(content: str | None = None, finish: str | None = None, **delta: Any) -> bytes:
    """One server-sent event with some words."""
    body = {"choices": [{"index": 0, "delta": {"content": content, **delta}, "finish_reason": finish}]}
    return sse({"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", **body})


def sse(body: Any) -> bytes:
    """One server-sent event."""
    return b"data: " + json.dumps(body).encode() + b"\n\n"


USAGE = sse(
    {
        "id": "x",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
    }
)
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
