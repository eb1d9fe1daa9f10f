"""What a library keeps: the record, and the words and vectors that are made of it; and how the three stay in agreement.

Whoever writes holds the folder's lock, one batch at a time, and sees to it that the indexes have what the record
has. It refuses to know what is searched for.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from index.embedding import Embedder
from index.errors import LibraryError
from index.paper import Paper
from index.safety.permissions import close_to_others
from index.storage.chroma import ChromaError
from index.storage.embedder import LibraryEmbedder
from index.storage.kept_words import KeptWords
from index.storage.lock import WritingLock
from index.storage.merge import Addition
from index.storage.record import Record
from index.storage.renumbering import is_renumbered, renumber
from index.storage.vectors import Vectors

_SHARE_LEFT = 0.1  # Chroma is brought up to date within an addition when it lacks a tenth of all chunks,
_LEAST_LEFT = 2_000  # and at least so many: each time copies what is there
_TEXTS_AT_ONCE = 256


class Store:
    """A library's folder: `record`, `embedder`, `words`, `vectors`. What writes holds the lock."""

    def __init__(
        self,
        folder: Path,
        embeddings: str,
        opener: Callable[..., Embedder],
        *,
        exact: bool,
        say: Callable[[str], None],
    ) -> None:
        self.folder = folder
        self._say = say
        self._lock = WritingLock(folder, say)
        self.record = Record(folder / "record.sqlite3")
        self.embedder = LibraryEmbedder(self.record, embeddings, opener)
        self.words = KeptWords(self.record, folder)
        self.vectors = Vectors(self.record, folder, exact=exact)
        if not self.record.is_current() or not self.words.is_there() or not is_renumbered(self.record):
            with self._lock():
                self.record.bring_up_to_date()
                renumbered = not is_renumbered(self.record) and renumber(self.record, self.embedder, say)
                self.words.fill()
                if renumbered:
                    self.fill_vectors()
        self._keep_private()

    def close(self) -> None:
        """Lets go of all files."""
        self.words.close()
        self.vectors.close()
        self.record.close()

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """The lock, and a word index that has what the record has. Raises LibraryError where the disk fails."""
        try:
            with self._lock():
                self.words.fill()
                try:
                    yield
                finally:
                    self._keep_private()
        except (sqlite3.Error, OSError) as error:
            reason = f"{self.folder} cannot be written ({error})"
            raise LibraryError(f"{reason}: make room or mend that; what was reported stored is there.") from error

    def _keep_private(self) -> None:
        """Chroma and tantivy make their files as the umask says, in a folder that is closed; closed they are, too."""
        for pattern in ("words-*", "chroma-*"):
            for path in self.folder.glob(pattern):
                close_to_others(path)

    def add(self, addition: Addition, batch: Sequence[Paper], stored: Callable[[], None]) -> None:
        """Stores a batch, with its vectors and words, in one transaction, and says so by `stored`. Chroma may be
        left behind by some. Raises EmbeddingError, with nothing of the batch stored."""
        with self.writing():
            embedder = self.embedder.for_writing()
            with self.record.transaction() as change:
                addition.store(self.record, batch, change)
                self.embedder.embed_lacking(embedder, after=change - 1)
            self.words.fill()
            stored()
            model = self.embedder.name
            if self.vectors.lag(model) >= max(_LEAST_LEFT, _SHARE_LEFT * self.record.count_chunks(model)):
                self.fill_vectors()

    def preview(self, papers: Iterable[Paper]) -> Addition:
        """What an addition would do, with nothing stored."""
        addition = Addition()
        with self._lock(), contextlib.suppress(_Undone), self.record.transaction() as change:
            addition.store(self.record, papers, change)
            raise _Undone
        return addition

    def remove(self, papers: Iterable[Paper]) -> None:
        """Takes papers out. Within `writing`."""
        with self.record.transaction() as change:
            for paper in papers:
                self.record.remove(paper, change)
        self.words.fill()
        self.fill_vectors()

    def fill_vectors(self) -> None:
        """Brings Chroma up to date; says so where that fails. Within `writing`."""
        if not self.embedder.dimension:
            return
        try:
            self.vectors.fill(self.embedder.name, self.embedder.dimension)
        except ChromaError as error:
            self._say(f"The vector index could not be written: {error} Searches read the record instead.")
        else:
            self.record.forget_removed(min(self.words.change(), self.vectors.change()))

    def problems(self) -> list[str]:
        """In what record, words and vectors disagree, found by comparing everything; a sentence each."""
        model = self.embedder.name
        return [*self.record.problems(model), *self.words.problems(), *self.vectors.problems(model)]

    def repair(self) -> None:
        """Makes anew what `problems` finds. Raises EmbeddingError where the record has lost vectors and they cannot
        be made again."""
        with self.writing():
            with self.record.transaction():
                if self.record.count():
                    self.embedder.embed_lacking(self.embedder.for_writing())
                self.record.forget_unused_vectors()
            if self.words.problems():
                self.words.rebuild()
            self.fill_vectors()
            if self.vectors.problems(self.embedder.name):
                self.vectors.rebuild(self.embedder.name, self.embedder.dimension)

    def reindex(self, embeddings: str | None, progress: Callable[[int, int], None]) -> None:
        """Makes the vectors by another embedder (None, `auto`: the same), but for texts that have one by it already,
        and then both indexes anew. Each transaction is kept when this is broken off. Raises EmbeddingError."""
        embedder = self.embedder.other(self.embedder.name if embeddings in (None, "auto") else embeddings)
        if embedder.dimension:  # a server says it with the first vector
            with self.writing(), self.record.transaction():
                if self.record.forget_vectors_unlike(embedder.name, embedder.dimension):
                    self.embedder.adopt(embedder)
        made = 1
        while made:
            with self.writing():
                with self.record.transaction():
                    made = self.embedder.embed_lacking(embedder, limit=_TEXTS_AT_ONCE)
                    if not made:
                        self.embedder.adopt(embedder)
                texts, have = self.record.count_vectors(embedder.name)
                progress(have, texts)
                if not made:
                    self.words.rebuild()
                    if self.embedder.dimension:
                        self.vectors.rebuild(embedder.name, self.embedder.dimension)


class _Undone(Exception):
    """Ends a transaction that was only tried."""
