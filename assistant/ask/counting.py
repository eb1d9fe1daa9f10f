"""Questions that the record answers exactly: how many papers, or which, are of some days, from a source, by so many
authors, or hold a word. Nothing is searched by meaning and no model is asked.

Conservative: a question with anything in it that is not one of these is left to others.
"""

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from assistant.citations import marker
from assistant.documents import Answer, Check, Citation, Claim, LabelledPaper
from index.dates import read_question
from index.library import Library
from index.paper import Paper, iso_date
from index.query import QUESTION_WORDS, read_terms
from index.safety.inert import inert
from index.text import forms_of, squash, stems_of

_PAPERS = (
    r"(?:all\s+)?(?:of\s+)?(?:(?:the|my|our|your|these)\s+)?(?:papers?|articles?|publications?|preprints?|abstracts?)\b"
)
_HEADS = (  # what begins a question, and whether it asks for all: then "about X" is read as "contains X"
    (rf"(?:how\s+many|(?:what\s+is\s+)?(?:the\s+)?(?:total\s+)?number\s+of|count)\s+{_PAPERS}", True),
    (rf"(?:list|(?:show|name|give|display|find)(?:\s+me)?\s+all)\s+(?:me\s+)?{_PAPERS}", True),
    (rf"(?:which|what|(?:is|are)\s+there(?:\s+any)?|what\s+are|show\s+me|give\s+me)\s+{_PAPERS}", False),
    (_PAPERS, False),
)
_POLITE = r"\W*(?:(?:please|can\s+you|could\s+you|tell\s+me|and|so)\s+)*"
# what stands between the conditions and says nothing
_FILLING = r"""(?:[\s,;.?!]+ | (?:(?:in|of|from)\s+(?:the|my|our|your|this)\s+(?:library|collection|database|papers|set)
    |in\s+total|altogether|came\s+out|come\s+out|which\s+(?:ones|are\s+they)|and|but|that|which|who|is|are|was|were|be|been
    |have|has|had|do|does|did|i|you|we|there|please|exist|available|stored|published|posted|released|appeared|dated)\b)+"""
_NOT = r"(?P<not>(?:do\s+|does\s+)?not\s+|don['’]?t\s+|doesn['’]?t\s+|never\s+)?"
_MENTION = r"mention(?:s|ing)?|contain(?:s|ing)?|includ(?:es?|ing)"
_ABOUT = r"use[sd]?|using|discuss(?:es|ing)?|covers?|covering|address(?:es)?|stud(?:y|ies)|about|on|concerning|with|for"
_VERB = rf"(?:(?P<mention>{_MENTION})|(?P<about>{_ABOUT}))"
_NEXT = rf"{_MENTION}|{_ABOUT}|that|which|were|was|are|is|have|has|from|by|do|does|don['’]?t|published|posted"
_END = rf"(?=\s*[?.!;,]*\s*$|\s*[,;]\s|\s(?:and\s+|but\s+)?(?:{_NEXT})\b)"
_WORDS = rf"{_NOT}{_VERB}\s+(?:(?:either|both|the\s+(?:words?|terms?|phrases?|names?))\s+)?(?P<words>[^?,;]+?){_END}"
_SOURCE = rf"{_NOT}(?:from|on|in)\s+(?:the\s+)?(?P<source>[\w.-]+(?:\s[\w.-]+){{0,2}}?){_END}"
_NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_BOUNDS: dict[str, Callable[[int, int], bool]] = {
    "more than": int.__gt__, "over": int.__gt__, "at least": int.__ge__, "fewer than": int.__lt__,
    "less than": int.__lt__, "at most": int.__le__, "up to": int.__le__, "exactly": int.__eq__, "only": int.__eq__,
}  # fmt: skip
_AUTHORS = rf"""(?:(?:with|by)\s+)?(?:(?P<bound>{"|".join(b.replace(" ", chr(92) + "s+") for b in _BOUNDS)})\s+)?
    (?P<number>\d+|{"|".join(_NUMBERS)})\s+(?P<more>or\s+more\s+)?authors?\b"""
_FLAGS = re.IGNORECASE | re.VERBOSE


@dataclass(frozen=True)
class _Rule:
    """A condition on papers: the rule in words, whether a paper meets it, and what a paper lacks where the record
    does not say (None)."""

    words: str
    holds: Callable[[Paper], bool | None]
    lacking: str = ""
    notices: tuple[str, ...] = ()


def answer_from_record(
    library: Library,
    question: str,
    k: int = 8,
    since: str | None = None,
    until: str | None = None,
    today: datetime.date | None = None,
) -> Answer | None:
    """The answer to a question that counts or lists papers, showing `k` of them, the newest first; None for any
    other question. `since` and `until` (both included) win over dates in the question; `today` is what "last week"
    counts from."""
    asked = read_question(" ".join(question.split()), today)
    rules = _rules(library, asked.text, dated=bool(asked.words or since or until))
    if rules is None:
        return None
    if since or until:
        rules.insert(0, _of_days(iso_date(since), iso_date(until)))
    elif asked.words:
        rules.insert(0, _of_days(asked.since, asked.until))
    papers = library.papers()
    notices = [notice for rule in rules for notice in rule.notices]
    kept = papers
    for rule in rules:
        if unsaid := sum(rule.holds(paper) is None for paper in papers):
            notices.append(f"{unsaid} of {len(papers)} papers left out: {rule.lacking}.")
        kept = [paper for paper in kept if rule.holds(paper)]
    return _listed(question, kept[: max(k, 0)], len(kept), len(papers), rules, notices)


