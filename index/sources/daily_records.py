"""Flat records of Daily Papers, one per line: record -> paper.

`date` is the day on the Daily page, `published` the day the paper appeared, `org` its organisation.
"""

from index.paper import Paper
from index.sources import fields

NAME = "daily-records"
WHAT = "records of Daily Papers, one JSON object per line with `date`, `published` and `org`"


def recognises(record: fields.Record) -> bool:
    """Whether a record is of this kind: by the fields that the others do not have."""
    return "date" in record and ("org" in record or "submitted_daily" in record)


def read(record: fields.Record, *, posted: str | None = None) -> Paper:
    """The paper of a record. Raises ValueError with the reason where it cannot be taken."""
    title, abstract = fields.title_and_abstract(record)
    return Paper(
        title=title,
        abstract=abstract,
        id=fields.text(record, "id"),  # type: ignore[arg-type]
        authors=fields.names(record, "authors"),
        organization=fields.text(record, "org"),
        published=fields.day(record, "published"),
        posted=fields.day(record, "date") or posted,
        url=fields.text(record, "url"),
        comments=fields.count(record, "comments"),
        upvotes=fields.count(record, "upvotes"),
        source=fields.text(record, "source") or NAME,
    )
