"""JSON records of papers, in three formats that are told apart record by record: text -> papers and rejects.

The formats differ in the names of their fields. A value of the wrong type is reported by its field's name, never
guessed at; unknown fields are ignored.
"""

import reprlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from index.ids import canonical_id
from index.paper import Paper, Reject
from index.safety.limits import ABSTRACT, AUTHORS, FIELD, RECORDS, refuse_longer, rest_not_read
from index.sources import json_text
from index.sources.encoding import mended

HUB_JSON, DAILY_RECORDS, PAPER_JSON = "hub-json", "daily-records", "paper-json"
WHAT = {
    DAILY_RECORDS: "records of Daily Papers, one JSON object per line with `date`, `published` and `org`",
    HUB_JSON: "the Hub's own JSON (api/daily_papers), as an array or line by line",
    PAPER_JSON: "JSONL: a JSON object with `title` and `abstract` per line, or an array of them "
    "(what `papers export` writes)",
}

# What a format calls a field of a paper, if not by the paper's own name for it. None: it has no such field, or uses the
# name for something else.
_NAMES: dict[str, dict[str, str | None]] = {
    HUB_JSON: {
        "abstract": "summary",
        "author_count": None,
        "published": "publishedAt",
        "posted": "submittedOnDailyAt",
        "url": None,
        "comments": "numComments",
        "source": None,
    },
    DAILY_RECORDS: {"author_count": None, "organization": "org", "posted": "date"},
    PAPER_JSON: {},
}
_LARGEST = 2**53  # beyond it JSON numbers are no longer exact


def read(text: str, format: str | None, posted: str | None) -> tuple[str, list[Paper], list[Reject]]:
    """The format, papers and rejects of a text. If no format is given, each record is read by its own content, and the
    format returned is that of the first."""
    papers: list[Paper] = []
    rejects: list[Reject] = []
    first = format
    for number, (place, record) in enumerate(json_text.records(text)):
        if number == RECORDS:
            rejects.append(rest_not_read(place))
            break
        if isinstance(record, Reject):
            rejects.append(record)
            continue
        name = format or _format_of(record)
        first = first or name
        try:
            papers.append(paper_of(record, name, posted))
        except ValueError as error:
            title = record.get("title")
            shown = f": {mended(title[:60])}" if isinstance(title, str) and title.strip() else ""
            rejects.append(Reject(place + shown, mended(str(error))))
    return first or PAPER_JSON, papers, rejects


def _format_of(record: Mapping[str, Any]) -> str:
    """The format of a record, told by the fields that the others do not have."""
    if isinstance(record.get("paper"), dict):
        return HUB_JSON
    if "summary" in record and ("publishedAt" in record or "submittedOnDailyAt" in record):
        return HUB_JSON
    return DAILY_RECORDS if "date" in record and ("org" in record or "submitted_daily" in record) else PAPER_JSON


def paper_of(record: Mapping[str, Any], format: str, posted: str | None = None) -> Paper:
    """The paper of a record; `posted` is its day on the Daily page if the record gives none. Raises ValueError with the
    reason if it cannot be read."""
    if format == HUB_JSON:
        record = _unnested(record)
    elif format == PAPER_JSON and type(number := record.get("id")) is int:  # a running number is an id too
        record = {**record, "id": str(number)}
    fields = _Fields(record, _NAMES[format])
    title, abstract = fields.title_and_abstract()
    identity, url = fields.text("id"), None
    if format == HUB_JSON and identity:
        url = f"https://huggingface.co/papers/{identity}"
        identity = canonical_id(identity) or identity
    return Paper(
        title=title,
        abstract=abstract,
        id=identity,  # type: ignore[arg-type]
        authors=fields.people("authors"),
        author_count=fields.count("author_count"),
        organization=_organization(fields, format),
        published=fields.day("published"),
        posted=fields.day("posted") or posted,
        url=url or fields.text("url"),
        comments=fields.count("comments"),
        upvotes=fields.count("upvotes"),
        source=fields.text("source") or ("" if format == PAPER_JSON and "source" in record else format),
    )


