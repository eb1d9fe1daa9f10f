"""Whether a question asks for what the record knows exactly: how many papers, or which, are from certain days
or a source, have so many authors, or contain a word; and who wrote a paper, when it appeared, where it can be read.

Conservative: a question with anything else in it is not one of these.
"""

import re
from dataclasses import dataclass
from typing import Literal

from index.english import NUMBER_WORDS, QUESTION_WORDS
from index.text import forms_of, squash

# -- papers to count or list

_PAPERS = (
    r"(?:all\s+)?(?:of\s+)?(?:(?:the|my|our|your|these)\s+)?(?:papers?|articles?|publications?|preprints?|abstracts?)\b"
)
_HEADS = (  # how a question begins, and whether it asks for all: then "about X" is read as "contains X"
    (rf"(?:how\s+many|(?:what\s+is\s+)?(?:the\s+)?(?:total\s+)?number\s+of|count)\s+{_PAPERS}", True),
    (rf"(?:list|(?:show|name|give|display|find)(?:\s+me)?\s+all)\s+(?:me\s+)?{_PAPERS}", True),
    (rf"(?:which|what|(?:is|are)\s+there(?:\s+any)?|what\s+are|show\s+me|give\s+me)\s+{_PAPERS}", False),
    (_PAPERS, False),
)
_POLITE = r"\W*(?:(?:please|can\s+you|could\s+you|tell\s+me|and|so)\s+)*"
# filler between the conditions
_FILLING = r"""(?:[\s,;.?!]+ | (?:(?:in|of|from)\s+(?:the|my|our|your|this)\s+(?:library|collection|database|papers|set)
    |in\s+total|altogether|came\s+out|come\s+out|which\s+(?:ones|are\s+they)|and|but|that|which|who|is|are|was|were|be|been
    |have|has|had|do|does|did|i|you|we|there|please|exist|available|stored|published|posted|released|appeared|dated|written|authored)\b)+"""
_NOT = r"(?P<not>(?:do\s+|does\s+)?not\s+|don['’]?t\s+|doesn['’]?t\s+|never\s+)?"
_MENTION = r"mention(?:s|ing)?|contain(?:s|ing)?|includ(?:es?|ing)"
_ABOUT = r"use[sd]?|using|discuss(?:es|ing)?|covers?|covering|address(?:es)?|stud(?:y|ies)|about|on|concerning|with|for"
_VERB = rf"(?:(?P<mention>{_MENTION})|(?P<about>{_ABOUT}))"
_NEXT = rf"{_MENTION}|{_ABOUT}|that|which|were|was|are|is|have|has|from|by|do|does|don['’]?t|published|posted"
_END = rf"(?=\s*[?.!;,]*\s*$|\s*[,;]\s|\s(?:and\s+|but\s+)?(?:{_NEXT})\b)"
_WORDS = rf"{_NOT}{_VERB}\s+(?:(?:either|both|the\s+(?:words?|terms?|phrases?|names?))\s+)?(?P<words>[^?,;]+?){_END}"
_SOURCE = rf"{_NOT}(?:from|on|in)\s+(?:the\s+)?(?P<source>[\w.-]+(?:\s[\w.-]+){{0,2}}?){_END}"
_BOUNDS = ("more than", "over", "at least", "fewer than", "less than", "at most", "up to", "exactly", "only")
_NUMBERS = NUMBER_WORDS[:13]
_AUTHORS = rf"""(?:(?:with|by)\s+)?(?:(?P<bound>{"|".join(b.replace(" ", chr(92) + "s+") for b in _BOUNDS)})\s+)?
    (?P<number>\d+|{"|".join(_NUMBERS)}|(?:a\s+)?(?:single|sole))\s+(?P<more>or\s+more\s+)?authors?\b"""
_FLAGS = re.IGNORECASE | re.VERBOSE


@dataclass(frozen=True)
class ByAuthors:
    """Papers with so many authors: `bound` is "exactly", "at least" and the like."""

    bound: str
    number: int


@dataclass(frozen=True)
class HoldingWords:
    """Papers whose text contains some phrases, all of them or (`any`) one; or does not (`negated`)."""

    phrases: tuple[str, ...]
    any: bool
    negated: bool


@dataclass(frozen=True)
class FromSource:
    """Papers from the source of this name, if the library has one; or from any other (`negated`)."""

    name: str
    negated: bool


Condition = ByAuthors | HoldingWords | FromSource


@dataclass(frozen=True)
class ListRequest:
    """The conditions on the papers that a question counts or lists, besides its dates. `whole`: it asks for the whole
    list or its length, even without a condition."""

    conditions: tuple[Condition, ...]
    whole: bool


def listing_in(text: str) -> ListRequest | None:
    """The papers that a question without its dates asks to count or list; None if it asks for anything else."""
    heads = ((re.match(_POLITE + head, text, _FLAGS), whole) for head, whole in _HEADS)
    begun, whole = next((pair for pair in heads if pair[0]), (None, False))
    if begun is None:
        return None
    rest = text[begun.end() :]
    conditions: list[Condition] = []
    while rest := re.sub(rf"^{_FILLING}", "", rest, flags=_FLAGS):
        found = _authors(rest) or _words(rest, whole) or _source(rest)
        if found is None:
            return None
        condition, length = found
        conditions.append(condition)
        rest = rest[length:]
    return ListRequest(tuple(conditions), whole)


