"""The rejected records that a library keeps until they are mended: at most REJECTS, and REJECTS_TEXT characters of
their own text; the oldest go first.

Knows SQL, and nothing of papers. Only the holder of the writing lock writes.
"""

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from index.ids import normalise_title
from index.paper import Reject
from index.safety.limits import REJECTS, REJECTS_TEXT
from index.sources.records.record_fields import title_of


def listed(sql: sqlite3.Connection) -> list[Reject]:
    """All of them, the oldest first."""
    rows = sql.execute("SELECT place, reason, source, record FROM rejects ORDER BY number")
    return [Reject(place, reason, source=source, record=record or "") for place, reason, source, record in rows]


def count(sql: sqlite3.Connection) -> int:
    """How many there are."""
    return int(sql.execute("SELECT count(*) FROM rejects").fetchone()[0])


def keep(
    sql: sqlite3.Connection, rejects: Sequence[Reject], *, read: Collection[str] = (), titles: Collection[str] = ()
) -> None:
    """Keeps rejects. Those of the same source and place go, and so do all of the sources `read`, which were read again
    as a whole, and those whose title is one of `titles`, which are now in the library."""
    rejects = rejects[:REJECTS]  # the first, of which more is known
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with _transaction(sql):
        if titles and count(sql):
            _forget_titles(sql, {normalise_title(title) for title in titles})
        sql.executemany("DELETE FROM rejects WHERE source = ?", [(source,) for source in read])
        sql.executemany(
            "DELETE FROM rejects WHERE source = ? AND place = ?",
            [(_storable(r.source), _storable(r.place)) for r in rejects],
        )
        sql.executemany(
            "INSERT INTO rejects (place, reason, source, record, added) VALUES (?, ?, ?, ?, ?)",
            [(*map(_storable, (r.place, r.reason, r.source, r.record)), now) for r in rejects],
        )
        newest = "SELECT number FROM rejects ORDER BY number DESC LIMIT ?"
        sql.execute(f"DELETE FROM rejects WHERE number NOT IN ({newest})", (REJECTS,))
        lengths = "SELECT number, sum(length(record)) OVER (ORDER BY number DESC) AS upto FROM rejects"
        beyond = f"SELECT number FROM ({lengths}) WHERE upto > ?"
        sql.execute(f"UPDATE rejects SET record = NULL WHERE number IN ({beyond})", (REJECTS_TEXT,))


def clear(sql: sqlite3.Connection) -> int:
    """Forgets all of them; how many there were."""
    return sql.execute("DELETE FROM rejects").rowcount


def _forget_titles(sql: sqlite3.Connection, titles: set[str]) -> None:
    rows = sql.execute("SELECT number, record FROM rejects WHERE record LIKE '{%'").fetchall()
    mended = [(number,) for number, record in rows if normalise_title(_title(record)) in titles]
    sql.executemany("DELETE FROM rejects WHERE number = ?", mended)


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _title(record: str) -> str:
    """The title of a record, its own or that of what it holds."""
    try:
        fields = json.loads(record)
    except (ValueError, RecursionError):
        return ""
    return title_of(fields)


@contextmanager
def _transaction(sql: sqlite3.Connection) -> Iterator[None]:
    sql.execute("BEGIN IMMEDIATE")
    try:
        yield
        sql.execute("COMMIT")
    except BaseException:
        if sql.in_transaction:
            sql.execute("ROLLBACK")
        raise
