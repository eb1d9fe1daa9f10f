"""Backing up a library and restoring it: the record, and whatever else its folder keeps in SQLite files of a name that
the caller gives. The indexes are not in a backup: they are made again from the record.
"""

import contextlib
import datetime
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from index.errors import LibraryError
from index.safety.permissions import private_file, private_folder
from index.safety.read_only import CONTENT, is_read_only, writable
from index.safety.system_errors import sentence
from index.storage.backup import opens, put_back, read_backup, schema_of, write_backup
from index.storage.lock import WritingLock
from index.storage.opening import RECORD
from index.storage.record import Record
from index.storage.salvage import begin_after, change_of, save_in_place, saved_sentence
from index.storage.schema import STEPS

_HOLDS = {  # the table that tells whether a file holds anything, and what that is
    RECORD: ("papers", "papers"),
    "conversations.sqlite3": ("conversations", "conversations"),
    "digests.sqlite3": ("editions", "digests"),
}


@dataclass(frozen=True)
class Restored:
    """What a restoration did: how many papers there are now, what was put back by name, the version that made the
    backup and when (UTC), and where the old library is kept, if there was one."""

    papers: int
    files: tuple[str, ...]
    version: str
    made: str
    kept: Path | None = None


def back_up(folder: Path, file: Path, also: Mapping[str, int] | None = None) -> int:
    """Writes a backup of the library in a folder to one file, readable by its owner only; other processes may go on
    writing. `also`: the names of further SQLite files there, with the newest version of their schema. Returns how many
    papers it has. Raises LibraryError."""
    if not (folder / RECORD).exists():
        raise LibraryError(f"There is no library in {folder}, so no backup was made: check --home or PAPERS_HOME.")
    members = {RECORD: folder / RECORD, **{name: folder / name for name in also or {} if (folder / name).exists()}}
    try:
        members = {name: writable(path) for name, path in members.items()}
        return write_backup(file.expanduser(), members, _rows(members[RECORD], "papers") or 0).papers
    except OSError as error:
        raise LibraryError(f"{sentence(error, 'written', file)} No backup was made.") from error


def restore(
    file: Path,
    folder: Path,
    also: Mapping[str, int] | None = None,
    *,
    replace: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Restored:
    """Puts the papers of a backup into a folder, in one step for everybody who has the library open. `also`: as for
    `back_up`; what the backup has of these is put back, too. A library that holds papers is only given up with
    `replace`, and is backed up first. Raises LibraryError, with nothing changed. The indexes are made when the library
    is next opened."""
    known = {RECORD: len(STEPS), **(also or {})}
    try:
        file = file.expanduser()
        file.stat()
        private_folder(folder)
        if is_read_only(folder / RECORD):
            raise LibraryError(f"Nothing was changed: {folder} cannot be written. Choose another folder (PAPERS_HOME).")
        with tempfile.TemporaryDirectory(dir=folder, prefix=".restoring-") as temporary:
            manifest = read_backup(file, Path(temporary), known)
            if RECORD not in manifest.files:
                raise LibraryError(f"{file} has no papers in it: use another backup. Nothing was changed.")
            record = Path(temporary) / RECORD
            _bring_up_to_date(record)
            with WritingLock(folder, say)():
                held = _held(folder, list(manifest.files))
                if held and not replace:
                    raise LibraryError(
                        f"Nothing was changed: {folder} holds {held} already. --replace puts the backup in their "
                        "place, and keeps a backup of what is there."
                    )
                kept = _keep(folder, list(known)) if held else None
                papers = begin_after(record, change_of(folder / RECORD))
                for name in manifest.files:
                    put_back(Path(temporary) / name, folder / name)
    except OSError as error:
        raise LibraryError(sentence(error, "read", error.filename or file)) from error
    return Restored(papers, tuple(manifest.files), manifest.version, manifest.made, kept)


def mend(folder: Path, say: Callable[[str], None] = lambda _: None) -> str:
    """Saves what can be read of a record that is so damaged that its library cannot be opened, and keeps the damaged
    one beside it. Returns a sentence that says so; an empty one if nothing was to be done. Raises LibraryError."""
    record = folder / RECORD
    if not record.exists() or not record.stat().st_size or opens(record) or is_read_only(record):
        return ""
    try:
        with WritingLock(folder, say)():
            return saved_sentence(*save_in_place(record))
    except OSError as error:
        raise LibraryError(sentence(error, "written", folder)) from error


def _bring_up_to_date(record: Path) -> None:
    """Migrates the record of a backup, before anything else is touched. Raises LibraryError."""
    try:
        with contextlib.closing(Record(record)) as opened:
            if not schema_of(record):
                raise LibraryError("The backup holds no papers: use another one. Nothing was changed.")
            opened.bring_up_to_date()
    except sqlite3.Error as error:
        raise LibraryError(f"The backup cannot be used ({error}): use another one. Nothing was changed.") from error


def _held(folder: Path, names: list[str]) -> str:
    """What a folder holds in files of these names, in words; empty if nothing. A damaged one may hold anything."""
    for name in names:
        path = folder / name
        if path.exists() and path.stat().st_size:
            rows = _rows(path, _HOLDS[name][0])
            if rows is None or rows:
                return _HOLDS[name][1] if rows else f"a damaged file ({name})"
    return ""


def _rows(path: Path, table: str) -> int | None:
    """How many rows a table has, 0 if there is no such table, None if the file is damaged."""
    try:
        with _read(path) as sql:
            if not sql.execute("SELECT count(*) FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]:
                return 0
            return int(sql.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    except sqlite3.Error:
        return None


def _read(path: Path) -> "contextlib.closing[sqlite3.Connection]":
    return contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=30))


def _keep(folder: Path, names: list[str]) -> Path:
    """Keeps what a folder holds: as a backup beside it, or, if it is damaged, as copies of the files as they are."""
    now = datetime.datetime.now(datetime.UTC).strftime("%Y%m%d-%H%M%S")
    members = {name: folder / name for name in names if (folder / name).exists()}
    kept = folder / f"before-restore-{now}.zip"
    try:
        write_backup(kept, members, _rows(members[RECORD], "papers") or 0 if RECORD in members else 0)
    except LibraryError:
        kept = folder / f"before-restore-{now}"
        kept.mkdir(mode=0o700)
        for path in members.values():
            for beside in CONTENT:
                if Path(f"{path}{beside}").exists():
                    shutil.copyfile(f"{path}{beside}", private_file(kept / f"{path.name}{beside}"))
    return kept
