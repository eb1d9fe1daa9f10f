"""Servers that never finish, send too much or redirect elsewhere, simulated byte by byte."""

import asyncio
import itertools
import socket
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from raw_server import raw_server

from assistant import tokens
from index.embedding import minilm, open_embedder
from index.embedding import openai as embeddings
from index.errors import EmbeddingError
from index.safety.http import NotTaken, answer_to
from index.sources.network import client, links

OK = b"HTTP/1.1 200 OK\r\n"


def trickling(*pieces: bytes, pause: float = 0.1) -> Callable[[socket.socket], None]:
    """An answer that sends some pieces and then repeats the last one, slowly, for ever."""

    def answer(connection: socket.socket) -> None:
        for piece in itertools.chain(pieces, itertools.repeat(pieces[-1])):
            connection.sendall(piece)
            time.sleep(pause)

    return answer


def sending(*pieces: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(b"".join(pieces))


def asked(url: str) -> httpx.Response:
    return answer_to(httpx.Request("GET", url), seconds=1.0, largest=1000, silence=0.8)


def test_an_answer_is_whole() -> None:
    with raw_server(sending(OK, b"Content-Length: 5\r\nX: y\r\n\r\nhello")) as url:
        answer = asked(url)
    assert (answer.status_code, answer.text, answer.headers["x"]) == (200, "hello", "y")


async def test_it_can_be_asked_for_within_a_running_loop() -> None:
    with raw_server(sending(OK, b"Content-Length: 5\r\n\r\nhello")) as url:
        assert asked(url).text == "hello"
        assert (await asyncio.to_thread(asked, url)).text == "hello"


@pytest.mark.parametrize(
    "answer",
    [
        trickling(b"H"),
        trickling(OK, b"X"),
        trickling(OK, b"X: y\r\n"),
        trickling(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
        trickling(b"HTTP/1.1 100 Continue\r\n\r\n"),
        lambda connection: time.sleep(20),
    ],
    ids=["status", "header", "headers", "body", "continue", "silence"],
)
def test_one_time_is_over_connection_headers_and_body(answer: Callable[[socket.socket], None]) -> None:
    with raw_server(answer) as url:
        began = time.monotonic()
        with pytest.raises(httpx.TimeoutException):
            asked(url)
        assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("head", "body", "why"),
    [
        (b"Content-Length: 1000000000000\r\n", b"", "more than 0.000954 MB"),
        (b"", b"x" * 100_000, "more than 0.000954 MB"),
        (b"Content-Encoding: gzip\r\n", zlib.compress(b"x" * 10_000_000, wbits=31), "compressed data \\(gzip\\)"),
        (b"Content-Encoding: br\r\n", b"x", "compressed data \\(br\\)"),
        (b"Content-Encoding: Identity, deflate\r\n", b"x", "compressed data"),
    ],
)
def test_what_is_too_much_or_packed_is_not_taken(head: bytes, body: bytes, why: str) -> None:
    with raw_server(sending(OK, head, b"Connection: close\r\n\r\n", body)) as url, pytest.raises(NotTaken, match=why):
        asked(url)


def test_a_redirect_is_not_followed() -> None:
    with (
        raw_server(sending(OK, b"Content-Length: 2\r\n\r\nno")) as other,
        raw_server(sending(b"HTTP/1.1 307 Go\r\nContent-Length: 0\r\nLocation: ", other.encode(), b"\r\n\r\n")) as url,
    ):
        answer = asked(url)
    assert (answer.status_code, str(answer.next_request and answer.next_request.url)) == (307, other)


# -- whoever fetches something


def test_a_link_ends_in_its_time_however_slow_the_way_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "WHOLE", 1.0)
    with raw_server(trickling(b"HTTP/1.1 200 Connection established\r\n", b"X: y\r\n")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        began = time.monotonic()
        with pytest.raises(links.FetchError, match="took over 1 s"):
            links.read_link("https://huggingface.co/papers/date/2026-04-16", offline=False)
        assert time.monotonic() - began < 10


def test_the_counters_table_ends_in_its_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for constant in ("WHOLE", "STALLED"):
        monkeypatch.setattr(tokens, constant, 1.0)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path / "nowhere"))
    for answer, why in (
        (trickling(OK, b"X: y\r\n"), "not complete after 1 s"),
        (sending(OK, b"Content-Length: 99000000\r\n\r\n"), "more than 8 MB"),
    ):
        said: list[str] = []
        with raw_server(answer) as url:
            monkeypatch.setattr(tokens, "TABLE_URL", url)
            tokens.prepare(tmp_path, offline=False, say=said.append).join()
        assert [why in text for text in said] == [True]


def test_the_models_download_ends_in_its_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(minilm, "WHOLE_SECONDS", 1.0)
    for answer, why in (
        (trickling(OK, b"X: y\r\n"), "within 1 s"),
        (sending(OK, b"Content-Length: 9900000000\r\n\r\n"), "more than 100 MB"),
        (sending(b"HTTP/1.1 302 Go\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:1/\r\n\r\n"), "302"),
    ):
        with raw_server(answer) as url:
            monkeypatch.setattr(minilm, "URL", url)
            with pytest.raises(EmbeddingError, match=why):
                open_embedder("minilm")


def test_a_server_of_embeddings_gets_its_time_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embeddings, "RETRIES", 0)
    monkeypatch.setattr(embeddings, "SECONDS", 1.0)
    moved = b"HTTP/1.1 307 Go\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:1/\r\n\r\n"
    for answer, why in (
        (trickling(OK, b"X: y\r\n"), "no whole answer came within 1 s"),
        (sending(OK, b"Content-Length: 9900000000\r\n\r\n"), "more than 32 MB"),
        (sending(moved), "is redirected to"),
    ):
        with raw_server(answer) as url, pytest.raises(EmbeddingError, match=why):
            open_embedder("openai:tiny", api_key="k", base_url=f"{url}/v1").embed(["a"])


async def test_a_server_of_this_machine_that_sends_for_ever_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant import connection

    endless = trickling(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n")
    with raw_server(endless) as url, raw_server(sending(OK, b"Content-Length: 9900000000\r\n\r\n")) as large:
        monkeypatch.setattr(connection, "LOCAL_SERVERS", {"Slow": url, "Large": large})
        began = time.monotonic()
        assert await connection.local_servers() == ()
        assert time.monotonic() - began < 10
