"""The word index of a library: which folder it is in, and that it has what the record has.

A folder for each generation, `words-1`: one that lost something or cannot be read is made anew in the next, which the
record then points to. tantivy itself survives a kill, so that a sound one is written where it is.
"""

import contextlib
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any

from index.errors import LibraryError
from index.storage.generation import sums_of
from index.storage.record import Record
from index.storage.words import WordIndex

_META = "meta.json"  # tantivy's own; without it opening would make an empty index
_STATE = "words"  # the record's note of the generation in use: generation, change, sums


class KeptWords:
    """The word index of a library. Any thread may read; the holder of the writing lock alone calls `fill` and
    `rebuild`."""

    def __init__(self, record: Record, folder: Path) -> None:
        self._record = record
        self._folder = folder
        self._opening = threading.Lock()
        self._index: WordIndex | None = None
        self._seen: tuple[int, int] | None = None  # generation and change of what is open
        self._own_copy: tempfile.TemporaryDirectory[str] | None = None
        self.damaged = False

    def _path(self, generation: int) -> Path:
        return self._folder / f"words-{generation}"

    def index(self) -> WordIndex:
        """The word index as it is now. Of a damaged one the reader makes a copy of its own, anew of the record."""
        state = self._record.state(_STATE)
        now = (state["generation"], state["change"])
        with self._opening:
            if self._index is None or self._seen != now:
                if self._index is not None and self._seen and self._seen[0] == now[0] and not self.damaged:
                    self._index.reload()
                else:
                    self._let_go()
                    self._index = self._sound(state) or self._copy()
                self._seen = now
            return self._index

    def _sound(self, state: dict[str, Any]) -> WordIndex | None:
        """The index of a generation, opened; None where it is not what was written."""
        folder = self._path(state["generation"])
        if self._is_settled(state) and sums_of(folder, "*") != state["sums"] and self._is_settled(state):
            return None
        try:
            return WordIndex.open(folder) if (folder / _META).is_file() else None
        except ValueError:
            return None

    def _is_settled(self, state: dict[str, Any]) -> bool:
        """Whether nobody has written since: the files are those of the state."""
        return self._record.change() == state["change"] and self._record.state(_STATE) == state

    def _copy(self) -> WordIndex:
        self.damaged = True
        self._own_copy = tempfile.TemporaryDirectory(prefix="papers-words-", ignore_cleanup_errors=True)
        index = WordIndex.open(Path(self._own_copy.name))
        index.write(self._record.papers())
        return index

    def _let_go(self) -> None:
        self._index = None  # not closed: another thread may be searching in it
        if self._own_copy is not None:
            self._own_copy.cleanup()
            self._own_copy = None
        self.damaged = False

    def close(self) -> None:
        """Lets go of the files."""
        with self._opening:
            if self._index is not None:
                self._index.close()
            self._let_go()

    def is_there(self) -> bool:
        """Whether an index was ever made."""
        return bool(self._record.state(_STATE))

    # -- agreeing with the record

    def change(self) -> int:
        """The change of the record that the index has; -1 where there is none."""
        return int(self._record.state(_STATE).get("change", -1))

    def problems(self) -> list[str]:
        """In what the word index and the record disagree; a sentence each."""
        state = self._record.state(_STATE)
        if state["change"] < self._record.change():
            return ["The word index is behind the record."]
        index = self._sound(state)
        if index is None:
            return ["The word index is damaged."]
        with contextlib.closing(index):
            wrong = index.ids() ^ {paper_id for paper_id, _ in self._record.titles()}
        return [f"The word index and the record differ in {len(wrong)} papers."] if wrong else []

    # -- writing, for the holder of the lock

    def fill(self) -> None:
        """Writes what the index lacks; all of it, in a new generation, where it is damaged or has lost something."""
        state = self._record.state(_STATE)
        if state:
            change, after = self._record.change(), state["change"]
            index = self.index()
            try:
                if not self.damaged and change > after:
                    index.write(self._record.changed_papers(after), self._record.removed("paper", after))
                if not self.damaged and index.count() == self._record.count():
                    if change > after:
                        self._keep(state["generation"], change)
                    return
            except (ValueError, OSError):  # so it can be damaged where nobody looked
                pass
        self.rebuild()

    def rebuild(self) -> None:
        """Makes the index anew of the record, in a new generation. Raises LibraryError."""
        generation = self._record.state(_STATE).get("generation", 0) + 1
        shutil.rmtree(self._path(generation), ignore_errors=True)  # what a kill left half made
        try:
            with contextlib.closing(WordIndex.open(self._path(generation))) as index:
                index.write(self._record.papers())
        except ValueError as error:  # tantivy's only kind
            raise LibraryError(f"The word index could not be written: {error}") from error
        self._keep(generation, self._record.change())
        with self._opening:
            self._let_go()
        for path in self._folder.glob("words-*"):
            if path != self._path(generation):  # what someone has open (Windows) goes another time
                shutil.rmtree(path, ignore_errors=True)

    def _keep(self, generation: int, change: int) -> None:
        sums = sums_of(self._path(generation), "*")
        self._record.keep_state(_STATE, generation=generation, change=change, sums=sums)
