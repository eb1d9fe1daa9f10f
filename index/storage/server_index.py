"""The vectors of a library on a Chroma server, in a collection that is filled from the record.

A batch is sent under the writing lock, in the order of the record's changes, and the collection's metadata then say how
far it goes: after a kill, what is not told there is sent again. A rebuild fills a new collection in the same way, by
whoever has the lock, and the record points to it once it is complete. The server is never waited for longer than a
moment: while it does not answer, the record does, and the server is asked again after a while.
"""

import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from index.storage.chroma.address import ChromaServer
from index.storage.chroma.collection import ChromaError
from index.storage.chroma.requests import ChromaRequests, NoCollection
from index.storage.chroma.server import (
    ServerCollection,
    create_collection,
    delete_collection,
    find_collection,
)
from index.storage.held import HeldVectors
from index.storage.record import Record
from index.storage.server_note import KeptCollection, ServerNote, keep_note, new_mark, new_note, note_of
from index.storage.vector_index import SHARE, Covered, Lock, disagreements, finds_all_parts, lag_of, pages

if TYPE_CHECKING:
    import numpy as np

AGAIN_SECONDS = 30.0  # until a server that has failed is asked again
_LOOK_SECONDS = 5.0  # for which what a collection was found to include is believed
_BATCH = 900  # chunks sent while the lock is held: about a second
_COMPARED = 3_000  # chunks that are compared with the record's
_LOOKS = 3  # at a collection that may be written meanwhile


@dataclass(frozen=True)
class ServerStatus:
    """How the library's collection on a server stands. `reachable`: whether the server answers; if not, `reason` says
    why not. `vectors`: how many it has, None if it could not be asked; `lag`: how many chunks it lacks, or should no
    longer have."""

    url: str
    collection: str | None
    vectors: int | None
    lag: int
    reachable: bool
    reason: str


@dataclass(frozen=True)
class _Looked:
    """What was found on the server, and when."""

    collection: ServerCollection
    covered: Covered
    at: float