def _unnested(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """A Hub record with the fields nested under `paper` moved up. Of the two `publishedAt` the nested one is right: the
    outer one is 4-5 hours early."""
    if not isinstance(nested := record.get("paper"), dict):
        return record
    outer = {key: value for key, value in record.items() if key != "publishedAt"}
    return outer | {key: value for key, value in nested.items() if value is not None}


def _organization(fields: "_Fields", format: str) -> str | None:
    value = fields.record.get("organization")
    if format != HUB_JSON or not isinstance(value, dict):
        return fields.text("organization")
    inner = _Fields(value, {})
    return inner.text("fullname") or inner.text("name")


@dataclass(slots=True)  # not frozen, which takes time: one is made for every record
class _Fields:
    """The fields of a record, checked, under a paper's names for them."""

    record: Mapping[str, Any]
    names: Mapping[str, str | None]

    def _found(self, field: str) -> tuple[str, Any]:
        """The record's own name for a field, for error messages, and its value; None if there is no such field."""
        key = self.names.get(field, field)
        return key or field, None if key is None else self.record.get(key)

    def text(self, field: str, most: int = FIELD) -> str | None:
        """The text of a field; None if it is missing, null or empty. Raises ValueError for anything else, and for more
        than `most` characters."""
        key, value = self._found(field)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise ValueError(f"{key} is not a text: {_shown(value)}")
        refuse_longer(key, value, most)
        return mended(value)

    def title_and_abstract(self) -> tuple[str, str]:
        """The two fields that every paper needs. Raises ValueError if one is missing or blank."""
        title, abstract = self.text("title"), self.text("abstract", ABSTRACT)
        if not title or not title.strip():
            raise ValueError("has no title")
        if not abstract or not abstract.strip():
            raise ValueError("has no abstract")
        return title, abstract

    def count(self, field: str) -> int | None:
        """A whole number from 0; None if it is missing or null. Raises ValueError for anything else."""
        key, value = self._found(field)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LARGEST or value % 1:
            raise ValueError(f"{key} is not a whole number: {_shown(value)}")
        return int(value)

    def day(self, field: str) -> str | None:
        """A date as the record has it; Paper checks that it is valid. Raises ValueError if it is not even text."""
        try:
            return self.text(field)
        except ValueError:
            key, value = self._found(field)
            raise ValueError(f"{key} is not a date: {_shown(value)}") from None

    def people(self, field: str) -> tuple[str, ...]:
        """The people in a field: a list of names or of objects with a `name`, or a single text, which is split at
        semicolons, else at the commas and "and" between names of several words. Raises ValueError for anything else,
        and for more than AUTHORS."""
        key, value = self._found(field)
        if value is None:
            return ()
        if isinstance(value, str):
            value = _split_names(mended(value))
        if not isinstance(value, list | tuple):
            raise ValueError(f"{key} is not a list of names: {_shown(value)}")
        refuse_longer(key, value, AUTHORS, "people")
        people = [person.get("name") if isinstance(person, Mapping) else person for person in value]
        if not all(isinstance(person, str) for person in people):
            raise ValueError(f"{key} is not a list of names: {_shown(value)}")
        names = tuple(mended(person) for person in people if person)
        refuse_longer(f"one of the {key}", max(names, key=len, default=""), FIELD)
        return names


def _split_names(people: str) -> tuple[str, ...]:
    parts = people.split(";") if ";" in people else people.replace(" and ", ", ").split(",")
    parts = [part.strip() for part in parts if part.strip()]
    if ";" not in people and not all(" " in part for part in parts):  # "Doe, Jane" is one person
        return (people.strip(),) if people.strip() else ()
    return tuple(parts)


def _shown(value: object) -> str:
    shown = reprlib.repr(value)  # cuts deeply nested lists short
    return shown if len(shown) <= 60 else shown[:59] + "…"
