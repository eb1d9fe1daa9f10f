"""The paper JSON that every command writes, and the plain `{"title", "abstract"}` of other people: record -> paper.

Fields of other names are passed over.
"""

from index.paper import Paper
from index.sources import fields

NAME = "paper-json"
WHAT = "JSONL: a JSON object with `title` and `abstract` per line, or an array of them (what `papers export` writes)"


def read(record: fields.Record, *, posted: str | None = None) -> Paper:
    """The paper of a record. Raises ValueError with the reason where it cannot be taken."""
    title, abstract = fields.title_and_abstract(record)
    return Paper(
        title=title,
        abstract=abstract,
        id=_given_id(record),  # type: ignore[arg-type]
        authors=fields.names(record, "authors"),
        author_count=fields.count(record, "author_count"),
        organization=fields.text(record, "organization"),
        published=fields.day(record, "published"),
        posted=fields.day(record, "posted") or posted,
        url=fields.text(record, "url"),
        comments=fields.count(record, "comments"),
        upvotes=fields.count(record, "upvotes"),
        source=(fields.text(record, "source") or "") if "source" in record else NAME,
    )


def _given_id(record: fields.Record) -> str | None:
    value = record.get("id")
    # a running number is an id too
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else fields.text(record, "id")
