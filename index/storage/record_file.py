"""The record's file: connections, one for each thread; transactions with their change numbers; what is kept about the
library as a whole. Knows SQL, and nothing of papers."""

import contextlib
import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakSet

from index.errors import LibraryError
from index.safety.permissions import private_file
from index.safety.system_errors import is_damage, is_of_the_disk, sentence
from index.storage.schema import refuse_newer

_CHECKPOINT = 8_000  # pages of 4 KB: a page that many transactions change is written to its place once
_CACHE = 64 << 10  # KB for the pages that a large transaction changes, so that each is written once
_SECONDS = 30.0  # that a statement waits for other processes
_AGAIN = 0.02  # seconds until the log is tried again


_parsed = lru_cache(maxsize=64)(json.loads)  # a question asks for the same ones several times


class _Connection(sqlite3.Connection):
    """A connection that can be weakly referenced, so that it goes away with its thread."""


def damaged(file: Path, what: object) -> LibraryError:
    """The error of a record that is damaged, with what to do."""
    return LibraryError(
        f"The record {file} is damaged and cannot be read ({' '.join(str(what).split()).removesuffix('.')}). "
        "`papers status --repair` saves what can be read, `papers restore FILE --replace` puts back a backup."
    )


def _tried(connection: sqlite3.Connection, mode: str) -> bool:
    """Sets how changes are written (SQLite's journal mode) and returns whether nobody stood in the way: without a log
    (DELETE) nobody else may have the file open, and the log (WAL) cannot begin while somebody writes without."""
    try:
        connection.execute(f"PRAGMA journal_mode = {mode}")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


class RecordFile:
    """The file of a record. Any thread may read; the lock's holder writes, within `transaction`. `frozen`: it is
    read-only, and read as it is, without SQLite's files beside it."""

    def __init__(self, file: Path, *, frozen: bool = False) -> None:
        self.file = file
        self.frozen = frozen
        self._here = threading.local()
        self._open: WeakSet[_Connection] = WeakSet()
        if not frozen:
            private_file(file)  # SQLite gives its other files the permissions of this one
        refuse_newer(self._sql(), file)

    def connection(self) -> sqlite3.Connection:
        """This thread's connection, for what is kept beside the papers."""
        return self._sql()

    def _sql(self) -> sqlite3.Connection:
        connection: _Connection | None = getattr(self._here, "connection", None)
        if connection is None:
            name = f"{self.file.absolute().as_uri()}?mode=ro&immutable=1" if self.frozen else self.file
            connection = sqlite3.connect(
                name,
                uri=self.frozen,
                timeout=_SECONDS,
                isolation_level=None,
                check_same_thread=False,
                factory=_Connection,
            )
            if not self.frozen:
                connection.execute("PRAGMA synchronous = FULL")  # what was reported as stored survives a power cut
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT}")
                connection.execute(f"PRAGMA journal_size_limit = {_CHECKPOINT << 12}")
            self._here.connection, self._here.logged = connection, self.frozen
            self._open.add(connection)
        if not (self._here.logged or connection.in_transaction):
            self._here.logged = _tried(connection, "WAL")
        return connection

    def _all(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._named_errors():
            return self._sql().execute(query, values).fetchall()

    def _one(self, query: str, *values: Any) -> tuple[Any, ...] | None:
        with self._named_errors():
            found: tuple[Any, ...] | None = self._sql().execute(query, values).fetchone()
            return found

    @contextlib.contextmanager
    def _named_errors(self) -> Iterator[None]:
        """Makes what the disk does to the file a LibraryError that says so."""
        try:
            yield
        except sqlite3.Error as error:
            if is_damage(error):
                raise damaged(self.file, error) from error
            if is_of_the_disk(error):
                raise LibraryError(sentence(error, "read", self.file)) from error
            raise

    def close(self) -> None:
        """Closes the connections of all threads."""
        for connection in list(self._open):
            connection.close()
        self._open.clear()
        self._here = threading.local()

    # -- what is kept about the library as a whole

    def change(self) -> int:
        """The number of the last committed change; caches use it as their key."""
        return int(self._all("SELECT value FROM meta WHERE key = 'change'")[0][0])

    def state(self, key: str) -> dict[str, Any]:
        """What `keep_state` stored under a key; empty if nothing."""
        found = self._one("SELECT value FROM meta WHERE key = ?", key)
        return dict(_parsed(found[0])) if found else {}

    def keep_state(self, key: str, **values: Any) -> None:
        """Stores values under a key, replacing those that were there."""
        self._sql().execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, json.dumps(values)))

    def forget_state(self, key: str) -> None:
        """Deletes what is stored under a key."""
        self._sql().execute("DELETE FROM meta WHERE key = ?", (key,))

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """What is read within it is of one moment, whatever others write."""
        sql, until = self._sql(), time.monotonic() + _SECONDS
        while not self._here.logged and time.monotonic() < until:  # without a log, who reads long keeps others waiting
            time.sleep(_AGAIN)
            sql = self._sql()
        sql.execute("BEGIN")
        try:
            yield
        finally:
            sql.execute("COMMIT")

    @contextlib.contextmanager
    def _in_place(self) -> Iterator[None]:
        """Within it, what is written goes to its place at once, and not to SQLite's log first, as long as nobody else
        has the file open: half as much, where most of it is new."""
        sql = self._sql()
        _tried(sql, "DELETE")
        (cache,) = sql.execute("PRAGMA cache_size").fetchone()
        sql.execute(f"PRAGMA cache_size = -{_CACHE}")
        try:
            yield
        finally:
            sql.execute(f"PRAGMA cache_size = {cache}")
            self._here.logged = _tried(sql, "WAL")

    @contextlib.contextmanager
    def transaction(self, *, much: bool = False) -> Iterator[int]:
        """A transaction, all or nothing. Yields the change number that it will have if anything is written. `much`: it
        adds megabytes."""
        with self._in_place() if much else contextlib.nullcontext(), self._transaction() as change:
            yield change

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[int]:
        sql = self._sql()
        sql.execute("BEGIN IMMEDIATE")
        try:
            change, written = self.change() + 1, sql.total_changes
            yield change
            if sql.total_changes > written:
                sql.execute("UPDATE meta SET value = ? WHERE key = 'change'", (str(change),))
            sql.execute("COMMIT")
        except BaseException:
            if sql.in_transaction:  # SQLite ends it by itself if the disk is full
                sql.execute("ROLLBACK")
            raise
