"""The vectors of a library on a Chroma server: a real one, which holds what the record says and answers as it would."""

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from invented import invented_paper, invented_papers
from other_process import run
from running_chroma import Proxy, proxy_to, running_chroma

from index import Library
from index.storage import server_index
from index.storage.chroma import requests
from index.storage.chroma.address import ChromaServer
from index.storage.chroma.requests import ChromaRequests

COUNT = 60


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_chroma(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture
def home(tmp_path: Path, url: str) -> Path:
    folder = tmp_path / "library"
    with opened(folder, url) as library:
        library.add(invented_papers(COUNT))
    return folder


@pytest.fixture
def proxy(url: str) -> Iterator[Proxy]:
    with proxy_to(url) as between:
        yield between


@pytest.fixture(autouse=True)
def _looks_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_index, "_LOOK_SECONDS", 0.0)
    monkeypatch.setattr(requests, "ANSWER_SECONDS", 30.0)  # on a loaded machine


def opened(folder: Path, url: str, **how: object) -> Library:
    """A library whose vectors are on a server."""
    return Library.open(folder, "hashing", chroma=ChromaServer(url), **how)  # type: ignore[arg-type]


def vector_of(library: Library, number: int) -> np.ndarray:
    """A vector that is nearest to a paper."""
    paper = invented_paper(number)
    return library.embedder.embed_question(f"{paper.title}\n{paper.abstract}")


def nearest(library: Library, number: int) -> str:
    """The paper nearest to one, by its id."""
    return library.nearest(vector_of(library, number), 3)[0][0]


def collections(url: str) -> list[str]:
    """The names of all collections of a server."""
    told = ChromaRequests(ChromaServer(url)).send("GET", "/collections?limit=1000")
    return sorted(each["name"] for each in told)


def collection_of(library: Library) -> str:
    """The name of a library's collection."""
    server = library.status().server
    assert server
    assert server.collection
    return server.collection


def assert_agrees(library: Library) -> None:
    status = library.status(verify=True)
    assert status.agree, status.notices


# -- adding and finding


def test_it_ranks_as_the_record_does(home: Path, url: str) -> None:
    with opened(home, url) as library, Library.open(home, "hashing", exact=True) as scan:
        for number in range(0, COUNT, 7):
            vector = vector_of(library, number)
            near, exact = library.nearest(vector, 20), scan.nearest(vector, 20)
            assert [n[0] for n in near][:5] == [n[0] for n in exact][:5]
            assert np.allclose([n[3] for n in near], [n[3] for n in exact], atol=1e-5)
        assert_agrees(library)
        assert not library.server_notice
    assert not list(home.glob("chroma-*"))


def test_what_is_added_edited_and_removed_is_known_at_once_and_sent_later(home: Path, url: str) -> None:
    with opened(home, url) as library:
        library.add([invented_paper(100)])
        library.add([invented_paper(7, abstract="It was edited. Nothing of the old text is left.")])
        library.remove([invented_paper(8).id])
        assert nearest(library, 100) == invented_paper(100).id
        assert invented_paper(8).id not in {i for i, *_ in library.nearest(vector_of(library, 8), 300)}
        edited = library.embedder.embed_question("It was edited. Nothing of the old text is left.")
        assert library.nearest(edited, 1)[0][0] == invented_paper(7).id
        server = library.status().server
        assert server
        assert server.lag == 4
        assert_agrees(library)
        library.catch_up()
        server = library.status().server
        assert server
        assert (server.lag, server.vectors, server.reachable) == (0, COUNT, True)
        assert_agrees(library)
        assert nearest(library, 100) == invented_paper(100).id


def test_papers_of_a_date_window_are_not_asked_of_the_server(home: Path, proxy: Proxy) -> None:
    with opened(home, proxy.url) as library:
        library.nearest(vector_of(library, 3), 10, library.of_days(20230101, 20251231))
        library.nearest(vector_of(library, 3), 10, [invented_paper(3).id])
    assert not proxy.asked("/query")


def test_no_request_has_more_records_or_results_than_the_cloud_takes(tmp_path: Path, proxy: Proxy) -> None:
    with opened(tmp_path / "large", proxy.url) as library:
        library.add(invented_papers(310))
        assert len(library.nearest(vector_of(library, 3), 600)) == 300
        library.remove([invented_paper(n).id for n in range(305)])
        assert_agrees(library)
    sent = [json.loads(body) for body in proxy.asked("/upsert")]
    assert sum(len(batch["ids"]) for batch in sent) == 310
    assert max(len(batch["ids"]) for batch in sent) == 300
    assert max(len(json.loads(body)["ids"]) for body in proxy.asked("/delete")) == 300
    assert max(json.loads(body)["n_results"] for body in proxy.asked("/query")) == 300


