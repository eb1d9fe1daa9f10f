"""A backup: one zip file with copies of SQLite files of a library's folder and a manifest, and how it is put back.

The copies are made by SQLite's own backup, so they are of one moment whatever is being written, and put back by it,
all or nothing, into the very file that other processes may have open. Nothing in the zip names a path: only the members
that the manifest may have are read, each at most as long as the manifest says. Knows nothing of papers.
"""

import contextlib
import datetime
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from index.errors import LibraryError
from index.safety.permissions import private_file
from index.safety.read_only import SQLITE
from index.safety.system_errors import is_damage, sentence

FORMAT = 1
_PROGRAM = "daily-papers-assistant"
_MANIFEST = "manifest.json"
_MANIFEST_BYTES = 64 << 10
_BLOCK = 1 << 20
_LEVEL = 1  # of compression: most of it are vectors, which do not shrink


@dataclass(frozen=True)
class Member:
    """An SQLite file in a backup: its length in bytes, its SHA-256, and the version of its schema."""

    bytes: int
    sha256: str
    schema: int


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself: the version of the program that made it, when (UTC), and of how many papers."""

    program: str
    version: str
    format: int
    made: str
    papers: int
    files: Mapping[str, Member]


class NotABackup(LibraryError):
    """A file that is no backup, is damaged, or was made by a newer version; the message says which."""


def write_backup(file: Path, members: Mapping[str, Path], papers: int) -> Manifest:
    """Writes a backup of SQLite files, each under its name, readable by its owner only. An earlier backup in that place
    is replaced once the new one is complete; any other file is not. Raises LibraryError, OSError."""
    if file.is_dir():
        raise LibraryError(f"{file} is a folder: name a file in it, such as {file / 'papers-backup.zip'}.")
    if file.exists() and not _is_backup(file):
        raise LibraryError(f"{file} is there already and is no backup: name another file. Nothing was written.")
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=f".{file.name}-") as folder:
        copies = {name: _copied(path, Path(folder) / name) for name, path in members.items()}
        files = {name: Member(copy.stat().st_size, _sum_of(copy), schema_of(copy)) for name, copy in copies.items()}
        made = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        manifest = Manifest(_PROGRAM, version(_PROGRAM), FORMAT, made, papers, files)
        packed = private_file(Path(folder) / "packed")
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
            archive.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=1))
            for name, copy in copies.items():
                archive.write(copy, name)
        with packed.open("rb") as written:
            os.fsync(written.fileno())
        os.replace(packed, file)
    return manifest


def _copied(path: Path, copy: Path) -> Path:
    """A copy of an SQLite file as it is at one moment. Raises LibraryError if it is damaged."""
    with _named(path), _opened(path, write=False) as source, _opened(private_file(copy)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")  # one file, without others beside it
        _refuse_damaged(target, f"{path} is damaged, so nothing was written: an earlier backup is worth more.")
    return copy


def read_backup(file: Path, folder: Path, known: Mapping[str, int]) -> Manifest:
    """Unpacks the members of a backup that are `known`, by name with the newest schema that can be read, into an empty
    folder, and checks them. Raises NotABackup, OSError."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest_of(archive, file, known)
            needed = sum(member.bytes for member in manifest.files.values())
            if needed > shutil.disk_usage(folder).free:
                raise LibraryError(f"{file} needs {needed >> 20:,} MB here: free some space and try again.")
            for name, member in manifest.files.items():
                _unpack(archive, name, member, folder / name, file)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError) as error:
        if isinstance(error, zipfile.BadZipFile) and not _begins_as_zip(file):
            raise NotABackup(f"{file} is no backup: `papers backup FILE` makes one. Nothing was changed.") from error
        raise NotABackup(_damaged(file, "it is cut short or was changed")) from error
    for name in manifest.files:
        _check_database(folder / name, file)
    return manifest


