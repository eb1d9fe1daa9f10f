"""The state of a library, as `papers status` shows it."""

from dataclasses import dataclass
from pathlib import Path

from index.storage.server_index import ServerStatus


@dataclass(frozen=True)
class LibraryStatus:
    """The state of a library. `agree`: whether record, words and vectors agree, None if that was not checked; where
    they do not, `notices` says so. `disk`: bytes of the papers with their indexes here. `chroma`: `embedded`, or the
    address of the server, and `server` how it stands."""

    home: Path
    papers: int
    first: str | None
    last: str | None
    embeddings: str
    chroma: str
    agree: bool | None
    notices: tuple[str, ...]
    rejects: int = 0
    disk: int = 0
    server: ServerStatus | None = None
