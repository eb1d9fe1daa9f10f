"""Which embedder a library has, and the vectors that its record lacks.

The record remembers what made its vectors. A new library chooses when its first paper comes, so that opening an
empty one downloads nothing; and no question ever waits for a download.
"""

import threading
from collections.abc import Callable

from index.embedding import Embedder, best_available, open_embedder
from index.errors import EmbeddingError
from index.records import Record

_STATE = "embedder"  # the record's note of what made its vectors: name, dimension


class LibraryEmbedder:
    """The embedder of a library. `asked` is what the person asks for, perhaps `auto`."""

    def __init__(
        self,
        record: Record,
        asked: str,
        *,
        api_key: str | None,
        base_url: str | None,
        offline: bool,
        say: Callable[[str], None],
    ) -> None:
        self.asked = asked
        self._record = record
        self._server = {"api_key": api_key, "base_url": base_url}
        self._offline = offline
        self._say = say
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
        name = self.name
        return self._open("hashing" if name == "auto" else name, offline=True)

    def for_writing(self) -> Embedder:
        """The embedder for papers; in a new library chosen now. Raises EmbeddingError."""
        if self.name != "auto":
            return self._open(self.name, offline=self._offline)
        with self._lock:
            if self._opened is None:
                self._opened = best_available(offline=self._offline, say=self._say)
            return self._opened

    def _open(self, name: str, offline: bool) -> Embedder:
        with self._lock:
            if self._opened is None or self._opened.name != name:
                self._opened = open_embedder(name, offline=offline, say=self._say, **self._server)
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
        if name == "auto":
            return best_available(offline=self._offline, say=self._say)
        return open_embedder(name, offline=self._offline, say=self._say, **self._server)

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
