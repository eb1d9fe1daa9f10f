"""The words of a text for a comparison of wordings: roots, clauses, and which of some sentences is nearest a place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from assistant.checking.text import stem
from index.english import FUNCTION_WORDS

ROOT = 5  # letters by which forms of a word are told to be one: "reduces", "reduction"
LONGEST = 3000  # characters of a text whose wording is looked at: some rules take the square of its words
WINDOW = 8  # words to either side of a place that say where its like stands in the source

_TOKEN = re.compile(r"[^\W\d_]+n't|[^\W_]+|[,;:()\u2013\u2014]")
_MARKS = frozenset(",;:()\u2013\u2014")
_NOTHING = FUNCTION_WORDS - frozenset("no not nor without above below under within only most more up".split())


stem_of = lru_cache(maxsize=65_536)(stem)


def root(word: str) -> str:
    """The first letters of a lower-case word's stem: the same for its other forms, now and then for another word."""
    return stem_of(word)[:ROOT]


class Word(NamedTuple):
    """A word of a text in lower case, its stem, its root ("" for a function word), where it stands, and the number of
    its clause."""

    text: str
    stem: str
    root: str
    start: int
    clause: int


@lru_cache(maxsize=65_536)
def _forms(word: str) -> tuple[str, str, str]:
    """A word in lower case, its stem, and its root ("" for a function word)."""
    lower = word.lower()
    return lower, stem_of(lower), "" if lower in _NOTHING else root(lower)


@dataclass(frozen=True)
class Words:
    """The words of a clean text, in order."""

    text: str
    all: tuple[Word, ...]

    @cached_property
    def roots(self) -> frozenset[str]:
        """The roots of the content words."""
        return frozenset(word.root for word in self.all if word.root)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all words."""
        return frozenset(word.stem for word in self.all)

    @cached_property
    def forms(self) -> frozenset[str]:
        """The words as written, in lower case."""
        return frozenset(word.text for word in self.all)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Where each root stands: indexes of `all`."""
        found: dict[str, list[int]] = {}
        for place, word in enumerate(self.all):
            if word.root:
                found.setdefault(word.root, []).append(place)
        return found

    def around(self, place: int, reach: int = WINDOW) -> set[str]:
        """The roots of the content words near a place, without the one that stands there."""
        near = (*self.all[max(0, place - reach) : place], *self.all[place + 1 : place + 1 + reach])
        return {word.root for word in near if word.root}

    def after(self, place: int, number: int, reach: int = 6) -> list[Word]:
        """The next content words after a place, in its clause."""
        clause = self.all[place].clause
        following = self.all[place + 1 : place + 1 + reach]
        return [word for word in following if word.root and word.clause == clause][:number]

    def quoted(self, place: int, until: Sequence[Word]) -> str:
        """The text from a place to the last of some words after it."""
        last = until[-1] if until else self.all[place]
        return self.text[self.all[place].start : last.start + len(last.text)]


@lru_cache(maxsize=32_768)
def words_of(text: str) -> Words:
    """The words of a clean text."""
    found: list[Word] = []
    clause = 0
    for match in _TOKEN.finditer(text[:LONGEST]):
        written = match[0]
        if written in _MARKS:
            clause += 1
        else:
            found.append(Word(*_forms(written), match.start(), clause))
    return Words(text, tuple(found))


def aligned(words: Words, place: int, sources: Sequence[Words]) -> Words | None:
    """The source that shares most content words with what stands around a place; None if none shares any."""
    near = words.around(place)
    shared = [len(near & source.roots) for source in sources]
    best = max(shared, default=0)
    return sources[shared.index(best)] if best else None
