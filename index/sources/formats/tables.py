"""A table (CSV or TSV) with a header -> papers and rejects: columns in any order, under the names of the record map.

A table without a column for titles and one for abstracts is not one of papers.
"""

import csv
import io
import re
from collections.abc import Iterator

from index.paper import Paper, Reject
from index.safety.cells import unguarded
from index.safety.limits import RECORDS, rest_not_read
from index.sources.records import record_fields
from index.sources.records.field_names import ABSTRACT_NAMES, ARXIV, DOI, LOOSE, TITLE, squashed
from index.sources.records.record_fields import Odd, told
from index.sources.rejected import kept_record, reject

NAME = "csv"
HUMAN = "a table"
WHAT = "CSV or TSV with a header that names at least `title` and `abstract` (what `papers export` writes)"

_OWN = frozenset(
    ("id", "title", "abstract", "authors", "author_count", "organization", "published", "posted", "url", "comments",
     "upvotes", "source")
)  # fmt: skip
_LISTS = ("authors", "ids", "keywords", "posted_days", "tags")
_SEPARATORS = ",;\t|"
_HEAD = 64_000  # characters in which a header must end
_MOST_BROKEN = 100
_SCOPUS_NUMBER = re.compile(r"\s*\(\d{6,14}\)")


def recognises(text: str) -> bool:
    """Whether a text has the header of a table of papers, and a row under it."""
    return _header(text) is not None


def read(text: str, *, posted: str | None = None) -> tuple[list[Paper], list[Reject], tuple[str, ...]]:
    """The papers of a table, in its order; empty rows are passed over."""
    found = _header(text)
    if found is None:
        return [], [Reject("the table", "has no header with a title and an abstract")], ()
    separator, names = found
    own = _OWN.issubset(names)
    papers: list[Paper] = []
    rejects: list[Reject] = []
    odds: list[tuple[str, Odd]] = []
    for number, row in enumerate(_rows(text, separator), 1):
        place = f"row {number}"
        if isinstance(row, str):
            rejects.append(Reject(place, row))
            continue
        if number == 1 or not any(cell.strip() for cell in row):
            continue
        if number > RECORDS + 1:
            rejects.append(rest_not_read(place))
            break
        if any(cell.strip() for cell in row[len(names) :]):  # its cells would stand under the wrong names
            reason = f"has {len(row)} cells under a header of {len(names)}: quote a cell that holds the separator"
            cells = dict(zip(names, row, strict=False)) | {"cells beyond the header": row[len(names) :]}
            rejects.append(Reject(place, reason, record=kept_record(cells)))
            continue
        record: dict[str, object] = dict(zip(names, map(unguarded, row) if own else row, strict=False))
        title = str(record.get(next(name for name in names if squashed(name) in TITLE), ""))[:60]
        try:
            paper, odd = _own(record, posted) if own else record_fields.read(_usual(record), posted=posted, source=NAME)
        except ValueError as error:
            rejects.append(reject(f"{place}: {title}" if title.strip() else place, error))
            continue
        if len(row) < len(names):
            odd.append(Odd("the row", f"has not the {len(names)} cells of the header", f"{len(row)} cells"))
        papers.append(paper)
        odds += ((place, one) for one in odd)
    return papers, rejects, told(odds)


def _header(text: str) -> tuple[str, list[str]] | None:
    """The separator of a table of papers, and its columns' names as they stand."""
    head = _after_hint(text[:_HEAD])
    if "\n" not in head.strip():
        return None
    for separator in _SEPARATORS:
        if separator not in head:
            continue
        try:
            names = next(csv.reader(io.StringIO(head, newline=""), delimiter=separator), [])
        except csv.Error:
            continue
        known = {squashed(name) for name in names}
        identified = known & {*ARXIV, *DOI}
        abstract = known & {*ABSTRACT_NAMES, *(LOOSE if identified else ())}
        if len(names) <= 500 and known & set(TITLE) and abstract:
            return separator, [name.strip().strip("\ufeff") for name in names]
    return None


def _after_hint(text: str) -> str:
    """A text without the line in which Excel is told the separator."""
    return re.sub(r"^\s*sep=.\r?\n", "", text)


def _rows(text: str, separator: str) -> Iterator[list[str] | str]:
    """The rows, the header too; why not, for one that cannot be read."""
    rows = csv.reader(io.StringIO(_after_hint(text), newline=""), delimiter=separator)
    broken = 0
    while broken < _MOST_BROKEN:
        try:
            yield next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            broken += 1
            yield f"cannot be read ({error}): a quote may not be closed"


def _usual(record: dict[str, object]) -> dict[str, object]:
    """A row as it is read: Scopus writes a number behind each person."""
    return {
        key: _SCOPUS_NUMBER.sub("", value) if isinstance(value, str) and squashed(key).startswith("author") else value
        for key, value in record.items()
    }


def _own(record: dict[str, object], posted: str | None) -> tuple[Paper, list[Odd]]:
    """A row that `papers export` wrote: its lists are divided by semicolons and by nothing else."""
    lists = {name: [part for part in str(record.get(name) or "").split("; ") if part] for name in _LISTS}
    paper, odd = record_fields.read({**record, **lists}, posted=posted, source=NAME)
    return paper.with_(source=str(record.get("source") or ""), url=str(record.get("url") or "") or None), odd
