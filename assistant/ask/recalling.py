"""Who wrote a paper, when it appeared and where it can be read: told from the record, without a model.

Conservative: a question that asks for anything else, or of no paper of the library, is left to others.
"""

import re
from collections.abc import Sequence
from typing import Literal

from assistant.citations import marker
from assistant.compare import find_paper
from assistant.documents import Answer, Check, Citation, Claim, LabelledPaper
from index.errors import UnknownPaper
from index.library import Library
from index.paper import Paper
from index.safety.inert import inert

Fact = Literal["people", "day", "link"]

MAX_QUESTION = 300  # characters: longer ones are no plain request
_X = r"(?:(?:the\s)?(?:paper|article|work)\s)?(?P<name>.+?)"
_APPEAR = r"(?:published|posted|released|written|submitted|appear|come\sout)"
_PATTERNS: tuple[tuple[Fact, str], ...] = (
    ("people", rf"who\s(?:wrote|authored|published|created)\s{_X}"),
    ("people", rf"who(?:\sis|\sare|'s|’s)\s(?:the\s)?(?:first\s)?authors?\s(?:of|on|behind)\s{_X}"),
    ("people", rf"how\smany\s(?:authors|people)\sdoes\s{_X}\shave"),
    ("day", rf"when\s(?:was|were|did|has)\s{_X}\s(?:been\s)?{_APPEAR}"),
    ("day", rf"(?:on\s|in\s)?(?:what|which)\s(?:day|date|month|year)\s(?:was|did)\s{_X}\s{_APPEAR}"),
    ("link", rf"(?:what(?:\sis|'s|’s)|give\sme|show\sme)\s(?:the\s)?(?:arxiv\s)?(?:link|url)\s(?:of|to|for)\s{_X}"),
    ("link", rf"where\scan\si\s(?:read|find)\s{_X}"),
)
_ASKS = tuple((fact, re.compile(pattern, re.IGNORECASE)) for fact, pattern in _PATTERNS)
_IT = re.compile(r"(?:it|this|that)(?:\s(?:paper|one))?", re.IGNORECASE)


def answer_from_facts(library: Library, question: str, history: Sequence[Answer] = ()) -> Answer | None:
    """The answer to a question for a paper's people, day or link; None for any other question. "It" and "the
    second paper" mean what the last answer of `history` cited."""
    text = " ".join(question.split()).rstrip("?.! ")
    for fact, asks in _ASKS if len(text) <= MAX_QUESTION else ():
        if found := asks.fullmatch(text):
            name = found["name"]
            try:
                paper = find_paper(library, "the first paper" if _IT.fullmatch(name) else name, history).paper
            except UnknownPaper:
                return None
            return _answer(question, paper, _told(paper, fact))
    return None


def _answer(question: str, paper: Paper, told: str | None) -> Answer:
    citation = Citation(1)
    told_or_not = told or "is here without that: its source does not say it"
    said = f"“{inert(paper.shown_title)}” {told_or_not} {marker([citation])}."
    claim = Claim(said, (citation,), Check("ok" if told else "nothing_to_check"))
    papers = (LabelledPaper(1, paper),)
    return Answer(question, answered=told is not None, text=said, claims=(claim,), papers=papers)


def _told(paper: Paper, fact: Fact) -> str | None:
    """What the record says, as the end of a sentence that begins with the paper's title; None where it is silent."""
    if fact == "link":
        return paper.link and f"can be read at {paper.link}"
    if fact == "day":
        days = [("was published on", paper.published), ("stood on the Daily page of", paper.posted)]
        return " and ".join(f"{verb} {day}" for verb, day in days if day) or None
    names = [inert(name) for name in paper.authors]
    people = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
    if not people and paper.author_count:
        people = f"{paper.author_count} author{'' if paper.author_count == 1 else 's'}, who are not named here"
    people = ", ".join(filter(None, [people, inert(paper.organization or "")]))
    return f"is by {people}" if people else None
