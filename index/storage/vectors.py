"""Search by meaning: which chunks of the library are nearest to a vector.

There are two ways, and they rank alike. Chroma answers in a process that outlives one question. Only this file knows
the exceptions, in which the record's vectors are scanned exactly: a few papers, a date window that keeps few, chunks
that Chroma does not have yet, a Chroma that cannot answer, and a command that runs for a second and should not import
it.

Chroma is built from the record, one folder per generation. The folder that the record points to is never written
again: a writer copies it, adds what is missing, and points the record to the copy. So a kill never damages the folder
in use, and no reader sees files that are being written. A copy costs what is there, so Chroma is left behind until
that is worth it.
"""

import contextlib
import shutil
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.storage.chroma import CHROMA_FILE, Chroma, ChromaError, metadata_of, write_folder
from index.storage.chunks import Chunk
from index.storage.dated import Days, PapersOfDays
from index.storage.generation import Generations
from index.storage.held import HeldVectors, matrix
from index.storage.record import Record
from index.storage.soundness import chroma_file_holds, spread, vector_files_hold

if TYPE_CHECKING:
    import numpy as np

Near = tuple[str, int, int, float]
"""A near chunk: its paper's id, first and last sentence, cosine."""

_SHARE = 0.03  # of what Chroma has: it is worth bringing up to date once it lacks that
_SAMPLE = 100  # vectors that must find themselves for Chroma to count as intact
_GROUP = 10  # of them, next to each other
_PAGE = 5_000  # chunks read from the record at once
_FEW = 1_000  # up to so many papers, vectors are looked up by paper rather than all read in file order
_MOST = 0.25  # of all papers: from so large a window on, Chroma is asked for more and the others are left out
_HELD = 256 << 20  # bytes of the vectors of date windows that stay in memory


@dataclass(frozen=True)
class _Opened:
    generation: int
    change: int
    chroma: Chroma
    newer: HeldVectors


