"""Whether a question asks for the first of its papers by what the record knows: the oldest, the latest three, the most
upvoted, the one with the most authors; or which of two papers is older.

Conservative: a question with anything else in it is not one of these.
"""

import re
from dataclasses import dataclass
from typing import Literal

from assistant.question.facts import ListRequest, listing_in
from index.english import NUMBER_WORDS

MAX_QUESTION = 300  # characters: anything longer is not a plain request
Measured = Literal["day", "author_count", "upvotes", "comments"]

_NUMBER = rf"(?P<number>\d{{1,3}}|{'|'.join(NUMBER_WORDS[1:])})"
_COUNTED = (
    r"(?:(?P<author_count>authors?|people|writers?|contributors?)|(?P<upvotes>upvotes?|up-?votes?|votes|likes|stars)"
    r"|(?P<comments>comments?))"
)
# Ways to name an order. The words of the groups say by what; `least` turns it round.
_ORDERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:with|has|have|had|got|gets?|received|attracted|drew)\s(?:the\s)?"
        rf"(?:most|highest\snumber\sof|largest\snumber\sof|(?P<least>fewest|least|lowest\snumber\sof|smallest\snumber\sof))\s{_COUNTED}\b",
        r"\b(?:the\s)?(?:most\s(?:(?P<upvotes>upvoted|liked|popular|voted)|(?P<comments>discussed|commented(?:\son)?))"
        r"|(?P<least>least)\s(?:(?P<upvotes2>upvoted|liked|popular)|(?P<comments2>discussed|commented)))\b",
        r"\b(?:the\s)?(?:(?P<day>oldest|earliest)|(?P<day2>newest|latest|(?:most\s)recent|most\srecently\s(?:published|posted|added)))\b",
        r"\b(?:(?:came(?:\sout)?|appeared|(?:was|were)\s(?:published|posted|released))\s)(?:(?P<day>first|earliest)|(?P<day2>last|latest|most\srecently))\b",
    )
)
_PLURAL = re.compile(r"\b(?:papers|articles|publications|preprints|ones)\b", re.IGNORECASE)
_HEAD = re.compile(
    r"\W*(?:(?:please|can\syou|could\syou|tell\sme|show\sme|give\sme|name|list|find|and|so)\s+)*"
    r"(?:(?:which|what|who)\s*(?:(?:is|are|was|were|has|have)\b)?)?\s*(?:(?:of\s)?(?:the|my|our|your|these)\s)*(?:top\s)?",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"(?:paper|article|publication|preprint|one)?s?\b[\s,;.?!]*(?:(?:is|are|was|were|the|that|in|of|on|among|here|you|i|have|my|our|this|all|library"
    r"|collection|page|there|by|date|papers)\b[\s,;.?!]*)*",
    re.IGNORECASE,
)
_OLDER = r"(?P<day>older|earlier|(?:came|appeared)\s(?:out\s)?first|was\s(?:published|posted)\s(?:first|earlier)|first)"
_NEWER = r"(?P<day2>newer|later|more\srecent|came\sout\s(?:last|later)|was\s(?:published|posted)\slater)"
_MORE = rf"(?:has|have|had|got|received)\s(?:more|(?P<least>fewer))\s{_COUNTED}"
_BY = rf"(?:(?:is|was)\s(?:the\s)?)?(?:{_OLDER}|{_NEWER}|{_MORE})"
_TWO = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:which|what)\s(?:(?:one|paper)\s)?of\s(?P<a>.+?)\s(?:and|or)\s(?P<b>.+?)\s{_BY}",
        rf"(?:which|what)\s(?:(?:one|paper)\s)?{_BY}(?:[,:]|\sof)?\s(?P<a>.+?)\s(?:or|and)\s(?P<b>.+)",
        rf"(?:is|was)\s(?P<a>.+?)\s(?:{_OLDER}|{_NEWER})\sthan\s(?P<b>.+)",
        rf"(?:does|did)\s(?P<a>.+?)\shave\s(?:more|(?P<least>fewer))\s{_COUNTED}\sthan\s(?P<b>.+)",
    )
)


@dataclass(frozen=True)
class RankRequest:
    """Papers in order: by what, whether the `least` comes first (the oldest; the fewest authors), how many are asked
    for (None: some), and the conditions that they must meet."""

    by: Measured
    least: bool
    number: int | None
    papers: ListRequest


@dataclass(frozen=True)
class OrderRequest:
    """Which of two papers, by their names, comes first: by what, and whether the one with `least` of it."""

    by: Measured
    least: bool
    names: tuple[str, str]


def ranking_in(text: str) -> RankRequest | None:
    """The order in which a question without its dates asks for papers; None if it asks for anything else."""
    if len(text) > MAX_QUESTION:
        return None
    for order in _ORDERS:
        if found := order.search(text):
            rest = f"{text[: found.start()]} {text[found.end() :]}"
            if number := re.search(rf"(?<!\S){_NUMBER}(?!\S)", rest, re.IGNORECASE):
                rest = f"{rest[: number.start()]} {rest[number.end() :]}"
            rest = " ".join(rest.split())
            papers = _papers_in(rest)
            if papers is None:
                continue
            by, least = _measured(found)
            several = _PLURAL.search(rest) is not None
            return RankRequest(by, least, _value(number["number"]) if number else None if several else 1, papers)
    return None


def order_in(text: str) -> OrderRequest | None:
    """The two papers of which a question asks which comes first; None if it asks for anything else."""
    text = text.rstrip("?.! ")
    for asks in _TWO if len(text) <= MAX_QUESTION else ():
        if found := asks.fullmatch(text):
            return OrderRequest(*_measured(found), (found["a"], found["b"]))
    return None


def _papers_in(rest: str) -> ListRequest | None:
    """The conditions in what is left of a question when its order is taken out; None if there is more in it."""
    head = _HEAD.match(rest)
    left = rest[head.end() :] if head else rest
    if _NOTHING.fullmatch(left):
        return ListRequest((), whole=True)
    # "about X" is read as "contains X", as in a question for all papers
    about = re.sub(r"^(?:paper|article|publication|preprint|one)s?\b", "", left, flags=re.IGNORECASE)
    return listing_in(f"list all papers {about.strip()}")


def _measured(found: re.Match[str]) -> tuple[Measured, bool]:
    """By what the papers are ordered, and whether the least comes first."""
    said = {name.rstrip("2"): name for name, value in found.groupdict().items() if value and name not in ("a", "b")}
    by = next(m for m in ("day", "author_count", "upvotes", "comments") if m in said)
    return by, said["day"] == "day" if by == "day" else "least" in said


def _value(word: str) -> int:
    return int(word) if word.isdigit() else NUMBER_WORDS.index(word.lower())
