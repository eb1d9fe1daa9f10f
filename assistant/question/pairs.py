"""Whether a question asks to compare two papers, and which two.

Conservative: `which papers compare quantization with pruning` is an ordinary question, and so is one whose names
are not papers of the library.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.checking.names import EVERYDAY
from assistant.checking.text import compact_name
from assistant.documents import Answer
from assistant.question.papers import PLACE, Named, called, find_paper, trimmed
from index.errors import UnknownPaper
from index.ids import canonical_id

if TYPE_CHECKING:
    from index.library import Library

MAX_QUESTION = 400  # characters: anything longer is not a plain request

_POLITE = (
    r"(?:(?:and|but|so|ok|okay|now|then|also|great|thanks)\b,?\s){0,3}"
    r"(?:(?:please|can|could|would)\s(?:you\s)?(?:please\s)?)?"
)
_COMPARE = re.compile(rf"{_POLITE}compare\s(?P<pair>.+)", re.IGNORECASE)
# How a question asks, and what joins the two names.
_ASKS = (
    (_COMPARE, r"\s(?:with|to|and|against|versus|vs\.?)\s"),
    (
        re.compile(r"(?:a\s|the\s)?comparison\s(?:of|between)\s(?P<pair>.+)", re.IGNORECASE),
        r"\s(?:and|with|to|vs\.?)\s",
    ),
    (
        re.compile(
            _POLITE
            + r"(?:(?:what(?:\sis|\sare|'s)|explain|describe|tell\sme|show\s(?:me)?)\s)?(?:the\s)?(?:main\s|key\s)?"
            r"differences?\sbetween\s(?P<pair>.+)",
            re.IGNORECASE,
        ),
        r"\s(?:and|versus|vs\.?)\s",
    ),
    (
        re.compile(_POLITE + r"how\s(?:does|do|is|are|did)\s(?P<pair>.+)", re.IGNORECASE),
        r"\s(?:differ(?:ent)?\sfrom|different\sto|compared?\s(?:to|with|against))\s",
    ),
    (re.compile(r"(?P<pair>.+)"), r"\s(?:vs\.?|versus)\s"),
)
_COMMAND = re.compile(r"\s*/compare\b\s*(?P<pair>.*)", re.IGNORECASE | re.DOTALL)
_COMMAND_JOINS = r"(?:\s(?:with|and|vs\.?|versus|to)\s|,\s)"
_TAIL = re.compile(
    r"\s(?:in\sterms\sof|with\s(?:respect|regard)\sto|regarding|when\sit\scomes\sto|please)\b.*$", re.IGNORECASE
)
_QUESTION_WORD = re.compile(r"(?:what|which|who|how|why|when|where|is|are|was|do|does|did|can|should)\b", re.IGNORECASE)
_FIRST_TWO = ("the first of both", "the second of both")
_TWO = re.compile(
    r"(?:them|the\sboth|both(?:\s(?:of\s(?:them|these|those)|papers))?|(?:the|these|those)\s(?:first\s)?two(?:\s\w+)?)"
    r"(?:\syou\s\w+)?",
    re.IGNORECASE,
)
_DIFFER = re.compile(  # asked of two papers that the conversation is about
    _POLITE
    + r"""(?:how\s(?:do|are|did)\s(?:they|these|those|both|the\stwo)(?:\stwo)?
        \s(?:compare|differ(?:ent)?)(?:\sto\seach\sother)?
      |what(?:\sis|\sare|'s|’s)\s(?:the\s)?(?:main\s|key\s)?differences?)""",
    re.IGNORECASE | re.VERBOSE,
)
_AGAINST = re.compile(  # what the conversation is about against another paper
    r"(?:(?:and|so|but|how\sabout|what\sabout)\s){0,2}(?:compared?(?:\sit)?\s(?:to|with|against)|versus|vs\.?|against)\s(?P<name>.+)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class PairRequest:
    """The ways in which a question may name two papers to compare, likeliest first; whether it is the command
    `/compare`, and whether it says "compare"."""

    names: tuple[tuple[str, str], ...]
    command: bool
    plain: bool


def pairs_in(text: str) -> PairRequest | None:
    """What a question on one line may ask to compare, by its words alone; None if it asks for something else."""
    names = tuple(_names(text))
    return PairRequest(names, bool(_COMMAND.fullmatch(text)), bool(_COMPARE.match(text))) if names else None


def _names(text: str) -> Iterator[tuple[str, str]]:
    if found := _COMMAND.fullmatch(text):
        names = [trimmed(name) for name in re.split(r"[|;]", found["pair"])]
        yield from [(names[0], names[1])] if len(names) == 2 else _cut(found["pair"], _COMMAND_JOINS)
        return
    if len(text) > MAX_QUESTION:
        return
    plain = text.rstrip("?.! ")
    if found := _AGAINST.fullmatch(plain):
        yield "it", trimmed(found["name"])
    if _DIFFER.fullmatch(plain):
        yield _FIRST_TWO
    for asks, joins in _ASKS:
        if found := asks.fullmatch(plain):
            pair = found["pair"]
            if _TWO.fullmatch(pair):
                yield _FIRST_TWO
            if (short := _TAIL.sub("", pair)) != pair:
                yield from _cut(short, joins)
            yield from _cut(pair, joins)


def _cut(pair: str, joins: str) -> Iterator[tuple[str, str]]:
    """A text split in two at each joining word."""
    join = re.compile(joins, re.IGNORECASE)
    for start in range(len(pair)):
        found = join.match(pair, start)
        if found and (left := trimmed(pair[:start])) and (right := trimmed(pair[found.end() :])):
            yield left, right


def looks_named(name: str) -> bool:
    """Whether words look like the name of a paper rather than of a topic: an id, a place in the last answer, up
    to three words with a name among them, or a title in capitals."""
    if canonical_id(name) or PLACE.fullmatch(name):
        return True
    words = name.split()
    if _QUESTION_WORD.match(name) or compact_name(name) in EVERYDAY:
        return False
    if len(words) > 3:
        return sum(word[0].isupper() for word in words) > len(words) / 2
    return re.search(r"\w[A-Z]|[A-Za-z]\d|^[A-Z][\w.-]+$", name) is not None


def _may_be_meant(library: "Library", name: str) -> bool:
    """Whether a name is worth looking up: a single lower-case word only if it is a title as it stands."""
    return looks_named(name) or len(name.split()) > 2 or bool(called(library, name))


def papers_to_compare(
    library: "Library", request: PairRequest | None, history: Sequence[Answer] = ()
) -> tuple[Named, Named] | None:
    """The two papers that a question asks to compare, looked up in the library; None if it asks for
    something else.

    A paper that cannot be found makes `how does A differ from B` and its like an ordinary question; `/compare`,
    and "compare" with one paper found and another thing that looks like a name, raise UnknownPaper for it.
    """
    if request is None:
        return None
    unknown: UnknownPaper | None = None
    for pair in request.names:
        if not (request.command or all(_may_be_meant(library, name) for name in pair)):
            continue
        found: list[Named] = []
        missing: dict[str, UnknownPaper] = {}
        for name in pair:
            try:
                found.append(find_paper(library, name, history))
            except UnknownPaper as error:
                missing[name] = error
        if len(found) == 2:
            return found[0], found[1]
        if missing and (
            request.command
            or (found and (request.plain or any(map(PLACE.fullmatch, missing))) and all(map(looks_named, missing)))
        ):
            unknown = unknown or next(iter(missing.values()))
    if unknown:
        raise unknown
    return None
