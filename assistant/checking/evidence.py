"""What a clause is checked against: the sentences it cites, and the papers they are from.

Each paper is parsed once and cached: its title and sentences, with the figures and words of each, and its names.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from assistant.addressed import is_addressed
from assistant.checking.names import KnownNames
from assistant.checking.quantities import Quantity, names_with_digits, quantities
from assistant.checking.record import Date, dates
from assistant.checking.text import clean, content_words
from assistant.documents import Citation, Flag, Hint, Label
from index.paper import Paper
from index.safety.inert import inert
from index.sentences import Sentence


@dataclass(frozen=True)
class Statement:
    """A sentence of an abstract, as displayed (`shown`) and normalised (`text`); the title is number 0."""

    number: int
    shown: str

    @cached_property
    def text(self) -> str:
        """The sentence as `clean` normalises it."""
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
        """The stems of the content words of the sentence."""
        return frozenset(content_words(self.text))

    @cached_property
    def digits(self) -> frozenset[str]:
        """The numbers inside the sentence's names: `2.5` and `7B` of `Qwen2.5-7B`."""
        return frozenset(n for name in names_with_digits(self.text) for n in re.findall(r"\d+(?:\.\d+)?[KMBT]?", name))


def most_similar(words: Iterable[str], statements: Sequence[Statement]) -> str | None:
    """The statement with most of the words, as displayed; rare words count more. None if no statement has any."""
    holders = {word: held for word in set(words) if (held := [s for s in statements if word in s.words])}
    scores = {s: sum(1 / len(held) for held in holders.values() if s in held) / len(s.words) ** 0.5
              for held in holders.values() for s in held}  # fmt: skip
    return max(scores, key=lambda s: (scores[s], -s.number)).shown if scores else None


@dataclass(frozen=True, eq=False)  # there is one a paper: hashing all of its text would cost more than the look-ups
class Evidence:
    """A parsed paper: its title, its sentences, and the names of its authors and organisation."""

    title: Statement
    sentences: tuple[Statement, ...]
    people: str

    @cached_property
    def names(self) -> KnownNames:
        """Every name in the title, the abstract, the authors and the organisation, except in orders and
        advertisements."""
        own = (s.text for s in self.sentences if not is_addressed(s.shown))
        return KnownNames([self.title.text, *own, clean(self.people)])

    def sentence(self, number: int) -> Statement | None:
        """The sentence with that number, from 1; None if there is none."""
        return self.sentences[number - 1] if 0 < number <= len(self.sentences) else None


@lru_cache(maxsize=4096)
def _parsed(title: str, sentences: tuple[Sentence, ...], people: str) -> Evidence:
    return Evidence(Statement(0, inert(title)), tuple(Statement(s.number, s.text) for s in sentences), people)


def evidence_of(paper: Paper) -> Evidence:
    """The parsed paper, from a cache."""
    people = " ; ".join((*paper.authors, paper.organization or ""))
    return _parsed(paper.shown_title, paper.sentences, people)


@dataclass
class Findings:
    """What was found for a sentence so far, in order, the flags and the hints."""

    found: dict[str, None] = field(default_factory=dict)
    flags: list[Flag] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)

    def add(self, token: str) -> None:
        """Note that a token was found."""
        self.found.setdefault(token)


@dataclass(frozen=True)
class CitedScope:
    """The papers a clause cites and the statements it cites in them. `precise`: it cites single sentences, so a figure
    elsewhere in the abstract does not count."""

    papers: tuple[Paper, ...]
    evidence: tuple[Evidence, ...]
    cited: tuple[Statement, ...]
    precise: bool
    markers: tuple[str, ...]

    @cached_property
    def elsewhere(self) -> tuple[Statement, ...]:
        """The statements of the cited papers that are not cited."""
        return tuple(s for e in self.evidence for s in e.sentences if s not in self.cited)

    @cached_property
    def readable(self) -> tuple[Statement, ...]:
        """The cited statements and the titles, which are what a reader of the citation sees."""
        return (*self.cited, *(e.title for e in self.evidence if e.title not in self.cited))

    @property
    def place(self) -> str:
        """What is cited, in words: "the cited sentence"."""
        many = len(self.cited if self.precise else self.papers) > 1
        return ("the cited sentences" if many else "the cited sentence") if self.precise else (
            "the cited abstracts" if many else "the cited abstract"
        )  # fmt: skip

    def nearest(self, text: str) -> str | None:
        """The sentence of the cited papers, cited or not, that is most similar to a text; None if none is similar."""
        return most_similar(content_words(text), [s for e in self.evidence for s in e.sentences])


def scope_of(citations: Iterable[Citation], cited: Mapping[Label, Paper], findings: Findings) -> CitedScope | None:
    """The scope of the citations; flags those that cannot be resolved. None if none can."""
    papers: dict[str, Paper] = {}
    statements: dict[tuple[str, int], Statement] = {}
    markers: list[str] = []
    precise = True
    for citation in citations:
        marker = f"[{citation.label}{f'.{citation.sentence}' if citation.sentence else ''}]"
        paper = _paper(citation.label, cited)
        if paper is None:
            findings.flags.append(Flag("citation", marker, f"{marker} does not match any of the papers"))
            continue
        evidence = evidence_of(paper)
        if citation.sentence is None:
            precise = False
            statements.update({(paper.id, s.number): s for s in (*evidence.sentences, evidence.title)})
        elif (statement := evidence.sentence(citation.sentence)) is not None:
            statements[paper.id, statement.number] = statement
        else:
            count = len(evidence.sentences)
            findings.flags.append(
                Flag("citation", marker, f"{marker} does not exist: the abstract has {count} sentences")
            )
            continue
        papers[paper.id] = paper
        markers.append(marker)
    if not papers:
        return None
    known = tuple(papers.values())
    return CitedScope(known, tuple(map(evidence_of, known)), tuple(statements.values()), precise, tuple(markers))


def _paper(label: Label, cited: Mapping[Label, Paper]) -> Paper | None:
    found = cited.get(label)
    return found if found is not None else cited.get(str(label))
