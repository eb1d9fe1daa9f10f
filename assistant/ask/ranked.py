"""Answers from the record about order: the oldest paper, the latest three, the most upvoted, which of two is older."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.ask.facts import Listing, cited_list, keeping, rules_of
from assistant.documents import Answer
from assistant.question import Question
from assistant.question.papers import find_paper
from assistant.question.ranking import Measured, OrderRequest, RankRequest
from index.english import count_of
from index.errors import UnknownPaper
from index.library import Library
from index.paper import Paper
from index.safety.inert import inert

SOME = 5  # papers, if a question for several says no number
_LACKING = {"day": "a date", "author_count": "a number of authors", "upvotes": "upvotes", "comments": "comments"}
_NOUNS = {"author_count": "author", "upvotes": "upvote", "comments": "comment"}


def rank_papers(
    library: Library,
    question: Question,
    k: int = 8,
    since: str | None = None,
    until: str | None = None,
    tags: Sequence[str] = (),
) -> Answer | None:
    """The papers that a question asks for in an order, at most `k`; None for any other question. Of papers that share
    the first place all are shown. `since`, `until` and `tags` as for `facts.listing_of`."""
    asked = question.ranking
    listing = ranking_of(library, question, since, until, tags)
    if asked is None or listing is None:
        return None
    known = listing.papers
    number = asked.number or SOME
    if asked.number == 1 and known:
        number = sum(value_of(paper, asked.by) == value_of(known[0], asked.by) for paper in known)
    return _ranked(question, asked, listing, known[: min(number, max(k, 0))])


def ranking_of(
    library: Library, question: Question, since: str | None = None, until: str | None = None, tags: Sequence[str] = ()
) -> Listing | None:
    """All papers that a question asks for in an order, those left out of which the record does not say it; None for
    any other question. `since`, `until` and `tags` as for `facts.listing_of`."""
    asked = question.ranking
    if asked is None:
        return None
    rules = rules_of(library, question, asked.papers.conditions, since, until, tags)
    if rules is None:
        return None
    kept, notices = keeping(library, rules)
    known = [paper for paper in kept if value_of(paper, asked.by) is not None]
    if unsaid := len(kept) - len(known):
        notices.append(f"{unsaid} of {len(kept)} papers left out: without {_LACKING[asked.by]}.")
    ordered = _sorted(known, asked.by, asked.least)
    return Listing(tuple(ordered), len(known), tuple(rules), tuple(notices))


def value_of(paper: Paper, by: Measured) -> str | int | None:
    """What the record says of a paper: its day (YYYY-MM-DD) or a count; None if it does not say."""
    value: str | int | None = getattr(paper, by)
    return value


def _sorted(papers: Sequence[Paper], by: Measured, least: bool) -> list[Paper]:
    """Papers of which the record says this, in order of it; of the same value as they were."""
    return sorted(papers, key=lambda paper: _key(paper, by), reverse=not least)


def _key(paper: Paper, by: Measured) -> tuple[int, str]:
    value = value_of(paper, by)
    return (value, "") if isinstance(value, int) else (0, value or "")


def _ranked(question: Question, asked: RankRequest, listing: Listing, shown: Sequence[Paper]) -> Answer:
    """The answer: by what, of how many papers, and the papers shown."""
    total = listing.total
    which = "".join(f"; {rule.words}" for rule in listing.rules)
    if not shown:
        lead = f"No paper has {_LACKING[asked.by]}{which}."
    else:
        shared = asked.number == 1 and len(shown) > 1
        many = f"{len(shown)} papers share the first place" if shared else f"{len(shown)} of {count_of(total, 'paper')}"
        lead = f"{_order(asked.by, asked.least)}: {many}{which}."
    listed = total if asked.number != 1 and len(shown) < total else 0
    answer = _shown(question, lead, shown, asked.by)
    return replace(answer, answered=bool(shown), notices=tuple(dict.fromkeys(listing.notices)), listed=listed)


def _shown(question: Question, lead: str, papers: Sequence[Paper], by: Measured) -> Answer:
    """A lead and the papers under it, each with what the record says of it and citing itself."""
    return cited_list(question, lead, [(paper, f" ({_said(paper, by)})") for paper in papers])


def _order(by: Measured, least: bool) -> str:
    """An order in words, as a sentence begins."""
    if by == "day":
        return f"By the day published (else posted), the {'oldest' if least else 'newest'} first"
    return f"By {_NOUNS[by]}s, the {'fewest' if least else 'most'} first"


def _said(paper: Paper, by: Measured) -> str:
    """What the record says of a paper, in words."""
    value = value_of(paper, by)
    if value is None:
        return f"without {_LACKING[by]}"
    return count_of(value, _NOUNS[by]) if isinstance(value, int) else value


def order_papers(library: Library, question: Question, history: Sequence[Answer] = ()) -> Answer | None:
    """Which of two papers comes first; None for any other question, or if one of them is not in the library."""
    asked = question.order
    if asked is None:
        return None
    try:
        papers = [find_paper(library, name, history).paper for name in asked.names]
    except UnknownPaper:
        return None
    if papers[0].id == papers[1].id:
        return None
    return _ordered(question, asked, papers)


def _ordered(question: Question, asked: OrderRequest, papers: Sequence[Paper]) -> Answer:
    """The answer: which of the two it is, and what the record says of both."""
    known = [paper for paper in papers if value_of(paper, asked.by) is not None]
    in_order = _sorted(known, asked.by, asked.least)
    if len(known) < len(papers):
        lead = f"The record of one of them is without {_LACKING[asked.by]}."
    elif value_of(in_order[0], asked.by) == value_of(in_order[1], asked.by):
        lead = "Neither: the record says the same of both."
    else:
        lead = f"{inert(in_order[0].short_name or in_order[0].shown_title)}, by the record:"
    lacking = [paper for paper in papers if paper not in known]
    return replace(_shown(question, lead, [*in_order, *lacking], asked.by), answered=not lacking)
