"""The chunks by meaning: which chunks of the library are nearest to a vector.

Two ways that rank alike. Chroma answers where a process lives longer than a question; this file alone knows the
exceptions, where the record's vectors are scanned exactly: a few papers or a date window, what Chroma lacks yet, a
Chroma that cannot answer, and a command that lives for a second and should not pay for importing it.

Chroma is made of the record, one folder for each generation. The folder that the record points to is never written
again: a writer makes a new one, of a copy and what it lacks, and points the record to that. So nothing that a kill
can break is ever in use, and no reader meets files that are being written.
"""

import shutil
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.chroma import Chroma, ChromaError, sums_of, write_folder
from index.records import Chunk, Record

if TYPE_CHECKING:
    import numpy as np

Near = tuple[str, int, int, float]
"""A chunk that is near: its paper's id, first and last sentence, cosine."""

_STATE = "chroma"  # the record's note of the generation in use: generation, change, model, count, sums


def matrix(vectors: Sequence[bytes], dimension: int) -> "np.ndarray":
    """Vectors as the record has them, as rows."""
    import numpy as np

    return np.frombuffer(b"".join(vectors), dtype="<f4").reshape(len(vectors), dimension)


def _best(chunks: Sequence[Chunk], cosines: "np.ndarray", n: int) -> list[tuple[Chunk, float]]:
    import numpy as np

    best = np.argpartition(-cosines, n)[:n] if n < len(chunks) else np.arange(len(chunks))
    return sorted(((chunks[i], float(cosines[i])) for i in best), key=lambda pair: -pair[1])


@dataclass(frozen=True)
class _Opened:
    generation: int
    change: int
    chroma: Chroma


class Vectors:
    """The vectors of a library. Any thread may search; the holder of the writing lock alone calls `fill`, `rebuild`
    and `clean`. With `exact` Chroma is never asked."""

    def __init__(self, record: Record, folder: Path, *, exact: bool) -> None:
        self._record = record
        self._folder = folder
        self._exact = exact
        self._chroma = threading.Lock()
        self._opened: _Opened | None = None
        self._unusable: int | None = None  # a generation that failed
        self._scanned: tuple[tuple[int, str], list[Chunk], np.ndarray] | None = None

    # -- searching

    def nearest(self, model: str, vector: "np.ndarray", n: int, within: Collection[str] | None = None) -> list[Near]:
        """The `n` chunks nearest to a vector (length 1) by cosine, best first; of some papers alone where `within`
        names them."""
        if within is not None:
            chunks, vectors = self._record.vectors(model, within=within)
            found = _best(chunks, matrix(vectors, len(vector)) @ vector, n)
        else:
            from_chroma = None if self._exact else self._by_chroma(model, vector, n)
            found = self._by_scan(model, vector, n) if from_chroma is None else from_chroma
        return [(chunk.paper_id, chunk.first, chunk.last, cosine) for chunk, cosine in found]

    def _by_scan(self, model: str, vector: "np.ndarray", n: int) -> list[tuple[Chunk, float]]:
        key = (self._record.change(), model)
        scanned = self._scanned
        if scanned is None or scanned[0] != key:
            chunks, vectors = self._record.vectors(model)
            scanned = self._scanned = (key, chunks, matrix(vectors, len(vector)))
        return _best(scanned[1], scanned[2] @ vector, n)

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
        state = self._record.state(_STATE)
        if not state or state["model"] != model or state["generation"] == self._unusable:
            return None
        generation = state["generation"]
        if self._opened is None or self._opened.generation != generation:
            self._let_go()
            folder = self._folder / f"chroma-{generation}"
            try:
                if sums_of(folder) != state["sums"]:
                    raise ChromaError(f"{folder} is damaged.")
                chroma = Chroma(folder)
                self._opened = _Opened(generation, state["change"], chroma)
                if chroma.count() != state["count"]:
                    raise ChromaError(f"{folder} has lost something.")
            except (ChromaError, OSError):
                self._unusable = generation
                self._let_go()
                return None
        return self._opened

    def _let_go(self) -> None:
        if self._opened is not None:
            self._opened.chroma.close()
            self._opened = None

    def close(self) -> None:
        """Lets go of Chroma's files."""
        with self._chroma:
            self._let_go()
        self._scanned = None

    # -- writing, for the holder of the lock

    def lag(self) -> int:
        """How many chunks Chroma lacks, has in an old form, or should no longer have."""
        after = self._record.state(_STATE).get("change", -1)
        return self._record.count_chunks(after) + len(self._record.removed("chunk", after))

    def fill(self, model: str, dimension: int) -> None:
        """Writes what Chroma lacks into a new generation; all of it where the one in use was made by another model,
        is damaged, or has lost something."""
        state = self._record.state(_STATE)
        if (
            state
            and state["model"] == model
            and sums_of(self._folder / f"chroma-{state['generation']}") == state["sums"]
        ):
            if not self.lag():
                return
            try:
                self._write(model, dimension, state)
                return
            except (ChromaError, OSError):  # the copy is not whole, or (Windows) cannot be made: all of it, then
                pass
        self.rebuild(model, dimension)

    def rebuild(self, model: str, dimension: int) -> None:
        """Makes Chroma anew of the record's vectors, in a new generation. Raises ChromaError."""
        self._write(model, dimension, None)

    def _write(self, model: str, dimension: int, base: dict[str, Any] | None) -> None:
        with self._chroma:
            self._let_go()  # Windows does not copy what is open
        after = base["change"] if base else -1
        change, count = self._record.change(), self._record.count_chunks()
        chunks, vectors = self._record.vectors(model, after=after)
        gone = [int(chunk) for chunk in self._record.removed("chunk", after)] if base else []
        generation = max([0, *self._generations()]) + 1
        folder = self._folder / f"chroma-{generation}"
        base_folder = self._folder / f"chroma-{base['generation']}" if base else None
        if count or base:
            write_folder(folder, base_folder, chunks, matrix(vectors, dimension), gone, count)
        self._record.keep_state(
            _STATE, generation=generation, change=change, model=model, count=count, sums=sums_of(folder)
        )
        self.clean(base["generation"] if base else 0)

    def _generations(self) -> dict[int, Path]:
        names = {path.name.removeprefix("chroma-"): path for path in self._folder.glob("chroma-*")}
        return {int(name): path for name, path in names.items() if name.isdigit()}

    def clean(self, keep: int) -> None:
        """Removes the folders of other generations than the one in use, and `keep`, which a reader may still be
        opening. What cannot be removed because someone has it open (Windows) goes another time."""
        in_use = self._record.state(_STATE).get("generation")
        for generation, path in self._generations().items():
            if generation not in (in_use, keep):
                shutil.rmtree(path, ignore_errors=True)
