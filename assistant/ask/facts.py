"""Answers from the record: how many papers, or which, meet some conditions; who wrote a paper, when it appeared and
where it can be read. Nothing is searched by meaning and no model is called.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlsplit

from assistant.citations import marker
from assistant.documents import Answer, Check, Citation, Claim, LabelledPaper
from assistant.question import Question
from assistant.question.facts import ByAuthors, Condition, Fact, FromSource, HoldingWords
from assistant.question.papers import find_paper
from index.english import count_of, enumerated
from index.errors import UnknownPaper
from index.library import Library
from index.paper import Paper, is_of_days, iso_date, newest_first
from index.safety.inert import inert
from index.text import squash, stems_of

# -- papers counted or listed

_COMPARED: dict[str, Callable[[int, int], bool]] = {
    "more than": int.__gt__, "over": int.__gt__, "at least": int.__ge__, "fewer than": int.__lt__,
    "less than": int.__lt__, "at most": int.__le__, "up to": int.__le__, "exactly": int.__eq__, "only": int.__eq__,
}  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """A condition on papers: the rule in words, whether a paper meets it (None: the record does not say), and what
    the record of such a paper lacks."""

    words: str
    holds: Callable[[Paper], bool | None]
    lacking: str = ""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listing:
    """All papers that a question lists, in its order: of how many, by which rules, and what is to be said of them."""

    papers: tuple[Paper, ...]
    total: int
    rules: tuple[Rule, ...]
    notices: tuple[str, ...]


def list_papers(
    library: Library,
    question: Question,
    k: int = 8,
    since: str | None = None,
    until: str | None = None,
    tags: Sequence[str] = (),
) -> Answer | None:
    """The answer to a question that counts or lists papers, showing `k` of them, the newest first; None for any
    other question. `since`, `until` and `tags` as for `listing_of`."""
    listing = listing_of(library, question, since, until, tags)
    return _listed(question, listing, max(k, 0)) if listing else None


def listing_of(
    library: Library, question: Question, since: str | None = None, until: str | None = None, tags: Sequence[str] = ()
) -> Listing | None:
    """The papers that a question counts or lists, the newest first; None for any other question. `since` and `until`
    (both included) win over dates in the question; `tags`: only papers with all of these."""
    asked = question.listing
    if asked is None or not (asked.conditions or asked.whole or question.dates.words or since or until or tags):
        return None
    rules = rules_of(library, question, asked.conditions, since, until, tags)
    if rules is None:
        return None
    kept, notices = keeping(library, rules)
    return Listing(tuple(kept), library.count(), tuple(rules), tuple(notices))


def rules_of(
    library: Library,
    question: Question,
    conditions: Sequence[Condition],
    since: str | None,
    until: str | None,
    tags: Sequence[str] = (),
) -> list[Rule] | None:
    """The rules of a question's conditions, days and tags, where `since` and `until` win over the days that it names;
    None if the library has no source that it names."""
    rules: list[Rule] = [_tagged(library, tags)] if tags else []
    if since or until:
        rules.append(_of_days(iso_date(since), iso_date(until)))
    elif question.dates.words:
        rules.append(_of_days(question.dates.since, question.dates.until))
    for condition in conditions:
        if (rule := _rule(library, condition)) is None:
            return None
        rules.append(rule)
    return rules


def keeping(library: Library, rules: Sequence[Rule]) -> tuple[list[Paper], list[str]]:
    """The papers that meet all rules, the newest first, and the rules' notices with how many papers do not say what one
    asks."""
    kept: list[Paper] = []
    unsaid = [0] * len(rules)
    for paper in library.each_paper():
        told = [rule.holds(paper) for rule in rules]
        unsaid = [number + (holds is None) for number, holds in zip(unsaid, told, strict=True)]
        if all(told):
            kept.append(paper)
    notices = [notice for rule in rules for notice in rule.notices]
    total = library.count()
    lacking = [(rule.lacking, number) for rule, number in zip(rules, unsaid, strict=True) if number]
    notices += dict.fromkeys(f"{number} of {total} papers left out: {lack}." for lack, number in lacking)
    return newest_first(kept), notices


def _listed(question: Question, listing: Listing, most: int) -> Answer:
    """The answer: how many, by which rule, and at most so many papers, each citing itself."""
    shown, count, total = listing.papers[:most], len(listing.papers), listing.total
    which = "; ".join(rule.words for rule in listing.rules)
    lead = f"{count} of {total} papers: {which}." if listing.rules else f"{total} papers are in the library."
    if shown:
        lead += f" Showing {len(shown)} of {count}" + (", the newest first:" if len(shown) > 1 else ":")
    answer = cited_list(question, lead, [(paper, f" ({paper.day})" if paper.day else "") for paper in shown])
    listed = count if len(shown) < count else 0
    return replace(answer, notices=tuple(dict.fromkeys(listing.notices)), listed=listed)


def cited_list(question: Question, lead: str, papers: Sequence[tuple[Paper, str]]) -> Answer:
    """A lead and a line for each of these papers, with what is said after its title and a citation of itself."""
    claims = [Claim(lead, (), Check("nothing_to_check"))]
    for label, (paper, said) in enumerate(papers, 1):
        citation = Citation(label)
        claims.append(Claim(f"{inert(paper.shown_title)}{said} {marker([citation])}", (citation,), Check("ok")))
    items = "\n".join(f"- {claim.text}" for claim in claims[1:])
    return Answer(
        question=question.typed,
        text=f"{lead}\n\n{items}".rstrip(),
        claims=tuple(claims),
        papers=tuple(LabelledPaper(label, paper) for label, (paper, _) in enumerate(papers, 1)),
    )


def _tagged(library: Library, tags: Sequence[str]) -> Rule:
    """The rule that a paper has all of some tags."""
    ids = library.annotations.having(tags)
    return Rule(f"tagged {' and '.join(f'“{tag}”' for tag in tags)}", lambda paper: paper.id in ids)


def _of_days(since: str | None, until: str | None) -> Rule:
    """The rule that a paper is of these days (YYYY-MM-DD, both included; None is open)."""
    days = f"since {since}" if not until else f"until {until}" if not since else f"from {since} to {until}"

    words = f"published (else posted) {days}"
    return Rule(words, lambda paper: is_of_days(paper.day, since, until), "without a date")


def _rule(library: Library, condition: Condition) -> Rule | None:
    """The rule of a condition; None if the library has no such source."""
    match condition:
        case ByAuthors():
            return _of_authors(condition)
        case HoldingWords():
            return _of_words(library, condition)
        case FromSource():
            return _of_source(library, condition)


def _of_authors(asked: ByAuthors) -> Rule:
    def holds(paper: Paper) -> bool | None:
        return None if paper.author_count is None else _COMPARED[asked.bound](paper.author_count, asked.number)

    words = f"{asked.bound} {asked.number} author{'s' if asked.number != 1 else ''}"
    return Rule(words, holds, "without a number of authors")


def _of_words(library: Library, asked: HoldingWords) -> Rule:
    read = [library.terms(phrase) for phrase in asked.phrases]
    phrases = [terms.text or phrase for terms, phrase in zip(read, asked.phrases, strict=True)]
    holding = [library.words.holding(stems_of(phrase)) for phrase in phrases]
    ids = set.union(*holding) if asked.any else set.intersection(*holding)
    quoted = (" or " if asked.any else " and ").join(f"“{phrase}”" for phrase in phrases)
    contains = "does not contain" if asked.negated else "contains"
    words = f"title or abstract {contains} {quoted} (in any form of the word)"
    notices = tuple(notice for terms in read for notice in terms.notices)
    return Rule(words, lambda paper: (paper.id in ids) != asked.negated, notices=notices)


def _of_source(library: Library, asked: FromSource) -> Rule | None:
    name = squash(asked.name)
    if name == "arxiv":
        words = "without an arXiv id" if asked.negated else "with an arXiv id"
        return Rule(words, lambda paper: paper.id.startswith("arxiv:") != asked.negated)

    def is_from(paper: Paper) -> bool:
        return name in squash(paper.source) or name in squash(urlsplit(paper.link or "").netloc)

    if not any(map(is_from, library.each_paper())):
        return None
    words = f"source or link's site is {'not ' if asked.negated else ''}“{asked.name}”"
    return Rule(words, lambda paper: is_from(paper) != asked.negated)


# -- a fact of one paper


def tell_fact(library: Library, question: Question, history: Sequence[Answer] = ()) -> Answer | None:
    """The answer to a question for a paper's people, day or link; None for any other question, or if it names no
    paper in the library. "It" and "the second paper" mean what the last answer of `history` cited."""
    asked = question.fact
    if asked is None:
        return None
    try:
        paper = find_paper(library, asked.name, history).paper
    except UnknownPaper:
        return None
    return _fact(question, paper, _told(paper, asked.fact))


def _fact(question: Question, paper: Paper, told: str | None) -> Answer:
    citation = Citation(1)
    said_of_it = told or "is recorded without that: its source does not say"
    said = f"“{inert(paper.shown_title)}” {said_of_it} {marker([citation])}."
    claim = Claim(said, (citation,), Check("ok" if told else "nothing_to_check"))
    papers = (LabelledPaper(1, paper),)
    return Answer(question.typed, answered=told is not None, text=said, claims=(claim,), papers=papers)


def _told(paper: Paper, fact: Fact) -> str | None:
    """What the record says, as the end of a sentence that begins with the paper's title; None if it says nothing."""
    if fact == "link":
        return paper.link and f"can be read at {paper.link}"
    if fact in ("author_count", "upvotes", "comments"):
        return _counted(paper, fact)
    if fact == "day":
        days = [("was published on", paper.published), ("was on the Daily page of", paper.posted)]
        return " and ".join(f"{verb} {day}" for verb, day in days if day) or None
    people = enumerated([inert(name) for name in paper.authors])
    if not people and paper.author_count:
        people = f"{count_of(paper.author_count, 'author')}, who are not named here"
    people = ", ".join(filter(None, [people, inert(paper.organization or "")]))
    return f"is by {people}" if people else None


def _counted(paper: Paper, fact: Literal["author_count", "upvotes", "comments"]) -> str | None:
    """How many of something the record says that a paper has, with the names of its authors."""
    count: int | None = getattr(paper, fact)
    if count is None:
        return None
    noun = {"author_count": "author", "upvotes": "upvote", "comments": "comment"}[fact]
    named = f": {', '.join(map(inert, paper.authors))}" if fact == "author_count" and paper.authors else ""
    return f"has {count_of(count, noun)}{named}"
