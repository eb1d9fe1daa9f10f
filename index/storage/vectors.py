"""The chunks by meaning: which chunks of the library are nearest to a vector.

Two ways that rank alike. Chroma answers where a process lives longer than a question; this file alone knows the
exceptions, where the record's vectors are scanned exactly: a few papers or a date window, what Chroma lacks yet, a
Chroma that cannot answer, and a command that lives for a second and should not pay for importing it.

Chroma is made of the record, one folder for each generation. The folder that the record points to is never written
again: a writer makes a new one, of a copy and what it lacks, and points the record to that. So nothing that a kill
can break is ever in use, and no reader meets files that are being written.
"""

import contextlib
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from index.storage.chroma import CHROMA_FILE, Chroma, ChromaError, metadata_of, write_folder
from index.storage.generation import Generations
from index.storage.record import Chunk, Record

if TYPE_CHECKING:
    import numpy as np

T = TypeVar("T")
Near = tuple[str, int, int, float]
"""A chunk that is near: its paper's id, first and last sentence, cosine."""

_SAMPLE = 100  # vectors that must find themselves before Chroma is said to agree
_PAGE = 5_000  # chunks that are read from the record at once
_FEW = 1_000  # papers whose vectors are read one by one rather than all in the order of the file


def matrix(vectors: Sequence[bytes], dimension: int) -> "np.ndarray":
    """Vectors as the record has them, as rows of `dimension` numbers."""
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
        # Of Chroma's files the sums of HNSW's alone: its SQLite file changes a little when someone opens it.
        self._generations = Generations(record, folder, "chroma", "*/*")
        self._exact = exact
        self._chroma = threading.Lock()
        self._opened: _Opened | None = None
        self._unusable: int | None = None  # a generation that failed
        self._scanned: tuple[tuple[int, str], list[int], np.ndarray] | None = None

    # -- searching

    def nearest(self, model: str, vector: "np.ndarray", n: int, within: Collection[str] | None = None) -> list[Near]:
        """The `n` chunks nearest to a vector (length 1) by cosine, best first; of some papers alone where `within`
        names them."""
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
        """From Chroma, and from the record what changed since; None where Chroma cannot answer."""
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
        """The generation that the record points to, opened; one that was replaced is let go."""
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
        """Opens a generation. Raises ChromaError where it is not what was written."""
        folder = self._generations.path(state["generation"])
        if not self._generations.is_as_written(state):
            raise ChromaError(f"{folder} is damaged.")
        chroma = Chroma(folder)
        try:
            if chroma.count() != state["count"]:
                raise ChromaError(f"{folder} has lost something.")
        except ChromaError:
            chroma.close()
            raise
        return _Opened(state["generation"], state["change"], chroma)

    def _let_go(self) -> None:
        if self._opened is not None:
            self._opened.chroma.close()
            self._opened = None

    def close(self) -> None:
        """Lets go of Chroma's files."""
        with self._chroma:
            self._let_go()
        self._scanned = None

    # -- agreeing with the record

    def change(self) -> int:
        """The change of the record that Chroma has; -1 where there is none."""
        return self._generations.change()

    @property
    def damaged(self) -> bool:
        """Whether the generation in use did not pass its check when it was opened, or failed since."""
        return self._unusable is not None and self._unusable == self._generations.state().get("generation")

    def lag(self, model: str) -> int:
        """How many chunks Chroma lacks, has in an old form, or should no longer have."""
        after = self.change()
        return self._record.count_chunks(model, after) + len(self._record.removed("chunk", after))

    def problems(self, model: str) -> list[str]:
        """In what Chroma and the record disagree, found by comparing everything; a sentence each."""
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
        problems = [f"{wrong} chunks in Chroma are not what the record has."] if wrong else []
        return problems + (["Chroma does not find vectors that it has."] if lost else [])

    def _wrong(self, model: str, ids: list[int], vectors: "np.ndarray", metadata: list[dict[str, Any]]) -> int:
        """How many chunks of Chroma are not what the record has."""
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
        """Writes what Chroma lacks into a new generation; all of it where the one in use was made by another model,
        is damaged, or has lost something."""
        state = self._generations.state()
        if state and state["model"] == model and self._is_whole(state):
            if not self.lag(model):
                return
            try:
                self._write(model, dimension, state)
                return
            except ChromaError:  # the copy is not whole, or (Windows) cannot be made: all of it, then
                pass
        self.rebuild(model, dimension)

    def _is_whole(self, state: dict[str, Any]) -> bool:
        file = self._generations.path(state["generation"]) / CHROMA_FILE
        return not state["count"] or (file.is_file() and self._generations.is_as_written(state))

    def rebuild(self, model: str, dimension: int) -> None:
        """Makes Chroma anew of the record's vectors, in a new generation. Raises ChromaError."""
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
        self._generations.use(generation, change, model=model, count=count)
        self._generations.clean({generation, before})  # a reader may still be opening the one before

    def _pages(self, model: str, dimension: int, ids: Sequence[int]) -> "Iterator[tuple[list[Chunk], np.ndarray]]":
        for start in range(0, len(ids), _PAGE):
            chunks, vectors = self._record.vectors(model, chunks=ids[start : start + _PAGE])
            yield chunks, matrix(vectors, dimension)