def _authors(rest: str) -> tuple[Condition, int] | None:
    """A number of authors, and the length of the text that says so."""
    found = re.match(_AUTHORS, rest, _FLAGS)
    if not found:
        return None
    said = found["number"].lower()
    number = int(said) if said.isdigit() else _NUMBERS.index(said) if said in _NUMBERS else 1  # "a single author"
    bound = "at least" if found["more"] else " ".join((found["bound"] or "exactly").lower().split())
    return ByAuthors(bound, number), found.end()


def _words(rest: str, whole: bool) -> tuple[Condition, int] | None:
    """Words that a paper's text must contain, one or all of them, and the length of the text that says so."""
    found = re.match(_WORDS, rest, _FLAGS)
    if not found or (found["about"] and not whole):
        return None
    joints = {joint.lower() for joint in re.findall(r"\s(and|or)\s", found["words"], re.IGNORECASE)}
    phrases = [p.strip("\"'“”‘’ ") for p in re.split(r"\s(?:and|or)\s", found["words"], flags=re.IGNORECASE)]
    if len(joints) > 1 or not all(map(_is_term, phrases)):
        return None
    return HoldingWords(tuple(phrases), joints == {"or"}, bool(found["not"])), found.end()


def _is_term(phrase: str) -> bool:
    """Whether text is a term that papers may contain, rather than a clause."""
    words = {form.lower() for form in forms_of(phrase)}
    return len(forms_of(phrase)) <= 6 and bool(words - QUESTION_WORDS) and not words & QUESTION_WORDS - {"of", "the"}


def _source(rest: str) -> tuple[Condition, int] | None:
    """The name of a source, and the length of the text that says so."""
    found = re.match(_SOURCE, rest, _FLAGS)
    if not found or len(squash(found["source"])) < 3:
        return None
    return FromSource(found["source"], bool(found["not"])), found.end()


# -- a fact of one paper

Fact = Literal["people", "day", "link", "author_count", "upvotes", "comments"]

MAX_QUESTION = 300  # characters: anything longer is not a plain request
_X = r"(?:(?:the\s)?(?:paper|article|work)\s)?(?P<name>.+?)"
_Y = _X.replace("name", "name2")
_PEOPLE = r"(?:authors|people|writers|contributors|researchers)"
_APPEAR = r"(?:published|posted|released|written|submitted|appear|come\sout)"
_PATTERNS: tuple[tuple[Fact, str], ...] = (
    ("people", rf"who\s(?:wrote|authored|published|created)\s{_X}"),
    ("people", rf"who(?:\sis|\sare|'s|’s)\s(?:the\s)?(?:first\s)?authors?\s(?:of|on|behind)\s{_X}"),
    ("author_count", rf"how\smany\s{_PEOPLE}\s(?:(?:do|does|did)\s{_X}\shave|(?:wrote|made|are\s(?:behind|on))\s{_Y})"),
    ("author_count", rf"how\smany\s{_PEOPLE}\s(?:has|have|(?:are|were)\s(?:there\s)?(?:on|behind|of))\s{_X}"),
    ("author_count", rf"(?:what\sis\s)?(?:the\s)?number\sof\s{_PEOPLE}\s(?:of|on|behind)\s{_X}"),
    ("upvotes", rf"how\smany\s(?:upvotes|votes|likes)\s(?:(?:does|did)\s{_X}\s(?:have|get)|(?:has|got)\s{_Y})"),
    ("comments", rf"how\smany\scomments\s(?:(?:does|did)\s{_X}\s(?:have|get)|(?:has|got)\s{_Y})"),
    ("day", rf"when\s(?:was|were|did|has)\s{_X}\s(?:been\s)?{_APPEAR}"),
    ("day", rf"(?:on\s|in\s)?(?:what|which)\s(?:day|date|month|year)\s(?:was|did)\s{_X}\s{_APPEAR}"),
    ("link", rf"(?:what(?:\sis|'s|’s)|give\sme|show\sme)\s(?:the\s)?(?:arxiv\s)?(?:link|url)\s(?:of|to|for)\s{_X}"),
    ("link", rf"where\scan\si\s(?:read|find)\s{_X}"),
)
_ASKS = tuple((fact, re.compile(pattern, re.IGNORECASE)) for fact, pattern in _PATTERNS)
_IT = re.compile(r"(?:it|this|that)(?:\s(?:paper|one))?", re.IGNORECASE)


@dataclass(frozen=True)
class FactRequest:
    """A fact that a question asks for, and the name of the paper; "it" is read as "the first paper"."""

    fact: Fact
    name: str


def fact_in(text: str) -> FactRequest | None:
    """The paper whose people, day or link a question asks for; None if it asks for anything else."""
    text = text.rstrip("?.! ")
    for fact, asks in _ASKS if len(text) <= MAX_QUESTION else ():
        if found := asks.fullmatch(text):
            name = next(name for name in found.groups() if name)
            return FactRequest(fact, "the first paper" if _IT.fullmatch(name) else name)
    return None
