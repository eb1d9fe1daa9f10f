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

from index.errors import LibraryError
from index.safety.permissions import private_file
from index.safety.system_errors import is_damage, is_of_the_disk, sentence
from index.storage.schema import refuse_newer

_CHECKPOINT = 8_000  # pages of 4 KB: a page that many transactions change is written to its place once


class _Connection(sqlite3.Connection):
    """A connection that can be weakly referenced, so that it goes away with its thread."""


def damaged(file: Path, what: object) -> LibraryError:
    """The error of a record that is damaged, with what to do."""
    return LibraryError(
        f"The record {file} is damaged and cannot be read ({' '.join(str(what).split()).removesuffix('.')}). "
        "`papers status --repair` saves what can be read, `papers restore FILE --replace` puts back a backup."
    )


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
                name, uri=self.frozen, timeout=30, isolation_level=None, check_same_thread=False, factory=_Connection
            )
            if not self.frozen:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")  # what was reported as stored survives a power cut
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT}")
                connection.execute(f"PRAGMA journal_size_limit = {_CHECKPOINT << 12}")
            self._here.connection = connection
            self._open.add(connection)
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
