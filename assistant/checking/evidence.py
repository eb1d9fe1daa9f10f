"""A paper parsed for checking: its title and sentences, each with its figures and words, and the names it knows.

Parsed once per text and kept.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from assistant.addressed import is_addressed
from assistant.checking.names import KnownNames
from assistant.checking.quantities import Quantity, names_with_digits, quantities
from assistant.checking.record import Date, dates
from assistant.checking.text import clean, content_words
from index.paper import Paper
from index.safety.inert import inert
from index.sentences import Sentence


@dataclass(frozen=True)
class Statement:
    """A sentence of an abstract as written (`shown`) and in plain shape (`text`); the title is number 0."""

    number: int
    shown: str

    @cached_property
    def text(self) -> str:
        """The sentence without LaTeX and typographic variety."""
        return clean(self.shown)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """The figures of the sentence."""
        return quantities(self.text)

    @cached_property
    def dates(self) -> tuple[Date, ...]:
        """The dates of the sentence."""
        return dates(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """The stems of the words that carry the sentence's meaning."""
        return frozenset(content_words(self.text))

    @cached_property
    def digits(self) -> frozenset[str]:
        """The numbers inside the sentence's names: `2.5` and `7B` of `Qwen2.5-7B`."""
        return frozenset(n for name in names_with_digits(self.text) for n in re.findall(r"\d+(?:\.\d+)?[KMBT]?", name))


def most_similar(words: Iterable[str], statements: Sequence[Statement]) -> str | None:
    """The statement that says most of the words, rare ones before common ones, as its source writes it; None where
    none says any."""
    holders = {word: held for word in set(words) if (held := [s for s in statements if word in s.words])}
    scores = {s: sum(1 / len(held) for held in holders.values() if s in held) / len(s.words) ** 0.5
              for held in holders.values() for s in held}  # fmt: skip
    return max(scores, key=lambda s: (scores[s], -s.number)).shown if scores else None


@dataclass(frozen=True)
class Evidence:
    """What a paper says, ready to be looked up in."""

    title: Statement
    sentences: tuple[Statement, ...]
    people: str

    @cached_property
    def names(self) -> KnownNames:
        """Every name in the title, the abstract, the authors and the organisation; what an order or an advertisement
        names is none of the paper's."""
        told = (s.text for s in self.sentences if not is_addressed(s.shown))
        return KnownNames([self.title.text, *told, clean(self.people)])

    def sentence(self, number: int) -> Statement | None:
        """The sentence of that number; None where there is none."""
        return self.sentences[number - 1] if 0 < number <= len(self.sentences) else None


@lru_cache(maxsize=4096)
def _parsed(title: str, sentences: tuple[Sentence, ...], people: str) -> Evidence:
    return Evidence(Statement(0, inert(title)), tuple(Statement(s.number, s.text) for s in sentences), people)


def evidence_of(paper: Paper) -> Evidence:
    """The paper, parsed; the same object as long as its text is the same."""
    people = " ; ".join((*paper.authors, paper.organization or ""))
    return _parsed(paper.shown_title, paper.sentences, people)