def _manifest_of(archive: zipfile.ZipFile, file: Path, known: Mapping[str, int]) -> Manifest:
    none = NotABackup(f"{file} is no backup of this program: `papers backup FILE` makes one. Nothing was changed.")
    try:
        with archive.open(_MANIFEST) as member:
            told = json.loads(member.read(_MANIFEST_BYTES + 1)[: _MANIFEST_BYTES + 1])
        if told["program"] != _PROGRAM:
            raise none
        if told["format"] > FORMAT:
            raise NotABackup(_newer(file, str(told["version"])))
        files = {str(name): Member(**member) for name, member in told["files"].items()}
        manifest = Manifest(**{**told, "files": files})
        whole = all(type(m.bytes) is int and m.bytes >= 0 and type(m.schema) is int for m in files.values())
        if not whole or type(manifest.papers) is not int or not files:
            raise none
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise none from None
    if any(name not in known or member.schema > known[name] for name, member in files.items()):
        raise NotABackup(_newer(file, manifest.version))
    return manifest


def _unpack(archive: zipfile.ZipFile, name: str, member: Member, to: Path, file: Path) -> None:
    total, left = hashlib.sha256(), member.bytes
    with archive.open(name) as packed, private_file(to).open("wb") as out:
        while block := packed.read(min(_BLOCK, left + 1)):
            left -= len(block)
            if left < 0:
                raise NotABackup(_damaged(file, f"{name} is longer than it says"))
            total.update(block)
            out.write(block)
    if left or total.hexdigest() != member.sha256:
        raise NotABackup(_damaged(file, f"{name} is not what was written"))


def _check_database(path: Path, file: Path) -> None:
    """Refuses a file that is no database, is damaged, or would run something when it is used."""
    try:
        with _opened(path) as sql:
            sql.execute("PRAGMA trusted_schema = OFF")
            acting = sql.execute(
                "SELECT count(*) FROM sqlite_master WHERE type IN ('trigger', 'view') OR sql LIKE 'CREATE VIRTUAL%'"
            ).fetchone()[0]
            if acting:
                raise NotABackup(_damaged(file, f"{path.name} has more in it than this program writes"))
            _refuse_damaged(sql, _damaged(file, f"{path.name} is damaged"))
    except sqlite3.Error as error:
        raise NotABackup(_damaged(file, f"{path.name} is no database")) from error


def put_back(copy: Path, path: Path) -> None:
    """Gives an SQLite file the content of a copy, in one transaction that other processes see as a whole. A file that
    cannot be opened is moved aside first, to a name that ends in `.damaged`. Raises LibraryError."""
    if path.exists() and not opens(path):
        for beside in SQLITE:
            with contextlib.suppress(FileNotFoundError):
                os.replace(f"{path}{beside}", f"{path}{beside}.damaged")
    with _named(path), _opened(copy) as source, _opened(private_file(path)) as target:
        target.execute("PRAGMA journal_mode = WAL")
        target.execute("PRAGMA synchronous = FULL")
        source.backup(target)


def opens(path: Path) -> bool:
    """Whether SQLite opens a file and reads its schema."""
    try:
        with _opened(path) as sql:
            sql.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        return False
    return True


def schema_of(path: Path) -> int:
    """The version of an SQLite file's schema, as the program that made it numbers them."""
    with _opened(path, write=False) as sql:
        return int(sql.execute("PRAGMA user_version").fetchone()[0])


@contextlib.contextmanager
def _opened(path: Path, *, write: bool = True) -> Iterator[sqlite3.Connection]:
    name = f"{path.absolute().as_uri()}?mode={'rw' if write else 'ro'}"
    with contextlib.closing(sqlite3.connect(name, uri=True, timeout=60, isolation_level=None)) as connection:
        yield connection


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        doing = "read" if is_damage(error) else "copied"
        raise LibraryError(sentence(error, doing, path)) from error


def _refuse_damaged(sql: sqlite3.Connection, said: str) -> None:
    try:
        whole = sql.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        whole = False
    if not whole:
        raise NotABackup(said)


def _sum_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_backup(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as archive, archive.open(_MANIFEST) as member:
            return bool(json.loads(member.read(_MANIFEST_BYTES))["program"] == _PROGRAM)
    except (OSError, zipfile.BadZipFile, zlib.error, LookupError, ValueError, TypeError, RuntimeError):
        return False


def _begins_as_zip(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(4) == b"PK\x03\x04"


def _newer(file: Path, by: str) -> str:
    return f"{file} was made by a newer version of this program ({by[:40]}): update it. Nothing was changed."


def _damaged(file: Path, what: str) -> str:
    return f"{file} is damaged ({what}): use another backup. Nothing was changed."
