"""The record: one SQLite file with papers and their sentences, chunks and vectors. It is the single source of truth;
everything else a library keeps is built from it. Knows SQL, but nothing of searches or embeddings.

Every committed transaction has a change number, and each row stores the change that last wrote it: an index lacks
exactly the rows written after the change it includes.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields
from typing import Any

from index.ids import canonical_id, normalise_title
from index.paper import Outline, Paper
from index.readable import readable
from index.sentences import chunk_sentences, split_sentences
from index.storage import schema, sources
from index.storage.chunks import AMONG, DAY, DAY_NUMBER, RecordChunks, chunk_text, iso_day, text_hash_of
from index.storage.schema import migrate, version_of
from index.storage.sources import MergedRecord

_FIELDS = tuple(field.name for field in fields(Paper))
_COLUMNS = ", ".join(f"p.{name}" for name in _FIELDS)
_LISTS = ("authors", "ids", "keywords", "posted_days", "tags")  # stored as JSON
_PAPERS = 1_000  # read at once
_PLACES = [(name, _FIELDS.index(name)) for name in _LISTS]
_NEWEST_FIRST = f"ORDER BY {DAY} DESC NULLS LAST, p.title"
_STOOD = """SELECT day, paper FROM posted UNION ALL
            SELECT published AS day, number AS paper FROM papers WHERE posted IS NULL AND published IS NOT NULL"""


def _paper(row: Sequence[Any]) -> Paper:
    """A paper from its row. Nothing has to be derived or checked, so `Paper.__init__`, which would take most of a
    listing's time, is skipped."""
    values = dict(zip(_FIELDS, row, strict=True))
    for name in _LISTS:
        values[name] = tuple(json.loads(values[name])) if values[name] != "[]" else ()
    values["ids"] = (values["id"], *values["ids"])
    if values["posted"]:
        values["posted_days"] = (values["posted"], *values["posted_days"])
    paper = object.__new__(Paper)
    paper.__dict__.update(values)
    return paper


def _values(paper: Paper) -> list[Any]:
    values = [getattr(paper, name) for name in _FIELDS]
    for name, at in _PLACES:
        items = values[at][1:] if name in ("ids", "posted_days") else values[at]  # the first stands in its own column
        values[at] = json.dumps(items, ensure_ascii=False) if items else "[]"
    return values


