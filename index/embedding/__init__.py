"""Text -> vectors: which embedders there are, and opening one by its name. Each has a file of its own.

Knows nothing of papers or libraries. Heavy packages are imported when the first text is embedded.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from index.errors import EmbeddingError

if TYPE_CHECKING:
    import numpy as np

NAMES = r"auto|minilm|hashing|openai:.+"  # the names that can be asked for, as a pattern
SECONDS_FOR_AUTO = 30.0  # how long a download may take if minilm was not asked for by name


class Embedder(ABC):
    """Turns texts into vectors of length 1, float32."""

    name: str
    """`minilm`, `hashing` or `openai:MODEL`."""
    dimension: int
    """How many numbers a vector has; 0 until a server has sent the first one."""
    paid = False
    """Whether a vector costs money."""
    calls = 0
    """Requests to a paid API so far."""
    papers_at_once = 1_000
    """How many papers are embedded before they are stored: seconds of work, at most 1,000."""

    @abstractmethod
    def embed(self, texts: Sequence[str]) -> "np.ndarray":
        """The vectors of texts, (n, dimension). Raises EmbeddingError."""

    def embed_question(self, text: str) -> "np.ndarray":
        """The vector of a question, (dimension,). Raises EmbeddingError."""
        vector: np.ndarray = self.embed([text])[0]
        return vector


def open_embedder(
    name: str,
    *,
    api_key: str | None = None,
    base_url: str | None = None,
    offline: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Embedder:
    """The embedder with a name: `minilm`, `hashing`, `openai:MODEL`, or `auto`: minilm if it is present or can be had
    within seconds, else hashing. `say` is told of a download, and why `auto` chose hashing. Raises EmbeddingError for
    another name, and if a model is not present and may not or cannot be downloaded."""
    if name == "auto":
        return _best_available(offline=offline, say=say)
    if name == "hashing":
        from index.embedding.hashing import Hashing

        return Hashing()
    if name == "minilm":
        from index.embedding import minilm

        try:
            minilm.fetch_model(offline=offline, say=say)
        except minilm.ModelMissing as missing:
            raise EmbeddingError(
                f"Embeddings by minilm cannot be had: {missing}. `papers reindex` with a connection fetches it; "
                "`papers reindex --embeddings hashing` needs no model."
            ) from missing
        return minilm.MiniLM()
    kind, _, model = name.partition(":")
    if kind == "openai" and model:
        from index.embedding.openai import OpenAIEmbedder

        return OpenAIEmbedder(model, api_key=api_key, base_url=base_url)
    raise EmbeddingError(f"There are no embeddings called {name!r}: choose minilm, openai:MODEL or hashing.")


def _best_available(*, offline: bool, say: Callable[[str], None]) -> Embedder:
    from index.embedding import minilm
    from index.embedding.hashing import Hashing

    try:
        minilm.fetch_model(offline=offline, say=say, until=time.monotonic() + SECONDS_FOR_AUTO)
        return minilm.MiniLM()
    except minilm.ModelMissing as missing:
        say(f"Embeddings by hashing, not by minilm: {missing}. `papers reindex --embeddings minilm` tries again.")
        return Hashing()
