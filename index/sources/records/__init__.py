"""JSON records of papers, in three formats that are told apart record by record: text -> papers and rejects.

The formats differ in the names of their fields. A value of the wrong type is reported by its field's name, never
guessed at; unknown fields are ignored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from index.errors import TooLarge
from index.ids import canonical_id
from index.paper import Paper, Reject
from index.safety.limits import ABSTRACT, FIELD, LISTED, RECORDS, REJECTS, refuse_longer, rest_not_read
from index.sources.encoding import mended
from index.sources.records import field_names, json_documents, record_fields
from index.sources.records.record_annotations import ai_summary_of, annotations_of
from index.sources.records.record_keywords import code_url_of, keywords_of
from index.sources.records.record_names import listed, shown_value
from index.sources.rejected import kept_record

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
        "ids": None,
        "version": None,
        "posted_days": None,
    },
    DAILY_RECORDS: {"author_count": None, "organization": "org", "posted": "date", "version": None},
    PAPER_JSON: {},
}
_ONLY_HUB = frozenset(["submittedOnDailyAt", "numComments"])
NO_RECORD = "has no title and no abstract"
_OWN = frozenset(Paper(title="", abstract="").to_dict())
_LARGEST = 2**53  # beyond it JSON numbers are no longer exact


def read(
    text: str, format: str | None, posted: str | None, lines_before: int = 0
) -> tuple[str, list[Paper], list[Reject], tuple[str, ...]]:
    """The format, papers, rejects and notices of a text. If no format is given, each record is read by its own content,
    and the format returned is that of the first. `lines_before`: lines of the file before this part of it."""
    papers: list[Paper] = []
    rejects: list[Reject] = []
    odds: list[tuple[str, record_fields.Odd]] = []
    first = format
    for number, (place, record) in enumerate(json_documents.records(text, lines_before)):
        if number == RECORDS:
            rejects.append(rest_not_read(place))
            break
        if isinstance(record, Reject):
            rejects.append(record)
            continue
        if not field_names.might_be_paper(record) and _format_of(record) == PAPER_JSON:
            rejects.append(Reject(place, NO_RECORD))
            continue
        try:
            name, paper, odd = _read_record(record, format, posted)
        except ValueError as error:
            title = record.get("title")
            shown = f": {mended(title[:60])}" if isinstance(title, str) and title.strip() else ""
            said = kept_record(record) if len(rejects) < REJECTS else ""
            rejects.append(Reject(place + shown, mended(str(error)), record=said))
            continue
        first = first or name
        papers.append(paper)
        odds += ((place, one) for one in odd)
    return first or PAPER_JSON, papers, rejects, record_fields.told(odds)


def _read_record(
    record: dict[str, Any], format: str | None, posted: str | None
) -> tuple[str, Paper, list[record_fields.Odd]]:
    """A record by the names of its format; if these refuse it for a side field, by the map of all services' fields."""
    name = format or _format_of(record)
    if name in WHAT and (name != PAPER_JSON or _OWN.issuperset(record)):
        try:
            return name, paper_of(record, name, posted), []
        except TooLarge:
            raise
        except ValueError as error:
            if name == DAILY_RECORDS:
                record = {("posted" if key == "date" else key): value for key, value in record.items()}
            try:
                return name, *record_fields.read(record, posted=posted, source=name)
            except ValueError:
                raise error from None
    return name, *record_fields.read(record, posted=posted, source=name)


def _format_of(record: dict[str, Any]) -> str:
    """The format of a record, told by the fields that the others do not have."""
    if isinstance(record.get("paper"), dict):
        return HUB_JSON
    if "summary" in record and (not _ONLY_HUB.isdisjoint(record) or _is_dated_arxiv_paper(record)):
        return HUB_JSON
    if "date" in record and ("org" in record or "submitted_daily" in record):
        return DAILY_RECORDS
    return field_names.kind_of(record)


def _is_dated_arxiv_paper(record: dict[str, Any]) -> bool:
    """Whether a record has `publishedAt` and an arXiv id: news and podcasts have `summary` and `publishedAt` too."""
    identity = canonical_id(number) if "publishedAt" in record and isinstance(number := record.get("id"), str) else None
    return identity is not None and identity.startswith("arxiv:")


def paper_of(record: Mapping[str, Any], format: str, posted: str | None = None) -> Paper:
    """The paper of a record; `posted` is its day on the Daily page if the record gives none. Raises ValueError with the
    reason if it cannot be read."""
    if format == HUB_JSON:
        record = _unnested(record)
    elif format == PAPER_JSON and type(number := record.get("id")) is int:  # a running number is an id too
        record = {**record, "id": str(number)}
    fields = _Fields(record, _NAMES[format])
    flat = {field_names.squashed(name): value for name, value in record.items()}
    title, abstract = fields.title_and_abstract()
    identity, url = fields.text("id"), None
    tags, note = annotations_of(flat, own=format == PAPER_JSON)
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
        keywords=_keywords(flat, format),
        code_url=code_url_of(flat)[0],
        ids=fields.texts("ids"),
        version=fields.count("version"),
        posted_days=fields.texts("posted_days"),
        tags=tags,
        note=note,
        ai_summary=ai_summary_of(flat),
        source=fields.text("source") or ("" if format == PAPER_JSON and "source" in record else format),
    )


def _keywords(flat: Mapping[str, Any], format: str) -> tuple[str, ...]:
    """The keywords of a record; those of our own JSON as they stand."""
    own = flat.get("keywords") if format == PAPER_JSON else None
    if isinstance(own, list) and len(own) <= LISTED and all(isinstance(word, str) for word in own):
        return tuple(map(mended, own))
    return keywords_of(flat)[0]


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
            raise ValueError(f"{key} is not a text: {shown_value(value)}")
        refuse_longer(key, value, most)
        return mended(value)

    def texts(self, field: str) -> tuple[str, ...]:
        """A list of texts; empty if it is missing or null. Raises ValueError for anything else."""
        key, value = self._found(field)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise ValueError(f"{key} is not a list of texts: {shown_value(value)}")
        refuse_longer(key, value, LISTED, "entries")
        for part in value:
            refuse_longer(key, part, FIELD)
        return tuple(mended(part) for part in value if part)

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
            raise ValueError(f"{key} is not a whole number: {shown_value(value)}")
        return int(value)

    def day(self, field: str) -> str | None:
        """A date as the record has it; Paper checks that it is valid. Raises ValueError if it is not even text."""
        try:
            return self.text(field)
        except ValueError:
            key, value = self._found(field)
            raise ValueError(f"{key} is not a date: {shown_value(value)}") from None

    def people(self, field: str) -> tuple[str, ...]:
        """The people in a field, as `listed` reads them."""
        key, value = self._found(field)
        if value is None:
            return ()
        return listed(value, key)
