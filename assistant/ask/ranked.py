"""Answers from the record about order: the oldest paper, the latest three, the most upvoted, which of two is older."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.ask.facts import Rule, day_rule, keeping, rule_of
from assistant.citations import marker
from assistant.documents import Answer, Check, Citation, Claim, LabelledPaper
from assistant.question import Question
from assistant.question.papers import find_paper
from assistant.question.ranking import Measured, OrderRequest, RankRequest
from index.english import count_of
from index.errors import UnknownPaper
from index.library import Library
from index.paper import Paper, iso_date
from index.safety.inert import inert

SOME = 5  # papers, if a question for several says no number
_LACKING = {"day": "a date", "author_count": "a number of authors", "upvotes": "upvotes", "comments": "comments"}
_NOUNS = {"author_count": "author", "upvotes": "upvote", "comments": "comment"}


def rank_papers(
    library: Library, question: Question, k: int = 8, since: str | None = None, until: str | None = None
) -> Answer | None:
    """The papers that a question asks for in an order, at most `k`; None for any other question. Of papers that share
    the first place all are shown. `since` and `until` (both included) win over dates in the question."""
    asked = question.ranking
    if asked is None:
        return None
    rules: list[Rule] = []
    dates = question.dates
    if since or until or dates.words:
        rules.append(day_rule(*((iso_date(since), iso_date(until)) if since or until else (dates.since, dates.until))))
    for condition in asked.papers.conditions:
        if (rule := rule_of(library, condition)) is None:
            return None
        rules.append(rule)
    papers = library.papers()
    kept, notices = keeping(papers, rules)
    known = [paper for paper in kept if value_of(paper, asked.by) is not None]
    if unsaid := len(kept) - len(known):
        notices.append(f"{unsaid} of {len(kept)} papers left out: without {_LACKING[asked.by]}.")
    known.sort(key=lambda paper: value_of(paper, asked.by), reverse=not asked.least)  # type: ignore[arg-type,return-value]
    number = asked.number or SOME
    if asked.number == 1 and known:
        number = sum(value_of(paper, asked.by) == value_of(known[0], asked.by) for paper in known)
    return _ranked(question, asked, known[: min(number, max(k, 0))], len(known), rules, notices)


def value_of(paper: Paper, by: Measured) -> str | int | None:
    """What the record says of a paper: its day (YYYY-MM-DD) or a count; None if it does not say."""
    value: str | int | None = getattr(paper, by)
    return value


def _ranked(
    question: Question, asked: RankRequest, shown: Sequence[Paper], total: int, rules: Sequence[Rule], notices: list[str]
) -> Answer:
    """The answer: by what, of how many papers, and the papers shown, each citing itself."""
    which = "".join(f"; {rule.words}" for rule in rules)
    if not shown:
        lead = f"No paper has {_LACKING[asked.by]}{which}."
    else:
        first = asked.number == 1 and len(shown) > 1
        many = f"{len(shown)} papers share the first place" if first else f"{len(shown)} of {count_of(total, 'paper')}"
        lead = f"{_order(asked.by, asked.least)}: {many}{which}."
    claims = [Claim(lead, (), Check("nothing_to_check"))]
    for label, paper in enumerate(shown, 1):
        citation = Citation(label)
        said = f"{inert(paper.shown_title)} ({_said(paper, asked.by)}) {marker([citation])}"
        claims.append(Claim(said, (citation,), Check("ok")))
    items = "\n".join(f"- {claim.text}" for claim in claims[1:])
    return Answer(
        question=question.typed,
        answered=bool(shown),
        text=f"{lead}\n\n{items}".rstrip(),
        claims=tuple(claims),
        papers=tuple(LabelledPaper(label, paper) for label, paper in enumerate(shown, 1)),
        notices=tuple(dict.fromkeys(notices)),
    )


def _order(by: Measured, least: bool) -> str:
    """An order in words, as a sentence begins."""
    if by == "day":
        return f"By the day published (else posted), the {'oldest' if least else 'newest'} first"
    return f"By {_NOUNS[by]}s, the {'fewest' if least else 'most'} first"


def _said(paper: Paper, by: Measured) -> str:
    value = value_of(paper, by)
    return count_of(value, _NOUNS[by]) if isinstance(value, int) else str(value)


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
    values = [value_of(paper, asked.by) for paper in papers]
    if None in values:
        answered, lead = False, f"The record of one of them is without {_LACKING[asked.by]}."
    elif values[0] == values[1]:
        answered, lead = True, "Neither: the record says the same of both."
    else:
        first = min(papers, key=lambda p: value_of(p, asked.by)) if asked.least else max(  # type: ignore[arg-type,return-value]
            papers, key=lambda p: value_of(p, asked.by)  # type: ignore[arg-type,return-value]
        )
        answered, lead = True, f"{_order(asked.by, asked.least)}: {inert(first.short_name or first.shown_title)}."
        papers = sorted(papers, key=lambda paper: paper.id != first.id)
    request = RankRequest(asked.by, asked.least, len(papers), question.listing_of_all)
    answer = _ranked(question, request, papers, len(papers), (), [])
    text = answer.text.replace(answer.claims[0].text, lead, 1)
    claims = (replace(answer.claims[0], text=lead), *answer.claims[1:])
    return replace(answer, text=text, claims=claims, answered=answered)
