"""A library's word index, in step with its record.

tantivy survives a kill, so an intact index is updated in place; one that is incomplete, unreadable or of another form
is made again as the next generation.
"""

import contextlib
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from index.english import count_of
from index.errors import LibraryError
from index.paper import Paper
from index.safety.read_only import lent
from index.safety.system_errors import sentence
from index.storage.generation import Generations
from index.storage.record import Record
from index.storage.words import WordIndex

_FORM = 3  # of the index: one of another form is made again
_META = "meta.json"  # tantivy's own file; opening a folder without it would create an empty index
_FEW = 32  # papers that are written again with each new one, so that there are not soon many segments to be merged
_TOLD = 10_000  # papers between one word of progress and the next


class LibraryWords:
    """The word index of a library. Any thread may read; the holder of the writing lock alone calls `fill` and
    `rebuild`. `tell` is told when the index is made again, and how far that is."""

    def __init__(self, record: Record, folder: Path, *, read_only: bool, tell: Callable[[str], None]) -> None:
        self._record = record
        self._read_only = read_only
        self._tell = tell
        self._generations = Generations(record, folder, "words", "*")
        self._opening = threading.Lock()
        self._index: WordIndex | None = None
        self._seen: tuple[int, int] | None = None  # generation and change of what is open
        self._own_copy: tempfile.TemporaryDirectory[str] | None = None
        self.damaged = False

    def index(self) -> WordIndex:
        """The word index as it is now. If it is damaged, the reader builds a temporary one of its own from the
        record."""
        state = self._generations.state()
        now = (state.get("generation", 0), state.get("change", -1))
        with self._opening:
            if self._index is None or self._seen != now:
                same = self._seen is not None and self._seen[0] == now[0] and not self._read_only
                if self._index is not None and same and not self.damaged:
                    self._index.reload()
                else:
                    self._let_go()
                    self._index = self._sound(state) or self._copy()
                self._seen = now
            return self._index

    def _sound(self, state: dict[str, Any]) -> WordIndex | None:
        """The index of a generation, opened; None if its files are not as they were written."""
        if state.get("form") != _FORM or (self._read_only and state["change"] != self._record.change()):
            return None  # there is none yet, or nobody may bring it up to date
        folder = self._generations.path(state["generation"])
        if self._is_settled(state) and not self._generations.is_untouched(state) and self._is_settled(state):
            return None
        try:
            if not (folder / _META).is_file():
                return None
            return WordIndex.open(lent(folder) if self._read_only else folder)
        except (ValueError, OSError):
            return None

    def _is_settled(self, state: dict[str, Any]) -> bool:
        """Whether nobody has written since, so that the files should match the state."""
        return self._record.change() == state["change"] and self._generations.state() == state

    def _copy(self) -> WordIndex:
        self.damaged = True
        self._own_copy = tempfile.TemporaryDirectory(prefix="papers-words-", ignore_cleanup_errors=True)
        index = WordIndex.open(Path(self._own_copy.name))
        index.write(self._record.each_paper())
        return index

    def _let_go(self) -> None:
        self._index = None  # not closed: another thread may still be searching it
        if self._own_copy is not None:
            self._own_copy.cleanup()
            self._own_copy = None
        self.damaged = False

    def close(self) -> None:
        """Closes the files."""
        with self._opening:
            if self._index is not None:
                self._index.close()
            self._let_go()

    # -- agreeing with the record

    def change(self) -> int:
        """The last change of the record that the index includes; -1 if there is no index of the present form."""
        return self._generations.change() if self._generations.state().get("form") == _FORM else -1

    def problems(self) -> list[str]:
        """Where the word index and the record disagree, one sentence each."""
        state = self._generations.state()
        if not state or state["change"] < self._record.change():
            return ["The word index is behind the record."]
        index = self._sound(state) if self._generations.is_as_written(state) else None
        if index is None:
            return ["The word index is damaged."]
        with contextlib.closing(index):
            wrong = index.ids() ^ {paper_id for paper_id, _ in self._record.titles()}
        return [f"The word index and the record differ in {len(wrong)} papers."] if wrong else []

    # -- writing, for the holder of the lock

    def fill(self) -> None:
        """Writes what the index lacks, or rebuilds it as a new generation if it is damaged or incomplete."""
        state = self._generations.state()
        if state.get("form") == _FORM:
            change, after = self._record.change(), state["change"]
            index = self.index()
            try:
                few = self._write(index, state) if not self.damaged and change > after else state["few"]
                if not self.damaged and index.count() == self._record.count():
                    if change > after:
                        self._generations.use(state["generation"], change, form=_FORM, few=few)
                    return
            except (ValueError, OSError):  # damage can go unnoticed until it is written to
                pass
        self.rebuild()

    def _write(self, index: WordIndex, state: dict[str, Any]) -> int:
        """Writes what an index lacks. Returns the change after which few papers have been written: the next ones take
        them along."""
        after, few = state["change"], state["few"]
        new, removed = self._record.changed_papers(after), self._record.removed("paper", after)
        if len(papers := self._record.changed_papers(few)) > _FEW:
            papers, few = new, after
        if new or removed:
            index.write(papers, removed)
        return int(few)

    def rebuild(self) -> None:
        """Rebuilds the index from the record as a new generation. Raises LibraryError."""
        generation, change = self._generations.following(), self._record.change()
        try:
            with contextlib.closing(WordIndex.open(self._generations.path(generation))) as index:
                index.write(self._told(self._record.each_paper()))
        except ValueError as error:  # the only kind tantivy raises
            raise LibraryError(sentence(error, "written", self._generations.path(generation))) from error
        self._generations.use(generation, change, form=_FORM, few=change)
        with self._opening:
            self._let_go()
        self._generations.clean({generation})

    def _told(self, papers: Iterable[Paper]) -> Iterator[Paper]:
        """All papers one by one, while it is told how many of them have gone by."""
        count = self._record.count()
        for number, paper in enumerate(papers):
            if number % _TOLD == 0:
                how_far = f"{number:,} of {count:,} papers" if number else count_of(count, "paper")
                self._tell(f"Making the word index again: {how_far} ...")
            yield paper
