"""Stored conversations: every question before it is asked, every answer as it grows, and what people have marked.

One SQLite file in PAPERS_HOME, separate from the library's record. Each owner sees only their own rows; without
accounts the owner is the empty string. Knows nothing of searching, models or windows.
"""

import json
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout

from assistant.documents import Answer, read_back
from assistant.renumbering import with_new_numbers
from index.safety.permissions import private_file, private_folder

TITLE_LENGTH = 160  # characters
WORDS_FOUND = 50  # words of a search for conversations that count; SQLite allows a thousand conditions
_NUMBERING = 1  # of the sentences that kept answers cite: 0 in the source's own text, 1 in the readable text
State = Literal["asking", "done", "stopped", "failed"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations(
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL,
    changed TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')), deleted INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS turns(
    id INTEGER PRIMARY KEY AUTOINCREMENT, conversation TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    question TEXT NOT NULL, scope TEXT NOT NULL, state TEXT NOT NULL, answer TEXT, thumb INTEGER NOT NULL DEFAULT 0,
    asked TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
    place INTEGER, hidden INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS turns_of ON turns(conversation, id);
CREATE TABLE IF NOT EXISTS cited(
    turn INTEGER NOT NULL REFERENCES turns(id) ON DELETE CASCADE, paper TEXT NOT NULL, PRIMARY KEY(paper, turn));
CREATE TABLE IF NOT EXISTS stars(owner TEXT NOT NULL, paper TEXT NOT NULL, PRIMARY KEY(owner, paper));
"""

_SHOW_ONE = "UPDATE turns SET hidden = (id != ?) WHERE coalesce(place, id) = ?"
# of a file that an earlier version made: `place` is the first version of a turn (NULL: itself), `hidden` are the others
_ADDED = {"place": "INTEGER", "hidden": "INTEGER NOT NULL DEFAULT 0"}

_HOLDS = """ AND (title LIKE ? ESCAPE '\\' OR EXISTS (
    SELECT 1 FROM turns t WHERE t.conversation = conversations.id
    AND (t.question LIKE ? ESCAPE '\\' OR json_extract(t.answer, '$.text') LIKE ? ESCAPE '\\')))"""


@dataclass(frozen=True)
class QuestionScope:
    """Which papers a question is asked of: those from some days (`YYYY-MM-DD`), those with all of some tags, or only
    those with these ids."""

    since: str | None = None
    until: str | None = None
    only: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conversation:
    """A conversation as shown in a list; `changed` is the UTC time of its last question."""

    id: str
    title: str
    changed: str


@dataclass(frozen=True)
class Turn:
    """A question in a conversation and its answer. State `failed`: it ended by a bug of ours. `thumb` is 1, -1 or 0.
    `versions`: the ids of all turns that were asked at this place, in order; this is one of them."""

    id: int
    conversation: str
    question: str
    scope: QuestionScope
    state: State
    answer: Answer | None
    thumb: int
    asked: str
    versions: tuple[int, ...] = ()


def _numbers(listed: str | None) -> tuple[int, ...]:
    return tuple(sorted(map(int, (listed or "").split(",")))) if listed else ()


class Conversations:
    """The conversations in one file; safe to call from several threads."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        private_folder(path.parent)
        self._db = sqlite3.connect(private_file(path), check_same_thread=False, timeout=30)
        self._db.row_factory = sqlite3.Row
        with self._write() as db:
            db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;" + _SCHEMA)
            known = {row["name"] for row in db.execute("PRAGMA table_info(turns)")}
            for column in _ADDED.keys() - known:
                db.execute(f"ALTER TABLE turns ADD COLUMN {column} {_ADDED[column]}")
        self._renumber(path)
        lock = private_file(path.with_suffix(".lock"))  # held by the first window of this home
        self._first = FileLock(lock, thread_local=False)

    def _renumber(self, path: Path) -> None:
        """Rewrites, once, the citations of kept answers to the numbers of sentences in the readable text. If any
        changes, the file is copied first."""
        if self._rows("PRAGMA user_version")[0][0] >= _NUMBERING:
            return
        changed: dict[int, str] = {}
        for row in self._rows("SELECT id, answer FROM turns WHERE answer IS NOT NULL"):
            before = json.loads(row["answer"])
            if (after := with_new_numbers(before)) != before:
                changed[row["id"]] = json.dumps(after)
        if changed:
            copy = private_file(path.with_name(f"{path.name}.before-readable"))
            with closing(sqlite3.connect(copy)) as target:
                self._db.backup(target)
        with self._write() as db:
            for turn, answer in changed.items():
                db.execute("UPDATE turns SET answer = ? WHERE id = ?", (answer, turn))
            db.execute(f"PRAGMA user_version = {_NUMBERING}")

    def close(self) -> None:
        """Close the file."""
        self._db.close()
        self._first.release()

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._db:
            yield self._db

    def _rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(query, values).fetchall()

    def recover(self) -> int:
        """To be called when a window starts: marks answers that a dead process left unfinished as stopped, and removes
        deleted conversations for good. Returns how many answers were marked; 0 while another window of this home is
        open, since they may be its own."""
        try:
            self._first.acquire(timeout=0)
        except Timeout:
            return 0
        with self._write() as db:
            db.execute("DELETE FROM conversations WHERE deleted")
            return db.execute("UPDATE turns SET state = 'stopped' WHERE state = 'asking'").rowcount

    def ask(
        self, owner: str, conversation: str | None, question: str, scope: QuestionScope, instead: int | None = None
    ) -> Turn:
        """Store a question before it is asked; in a new conversation if the given one is not the owner's. `instead`:
        the turn of the conversation whose place it takes; that one is kept as an earlier version."""
        with self._write() as db:
            if not conversation or not self._owned(owner, conversation):
                conversation = secrets.token_urlsafe(9)
                title = question if len(question) <= TITLE_LENGTH else question[:TITLE_LENGTH].rsplit(" ", 1)[0] + " …"
                db.execute("INSERT INTO conversations(id, owner, title) VALUES(?, ?, ?)", (conversation, owner, title))
            of = "SELECT coalesce(place, id) FROM turns WHERE id = ? AND conversation = ?"
            found = db.execute(of, (instead, conversation)).fetchone()
            place = found[0] if found else None
            made = db.execute(
                "INSERT INTO turns(conversation, question, scope, state, place) VALUES(?, ?, ?, 'asking', ?)",
                (conversation, question, json.dumps(asdict(scope)), place),
            )
            if place is not None:
                db.execute(_SHOW_ONE, (made.lastrowid, place))
            now = "strftime('%Y-%m-%dT%H:%M:%fZ')"
            db.execute(f"UPDATE conversations SET changed = {now} WHERE id = ?", (conversation,))
            turn = self.turn(owner, made.lastrowid or 0)
        assert turn is not None
        return turn

    def save(self, turn: int, answer: Answer, state: State = "asking") -> None:
        """Store an answer as far as it has grown; a finished one stays as it is."""
        cited = [(turn, p.paper.id) for p in answer.papers if p.cited] if state != "asking" else []
        with self._write() as db:
            kept = db.execute(
                "UPDATE turns SET answer = ?, state = ? WHERE id = ? AND state != 'done'",
                (json.dumps(asdict(answer)), state, turn),
            )
            if kept.rowcount:
                db.executemany("INSERT OR IGNORE INTO cited(turn, paper) VALUES(?, ?)", cited)

    def amend(self, owner: str, turn: int, answer: Answer) -> None:
        """Put another answer, with the same papers, in the place of a finished one of the owner's."""
        with self._write() as db:
            db.execute(
                "UPDATE turns SET answer = ? WHERE id = ? AND state != 'asking'"
                " AND conversation IN (SELECT id FROM conversations WHERE owner = ?)",
                (json.dumps(asdict(answer)), turn, owner),
            )

    def _owned(self, owner: str, conversation: str) -> bool:
        return bool(self._rows("SELECT 1 FROM conversations WHERE id = ? AND owner = ?", conversation, owner))

    def _turns(self, where: str, *values: Any) -> list[Turn]:
        columns = ", ".join(f"t.{field.name}" for field in fields(Turn) if field.name != "versions")
        versions = "SELECT group_concat(id) FROM turns v WHERE coalesce(v.place, v.id) = coalesce(t.place, t.id)"
        rows = self._rows(
            f"SELECT {columns}, ({versions} AND v.conversation = t.conversation) AS versions"
            f" FROM turns t JOIN conversations c ON c.id = t.conversation WHERE {where}",
            *values,
        )
        scopes = [read_back(QuestionScope, json.loads(row["scope"])) for row in rows]
        answers = [read_back(Answer, json.loads(row["answer"])) if row["answer"] else None for row in rows]
        read = zip(rows, scopes, answers, strict=True)
        return [
            Turn(**{**dict(row), "scope": scope, "answer": answer, "versions": _numbers(row["versions"])})
            for row, scope, answer in read
        ]

    def turn(self, owner: str, turn: int) -> Turn | None:
        """One turn; None if it is not the owner's."""
        return next(iter(self._turns("t.id = ? AND c.owner = ?", turn, owner)), None)

    def turns(self, owner: str, conversation: str) -> list[Turn]:
        """The turns of a conversation in order, of each the version that is shown; none if it is not the owner's."""
        where = "c.id = ? AND c.owner = ? AND NOT c.deleted AND NOT t.hidden"
        return self._turns(f"{where} ORDER BY coalesce(t.place, t.id)", conversation, owner)

    def show_version(self, owner: str, turn: int) -> None:
        """Shows one version of a turn of the owner's, and no other."""
        with self._write() as db:
            of = """SELECT coalesce(place, turns.id) FROM turns JOIN conversations c ON c.id = conversation
                WHERE turns.id = ? AND owner = ?"""
            if found := db.execute(of, (turn, owner)).fetchone():
                db.execute(_SHOW_ONE, (turn, found[0]))

    def citing(self, owner: str, paper: str, at_most: int = 10) -> list[Turn]:
        """The latest turns with answers that cite a paper."""
        where = "c.owner = ? AND NOT c.deleted AND t.id IN (SELECT turn FROM cited WHERE paper = ?)"
        return self._turns(f"{where} ORDER BY t.id DESC LIMIT ?", owner, paper, at_most)

    def list(self, owner: str, find: str = "", at_most: int = 100) -> Sequence[Conversation]:
        """The owner's conversations, latest first; with `find`, those whose title, questions or answers contain every
        one of its words (the first WORDS_FOUND of them)."""
        where, values = "owner = ? AND NOT deleted", [owner]
        for word in find.split()[:WORDS_FOUND]:
            like = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
            where += _HOLDS
            values += [like, like, like]
        query = f"SELECT id, title, changed FROM conversations WHERE {where} ORDER BY changed DESC LIMIT ?"
        return [Conversation(*row) for row in self._rows(query, *values, at_most)]

    def rename(self, owner: str, conversation: str, title: str) -> None:
        """Rename a conversation; an empty title changes nothing."""
        if title.strip():
            with self._write() as db:
                sql = "UPDATE conversations SET title = ? WHERE id = ? AND owner = ?"
                db.execute(sql, (title.strip()[:200], conversation, owner))

    def delete(self, owner: str, conversation: str, undo: bool = False) -> None:
        """Delete a conversation; `undo` brings it back, until the window is next started."""
        with self._write() as db:
            sql = "UPDATE conversations SET deleted = ? WHERE id = ? AND owner = ?"
            db.execute(sql, (not undo, conversation, owner))

    def rate(self, owner: str, turn: int, thumb: int) -> None:
        """Store a thumb up (1) or down (-1); the same one again takes it back."""
        with self._write() as db:
            db.execute(
                "UPDATE turns SET thumb = CASE thumb WHEN ? THEN 0 ELSE ? END WHERE id = ?"
                " AND conversation IN (SELECT id FROM conversations WHERE owner = ?)",
                (thumb, thumb, turn, owner),
            )

    def star(self, owner: str, paper: str) -> None:
        """Star a paper, or take its star away if it has one."""
        with self._write() as db:
            if not db.execute("DELETE FROM stars WHERE owner = ? AND paper = ?", (owner, paper)).rowcount:
                db.execute("INSERT INTO stars(owner, paper) VALUES(?, ?)", (owner, paper))

    def starred(self, owner: str) -> frozenset[str]:
        """The ids of the papers that the owner has starred."""
        return frozenset(row["paper"] for row in self._rows("SELECT paper FROM stars WHERE owner = ?", owner))
