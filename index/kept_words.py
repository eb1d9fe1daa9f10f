"""The word index of a library: which folder it is in, and that it has what the record has.

A folder for each generation, `words-1`: one that lost something or cannot be read is made anew in the next, which the
record then points to. tantivy itself survives a kill, so that a sound one is written where it is.
"""

import shutil
import tempfile
import threading
from pathlib import Path

from index.records import Record
from index.words import WordIndex

_STATE = "words"  # the record's note of the generation in use: generation, change


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
            if self._index is None or self._seen is None or self._seen[0] != now[0]:
                self._let_go()
                self._index = self._sound(now[0]) or self._copy()
            elif self._seen != now:
                if self._own_copy:
                    self._let_go()
                    self._index = self._copy()
                else:
                    self._index.reload()
            self._seen = now
            return self._index

    def _sound(self, generation: int) -> WordIndex | None:
        """The index of a generation; None where it is not there, cannot be read, or has lost papers."""
        folder = self._path(generation)
        if not (folder / "meta.json").is_file():
            return None
        try:
            index = WordIndex.open(folder)
        except ValueError:
            return None
        change, papers = self._record.change(), self._record.count()
        has_all = self._record.state(_STATE)["change"] == change
        if has_all and index.count() != papers and self._record.change() == change:
            index.close()
            return None
        return index

    def _copy(self) -> WordIndex:
        self.damaged = True
        self._own_copy = tempfile.TemporaryDirectory(prefix="papers-words-", ignore_cleanup_errors=True)
        index = WordIndex.open(Path(self._own_copy.name))
        index.write(self._record.papers())
        return index

    def _let_go(self) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None
        if self._own_copy is not None:
            self._own_copy.cleanup()
            self._own_copy = None
        self.damaged = False

    def close(self) -> None:
        """Lets go of the files."""
        with self._opening:
            self._let_go()

    # -- writing, for the holder of the lock

    def fill(self) -> None:
        """Writes what the index lacks; all of it, in a new generation, where it is damaged or has lost something."""
        state = self._record.state(_STATE)
        if state:
            change = self._record.change()
            index = self.index()
            try:
                if not self.damaged:
                    if state["change"] < change:
                        after = state["change"]
                        index.write(self._record.changed_papers(after), self._record.removed("paper", after))
                    if index.count() == self._record.count():
                        if state["change"] < change:
                            self._record.keep_state(_STATE, generation=state["generation"], change=change)
                        return
            except (ValueError, OSError):
                pass
        self.rebuild()

    def rebuild(self) -> None:
        """Makes the index anew of the record, in a new generation."""
        old = self._record.state(_STATE).get("generation", 0)
        generation, change = old + 1, self._record.change()
        shutil.rmtree(self._path(generation), ignore_errors=True)  # what a kill left half made
        index = WordIndex.open(self._path(generation))
        index.write(self._record.papers())
        index.close()
        self._record.keep_state(_STATE, generation=generation, change=change)
        with self._opening:
            self._let_go()
        for path in self._folder.glob("words-*"):
            if path != self._path(generation):  # what someone has open (Windows) goes another time
                shutil.rmtree(path, ignore_errors=True)
