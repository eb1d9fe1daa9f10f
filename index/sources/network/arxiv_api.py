"""arXiv's API: ids or a search -> papers, a hundred at a time."""

import datetime
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from index.ids import canonical_id
from index.paper import Reject
from index.safety.limits import refuse_long_question
from index.sources.formats import arxiv_atom
from index.sources.network.client import FetchError, Visit

if TYPE_CHECKING:
    from index.sources import Reading

AT_ONCE = 100  # papers of one request
MOST = 1000  # papers of one search

_API = "https://export.arxiv.org/api/query"
_ID = re.compile(r"<id>\s*([^<\s]+)\s*</id>")
_TOTAL = re.compile(r"<(?:\w+:)?totalResults[^>]*>\s*(\d{1,9})\s*<")
_CATEGORY = re.compile(r"[A-Za-z-]{2,20}(?:\.[A-Za-z-]{2,20})?")


def feed(visit: Visit, **params: str | int) -> str | None:
    """A feed of arXiv's; None if it has not changed since the last time. Raises FetchError."""
    answer = visit.get(_API, **params)
    if answer.text is None:
        return None
    if not answer.text.lstrip().startswith("<"):  # how arXiv throttles, sometimes with HTTP 200
        raise FetchError(f"arXiv answers “{answer.text.strip()[:80]}” instead of papers. Try again in a few minutes.")
    visit.note(answer, len(re.findall(r"<entry[\s>]", answer.text)))
    return answer.text


def by_ids(visit: Visit, numbers: Sequence[str], *, place: str) -> "Reading":
    """The papers with these arXiv numbers, at most AT_ONCE of them; one that arXiv does not know is a reject. Raises
    FetchError."""
    from index.sources import Reading, read_text

    text = feed(visit, id_list=",".join(numbers), max_results=AT_ONCE) or ""
    reading = read_text(text, place=place, format=arxiv_atom.NAME)
    asked = {f"arxiv:{number}".casefold() for number in numbers}
    papers = tuple(paper for paper in reading.papers if paper.id.casefold() in asked)
    rejects = tuple(reject for reject in reading.rejects if reject.reason != arxiv_atom.NO_PAPER)
    sent = {(canonical_id(found) or "").casefold() for found in _ID.findall(text)}
    if not any("arXiv answers" in reject.reason for reject in rejects):  # an error stands for all of them
        rejects += tuple(
            Reject(f"{place}, {number}", "arXiv sent no paper with this id: check it")
            for number in numbers
            if f"arxiv:{number}".casefold() not in sent
        )
    return Reading(reading.format, papers, rejects, reading.notices)


def search_query(*, query: str | None, category: str | None, since: str | None, today: datetime.date) -> str:
    """What the API is asked for: `query` as a phrase anywhere in a record, in a category, submitted from the day
    `since` (YYYY-MM-DD) on. Raises ValueError if a query has no words or a category does not look like one."""
    parts = []
    if category is not None:
        if not _CATEGORY.fullmatch(category):
            raise ValueError(f"{category[:40]!r} is not a category of arXiv's such as cs.CL or hep-th.")
        parts.append(f"cat:{category}")
    if query is not None:
        refuse_long_question(query, "The query")
        words = " ".join(re.sub(r'["\\\x00-\x1f\x7f]', " ", query).split())  # nothing that ends the phrase
        if not re.search(r"\w", words):
            raise ValueError("The query has no words: say what the papers are about.")
        parts.append(f'all:"{words}"')
    if since is not None:
        first = datetime.date.fromisoformat(since)
        last = max(first, today)  # a day, not a moment, so that the same question has the same address all day
        parts.append(f"submittedDate:[{first:%Y%m%d}0000 TO {last:%Y%m%d}2359]")
    return " AND ".join(parts)


def search(visits: Iterator[Visit], query: str) -> Iterator[tuple["Reading | None", int]]:
    """The newest papers that a query finds, a page at a time and at most MOST: each page's reading, and how many
    papers arXiv says there are. None in place of a reading: the page has not changed since the last time. Each page
    takes a visit. Raises FetchError."""
    from index.sources import read_text

    for start, visit in zip(range(0, MOST, AT_ONCE), visits, strict=False):
        text = feed(
            visit,
            search_query=query,
            start=start,
            max_results=AT_ONCE,
            sortBy="submittedDate",
            sortOrder="descending",
        )
        if text is None:
            yield None, 0
            return
        said = _TOTAL.search(text)
        total = int(said[1]) if said else 0
        if said and start >= total:
            return
        place = f"{visit.host}, page {start // AT_ONCE + 1}"
        reading = read_text(text, place=place, format=arxiv_atom.NAME)
        if not reading.papers and start:
            raise FetchError(f"arXiv sent {start:,} of {total:,} papers and then none. Try again in a few minutes.")
        yield reading, total
        if start + AT_ONCE >= total:
            return
