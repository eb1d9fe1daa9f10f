"""Whether a question asks to compare papers, and which: two, or up to eight; and in which rows.

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
from assistant.question.papers import PLACE, Named, called, find_paper, last_cited, paper_named, trimmed
from assistant.question.rows import with_likely_rows, with_plain_rows
from index.english import ORDINALS
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
_ANY = re.compile(r"(?P<pair>.+)")  # "A vs B"
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
    (
        re.compile(
            _POLITE + r"how\s(?:do|are)\s(?P<pair>.+)\s(?:differ(?:ent)?|compare)(?:\s(?:from|to)\seach\sother)?",
            re.IGNORECASE,
        ),
        r"\sand\s",
    ),
    (_ANY, r"\s(?:vs\.?|versus)\s"),
)
_COMMAND = re.compile(r"\s*/compare\b\s*(?P<pair>.*)", re.IGNORECASE | re.DOTALL)
_COMMAND_JOINS = r"(?:\s(?:with|and|vs\.?|versus|to)\s|,\s)"
_TAIL = re.compile(r"\splease$", re.IGNORECASE)
_ALL = re.compile(  # the papers that the last answer cites
    r"(?:all(?:\sof)?\s)?(?:them|these|those|the\slot)(?:\s(?:all|papers|methods|approaches|ones|works|models|systems))?"
    r"|all(?:\sof)?(?:\s(?:the\s|these\s|those\s)?(?:papers|methods|approaches|ones|works|models|systems))?"
    r"|the\s(?:papers|methods|approaches|works|models|systems)",
    re.IGNORECASE,
)
_NUMBERS = "three four five six seven eight".split()
_FIRST_OF = re.compile(
    rf"(?:all|the|these|those|them)\s(?:first\s)?(?P<count>{'|'.join(_NUMBERS)}|[3-8])(?:\sof\s(?:them|these|those))?"
    r"(?:\s(?:papers|methods|approaches|ones|works|models|systems))?(?:\s(?:that\s)?you\s\w+)?",
    re.IGNORECASE,
)
_COMMA = r"\s*[,;]\s*(?:and|with|to|versus|vs\.?)\s|\s*[,;]\s+"
_LIST_JOINS = rf"{_COMMA}|\s(?:and|with|to|against|versus|vs\.?)\s"
EVERY_ONE = "all of them"  # in place of names: the papers that the last answer cites
MOST_PARTS = 12  # of a text that may list papers: titles have commas too
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
class Reading:
    """A way to read a request: the names of the papers, and those of the rows (none: the fixed ones)."""

    names: tuple[str, ...]
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class ComparisonRequest:
    """The ways to read what a question asks to compare, likeliest first; whether it is the command `/compare`, and
    whether it says "compare"."""

    readings: tuple[Reading, ...]
    command: bool
    plain: bool


@dataclass(frozen=True)
class ComparisonWanted:
    """The papers that a question asks to compare, and the rows it names."""

    papers: tuple[Named, ...]
    rows: tuple[str, ...] = ()


def pairs_in(text: str) -> ComparisonRequest | None:
    """What a question on one line may ask to compare, by its words alone; None if it asks for something else."""
    readings = tuple(_readings(text))
    if not readings:
        return None
    return ComparisonRequest(readings, bool(_COMMAND.fullmatch(text)), bool(_COMPARE.match(text)))


def _readings(text: str) -> Iterator[Reading]:
    """Rows that are plainly said first; "by" and its like may be part of a title, so that the whole is tried before."""
    for asked, rows in (*with_plain_rows(text), (text, ()), *with_likely_rows(text)):
        for names in _names(asked):
            yield Reading(names, rows)


def _names(text: str) -> Iterator[tuple[str, ...]]:
    if found := _COMMAND.fullmatch(text):
        names = [trimmed(name) for name in re.split(r"[|;]", found["pair"])]
        if len(names) > 1:
            yield tuple(names)
            return
        yield from _lists(found["pair"], _LIST_JOINS)
        yield from _cut(found["pair"], _COMMAND_JOINS)
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
            yield from _of_the_conversation(pair)
            short = _TAIL.sub("", pair)
            listed = list(_lists(short, joins if asks is _ANY else rf"{_LIST_JOINS}|{joins}"))
            if re.search(_COMMA, short):  # a list; with "and" alone it is one only if it is no pair
                yield from listed
            for part in dict.fromkeys((short, pair)):
                yield from _cut(part, joins)
            if not re.search(_COMMA, short):
                yield from listed


def _of_the_conversation(text: str) -> Iterator[tuple[str, ...]]:
    """The papers that a text means by their place in the conversation: "them", "all of these", "the first three"."""
    if found := _FIRST_OF.fullmatch(text):
        count = found["count"].lower()
        yield tuple(f"the {nth}" for nth in ORDINALS[: _NUMBERS.index(count) + 3 if count in _NUMBERS else int(count)])
    if _ALL.fullmatch(text):
        yield (EVERY_ONE,)
    if _TWO.fullmatch(text):
        yield _FIRST_TWO


def _lists(text: str, between: str) -> Iterator[tuple[str, ...]]:
    """A text as a list of three names or more: cut at each comma or joining word (`between`), or at all but one of
    them, which is within a title then."""
    joins = list(re.finditer(between, text, re.IGNORECASE))
    if not 2 <= len(joins) < MOST_PARTS:
        return
    for kept in (None, *joins) if len(joins) > 2 else (None,):
        cuts = [join for join in joins if join is not kept]
        starts, ends = [0, *(cut.end() for cut in cuts)], [*(cut.start() for cut in cuts), len(text)]
        names = tuple(trimmed(text[start:end]) for start, end in zip(starts, ends, strict=True))
        if all(names):
            yield names


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
    library: "Library", request: ComparisonRequest | None, history: Sequence[Answer] = ()
) -> ComparisonWanted | None:
    """The papers that a question asks to compare, two or more, looked up in the library; None if it asks for something
    else.

    A paper that cannot be found makes `how does A differ from B` and its like an ordinary question; `/compare`,
    and "compare" with one paper found and another thing that looks like a name, raise UnknownPaper for it.
    """
    if request is None:
        return None
    unknown: dict[bool, str] = {}  # by whether the reading has rows: then the names are without them
    looked_up: dict[str, Named | None] = {}
    for reading in request.readings:
        names = reading.names
        if names == (EVERY_ONE,):
            cited = last_cited(history)
            if len(cited) > 2:
                return ComparisonWanted(tuple(map(Named, cited)), reading.rows)
            continue
        if not (request.command or all(_may_be_meant(library, name) for name in names)):
            continue
        found: list[Named] = []
        missing: list[str] = []
        for name in names:
            if name not in looked_up:
                looked_up[name] = _the_paper(library, name, history)
            if named := looked_up[name]:
                found.append(named)
            else:
                missing.append(name)
                if len(missing) > 1:
                    break
        if not missing and (request.command or len(names) == 2 or len({n.paper.id for n in found}) == len(names)):
            return ComparisonWanted(tuple(found), reading.rows)
        if missing and (
            request.command
            or (
                len(found) >= len(names) - 1
                and (request.plain or any(map(PLACE.fullmatch, missing)))
                and all(map(looks_named, missing))
            )
        ):
            unknown.setdefault(bool(reading.rows), missing[0])
    if unknown:
        find_paper(library, unknown.get(True) or unknown[False], history)  # raises, with the nearest papers
    return None


def _the_paper(library: "Library", name: str, history: Sequence[Answer]) -> Named | None:
    try:
        return paper_named(library, name, history)
    except UnknownPaper:
        return None
