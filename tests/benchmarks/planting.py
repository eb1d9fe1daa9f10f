"""Errors planted into faithful sentences, by seed: what a checker of cited sentences should find.

Works on the text alone and shares no code with the checker: a figure is a numeral that the abstract holds too.
Every planter returns sentences with their markers, or none where the kind of error has no place.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.paper import Paper

FIGURE = re.compile(
    r"(?<![\w.,^_/$({=-])(?<![A-Z][a-z]{2} )\d+(?:,\d{3})*(?:\.\d+)?"
    r"(?=%|\\%|x\b|×|times\b|ms\b|[KMBk]\b|[\s),;:]|\.?$|-[a-z])"
)
YEAR = re.compile(r"(?:19|20)\d\d")
WITH_UNIT = re.compile(
    r"(?<![\w.,^_/$-])(\d[\d,]*(?:\.\d+)?)"
    r"(\s?(?:\\?%|x|×|ms|GB|MB|K|M|B| million| billion| hours| points))(?!\w)"
)
OTHER_UNITS = {
    "%": ("x", " ms"), "\\%": ("x",), "x": ("%", " GB"),
    "×": ("%",), "ms": ("s", "x"), "GB": ("MB",), "MB": ("GB",), "K": ("M", "B"),
    "M": ("B", "K"), "B": ("M", "K"), "million": (" billion",), "billion": (" million",), "hours": (" days",),
    "points": ("x",),
}  # fmt: skip
NAME = re.compile(r"(?<![\w-])(?:[A-Z][a-z]*[A-Z]\w*|[A-Z]\w*-?\d\w*)(?:[-.][A-Z0-9]\w*)*(?![\w-])")
EVERYDAY = set("LLM LLMs AI ML SOTA GPU GPUs NLP RL CNN CNNs MLLM MLLMs VLMs VLM 3D 2D".split())


@dataclass(frozen=True)
class Faithful:
    """A faithful sentence (no markers), the paper it is of, and names of other papers to plant."""

    sentence: str
    paper: Paper
    foreign: tuple[str, ...]


Planter = Callable[[Faithful, random.Random], Iterator[str]]


def _cite(sentence: str, marker: str) -> str:
    bare = sentence.rstrip()
    return f"{bare[:-1]} {marker}{bare[-1]}" if bare.endswith((".", "!")) else f"{bare} {marker}"


def _figures(row: Faithful) -> list[re.Match[str]]:
    """The figures of a sentence that its abstract writes alike."""
    return [m for m in FIGURE.finditer(row.sentence) if _holds(row.paper.abstract, m[0])]


def _holds(text: str, numeral: str) -> bool:
    text = re.sub(r"\(\d\)", "", text)  # "(1)" numbers a list
    return re.search(rf"(?<![\w.,-]){re.escape(numeral)}(?![\d]|[.,]\d)", text) is not None


def _replace(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def _bent(numeral: str, chance: random.Random) -> str:
    """Another number written alike: a third to three times as much."""
    value = float(numeral.replace(",", ""))
    factor = chance.choice((0.35, 0.6, 0.8, 1.2, 1.5, 2.5))
    decimals = len(numeral.partition(".")[2])
    bent = round(value * factor + chance.choice((0, 1)) * 10**-decimals, decimals)
    return f"{bent:,.{decimals}f}" if "," in numeral else f"{bent:.{decimals}f}"


def figure_changed(row: Faithful, chance: random.Random) -> Iterator[str]:
    """Another number in the place of a figure; not one that the abstract holds."""
    for match in _figures(row):
        new = _bent(match[0], chance)
        if float(new.replace(",", "")) != float(match[0].replace(",", "")) and not _holds(row.paper.abstract, new):
            yield _cite(_replace(row.sentence, match, new), "[1]")


def unit_changed(row: Faithful, _: random.Random) -> Iterator[str]:
    """Another unit behind the number."""
    for match in WITH_UNIT.finditer(row.sentence):
        if _holds(row.paper.abstract, match[1]):
            for other in OTHER_UNITS[match[2].strip()]:
                yield _cite(_replace(row.sentence, match, match[1] + other), "[1]")


def system_renamed(row: Faithful, chance: random.Random) -> Iterator[str]:
    """The name of another paper's system in the place of a name."""
    own = f"{row.paper.title} {row.paper.abstract}".casefold()
    for match in NAME.finditer(row.sentence):
        if match[0] in EVERYDAY or match[0].casefold() not in own:
            continue
        new = chance.choice(row.foreign)
        if new.casefold() not in own:
            yield _cite(_replace(row.sentence, match, new), "[1]")


def invented_citation(row: Faithful, chance: random.Random) -> Iterator[str]:
    """A paper or a sentence that is not there."""
    beyond = len(row.paper.sentences) + chance.randint(1, 20)
    yield _cite(row.sentence, chance.choice((f"[{chance.randint(2, 40)}]", f"[1.{beyond}]")))


def _passage(row: Faithful, chance: random.Random) -> list[str]:
    words = chance.choice([s.text for s in row.paper.sentences]).replace('"', "").split()
    length = min(len(words), chance.randint(6, 14))
    start = chance.randint(0, len(words) - length)
    return words[start : start + length]


def faithful_quote(row: Faithful, chance: random.Random) -> Iterator[str]:
    """A passage of the abstract in quotes: no error."""
    if '"' not in row.paper.abstract:
        yield f'The authors write "{" ".join(_passage(row, chance))}" [1].'


def altered_quote(row: Faithful, chance: random.Random) -> Iterator[str]:
    """A passage of the abstract in quotes with one word replaced by, or swapped for, another of the abstract."""
    words = _passage(row, chance)
    if len(words) >= 4:
        place = chance.randint(1, len(words) - 2)
        others = [w for w in row.paper.abstract.split() if w.isalpha() and w != words[place]]
        words[place] = chance.choice(others)
        if " ".join(words) not in row.paper.abstract:
            yield f'The authors write "{" ".join(words)}" [1].'


