"""Saved topics: written, replaced, removed and put back, kept in the record and in its backup."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Library
from index.backup import back_up, restore
from index.errors import LibraryError
from index.paper import Paper
from index.topics import Topic, UnknownTopic, topic_of

OWL = Paper(title="Owls at night", abstract="Owls hear mice under snow.", id="arxiv:2601.00001")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "home", "hashing", offline=True, exact=True) as opened:
        opened.add([OWL])
        yield opened


def test_topics_are_kept_in_the_order_in_which_they_were_added(library: Library) -> None:
    library.topics.add("night birds", "owls at night", "#reading")
    library.topics.add("  Efficient   attention ")
    library.topics.add("only mine", tag="mine")
    assert library.topics.all() == [
        Topic("night birds", "owls at night", "reading"),
        Topic("Efficient attention", "Efficient attention"),
        Topic("only mine", "", "mine"),
    ]
    with Library.open(library.path, exact=True) as again:
        assert again.topics.all() == library.topics.all()
        assert again.topics.get("EFFICIENT  attention").name == "Efficient attention"


def test_one_of_the_same_name_is_replaced_in_its_place(library: Library) -> None:
    library.topics.add("Owls")
    library.topics.add("Eels")
    topic, before = library.topics.add("owls", "owls and mice")
    assert before == Topic("Owls", "Owls")
    assert [t.name for t in library.topics.all()] == ["owls", "Eels"]
    assert topic.query == "owls and mice"


def test_one_that_was_removed_comes_back_to_its_place(library: Library) -> None:
    for name in ("Owls", "Eels", "Ants"):
        library.topics.add(name)
    removed, at = library.topics.remove("eels")
    assert [t.name for t in library.topics.all()] == ["Owls", "Ants"]
    library.topics.put_back(removed, at)
    assert [t.name for t in library.topics.all()] == ["Owls", "Eels", "Ants"]
    library.topics.put_back(removed, at)
    assert len(library.topics.all()) == 3


def test_an_unknown_name_lists_those_that_there_are(library: Library) -> None:
    with pytest.raises(UnknownTopic, match="There are none yet"):
        library.topics.remove("owls")
    library.topics.add("Eels")
    with pytest.raises(UnknownTopic, match="“Eels”"):
        library.topics.get("owls")


@pytest.mark.parametrize(
    ("name", "query", "tag", "why"),
    [
        ("", "owls", None, "needs a name"),
        (" \u200b ", "owls", None, "needs a name"),
        ("ALL", None, None, "stands for all"),
        ("n" * 101, "owls", None, "101 characters"),
        ("owls", "q" * 5_001, None, "5,001 characters"),
        ("owls", None, "t" * 61, "61 characters"),
        ("owls", None, "a, b", "one tag"),
        ("!!!", None, None, "no word"),
    ],
)
def test_what_is_no_topic_is_refused_with_the_reason(name: str, query: str, tag: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        topic_of(name, query, tag)


def test_there_is_a_most(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.storage.topics.TOPICS", 2)
    library.topics.add("Owls")
    library.topics.add("Eels")
    with pytest.raises(LibraryError, match="2 topics"):
        library.topics.add("Ants")
    library.topics.add("owls", "barn owls")


def test_they_are_in_a_backup_and_outlast_other_changes(library: Library, tmp_path: Path) -> None:
    library.topics.add("Owls")
    library.add([OWL.with_(id="arxiv:2601.00002", title="Eels", abstract="Eels cross the ocean.")])
    library.remove([OWL.id])
    back_up(library.path, tmp_path / "kept.zip")
    restore(tmp_path / "kept.zip", tmp_path / "elsewhere")
    with Library.open(tmp_path / "elsewhere", exact=True, offline=True) as restored:
        assert [t.name for t in restored.topics.all()] == ["Owls"]
        assert restored.count() == 1
    assert library.status(verify=True).agree
