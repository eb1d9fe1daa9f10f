"""The records that a paper was merged of, where they differ: so that what was merged can be told apart again."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from index.ids import canonical_id
from index.paper import Paper

MOST = 20  # records kept of one paper, the newest
_SIDE = (
    "id",
    "upvotes",
    "comments",
    "posted",
    "posted_days",
    "source",
    "author_count",
    "tags",
    "note",
    "ai_summary",
)  # tell nothing of the paper itself
_NOTHING: tuple[Any, ...] = (None, [], "", set())
_LABELS = ("title", "abstract", "authors", "organization", "published", "url", "version", "keywords", "code_url")


@dataclass(frozen=True)
class MergedRecord:
    """A record that a paper was merged of: the format that it came in, its id (with the version, if that is known), the
    paper as it had it, and when it came (UTC; None if that is not known)."""

    source: str
    id: str
    record: dict[str, Any]
    added: str | None

    def to_dict(self) -> dict[str, Any]:
        """The record as `papers show --sources --json` shows it."""
        return dict(vars(self))

    def differs_from(self, paper: Paper) -> tuple[str, ...]:
        """The names of the fields in which the record says something else than the paper does."""
        values = paper.to_dict()
        return tuple(
            name
            for name in _LABELS
            if self.record.get(name) not in (None, [], "") and self.record[name] != values[name]
        )


def differ(one: Paper, other: Paper) -> bool:
    """Whether two records say different things of a paper: not only other counts, or fewer fields."""
    mine, theirs = ({**paper.to_dict(), "ids": _told(paper)} for paper in (one, other))
    return any(
        value not in _NOTHING and theirs[name] not in _NOTHING and value != theirs[name]
        for name, value in mine.items()
        if name not in _SIDE
    )


def _told(paper: Paper) -> set[str]:
    """The ids of a paper without other spellings of them, and without those that a title told."""
    return {i for i in paper.ids if canonical_id(i) in (None, i) and not i.startswith("title:")}


def keep(sql: Callable[..., Any], number: int, old: Paper, records: Iterable[Paper]) -> None:
    """Keeps the records that the paper with a number was merged of, each in place of an earlier one of its source and
    id. `old` is the paper as it was before, which is kept if nothing else is yet. `sql` runs a statement."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    begun = sql("SELECT 1 FROM sources WHERE paper = ? LIMIT 1", (number,)).fetchone()
    for paper, added in [*([] if begun else [(old, "")]), *((record, now) for record in records)]:
        named = paper.id + (f"v{paper.version}" if paper.version and paper.id.startswith("arxiv:") else "")
        told = {name: value for name, value in paper.to_dict().items() if name not in ("tags", "note")}
        text = json.dumps(told, ensure_ascii=False)
        values = (number, paper.source, named, text, added)
        sql(
            "INSERT INTO sources VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET record = excluded.record, "
            "added = excluded.added WHERE record != excluded.record",
            values,
        )
    sql(
        "DELETE FROM sources WHERE paper = ?1 AND (source, id) NOT IN (SELECT source, id FROM sources WHERE paper = ?1 "
        "ORDER BY added DESC LIMIT ?2)",
        (number, MOST),
    )


def kept(sql: Callable[..., Any], paper_id: str) -> list[MergedRecord]:
    """The records that a paper was merged of, the latest first."""
    query = """SELECT s.source, s.id, s.record, s.added FROM sources s JOIN papers p ON p.number = s.paper
               WHERE p.id = ? ORDER BY s.added DESC, s.source, s.id DESC"""
    rows = [MergedRecord(*row) for row in sql(query, (paper_id,)).fetchall()]
    return [replace(row, record=json.loads(str(row.record)), added=row.added or None) for row in rows]