def _spoken(day: str, chance: random.Random) -> str:
    months = "January February March April May June July August September October November December".split()
    year, month, of_month = map(int, day.split("-"))
    return chance.choice((day, f"{months[month - 1]} {of_month}, {year}", f"{of_month} {months[month - 1][:3]} {year}"))


def faithful_date(row: Faithful, chance: random.Random) -> Iterator[str]:
    """The paper's own day: no error."""
    yield _cite(f"Published on {_spoken(row.paper.published or '', chance)}: {row.sentence}", "[1]")


def wrong_date(row: Faithful, chance: random.Random) -> Iterator[str]:
    """Another day than the paper's."""
    year, month, day = map(int, (row.paper.published or "").split("-"))
    other = chance.choice(((year - 1, month, day), (year, month % 12 + 1, day), (year, month, day % 28 + 1)))
    spoken = _spoken(f"{other[0]:04}-{other[1]:02}-{other[2]:02}", chance)
    yield _cite(f"Published on {spoken}: {row.sentence}", "[1]")


def _swaps(sentence: str, abstract: str) -> Iterator[str]:
    """The sentence with two figures of the same unit, or two bare counts, swapped, for each two with words between."""
    units = {m.start(1): m[2].strip() for m in WITH_UNIT.finditer(sentence)}
    sentence = re.sub(r"(?<!\S)\(?\d\)\s", "", sentence)  # "1) ..." numbers a list
    figures = [m for m in FIGURE.finditer(sentence) if _holds(abstract, m[0]) and not YEAR.fullmatch(m[0])]
    for i, first in enumerate(figures):
        for second in figures[i + 1 :]:
            between = sentence[first.end() : second.start()]
            alike = units.get(first.start(), "") == units.get(second.start(), "")
            if alike and first[0] != second[0] and re.search(r"[A-Za-z]{3}", between):
                yield sentence[: first.start()] + second[0] + between + first[0] + sentence[second.end() :]


def misbound(row: Faithful, _: random.Random) -> Iterator[str]:
    """Two figures of the same unit swapped."""
    for swapped in _swaps(row.sentence, row.paper.abstract):
        yield _cite(swapped, "[1]")


def same_sentence_figure(row: Faithful, _: random.Random) -> Iterator[str]:
    """Another figure of the very sentence cited, of the same unit, in the place of a figure."""
    if (holder := _holder(row)) is None:
        return
    source = row.paper.sentences[holder - 1].text
    for match in WITH_UNIT.finditer(row.sentence):
        for other in WITH_UNIT.finditer(source):
            if other[2].strip() == match[2].strip() and not _holds(row.sentence, other[1]) and _holds(source, match[1]):
                yield _cite(_replace(row.sentence, match, other[0]), f"[1.{holder}]")


def misbound_or_copy(row: Faithful, chance: random.Random) -> Iterator[str]:
    """The same, and sentences of the abstract copied with two figures of the same unit swapped."""
    yield from misbound(row, chance)
    for sentence in row.paper.sentences:
        for swapped in _swaps(sentence.text, row.paper.abstract):
            yield _cite(swapped, f"[1.{sentence.number}]")


NUMBER = re.compile(r"(?<![\w.,^_-])\d+(?:,\d{3})*(?:\.\d+)?")


def _holder(row: Faithful) -> int | None:
    """The sentence of the abstract that holds every number of the written one, of which some are figures."""
    numbers = NUMBER.findall(row.sentence)
    if not _figures(row):
        return None
    return next((s.number for s in row.paper.sentences if all(_holds(s.text, n) for n in numbers)), None)


def faithful_precise(row: Faithful, _: random.Random) -> Iterator[str]:
    """The very sentence that holds the figures is cited: no error."""
    if (holder := _holder(row)) is not None:
        yield _cite(row.sentence, f"[1.{holder}]")


def same_abstract_figure(row: Faithful, chance: random.Random) -> Iterator[str]:
    """Another figure of the same abstract, from another sentence, in the place of a figure."""
    if (holder := _holder(row)) is None:
        return
    cited = row.paper.sentences[holder - 1].text
    elsewhere = dict.fromkeys(n for s in row.paper.sentences if s.number != holder for n in NUMBER.findall(s.text))
    others = [figure for figure in elsewhere if not _holds(cited, figure)]
    for match in _figures(row):
        for other in chance.sample(others, min(12, len(others))):
            yield _cite(_replace(row.sentence, match, other), f"[1.{holder}]")


def citation_moved(row: Faithful, chance: random.Random) -> Iterator[str]:
    """Another sentence of the abstract is cited, which does not hold the figures."""
    if _holder(row) is None:
        return
    figures = _figures(row)
    without = [s.number for s in row.paper.sentences if not all(_holds(s.text, m[0]) for m in figures)]
    for number in chance.sample(without, min(2, len(without))):
        yield _cite(row.sentence, f"[1.{number}]")


PLANTERS: dict[str, Planter] = {
    "figure changed": figure_changed,
    "unit changed": unit_changed,
    "system renamed": system_renamed,
    "invented citation": invented_citation,
    "altered quote": altered_quote,
    "wrong date": wrong_date,
    "figure bound to the wrong thing": misbound_or_copy,
    "the same, in written sentences only": misbound,
    "figure of the same sentence": same_sentence_figure,
    "figure of the same abstract": same_abstract_figure,
    "citation moved": citation_moved,
}
CONTROLS: dict[str, Planter] = {
    "cited by sentence": faithful_precise,
    "with a quote": faithful_quote,
    "with the date": faithful_date,
}
