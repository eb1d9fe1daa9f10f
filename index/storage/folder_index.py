"""The vectors of a library in Chroma folders, one per generation, built from the record.

The folder that the record points to is never written again: a writer copies it, adds what is missing, and points the
record to the copy. So a kill never damages the folder in use, and no reader sees files that are being written. A copy
costs what is there, so Chroma is left behind until that is worth it.
"""

import contextlib
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.storage.chroma.collection import ChromaError
from index.storage.chroma.folder import CHROMA_FILE, ChromaFolder, write_folder
from index.storage.generation import Generations
from index.storage.held import HeldVectors
from index.storage.lock import alone
from index.storage.record import Record
from index.storage.soundness import chroma_file_holds, vector_files_hold
from index.storage.vector_index import SHARE, Covered, Lock, disagreements, finds_all_parts, lag_of, pages

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class _Opened:
    generation: int
    chroma: ChromaFolder
    covered: Covered


class FolderIndex:
    """The vectors of a library in a Chroma folder: a VectorIndex."""

    windows = True
    apart = True  # Chroma would hold the interpreter for seconds at a time

    def __init__(self, record: Record, folder: Path) -> None:
        self._record = record
        # only Chroma's HNSW files have checksums: its SQLite file changes a little whenever it is opened
        self._generations = Generations(record, folder, "chroma", "*/*")
        self._filling = folder / "filling.lock"  # who brings Chroma up to date holds it, for as long as that takes
        self._chroma = threading.Lock()
        self._opened: _Opened | None = None
        self._unusable: int | None = None  # a generation that has failed

    # -- searching

    def nearest(self, model: str, vector: "np.ndarray", n: int) -> list[tuple[int, float]] | None:
        """The nearest chunks in no order; None if Chroma cannot answer."""
        with self._chroma:
            opened = self._current(model)
            if opened is None:
                return None
            try:
                return opened.covered.nearest(self._record, vector, n)
            except ChromaError:
                self._unusable = opened.generation
                self._let_go()
                return None

    def _current(self, model: str) -> _Opened | None:
        """The generation that the record points to, opened; one that was replaced is closed."""
        state = self._generations.state()
        if not state or not state["count"] or state["model"] != model or state["generation"] == self._unusable:
            return None
        if self._opened is None or self._opened.generation != state["generation"]:
            self._let_go()
            try:
                self._opened = self._open(state)
            except ChromaError:
                if self._generations.state()["generation"] != state["generation"]:  # replaced while it was opened
                    return self._current(model)
                self._unusable = state["generation"]
                return None
        return self._opened

    def _open(self, state: dict[str, Any]) -> _Opened:
        """Opens a generation. Raises ChromaError if it is not as it was written."""
        folder = self._generations.path(state["generation"])
        if not self._generations.is_as_written(state) or not vector_files_hold(folder, state["count"]):
            raise ChromaError(f"{folder} is damaged.")
        chroma = ChromaFolder(folder)
        try:
            if chroma.count() != state["count"]:
                raise ChromaError(f"{folder} is incomplete.")
        except ChromaError:
            chroma.close()
            raise
        dimension = self._record.dimension(state["model"])
        newer = HeldVectors(self._record, state["model"], dimension, after=state["change"])
        return _Opened(state["generation"], chroma, Covered(chroma, state["change"], newer))

    def _let_go(self) -> None:
        if self._opened is not None:
            self._opened.chroma.close()
            self._opened = None

    def close(self) -> None:
        """Closes Chroma's files."""
        with self._chroma:
            self._let_go()

    # -- agreeing with the record

    def change(self) -> int:
        """The last change of the record that Chroma includes; -1 if there is no Chroma folder."""
        return self._generations.change()

    @property
    def notice(self) -> str:
        """A sentence if the generation in use failed its check when it was opened, or has failed since."""
        if self._unusable is None or self._unusable != self._generations.state().get("generation"):
            return ""
        return "Chroma's files are damaged; searches read the record instead. `papers status --repair` fixes them."

    def is_behind(self, model: str, more: int | None) -> bool:
        """Whether it is worth bringing Chroma up to date (see VectorIndex)."""
        state = self._generations.state()
        if not self._is_whole(state, self._generations.is_untouched):
            return True
        if more is not None and more < SHARE * (state["count"] if state else self._record.last_chunk()):
            return False
        lag = lag_of(self._record, model, self.change())
        return lag > 0 and lag >= SHARE * state.get("count", 0)

    def confirm(self) -> None:
        """Notes that the files are as they were written, as `is_behind` has found."""
        self._generations.confirm(self._generations.state())

    def problems(self, model: str) -> list[str]:
        """Where Chroma and the record disagree, found by comparing everything that Chroma should have by now."""
        state = self._generations.state()
        if not state or not state["count"]:
            return []
        if state["model"] != model:
            return [f"Chroma has the vectors of {state['model']}, the library those of {model}."]
        try:
            opened = self._open(state)
            with contextlib.closing(opened.chroma):
                return disagreements(self._record, model, state["change"], opened.chroma)
        except ChromaError as error:
            return [str(error)]

    # -- writing

    def fill(self, model: str, dimension: int, lock: Lock) -> None:
        """Writes a new generation with what Chroma lacks, or rebuilds it all if the one in use was made by another
        model, is damaged or is incomplete. The writing lock is held only to put it in use. If somebody else is at it,
        that is left to them. Raises ChromaError."""
        with alone(self._filling) as free:
            if free:
                self._fill(model, dimension, lock)

    def _fill(self, model: str, dimension: int, lock: Lock) -> None:
        state = self._generations.state()
        if state and state["model"] == model and self._is_whole(state, self._generations.is_as_written):
            if not lag_of(self._record, model, self.change()):
                return
            try:
                self._write(model, dimension, state, lock)
                return
            except ChromaError:  # the copy is incomplete, or (on Windows) cannot be made: rebuild
                if self._generations.state() != state:  # somebody else has rebuilt it, and cleaned up
                    return
        self._write(model, dimension, None, lock)

    def _is_whole(self, state: dict[str, Any], is_intact: Callable[[dict[str, Any]], bool]) -> bool:
        """Whether the files of a generation are there, of the right lengths, and intact as far as `is_intact` tells."""
        if not state or not state["count"]:
            return True
        file, count = self._generations.path(state["generation"]) / CHROMA_FILE, state["count"]
        whole = file.is_file() and chroma_file_holds(file, count) and vector_files_hold(file.parent, count)
        return whole and is_intact(state)

    def rebuild(self, model: str, dimension: int) -> None:
        """Rebuilds Chroma from the record's vectors as a new generation. Raises ChromaError."""
        self._write(model, dimension, None, contextlib.nullcontext)

    def _write(self, model: str, dimension: int, base: dict[str, Any] | None, lock: Lock) -> None:
        with self._chroma:
            self._let_go()  # Windows does not copy what is open
        base = base if base and base["count"] else None
        before = self._generations.state().get("generation", 0)
        generation = self._generations.following()
        with self._record.snapshot():
            change, count = self._record.change(), self._record.count_chunks(model)
            if count:
                folder = self._generations.path(generation)
                self._write_folder(folder, model, dimension, base, count)
                self._try_out(folder, model)
        with lock():
            if self._generations.state().get("generation", 0) == before:
                self._generations.use(generation, change, model=model, count=count)
            self._generations.clean({self._generations.state()["generation"]})

    def _write_folder(self, folder: Path, model: str, dimension: int, base: dict[str, Any] | None, count: int) -> None:
        after = base["change"] if base else -1
        chunks = self._record.changed_chunks(model, after)
        gone = [int(chunk) for chunk in self._record.removed("chunk", after)] if base else []
        base_folder = self._generations.path(base["generation"]) if base else None
        some = pages(self._record, model, dimension, chunks)
        write_folder(folder, base_folder, some, gone, writes=len(chunks) + len(gone), count=count)

    def _try_out(self, folder: Path, model: str) -> None:
        """Searches a folder that was written. Raises ChromaError, with the folder removed, if a part is missing."""
        try:
            with contextlib.closing(ChromaFolder(folder)) as chroma:
                if not finds_all_parts(self._record, model, chroma):
                    raise ChromaError(f"Chroma does not contain what was written to {folder}.")
        except ChromaError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
