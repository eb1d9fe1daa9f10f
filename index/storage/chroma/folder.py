"""Chroma, embedded: the vectors of chunks in one folder that is written once. The only file that imports chromadb.

The design follows from how Chroma 1.5 behaves. A kill while it saves its HNSW files breaks them for good, and reading
broken files can crash the process; an open client never sees what another process wrote; one that has lost its
vectors still counts them; storing the text would take six times the space of the vectors. So a folder is saved once,
at the end of writing, then checked by searching for vectors it must contain, never written again, and verified by the
checksums of its files.
"""

import contextlib
import shutil
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.safety.permissions import private_file, private_folder
from index.safety.system_errors import why
from index.storage.chroma.collection import HNSW, ChromaError, Sample, finds, metadata_of
from index.storage.chunks import Chunk
from index.storage.soundness import vector_files_hold

if TYPE_CHECKING:
    import numpy as np

CHROMA_FILE = "chroma.sqlite3"
_COLLECTION = "chunks"
_AT_ONCE = 5_000  # with each write Chroma reads again all that it has not saved; it takes 5,461 at most
_UNSAVED = 40_000  # writes that it has not saved, 4 KB of memory each
_MANY = 3_000  # writes, after which there is space to give back
_SAMPLE = 8
_clients = threading.Lock()  # Chroma's own registry of open folders is not thread-safe


def _imported() -> Any:
    """The chromadb package. Raises ChromaError if it cannot be imported: it refuses an old SQLite, for instance."""
    try:
        import chromadb
        import chromadb.errors
    except Exception as error:  # whatever a package raises when it does not like the machine
        raise ChromaError(f"Chroma cannot be imported ({error}).") from error
    return chromadb


@contextlib.contextmanager
def _named_errors() -> Iterator[None]:
    Theirs = _imported().errors.ChromaError

    try:
        yield
    except (Theirs, RuntimeError, ValueError, KeyError, OSError, sqlite3.Error, AttributeError) as error:
        # the Rust part raises built-in errors, too; AttributeError where it could not even begin
        raise ChromaError(f"Chroma failed: {why(error)}.") from error


@cache
def _settings() -> Any:
    """Chroma's own settings, ignoring the environment and any `.env` in the current folder, which might name a server
    to store everything on or to report to. To be copied: Chroma notes the folder in them."""
    from chromadb.config import Settings

    sources: Any = {"_env_file": None, "_env_prefix": "of_nobody_"}
    return Settings(anonymized_telemetry=False, **sources)


class ChromaFolder:
    """The vectors of one folder, opened: a ChromaCollection."""

    def __init__(self, folder: Path, *, make: int = 0) -> None:
        """Opens a folder, or creates one that saves itself after `make` writes. Raises ChromaError."""
        chromadb = _imported()
        if not make and not (folder / CHROMA_FILE).is_file():  # Chroma would create it, empty
            raise ChromaError(f"{folder} is not there.")
        with _named_errors(), _clients:
            client: Any  # its declared type lacks `close`
            client = chromadb.PersistentClient(str(folder), settings=_settings().model_copy())
            try:
                if make:
                    configuration: Any = {"hnsw": {**HNSW, "sync_threshold": max(make, 2)}}
                    self._collection = client.create_collection(
                        _COLLECTION, embedding_function=None, configuration=configuration
                    )
                else:
                    self._collection = client.get_collection(_COLLECTION, embedding_function=None)
            except BaseException:
                client.close()
                raise
        self._client = client

    def close(self) -> None:
        """Closes the files."""
        with _clients:
            self._client.close()

    def nearest(self, vectors: "np.ndarray", n: int) -> list[list[tuple[int, float]]]:
        """The `n` nearest chunks to each vector: (id, cosine), nearest first."""
        with _named_errors():
            found: Any = self._collection.query(query_embeddings=vectors, n_results=n, include=["distances"])
        return [
            [(int(chunk), 1.0 - distance) for chunk, distance in zip(ids, distances, strict=True)]
            for ids, distances in zip(found["ids"], found["distances"], strict=True)
        ]

    def count(self) -> int:
        """How many chunks Chroma claims to have."""
        with _named_errors():
            return int(self._collection.count())

    def sample(self, ids: Sequence[int]) -> Sample:
        """Some chunks as Chroma has them; those that it lacks are left out. At most 32,766 at once."""
        with _named_errors():
            found: Any = self._collection.get(ids=[str(chunk) for chunk in ids], include=["embeddings", "metadatas"])
        return [int(chunk) for chunk in found["ids"]], found["embeddings"], found["metadatas"]

    def remove(self, ids: Sequence[int]) -> None:
        """Deletes chunks; one that is not there is ignored."""
        with _named_errors():
            for start in range(0, len(ids), _AT_ONCE):
                self._collection.delete(ids=[str(chunk) for chunk in ids[start : start + _AT_ONCE]])

    def put(self, chunks: Sequence[Chunk], vectors: "np.ndarray") -> None:
        """Adds chunks, replacing those with the same id."""
        with _named_errors():
            for start in range(0, len(chunks), _AT_ONCE):
                some = chunks[start : start + _AT_ONCE]
                self._collection.upsert(
                    ids=[str(chunk.id) for chunk in some],
                    embeddings=vectors[start : start + _AT_ONCE],
                    metadatas=[metadata_of(chunk) for chunk in some],
                )

    def save_after(self, writes: int) -> None:
        """Sets after how many writes the folder saves itself; takes effect when it is next opened."""
        with _named_errors():
            self._collection.modify(configuration={"hnsw": {"sync_threshold": max(writes, 2)}})


