"""The store of digests, one SQLite file in the library's folder: the labels and themes of each edition, every reply
that was paid for, and what was mailed to whom.

Knows SQL and JSON; knows nothing of what a theme or a reply means.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.weekly.weeks import Period, period_of_days
from index.safety.permissions import private_file, private_folder
from index.safety.read_only import writable
from index.topics import Topic

FILE = "digests.sqlite3"
_SCHEMA = """
    CREATE TABLE IF NOT EXISTS editions (
        since TEXT NOT NULL, until TEXT NOT NULL, topic TEXT NOT NULL, complete INTEGER NOT NULL, kept TEXT NOT NULL,
        PRIMARY KEY (since, until, topic));
    CREATE TABLE IF NOT EXISTS texts (
        since TEXT NOT NULL, until TEXT NOT NULL, topic TEXT NOT NULL, id TEXT NOT NULL,
        version INTEGER, abstract TEXT NOT NULL, own INTEGER NOT NULL, PRIMARY KEY (since, until, topic, id));
    CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, data TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS mailed (
        since TEXT NOT NULL, until TEXT NOT NULL, topic TEXT NOT NULL, address TEXT NOT NULL,
        accepted INTEGER NOT NULL, at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
        PRIMARY KEY (since, until, topic, address));
"""
_TEXTS = "FROM texts WHERE topic = ? AND until >= ? AND (until < ? OR (since = ? AND until = ? AND own))"
_MAILED = "FROM mailed WHERE since = ? AND until = ? AND topic = ? AND address = ? COLLATE NOCASE"


@dataclass(frozen=True)
class KeptTheme:
    """A theme as it was grouped: the ids of its papers, its name in words, and the weights of its telling phrases."""

    ids: tuple[str, ...]
    name: str
    phrases: Mapping[str, float]


@dataclass(frozen=True)
class KeptText:
    """A paper as a digest had it: its version, if known, and its abstract."""

    version: int | None
    abstract: str


@dataclass(frozen=True)
class KeptEdition:
    """The part of a digest that stays when it is made again: the label and title of each paper, and the themes; and the
    topics that it was divided by, as they were then."""

    labels: Mapping[str, int]
    titles: Mapping[str, str]
    themes: tuple[KeptTheme, ...]
    topics: tuple[Topic, ...] = ()


class DigestStore:
    """The stored digests of one library. Safe for several threads and processes."""

    def __init__(self, home: Path) -> None:
        self._file = writable(home / FILE)

    @contextlib.contextmanager
    def _sql(self) -> Iterator[sqlite3.Connection]:
        private_folder(self._file.parent)
        connection = sqlite3.connect(private_file(self._file), timeout=30)
        try:
            connection.execute("PRAGMA synchronous = FULL")  # what was paid for or mailed survives a power cut
            connection.executescript(_SCHEMA)
            with connection:
                yield connection
        finally:
            connection.close()

    def edition(self, period: Period, topic: str) -> KeptEdition | None:
        """The edition for some days and a topic (a `Scope`'s key; empty: all papers), if it was begun before."""
        with self._sql() as sql:
            found = sql.execute(
                "SELECT kept FROM editions WHERE since = ? AND until = ? AND topic = ?", _key(period, topic)
            ).fetchone()
        return _edition(found[0]) if found else None

    def earlier(self, period: Period, topic: str) -> list[tuple[Period, KeptEdition]]:
        """The complete editions on a topic that end before a period begins, latest first."""
        with self._sql() as sql:
            rows = sql.execute(
                "SELECT since, until, kept FROM editions WHERE complete AND topic = ? AND until < ? "
                "ORDER BY until DESC, since DESC",
                (topic, period.since),
            ).fetchall()
        return [(period_of_days(since, until), _edition(kept)) for since, until, kept in rows]

    def complete(self) -> list[tuple[Period, str]]:
        """The days and topics (empty: all papers) of all complete editions, the latest days first."""
        with self._sql() as sql:
            rows = sql.execute(
                "SELECT since, until, topic FROM editions WHERE complete ORDER BY until DESC, since DESC, topic"
            ).fetchall()
        return [(period_of_days(since, until), topic) for since, until, topic in rows]

    def keep_edition(self, period: Period, topic: str, edition: KeptEdition, complete: bool) -> None:
        """Stores an edition in place of an earlier one; once complete, it stays complete."""
        with self._sql() as sql:
            sql.execute(
                "INSERT INTO editions VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "complete = max(complete, excluded.complete), kept = excluded.kept",
                (*_key(period, topic), complete, json.dumps(asdict(edition), ensure_ascii=False)),
            )

    def texts(self, period: Period, topic: str, since: str) -> dict[str, tuple[Period, KeptText]]:
        """The papers of an edition as they were when it was made, and of those since a day that end before it as they
        were last told of, by id."""
        values = (topic, since, period.since, period.since, period.until)
        with self._sql() as sql:
            rows = sql.execute(f"SELECT since, until, id, version, abstract {_TEXTS} ORDER BY until, since", values)
            return {i: (period_of_days(first, last), KeptText(v, text)) for first, last, i, v, text in rows}

    def keep_texts(
        self, period: Period, topic: str, own: Mapping[str, KeptText], told: Mapping[str, KeptText], anew: bool
    ) -> None:
        """Stores the papers of an edition as they are, unless that was done before (or `anew`); and as they are now
        those of earlier ones whose change it told of."""
        key = _key(period, topic)
        kept = "REPLACE" if anew else "IGNORE"
        with self._sql() as sql:
            for texts, of_it, instead in ((told, 0, "REPLACE"), (own, 1, kept)):
                rows = [(*key, i, text.version, text.abstract, of_it) for i, text in texts.items()]
                sql.executemany(f"INSERT OR {instead} INTO texts VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def reply(self, key: str) -> object | None:
        """The data of a reply that was paid for, by the key of its request."""
        with self._sql() as sql:
            found = sql.execute("SELECT data FROM replies WHERE key = ?", (key,)).fetchone()
        return json.loads(found[0]) if found else None

    def keep_reply(self, key: str, data: object) -> None:
        """Stores the data of a reply."""
        with self._sql() as sql:
            sql.execute("INSERT OR REPLACE INTO replies VALUES (?, ?)", (key, json.dumps(data)))

    def mailed(self, period: Period, topic: str, address: str) -> tuple[str, bool] | None:
        """When (UTC) an edition was sent to an address, and whether the server accepted it; if not, the sending broke
        off. None if it was never sent."""
        with self._sql() as sql:
            found = sql.execute(f"SELECT at, accepted {_MAILED}", (*_key(period, topic), address)).fetchone()
        return (str(found[0]), bool(found[1])) if found else None

    def keep_mailed(self, period: Period, topic: str, address: str, accepted: bool) -> None:
        """Notes that an edition is being sent to an address, or was accepted for it."""
        with self._sql() as sql:
            sql.execute(
                "INSERT OR REPLACE INTO mailed (since, until, topic, address, accepted) VALUES (?, ?, ?, ?, ?)",
                (*_key(period, topic), address, accepted),
            )

    def forget_mailed(self, period: Period, topic: str, address: str) -> None:
        """Removes the note that an edition was sent: the server did not take it."""
        with self._sql() as sql:
            sql.execute(f"DELETE {_MAILED}", (*_key(period, topic), address))


def _key(period: Period, topic: str) -> tuple[str, str, str]:
    return period.since, period.until, topic


def _edition(kept: str) -> KeptEdition:
    data = json.loads(kept)
    themes = tuple(KeptTheme(tuple(t["ids"]), t["name"], t["phrases"]) for t in data["themes"])
    topics = tuple(Topic(**topic) for topic in data.get("topics", ()))  # none in those of earlier versions
    return KeptEdition(data["labels"], data["titles"], themes, topics)
