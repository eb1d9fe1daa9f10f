"""Vectors from an OpenAI-compatible server's embeddings endpoint."""

import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from index.embedding import Embedder
from index.errors import EmbeddingError
from index.safety.addresses import is_loopback, redirect_target, strangers_auth

if TYPE_CHECKING:
    import numpy as np
    import openai

_BATCH = 128  # texts per request: far below any server's token limit
RETRIES = 4  # after a rate limit or a server error, each after a longer wait or the one that the server asks for
SECONDS = 60.0  # for one complete answer
_LARGEST = 32 << 20  # bytes of it: 128 vectors of 4,096 numbers have 12 million
_HERE = "`papers reindex --embeddings minilm` computes vectors on this machine."


class OpenAIEmbedder(Embedder):
    """One model on one server. `calls` and `tokens` count what was spent."""

    paid = True
    papers_at_once = 250

    def __init__(self, model: str, *, api_key: str | None = None, base_url: str | None = None) -> None:
        self.name = f"openai:{model}"
        self.dimension = 0
        self.calls = 0
        self.tokens = 0
        self._model = model
        self._api_key = api_key
        self._base_url = base_url
        self._client: Any = None

    def _connected(self) -> Any:
        if self._client is None:
            import httpx
            import openai

            from index.safety.http import WholeAnswers

            key = self._api_key
            if not key and not self._base_url:  # the environment's key is for the environment's server
                key = os.environ.get("OPENAI_API_KEY")
            base_url = self._base_url or os.environ.get("OPENAI_BASE_URL")
            if not key and not base_url:
                raise EmbeddingError(f"Embeddings by {self.name} need OPENAI_API_KEY. {_HERE}")
            # openai 3 uses httpx2 unless it is given a client. This one follows no redirects and uses no proxy for a
            # server on this machine, so that the texts go to the named server and no other.
            direct = is_loopback(urlsplit(base_url or "").hostname or "")
            transport = WholeAnswers(seconds=SECONDS, largest=_LARGEST, silence=SECONDS, direct=direct)
            client: Any = httpx.Client(
                transport=transport, timeout=SECONDS, auth=strangers_auth(base_url, key or "none")
            )
            self._client = openai.OpenAI(
                api_key=key or "none", base_url=base_url, max_retries=RETRIES, http_client=client
            )
        return self._client

    def embed(self, texts: Sequence[str]) -> "np.ndarray":
        """The vectors of texts, shape (n, dimension), length 1; one request per 128 texts."""
        import numpy as np

        batches = [self._ask(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
        if not batches:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = np.array([vector for batch in batches for vector in batch], dtype=np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not lengths.all():
            raise EmbeddingError(f"{self.name} answered with an empty vector. {_HERE}")
        if self.dimension not in (0, vectors.shape[1]):
            now = f"{self.name} sends vectors of {vectors.shape[1]} numbers, but the library's have {self.dimension}"
            raise EmbeddingError(f"{now}: choose the server that made those. {_HERE}")
        self.dimension = vectors.shape[1]
        unit: np.ndarray = vectors / lengths
        return unit

    def _ask(self, texts: Sequence[str]) -> list[list[float]]:
        import openai

        client = self._connected()
        try:
            self.calls += 1
            answer = client.embeddings.with_raw_response.create(
                model=self._model, input=list(texts), encoding_format="float"
            )
        except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
            raise EmbeddingError(f"The key for {self.name} was refused: set OPENAI_API_KEY. {_HERE}") from error
        except openai.RateLimitError as error:
            raise EmbeddingError(f"{self.name} asks to wait (rate limit or no credit): try again later.") from error
        except openai.NotFoundError as error:
            raise EmbeddingError(f"The server has no embeddings by {self.name}. {_HERE}") from error
        except openai.APIConnectionError as error:
            reason = f"{error.__cause__ or error}".rstrip(".")
            raise EmbeddingError(
                f"The server of {self.name} cannot be reached ({reason}): try later. {_HERE}"
            ) from error
        except openai.APIStatusError as error:
            raise EmbeddingError(f"{self.name} {_what_failed(error)} {_HERE}") from error
        except openai.OpenAIError as error:
            raise EmbeddingError(f"{self.name} failed ({error}): try again later. {_HERE}") from error
        return self._read(answer.text, len(texts))

    def _read(self, answer: str, count: int) -> list[list[float]]:
        """The vectors in an answer, in the order of the texts. Compatible servers send all sorts of things."""
        try:
            document = json.loads(answer)
            items = sorted(document["data"], key=lambda item: int(item["index"]))
            vectors = [[float(number) for number in item["embedding"]] for item in items]
            self.tokens += int((document.get("usage") or {}).get("prompt_tokens") or 0)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise EmbeddingError(f"The server of {self.name} answered without vectors. {_HERE}") from error
        if len(vectors) != count or len({len(vector) for vector in vectors}) > 1:
            raise EmbeddingError(f"{self.name} answered with {len(vectors)} vectors for {count} texts. {_HERE}")
        return vectors


def _what_failed(error: "openai.APIStatusError") -> str:
    """What went wrong according to an error reply, and what to do."""
    if not 300 <= error.status_code < 400:
        return f"failed ({error}): try again later."
    to = redirect_target(str(error.request.url), error.response.headers.get("location", ""))
    return f"is redirected to {to}, which is not followed: set OPENAI_BASE_URL to that address, if you trust it."
