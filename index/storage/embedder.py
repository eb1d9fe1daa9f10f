"""Which embedder a library has, and the vectors that its record lacks.

The record remembers what made its vectors. A new library chooses when its first paper comes, so that opening an
empty one downloads nothing; and no question ever waits for a download.
"""

import threading
from collections.abc import Callable

from index.embedding import Embedder
from index.errors import EmbeddingError
from index.storage.record import Record

_STATE = "embedder"  # the record's note of what made its vectors: name, dimension


class LibraryEmbedder:
    """The embedder of a library. `asked` is what the person asks for, perhaps `auto`; `opener` is `open_embedder`
    with all but the name."""

    def __init__(self, record: Record, asked: str, opener: Callable[..., Embedder]) -> None:
        self.asked = asked
        self._record = record
        self._opener = opener
        self._lock = threading.Lock()
        self._opened: Embedder | None = None

    @property
    def name(self) -> str:
        """What made the library's vectors; in an empty library what was asked for, perhaps `auto`."""
        return str(self._record.state(_STATE).get("name") or self.asked)

    @property
    def dimension(self) -> int:
        """How many numbers a vector of the library has; 0 where it has none yet."""
        return int(self._record.state(_STATE).get("dimension", 0))

    def for_questions(self) -> Embedder:
        """The embedder for a question: nothing is downloaded. Raises EmbeddingError where it is not to be had."""
        # not kept in a library that is empty yet: its first paper chooses
        return self._opener("hashing") if self.name == "auto" else self._open(offline=True)

    def for_writing(self) -> Embedder:
        """The embedder for papers; in a new library chosen now. Raises EmbeddingError."""
        return self._open()

    def _open(self, **how: bool) -> Embedder:
        name = self.name
        with self._lock:
            if self._opened is None or name not in ("auto", self._opened.name):
                self._opened = self._opener(name, **how)
            made, makes = self.dimension, self._opened.dimension
            if made and makes and made != makes:
                raise EmbeddingError(
                    f"The library's vectors by {name} have {made} numbers, and {name} makes {makes} of them now: "
                    "`papers reindex` makes them anew."
                )
            self._opened.dimension = makes or made
            return self._opened

    def other(self, name: str) -> Embedder:
        """Another embedder, for making the library's vectors anew. Raises EmbeddingError."""
        return self._opener(name)

    def adopt(self, embedder: Embedder) -> None:
        """Makes an embedder the library's own, from now on."""
        dimension = embedder.dimension or self._record.dimension(embedder.name)
        self._record.keep_state(_STATE, name=embedder.name, dimension=dimension)
        with self._lock:
            self._opened = embedder

    def embed_lacking(self, embedder: Embedder, after: int = -1, limit: int = -1) -> int:
        """Makes the vectors that chunks (those written after a change; at most `limit`) lack. Within a transaction.
        Returns how many were made. Raises EmbeddingError."""
        import numpy as np

        lacking = self._record.texts_without_vector(embedder.name, after, limit)
        if not lacking:
            return 0
        vectors = np.asarray(embedder.embed(list(lacking.values())), dtype="<f4")
        self._record.put_vectors(embedder.name, zip(lacking, (row.tobytes() for row in vectors), strict=True))
        if not self.dimension:
            self.adopt(embedder)
        return len(lacking)
