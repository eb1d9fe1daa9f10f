"""The figures of a text: values with their units, as numerals or in words.

`1.3 times`, `20-30x`, `10 billion`, `two orders of magnitude`, `half`, `O(n^2)`, `2:8`, `64x64`. A name that
contains digits (`FBNetV5`, `CIFAR-10`), the number of a list item and an ordinal are not figures.
Texts must be as `text.clean` returns them. Whether two figures agree is decided in `figures`.
"""

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from assistant.checking.units import COUNT, CURRENCIES, SCALES, TIMES, unit_of, unit_pattern
from index.english import NUMBER_WORDS

FRACTION, MAGNITUDE, YEAR, LITERAL, LABEL = "fraction", "orders of magnitude", "year", "literal", "label"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure of a text, at `start` to `end`. `value`, `step` (the worth of the last digit, for rounding) and `size`
    (of the unit) are in the dimension's base unit. `literal` is what is compared as text (`64x64`); `bound` is 1 for
    "more than", -1 for "less than" or "nearly"; `own_unit`: it is written with a unit."""

    text: str
    start: int
    end: int
    value: float
    unit: str
    step: float
    approximate: bool = False
    bound: int = 0
    own_unit: bool = True
    worded: bool = False
    literal: str = ""
    size: float = 1.0


_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
WORDS = {word: float(n) for n, word in enumerate(NUMBER_WORDS)} | {"dozen": 12.0}
for _tens, _word in enumerate(_TENS, 2):
    WORDS[_word] = 10.0 * _tens
    WORDS |= {f"{_word}{_join}{NUMBER_WORDS[n]}": 10.0 * _tens + n for n in range(1, 10) for _join in "- "}
_FACTORS = {"twice": 2, "twofold": 2, "doubl": 2, "thrice": 3, "tripl": 3, "quadrupl": 4, "tenfold": 10}
_FACTORS |= {f"{word}fold": int(n) for word, n in WORDS.items() if 2 < n < 10}
_FACTORS |= {"hundredfold": 100, "thousandfold": 1000}
_FRACTIONS = {"half": 1 / 2, "halv": 1 / 2, "third": 1 / 3, "quarter": 1 / 4}

_WORDED = "|".join(word.replace(" ", r"\x20") for word in sorted(WORDS, key=len, reverse=True))
_SCALE = "|".join(sorted((s for s in SCALES if s.islower() and len(s) > 1), key=len, reverse=True))
_PIECES = {
    # a word with digits inside: FBNetV5, Qwen2.5-7B, CIFAR-10, top-5
    "name": r"""(?<![^\W_])(?:SU|SO|SL|GL|Sp|U|O)\(\d(?:,\d)?\)
        |(?<![^\W_])(?!x\d|[A-Za-z]\w*-\d+(?:\.\d+)?%)
        [A-Za-z]+(?:[-./^'][A-Za-z]+){0,6}[-./^'_]{0,2}\d\w*(?:[-./^]\w+){0,6}""",
    "order": r"O\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)",
    "spacetime": r"(?<![\w+])\(?[1-9]\s?\+\s?[1-9]\)?(?=[\s-]?[Dd](?:\b|im))",
    "item": r"""(?<!\S)\(\d{1,2}\)(?=\s*[A-Za-z])|^\s*\d{1,2}\.(?=\s)
        |(?:^|(?<=[:;,.]\s)|(?<=\band\s)|(?<=\bor\s))\d{1,2}\)(?=\s*[A-Za-z])""",
    "grid": r"""(?<![\w.])\d+\s?(?:×|times(?=\s?\d)|(?<=\s)x(?=\s\d)|(?<=\d)x(?=\d))\s?\d+
        (?:\s?[×x]\s?\d+)?(?![\w^]|\.\d)""",
    "ratio": r"(?<![\w.:])\d+(?:\.\d+)?:\d+(?:\.\d+)?(?![\w:]|\.\d)",
    "magnitudes": rf"""\b(?:(?P<count>(?i:{_WORDED})|an|\d{{1,3}}(?:\.\d+)?)(?:\s?-\s?(?P<count2>\d|{_WORDED}))?)
        [- ]orders?[- ]of[- ]magnitude""",
    "fraction": r"""\b(?i:(?:by|in|to|than|only|just|nearly|about|almost|roughly|at|costs?)\s(?:an?\s|one[- ])?half\b
        (?!-|\san?\s(?:percentage\s)?point)
        |half\s(?:of|as|the)\b|(?P<point>half\san?\s(?:percentage\s)?point)\b
        |halv(?:es|ed|ing|e)\b|(?P<parts>an?|one|two|three)[- ](?:third|quarter)s?\b)
        |(?<![\w./-])(?P<over>[1-3]|[579](?=/2))/(?P<under>[2-9])(?![\w./])""",
    "factor": r"""\b(?i:twice|thrice|(?:double|triple|quadruple)(?=\sth(?:e|at)\b)
        |(?:(?<=\sto\s)|(?<=\sthan\s)|(?<=\scan\s)|(?<=\swill\s)
        |(?<=\snearly\s)|(?<=\salmost\s))(?:double|triple|quadruple)
        |(?:doubl|tripl|quadrupl)(?:es|ed|ing)\b|[a-z]+fold\b)""",
    "plain": rf"""(?P<money>(?:US)?\$|[€£]|\b(?:USD|EUR|GBP)\s)?
        (?P<number>(?:(?<![\w^_.])|(?<=(?<!\w)x))(?:(?<![A-Za-z^]-)|(?<=\d[KkMBT]-)|(?=[\d.]+%))(?<![A-Za-z]/)
            (?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d{{1,3}}(?:\x20\d{{3}})+(?!\d|,\d)
            |\d+,\d{{1,2}}(?=[\s-]?(?:x|×|%|times|mal|[Ff]ach\w*|Prozent|fois|veces)(?![A-Za-z]))|\d+(?:\.\d+)?|(?<!\d)\.\d+)
            (?:\s?[×x*]\s?10\^?-?\d{{1,3}}|e-?\d{{1,3}}(?!\w)|\^-?\d{{1,3}})?
            |\b(?i:{_WORDED})\b)
        (?:(?P<letter>[KkMBT](?![A-Za-z]))|\s?-?(?P<scale>{_SCALE})s?\b)?(?:\+(?!/))?
        (?:(?!(?<=\^\d)\s?×\s?\d)[\s-]?(?!X-)(?P<unit>{unit_pattern()})(?![A-Za-z]|/\W?[α-ω]))?
        (?![A-Za-z]|\d|\.\d|:\d|-[A-Z]{{2}})""",
}


@cache
def _figure() -> re.Pattern[str]:
    """Any figure, any number of a list item, and any name with digits."""
    return re.compile("|".join(f"(?P<{kind}>{piece})" for kind, piece in _PIECES.items()), re.VERBOSE)


@cache
def _approximate() -> re.Pattern[str]:
    """Words before a figure that make it inexact."""
    return re.compile(
        r"(?:\b(?:about|around|roughly|approximately|approx\.?|close to|some|(?P<above>over|more than|at least"
        r"|above|exceeding)|(?P<below>nearly|almost|under|less than|below))|[~<>]=?)\s?[+-]?$",
        re.IGNORECASE,
    )


_POWER = re.compile(r"(?:(.+?)\s?[×x*]\s?)?([\d.,]+)\^(-?\d+)|(.+?)\s?[×x*]\s?10(-?\d+)")
_JOINS = re.compile(
    r"-?\s?(?:,|-{1,3}|–|—|~|to|and|or|vs\.?|/|±|\+/-|, and|, or|and for|instead of|rather than)\s?"
    r"(?:~|\+|-|up to |from )?\s?"
)
_RANGE = re.compile(r"\s?(?:-{1,3}|–|~|to)\s?")
_FACTOR_WORD = re.compile(
    r"(?:factors?|speed-?ups?|accelerations?) of\s(?:up to|about|around|over|nearly|roughly|at least|more than|~)?\s?$",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(r"[A-Z][^\W_]*\s$")
_ORDER_NOISE = re.compile(r"[\s_{}\\$^*·()]")


def _numeral(written: str) -> tuple[float, float]:
    """The value of a numeral and the worth of its last digit."""
    if power := _POWER.fullmatch(written):
        factor, base, exponent, short, short_exponent = power.groups()
        if short:
            factor, base, exponent = short, "10", short_exponent
        foundation = min(_numeral(base)[0], 1e9)
        scale = foundation ** min(int(exponent), 30) if foundation else 0.0
        value, step = _numeral(factor) if factor else (1.0, 0.0)
        return value * scale, step * scale
    if re.search(r"e-?\d+$", written):
        return float(written.replace(",", "")), 0.0
    if re.fullmatch(r"\d+,\d{1,2}", written):
        written = written.replace(",", ".")
    written = written.replace(",", "").replace(" ", "")
    decimals = len(written.partition(".")[2])
    return float(written), 10.0**-decimals


def _literal(found: re.Match[str], text: str) -> Quantity:
    return Quantity(found[0], found.start(), found.end(), 0.0, LITERAL, 0.0, literal=text)


def normal_order(formula: str) -> str:
    """A complexity in one form: `O(\\sqrt{N})`, `O(√(N))` and `O(√N)` are `o(√n)`."""
    plain = re.sub(r"log_?\(?2\)?(?![\dn])|log_?2(?=n)", "log", formula[2:-1].lower().replace("sqrt", "√"))
    return f"o({_ORDER_NOISE.sub('', plain)})"


def _worded_figure(found: re.Match[str]) -> Quantity | None:
    """Orders of magnitude, fractions and factors in words."""
    words = found[0].lower()
    where = (found[0], found.start(), found.end())
    if found["magnitudes"]:
        count = (found["count2"] or found["count"]).lower()
        number = 1.0 if count == "an" else WORDS[count] if count in WORDS else float(count)
        return Quantity(*where, number, MAGNITUDE, 0.0, approximate=True)
    if found["over"]:
        return Quantity(*where, int(found["over"]) / int(found["under"]), FRACTION, 0.0)
    if found["point"]:
        return None  # "about half a point" is too loose to look up
    if found["fraction"]:
        part = next(value for name, value in _FRACTIONS.items() if name in words)
        return Quantity(
            *where, part * WORDS.get(found["parts"] or "one", 1.0), FRACTION, 0.0, approximate=True, worded=True
        )
    value = next((v for begin, v in _FACTORS.items() if words.startswith(begin)), 0.0)
    return Quantity(*where, float(value), TIMES, 0.1 * value, worded=True) if value else None


def _plain_figure(found: re.Match[str], text: str) -> Quantity:
    """A number, its scale and its unit."""
    written = found["number"]
    worded = written[0].isalpha()
    value, step = (WORDS[written.lower()], 1.0) if worded else _numeral(written)
    scale = SCALES[found["letter"] or found["scale"]] if found["letter"] or found["scale"] else 1.0
    unit, size = unit_of(found["unit"]) if found["unit"] else (COUNT, 1.0)
    if found["money"]:
        unit = CURRENCIES[found["money"].strip()]
    elif not found["unit"] and _FACTOR_WORD.search(text[max(0, found.start() - 40) : found.start("number")]):
        unit = TIMES
    start = found.start()
    own_unit = unit != COUNT
    if unit == COUNT and text[start - 1 : start] in ("×", "x"):  # "×2", but also "6 models × 8 prompts"
        unit = TIMES
    near = _approximate().search(text[max(0, start - 15) : start])
    more = found[0].rstrip().endswith("+")  # "80k+"
    bound = 1 if more else 0 if near is None else 1 if near["above"] else -1 if near["below"] else 0
    return Quantity(found[0].rstrip(), start, found.end(), value * scale * size, unit, step * scale * size,
                    more or near is not None, bound, own_unit=own_unit, worded=worded, size=size)  # fmt: skip


_LABELLED = re.compile(
    r"\b(stage|step|phase|level|tier|track|task|type|category|part|section|table|figure|fig\.|equation|theorem|lemma"
    r"|algorithm|class|grade|case|scenario|round|version|chapter|appendix|experiment|study)s?\s(?:\d+\s?(?:,|and|to|[-–/&])\s?)*$",
    re.IGNORECASE,
)
_DECADE = re.compile(r"(?:19|20)\d0s")
_BEFORE_YEAR = re.compile(
    r"\b(?:in|since|by|until|from|during|of|before|after|year|early|late|mid|[A-Z]\w+ber|[A-Z]\w+ary|March|April|May|June"
    r"|July|August|[A-Z]{3,}),?\s?'?$|[(\-–]$"
)
_YEAR_RANGE = re.compile(r"(?:19|20)\d\d\s?(?:[-–/]|to|and|until)\s?$")


def _is_year(quantity: Quantity, text: str) -> bool:
    """Whether a bare number is a year rather than a count of things."""
    if not re.fullmatch(r"(?:19|20)\d\d", quantity.text):
        return False
    before, after = text[max(0, quantity.start - 16) : quantity.start], text[quantity.end :]
    if _YEAR_RANGE.search(before) or re.search(r"\b(?:the|upon|their|its)\s$", before):
        return True
    counts = re.match(r"\s[a-z]+s\b", after)
    return not counts and bool(_BEFORE_YEAR.search(before) or re.match(r"\s?[-–)\];]|'s|$", after))


def _share_units(found: list[Quantity], text: str) -> list[Quantity]:
    """Give a bare number the unit of a figure joined to it: `20-30x`, `180, 90 and 45 nm`."""
    shared = list(found)
    for i in range(len(shared) - 2, -1, -1):
        here, following = shared[i], shared[i + 1]
        joined = _JOINS.fullmatch(text[here.end : following.start])
        if joined and "and" in joined[0] and _AFTER_NAME.search(text, max(0, here.start - 20), here.start):
            continue  # a version: "1.3x over cuDNN 9.13 and 2.7x over Triton"
        if (
            joined
            and here.unit == COUNT
            and not here.worded
            and following.unit not in (COUNT, YEAR, LITERAL, FRACTION, LABEL)
        ):
            value, step = here.value * following.size, here.step * following.size
            shared[i] = replace(here, value=value, step=step, unit=following.unit, own_unit=False, size=following.size)
        elif joined and here.unit == COUNT and following.unit == COUNT and following.value >= 1000 > here.value:
            scale = re.search(r"[KMBT]$|[a-z]+$", following.text)
            if scale and scale[0] in SCALES and re.match(r"\s?[-–~]|\sto\b", joined[0]):  # "7-70B", "3 to 5 billion"
                shared[i] = replace(here, value=here.value * SCALES[scale[0]], step=here.step * SCALES[scale[0]])
        elif joined and _RANGE.fullmatch(joined[0]) and here.unit == TIMES and following.unit == COUNT:
            shared[i + 1] = replace(following, unit=TIMES, own_unit=False)  # "a factor of 20-30"
    return shared


def _quantity(match: re.Match[str], text: str) -> Quantity | None:
    if match["spacetime"]:
        return _literal(match, re.sub(r"[()\s]", "", match[0]))
    if match["order"]:
        return _literal(match, normal_order(match[0]))
    if match["grid"]:
        return _literal(match, re.sub(r"\s", "", match[0].replace("×", "x").replace("times", "x")))
    if match["ratio"]:
        return _literal(match, match[0])
    if match["magnitudes"] or match["fraction"] or match["factor"]:
        return _worded_figure(match)
    quantity = _plain_figure(match, text)
    if quantity.unit == COUNT and _is_year(quantity, text):
        return replace(quantity, unit=YEAR)
    if quantity.unit == COUNT and (label := _LABELLED.search(text, max(0, match.start() - 30), match.start())):
        return replace(quantity, unit=LABEL, literal=f"{label[1].lower()} {quantity.value:g}")
    # not figures: "one", "zero-shot", "one time"; "the 1990s"
    idle = quantity.worded and quantity.value <= 1 and quantity.unit in (COUNT, TIMES, "time")
    return None if idle or _DECADE.fullmatch(match[0]) else quantity


_MAY_HOLD = re.compile(r"\d|O\(|half|halv|doubl|tripl|quadrupl|twice|thrice|third|quarter|fold\b|order", re.IGNORECASE)
_LETTERS = re.compile(r"[a-z]+")
_NUMERALS = frozenset(word for word in WORDS if word.isalpha())  # each begins with one: "twenty-one"


@lru_cache(maxsize=16_384)
def _read(text: str) -> tuple[tuple[Quantity, ...], tuple[str, ...]]:
    """The figures of a clean text and its names with digits."""
    if not (_MAY_HOLD.search(text) or not _NUMERALS.isdisjoint(_LETTERS.findall(text.lower()))):
        return (), ()
    found: list[Quantity] = []
    named: list[str] = []
    for match in _figure().finditer(text):
        if match["name"]:
            named.append(match["name"])
        elif not match["item"] and (quantity := _quantity(match, text)) is not None:
            found.append(quantity)
    return tuple(_share_units(found, text)), tuple(named)


def quantities(text: str) -> tuple[Quantity, ...]:
    """The figures of a clean text, in order; a range is two figures."""
    return _read(text)[0]


def names_with_digits(text: str) -> tuple[str, ...]:
    """The names of a clean text that contain digits, which are not figures."""
    return _read(text)[1]
