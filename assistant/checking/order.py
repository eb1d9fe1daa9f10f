"""Figures whose order carries the meaning: `from 3 to 5 ms`, `36 out of 45`, `10-17 years`, and two lists in step.

A claim turns them round if it joins two cited figures in the same way but in the other order, if it joins one end of a
cited range to another figure, or if it keeps the order of one of two lists that run in step and turns the other.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from assistant.checking.evidence import Statement
from assistant.checking.figures import agrees
from assistant.checking.quantities import Quantity

Pair = tuple[Quantity, Quantity]

_FROM = re.compile(r"\bfrom\s(?:[a-z]+\s){0,2}[~+-]?$")
_JOINS = {
    "change": re.compile(r"\s(?:[a-z]+\s)?(?:down\s|up\s)?to\s(?:[a-z]+\s)?[~+-]?"),
    "share": re.compile(r"\s(?:[a-z]+\s)?(?:out\s)of\s(?:the\s|a\stotal\sof\s)?"),
    "range": re.compile(r"\s?(?:-{1,2}|–|—|~)\s?"),
    "list": re.compile(r"\s?(?:,|and|or|, and|&)\s?[~+-]?"),
}


def _pairs(text: str, figures: Sequence[Quantity]) -> Iterator[tuple[str, Pair]]:
    """The neighbouring figures of one unit that a text joins, with how it does."""
    for a, b in pairwise(figures):
        if a.unit != b.unit or a.value == b.value or a.worded != b.worded:
            continue
        between = text[a.end : b.start]
        for join, pattern in _JOINS.items():
            if pattern.fullmatch(between) and (join != "change" or _FROM.search(text, max(0, a.start - 30), a.start)):
                yield join, (a, b)
                break


def _same(one: Pair, another: Pair) -> bool:
    return agrees(one[0], another[0]) and agrees(one[1], another[1])


def turned_round(text: str, figures: Sequence[Quantity], statements: Sequence[Statement]) -> Pair | None:
    """The first two figures of a clean claim that the cited statements give in another order; None if there are none.
    Years and other figures that agree with the source in the claim's own order are never turned round."""
    joined = list(_pairs(text, figures))
    if not joined:
        return None
    sources = [list(_pairs(statement.text, statement.quantities)) for statement in statements]
    for cited in sources:
        lists: list[tuple[Pair, bool]] = []  # with whether the source has the list the other way round
        for join, pair in joined:
            like = [other for how, other in cited if how == join]
            kept = any(_same(pair, other) for other in like)
            turned = not kept and any(_same(pair, other[::-1]) for other in like)
            if join == "list":
                lists += [(pair, turned)] if kept or turned else []
            elif (turned or (join == "range" and not kept and _half_of_a_range(pair, like))) and not any(
                _same(pair, other) for source in sources for _, other in source
            ):
                return pair
        for (one, first), (another, second) in combinations(lists, 2):
            if first != second:
                return one if first else another
    return None


def _half_of_a_range(pair: Pair, cited: Sequence[Pair]) -> bool:
    """Whether a cited range has one end of the claimed one, at the same side, and none has the other."""
    low = [agrees(pair[0], other[0]) for other in cited]
    high = [agrees(pair[1], other[1]) for other in cited]
    return any(low) != any(high)