def _give_back_space(file: Path) -> None:
    """Makes Chroma's closed SQLite file as small as it can be: its log of writes leaves three times the space empty.
    Written beside it, which unlike VACUUM in place copies none of that."""
    with _named_errors():
        small = private_file(file.with_suffix(".small"))
        with contextlib.closing(sqlite3.connect(file)) as connection:
            connection.execute("VACUUM INTO ?", (str(small),))
        small.replace(file)


def _save_rest(folder: Path, chunks: "Sequence[Chunk]", vectors: "np.ndarray") -> None:
    """Has a closed folder save what it has not saved yet, by writing two of its chunks once more."""
    with contextlib.closing(ChromaFolder(folder)) as chroma:
        chroma.save_after(2)
    with contextlib.closing(ChromaFolder(folder)) as chroma:
        chroma.put(chunks, vectors)


def write_folder(
    folder: Path,
    base: Path | None,
    pages: "Iterable[tuple[Sequence[Chunk], np.ndarray]]",
    gone: Sequence[int],
    *,
    writes: int,
    count: int,
) -> None:
    """Writes a new folder: a copy of `base` (if given) without the chunks whose ids are `gone`, plus the `pages` of
    chunks and their vectors. That takes `writes` writes and must give `count` chunks. Raises ChromaError if it does
    not, and leaves nothing behind."""
    import numpy as np

    sample: list[np.ndarray] = []
    several = writes - len(gone) > 1 and writes > _UNSAVED  # saved several times, which costs a copy of the files each
    saved_after = _UNSAVED if several else writes
    again: tuple[Sequence[Chunk], np.ndarray] | None = None
    try:
        private_folder(folder)
        if base is None:
            private_file(folder / CHROMA_FILE)
            chroma = ChromaFolder(folder, make=saved_after)
        else:
            with _named_errors():
                shutil.copytree(base, folder, dirs_exist_ok=True)
            with contextlib.closing(ChromaFolder(folder)) as chroma:
                chroma.save_after(saved_after)
            chroma = ChromaFolder(folder)
        with contextlib.closing(chroma):
            chroma.remove(gone)
            for chunks, vectors in pages:
                chroma.put(chunks, vectors)
                again = again or (chunks[:2], vectors[:2].copy())
                sample.append(vectors[:: max(len(chunks) // _SAMPLE, 1)].copy())
                if base is None and writes == 1:  # a new folder saves itself after two writes at the earliest
                    chroma.put(chunks, vectors)
        if several and again:
            _save_rest(folder, *again)
        if not vector_files_hold(folder, count):  # a full disk cuts them without a word
            raise ChromaError(f"The vector files in {folder} are cut short: free some space on that disk.")
        if writes > _MANY:
            _give_back_space(folder / CHROMA_FILE)
        with contextlib.closing(ChromaFolder(folder)) as chroma:
            if chroma.count() != count or (sample and not finds(chroma, np.concatenate(sample))):
                raise ChromaError(f"Chroma does not contain what was written to {folder}.")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
