"""What the two indexes of vectors have in common, Chroma in a folder and Chroma on a server: both include the record up
to a change, and what was written since is read from the record.
"""

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from index.storage.chroma.collection import ChromaCollection, finds, metadata_of
from index.storage.chunks import Chunk
from index.storage.held import HeldVectors, matrix
from index.storage.record import Record
from index.storage.soundness import spread

if TYPE_CHECKING:
    import numpy as np

SHARE = 0.03  # of what Chroma has: it is worth bringing up to date once it lacks that
_PAGE = 5_000  # chunks read at once
_SAMPLE = 100  # vectors that must find themselves for Chroma to count as intact

Lock = Callable[[], AbstractContextManager[None]]


class VectorIndex(Protocol):
    """An index of vectors made from the record. Any thread may call `nearest` and `fill`; the holder of the writing
    lock alone `confirm` and `rebuild`."""

    windows: bool
    """Whether it may be asked for so many that those of a date window are among them."""
    apart: bool
    """Whether it is better filled by a process of its own."""

    def nearest(self, model: str, vector: "np.ndarray", n: int) -> list[tuple[int, float]] | None:
        """The chunks nearest to a vector, by id with their cosine, in no order: `n`, or as many as Chroma gives, and
        those written since. None if Chroma cannot answer."""

    @property
    def notice(self) -> str:
        """A sentence if Chroma could not answer when it was last asked; empty if it could."""

    def change(self) -> int:
        """The last change of the record that Chroma includes; -1 if there is nothing yet."""

    def is_behind(self, model: str, more: int | None) -> bool:
        """Whether it is worth bringing Chroma up to date: it lacks much of what it has, or is not as it was written.
        If `more` is given, only what has just been added or removed counts, as a number of chunks."""

    def confirm(self) -> None:
        """Notes that Chroma is as it was written, as `is_behind` has found."""

    def problems(self, model: str) -> list[str]:
        """Where Chroma and the record disagree about what Chroma should have by now; one sentence each."""

    def fill(self, model: str, dimension: int, lock: Lock) -> None:
        """Gives Chroma what it lacks, or rebuilds it all if it is not as it was written. Raises ChromaError."""

    def rebuild(self, model: str, dimension: int) -> None:
        """Rebuilds Chroma from the record's vectors. Raises ChromaError."""

    def close(self) -> None:
        """Closes files and connections."""


@dataclass(frozen=True)
class Covered:
    """A collection, the change of the record that it includes, and the vectors written since."""

    collection: ChromaCollection
    change: int
    newer: HeldVectors
    _one: threading.Lock = field(default_factory=threading.Lock)  # for `newer`

    def nearest(self, record: Record, vector: "np.ndarray", n: int) -> list[tuple[int, float]]:
        """The nearest from the collection, and from the record those changed since. Raises ChromaError."""
        gone = len(record.removed("chunk", self.change))
        near = self.collection.nearest(vector[None], n + gone)[0]
        with self._one:
            newer = self.newer.nearest(vector, n)
            out_of_date = self.newer.has([chunk for chunk, _ in near])
        return newer + [(chunk, cosine) for chunk, cosine in near if chunk not in out_of_date]


def lag_of(record: Record, model: str, change: int) -> int:
    """How many chunks are missing from an index that includes a change, out of date in it, or should no longer be
    there."""
    return record.count_chunks(model, change) + len(record.removed("chunk", change))


def pages(record: Record, model: str, dimension: int, ids: Sequence[int]) -> "Iterator[tuple[list[Chunk], np.ndarray]]":
    """Chunks and their vectors, some at a time."""
    for start in range(0, len(ids), _PAGE):
        chunks, vectors = record.vectors(model, chunks=ids[start : start + _PAGE])
        yield chunks, matrix(vectors, dimension)


def finds_all_parts(record: Record, model: str, collection: ChromaCollection) -> bool:
    """Whether vectors from the whole of a collection find themselves, so that no part can be missing. Raises
    ChromaError."""
    return _finds(record, model, collection, record.changed_chunks(model))


def _finds(record: Record, model: str, collection: ChromaCollection, chunks: Sequence[int]) -> bool:
    """Whether a sample of some chunks, by their vectors, is found."""
    _, some = record.vectors(model, chunks=spread(chunks, _SAMPLE))
    return not some or finds(collection, matrix(some, len(some[0]) // 4))


def disagreements(
    record: Record, model: str, change: int, collection: ChromaCollection, most: int | None = None
) -> list[str]:
    """Where a collection that includes a change differs from the record, found by comparing every chunk that it should
    have by now, or `most` of them; one sentence each. Raises ChromaError."""
    changed = sorted({*record.changed_ids(change), *map(int, record.removed("chunk", change))})
    among = set(changed)
    settled = [chunk for chunk in record.changed_chunks(model) if chunk not in among]
    looked = settled if most is None else spread(settled, most)
    held = wrong = 0
    for some in _portions(looked):
        ids, vectors, metadata = collection.sample(some)
        held += len(ids)
        wrong += _wrong(record, model, ids, vectors, metadata)
    out_of_date = sum(len(collection.sample(some)[0]) for some in _portions(changed))
    lost = not _finds(record, model, collection, settled)
    if held != len(looked) or collection.count() != len(settled) + out_of_date:
        return ["Chroma and the record do not have the same number of chunks."]
    problems = [f"{wrong} chunks in Chroma differ from the record."] if wrong else []
    return problems + (["Chroma does not find vectors that it has."] if lost else [])


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + _PAGE] for start in range(0, len(ids), _PAGE))


def _wrong(
    record: Record, model: str, ids: Sequence[int], vectors: "np.ndarray", metadata: Sequence[dict[str, Any]]
) -> int:
    """How many of Chroma's chunks differ from the record's."""
    import numpy as np

    if not ids:
        return 0
    vectors = np.asarray(vectors)
    if vectors.ndim != 2 or vectors.shape[1] != record.dimension(model):
        return len(ids)
    chunks, known = record.vectors(model, chunks=ids)
    row_of = {chunk: row for row, chunk in enumerate(ids)}
    rows = [row_of[chunk.id] for chunk in chunks]
    near = np.isclose(vectors[rows], matrix(known, vectors.shape[1]), atol=1e-4).all(axis=1)
    right = [i for i, row in enumerate(rows) if near[i] and metadata[row] == metadata_of(chunks[i])]
    return len(ids) - len(right)


def among_known(found: Collection[tuple[int, float]], record: Record) -> list[tuple[Chunk, float]]:
    """Chunks by id with their cosine, as chunks, best first; those that the record does not have are left out."""
    known = record.chunks([chunk for chunk, _ in found])
    return sorted(((known[i], cosine) for i, cosine in found if i in known), key=lambda pair: -pair[1])
