"""Requests that are too large, from whoever may not even be signed in."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from served_window import Window, served

from assistant.window.bodies import LARGEST, LARGEST_UPLOAD, bounded
from assistant.window.people import add_person, read_people
from index.sample import sample_papers

PATHS = ["/login", "/gradio_api/queue/join", "/gradio_api/upload", "/mcp"]


@pytest.fixture(scope="module")
def guarded(homes: Path) -> Iterator[tuple[Window, dict[str, str]]]:
    """A window with a person, and the header that lets her in."""
    token = add_person(homes / "readers", "Ada", "first password")
    with served(homes / "bodies", papers=sample_papers()[:3], people=read_people(homes / "readers")) as made:
        yield made, {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("path", PATHS)
def test_a_request_that_says_it_is_too_large_is_not_read(guarded: tuple[Window, dict[str, str]], path: str) -> None:
    window, ada = guarded
    where = urlsplit(window.url)
    size = LARGEST_UPLOAD if path.endswith("upload") else LARGEST
    head = f"POST {path} HTTP/1.1\r\nHost: {where.netloc}\r\nAuthorization: {ada['Authorization']}\r\n"
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=10) as connection:
        connection.sendall(f"{head}Content-Length: {size + 1}\r\n\r\n".encode())
        assert connection.recv(20).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(("path", "most"), [("/login", LARGEST), ("/gradio_api/upload", LARGEST_UPLOAD)])
async def test_one_that_does_not_say_so_ends_for_the_app(path: str, most: int) -> None:
    got = 0

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal got
        while (message := await receive())["type"] == "http.request":
            got += len(message["body"])

    async def endless() -> dict[str, Any]:
        return {"type": "http.request", "body": b"x" * (1 << 20), "more_body": True}

    async def unheard(message: Any) -> None:
        raise AssertionError(message)

    await bounded(app)({"type": "http", "path": path, "headers": []}, endless, unheard)
    assert most - (1 << 20) <= got <= most


def test_an_upload_and_a_long_paste_are_taken(guarded: tuple[Window, dict[str, str]]) -> None:
    window, ada = guarded
    upload = httpx.post(f"{window.url}/gradio_api/upload", files={"files": b"x" * (20 << 20)}, headers=ada, timeout=60)
    assert upload.status_code == 200
    paste = httpx.post(f"{window.url}/gradio_api/queue/join", content=b" " * (12 << 20), headers=ada, timeout=60)
    assert paste.status_code == 422
