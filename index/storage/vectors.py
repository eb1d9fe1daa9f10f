"""Search by meaning: which chunks of the library are nearest to a vector.

There are two ways, and they rank alike. Chroma answers in a process that outlives one question. Only this file knows
the exceptions, in which the record's vectors are scanned exactly: a few papers or a date window, chunks that Chroma
does not have yet, a Chroma that cannot answer, and a command that runs for a second and should not import it.

Chroma is built from the record, one folder per generation. The folder that the record points to is never written
again: a writer copies it, adds what is missing, and points the record to the copy. So a kill never damages the folder
in use, and no reader sees files that are being written.
"""

import contextlib
import shutil
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from index.storage.chroma import CHROMA_FILE, Chroma, ChromaError, metadata_of, write_folder
from index.storage.generation import Generations
from index.storage.record import Chunk, Record
from index.storage.soundness import chroma_file_holds, spread, vector_files_hold

if TYPE_CHECKING:
    import numpy as np

T = TypeVar("T")
Near = tuple[str, int, int, float]
"""A near chunk: its paper's id, first and last sentence, cosine."""

_SAMPLE = 100  # vectors that must find themselves for Chroma to count as intact
_GROUP = 10  # of them, next to each other
_PAGE = 5_000  # chunks read from the record at once
_FEW = 1_000  # up to so many papers, vectors are looked up by paper rather than all read in file order


def matrix(vectors: Sequence[bytes], dimension: int) -> "np.ndarray":
    """Vectors as the record stores them, as an array of shape (n, dimension)."""
    import numpy as np

    return np.frombuffer(b"".join(vectors), dtype="<f4").reshape(len(vectors), dimension)


def _best(things: Sequence[T], cosines: "np.ndarray", n: int) -> list[tuple[T, float]]:
    import numpy as np

    best = np.argpartition(-cosines, n)[:n] if n < len(things) else np.arange(len(things))
    return sorted(((things[i], float(cosines[i])) for i in best), key=lambda pair: -pair[1])


@dataclass(frozen=True)
class _Opened:
    generation: int
    change: int
    chroma: Chroma


