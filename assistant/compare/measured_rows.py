"""Whether a sentence measures the quantity that a row asks for: a figure in the same clause, else a comparison in words
("a lower latency than"); of a model's size also the "7B" of a name."""

import re
from bisect import bisect_right
from collections.abc import Callable, Set

from assistant.checking.scope import qualified
from assistant.checking.text import clean
from assistant.checking.units import COUNT
from assistant.compare.comparable import metrics_in

IN_WORDS = 0.2  # the worth of a comparison without a figure

BEFORE, AFTER = 12, 45  # characters around a comparison in which the quantity is looked for
_IN_WORDS = frozenset({"accuracy", "speed", "latency", "energy", "memory", "FLOPs"})
_NOT_MEASURED = re.compile(
    r"\b\w+-(?:based|aware|augmented)\b|\baccelerat\w+\s(?:future\s)?(?:research|progress|develop\w+)"
    r"|\b(?:latency|memory|energy|speed|accuracy)(?:-(?!accuracy)\w+|\s(?:constraints?|guarantees?|requirements?|limits?|modules?))\b",
    re.IGNORECASE,
)
_OF_ANOTHER = re.compile(r"\s(?:under|with|without|for|that|by|via|using|from|through|when|if)\s", re.IGNORECASE)
_CLAUSE = re.compile(r"[;:,()]|\s(?:and|while|whereas|but|plus|yet)\s")
_COMPARED = re.compile(
    r"\b(?:better|higher|lower|faster|superior|comparable|similar|competitive|improv\w+|reduc\w+|boost\w*|increas\w+|gains?"
    r"|speed-?ups?|fewer|less|accelerat(?!ors?\b)\w+|state-of-the-art|outperform\w*|surpass\w*|halv\w+|cuts?|saves?|decreas\w+)\b",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:achiev|outperform|surpass|reach|attain|yield|obtain|deliver|maintain|match|offer|demonstrat|show|exceed"
    r"|(?:reduc|improv|increas|boost|cut|sav|answer|run|exhibit)(?:e?s|ing)?\b)",
    re.IGNORECASE,
)
_SAVED = re.compile(r"\b(?:sav\w+|reduc\w+)\b", re.IGNORECASE)
_LESS = re.compile(
    r"\b(?:sav\w+|reduc\w+|less|fewer|lower\w*|smaller|cut\w*|decreas\w+|shrink\w*|compress\w*|halv\w+|drop\w*|fall\w*"
    r"|shorten\w*|minimi[sz]\w+|down\sto|than)\b|(?<!\w)[-–−]\s?\d",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"(?<![\w.])\d+(?:\.\d+)?\s?(?:[BMT]|billion|million|trillion)\b(?:[\s-]|\s?\(\w+\)\s)?"
    r"(?:param\w*|(?:[\w-]+\s){0,2}(?:(?:L|V|ML|VL)LMs?|models?|networks?|backbones?|transformers?|variants?|agents?)\b(?!-))"
    r"|\b[A-Z][\w.]*-\d+(?:\.\d+)?B\b",  # "-1M" is mostly a data set
)
_BESIDE_OTHERS = re.compile(
    r"\b(?:(?:than|over)\b(?!\s$)|outperform\w*|surpass\w*|exceed\w*|beat\w*|compar\w+|rival\w*|match\w*|unlike|against|existing|prior"
    r"|gaps?|approach(?:es|ing)|on\spar)\b"
    r"[^,;]*$",
    re.IGNORECASE,
)


def measures(row: str) -> Callable[[str], float] | None:
    """How well a sentence measures what a row asks for, as a rule on sentences; None if the row names no quantity. A
    figure is worth more than a comparison in words, and more figures more."""
    wanted = metrics_in(row).keys()
    if not wanted:
        return None
    saved = _SAVED.search(row) is not None

    def rule(text: str) -> float:
        plain = clean(text)
        if saved and not _LESS.search(plain):
            return 0.0
        if wanted <= _measured(plain):
            return float(len(qualified(plain)))
        if wanted == {"parameters"}:
            return 0.5 if states_size(plain) else 0.0
        return IN_WORDS if _compares(plain, wanted) else 0.0

    return rule


def states_size(plain: str) -> bool:
    """Whether a sentence gives the size of a model that it does not merely stand beside."""
    return any(not _BESIDE_OTHERS.search(plain[: found.start()]) for found in _SIZE.finditer(plain))


def _measured(plain: str) -> set[str]:
    """The quantities that have a figure in their clause."""
    clauses = _clauses(plain)
    starts = [start for start, _ in clauses]
    with_figure: set[tuple[int, int]] = set()
    for figure in (each.quantity for each in qualified(plain)):
        start, end = clauses[bisect_right(starts, figure.start) - 1]
        measured = figure.unit != COUNT or 0 < figure.step < 1
        if measured and figure.end <= end and not figure.text.endswith("nm"):
            with_figure.add((start, end))
    return {metric for start, end in with_figure for metric in metrics_in(plain[start:end])}


def _compares(plain: str, wanted: Set[str]) -> bool:
    """Whether a sentence says that each quantity is better or worse: the words for both stand near each other."""
    if not (wanted <= _IN_WORDS and _REPORTED.search(plain)):
        return False
    told: set[str] = set()
    for start, end in _clauses(plain):
        clause = _NOT_MEASURED.sub(" ", plain[start:end])
        for found in _COMPARED.finditer(clause):
            after = _OF_ANOTHER.split(clause[found.end() : found.end() + AFTER])[0]  # "fewer errors under ..."
            told |= metrics_in(clause[max(0, found.start() - BEFORE) : found.end()] + after).keys()
    return wanted <= told


def _clauses(plain: str) -> list[tuple[int, int]]:
    ends = [*(cut.start() for cut in _CLAUSE.finditer(plain)), len(plain)]
    return list(zip([0, *ends[:-1]], ends, strict=True))
