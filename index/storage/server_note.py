"""What the record notes about a library's collections on a Chroma server: which one is in use, which is being filled,
and which are to be deleted.

A collection carries, in its metadata, the change that it includes and a mark that is new with every batch. The record
notes the mark before a batch and after it. So a collection with another mark was written by somebody else (a copy of
this library's folder, or this library before an older record was put back), or was put back itself, and is given up.
"""

import secrets
from dataclasses import asdict, dataclass, replace
from typing import Any

from index.storage.record import Record

_KEY = "chroma-server"


@dataclass(frozen=True)
class KeptCollection:
    """A collection as the record knows it. `mark`: that of the last batch that was finished; `coming`: that of the one
    that may have been; `count`: its chunks, once it was up to date."""

    name: str
    model: str
    change: int = -1
    mark: str = ""
    coming: str = ""
    count: int = 0

    def has_mark(self, metadata: dict[str, Any]) -> bool:
        """Whether a collection on the server is this one, as this library has left it."""
        return metadata.get("mark") in (self.mark, self.coming)


@dataclass(frozen=True)
class ServerNote:
    """The record's note. `library`: what the names of its collections begin with; `old`: names of collections that are
    no longer needed. Which server they are on is not noted: another one does not have them."""

    library: str
    number: int = 0
    used: KeptCollection | None = None
    building: KeptCollection | None = None
    old: tuple[str, ...] = ()

    def begun(self, model: str) -> "ServerNote":
        """The note with another collection to be filled in place of the one that was."""
        number = self.number + 1
        mark = new_mark()
        kept = KeptCollection(f"papers-{self.library}-{number}", model, mark=mark, coming=mark)
        old = (*self.old, self.building.name) if self.building else self.old
        return replace(self, number=number, building=kept, old=old)

    def in_place(self) -> "ServerNote":
        """The note with the collection that was filled in use."""
        old = (*self.old, self.used.name) if self.used else self.old
        return replace(self, used=self.building, building=None, old=old)


def new_mark() -> str:
    """A mark that no other batch has."""
    return secrets.token_hex(8)


def new_note() -> ServerNote:
    """The note of a library that has no collection yet, with a name of its own."""
    return ServerNote(secrets.token_hex(8))


def note_of(record: Record) -> ServerNote:
    """The record's note; where there is none, one without collections."""
    state = record.state(_KEY)
    try:
        kept = {name: KeptCollection(**state[name]) if state[name] else None for name in ("used", "building")}
        return ServerNote(state["library"], state["number"], **kept, old=tuple(state["old"]))
    except (KeyError, TypeError):
        return new_note()


def keep_note(record: Record, note: ServerNote) -> None:
    """Notes it. For the holder of the writing lock."""
    record.keep_state(_KEY, **asdict(note))
