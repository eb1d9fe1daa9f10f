"""One library's vectors in a collection of a Chroma server.

At most 300 records go into a request and 300 results are asked for: the limits of Chroma's cloud. Writes replace what
has the same id, so a batch that was cut off is simply sent again. What a server sends is checked before it is used.
"""

import base64
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

from index.storage.chroma.collection import HNSW, ChromaError, Sample, metadata_of
from index.storage.chroma.requests import (
    WRITE_SECONDS,
    ChromaRequests,
    CollectionExists,
    NoCollection,
    ServerError,
)
from index.storage.chunks import Chunk

if TYPE_CHECKING:
    import numpy as np

AT_ONCE = 300
_LARGEST_ID = 1 << 62


class ServerCollection:
    """A collection of a server, with the metadata that it had when it was looked up: a ChromaCollection."""

    def __init__(self, requests: ChromaRequests, told: Any) -> None:
        """`told`: the server's own description. Raises ChromaError if it is none."""
        self._requests = requests
        with _unreadable(requests):
            self.id = str(UUID(told["id"]))
            self.name = str(told["name"])
            self.metadata: dict[str, Any] = dict(told["metadata"] or {})

    def nearest(self, vectors: "np.ndarray", n: int) -> list[list[tuple[int, float]]]:
        """The nearest chunks to each vector, `n` or 300: (id, cosine), nearest first."""
        body = {"query_embeddings": vectors.tolist(), "n_results": min(n, AT_ONCE), "include": ["distances"]}
        found = self._ask("query", body)
        with _unreadable(self._requests):
            rows = [
                [(_id(chunk), _finite(1.0 - distance)) for chunk, distance in zip(ids, distances, strict=True)]
                for ids, distances in zip(found["ids"], found["distances"], strict=True)
            ]
            if len(rows) != len(vectors):
                raise ValueError
        return rows

    def put(self, chunks: Sequence[Chunk], vectors: "np.ndarray") -> None:
        """Adds chunks, replacing those with the same id."""
        for start in range(0, len(chunks), AT_ONCE):
            some = chunks[start : start + AT_ONCE]
            rows = vectors[start : start + AT_ONCE].astype("<f4")
            body = {
                "ids": [str(chunk.id) for chunk in some],
                "embeddings": [base64.b64encode(row.tobytes()).decode() for row in rows],
                "metadatas": [{"day": None, **metadata_of(chunk)} for chunk in some],  # null removes an earlier day
            }
            self._ask("upsert", body, seconds=WRITE_SECONDS)

    def remove(self, ids: Sequence[int]) -> None:
        """Deletes chunks; one that is not there is ignored."""
        for start in range(0, len(ids), AT_ONCE):
            self._ask("delete", {"ids": [str(i) for i in ids[start : start + AT_ONCE]]}, seconds=WRITE_SECONDS)

    def count(self) -> int:
        """How many chunks the collection has."""
        count = self._requests.send("GET", f"/collections/{self.id}/count")
        with _unreadable(self._requests):
            return int(count)

    def sample(self, ids: Sequence[int]) -> Sample:
        """Some chunks as the server has them; those that it lacks are left out."""
        import numpy as np

        known: list[int] = []
        vectors: list[np.ndarray] = []
        metadata: list[dict[str, Any]] = []
        for start in range(0, len(ids), AT_ONCE):
            some = [str(i) for i in ids[start : start + AT_ONCE]]
            body = {"ids": some, "limit": AT_ONCE, "include": ["embeddings", "metadatas"]}
            found = self._ask("get", body, seconds=WRITE_SECONDS)
            with _unreadable(self._requests):
                known += [_id(chunk) for chunk in found["ids"]]
                vectors += [np.asarray(row, dtype=np.float32) for row in found["embeddings"]]
                metadata += [dict(each or {}) for each in found["metadatas"]]
        with _unreadable(self._requests):
            if not len(known) == len(vectors) == len(metadata):
                raise ValueError
            return known, np.stack(vectors) if vectors else np.zeros((0, 0), dtype=np.float32), metadata

    def describe(self, metadata: dict[str, Any]) -> None:
        """Replaces the collection's metadata."""
        self._requests.send("PUT", f"/collections/{self.id}", {"new_metadata": metadata}, seconds=WRITE_SECONDS)
        self.metadata = metadata

    def _ask(self, what: str, body: object, **how: float) -> Any:
        return self._requests.send("POST", f"/collections/{self.id}/{what}", body, **how)


def find_collection(requests: ChromaRequests, name: str) -> ServerCollection | None:
    """The collection of a name; None if there is none. Raises ChromaError."""
    try:
        return ServerCollection(requests, requests.send("GET", f"/collections/{name}"))
    except NoCollection:
        return None


def create_collection(requests: ChromaRequests, name: str, metadata: dict[str, Any]) -> ServerCollection | None:
    """A new collection; None if the name is taken. Raises ChromaError."""
    body = {"name": name, "metadata": metadata, "configuration": {"hnsw": HNSW}, "get_or_create": False}
    try:
        return ServerCollection(requests, requests.send("POST", "/collections", body, seconds=WRITE_SECONDS))
    except CollectionExists:
        return None


def delete_collection(requests: ChromaRequests, name: str) -> None:
    """Deletes a collection; one that is not there is ignored. Raises ChromaError."""
    try:
        requests.send("DELETE", f"/collections/{name}", seconds=WRITE_SECONDS)
    except NoCollection:
        return


@contextmanager
def _unreadable(requests: ChromaRequests) -> Iterator[None]:
    """Makes an answer that is not what Chroma sends a ChromaError."""
    try:
        yield
    except ChromaError:
        raise
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError):
        who = f"The Chroma server at {requests.server.shown}"
        raise ServerError(f"{who} sent an answer that is not Chroma's.") from None


def _id(text: Any) -> int:
    """A chunk's id. Raises ValueError."""
    if not 0 < (number := int(text)) < _LARGEST_ID:
        raise ValueError
    return number


def _finite(number: float) -> float:
    """A number that is one. Raises ValueError."""
    if not math.isfinite(number):
        raise ValueError
    return number
