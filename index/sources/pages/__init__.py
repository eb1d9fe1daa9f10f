"""Daily Papers pages of Hugging Face in whatever carried them: text, Markdown or HTML -> papers and rejects.

The carrier's marks and links are taken off first (`carriers`, `saved`); a page with links is read by them (`linked`), a
page without by the place of its lines (`pasted`).
"""

import datetime

from index.errors import TooLarge
from index.paper import NoAbstract, Paper, Reject
from index.safety.limits import FEED, LINES
from index.sources import records
from index.sources.pages import carriers, linked, pasted, saved
from index.sources.pages.forms import NAME
from index.sources.rejected import kept_record

__all__ = ["NAME", "WHAT", "is_web_page", "read"]

WHAT = (
    "a Daily Papers page of Hugging Face (day, week, month, search or trending view), copied from the browser, as "
    "Markdown, or saved as HTML"
)

is_web_page = saved.recognises


def read(
    text: str,
    *,
    expected: bool = False,
    year: int | None = None,
    posted: str | None = None,
    today: datetime.date | None = None,
) -> tuple[list[Paper], list[Reject]] | None:
    """The papers of a page, in its order; None if the text is no such page. `expected`: the text was said to be one.
    Dates without a year as in `pasted.read`. Raises TooLarge."""
    text = carriers.unquoted(text)
    if saved.recognises(text):
        own, day = saved.own_records(text)
        if own:
            return _papers_of(own, records.HUB_JSON, posted or day)
        if paper := saved.own_paper(text):
            return _papers_of([paper], records.PAPER_JSON, posted)
        lines = saved.lines_of(text)
        plain = carriers.as_text(lines)
    elif expected or linked.recognises(text) or pasted.recognises(text) or carriers.is_markdown(text):
        if len(text) > FEED:
            raise TooLarge(f"The page has more than {FEED >> 20} million characters: split it and add the parts.")
        lines = carriers.lines_of(text)
        plain = carriers.as_text(lines) if carriers.is_markdown(text) else text
    else:
        return None
    if len(lines) > LINES:
        return [], [Reject("the page", f"has more than {LINES:,} lines: save it in parts")]
    by_links = linked.read(lines, year=year, posted=posted, today=today)
    if by_links is not None:
        return by_links
    if expected or pasted.recognises(plain):
        return pasted.read(plain, year=year, posted=posted, today=today)
    return None


def _papers_of(own: list[dict[str, object]], format: str, posted: str | None) -> tuple[list[Paper], list[Reject]]:
    """The papers of records that a page carries."""
    papers: list[Paper] = []
    rejects: list[Reject] = []
    for number, record in enumerate(own, 1):
        try:
            papers.append(records.paper_of(record, format, posted))
        except ValueError as error:
            place = f"paper {number}: {str(record.get('title') or '')[:60]}".rstrip(": ")
            known = _without_abstract(record, posted) if format == records.HUB_JSON else None
            said = kept_record(record)
            rejects.append(
                NoAbstract(place, str(error), known, record=said) if known else Reject(place, str(error), record=said)
            )
    return papers, rejects


def _without_abstract(record: dict[str, object], posted: str | None) -> Paper | None:
    """The paper of one of the Hub's records that lacks nothing but an abstract and has an arXiv id; otherwise None."""
    inner = record.get("paper")
    inner = inner if isinstance(inner, dict) else record
    if inner.get("summary"):
        return None
    try:
        paper = records.paper_of({**record, "paper": {**inner, "summary": "-"}}, records.HUB_JSON, posted)
    except ValueError:
        return None
    return paper.with_(abstract="") if paper.id.startswith("arxiv:") else None
