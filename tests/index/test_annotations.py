"""Tags and notes: given, found, filtered by, kept through updates, removal and merging, and exported."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Library
from index.errors import LibraryError
from index.paper import Paper
from index.sources import read_text
from index.storage import schema

OWL = Paper(title="Owls at night", abstract="Owls hear mice under snow.", id="arxiv:2601.00001", published="2026-01-05")
EEL = Paper(title="Eels at sea", abstract="Eels cross the ocean.", id="arxiv:2601.00002", published="2026-02-05")
ANT = Paper(title="Ants in line", abstract="Ants follow trails.", id="arxiv:2601.00003")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "papers-home"


@pytest.fixture
def library(home: Path) -> Iterator[Library]:
    with Library.open() as opened:
        opened.add([OWL, EEL, ANT])
        yield opened


def test_tags_are_given_taken_and_counted_however_they_are_capitalised(library: Library) -> None:
    before = library.annotations.tag([OWL.id, EEL.id], add=["Night Life", "#todo, sea"])
    assert before == [OWL, EEL]
    library.annotations.tag([ANT.id], add=["TODO"])
    assert library.annotations.tag([ANT.id], add=["todo"]) == []
    assert library.annotations.tags() == {"Night Life": 2, "sea": 2, "todo": 3}
    assert library.get(ANT.id).tags == ("todo",)
    library.annotations.tag([OWL.id, ANT.id], remove=["Todo", "unknown"])
    assert library.get(OWL.id).tags == ("Night Life", "sea")
    assert library.get(ANT.id).tags == ()
    library.annotations.put_back(before)
    assert library.get(OWL.id) == OWL
    assert library.annotations.tags() == {}


@pytest.mark.parametrize("tag", ["", "  ", " , ;", "#"])
def test_a_tag_of_nothing_is_none(library: Library, tag: str) -> None:
    assert library.annotations.tag([OWL.id], add=[tag]) == []


def test_what_is_too_long_or_cannot_be_stored_is_refused(library: Library) -> None:
    with pytest.raises(LibraryError, match="a tag has 61 characters"):
        library.annotations.tag([OWL.id], add=["x" * 61])
    with pytest.raises(LibraryError, match="the note has 10,001 characters"):
        library.annotations.note([OWL.id], "n" * 10_001)
    with pytest.raises(LibraryError, match="surrogate"):
        library.annotations.note([OWL.id], "half \ud800")
    assert library.get(OWL.id) == OWL


def test_a_note_is_written_replaced_and_taken_away(library: Library) -> None:
    library.annotations.note([OWL.id], "  Ask Ada about the microphones.  ")
    assert library.get(OWL.id).note == "Ask Ada about the microphones."
    (before,) = library.annotations.note([OWL.id], "Read.")
    assert before.note == "Ask Ada about the microphones."
    library.annotations.note([OWL.id], " ")
    assert library.get(OWL.id) == OWL


def test_both_are_found_and_come_first_but_are_no_words_of_the_paper(library: Library) -> None:
    library.annotations.tag([EEL.id], add=["reading group"])
    library.annotations.note([ANT.id], "Compare with the owls of last year.")
    assert library.search("reading group")[0].paper.id == EEL.id
    assert [hit.paper.id for hit in library.search("owls")] == [ANT.id, OWL.id]
    assert [hit.paper.id for hit in library.search("owls", since="2026-01-01")] == [OWL.id]
    assert [hit.rank for hit in library.search("owls")] == [1, 2]
    assert library.look_up("reading group").unknown_words == ("reading", "group")
    assert [s.text for s in library.get(ANT.id).sentences] == ["Ants follow trails."]


def test_tags_filter_lists_and_searches_and_say_so(library: Library) -> None:
    library.annotations.tag([OWL.id, EEL.id], add=["Animals"])
    library.annotations.tag([EEL.id], add=["sea"])
    assert {p.id for p in library.papers(tags=["animals"])} == {OWL.id, EEL.id}
    assert [p.id for p in library.papers(tags=["animals", "sea"], since="2026-01-01")] == [EEL.id]
    assert library.papers(tags=["nobody's"]) == []
    found = library.look_up("owls eels ants", tags=["animals"])
    assert {hit.paper.id for hit in found.hits} == {OWL.id, EEL.id}
    assert found.notices[0] == "Only papers tagged “Animals”: 2 of 3."
    assert library.look_up("owls", tags=["nobody's"]).hits == ()


def test_both_outlast_updates_removal_with_undo_reindexing_and_another_opening(library: Library, home: Path) -> None:
    library.annotations.tag([OWL.id], add=["night"])
    library.annotations.note([OWL.id], "Mine.")
    library.add([OWL.with_(abstract="Owls hear mice and voles under snow.", upvotes=7)])
    library.reindex()
    gone = library.remove([OWL.id])
    assert library.annotations.tags() == {}
    library.add(gone)
    assert library.add([OWL.with_(abstract="Owls hear mice and voles under snow.")]).unchanged
    assert library.status(verify=True).agree
    with Library.open(home) as again:
        paper = again.get(OWL.id)
        assert (paper.tags, paper.note, paper.upvotes) == (("night",), "Mine.", 7)


def test_two_records_of_one_paper_become_one_with_the_tags_and_notes_of_both(library: Library) -> None:
    doi = Paper(
        title="Owls by night", abstract="Owls hear mice.", id="doi:10.5555/owl", tags=("Birds", "NIGHT"), note="B."
    )
    library.add([doi])
    library.annotations.tag([OWL.id], add=["night"])
    library.annotations.note([OWL.id], "A.")
    library.add([OWL.with_(ids=("arxiv:2601.00001", "doi:10.5555/owl"))])
    (paper,) = [p for p in library.papers() if OWL.id in p.ids]
    assert {tag.casefold() for tag in paper.tags} == {"birds", "night"}
    assert sorted((paper.note or "").split()) == ["A.", "B."]
    library.add([doi])
    assert library.get(OWL.id).note == paper.note


def test_a_library_of_the_version_before_gets_them(home: Path) -> None:
    home.mkdir()
    file = home / "record.sqlite3"
    with contextlib.closing(sqlite3.connect(file)) as record:
        schema.migrate(record, file, schema.STEPS[:2])
    with Library.open() as library:
        library.add([OWL])
        library.annotations.tag([OWL.id], add=["old"])
        assert library.get(OWL.id).tags == ("old",)


def test_the_hubs_summary_is_kept_as_the_hubs_and_never_an_abstract_or_a_tag() -> None:
    hub = {"id": "2604.00001", "title": "Tides", "summary": "Tides are slow.", "ai_summary": " Fast\n tides. ",
           "ai_keywords": ["tides"], "githubRepo": "https://x.example", "tags": ["hub"], "note": "hub"}  # fmt: skip
    (paper,) = read_text(json.dumps([{"paper": hub}])).papers
    assert (paper.abstract, paper.ai_summary) == ("Tides are slow.", "Fast tides.")
    assert (paper.tags, paper.note, paper.keywords) == ((), None, ("tides",))
    for odd in (7, ["x"], "x" * 3_000, None, ""):
        (paper,) = read_text(json.dumps([{"paper": hub | {"ai_summary": odd}}])).papers
        assert paper.ai_summary is None


def test_a_summary_is_not_searched(library: Library) -> None:
    library.add([OWL.with_(ai_summary="Zebras.")])
    assert library.get(OWL.id).ai_summary == "Zebras."
    assert library.look_up("zebras").unknown_words == ("zebras",)


@pytest.mark.parametrize("tags", [7, {"a": 1}, [1, None], "x" * 61, ["y" * 100], [["z"]]])
def test_odd_tags_and_notes_of_a_record_cost_nothing_else(tags: object) -> None:
    reading = read_text(json.dumps({"title": "Tides", "abstract": "They turn.", "tags": tags, "note": tags}))
    (paper,) = reading.papers
    assert paper.tags == ()