# -- one collection a library and generation


def test_reindexing_fills_another_collection_and_deletes_the_old_one(home: Path, url: str) -> None:
    with opened(home, url) as library:
        before = collection_of(library)
        library.reindex()
        after = collection_of(library)
        assert before != after
        assert before not in collections(url)
        assert after in collections(url)
        assert_agrees(library)


def test_two_libraries_on_one_server_know_nothing_of_each_other(home: Path, tmp_path: Path, url: str) -> None:
    with opened(home, url) as library, opened(tmp_path / "other", url) as other:
        other.add(invented_papers(30, start=500))
        other.reindex()
        for each, numbers in ((library, range(COUNT)), (other, range(500, 530))):
            found = {i for i, *_ in each.nearest(vector_of(each, 510), 300)}
            assert found <= {invented_paper(n).id for n in numbers}
            assert_agrees(each)


def test_a_copy_of_a_library_gets_a_collection_of_its_own(home: Path, tmp_path: Path, url: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    with opened(home, url) as library, opened(copy, url) as copied:
        library.add(invented_papers(20, start=200))
        copied.add(invented_papers(20, start=300))
        assert collection_of(library) != collection_of(copied)
        for each, other, number in ((library, copied, 205), (copied, library, 305)):
            assert nearest(each, number) == invented_paper(number).id != nearest(other, number)
            each.repair()
            assert_agrees(each)
        assert collection_of(library) in collections(url)
        assert nearest(library, 205) == invented_paper(205).id


def test_two_processes_write_to_one_library(home: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERS_CHROMA_URL", url)
    with opened(home, url) as library:
        here = threading.Thread(target=library.add, args=(invented_papers(40, start=400),))
        here.start()
        run("with Library.open() as library: library.add(invented_papers(40, start=300))", home)
        here.join()
        library.catch_up()
        assert library.count() == COUNT + 80
        assert nearest(library, 310) == invented_paper(310).id
        assert_agrees(library)


# -- kills

_KILLED = """
from index.storage import server_index
from index.storage.chroma import requests, server
import os
requests.ANSWER_SECONDS = 30.0
server_index._BATCH, server.AT_ONCE = 20, 8
at, left = {at!r}, [{calls}]
original = getattr(server.ServerCollection, at)
def dies(self, *args, **how):
    left[0] -= 1
    if left[0] < 0 and not {after}: os._exit(9)
    original(self, *args, **how)
    if left[0] < 0: os._exit(9)
setattr(server.ServerCollection, at, dies)
with Library.open() as library:
    {does}
"""


@pytest.mark.parametrize(("at", "calls"), [("_ask", 1), ("_ask", 4), ("describe", 0), ("describe", 1)])
@pytest.mark.parametrize("does", ["library.add(invented_papers(50, start=300))", "library.reindex()"])
def test_a_kill_in_the_midst_of_a_batch_costs_nothing(
    home: Path, url: str, monkeypatch: pytest.MonkeyPatch, at: str, calls: int, does: str
) -> None:
    monkeypatch.setenv("PAPERS_CHROMA_URL", url)
    run(_KILLED.format(at=at, calls=calls, does=does, after=False), home, exit_code=9)
    with opened(home, url) as library:
        assert nearest(library, 7) == invented_paper(7).id
        library.repair()
        assert_agrees(library)
        server = library.status().server
        assert server
        assert (server.vectors, server.lag) == (library.count(), 0)
        assert nearest(library, 7) == invented_paper(7).id


def test_two_kills_after_each_other_do_not_make_it_a_stranger(
    home: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERS_CHROMA_URL", url)
    adds = "library.add(invented_papers(50, start=300))"
    run(_KILLED.format(at="describe", calls=0, does=adds, after=True), home, exit_code=9)
    run(_KILLED.format(at="describe", calls=0, does="library.catch_up()", after=False), home, exit_code=9)
    with opened(home, url) as library:
        before = collection_of(library)
        library.catch_up()
        assert collection_of(library) == before
        assert_agrees(library)


def test_another_spelling_of_the_address_is_the_same_server(home: Path, url: str) -> None:
    with opened(home, url) as library:
        before = collection_of(library)
    with opened(home, url.replace("127.0.0.1", "localhost")) as library:
        assert nearest(library, 3) == invented_paper(3).id
        library.add(invented_papers(20, start=200))
        assert collection_of(library) == before
        assert_agrees(library)
