"""Adding costs what is added: Chroma is left behind and brought up to date later, and nothing is missed meanwhile."""

import shutil
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from invented import invented_paper, invented_papers

from index import Library
from index.embedding.hashing import Hashing
from index.storage import store
from index.storage.chroma import folder
from index.storage.generation import Generations


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    with Library.open(folder, "hashing") as library:
        library.add(invented_papers(80))
    return folder


def chroma_of(library: Library) -> dict[str, int]:
    """The files of Chroma, with the time of their last change."""
    return {str(file): file.stat().st_mtime_ns for file in library.path.glob("chroma-*/*/*")}


def found(library: Library, number: int) -> bool:
    """Whether a paper is found by words and by meaning."""
    paper = invented_paper(number)
    near = library.nearest(library.embedder.embed_question(f"{paper.title}\n{paper.abstract}"), 5)
    return paper.id in {i for i, *_ in near} and library.search(paper.title, k=1)[0].paper == paper


def test_one_paper_copies_nothing_and_is_found_at_once(home: Path) -> None:
    with Library.open(home, "hashing") as library:
        assert found(library, 3)
        before = chroma_of(library)
        for number in (100, 101, 102):
            library.add([invented_paper(number)])
            assert found(library, number)
        library.remove([invented_paper(101).id])
        vector = library.embedder.embed_question(invented_paper(101).abstract)
        assert invented_paper(101).id not in {i for i, *_ in library.nearest(vector, 300)}
        assert chroma_of(library) == before
        status = library.status(verify=True)
        assert status.agree, status.notices
    with Library.open(home, "hashing") as library:
        assert all(found(library, number) for number in (3, 100, 102))


def test_chroma_catches_up_when_much_is_missing_and_one_generation_stays(home: Path) -> None:
    with Library.open(home, "hashing") as library:
        library.catch_up()
        before = chroma_of(library)
        for number in range(100, 110):
            library.add([invented_paper(number)])
        assert chroma_of(library) == before
        assert found(library, 105)
        library.catch_up()
        assert chroma_of(library).keys().isdisjoint(before)
        assert len(list(home.glob("chroma-*"))) == 1
        assert all(found(library, number) for number in (3, 105))
        status = library.status(verify=True)
        assert status.agree, status.notices


@pytest.mark.parametrize("can_start", [True, False])
def test_much_is_put_into_chroma_by_another_process(
    home: Path, monkeypatch: pytest.MonkeyPatch, can_start: bool
) -> None:
    monkeypatch.setattr(store, "_FEW_CHUNKS", 10)
    if not can_start:
        monkeypatch.setattr(sys, "executable", "/there/is/no/python")
    with Library.open(home, "hashing", exact=True) as library:
        before = chroma_of(library)
        library.add(invented_papers(40, start=200))
        assert chroma_of(library).keys().isdisjoint(before)
        assert not library.notices
    with Library.open(home, "hashing") as library:
        assert all(found(library, number) for number in (3, 200, 239))
        assert library.status(verify=True).agree


def test_words_are_found_while_vectors_are_made_and_an_interruption_is_taken_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Hashing, "papers_at_once", 10)
    told: list[str] = []
    heard: list[tuple[int, int]] = []
    embed = Hashing.embed

    def interrupted(self: Hashing, texts: Sequence[str]) -> np.ndarray:
        if heard and heard[-1][0] > 50:
            raise KeyboardInterrupt
        return embed(self, texts)

    with Library.open(tmp_path, "hashing", say=told.append) as library:
        with monkeypatch.context() as patched:
            patched.setattr(Hashing, "embed", interrupted)
            with pytest.raises(KeyboardInterrupt):
                library.add(invented_papers(120), progress=lambda stored, total: heard.append((stored, total)))
        assert [stored for stored, _ in heard] == sorted(stored for stored, _ in heard)
        assert heard[0] == (0, 120)  # none is whole before its vectors are made
        assert told == ["The papers are stored, and found by their words. Making their vectors ..."]
        assert all(library.search(invented_paper(n).title, k=1)[0].paper == invented_paper(n) for n in (0, 60, 119))
        assert not library.status(verify=True).agree
    with Library.open(tmp_path, "hashing") as library:
        library.add([invented_paper(500)])  # does not wait for the many
        assert not library.status(verify=True).agree
        assert library.add(invented_papers(120)).new == ()
        assert all(found(library, n) for n in (0, 60, 119, 500))
        status = library.status(verify=True)
        assert status.agree, status.notices


def test_waiting_papers_get_their_vectors_in_the_background(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with Library.open(tmp_path, "hashing") as library:
        with monkeypatch.context() as patched:
            patched.setattr(Hashing, "papers_at_once", 10)
            patched.setattr(store.Store, "embed_waiting", interrupted)
            with pytest.raises(KeyboardInterrupt):
                library.add(invented_papers(30))
        assert not library.status(verify=True).agree
        library.catch_up()
        status = library.status(verify=True)
        assert status.agree, status.notices
        assert all(found(library, n) for n in (0, 29))


def test_a_copied_library_is_read_through_once(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(home, tmp_path / "copy", copy_function=shutil.copy)
    with Library.open(tmp_path / "copy", "hashing", exact=True) as library:
        library.add([invented_paper(300)])
        read: list[int] = []
        monkeypatch.setattr(Generations, "is_as_written", lambda *_: read.append(1) or True)
        library.add([invented_paper(301)])
        assert read == []
        assert found(library, 300)
        assert found(library, 301)


def test_single_papers_do_not_become_segments_of_their_own(home: Path) -> None:
    with Library.open(home, "hashing") as library:
        for number in range(100, 120):
            library.add([invented_paper(number)])
        assert library.words._searcher.num_segments <= 3
        assert all(found(library, number) for number in (100, 119))


def test_status_says_what_is_on_disk(home: Path) -> None:
    with Library.open(home, "hashing") as library:
        assert sum(f.stat().st_size for f in home.glob("chroma-*/**/*")) < library.status().disk < 20_000_000


def test_a_large_folder_is_saved_several_times_and_whole(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "_UNSAVED", 50)  # chunks, of which a paper has one or two
    monkeypatch.setattr(folder, "_AT_ONCE", 7)
    with Library.open(home, "hashing") as library:
        library.reindex(None)
        assert library.status(verify=True).agree
        before = chroma_of(library)
        assert before
        library.add([invented_paper(number) for number in range(100, 180)])
        library.remove([invented_paper(number).id for number in range(20)])
        library.catch_up()
        assert library.status(verify=True).agree
        assert all(found(library, number) for number in (20, 79, 100, 179))
        assert chroma_of(library) != before


def test_who_brings_chroma_up_to_date_is_let_finish(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two at once would clean up after each other, each the folder that the other is writing."""
    written, go_on, by = threading.Event(), threading.Event(), []

    def slowly(*args: Any, **how: Any) -> None:
        by.append(threading.current_thread())
        folder.write_folder(*args, **how)
        written.set()
        go_on.wait(30)

    monkeypatch.setattr("index.storage.folder_index.write_folder", slowly)
    with Library.open(home, "hashing") as one, Library.open(home, "hashing") as other:
        adding = threading.Thread(target=one.add, args=([invented_paper(number) for number in range(100, 140)],))
        adding.start()
        assert written.wait(30)
        other.add([invented_paper(number) for number in range(200, 240)])
        assert by == [adding]
        go_on.set()
        adding.join(30)
        assert one.notices == other.notices == ()
        assert one.status(verify=True).agree
        assert all(found(other, number) for number in (3, 100, 239))
