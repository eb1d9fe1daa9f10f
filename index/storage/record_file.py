"""The record's file: connections, one for each thread; transactions with their change numbers; what is kept about the
library as a whole. Knows SQL, and nothing of papers."""

import contextlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from weakref import WeakSet

from index.safety.permissions import private_file
from index.storage.schema import refuse_newer

_CHECKPOINT = 8_000  # pages of 4 KB: a page that many transactions change is written to its place once


class _Connection(sqlite3.Connection):
    """A connection that can be weakly referenced, so that it goes away with its thread."""


class RecordFile:
    """The file of a record. Any thread may read; the lock's holder writes, within `transaction`."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._here = threading.local()
        self._open: WeakSet[_Connection] = WeakSet()
        private_file(file)  # SQLite gives its other files the permissions of this one
        refuse_newer(self._sql(), file)

    def connection(self) -> sqlite3.Connection:
        """This thread's connection, for what is kept beside the papers."""
        return self._sql()

    def _sql(self) -> sqlite3.Connection:
        connection: _Connection | None = getattr(self._here, "connection", None)
        if connection is None:
            connection = sqlite3.connect(
                self.file, timeout=30, isolation_level=None, check_same_thread=False, factory=_Connection
            )
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")  # what was reported as stored also survives a power cut
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT}")
            connection.execute(f"PRAGMA journal_size_limit = {_CHECKPOINT << 12}")
            self._here.connection = connection
            self._open.add(connection)
        return connection

    def _all(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._sql().execute(query, values).fetchall()

    def _one(self, query: str, *values: Any) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._sql().execute(query, values).fetchone()
        return found

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
        return json.loads(found[0]) if found else {}

    def keep_state(self, key: str, **values: Any) -> None:
        """Stores values under a key, replacing those that were there."""
        self._sql().execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, json.dumps(values)))

    def forget_state(self, key: str) -> None:
        """Deletes what is stored under a key."""
        self._sql().execute("DELETE FROM meta WHERE key = ?", (key,))

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """What is read within it is of one moment, whatever others write."""
        sql = self._sql()
        sql.execute("BEGIN")
        try:
            yield
        finally:
            sql.execute("COMMIT")

    @contextlib.contextmanager
    def transaction(self) -> Iterator[int]:
        """A transaction, all or nothing. Yields the change number that it will have if anything is written."""
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
