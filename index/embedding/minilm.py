"""all-MiniLM-L6-v2, the model that Chroma embeds with by default, read from where Chroma keeps its files.

Chroma itself pads every text to 256 tokens, so a short question costs as much as an abstract; here a batch is padded
to its longest text.
"""

import hashlib
import io
import os
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.embedding import Embedder
from index.errors import EmbeddingError
from index.safety.system_errors import what

if TYPE_CHECKING:
    import numpy as np

URL = "https://chroma-onnx-models.s3.amazonaws.com/all-MiniLM-L6-v2/onnx.tar.gz"
SHA256 = "913d7300ceae3b2dbc2c50d1de4baacab4be7b9380491c27fab7418616a16ec3"  # both as in Chroma
FILES = (
    "config.json",
    "model.onnx",
    "special_tokens_map.json",
    "tokenizer_config.json",
    "tokenizer.json",
    "vocab.txt",
)
_PATIENCE, WHOLE_SECONDS = 5.0, 1_800.0  # seconds after which a download is given up: without progress, and in all
_LARGEST = 100 << 20  # bytes: the model's archive has 79 million
_LONGEST = 256  # word pieces; the rest is cut off, as in Chroma
_BATCH = 32


class ModelMissing(EmbeddingError):
    """The model is not on this machine and could not be fetched; the message is only the reason."""


def model_folder() -> Path:
    """Where Chroma looks for the model."""
    return Path.home() / ".cache" / "chroma" / "onnx_models" / "all-MiniLM-L6-v2"


def is_here() -> bool:
    """Whether the model's files are present."""
    return all((model_folder() / "onnx" / name).is_file() for name in FILES)


def fetch_model(*, offline: bool, say: Callable[[str], None], until: float | None = None) -> None:
    """Downloads the model (79 MB) if it is not present. Gives up after 5 s without progress, and as soon as the rate
    shows that it will not be complete by `until` (monotonic seconds). Raises ModelMissing."""
    if is_here():
        return
    if offline:
        raise ModelMissing("the model is not on this machine and may not be downloaded now")
    say("Downloading the MiniLM embedding model (79 MB, once).")
    folder = model_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        content = _downloaded(until)
        with tempfile.TemporaryDirectory(dir=folder) as temporary:
            with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as tar:
                tar.extractall(temporary, filter="data")
            (folder / "onnx").mkdir(exist_ok=True)
            for name in sorted(FILES):
                os.replace(Path(temporary) / "onnx" / name, folder / "onnx" / name)
    except (OSError, tarfile.TarError) as error:
        raise ModelMissing(f"the model could not be unpacked in {folder} ({what(error)})") from error


def _downloaded(until: float | None) -> bytes:
    import httpx

    from index.safety.http import answer_to

    started = time.monotonic()
    try:
        answer = answer_to(
            httpx.Request("GET", URL),
            seconds=WHOLE_SECONDS if until is None else max(until - started, 0.0),
            largest=_LARGEST,
            silence=_PATIENCE,
            heard=lambda done, total: be_on_time(started, done, total, until),
        )
        content = answer.raise_for_status().content
    except httpx.HTTPError as error:
        reason = what(error) or type(error).__name__
        raise ModelMissing(f"the model could not be downloaded ({reason})") from error
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise ModelMissing("what was downloaded is not the model (wrong checksum)")
    return content


def be_on_time(started: float, done: int, total: int, until: float | None) -> None:
    """Raises ModelMissing if a download of `total` bytes, at its rate so far, will not be complete by `until`."""
    now = time.monotonic()
    if until is None or now - started < 2:  # too early to tell the rate
        return
    if now + (total - done) * (now - started) / done > until:
        raise ModelMissing("the model would take too long to download here")


class MiniLM(Embedder):
    """all-MiniLM-L6-v2 on the CPU. Safe to use from several threads."""

    name = "minilm"
    dimension = 384
    papers_at_once = 50

    def __init__(self) -> None:
        self._loading = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    def _load(self) -> tuple[Any, Any]:
        with self._loading:
            if self._loaded is None:
                import onnxruntime
                from tokenizers import Tokenizer

                folder = model_folder() / "onnx"
                options = onnxruntime.SessionOptions()
                options.log_severity_level = 3
                try:
                    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
                    session = onnxruntime.InferenceSession(
                        str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
                    )
                except Exception as error:  # both packages raise plain Exceptions for a damaged file
                    raise EmbeddingError(f"The MiniLM model in {folder} is damaged ({error}): delete it.") from error
                tokenizer.enable_truncation(max_length=_LONGEST)
                tokenizer.enable_padding(pad_id=0, pad_token="[PAD]")
                self._loaded = tokenizer, session
            return self._loaded

    def embed(self, texts: Sequence[str]) -> "np.ndarray":
        """The vectors of texts, shape (n, 384), length 1: the mean of a text's token vectors, as sentence-transformers
        computes them. Texts of similar length share a batch, so that little is spent on padding."""
        import numpy as np

        tokenizer, session = self._load()
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        by_length = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(texts), _BATCH):
            rows = by_length[start : start + _BATCH]
            encoded = tokenizer.encode_batch([texts[i] for i in rows])
            ids = np.array([e.ids for e in encoded], dtype=np.int64)
            mask = np.array([e.attention_mask for e in encoded], dtype=np.int64)
            inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            tokens = session.run(None, inputs)[0]
            summed = (tokens * mask[:, :, None]).sum(axis=1)
            vectors[rows] = summed / np.linalg.norm(summed, axis=1, keepdims=True)
        return vectors