class Vectors:
    """The vectors of a library. Any thread may search and call `fill`; the holder of the writing lock alone calls
    `rebuild`. With `exact` Chroma is never asked."""

    def __init__(self, record: Record, folder: Path, *, exact: bool) -> None:
        self._record = record
        # only Chroma's HNSW files have checksums: its SQLite file changes a little whenever it is opened
        self._generations = Generations(record, folder, "chroma", "*/*")
        self._exact = exact
        self._chroma = threading.Lock()
        self._opened: _Opened | None = None
        self._unusable: int | None = None  # a generation that has failed
        self._scanning = threading.Lock()
        self._held: dict[tuple[str, Days | None], HeldVectors] = {}  # the one used last comes last

    # -- searching

    def nearest(
        self,
        model: str,
        vector: "np.ndarray",
        n: int,
        within: Collection[str] | None = None,
    ) -> list[Near]:
        """The `n` chunks nearest to a vector (of length 1) by cosine, best first; only among the papers `within`, if
        given."""
        if isinstance(within, PapersOfDays):
            days, share, within = within.days, len(within) / max(self._record.count(), 1), None
        else:
            days, share = None, 1.0
        if within is not None and len(within) <= _FEW:
            return self._of_few(model, vector, n, within)
        found = None
        if within is None and not self._exact and share >= _MOST:
            found = self._by_chroma(model, vector, n, days, share)
        if found is None:
            found = self._by_scan(model, vector, n, within, days)
        return [(chunk.paper_id, chunk.first, chunk.last, cosine) for chunk, cosine in found]

    def _of_few(self, model: str, vector: "np.ndarray", n: int, within: Collection[str]) -> list[Near]:
        import numpy as np

        chunks, vectors = self._record.vectors(model, within=within)
        cosines = matrix(vectors, len(vector)) @ vector
        best = [(chunks[row], float(cosines[row])) for row in np.argsort(-cosines, kind="stable")[:n]]
        return [(chunk.paper_id, chunk.first, chunk.last, cosine) for chunk, cosine in best]

    def _by_scan(
        self, model: str, vector: "np.ndarray", n: int, within: Collection[str] | None, days: Days | None
    ) -> list[tuple[Chunk, float]]:
        among = None if within is None else self._record.chunk_ids(within)
        with self._scanning:
            held = self._held.pop((model, days), None) or HeldVectors(self._record, model, len(vector), days=days)
            self._held[model, days] = held
            near = held.nearest(vector, n, among)
            while len(self._held) > 1 and sum(each.size for each in self._held.values()) > _HELD:
                del self._held[next(iter(self._held))]
        chunks = self._record.chunks([chunk for chunk, _ in near])
        return [(chunks[chunk], cosine) for chunk, cosine in near if chunk in chunks]

    def _by_chroma(
        self, model: str, vector: "np.ndarray", n: int, days: Days | None, share: float
    ) -> list[tuple[Chunk, float]] | None:
        """The nearest chunks from Chroma, and from the record those changed since; None if Chroma cannot answer."""
        asked = n if days is None else int(1.2 * n / share) + 1
        with self._chroma:
            opened = self._current(model)
            if opened is None:
                return None
            gone = len(self._record.removed("chunk", opened.change))
            try:
                near = opened.chroma.query(vector[None], asked + gone)[0]
            except ChromaError:
                self._unusable = opened.generation
                self._let_go()
                return None
            newer = opened.newer.nearest(vector, asked)
            out_of_date = opened.newer.has([chunk for chunk, _ in near])
        found = newer + [(chunk, cosine) for chunk, cosine in near if chunk not in out_of_date]
        known = self._record.chunks([chunk for chunk, _ in found])
        ranked = sorted(((known[i], cosine) for i, cosine in found if i in known), key=lambda pair: -pair[1])
        if days is None:
            return ranked[:n]
        ranked = [(c, cosine) for c, cosine in ranked if c.day is not None and days[0] <= c.day <= days[1]]
        return ranked[:n] if len(ranked) >= n else None

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
        chroma = Chroma(folder)
        try:
            if chroma.count() != state["count"]:
                raise ChromaError(f"{folder} is incomplete.")
        except ChromaError:
            chroma.close()
            raise
        dimension = self._record.dimension(state["model"])
        newer = HeldVectors(self._record, state["model"], dimension, after=state["change"])
        return _Opened(state["generation"], state["change"], chroma, newer)

    def _let_go(self) -> None:
        if self._opened is not None:
            self._opened.chroma.close()
            self._opened = None

    def close(self) -> None:
        """Closes Chroma's files."""
        with self._chroma:
            self._let_go()
        self._held.clear()

    # -- agreeing with the record

    def change(self) -> int:
        """The last change of the record that Chroma includes; -1 if there is no Chroma folder."""
        return self._generations.change()

    @property
    def damaged(self) -> bool:
        """Whether the generation in use failed its check when it was opened, or has failed since."""
        return self._unusable is not None and self._unusable == self._generations.state().get("generation")

    def lag(self, model: str) -> int:
        """How many chunks are missing from Chroma, out of date in it, or should no longer be there."""
        after = self.change()
        return self._record.count_chunks(model, after) + len(self._record.removed("chunk", after))

    def is_behind(self, model: str, more: int | None = None) -> bool:
        """Whether it is worth bringing Chroma up to date: it lacks much of what it has, or is not as it was written.
        If `more` is given, only what has just been added or removed counts, as a number of chunks."""
        state = self._generations.state()
        if not self._is_whole(state, self._generations.is_untouched):
            return True
        if more is not None and more < _SHARE * (state["count"] if state else self._record.last_chunk()):
            return False
        lag = self.lag(model)
        return lag > 0 and lag >= _SHARE * state.get("count", 0)

    def confirm(self) -> None:
        """Notes that the files are as they were written, as `is_behind` has found. For the holder of the writing
        lock."""
        self._generations.confirm(self._generations.state())

    def problems(self, model: str) -> list[str]:
        """Where Chroma and the record disagree, found by comparing everything that Chroma should have by now; one
        sentence each."""
        state = self._generations.state()
        if not state or not state["count"]:
            return []
        if state["model"] != model:
            return [f"Chroma has the vectors of {state['model']}, the library those of {model}."]
        after = state["change"]
        changed = {*self._record.changed_ids(after), *map(int, self._record.removed("chunk", after))}
        held = wrong = 0
        try:
            opened = self._open(state)
            with contextlib.closing(opened.chroma):
                for ids, vectors, metadata in opened.chroma.everything():
                    rows = [row for row, chunk in enumerate(ids) if chunk not in changed]
                    held += len(rows)
                    wrong += self._wrong(model, [ids[i] for i in rows], vectors[rows], [metadata[i] for i in rows])
                settled = [i for i in self._record.changed_chunks(model) if i not in changed]
                _, some = self._record.vectors(model, chunks=settled[:: len(settled) // _SAMPLE + 1])
                lost = bool(some) and not opened.chroma.finds(matrix(some, len(some[0]) // 4))
        except ChromaError as error:
            return [str(error)]
        if held != len(settled):
            return ["Chroma and the record do not have the same number of chunks."]
        problems = [f"{wrong} chunks in Chroma differ from the record."] if wrong else []
        return problems + (["Chroma does not find vectors that it has."] if lost else [])

    def _wrong(self, model: str, ids: list[int], vectors: "np.ndarray", metadata: list[dict[str, Any]]) -> int:
        """How many of Chroma's chunks differ from the record's."""
        import numpy as np

        if vectors.shape[1] != self._record.dimension(model):
            return len(ids)
        chunks, known = self._record.vectors(model, chunks=ids)
        row_of = {chunk: row for row, chunk in enumerate(ids)}
        rows = [row_of[chunk.id] for chunk in chunks]
        near = np.isclose(vectors[rows], matrix(known, vectors.shape[1]), atol=1e-4).all(axis=1)
        right = [i for i, row in enumerate(rows) if near[i] and metadata[row] == metadata_of(chunks[i])]
        return len(ids) - len(right)

    # -- writing

    def fill(self, model: str, dimension: int, lock: Callable[[], AbstractContextManager[None]]) -> None:
        """Writes a new generation with what Chroma lacks, or rebuilds it all if the one in use was made by another
        model, is damaged or is incomplete. The writing lock is held only to put it in use. Raises ChromaError."""
        state = self._generations.state()
        if state and state["model"] == model and self._is_whole(state, self._generations.is_as_written):
            if not self.lag(model):
                return
            try:
                self._write(model, dimension, state, lock)
                return
            except ChromaError:  # the copy is incomplete, or (on Windows) cannot be made: rebuild
                pass
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

    def _write(
        self,
        model: str,
        dimension: int,
        base: dict[str, Any] | None,
        lock: Callable[[], AbstractContextManager[None]],
    ) -> None:
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
        pages = self._pages(model, dimension, chunks)
        write_folder(folder, base_folder, pages, gone, writes=len(chunks) + len(gone), count=count)

    def _try_out(self, folder: Path, model: str) -> None:
        """Searches a folder that was written for vectors from the whole of it, in groups, so that no part can be
        missing. Raises ChromaError, with the folder removed, if they do not find themselves."""
        _, some = self._record.vectors(model, chunks=spread(self._record.changed_chunks(model), _SAMPLE))
        try:
            with contextlib.closing(Chroma(folder)) as chroma:
                groups = (matrix(some[i : i + _GROUP], len(some[0]) // 4) for i in range(0, len(some), _GROUP))
                if not all(chroma.finds(group) for group in groups):
                    raise ChromaError(f"Chroma does not contain what was written to {folder}.")
        except ChromaError:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def _pages(self, model: str, dimension: int, ids: Sequence[int]) -> "Iterator[tuple[list[Chunk], np.ndarray]]":
        for start in range(0, len(ids), _PAGE):
            chunks, vectors = self._record.vectors(model, chunks=ids[start : start + _PAGE])
            yield chunks, matrix(vectors, dimension)