def _listed(
    question: str, shown: Sequence[Paper], count: int, total: int, rules: Sequence[_Rule], notices: Sequence[str]
) -> Answer:
    """The answer: how many, by which rule, and the papers shown, each citing itself."""
    which = "; ".join(rule.words for rule in rules)
    lead = f"{count} of {total} papers: {which}." if rules else f"{total} papers are in the library."
    if shown:
        lead += f" Showing {len(shown)} of {count}" + (", the newest first:" if len(shown) > 1 else ":")
    claims = [Claim(lead, (), Check("nothing_to_check"))]
    for label, paper in enumerate(shown, 1):
        day = f" ({paper.day})" if paper.day else ""
        citation = Citation(label)
        claims.append(Claim(f"{inert(paper.shown_title)}{day} {marker([citation])}", (citation,), Check("ok")))
    items = "\n".join(f"- {claim.text}" for claim in claims[1:])
    return Answer(
        question=question,
        text=f"{lead}\n\n{items}".rstrip(),
        claims=tuple(claims),
        papers=tuple(LabelledPaper(label, paper) for label, paper in enumerate(shown, 1)),
        notices=tuple(dict.fromkeys(notices)),
    )


def _rules(library: Library, text: str, dated: bool) -> list[_Rule] | None:
    """The conditions of a question without its dates; None where it is none that counts or lists papers, or asks
    anything else."""
    heads = ((re.match(_POLITE + head, text, _FLAGS), for_all) for head, for_all in _HEADS)
    begun, for_all = next((pair for pair in heads if pair[0]), (None, False))
    if begun is None:
        return None
    rest = text[begun.end() :]
    rules: list[_Rule] = []
    while rest := re.sub(rf"^{_FILLING}", "", rest, flags=_FLAGS):
        found = _authors(rest) or _words(library, rest, for_all) or _source(library, rest)
        if found is None:
            return None
        rule, length = found
        rules.append(rule)
        rest = rest[length:]
    return rules if rules or dated or for_all else None


def _of_days(since: str | None, until: str | None) -> _Rule:
    days = f"since {since}" if not until else f"until {until}" if not since else f"from {since} to {until}"

    def holds(paper: Paper) -> bool | None:
        return None if paper.day is None else (since or "") <= paper.day <= (until or "9999-12-31")

    return _Rule(f"published (else posted) {days}", holds, "without a date")


def _authors(rest: str) -> tuple[_Rule, int] | None:
    """A number of authors, and how much of the text says so."""
    found = re.match(_AUTHORS, rest, _FLAGS)
    if not found:
        return None
    number = int(found["number"]) if found["number"].isdigit() else _NUMBERS.index(found["number"].lower())
    bound = "at least" if found["more"] else " ".join((found["bound"] or "exactly").lower().split())

    def holds(paper: Paper) -> bool | None:
        return None if paper.author_count is None else _BOUNDS[bound](paper.author_count, number)

    words = f"{bound} {number} author{'s' if number != 1 else ''}"
    return _Rule(words, holds, "without a number of authors"), found.end()


def _words(library: Library, rest: str, for_all: bool) -> tuple[_Rule, int] | None:
    """Words that a paper's text contains, one or all of them, and how much of the text says so."""
    found = re.match(_WORDS, rest, _FLAGS)
    if not found or (found["about"] and not for_all):
        return None
    joints = {joint.lower() for joint in re.findall(r"\s(and|or)\s", found["words"], re.IGNORECASE)}
    phrases = [p.strip("\"'“”‘’ ") for p in re.split(r"\s(?:and|or)\s", found["words"], flags=re.IGNORECASE)]
    if len(joints) > 1 or not all(map(_is_term, phrases)):
        return None
    read = [read_terms(library, phrase) for phrase in phrases]
    phrases = [terms.text or phrase for terms, phrase in zip(read, phrases, strict=True)]
    holding = [library.words.holding(stems_of(phrase)) for phrase in phrases]
    ids = set.union(*holding) if joints == {"or"} else set.intersection(*holding)
    joint = f" {joints.pop()} " if joints else ""
    contains = "does not contain" if found["not"] else "contains"
    quoted = joint.join(f"“{phrase}”" for phrase in phrases)
    words = f"title or abstract {contains} {quoted} (in any form of the word)"
    notices = tuple(notice for terms in read for notice in terms.notices)
    return _Rule(words, lambda paper: (paper.id in ids) != bool(found["not"]), notices=notices), found.end()


def _is_term(phrase: str) -> bool:
    """Whether text is a term that papers may contain, rather than a clause."""
    words = [form.lower() for form in forms_of(phrase)]
    carrying = [word for word in words if word not in QUESTION_WORDS]
    return 0 < len(words) <= 6 and bool(carrying) and not set(words) & QUESTION_WORDS - {"of", "the"}


def _source(library: Library, rest: str) -> tuple[_Rule, int] | None:
    """A source that some paper is from, and how much of the text says so."""
    found = re.match(_SOURCE, rest, _FLAGS)
    name = squash(found["source"]) if found else ""
    if not found or len(name) < 3:
        return None
    negated = bool(found["not"])
    if name == "arxiv":
        words = "without an arXiv id" if negated else "with an arXiv id"
        return _Rule(words, lambda paper: paper.id.startswith("arxiv:") != negated), found.end()

    def is_from(paper: Paper) -> bool:
        return name in squash(paper.source) or name in squash(urlsplit(paper.link or "").netloc)

    if not any(map(is_from, library.papers())):
        return None
    words = f"source or link's site is {'not ' if negated else ''}“{found['source']}”"
    return _Rule(words, lambda paper: is_from(paper) != negated), found.end()
