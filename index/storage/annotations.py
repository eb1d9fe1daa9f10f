"""The tags and notes that people give to papers, as the record keeps them beside what sources say.

A library has one set of them: with several people it is shared, as the papers are. They are stored in the rows of
their papers, so that they outlast updates, and they change neither words nor vectors.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.annotations import note_in, tags_in
from index.errors import LibraryError
from index.paper import Paper
from index.safety.limits import LISTED, NOTE, TAG, refuse_longer

if TYPE_CHECKING:
    from index.storage.store import Store

_ANNOTATED = "SELECT id, tags, note FROM papers WHERE tags != '[]' OR note IS NOT NULL ORDER BY number"


@dataclass(frozen=True)
class Annotation:
    """What people have written about a paper: its tags, and a note."""

    tags: tuple[str, ...] = ()
    note: str | None = None


class Annotations:
    """The tags and notes of one library. Methods that write take the library's lock."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._kept: tuple[int, dict[str, Annotation]] = (-1, {})

    def all(self) -> Mapping[str, Annotation]:
        """What people have written, by the id of the paper; only papers of which they have."""
        change = self._store.record.change()
        if self._kept[0] != change:
            rows = self._store.record.connection().execute(_ANNOTATED).fetchall()
            self._kept = (change, {i: Annotation(tuple(json.loads(tags)), note) for i, tags, note in rows})
        return self._kept[1]

    def tags(self) -> dict[str, int]:
        """How many papers have each tag, by name; a tag is spelt as it was first written."""
        counts, spelt = Counter[str](), dict[str, str]()
        for annotation in self.all().values():
            for tag in annotation.tags:
                counts[spelt.setdefault(tag.casefold(), tag)] += 1
        return {tag: counts[tag] for tag in sorted(counts, key=str.casefold)}

    def having(self, tags: Iterable[str], among: Collection[str] | None = None) -> frozenset[str]:
        """The ids of the papers that have all of some tags, however they are capitalised; only `among` these ids, if
        given."""
        wanted = {tag.casefold() for tag in tags_in(tags)}
        having = {i for i, annotation in self.all().items() if wanted <= {tag.casefold() for tag in annotation.tags}}
        return frozenset(having if among is None else having.intersection(among))

    def tag(self, ids: Iterable[str], add: Iterable[str] = (), remove: Iterable[str] = ()) -> list[Paper]:
        """Adds tags to the papers with exactly these ids, and takes others from them. Returns the papers that this
        changed, as they were. Raises TooLarge, LibraryError."""
        gone = {tag.casefold() for tag in tags_in(remove)}
        known = {tag.casefold(): tag for tag in self.tags()}
        new = tuple(known.get(tag.casefold(), tag) for tag in tags_in(add))
        for tag in new:
            refuse_longer("a tag", tag, TAG)

        def tagged(paper: Paper) -> Annotation:
            tags = tags_in(tag for tag in (*paper.tags, *new) if tag.casefold() not in gone)
            refuse_longer("tags", tags, LISTED, "tags")
            return Annotation(tags, paper.note)

        return self._write(ids, tagged)

    def note(self, ids: Iterable[str], text: str | None) -> list[Paper]:
        """Puts a note to the papers with exactly these ids, in place of any other; None takes it away. Returns the
        papers that this changed, as they were. Raises TooLarge, LibraryError."""
        note = note_in(text)
        refuse_longer("the note", note or "", NOTE)
        if note is not None and not _can_be_stored(note):
            raise LibraryError("The note contains half a character (a lone surrogate), which cannot be stored.")
        return self._write(ids, lambda paper: Annotation(paper.tags, note))

    def put_back(self, papers: Iterable[Paper]) -> None:
        """Gives papers the tags and the note that they had; those that are gone stay so. Raises LibraryError."""
        before = {paper.id: Annotation(paper.tags, paper.note) for paper in papers}
        self._write(before, lambda paper: before[paper.id])

    def _write(self, ids: Iterable[str], annotated: Callable[[Paper], Annotation]) -> list[Paper]:
        changed: list[Paper] = []
        with self._store.writing():
            with self._store.record.transaction():
                for paper in self._store.record.papers_by_id(list(ids)).values():
                    now = annotated(paper)
                    if (now.tags, now.note) != (paper.tags, paper.note):
                        values = (json.dumps(now.tags, ensure_ascii=False), now.note, paper.id)
                        self._store.record.connection().execute(
                            "UPDATE papers SET tags = ?, note = ? WHERE id = ?", values
                        )
                        changed.append(paper)
            self._store.words.fill()  # which lacks nothing: it only learns of the change
        return changed


def _can_be_stored(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