class ServerIndex:
    """The vectors of a library on a Chroma server: a VectorIndex."""

    windows = False  # its filter by days is many times slower than a scan of the record
    apart = False  # the work is done there

    def __init__(self, record: Record, server: ChromaServer) -> None:
        self._record = record
        self._server = server
        self._requests = ChromaRequests(server)
        self._looking = threading.Lock()
        self._looked: _Looked | None = None
        self._silent_until = 0.0  # on the monotonic clock
        self._failure = ""
        self._lost = False

    # -- searching

    def nearest(self, model: str, vector: "np.ndarray", n: int) -> list[tuple[int, float]] | None:
        """The nearest chunks in no order, at most 300 of the server's; None if it cannot answer."""
        if self._is_silent():
            return None
        try:
            covered = self._current(model)
            found = None if covered is None else covered.nearest(self._record, vector, n)
        except NoCollection:  # it went since it was looked up
            self._looked, self._lost = None, True
            return None
        except ChromaError as error:
            self._failed(error)
            return None
        self._failure = ""
        return found

    def _is_silent(self) -> bool:
        return time.monotonic() < self._silent_until

    def _failed(self, error: ChromaError) -> None:
        self._looked = None
        self._failure = str(error)
        self._silent_until = time.monotonic() + AGAIN_SECONDS

    @property
    def notice(self) -> str:
        """A sentence if the server could not answer when it was last asked; empty if it could."""
        if self._failure:
            return f"{self._failure} Searches read the record instead; it is asked again after {AGAIN_SECONDS:.0f} s."
        if self._lost:
            return (
                f"The Chroma server at {self._server.shown} does not have this library's vectors: searches read the "
                "record instead. The window sends them again within minutes; so does `papers status --repair`."
            )
        return ""

    def _current(self, model: str) -> Covered | None:
        """The collection in use, looked up again every few seconds. Raises ChromaError."""
        used = note_of(self._record).used
        if used is None or used.model != model:
            return None
        looked, now = self._looked, time.monotonic()
        if looked and looked.collection.name == used.name and now - looked.at < _LOOK_SECONDS:
            return looked.covered
        collection = self._find(used.name)
        self._lost = collection is None
        if collection is None:
            self._looked = None
            return None
        with self._looking:
            change = _change_of(collection)
            same = looked and looked.collection.id == collection.id and looked.covered.change == change
            newer = HeldVectors(self._record, model, self._record.dimension(model), after=change)
            covered = looked.covered if looked and same else Covered(collection, change, newer)
            self._looked = _Looked(collection, covered, now)
        return covered

    def _find(self, name: str) -> ServerCollection | None:
        """The collection in use or being filled, if the server has it as this library left it. Raises ChromaError."""
        for _ in range(_LOOKS):
            collection = find_collection(self._requests, name)
            note = note_of(self._record)  # after the look: its mark is there before a batch is sent
            kept = next((each for each in (note.used, note.building) if each and each.name == name), None)
            if collection is None or kept is None:
                return None
            if kept.has_mark(collection.metadata):
                return collection
        return None

    def close(self) -> None:
        """Closes the connections."""
        self._looked = None
        self._requests.close()

    # -- agreeing with the record

    def change(self) -> int:
        """The last change of the record that all collections include; -1 if there is none."""
        note = note_of(self._record)
        return min((kept.change for kept in (note.used, note.building) if kept), default=-1)

    def is_behind(self, model: str, more: int | None) -> bool:
        """Whether it is worth bringing the server up to date (see VectorIndex); False while it does not answer."""
        if self._is_silent():
            return False
        note = note_of(self._record)
        used = note.used
        if used is None or used.model != model or note.building or self._lost:
            return self._record.count_chunks(model) > 0
        if more is not None and more < SHARE * used.count:
            return False
        lag = lag_of(self._record, model, used.change)
        if lag > 0 and lag >= SHARE * used.count:
            return True
        try:
            self._lost = self._find(used.name) is None
        except ChromaError as error:
            self._failed(error)
        return self._lost

    def confirm(self) -> None:
        """Nothing has to be noted."""

    def problems(self, model: str) -> list[str]:
        """Where the collection and the record disagree, found by comparing chunks from the whole of it."""
        used = note_of(self._record).used
        if used is None:
            return [f"The Chroma server at {self._server.shown} has no vectors yet."] if self._count(model) else []
        if used.model != model:
            return [f"Chroma has the vectors of {used.model}, the library those of {model}."]
        try:
            collection = self._find(used.name)
            if collection is None:
                self._lost = True
                return [f"The Chroma server at {self._server.shown} does not have this library's vectors."]
            return disagreements(self._record, model, _change_of(collection), collection, _COMPARED)
        except ChromaError as error:
            return [f"The vectors could not be compared. {error}"]

    def _count(self, model: str) -> int:
        return self._record.count_chunks(model)

    def status(self, model: str) -> ServerStatus:
        """How the collection stands; asks the server."""
        note = note_of(self._record)
        kept = note.used or note.building
        lag = lag_of(self._record, model, kept.change if kept and kept.model == model else -1)
        name = kept.name if kept else None
        try:
            found = find_collection(self._requests, name or "none-yet")  # also to hear whether the server answers
            vectors = found.count() if found and name else 0
            self._lost = bool(note.used and self._find(note.used.name) is None)
        except ChromaError as error:
            self._failed(error)
            return ServerStatus(self._server.url, name, None, lag, False, str(error))
        self._failure, self._silent_until = "", 0.0
        return ServerStatus(self._server.url, name, vectors, self._count(model) if self._lost else lag, True, "")

    # -- writing

    def fill(self, model: str, dimension: int, lock: Lock) -> None:
        """Sends what the collection lacks, a batch each time the lock is held; fills a new one if there is none, or not
        as it was left, or of another model. Raises ChromaError."""
        try:
            done = False
            while not done:
                with lock():
                    done = self._send_some(model, dimension)
        except ChromaError as error:
            self._failed(error)
            raise

    def rebuild(self, model: str, dimension: int) -> None:
        """Fills a new collection from the record, and puts it in the place of the one in use. Raises ChromaError."""
        try:
            self._begin(note_of(self._record), model)
            while not self._send_some(model, dimension):
                pass
        except ChromaError as error:
            self._failed(error)
            raise

    def _send_some(self, model: str, dimension: int) -> bool:
        """Sends one batch to the collection that is being filled, or else to the one in use. Returns whether that one
        is up to date, and in use."""
        note = note_of(self._record)
        if not note.building and not note.used and not self._count(model):
            return True
        collection, building = None, note.building
        if building and building.model == model:
            collection = self._find(building.name)
        elif building is None and note.used and note.used.model == model:
            collection = self._find(note.used.name)
        if collection is None:
            collection = self._begin(self._without_strange(note), model)
        note = note_of(self._record)
        if not self._send_batch(note, collection, model, dimension):
            return False
        note = note_of(self._record)
        whole = collection.count() == self._count(model)
        if note.building is None:
            if not whole:  # a chunk is missing, or stayed: the server lost writes, or another index was used meanwhile
                self._begin(note, model)
            return whole
        if not whole or not finds_all_parts(self._record, model, collection):
            keep_note(self._record, replace(note, building=None, old=(*note.old, note.building.name)))
            raise ChromaError(f"The Chroma server at {self._server.shown} does not contain what was sent to it.")
        keep_note(self._record, note.in_place())
        self._looked, self._lost, self._failure = None, False, ""
        self._delete_old()
        return True

    def _without_strange(self, note: ServerNote) -> ServerNote:
        """The note without a collection in use that the server has, but not as this library left it: it is another's
        now, as are the names that begin as its does. Raises ChromaError."""
        strange = [kept for kept in (note.used, note.building) if kept and find_collection(self._requests, kept.name)]
        if any(self._find(kept.name) is None for kept in strange):
            return new_note()
        return note

    def _begin(self, note: ServerNote, model: str) -> ServerCollection:
        """Makes a collection to be filled, and notes it before it is there. Raises ChromaError."""
        while True:
            note = note.begun(model)
            keep_note(self._record, note)
            kept = note.building
            assert kept is not None
            metadata = {"library": note.library, "model": model, "change": -1, "beyond": 0, "mark": kept.mark}
            taken = find_collection(self._requests, kept.name)  # a server that is silent is not waited for to write
            if not taken and (collection := create_collection(self._requests, kept.name, metadata)):
                return collection
            note = new_note()  # the name is taken: by a copy of this library

    def _send_batch(self, note: ServerNote, collection: ServerCollection, model: str, dimension: int) -> bool:
        """Sends the next chunks, and removes those that are gone. Returns whether nothing is left to be sent."""
        after, beyond = _change_of(collection), _number(collection, "beyond", 0)
        change = self._record.change()
        rows = self._record.next_chunks(model, after, beyond, _BATCH + 1)
        left, rows = len(rows) > _BATCH, rows[:_BATCH]
        upto, last = (rows[-1][1] - 1, rows[-1][0]) if left else (change, 0)
        removed = self._record.removed("chunk", after, upto) if after >= 0 or beyond else []  # of what was sent
        gone = [int(chunk) for chunk in removed]
        if not rows and not gone and after == change:
            return True
        mark = new_mark()
        self._keep(note, collection.name, mark=collection.metadata["mark"], coming=mark)
        collection.remove(gone)
        for chunks, vectors in pages(self._record, model, dimension, [chunk for chunk, _ in rows]):
            collection.put(chunks, vectors)
        collection.describe({**collection.metadata, "change": upto, "beyond": last, "mark": mark})
        count = {} if left else {"count": self._count(model)}
        self._keep(note, collection.name, change=upto, mark=mark, coming=mark, **count)
        return not left

    def _keep(self, note: ServerNote, name: str, **values: Any) -> None:
        """Notes something about one of the collections."""

        def changed(kept: KeptCollection | None) -> KeptCollection | None:
            return replace(kept, **values) if kept and kept.name == name else kept

        keep_note(self._record, replace(note, used=changed(note.used), building=changed(note.building)))

    def _delete_old(self) -> None:
        """Deletes the collections that are no longer needed; what cannot be deleted now is another time."""
        note = note_of(self._record)
        for name in note.old:
            try:
                found = find_collection(self._requests, name)
                if found and found.metadata.get("library") == note.library:
                    delete_collection(self._requests, name)
            except ChromaError:
                return
            note = replace(note, old=tuple(each for each in note.old if each != name))
            keep_note(self._record, note)


def _change_of(collection: ServerCollection) -> int:
    """The change of the record that a collection includes, as its metadata say."""
    return _number(collection, "change", -1)


def _number(collection: ServerCollection, name: str, otherwise: int) -> int:
    value = collection.metadata.get(name)
    return value if isinstance(value, int) else otherwise