def _like(text: str) -> str:
    """A text escaped so that LIKE takes it literally."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


class Record(RecordChunks):
    """The record of one folder. Any thread may read; the lock's holder writes, within `transaction`."""

    def is_current(self) -> bool:
        """Whether the schema is this version's; if not, the lock's holder calls `bring_up_to_date`."""
        return version_of(self._sql()) == len(schema.STEPS)

    def bring_up_to_date(self) -> None:
        """Creates or migrates the schema, after making a backup. Only for the lock's holder."""
        before = version_of(self._sql())
        migrate(self._sql(), self.file)
        if before == 1:  # which kept one spelling of an id, and none of a link's
            with self.transaction():
                self._put_all_ids()

    def _put_all_ids(self) -> None:
        taken = {row[0] for row in self._all("SELECT id FROM papers UNION SELECT old_id FROM aliases")}
        after = 0
        while page := self.page(after, 1_000):
            after = page[-1][0]
            for number, paper in page:
                more = [i for i in Paper(**vars(paper)).ids if i not in paper.ids and i not in taken]
                taken.update(more)
                if more:
                    ids = json.dumps([*paper.ids[1:], *more], ensure_ascii=False)
                    self._sql().execute("UPDATE papers SET ids = ? WHERE number = ?", (ids, number))
                    aliases = [(i, number) for i in more]
                    self._sql().executemany("INSERT INTO aliases VALUES (?, ?)", aliases)

    # -- papers

    def count(self) -> int:
        """How many papers there are."""
        return int(self._all("SELECT count(*) FROM papers")[0][0])

    def papers(self, since: str | None = None, until: str | None = None) -> list[Paper]:
        """Papers by day, newest first, those without a day last, and by title within a day. `since` and `until` are
        inclusive days; a filter leaves out papers without a day."""
        query = f"SELECT {_COLUMNS} FROM papers p WHERE (?1 IS NULL OR {DAY} >= ?1) AND (?2 IS NULL OR {DAY} <= ?2)"
        return [_paper(row) for row in self._all(f"{query} {_NEWEST_FIRST}", since, until)]

    def outlines(self, since: str | None = None, until: str | None = None) -> list[Outline]:
        """What lists show of `papers`, in the same order."""
        query = f"""SELECT p.id, p.title, {DAY}, p.source, p.upvotes FROM papers p
                    WHERE (?1 IS NULL OR {DAY} >= ?1) AND (?2 IS NULL OR {DAY} <= ?2) {_NEWEST_FIRST}"""
        return [Outline(*row) for row in self._all(query, since, until)]

    def of_source(self, source: str) -> list[str]:
        """The ids of the papers that came from a source."""
        return [row[0] for row in self._all("SELECT id FROM papers WHERE source = ? ORDER BY number", source)]

    def papers_of_days(self, since: str, until: str) -> list[Paper]:
        """The papers that stood on a Daily page on one of these days (inclusive), or were never posted and appeared on
        one; in the order of `papers`."""
        query = f"""SELECT {_COLUMNS} FROM papers p WHERE p.number IN (
                    SELECT paper FROM posted WHERE day BETWEEN ?1 AND ?2 UNION
                    SELECT number FROM papers WHERE posted IS NULL AND published BETWEEN ?1 AND ?2) {_NEWEST_FIRST}"""
        return [_paper(row) for row in self._all(query, since, until)]

    def papers_by_id(self, ids: Collection[str]) -> dict[str, Paper]:
        """The papers with these ids; unknown ids are left out."""
        query = f"SELECT {_COLUMNS} FROM papers p WHERE p.id {AMONG}"
        return {paper.id: paper for paper in map(_paper, self._all(query, json.dumps(list(ids))))}

    def page(self, after: int, limit: int) -> list[tuple[int, Paper]]:
        """The next papers after a number, with their numbers, in the order they were added."""
        query = f"SELECT {_COLUMNS}, p.number FROM papers p WHERE p.number > ? ORDER BY p.number LIMIT ?"
        return [(row[-1], _paper(row[:-1])) for row in self._all(query, after, limit)]

    def each_paper(self) -> Iterator[Paper]:
        """All papers, in the order they were added, a thousand in memory at a time."""
        after = 0
        while page := self.page(after, _PAPERS):
            after = page[-1][0]
            yield from (paper for _, paper in page)

    def days(self) -> dict[str, int | None]:
        """Every paper's day as yyyymmdd."""
        return dict(self._all(f"SELECT p.id, {DAY_NUMBER} FROM papers p"))

    def week_days(self) -> dict[str, int]:
        """How many papers there are on each day, as weeks count: all days posted, else the day published."""
        return dict(self._all(f"SELECT day, count(*) FROM ({_STOOD}) GROUP BY day ORDER BY day"))

    def mondays(self) -> dict[str, int]:
        """How many papers there are in each week, by its Monday; a paper that was posted in several counts in each."""
        monday = "date(day, 'weekday 0', '-6 days')"
        return dict(self._all(f"SELECT {monday}, count(DISTINCT paper) FROM ({_STOOD}) GROUP BY 1 ORDER BY 1"))

    def count_undated(self) -> int:
        """How many papers have no day at all."""
        return int(self._all("SELECT count(*) FROM papers WHERE posted IS NULL AND published IS NULL")[0][0])

    def day_counts(self) -> list[tuple[int, int]]:
        """Each day that papers have (yyyymmdd), in order, and how many have it."""
        return self._all(f"SELECT {DAY_NUMBER}, count(*) FROM papers p WHERE {DAY} IS NOT NULL GROUP BY {DAY}")

    def has_day_among(self, paper_id: str, first: int, last: int) -> bool:
        """Whether a paper has its day among these (yyyymmdd, both included)."""
        query = f"SELECT 1 FROM papers p WHERE p.id = ? AND {DAY} BETWEEN ? AND ?"
        return self._one(query, paper_id, iso_day(first), iso_day(last)) is not None

    def newest(self, limit: int, days: tuple[int, int] | None = None) -> list[str]:
        """The ids of the newest papers, at most `limit`, of some days (yyyymmdd, both included) if given; those
        without a day come last, and by id within a day."""
        where, values = (f"WHERE {DAY} BETWEEN ? AND ?", [iso_day(day) for day in days]) if days else ("", [])
        query = f"SELECT p.id FROM papers p {where} ORDER BY {DAY} DESC, p.id LIMIT ?"
        return [row[0] for row in self._all(query, *values, limit)]

    def first_and_last_day(self) -> tuple[str | None, str | None]:
        """The days of the oldest and newest papers."""
        first, last = self._all(f"SELECT min({DAY}), max({DAY}) FROM papers p")[0]
        return first, last

    def titles(self) -> list[tuple[str, str]]:
        """(id, title) of every paper."""
        return self._all("SELECT id, title FROM papers ORDER BY number")

    def find(self, paper_id: str) -> Paper | None:
        """The paper that has, or once had, an id."""
        found = self._one(f"SELECT {_COLUMNS} FROM papers p WHERE p.id = ?", paper_id) or self._one(
            f"SELECT {_COLUMNS} FROM papers p JOIN aliases a ON a.paper = p.number WHERE a.old_id = ?", paper_id
        )
        return _paper(found) if found else None

    def find_all(self, ids: Sequence[str]) -> list[Paper]:
        """The papers that have, or once had, one of some ids, in the order of the ids."""
        found = [paper for paper in map(self.find, ids) if paper]
        return list({paper.id: paper for paper in found}.values())

    def starting_with(self, prefix: str, limit: int = 10) -> list[Paper]:
        """Papers whose current or former id begins with a text."""
        query = f"""SELECT {_COLUMNS} FROM papers p WHERE p.id LIKE ?1 ESCAPE '\\' OR p.number IN
                    (SELECT paper FROM aliases WHERE old_id LIKE ?1 ESCAPE '\\') ORDER BY p.id LIMIT ?2"""
        return [_paper(row) for row in self._all(query, f"{_like(prefix)}%", limit)]

    def spelt_otherwise(self, canonical: str) -> list[Paper]:
        """Papers whose given id is another spelling of the canonical one (`2604.14228v2`)."""
        if not canonical:
            return []
        query = f"SELECT {_COLUMNS} FROM papers p WHERE p.id LIKE ? ESCAPE '\\' ORDER BY p.id"
        rows = self._all(query, f"%{_like(canonical.partition(':')[2])}%")
        return [paper for paper in map(_paper, rows) if canonical_id(paper.id) == canonical]

    def of_title(self, title: str) -> list[Paper]:
        """The papers with the same title, ignoring case, punctuation and spacing, in the order they were added."""
        query = f"SELECT {_COLUMNS} FROM papers p WHERE p.title_key = ? AND p.title_key != '' ORDER BY p.number"
        return [_paper(row) for row in self._all(query, normalise_title(title))]

    def changed_papers(self, after: int) -> list[Paper]:
        """Papers written after a change."""
        return [_paper(row) for row in self._all(f"SELECT {_COLUMNS} FROM papers p WHERE p.change > ?", after)]

    # -- writing, within a transaction

    def put(self, paper: Paper, old: Paper | None, change: int) -> None:
        """Stores a paper, replacing `old` if given. Its chunks are made again if its text changed, and marked as
        changed if its id or day did."""
        sql = self._sql()
        values = [*_values(paper), normalise_title(paper.title), change]
        if old is None:
            names = ", ".join(_FIELDS)
            marks = ", ".join("?" * len(values))
            sql.execute(f"INSERT INTO papers ({names}, title_key, change) VALUES ({marks})", values)
        else:
            names = ", ".join(f"{name} = ?" for name in _FIELDS)
            sql.execute(f"UPDATE papers SET {names}, title_key = ?, change = ? WHERE id = ?", [*values, old.id])
        number = self._all("SELECT number FROM papers WHERE id = ?", paper.id)[0][0]
        if old is not None and old.id != paper.id:
            sql.execute("INSERT INTO removed VALUES ('paper', ?, ?)", (old.id, change))
        if old is None or old.ids != paper.ids:
            sql.execute("DELETE FROM aliases WHERE paper = ?", (number,))
            sql.executemany("INSERT OR REPLACE INTO aliases VALUES (?, ?)", [(i, number) for i in paper.ids[1:]])
        if old is None or old.posted_days != paper.posted_days:
            sql.execute("DELETE FROM posted WHERE paper = ?", (number,))
            sql.executemany("INSERT INTO posted VALUES (?, ?)", [(day, number) for day in paper.posted_days])
        if old is None or (old.title, old.abstract) != (paper.title, paper.abstract):
            self._put_text(number, paper, change)
        elif (old.id, old.day) != (paper.id, paper.day):
            sql.execute("UPDATE chunks SET change = ? WHERE paper = ?", (change, number))

    def _put_text(self, number: int, paper: Paper, change: int) -> None:
        sql = self._sql()
        sentences = split_sentences(readable(paper.abstract))  # not made inert, so that vectors stay valid
        sql.execute("DELETE FROM sentences WHERE paper = ?", (number,))
        sql.executemany("INSERT INTO sentences VALUES (?, ?, ?)", [(number, s.number, s.text) for s in sentences])
        self._drop_chunks(number, change)
        for first, last in chunk_sentences(paper.shown_title, sentences):
            text = chunk_text(paper.title, (s.text for s in sentences[first - 1 : last]))
            values = (number, first, last, text_hash_of(text), change)
            sql.execute("INSERT INTO chunks (paper, first, last, text_hash, change) VALUES (?, ?, ?, ?, ?)", values)

    def put_text_again(self, paper: Paper, change: int) -> None:
        """Splits the text of a stored paper into sentences again, and marks the paper as changed. Chunks whose text
        stays the same keep their vectors."""
        number = self._all("SELECT number FROM papers WHERE id = ?", paper.id)[0][0]
        self._sql().execute("UPDATE papers SET change = ? WHERE number = ?", (change, number))
        self._put_text(number, paper, change)

    def _drop_chunks(self, number: int, change: int) -> None:
        sql = self._sql()
        sql.execute("INSERT INTO removed SELECT 'chunk', id, ? FROM chunks WHERE paper = ?", (change, number))
        sql.execute("DELETE FROM chunks WHERE paper = ?", (number,))

    def remove(self, paper: Paper, change: int) -> None:
        """Removes a paper. Its vectors stay until `forget_unused_vectors`, so that undoing this costs nothing."""
        sql = self._sql()
        number = self._all("SELECT number FROM papers WHERE id = ?", paper.id)[0][0]
        self._drop_chunks(number, change)
        sql.execute("INSERT INTO removed VALUES ('paper', ?, ?)", (paper.id, change))
        sql.execute("DELETE FROM papers WHERE number = ?", (number,))

    def keep_sources(self, paper: Paper, old: Paper, records: Sequence[Paper]) -> None:
        """Keeps what a stored paper was merged of, as far as it differs: `old`, as it was before, and further
        records."""
        differing = [record for record in records if sources.differ(old, record)]
        if differing:
            number = self._all("SELECT number FROM papers WHERE id = ?", paper.id)[0][0]
            sources.keep(self._sql().execute, number, old, differing)

    def sources(self, paper_id: str) -> list[MergedRecord]:
        """The records that a paper was merged of, the latest first; none if it came alike each time."""
        return sources.kept(self._sql().execute, paper_id)

    def join(self, paper: Paper, other: Paper, change: int) -> None:
        """Removes `other`, of which `paper` takes over the records that it was merged of; its ids and days are to be
        put with `paper` afterwards."""
        numbers = "(SELECT number FROM papers WHERE id = ?)"
        self._sql().execute(
            f"UPDATE OR IGNORE sources SET paper = {numbers} WHERE paper = {numbers}", (paper.id, other.id)
        )
        self.remove(other, change)

    def removed(self, kind: str, after: int, upto: int = 1 << 62) -> list[str]:
        """The ids of everything of a kind (`paper`, `chunk`) that was removed after a change, and by another."""
        query = "SELECT id FROM removed WHERE kind = ? AND change > ? AND change <= ?"
        return [row[0] for row in self._all(query, kind, after, upto)]

    def forget_removed(self, upto: int) -> None:
        """Deletes the notes of removals up to a change, once every index includes them."""
        self._sql().execute("DELETE FROM removed WHERE change <= ?", (upto,))
