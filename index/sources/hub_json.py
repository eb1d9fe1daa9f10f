"""The Hub's own JSON (`/api/daily_papers`, `/api/papers`): record -> paper.

Most fields are nested under `paper`; `submittedOnDailyAt` is the day on the Daily page; of the two `publishedAt` the
nested one is right (the outer is 4-5 hours early); titles hold newlines.
"""

from index.ids import canonical_id
from index.paper import Paper
from index.sources import fields

NAME = "hub-json"
WHAT = "the Hub's own JSON (api/daily_papers), as an array or line by line"


def recognises(record: fields.Record) -> bool:
    """Whether a record is the Hub's: nested under `paper`, or that inner part alone."""
    if isinstance(record.get("paper"), dict):
        return True
    return "summary" in record and ("publishedAt" in record or "submittedOnDailyAt" in record)


def read(record: fields.Record, *, posted: str | None = None) -> Paper:
    """The paper of a record. Raises ValueError with the reason where it cannot be taken."""
    flat = record
    if isinstance(nested := record.get("paper"), dict):
        outer = {key: value for key, value in record.items() if key != "publishedAt"}
        flat = outer | {key: value for key, value in nested.items() if value is not None}
    title, abstract = fields.title_and_abstract(flat, "summary")
    number = fields.text(flat, "id")
    return Paper(
        title=title,
        abstract=abstract,
        id=(canonical_id(number) or number) if number else None,  # type: ignore[arg-type]
        authors=fields.names(flat, "authors"),
        organization=_organization(flat),
        published=fields.day(flat, "publishedAt"),
        posted=fields.day(flat, "submittedOnDailyAt") or posted,
        url=f"https://huggingface.co/papers/{number}" if number else None,
        comments=fields.count(flat, "numComments"),
        upvotes=fields.count(flat, "upvotes"),
        source=NAME,
    )


def _organization(record: fields.Record) -> str | None:
    value = record.get("organization")
    if not isinstance(value, dict):
        return fields.text(record, "organization")
    return fields.text(value, "fullname") or fields.text(value, "name")
