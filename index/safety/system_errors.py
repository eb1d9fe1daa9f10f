"""What the operating system, SQLite and the indexes say when a file cannot be read or written, in plain words that end
with the next step. The one place that knows their codes.
"""

import errno
import os
import re
import sqlite3
from pathlib import Path

_SPACE = "free some space and try again"
_WORDS = {
    errno.ENOSPC: f"the disk is full; {_SPACE}",
    errno.EFBIG: f"it would be larger than files may be here; raise the limit (ulimit -f) or {_SPACE}",
    errno.EACCES: "you have no permission; change its permissions or choose another place",
    errno.EPERM: "you have no permission; change its permissions or choose another place",
    errno.EROFS: "the disk is read-only; choose another place",
    errno.EMFILE: "too many files are open; raise the limit (ulimit -n) or close other programs",
    errno.ENFILE: "too many files are open; close other programs",
    errno.ENAMETOOLONG: "its name is too long; choose a shorter one",
    errno.EILSEQ: "its name has characters that this disk does not take; choose another",
    errno.ENOENT: "there is no such file or folder; check its name",
    errno.EEXIST: "there is something of that name already; choose another name",
    errno.EISDIR: "it is a folder; name a file",
    errno.ENOTDIR: "a part of its path is a file, not a folder; check the path",
    errno.ELOOP: "links lead in a circle; name the file itself",
    errno.EIO: "the disk fails; copy what you need from it and have it checked",
    errno.EBUSY: "another program is using it; close that and try again",
    errno.ENOMEM: "there is not enough memory; close other programs and try again",
    errno.ENOTCONN: "the network drive does not answer; connect it again",
    errno.ETIMEDOUT: "the network drive does not answer; connect it again",
    errno.EADDRINUSE: "the port is taken; choose another",
    errno.EPIPE: "the program that was reading has ended; start it again",
    errno.ECONNRESET: "the connection was cut; try again",
    errno.ECONNREFUSED: "nothing answers there; check the address",
}
for _name, _said in {
    "EDQUOT": f"your share of the disk (quota) is used up; {_SPACE}",
    "ESTALE": "the network drive does not answer; connect it again",
    "EHOSTDOWN": "the network drive does not answer; connect it again",
    "ETXTBSY": "another program is using it; close that and try again",
}.items():  # not on every system
    if hasattr(errno, _name):
        _WORDS[getattr(errno, _name)] = _said

_SQLITE = {
    "SQLITE_FULL": _WORDS[errno.ENOSPC],
    "SQLITE_READONLY": "it may not be written; change its permissions or choose another place",
    "SQLITE_PERM": _WORDS[errno.EACCES],
    "SQLITE_CANTOPEN": "it, or its folder, may not be opened; check their permissions and that the disk has space",
    "SQLITE_IOERR": f"the disk, or your share of it, is full or fails; {_SPACE}, or have the disk checked",
    "SQLITE_BUSY": "another process has held it for too long; try again when that has ended",
    "SQLITE_LOCKED": "another process has held it for too long; try again when that has ended",
    "SQLITE_CORRUPT": "it is damaged; put back a copy of it",
    "SQLITE_NOTADB": "it is damaged, or no file of this program; put back a copy of it",
    "SQLITE_TOOBIG": "a text is too long to be stored; shorten it",
    "SQLITE_NOMEM": _WORDS[errno.ENOMEM],
}
_MEANT = {  # what Rust's and SQLite's texts stand for, where no code comes with them
    "no space left on device": errno.ENOSPC,
    "database or disk is full": errno.ENOSPC,
    "quota exceeded": getattr(errno, "EDQUOT", errno.ENOSPC),
    "file too large": errno.EFBIG,
    "permission denied": errno.EACCES,
    "read-only file system": errno.EROFS,
    "too many open files": errno.EMFILE,
    "input/output error": errno.EIO,
}


def why(error: BaseException) -> str:
    """What went wrong and what to do: "the disk is full; free some space and try again". Goes after "FILE cannot be
    written: "; has no full stop. An error of a kind that is not known is given in its own words."""
    if isinstance(error, OSError):
        if error.errno is None:
            return _of_text(str(error)) or _uncoded(str(error))
        return _WORDS.get(error.errno) or _lowered(error.strerror or os.strerror(error.errno))
    if isinstance(error, sqlite3.Error):
        name = getattr(error, "sqlite_errorname", "")
        for known, words in _SQLITE.items():
            if name == known or name.startswith(f"{known}_"):
                return words
    return _of_text(str(error)) or _uncoded(str(error))


def what(error: BaseException) -> str:
    """What went wrong, without what to do, for a sentence that says that itself: "the disk is full"."""
    return why(error).partition("; ")[0]


def sentence(error: BaseException, doing: str = "used", file: str | Path | None = None) -> str:
    """A sentence that names the file: "/x/y cannot be written: the disk is full; free some space and try again."
    `file` is by default the one that the error names; `doing` is "read", "written" and so on."""
    of = file or (error.filename if isinstance(error, OSError) else None)
    words = why(error)
    if not of:
        return f"{words[:1].upper()}{words[1:]}."
    return f"{os.fsdecode(of) if isinstance(of, (str, bytes)) else of} cannot be {doing}: {words}."


def is_damage(error: BaseException) -> bool:
    """Whether SQLite says that a file is damaged, or none of its own."""
    if not isinstance(error, sqlite3.DatabaseError):
        return False
    name = getattr(error, "sqlite_errorname", "")
    return name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or "could not decode to utf-8" in str(error).lower()


def is_of_the_disk(error: BaseException) -> bool:
    """Whether it is the disk or a permission that stopped SQLite."""
    name = getattr(error, "sqlite_errorname", "")
    return name.startswith(("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_PERM", "SQLITE_CANTOPEN", "SQLITE_IOERR"))


def _of_text(text: str) -> str | None:
    if (found := re.search(r"\(os error (\d{1,5})\)|\[Errno (\d{1,5})\]", text)) and (
        words := _WORDS.get(int(found[1] or found[2]))
    ):
        return words
    lowered = text[:2_000].lower()
    return next((_WORDS[code] for said, code in _MEANT.items() if said in lowered), None)


def _uncoded(text: str) -> str:
    return re.sub(r"\[Errno -?\d{1,5}\] ?", "", text[:10_000]).removesuffix(".")


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
