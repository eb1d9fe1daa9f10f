"""Saving what can be read of a damaged record: every row that SQLite still gives, in a new file of the same schema.

What is derived is made anew: sentences, chunks, other ids and days come from the papers themselves. Vectors that cannot
be read are computed again. Knows SQL, and of papers only how the record splits them.
"""

import contextlib
import datetime
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from index.english import count_of
from index.errors import LibraryError
from index.safety.permissions import private_file
from index.safety.read_only import CONTENT, SQLITE
from index.storage.backup import opens, put_back
from index.storage.record import Record
from index.storage.schema import STEPS, version_of

_PAGE = 500
_HOPELESS = 20_000  # numbers in a row that cannot be read: the rest is given up
_LENGTHENED = 1_000  # times its length that a cut file may have had: the header may be damaged, too
_DERIVED = ("sentences", "chunks", "removed", "sqlite_sequence")
Row = tuple[Any, ...]


def begin_after(record: Path, change: int) -> int:
    """Numbers a record's last change past another, so that no reader takes what it remembers for still valid, and
    forgets the indexes that it came with. Returns how many papers it has."""
    with contextlib.closing(Record(record)) as opened:
        sql = opened.connection()
        sql.execute("UPDATE meta SET value = ? WHERE key = 'change'", (str(max(opened.change(), change) + 1),))
        sql.execute("DELETE FROM meta WHERE key IN ('words', 'chroma', 'chroma-server')")
        sql.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return opened.count()


def change_of(file: Path) -> int:
    """The last change of a record; 0 where that cannot be read."""
    with contextlib.suppress(sqlite3.Error, TypeError, ValueError), _read(file) as sql:
        return int(sql.execute("SELECT value FROM meta WHERE key = 'change'").fetchone()[0])
    return 0


