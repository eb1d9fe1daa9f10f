"""A Chroma server that is away, hangs, lost what it had, refuses or is none: the record answers, and a sentence says
so."""

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from invented import invented_paper, invented_papers
from raw_server import raw_server
from running_chroma import Proxy, free_port, proxy_to, running_chroma

from index import Library
from index.storage import server_index
from index.storage.chroma import requests
from index.storage.chroma.address import ChromaServer
from index.storage.chroma.requests import ChromaRequests

COUNT = 40
TOKEN = "ck-5f2d-secret"


def opened(folder: Path, server: ChromaServer | str) -> Library:
    """A library whose vectors are on a server."""
    server = ChromaServer(server) if isinstance(server, str) else server
    return Library.open(folder, "hashing", chroma=server)


def nearest(library: Library, number: int) -> str:
    """The paper nearest to one, by its id."""
    paper = invented_paper(number)
    return library.nearest(library.embedder.embed_question(f"{paper.title}\n{paper.abstract}"), 3)[0][0]


def assert_answers(library: Library, number: int) -> None:
    """The library finds a paper by meaning."""
    assert nearest(library, number) == invented_paper(number).id


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_index, "_LOOK_SECONDS", 0.0)


@pytest.fixture
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "ANSWER_SECONDS", 30.0)  # on a loaded machine


@pytest.mark.usefixtures("_patient")
def test_it_goes_comes_back_and_comes_back_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_index, "AGAIN_SECONDS", 0.0)
    port = free_port()
    with running_chroma(tmp_path / "server", port) as url, opened(tmp_path / "library", url) as library:
        library.add(invented_papers(COUNT))
        assert_answers(library, 3)
    with opened(tmp_path / "library", url) as library:
        assert_answers(library, 3)
        assert "cannot be reached" in library.server_notice
        library.add(invented_papers(10, start=100))  # goes on
        assert any("could not be written" in notice for notice in library.notices)
        assert_answers(library, 105)
        found = library.look_up("tokkenizzattionn")  # misspelt: searched by meaning, too
        assert found.hits
        assert any("cannot be reached" in notice for notice in found.notices)
        status = library.status(verify=True)
        assert status.agree is False
        assert status.server
        assert not status.server.reachable
        with running_chroma(tmp_path / "server", port):
            assert_answers(library, 105)
            assert not library.server_notice
            library.catch_up()
            status = library.status(verify=True)
            assert status.agree, status.notices
            assert status.server
            assert (status.server.vectors, status.server.lag) == (COUNT + 10, 0)
        with running_chroma(tmp_path / "empty", port):
            assert_answers(library, 3)
            assert "does not have" in library.server_notice
            assert library.status(verify=True).agree is False
            library.catch_up()
            assert_answers(library, 3)
            assert not library.server_notice
            assert library.status(verify=True).agree


def silent(connection: socket.socket) -> None:
    """Says nothing, until the other side goes."""
    connection.recv(1)


