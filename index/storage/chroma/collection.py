"""What is asked of Chroma, wherever it runs: five operations on the vectors of one library."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from index.errors import LibraryError
from index.storage.chunks import Chunk

if TYPE_CHECKING:
    import numpy as np

# Many neighbours found by a short search are cheaper to make than few found by a long one; questions make up for it.
HNSW = {"space": "cosine", "max_neighbors": 48, "ef_construction": 64, "ef_search": 1_000}
_SAME = 1e-3  # cosine distance up to which a vector counts as having found itself
_PART, _FOUND = 10, 0.75  # of vectors next to each other; what a lost part of the files takes away is all of them

Sample = tuple[list[int], "np.ndarray", list[dict[str, Any]]]
"""Chunks as Chroma has them: their ids, their vectors (n, dimension), their metadata."""


class ChromaError(LibraryError):
    """Chroma failed, or does not contain what it should. The record can always answer instead."""


class ChromaCollection(Protocol):
    """The vectors of a library in Chroma. Every method raises ChromaError."""

    def nearest(self, vectors: "np.ndarray", n: int) -> list[list[tuple[int, float]]]:
        """The nearest chunks to each vector, `n` or as many as Chroma gives: (id, cosine), nearest first."""

    def put(self, chunks: Sequence[Chunk], vectors: "np.ndarray") -> None:
        """Adds chunks, replacing those with the same id."""

    def remove(self, ids: Sequence[int]) -> None:
        """Deletes chunks; one that is not there is ignored."""

    def count(self) -> int:
        """How many chunks Chroma claims to have."""

    def sample(self, ids: Sequence[int]) -> Sample:
        """Some chunks as Chroma has them; those that it lacks are left out."""


def metadata_of(chunk: Chunk) -> dict[str, Any]:
    """What Chroma stores with a chunk's vector: paper, first and last sentence, and day (yyyymmdd) if there is one."""
    metadata: dict[str, Any] = {"paper": chunk.paper_id, "first": chunk.first, "last": chunk.last}
    return metadata if chunk.day is None else metadata | {"day": chunk.day}


def finds(collection: ChromaCollection, vectors: "np.ndarray") -> bool:
    """Whether vectors from the whole of a collection, in order, find themselves, so that no part of it can be missing.
    The search is approximate, and a few are never found: of each ten or so three in four must be, of three all."""
    if not len(vectors):
        return True
    import numpy as np

    found = [bool(near) and near[0][1] > 1 - _SAME for near in collection.nearest(vectors, 1)]
    parts = np.array_split(found, -(-len(found) // _PART))
    return all(part.mean() >= _FOUND for part in parts)
