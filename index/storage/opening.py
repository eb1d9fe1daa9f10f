"""Opening the record of a folder: as it is, or, where the folder cannot be written, for reading only; and refusing one
that was lost, instead of beginning an empty library in its place.
"""

import contextlib
import errno
import json
import os
import sqlite3
from pathlib import Path
from typing import Any

from index.english import count_of
from index.errors import LibraryError
from index.safety.read_only import CONTENT, copy_of, is_read_only
from index.safety.system_errors import is_damage, is_of_the_disk, sentence, why
from index.storage.record import Record
from index.storage.record_file import damaged
from index.storage.renumbering import is_renumbered
from index.storage.schema import version_of

RECORD = "record.sqlite3"
_INDEXES = ("words-*/meta.json", "chroma-*/chroma.sqlite3")


def open_record(folder: Path) -> tuple[Record, str]:
    """The record of a folder, and why it cannot be written; empty if it can. A read-only one is read as it is; one with
    changes that are not in the file yet, or of an earlier version, from a temporary copy. Raises LibraryError,
    OSError."""
    file = folder / RECORD
    _refuse_lost(file)
    if file.exists() and is_read_only(file):
        return _read_only(file), _why_not(file)
    try:
        record = Record(file)
        if not version_of(record.connection()) or not (record.state("chroma") or record.count()):
            with contextlib.ExitStack() as closing:
                closing.callback(record.close)
                _refuse_emptied(file)
                closing.pop_all()
        return record, ""
    except sqlite3.Error as error:
        if is_damage(error):
            raise damaged(file, error) from error
        if not (is_of_the_disk(error) and file.exists() and file.stat().st_size):
            raise LibraryError(sentence(error, "opened", file)) from error
        return _read_only(file), why(error)


def _read_only(file: Path) -> Record:
    try:
        if not any(_size(file.with_name(f"{RECORD}{beside}")) for beside in CONTENT[1:]):
            record = Record(file, frozen=True)
            if record.is_current() and is_renumbered(record):
                return record
            record.close()
        record = Record(copy_of(file))
        record.bring_up_to_date()
        return record
    except sqlite3.Error as error:
        raise (damaged(file, error) if is_damage(error) else LibraryError(sentence(error, "read", file))) from error


def _why_not(file: Path) -> str:
    """Why a read-only file cannot be written, in the system's own words."""
    for path, flags in ((file, os.O_WRONLY), (file.parent / f".{RECORD}-try", os.O_WRONLY | os.O_CREAT | os.O_EXCL)):
        try:
            os.close(os.open(path, flags, 0o600))
        except OSError as error:
            if error.errno != errno.EEXIST:
                return why(error)
        else:
            if flags & os.O_CREAT:
                path.unlink(missing_ok=True)
    return "it is read-only"


def _size(file: Path) -> int:
    with contextlib.suppress(OSError):
        return file.stat().st_size
    return 0


def _refuse_lost(file: Path) -> None:
    """Raises LibraryError if there is no record, or an empty one, beside indexes that were made from one."""
    if not _size(file) and not _size(file.with_name(f"{file.name}-wal")):
        _refuse_emptied(file)


def _refuse_emptied(file: Path) -> None:
    folder = file.parent
    made = [path for pattern in _INDEXES for path in folder.glob(pattern)]
    papers = max((_papers_in(path) for path in made if path.name == "meta.json"), default=0)
    if not papers and not any(path.name != "meta.json" for path in made):
        return
    of = f" {count_of(papers, 'paper')}" if papers else " its papers"
    copies = sorted((p for p in folder.glob(f"{file.name}.*") if _size(p)), key=lambda p: p.stat().st_mtime)
    copy = f" A copy from an earlier version is there: {copies[-1].name}." if copies else ""
    raise LibraryError(
        f"The record of this library, {file}, is {'empty' if file.exists() else 'missing'}, but the indexes made from "
        f"it are there, with{of}. Nothing was changed. Put the file back, or a backup with `papers restore FILE`.{copy}"
        " To begin anew instead, remove the folders words-* and chroma-*."
    )


def _papers_in(meta: Path) -> int:
    """How many papers tantivy's own note counts in a word index."""
    try:
        segments: list[dict[str, Any]] = json.loads(meta.read_text(encoding="utf-8"))["segments"]
        return sum(s["max_doc"] - ((s.get("deletes") or {}).get("num_deleted_docs") or 0) for s in segments)
    except (OSError, ValueError, KeyError, TypeError):
        return 0