def salvage(damaged: Path, saved: Path) -> int:
    """Writes what can be read of a damaged record into a new file. Returns how many papers that is. Raises LibraryError
    if nothing can be read."""
    private_file(saved)
    with contextlib.closing(Record(saved)) as record, _read(damaged) as old:
        record.bring_up_to_date()
        try:
            if version_of(old) != len(STEPS):
                raise LibraryError(f"{damaged} is of another version and damaged: put back a backup of it.")
        except sqlite3.Error as error:
            raise LibraryError(f"{damaged} cannot be read at all: `papers restore FILE --replace`.") from error
        new = record.connection()
        new.execute("PRAGMA foreign_keys = OFF")
        new.execute("BEGIN")
        tables = [row[0] for row in new.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in ["papers", *(t for t in tables if t not in ("papers", *_DERIVED))]:
            _copy(old, new, table)
        _drop_orphans(new, tables)
        change = max(change_of(damaged), record.change()) + 1
        _derive(record, change)
        new.execute("INSERT OR REPLACE INTO meta VALUES ('change', ?)", (str(change),))
        new.execute("COMMIT")
        new.execute("PRAGMA foreign_keys = ON")
    return begin_after(saved, change)


def save_in_place(file: Path) -> tuple[int, Path]:
    """Gives a damaged record the content that can be read of it, after a copy of it as it is. For the holder of the
    writing lock. Returns how many papers could be read, and the copy. Raises LibraryError, OSError."""
    now = datetime.datetime.now(datetime.UTC).strftime("%Y%m%d-%H%M%S")
    kept, saved = file.with_name(f"{file.name}.damaged-{now}"), file.with_name(f".{file.name}-saved")
    for beside in CONTENT:
        if Path(f"{file}{beside}").exists():
            shutil.copyfile(f"{file}{beside}", private_file(Path(f"{kept}{beside}")))
    whole = file.with_name(f".{file.name}-lengthened")
    try:
        saved.unlink(missing_ok=True)
        papers = salvage(file if opens(file) else _lengthened(kept, whole), saved)
        if not opens(file):
            for beside in SQLITE:
                Path(f"{file}{beside}").unlink(missing_ok=True)
        put_back(saved, file)
    finally:
        for path in (saved, whole):
            for beside in SQLITE:
                Path(f"{path}{beside}").unlink(missing_ok=True)
    return papers, kept


def saved_sentence(papers: int, kept: Path) -> str:
    """What `save_in_place` did."""
    return f"The record was damaged: {count_of(papers, 'paper')} could be read. The damaged one is kept in {kept}."


def _lengthened(file: Path, copy: Path) -> Path:
    """A copy of a file that lost its end, as long as its header says: SQLite reads no page of one that is shorter."""
    shutil.copyfile(file, private_file(copy))
    with copy.open("r+b") as opened:
        header = opened.read(32)
        size = int.from_bytes(header[16:18], "big")
        declared = int.from_bytes(header[28:32], "big") * (65_536 if size == 1 else size)
        if header.startswith(b"SQLite format 3") and declared < max(copy.stat().st_size, 1) * _LENGTHENED:
            opened.truncate(max(declared, copy.stat().st_size))
    return copy


def _copy(old: sqlite3.Connection, new: sqlite3.Connection, table: str) -> None:
    columns = [row[1] for row in new.execute(f"PRAGMA table_info({table})")]
    marks = ", ".join("?" * len(columns))
    names = ", ".join(columns)
    for row in _rows(old, table, names):
        with contextlib.suppress(sqlite3.IntegrityError, sqlite3.DataError):  # half a row
            new.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", row)


def _rows(old: sqlite3.Connection, table: str, names: str) -> Iterator[Row]:
    """The rows of a table that can be read: page by page, row by row where a page is damaged; of a table without row
    numbers from both ends."""
    try:
        old.execute(f"SELECT rowid FROM {table} LIMIT 0")
    except sqlite3.OperationalError:
        for order in ("ASC", "DESC"):
            keys = ", ".join(f"{row[1]} {order}" for row in _keys(old, table))
            yield from _until_damage(old, f"SELECT {names} FROM {table} ORDER BY {keys}")
        return
    except sqlite3.Error:
        return
    number, failed = -1, 0
    last = _last_number(old, table)
    while failed < _HOPELESS and (last is None or number < last):
        query = f"SELECT rowid, {names} FROM {table} WHERE rowid > ? ORDER BY rowid LIMIT ?"
        try:
            page = old.execute(query, (number, 1 if failed else _PAGE)).fetchall()
        except sqlite3.Error:
            number, failed = number + bool(failed), failed + 1  # first the same place, row by row
            continue
        if not page:
            return
        yield from (row[1:] for row in page)
        number, failed = page[-1][0], 0


def _last_number(old: sqlite3.Connection, table: str) -> int | None:
    with contextlib.suppress(sqlite3.Error):
        return int(old.execute(f"SELECT coalesce(max(rowid), -1) FROM {table}").fetchone()[0])
    return None


def _keys(old: sqlite3.Connection, table: str) -> list[Row]:
    return sorted((row for row in old.execute(f"PRAGMA table_info({table})") if row[5]), key=lambda row: int(row[5]))


def _until_damage(old: sqlite3.Connection, query: str) -> Iterator[Row]:
    with contextlib.suppress(sqlite3.Error):
        yield from old.execute(query)


def _drop_orphans(new: sqlite3.Connection, tables: Iterable[str]) -> None:
    """Removes rows about papers that could not be read."""
    for table in tables:
        for key in new.execute(f"PRAGMA foreign_key_list({table})").fetchall():
            if key[2] == "papers":
                new.execute(f"DELETE FROM {table} WHERE {key[3]} NOT IN (SELECT number FROM papers)")


def _derive(record: Record, change: int) -> None:
    sql, after = record.connection(), 0
    while page := record.page(after, _PAGE):
        after = page[-1][0]
        for number, paper in page:
            record.put_text_again(paper, change)
            sql.executemany("INSERT OR IGNORE INTO aliases VALUES (?, ?)", [(i, number) for i in paper.ids[1:]])
            sql.executemany("INSERT OR IGNORE INTO posted VALUES (?, ?)", [(day, number) for day in paper.posted_days])


def _read(file: Path) -> "contextlib.closing[sqlite3.Connection]":
    return contextlib.closing(
        sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=30, isolation_level=None)
    )
