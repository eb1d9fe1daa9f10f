"""What a question asks for: its words, the quantities, and the kinds of sentence that would answer it.

Rules on English words. Knows nothing of answers or models.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from assistant.rhetoric import Role
from index.english import CONVERSATION_WORDS, QUESTION_WORDS
from index.text import forms_of, stems_of


@dataclass(frozen=True)
class Measure:
    """A quantity that questions ask for: the words that ask for it, and the words that state it."""

    asked: re.Pattern[str]
    told: re.Pattern[str]


def _measure(asked: str, told: str) -> Measure:
    return Measure(re.compile(rf"(?:{asked})", re.IGNORECASE), re.compile(rf"\b(?:{told})", re.IGNORECASE))


_MEASURES = (
    _measure(
        "fast|speed|quick|accelerat(?!or)|latenc|throughput|slow",
        r"faster|speed|accelerat(?!or)|latenc|throughput|tokens?/s|(?:tokens|frames) per second|fps\b|\d+\s?ms\b",
    ),
    _measure(r"memory|footprint|storage|vram|fits?\b", r"memory|footprint|storage|SRAM|DRAM|[KMG]i?B\b"),
    _measure("energy|power|efficien", r"energy|power|efficien|\d\s?m?[WJ]\b|TOPS/W"),
    _measure(
        r"accura|quality|precision|score|perform|better|well\b",
        r"accura|top-1|mAP|BLEU|F1|score|outperform|surpass|state[- ]of[- ]the[- ]art|improv|points?\b",
    ),
    _measure("cost|expens|cheap|budget|hours|days", r"cost|GPU[- ](?:hours|days)|cheap|\$\s?\d|hours|days"),
    _measure("large|big|size|parameters?|scale|small", r"parameters?|size|billion|million|\d+\s?[BM]\b|FLOPs?|GPUs"),
    _measure(
        r"data ?sets?\b|benchmark|evaluat|tested\b", r"data ?sets?\b|benchmark|evaluat|experiments?\b|tested|validat"
    ),
    _measure("error|loss|drop|degrad", r"error|loss|drop|degrad|perplexity"),
)

# What a question asks for, the words that show it, and the roles of the sentences that answer it.
_KINDS: tuple[tuple[str, re.Pattern[str], tuple[Role, ...]], ...] = (
    (
        "figure",
        re.compile(
            r"""얼마나|얼마|몇|多少|几|幾|何倍|何%|どれ(?:くらい|ほど|だけ)|どの(?:くらい|程度)|いくつ
              | \b(?:cuánt|quant(?=[aoie]s?\b)|combien|wie\s?viel|hoeveel|сколько|насколько)\w*
              | \bwie\s(?:schnell|groß|genau)
              | \bhow\s(?:much|many|fast|large|big|long|small|far|accurate|efficient|often)\b
              | \bby\swhat\s(?:factor|margin)\b | \b(?:speed-?ups?|percentage)\b
              | \b(?:what|which)\s(?:\w+\s)?(?:gains?|improvements?|accurac\w+|reductions?|savings?|numbers?)\b
              | \bwhat\s(?:is|are|was|were)\s(?:the|its|their)\s(?:\w+\s){0,2}
                (?:accurac|speed|latenc|throughput|size|cost|error)\w*""",
            re.IGNORECASE | re.VERBOSE,
        ),
        ("result", "resource"),
    ),
    (
        "gain",
        re.compile(
            r"""\b(?:speed|accelerat|improv|reduc|outperform|beat|sav(?:e|ing)|boost|faster|better|cheaper|results?
                |achiev|increas|lower|cut|perform)\w*\b""",
            re.IGNORECASE | re.VERBOSE,
        ),
        ("result",),
    ),
    (
        "method",
        re.compile(
            r"""\bhow\s(?:do|does|did|is|are|can|was|were|to)\b | \bwhat\s(?:is|are|does)\b | \bexplain\b
              | \b(?:idea|approach|method|technique|algorithm|mechanism|design|architecture)\w* | \bworks?\b
              | \bwho\s(?:uses?|proposed?|introduced?)""",
            re.IGNORECASE | re.VERBOSE,
        ),
        ("method",),
    ),
    (
        "evaluation",
        re.compile(r"\b(?:data ?sets?|benchmarks?|evaluat\w+|experiments?|tested|baselines?|tasks)\b", re.IGNORECASE),
        ("evaluation", "result"),
    ),
    (
        "parts",
        re.compile(
            r"""\b(?:what|which)\s(?:are\s(?:the|its|their)\s)?(?:[\w'-]+\s){0,3}?
                (?!does|this|gains|its|results)[a-z]{3,}(?<!s)s\b
              | \b(?:consists?|composed|made\sup)\s(?:of|from)\b
              | \b(?:comprises?|ingredients|components|building\sblocks)\b
              | \b(?:name|list)\s(?:the|its|all)\b""",
            re.IGNORECASE | re.VERBOSE,
        ),
        (),
    ),
    (
        "resource",
        re.compile(
            r"\b(?:hardware|gpus?|fpgas?|asics?|chips?|devices?|run on|platforms?|accelerators?)\b", re.IGNORECASE
        ),
        ("resource",),
    ),
    (
        "availability",
        re.compile(
            r"\b(?:code|open[- ]?sourced?|github|available|release[sd]?|weights|download|publish(?:es)?)\b",
            re.IGNORECASE,
        ),
        ("availability",),
    ),
    (
        "limitation",
        re.compile(
            r"\b(?:limits|limitations?|drawbacks?|weakness\w*|fails?|shortcomings?|future work)\b", re.IGNORECASE
        ),
        ("limitation", "problem"),
    ),
    (
        "problem",
        re.compile(r"\b(?:problems?|challenges?|why|motivat\w+|bottlenecks?|issues?|difficult\w*)\b", re.IGNORECASE),
        ("problem",),
    ),
)
_SEVERAL = re.compile(
    r"""\b(?:which|what|list|any|all|find|show|other|are\sthere)\b.{0,40}?
        \b(?:papers|works|methods|approaches|techniques|studies|systems|models|algorithms|frameworks|benchmarks|datasets
         |accelerators|ones|articles|publications|projects)\b""",
    re.IGNORECASE | re.VERBOSE,
)


_LISTS = re.compile(
    r"""\b(?:which|what|list|any|all|find|show|name|give|are\sthere)\b.{0,40}?
        (?:\b(?:papers|works|articles|studies|publications|projects|reports)\b
          | \b(?:work|research)\s(?:is\sthere|exists?|has\sbeen|deals?|on|about)\b
          | \b(?:methods|approaches|techniques|systems|models|algorithms|frameworks|benchmarks|datasets|accelerators
            |surveys)\s(?!(?:is|are|was|were|does|do|did|has|have|can|in|of|it|they|make\sup)\b))""",
    re.IGNORECASE | re.VERBOSE,
)


# Words that ask for something rather than name it; a paper that answers need not have them.
ASKING = frozenset(
    stems_of(
        "involve mention treat method approach technique concern address introduce propose present report examine "
        "consider contain include improve apply list name model system paper work research topic focus help make "
        "deal study evaluate analyse analyze investigate develop provide offer tackle relate kind kinds sort type "
        "aspect come comes try tried cover covers ingredient thing part consist page alike "
        "similar common differ different difference compare comparison versus summary overview detail"
    )
)


def only_asks(word: str) -> bool:
    """Whether a word asks for a kind of thing (`fast`, `save`, `much`, `method`) rather than names one."""
    kind = any(pattern.fullmatch(word) for _, pattern, _ in _KINDS)
    measure = any(m.asked.match(word) for m in _MEASURES)
    said = word.lower() in _AMOUNTS or word.casefold() in CONVERSATION_WORDS
    return kind or measure or said or not ASKING.isdisjoint(stems_of(word))


def content_stems(question: str) -> list[str]:
    """The stems of a question's words that say what it is about, rather than that it asks."""
    nothing = QUESTION_WORDS | CONVERSATION_WORDS
    return stems_of(" ".join(w for w in forms_of(question) if w.casefold() not in nothing))


FIGURE = re.compile(r"(?<![\w.-])\d[\w.,]*")
_AMOUNTS = frozenset("much many far long often take takes took taken".split())
_AMOUNT_STEMS = frozenset(stems_of(" ".join(_AMOUNTS)))
LEAST_WEIGHT = 0.2  # of a word in every paper: it still distinguishes one sentence from another


@dataclass(frozen=True)
class Intent:
    """What a question asks: its content words as stems with their weights, those of them that ask for a
    quantity, the kinds of sentence that would answer it, whether it may ask for several papers, and whether it `lists`
    them: it asks which papers there are rather than what they say; and whether it names alternatives ("A or B")."""

    weights: Mapping[str, float]
    measures: Mapping[str, Measure]
    kinds: frozenset[str]
    roles: frozenset[Role]
    several: bool
    lists: bool = False
    either: bool = False


NOTHING_ASKED = Intent({}, {}, frozenset(), frozenset(), several=False)


def intent_of(question: str, stems: Collection[str], idf: Callable[[str], float]) -> Intent:
    """What a question without its dates asks for. `stems`: its words, spelling corrected; `idf` weighs a stem by how
    rare it is in the library."""
    carrying = {*stems, *stems_of(" ".join(FIGURE.findall(question)))} - _AMOUNT_STEMS
    weights = {stem: idf(stem) + LEAST_WEIGHT for stem in sorted(carrying)}
    measures: dict[str, Measure] = {}
    for word in re.findall(r"[\w-]+", question):
        if measure := next((m for m in _MEASURES if m.asked.match(word)), None):
            measures |= {stem: measure for stem in stems_of(word) if stem in weights}
    kinds = [(kind, roles) for kind, pattern, roles in _KINDS if pattern.search(question)]
    return Intent(
        weights,
        measures,
        frozenset(kind for kind, _ in kinds),
        frozenset(role for _, roles in kinds for role in roles),
        _SEVERAL.search(question) is not None,
        _LISTS.search(question) is not None,
        re.search(r"\bor\b", question, re.IGNORECASE) is not None,
    )


_MEASURED = re.compile(r"\d[\d.,]*(?:[x×]\d[\d.,]*)*[a-z%×]{0,3}", re.IGNORECASE)  # "64x64", "8bit", "70B"


def is_name(word: str, question: str, language: str | None = None) -> bool:
    """Whether a word of a question is written as a name: capitals or digits within it, or, unless it is in German, a
    capital in mid-sentence."""
    found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", question, re.IGNORECASE)
    written = found[0] if found else word
    if _MEASURED.fullmatch(written):
        return False
    if re.search(r"\w[A-Z]|[A-Za-z]-?\d|\d[A-Za-z]", written):
        return True
    if language == "German":  # every noun has a capital
        return False
    begins = not found or re.search(r"(?:^|[.?!:]\s+)[\W_]*$", question[: found.start()]) is not None
    return written[:1].isupper() and not begins