class Vectors:
    """The vectors of a library. Any thread may search; the holder of the writing lock alone calls `fill` and
    `rebuild`. With `exact` Chroma is never asked."""

    def __init__(self, record: Record, folder: Path, *, exact: bool) -> None:
        self._record = record
        # only Chroma's HNSW files have checksums: its SQLite file changes a little whenever it is opened
        self._generations = Generations(record, folder, "chroma", "*/*")
        self._exact = exact
        self._chroma = threading.Lock()
        self._opened: _Opened | None = None
        self._unusable: int | None = None  # a generation that has failed
        self._scanned: tuple[tuple[int, str], list[int], np.ndarray] | None = None

    # -- searching

    def nearest(self, model: str, vector: "np.ndarray", n: int, within: Collection[str] | None = None) -> list[Near]:
        """The `n` chunks nearest to a vector (of length 1) by cosine, best first; only among the papers `within`, if
        given."""
        found = None
        if within is not None and len(within) <= _FEW:
            chunks, vectors = self._record.vectors(model, within=within)
            found = _best(chunks, matrix(vectors, len(vector)) @ vector, n)
        elif within is None and not self._exact:
            found = self._by_chroma(model, vector, n)
        if found is None:
            found = self._by_scan(model, vector, n, within)
        return [(chunk.paper_id, chunk.first, chunk.last, cosine) for chunk, cosine in found]

    def _by_scan(
        self, model: str, vector: "np.ndarray", n: int, within: Collection[str] | None
    ) -> list[tuple[Chunk, float]]:
        key = (self._record.change(), model)
        scanned = self._scanned
        if scanned is None or scanned[0] != key:
            ids, vectors = self._record.all_vectors(model)
            scanned = self._scanned = (key, ids, matrix(vectors, len(vector)))
        ids, cosines = scanned[1], scanned[2] @ vector
        if within is not None:
            wanted = self._record.chunk_ids(within)
            rows = [row for row, chunk in enumerate(ids) if chunk in wanted]
            ids, cosines = [ids[row] for row in rows], cosines[rows]
        best = _best(ids, cosines, n)
        chunks = self._record.chunks([chunk for chunk, _ in best])
        return [(chunks[chunk], cosine) for chunk, cosine in best if chunk in chunks]

    def _by_chroma(self, model: str, vector: "np.ndarray", n: int) -> list[tuple[Chunk, float]] | None:
        """The nearest chunks from Chroma, and from the record those changed since; None if Chroma cannot answer."""
        with self._chroma:
            opened = self._current(model)
            if opened is None:
                return None
            gone = len(self._record.removed("chunk", opened.change))
            try:
                near = opened.chroma.query(vector[None], n + gone)[0]
            except ChromaError:
                self._unusable = opened.generation
                self._let_go()
                return None
        newer, vectors = self._record.vectors(model, after=opened.change)
        known = self._record.chunks([chunk for chunk, _ in near])
        for chunk in newer:
            known.pop(chunk.id, None)
        found = [(known[chunk], cosine) for chunk, cosine in near if chunk in known]
        if newer:
            found += _best(newer, matrix(vectors, len(vector)) @ vector, n)
            found.sort(key=lambda pair: -pair[1])
        return found[:n]

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
        return _Opened(state["generation"], state["change"], chroma)

    def _let_go(self) -> None:
        if self._opened is not None:
            self._opened.chroma.close()
            self._opened = None

    def close(self) -> None:
        """Closes Chroma's files."""
        with self._chroma:
            self._let_go()
        self._scanned = None

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

    def problems(self, model: str) -> list[str]:
        """Where Chroma and the record disagree, found by comparing everything; one sentence each."""
        state = self._generations.state()
        if lag := self.lag(model):
            return [f"Chroma is behind by {lag} chunks."]
        if not state or not state["count"]:
            return []
        if state["count"] != self._record.count_chunks(model):
            return ["Chroma and the record do not have the same number of chunks."]
        if state["model"] != model:
            return [f"Chroma has the vectors of {state['model']}, the library those of {model}."]
        try:
            opened = self._open(state)
            with contextlib.closing(opened.chroma):
                wrong = sum(self._wrong(model, *page) for page in opened.chroma.everything())
                _, vectors = self._record.all_vectors(model)
                lost = not opened.chroma.finds(matrix(vectors[:: len(vectors) // _SAMPLE + 1], len(vectors[0]) // 4))
        except ChromaError as error:
            return [str(error)]
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

    # -- writing, for the holder of the lock

    def fill(self, model: str, dimension: int) -> None:
        """Writes a new generation with what Chroma lacks, or rebuilds it all if the one in use was made by another
        model, is damaged or is incomplete."""
        state = self._generations.state()
        if state and state["model"] == model and self._is_whole(state):
            if not self.lag(model):
                return
            try:
                self._write(model, dimension, state)
                return
            except ChromaError:  # the copy is incomplete, or (on Windows) cannot be made: rebuild
                pass
        self.rebuild(model, dimension)

    def _is_whole(self, state: dict[str, Any]) -> bool:
        file, count = self._generations.path(state["generation"]) / CHROMA_FILE, state["count"]
        if not count:
            return True
        whole = file.is_file() and chroma_file_holds(file, count) and vector_files_hold(file.parent, count)
        return whole and self._generations.is_as_written(state)

    def rebuild(self, model: str, dimension: int) -> None:
        """Rebuilds Chroma from the record's vectors as a new generation. Raises ChromaError."""
        self._write(model, dimension, None)

    def _write(self, model: str, dimension: int, base: dict[str, Any] | None) -> None:
        with self._chroma:
            self._let_go()  # Windows does not copy what is open
        base = base if base and base["count"] else None
        after = base["change"] if base else -1
        change, count = self._record.change(), self._record.count_chunks(model)
        before = self._generations.state().get("generation", 0)
        generation = self._generations.following()
        if count:
            chunks = self._record.changed_chunks(model, after)
            gone = [int(chunk) for chunk in self._record.removed("chunk", after)] if base else []
            base_folder = self._generations.path(base["generation"]) if base else None
            pages = self._pages(model, dimension, chunks)
            folder = self._generations.path(generation)
            write_folder(folder, base_folder, pages, gone, writes=len(chunks) + len(gone), count=count)
            self._try_out(folder, model)
        self._generations.use(generation, change, model=model, count=count)
        self._generations.clean({generation, before})  # a reader may still be opening the one before

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
