"""The sentences, chunks and vectors of the record. Knows SQL, but nothing of searches or embeddings."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from index.readable import readable
from index.sentences import Sentence
from index.storage.record_file import RecordFile

DAY = "coalesce(p.published, p.posted)"
DAY_NUMBER = f"CAST(replace({DAY}, '-', '') AS INTEGER)"
AMONG = "IN (SELECT value FROM json_each(?))"
_ROWS = 5_000  # vectors read at once


@dataclass(frozen=True)
class Chunk:
    """Consecutive sentences of a paper that share one vector. `id` is never reused; `day` is yyyymmdd."""

    id: int
    paper_id: str
    first: int
    last: int
    day: int | None


_CHUNK = f"c.id, p.id, c.first, c.last, {DAY_NUMBER}"


def iso_day(day: int) -> str:
    """A day, given as yyyymmdd, as the record writes it."""
    return f"{day // 10_000:04d}-{day // 100 % 100:02d}-{day % 100:02d}"


def chunk_text(title: str, sentences: Iterable[str]) -> str:
    """What of a paper is embedded: its title and some of its sentences."""
    return f"{readable(title)}\n{' '.join(sentences)}"


def text_hash_of(text: str) -> str:
    """What vectors are kept under: 32 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class RecordChunks(RecordFile):
    """What a record holds of the texts of its papers."""

    def sentences(self, paper_id: str) -> tuple[Sentence, ...]:
        """The numbered sentences of a paper."""
        query = "SELECT s.number, s.text FROM sentences s JOIN papers p ON p.number = s.paper WHERE p.id = ?"
        return tuple(Sentence(*row) for row in self._all(f"{query} ORDER BY s.number", paper_id))

    def changed_chunks(self, model: str, after: int = -1) -> list[int]:
        """The ids of the chunks that have a vector by a model and were written after a change."""
        query = """SELECT c.id FROM chunks c CROSS JOIN vectors v ON v.model = ? AND v.text_hash = c.text_hash
                   WHERE c.change > ? ORDER BY c.id"""
        return [row[0] for row in self._all(query, model, after)]

    def next_chunks(self, model: str, after: int, beyond: int, limit: int) -> list[tuple[int, int]]:
        """The next chunks in the order of their changes, and by id within one, that have a vector by a model: (id,
        change). `after`: a change that is done with; `beyond`: an id, up to which the change after it is done with,
        too."""
        query = """SELECT c.id, c.change FROM chunks c
                   CROSS JOIN vectors v ON v.model = ?1 AND v.text_hash = c.text_hash
                   WHERE c.change > ?2 AND (c.change > ?2 + 1 OR c.id > ?3) ORDER BY c.change, c.id LIMIT ?4"""
        return self._all(query, model, after, beyond, limit)

    def count_chunks(self, model: str, after: int = -1) -> int:
        """How many of the chunks written after a change have a vector by a model."""
        query = """SELECT count(*) FROM chunks c CROSS JOIN vectors v ON v.model = ? AND v.text_hash = c.text_hash
                   WHERE c.change > ?"""
        return int(self._all(query, model, after)[0][0])

    def chunks(self, ids: Collection[int]) -> dict[int, Chunk]:
        """The chunks with these ids; those that are gone are left out."""
        query = f"SELECT {_CHUNK} FROM chunks c JOIN papers p ON p.number = c.paper WHERE c.id {AMONG}"
        return {row[0]: Chunk(*row) for row in self._all(query, json.dumps(list(ids)))}

    def last_chunk(self) -> int:
        """The id of the newest chunk: those written later have higher ones. 0 if there is none."""
        return int(self._all("SELECT coalesce(max(id), 0) FROM chunks")[0][0])

    def count_papers(self, beyond: int) -> int:
        """How many papers have chunks past an id."""
        return int(self._all("SELECT count(DISTINCT paper) FROM chunks WHERE id > ?", beyond)[0][0])

    def texts_without_vector(self, model: str, beyond: int = 0, limit: int = -1) -> list[tuple[int, str, str]]:
        """The chunks past an id that have no vector by a model yet, at most `limit`, by id: id, hash of the text,
        text."""
        lacking = """SELECT c.id FROM chunks c LEFT JOIN vectors v ON v.model = ? AND v.text_hash = c.text_hash
                     WHERE c.id > ? AND v.number IS NULL ORDER BY c.id LIMIT ?"""
        query = f"""SELECT c.id, c.text_hash, p.title, s.text FROM chunks c JOIN papers p ON p.number = c.paper
                    JOIN sentences s ON s.paper = c.paper AND s.number BETWEEN c.first AND c.last
                    WHERE c.id IN ({lacking}) ORDER BY c.id, s.number"""
        parts: dict[int, tuple[str, str, list[str]]] = {}
        for chunk, text_hash, title, sentence in self._all(query, model, beyond, limit):
            parts.setdefault(chunk, (text_hash, title, []))[2].append(sentence)
        return [(chunk, part[0], chunk_text(part[1], part[2])) for chunk, part in parts.items()]

    def put_vectors(self, model: str, vectors: Iterable[tuple[str, bytes]]) -> None:
        """Stores vectors by a model (little-endian float32) under the hash of their text."""
        rows = [(model, text_hash, vector) for text_hash, vector in vectors]
        self._sql().executemany("INSERT OR IGNORE INTO vectors (model, text_hash, vector) VALUES (?, ?, ?)", rows)

    def touch_chunks(self, hashes: Iterable[str]) -> None:
        """Counts the chunks with texts of these hashes as changed: an index lacks them, however old they are."""
        change = self.change() + 1  # of the transaction that this is part of
        query = "UPDATE chunks SET change = ?1 WHERE text_hash = ?2 AND change < ?1"
        self._sql().executemany(query, [(change, text_hash) for text_hash in hashes])

    def forget_vectors_unlike(self, model: str, dimension: int) -> bool:
        """Deletes the vectors by a model that do not have `dimension` numbers; returns whether there were any."""
        query = "DELETE FROM vectors WHERE model = ? AND length(vector) != ?"
        return self._sql().execute(query, (model, 4 * dimension)).rowcount > 0

    def dimension(self, model: str) -> int:
        """How many numbers a vector by a model has; 0 if there is none."""
        found = self._one("SELECT length(vector) FROM vectors WHERE model = ?", model)
        return found[0] // 4 if found else 0

    def count_vectors(self, model: str) -> tuple[int, int]:
        """How many distinct chunk texts there are, and how many of them have a vector by a model."""
        query = """SELECT count(DISTINCT c.text_hash), count(DISTINCT v.text_hash) FROM chunks c
                   LEFT JOIN vectors v ON v.model = ? AND v.text_hash = c.text_hash"""
        texts, have = self._all(query, model)[0]
        return texts, have

    def problems(self, model: str) -> list[str]:
        """What the record itself lacks, one sentence each."""
        problems = []
        bare = """SELECT count(*) FROM papers p WHERE NOT EXISTS (SELECT 1 FROM sentences WHERE paper = p.number)
                  OR NOT EXISTS (SELECT 1 FROM chunks WHERE paper = p.number)"""
        if number := self._all(bare)[0][0]:
            problems.append(f"{number} papers have no sentences.")
        texts, have = self.count_vectors(model)
        if texts > have:
            problems.append(f"{texts - have} chunks have no vector by {model}.")
        return problems

    def forget_unused_vectors(self) -> None:
        """Deletes the vectors of texts that no chunk has any more."""
        self._sql().execute("DELETE FROM vectors WHERE text_hash NOT IN (SELECT text_hash FROM chunks)")

    def vector_rows(
        self, model: str, after: int = -1, days: tuple[int, int] | None = None
    ) -> Iterator[list[tuple[int, bytes]]]:
        """The ids and vectors by a model of the chunks written after a change, only of papers of some days (yyyymmdd,
        both included) if given; a few thousand at a time."""
        between = [iso_day(day) for day in days or ()]
        papers = f"SELECT p.number FROM papers p WHERE {DAY} BETWEEN ? AND ?"
        vectors = "CROSS JOIN vectors v ON v.model = ? AND v.text_hash = c.text_hash"
        if after >= 0:
            chosen, values = f"chunks c {vectors} WHERE c.change > ?", [model, after, *between]
            chosen += f" AND c.paper IN ({papers})" if days else ""
        elif days:
            chosen, values = f"({papers}) d CROSS JOIN chunks c ON c.paper = d.number {vectors}", [*between, model]
        else:  # in the order of the file: three times as fast
            chosen, values = "vectors v CROSS JOIN chunks c ON c.text_hash = v.text_hash WHERE +v.model = ?", [model]
        cursor = self._sql().execute(f"SELECT c.id, v.vector FROM {chosen}", values)
        while rows := cursor.fetchmany(_ROWS):
            yield rows

    def changed_ids(self, after: int) -> list[int]:
        """The ids of the chunks written after a change."""
        return [row[0] for row in self._all("SELECT id FROM chunks WHERE change > ?", after)]

    def vectors(
        self,
        model: str,
        *,
        within: Collection[str] | None = None,
        chunks: Collection[int] | None = None,
        after: int = -1,
    ) -> tuple[list[Chunk], list[bytes]]:
        """Chunks and their vectors by a model: those of the papers `within`, or these `chunks`, or those written
        after a change."""
        value: int | str
        if within is not None:
            papers = "json_each(?) j CROSS JOIN papers p ON p.id = j.value"
            chosen, value = f"{papers} CROSS JOIN chunks c ON c.paper = p.number", json.dumps(list(set(within)))
        elif chunks is not None:
            some = "json_each(?) j CROSS JOIN chunks c ON c.id = j.value"
            chosen, value = f"{some} CROSS JOIN papers p ON p.number = c.paper", json.dumps(list(chunks))
        else:
            chosen, value = "chunks c CROSS JOIN papers p ON p.number = c.paper AND c.change > ?", after
        query = f"""SELECT v.vector, {_CHUNK} FROM {chosen}
                    CROSS JOIN vectors v ON v.model = ? AND v.text_hash = c.text_hash"""
        rows = self._all(query, value, model)  # CROSS JOIN keeps the planner from starting with the vectors
        rows.sort(key=lambda row: row[1])  # SQLite would sort them, vectors and all, in a file
        return [Chunk(*row[1:]) for row in rows], [row[0] for row in rows]

    def chunk_ids(self, papers: Collection[str]) -> set[int]:
        """The ids of the chunks of some papers."""
        query = f"SELECT c.id FROM papers p JOIN chunks c ON c.paper = p.number WHERE p.id {AMONG}"
        return {row[0] for row in self._all(query, json.dumps(list(papers)))}
