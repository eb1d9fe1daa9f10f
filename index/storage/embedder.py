"""Which embedder a library uses, and computing the vectors that its record lacks.

The record remembers which embedder made its vectors. A new library chooses one with its first paper, so opening an
empty library downloads nothing, and no question ever waits for a download.
"""

import threading
from collections.abc import Callable

from index.embedding import Embedder
from index.errors import EmbeddingError
from index.storage.record import Record

STATE = "embedder"  # the record's note on what made its vectors: name, dimension


class LibraryEmbedder:
    """The embedder of a library. `asked` is the one the user asked for, possibly `auto`; `opener` is `open_embedder`
    with everything but the name filled in."""

    def __init__(self, record: Record, asked: str, opener: Callable[..., Embedder]) -> None:
        self.asked = asked
        self._record = record
        self._opener = opener
        self._lock = threading.Lock()
        self._opened: Embedder | None = None

    @property
    def name(self) -> str:
        """What made the library's vectors; in an empty library what was asked for, possibly `auto`."""
        return str(self._record.state(STATE).get("name") or self.asked)

    @property
    def dimension(self) -> int:
        """How many numbers each of the library's vectors has; 0 if there are none yet."""
        return int(self._record.state(STATE).get("dimension", 0))

    def for_questions(self) -> Embedder:
        """The embedder for a question; nothing is downloaded. Raises EmbeddingError if it is not available."""
        # not remembered while the library is empty: its first paper decides
        return self._opener("hashing") if self.name == "auto" else self._open(offline=True)

    def for_writing(self) -> Embedder:
        """The embedder for papers; a new library chooses it now. Raises EmbeddingError."""
        return self._open()

    def _open(self, **how: bool) -> Embedder:
        name = self.name
        with self._lock:
            if self._opened is None or name not in ("auto", self._opened.name):
                self._opened = self._opener(name, **how)
            made, makes = self.dimension, self._opened.dimension
            if made and makes and made != makes:
                raise EmbeddingError(
                    f"The library's vectors by {name} have {made} numbers, but {name} now makes vectors of {makes}: "
                    "`papers reindex` computes them again."
                )
            self._opened.dimension = makes or made
            return self._opened

    def other(self, name: str) -> Embedder:
        """Another embedder, to compute the library's vectors again. Raises EmbeddingError."""
        return self._opener(name)

    def adopt(self, embedder: Embedder) -> None:
        """Makes an embedder the library's own from now on."""
        dimension = embedder.dimension or self._record.dimension(embedder.name)
        self._record.keep_state(STATE, name=embedder.name, dimension=dimension)
        with self._lock:
            self._opened = embedder

    def embed_lacking(self, embedder: Embedder, beyond: int = 0, limit: int = -1) -> tuple[int, int]:
        """Computes the vectors of chunks that lack one (only those past an id; at most `limit`). To be called within a
        transaction. Returns the id of the last of them and how many texts they have, (0, 0) if there was none. Raises
        EmbeddingError."""
        import numpy as np

        lacking = self._record.texts_without_vector(embedder.name, beyond, limit)
        if not lacking:
            return 0, 0
        texts = {text_hash: text for _, text_hash, text in lacking}
        vectors = np.asarray(embedder.embed(list(texts.values())), dtype="<f4")
        self._record.put_vectors(embedder.name, zip(texts, (row.tobytes() for row in vectors), strict=True))
        if not self.dimension:
            self.adopt(embedder)
        if embedder.name == self.name:
            self._record.touch_chunks(texts)
        return lacking[-1][0], len(texts)
