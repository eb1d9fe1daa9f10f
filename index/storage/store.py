"""What a library keeps, and how it stays consistent: the record, and the word and vector indexes built from it.

A writer holds the folder's lock for one batch at a time and brings the indexes up to date with the record. Knows
nothing of queries.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from index.embedding import Embedder
from index.errors import EmbeddingError, LibraryError
from index.paper import Paper
from index.safety.permissions import close_to_others
from index.safety.system_errors import is_damage, sentence
from index.storage import record_check
from index.storage.catching_up import catch_up_apart
from index.storage.chroma.address import ChromaServer
from index.storage.chroma.collection import ChromaError
from index.storage.embedder import LibraryEmbedder
from index.storage.library_words import LibraryWords
from index.storage.lock import WritingLock
from index.storage.merge import Addition
from index.storage.opening import open_record
from index.storage.record_check import damage_of, note_whole
from index.storage.record_file import damaged
from index.storage.renumbering import is_renumbered, renumber
from index.storage.salvage import save_in_place, saved_sentence
from index.storage.vectors import Vectors

_PAPERS_AT_ONCE = 1_000
_FEW_CHUNKS = 500  # put into Chroma in this process: starting another costs as much
_TEXTS = 4  # chunks that a paper has, about
_TEXTS_AT_ONCE = 256  # in a transaction of a reindexing, which may be paid for
_WAITING = "waiting"  # the record's note that chunks wait for their vectors: beyond, the last one that does not


class Store:
    """A library's folder: `record`, `embedder`, `words`, `vectors`. Methods that write take the lock. `say` is told
    what a user must know in the end, `tell` what goes on now. `read_only`: why nothing can be written; `damage`: what
    is wrong with the record's file; each empty if nothing is."""

    def __init__(
        self,
        folder: Path,
        embeddings: str,
        opener: Callable[..., Embedder],
        *,
        exact: bool,
        server: ChromaServer | None,
        say: Callable[[str], None],
        tell: Callable[[str], None],
    ) -> None:
        self.folder = folder
        self._say = say
        self._tell = tell
        self._lock = WritingLock(folder, say)
        self._no_vectors = False
        self.record, self.read_only = open_record(folder)
        self.embedder = LibraryEmbedder(self.record, embeddings, opener)
        self.words = LibraryWords(self.record, folder, read_only=bool(self.read_only), tell=tell)
        self.vectors = Vectors(self.record, folder, exact=exact or bool(self.read_only), server=server)
        self.damage = damage_of(self.record)
        if self.read_only or self.damage:
            return
        if not self.record.is_current() or self.words.change() < 0 or not is_renumbered(self.record):
            with self._lock():
                self.record.bring_up_to_date()
                renumbered = not is_renumbered(self.record) and renumber(self.record, self.embedder, say)
                self.words.fill()
                if renumbered:
                    self.catch_up()
        elif self.words.change() < self.record.change():
            self._catch_up_words()
        self._keep_private()

    def close(self) -> None:
        """Closes all files."""
        self.words.close()
        self.vectors.close()
        self.record.close()
        if not (self.damage or self.read_only):
            note_whole(self.record.file)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the lock, with the word index up to date with the record. Raises LibraryError if the library is
        read-only, or the disk fails."""
        self._refuse_unsafe()
        with self._disk_failures(), self._lock():
            self.words.fill()
            try:
                yield
            finally:
                self._keep_private()

    @contextlib.contextmanager
    def _disk_failures(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if is_damage(error):
                raise damaged(self.record.file, error) from error
            said = sentence(error, "written", self.folder)
            raise LibraryError(f"{said} What was reported as stored is safe.") from error

    @property
    def damage_notice(self) -> str:
        """A sentence if the record's file is damaged; empty if it is not."""
        if not self.damage:
            return ""
        return (
            f"The record {self.record.file} is damaged ({self.damage}): papers may be missing or wrong. "
            "`papers status --repair` saves what can be read, `papers restore FILE --replace` puts back a backup."
        )

    @property
    def read_only_notice(self) -> str:
        """A sentence if nothing can be written here; empty if it can."""
        if not self.read_only:
            return ""
        return (
            f"This library is read-only. {self.folder} cannot be written: {self.read_only}. "
            "Searching, listing and asking work."
        )

    def _refuse_unsafe(self) -> None:
        if notice := self.damage_notice or self.read_only_notice:
            raise LibraryError(f"Nothing was changed. {notice}")

    def _catch_up_words(self) -> None:
        """Gives the word index what a writer that was killed had still to write; not while somebody is writing."""
        with contextlib.suppress(LibraryError, OSError, sqlite3.Error), self._lock.if_free() as free:
            if free:
                self.words.fill()

    def _keep_private(self) -> None:
        """Makes the files of Chroma and tantivy private: they are created as the umask says, in a private folder."""
        for pattern in ("words-*", "chroma-*"):
            for path in self.folder.glob(pattern):
                close_to_others(path)

    def add(self, addition: Addition, papers: Iterable[Paper], stored: Callable[[int], None]) -> None:
        """Stores papers as they come: a batch in one transaction, then its words. Those that the embedder takes at once
        have their vectors then, others when all are found by their words. `stored` is told how many still wait for
        theirs. Chroma may be left behind. If vectors cannot be made, the papers are stored without, and a notice says
        so."""
        first, at_once, coming = self.record.last_chunk(), self._embedded_at_once(), iter(papers)
        few = True
        while batch := list(islice(coming, _PAPERS_AT_ONCE)):
            few = few and len(batch) <= at_once
            with self.writing():
                with self.record.transaction(much=len(batch) == _PAPERS_AT_ONCE) as change:
                    beyond = self.record.last_chunk()
                    addition.store(self.record, batch, change)
                    if not (few and self._embed(beyond)):
                        self._leave(beyond)
                self.words.fill()
            stored(self._count_waiting())
        if not few or self._count_waiting() <= addition.stored:  # of an addition that was interrupted
            self.embed_waiting(stored)
        self.catch_up(self.record.last_chunk() - first)

    def _embedded_at_once(self) -> int:
        """How many papers the embedder takes at once, if it can be had."""
        with contextlib.suppress(EmbeddingError), self.writing():
            return self.embedder.for_writing().papers_at_once
        return _PAPERS_AT_ONCE

    def _leave(self, beyond: int) -> None:
        """Notes that chunks past an id wait for their vectors. To be called within a transaction."""
        if self.record.last_chunk() > beyond and not self.record.state(_WAITING):
            self.record.keep_state(_WAITING, beyond=beyond)

    def _count_waiting(self) -> int:
        """How many papers wait for vectors that can be made."""
        waiting = {} if self._no_vectors else self.record.state(_WAITING)
        return self.record.count_papers(waiting["beyond"]) if waiting else 0

    def embed_waiting(self, stored: Callable[[int], None] = lambda _: None) -> None:
        """Makes the vectors that papers wait for, some in each transaction, so that an interruption loses little.
        `stored` is told how many papers still wait. A notice says if the vectors cannot be made."""
        if self.read_only or self.damage:
            return
        if self.record.state(_WAITING) and not self._no_vectors:
            self._tell("The papers are stored, and found by their words. Making their vectors ...")
        while not self._no_vectors:
            with self.writing(), self.record.transaction():
                waiting = self.record.state(_WAITING)
                if not waiting:
                    return
                if last := self._embed(waiting["beyond"], some=True):
                    self.record.keep_state(_WAITING, beyond=last)
                elif not self._no_vectors:
                    self.record.forget_state(_WAITING)
            stored(self._count_waiting())

    def _embed(self, beyond: int, *, some: bool = False) -> int:
        """Makes the vectors that chunks past an id lack, at most `some`; once that has failed, not again for this
        library as it is open. To be called within a transaction. Returns the id of the last of them, or 0."""
        if self._no_vectors:
            return 0
        try:
            embedder = self.embedder.for_writing()
            return self.embedder.embed_lacking(embedder, beyond, _TEXTS * embedder.papers_at_once if some else -1)[0]
        except EmbeddingError as error:
            self._no_vectors = True
            self._say(
                f"{error} The papers are stored, and are found by their words; `papers status --repair` makes the "
                "vectors that are missing."
            )
            return 0

    def preview(self, papers: Iterable[Paper]) -> Addition:
        """What an addition would do; nothing is stored."""
        addition = Addition()
        self._refuse_unsafe()
        with self._lock(), contextlib.suppress(_Undone), self.record.transaction() as change:
            addition.store(self.record, papers, change)
            raise _Undone
        return addition

    def remove(self, papers: Iterable[Paper]) -> int:
        """Removes papers. To be called within `writing`; afterwards `catch_up` with the number of chunks that it
        returns."""
        papers = list(papers)
        chunks = self.record.chunk_ids([paper.id for paper in papers])
        with self.record.transaction() as change:
            for paper in papers:
                self.record.remove(paper, change)
        self.words.fill()
        return len(chunks)

    def catch_up(self, more: int | None = None) -> None:
        """Brings Chroma up to date if it is worth it: if it lacks much, or if `more` chunks, which were just added or
        removed, are many. What it lacks is searched in the record until then."""
        if not self.embedder.dimension or self.read_only or self.damage:
            return
        if self.vectors.is_behind(self.embedder.name, more):
            self.fill_vectors()
        elif more is not None:
            with self._disk_failures(), self._lock():
                self.vectors.confirm()

    def fill_vectors(self) -> None:
        """Brings Chroma up to date, with a notice if that fails. Others can write meanwhile, unless the lock is
        held."""
        if not self.embedder.dimension:
            return
        with self._disk_failures(), self._said():
            model = self.embedder.name
            here = self._lock.is_held or not self.vectors.apart or self.vectors.lag(model) <= _FEW_CHUNKS
            if here or not catch_up_apart(self.folder):
                self.vectors.fill(model, self.embedder.dimension, self._lock)
            with self._lock():
                self.record.forget_removed(min(self.words.change(), self.vectors.change()))
                self._keep_private()

    @contextlib.contextmanager
    def _said(self) -> Iterator[None]:
        """Makes a failure of Chroma a notice: the record can answer instead."""
        try:
            yield
        except ChromaError as error:
            self._say(f"The vector index could not be written: {error} Searches read the record instead.")

    def size(self) -> int:
        """Bytes of the record and its indexes on disk."""
        patterns = ("record.sqlite3", "record.sqlite3-wal", "words-*/**/*", "chroma-*/**/*")
        files = {path for pattern in patterns for path in self.folder.glob(pattern)}
        return sum(path.stat().st_size for path in files if path.is_file())

    def problems(self) -> list[str]:
        """Where record, words and vectors disagree, found by comparing everything; one sentence each."""
        if damage := record_check.problems(self.record):
            return damage
        model = self.embedder.name
        vectors = [] if self.read_only else self.vectors.problems(model)  # Chroma writes when it is opened
        return [*self.record.problems(model), *self.words.problems(), *vectors]

    def repair(self) -> None:
        """Rebuilds whatever `problems` finds wrong; what cannot be, a notice says. Of a damaged record it saves what
        can be read."""
        if self.damage or (not self.read_only and record_check.quick_check(self.record)):
            self._save_what_can_be_read()
        with self.writing():
            with self.record.transaction():
                if self.record.count():
                    self._no_vectors = False
                    self._embed(0)
                    if not self._no_vectors:
                        self.record.forget_state(_WAITING)
                self.record.forget_unused_vectors()
            if self.words.problems():
                self.words.rebuild()
            self.fill_vectors()
            if self.embedder.dimension and self.vectors.problems(self.embedder.name):
                with self._said():
                    self.vectors.rebuild(self.embedder.name, self.embedder.dimension)

    def _save_what_can_be_read(self) -> None:
        """Puts what can be read of a damaged record in its place, keeps the damaged one beside it, and says so."""
        if self.read_only:
            raise LibraryError(f"Nothing was changed. {self.read_only_notice}")
        with self._disk_failures(), self._lock():
            said = saved_sentence(*save_in_place(self.record.file))
        self.damage = ""
        note_whole(self.record.file)
        self._say(said)

    def reindex(self, embeddings: str | None, progress: Callable[[int, int], None]) -> None:
        """Computes the vectors with another embedder (None or `auto`: the same one), except for texts that already
        have one by it, and then rebuilds both indexes. Finished transactions survive an interruption. Raises
        EmbeddingError."""
        embedder = self.embedder.other(self.embedder.name if embeddings in (None, "auto") else embeddings)
        if embedder.dimension:  # 0 until a server has sent its first vector
            with self.writing(), self.record.transaction():
                if self.record.forget_vectors_unlike(embedder.name, embedder.dimension):
                    self.embedder.adopt(embedder)
        self._no_vectors = False
        texts, have = self.record.count_vectors(embedder.name)
        beyond = -1
        while beyond:
            with self.writing(), self.record.transaction():
                beyond, made = self.embedder.embed_lacking(embedder, beyond, _TEXTS_AT_ONCE)
                have += made
                if not beyond:
                    self.embedder.adopt(embedder)
                    self.record.forget_state(_WAITING)
            progress(have, texts)
        with self.writing():
            self.words.rebuild()
            if self.embedder.dimension:
                with self._said():
                    self.vectors.rebuild(embedder.name, self.embedder.dimension)


class _Undone(Exception):
    """Rolls back a transaction that was only a trial."""