def trickling(connection: socket.socket) -> None:
    """Sends a head that never ends."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"x: y\r\n")
        time.sleep(0.3)


@pytest.mark.parametrize("hangs", [silent, trickling])
def test_one_that_hangs_is_waited_for_once(tmp_path: Path, hangs: Callable[[socket.socket], None]) -> None:
    with raw_server(hangs) as url, opened(tmp_path / "library", url) as library:
        began = time.monotonic()
        library.add(invented_papers(COUNT))
        assert any("did not answer within 2 s" in notice for notice in library.notices)
        waited = time.monotonic()
        library.add([invented_paper(100)])
        for number in (3, 4, 100):
            assert_answers(library, number)
        assert "did not answer" in library.server_notice
        assert time.monotonic() - waited < 2 or waited - began > 10  # a machine that slow tells nothing


def _page(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<html>\x1b[31m!!")


def _garbage(connection: socket.socket) -> None:
    connection.sendall(b"\x00\xff not http at all\r\n\r\n")


def _endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n")


def _moved(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 301 Moved\r\nLocation: http://a.example/\r\nContent-Length: 0\r\n\r\n")


def _deep(connection: socket.socket) -> None:
    body = b"[" * 100_000
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


@pytest.mark.parametrize("answer", [_page, _garbage, _endless, _moved, _deep])
def test_what_is_no_chroma_server_is_named(tmp_path: Path, answer: Callable[[socket.socket], None]) -> None:
    with raw_server(answer) as url, opened(tmp_path / "library", url) as library:
        library.add(invented_papers(5))
        said = " ".join(library.notices)
        assert url.removeprefix("http://") in said
        assert "\x1b" not in said
        assert "Traceback" not in said
        assert_answers(library, 3)
        server = library.status().server
        assert server
        assert not server.reachable


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_chroma(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture
def kept(tmp_path: Path, url: str, _patient: None) -> Iterator[tuple[Library, Proxy]]:
    """A library on a server behind a proxy."""
    with proxy_to(url) as proxy, opened(tmp_path / "library", proxy.url) as it:
        it.add(invented_papers(COUNT))
        yield it, proxy


def test_answers_that_are_not_chromas_are_not_believed(
    kept: tuple[Library, Proxy], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_index, "AGAIN_SECONDS", 0.0)
    library, proxy = kept
    for said in (
        b"{}", b"[]", b"null", b'"x"', b'{"ids":[["a"]],"distances":[[0]]}', b'{"ids":[["1"]],"distances":[[NaN]]}',
        b'{"ids":[["1","2"]],"distances":[[0]]}', b'{"ids":[[%s]],"distances":[[0]]}' % (b"9" * 5_000),
        b'{"ids":[["99999999999999999999999"]],"distances":[[0]]}', b'{"ids":null,"distances":null}',
        b'{"ids":[],"distances":[]}',
    ):  # fmt: skip
        proxy.answer = lambda request, said=said: (200, said) if request.endswith("/query") else None
        assert_answers(library, 3)
        assert library.server_notice, said
    proxy.answer = lambda request: None
    strangers = b'{"ids":[["4611","12345"]],"distances":[[0.0,0.1]]}'  # ids that the record does not have
    proxy.answer = lambda request: (200, strangers) if request.endswith("/query") else None
    assert library.nearest(np.eye(1, len(vector_of(library)), dtype=np.float32)[0], 3) == []


def vector_of(library: Library) -> np.ndarray:
    """Some vector."""
    return library.embedder.embed_question("attention")


@pytest.mark.parametrize(
    ("status", "error"),
    [(500, "InternalError"), (429, "RateLimitError"), (400, "QuotaError"), (413, "BatchSizeExceededError"), (503, "x")],
)
def test_its_errors_are_sentences(kept: tuple[Library, Proxy], status: int, error: str) -> None:
    library, proxy = kept
    said = b'{"error":"%s","message":"It has\\nits \\u001b[31mreasons."}' % error.encode()
    proxy.answer = lambda request: (status, said)
    assert_answers(library, 3)
    assert f"failed ({status}: It has its" in library.server_notice
    assert "\x1b" not in library.server_notice


def test_what_was_cut_off_between_two_requests_is_sent_again(
    kept: tuple[Library, Proxy], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_index, "AGAIN_SECONDS", 0.0)
    library, proxy = kept
    for ending in ("/upsert", "/delete", "PUT", "/count"):
        proxy.answer = lambda request, ending=ending: (500, b"{}") if ending in request else None
        library.add(invented_papers(10, start=library.count() * 10))
        library.remove([paper.id for paper in library.papers()[:5]])
    proxy.answer = lambda request: None
    library.catch_up()
    status = library.status(verify=True)
    assert status.agree, status.notices
    assert status.server
    assert status.server.lag == 0


def test_the_token_goes_out_in_its_header_and_nowhere_else(tmp_path: Path) -> None:
    identity = b'{"user_id":"u","tenant":"t-1","databases":["papers-db"]}'
    with proxy_to() as proxy:
        echoed = b'{"error":"InternalError","message":"bad token %s"}' % TOKEN.encode()
        proxy.answer = lambda request: (200, identity) if request.endswith("/auth/identity") else (500, echoed)
        server = ChromaServer(proxy.url, TOKEN)
        with opened(tmp_path / "library", server) as library:
            library.add(invented_papers(3))
            status = library.status(verify=True)
        told = f"{library.notices} {status} {library.server_notice} {server!r}"
        assert "bad token" in told
        assert TOKEN not in told
        assert {headers.get("x-chroma-token") for _, headers, _ in proxy.requests} == {TOKEN}
        assert all(TOKEN not in request for request, _, _ in proxy.requests)
        assert any("/tenants/t-1/databases/papers-db/" in request for request, _, _ in proxy.requests)
        proxy.answer = lambda request: (401, b'{"error":"AuthError","message":"no"}')
        with opened(tmp_path / "library", server) as library:
            library.repair()
            assert "check CHROMA_API_KEY" in " ".join(library.notices)
    for path in (tmp_path / "library").rglob("*"):
        assert not path.is_file() or TOKEN.encode() not in path.read_bytes()


def test_tenant_and_database_are_those_that_are_set() -> None:
    with proxy_to() as proxy:
        proxy.answer = lambda request: (200, b"[]")
        ChromaRequests(ChromaServer(proxy.url, "", "ours", "papers_2")).send("GET", "/collections")
        ChromaRequests(ChromaServer(proxy.url + "/behind/api/v2/")).send("GET", "/collections")
    assert [request for request, _, _ in proxy.requests] == [
        "GET /api/v2/tenants/ours/databases/papers_2/collections",
        "GET /behind/api/v2/tenants/default_tenant/databases/default_database/collections",
    ]
