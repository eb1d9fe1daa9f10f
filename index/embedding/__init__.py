"""Text -> vectors. Which embedders there are, and how one is opened by its name; each has a file of its own.

Refuses to know what a paper or a library is. Heavy packages are imported when the first text is embedded.
"""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from index.errors import EmbeddingError

if TYPE_CHECKING:
    import numpy as np

SECONDS_FOR_AUTO = 30.0  # what "can be had within seconds" means for a download that nobody asked for by name


class Embedder(Protocol):
    """Turns texts into vectors of length 1, float32."""

    name: str
    """`minilm`, `hashing` or `openai:MODEL`."""
    dimension: int
    """How many numbers a vector has; 0 while a server has not yet said it."""
    paid: bool
    """Whether a vector costs money."""
    calls: int
    """Requests to a paid API so far."""
    papers_at_once: int
    """Papers whose vectors are made before they are stored: seconds of work, at most 500."""

    def embed(self, texts: Sequence[str]) -> "np.ndarray":
        """The vectors of texts, (n, dimension). Raises EmbeddingError."""

    def embed_question(self, text: str) -> "np.ndarray":
        """The vector of a question, (dimension,). Raises EmbeddingError."""


def open_embedder(
    name: str,
    *,
    api_key: str | None = None,
    base_url: str | None = None,
    offline: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Embedder:
    """The embedder of a name: `minilm`, `hashing` or `openai:MODEL`. `say` hears of a download. Raises
    EmbeddingError for another name, and where a model is neither here nor may be downloaded."""
    if name == "hashing":
        from index.embedding.hashing import Hashing

        return Hashing()
    if name == "minilm":
        from index.embedding import minilm

        try:
            minilm.fetch_model(offline=offline, say=say)
        except minilm.ModelMissing as missing:
            raise EmbeddingError(
                f"Embeddings by minilm cannot be had: {missing}. `papers reindex` on a network fetches it; "
                "`papers reindex --embeddings hashing` needs no model."
            ) from missing
        return minilm.MiniLM()
    kind, _, model = name.partition(":")
    if kind == "openai" and model:
        from index.embedding.openai import OpenAIEmbedder

        return OpenAIEmbedder(model, api_key=api_key, base_url=base_url)
    raise EmbeddingError(f"There are no embeddings called {name!r}: choose minilm, openai:MODEL or hashing.")


def best_available(*, offline: bool, say: Callable[[str], None]) -> Embedder:
    """What `auto` means in a new library: minilm where it is or can be had within seconds, else hashing; `say`
    hears why."""
    from index.embedding import minilm
    from index.embedding.hashing import Hashing

    try:
        minilm.fetch_model(offline=offline, say=say, until=time.monotonic() + SECONDS_FOR_AUTO)
        return minilm.MiniLM()
    except minilm.ModelMissing as missing:
        say(f"Embeddings by hashing, not by minilm: {missing}. `papers reindex --embeddings minilm` tries again.")
        return Hashing()
