r"""The pieces of a text with LaTeX (commands, braces, `$`, scripts, plain text), and where braces and formulas end."""

import re
from itertools import pairwise

from index.readable.formulas import is_formula

_PIECE = re.compile(
    r"(?P<address>(?<![\w{/.-])(?:https?://|www\.)[^\s{}\\$<>\"^]+)"
    r"|\\(?P<command>[A-Za-z]+)(?P<star>\*?)(?P<gap>[ \t\n]*)"
    r"|\\(?P<sign>[^A-Za-z]|$)"
    r"|(?P<dollar>\$)|(?P<open>\{)|(?P<close>\})|(?P<script>[\^_])"
    r"|(?P<text>(?:(?!https?://|www\.)[^\\${}^_])+|.)",
    re.DOTALL,
)


def pieces_of(text: str) -> list[re.Match[str]]:
    """The pieces of a text, in order; the group that matched says what each is."""
    return list(_PIECE.finditer(text))


def braces(pieces: list[re.Match[str]], deepest: int) -> tuple[dict[int, int], set[int]]:
    """Where the brace that opens at a place closes, for those at most `deepest` within others, and the places of braces
    that close or open nothing."""
    ends: dict[int, int] = {}
    loose: set[int] = set()
    waiting: list[int] = []
    for place, piece in enumerate(pieces):
        if piece["open"]:
            waiting.append(place)
        elif piece["close"]:
            if waiting:
                begin = waiting.pop()
                if len(waiting) < deepest:
                    ends[begin] = place
            else:
                loose.add(place)
    return ends, loose.union(waiting)


def formulas(pieces: list[re.Match[str]], text: str) -> dict[int, int]:
    """The pairs of `$` that hold a formula, by what stands between them: `$5 and $` is money."""
    pairs: dict[int, int] = {}
    places = [place for place, piece in enumerate(pieces) if piece["dollar"]]
    taken = -1
    for begin, end in pairwise(places):
        if begin <= taken:
            continue
        first, last = pieces[begin].end(), pieces[end].start()
        if last - first <= 1_000 and is_formula(text[first:last], text[pieces[end].end() : pieces[end].end() + 1]):
            pairs[begin] = taken = end
    return pairs


def as_piece(text: str) -> re.Match[str]:
    """A piece of plain text: what is left of one whose beginning was taken."""
    found = re.fullmatch(r"(?P<address>(?!))?(?P<command>(?!))?(?P<star>(?!))?(?P<gap>(?!))?(?P<sign>(?!))?"
                         r"(?P<dollar>(?!))?(?P<open>(?!))?(?P<close>(?!))?(?P<script>(?!))?(?P<text>.*)",
                         text, re.DOTALL)  # fmt: skip
    assert found is not None
    return found
