"""What a clause may be checked against: the statements that it cites, and the papers around them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from assistant.checking.evidence import Evidence, Statement, evidence_of, most_similar
from assistant.checking.text import content_words
from assistant.documents import Citation, Flag, Label
from index.paper import Paper


@dataclass
class Findings:
    """What looking up a sentence has shown so far: found things in order, and flags."""

    found: dict[str, None] = field(default_factory=dict)
    flags: list[Flag] = field(default_factory=list)

    def add(self, token: str) -> None:
        """Note that a token was found."""
        self.found.setdefault(token)


@dataclass(frozen=True)
class Scope:
    """The cited papers of a clause and the statements cited in them. `precise`: single sentences are cited, so
    that a figure elsewhere in the abstract does not count."""

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
        """What a reader of the citation sees: the cited statements and the titles."""
        return (*self.cited, *(e.title for e in self.evidence if e.title not in self.cited))

    @property
    def place(self) -> str:
        """The scope in words."""
        many = len(self.cited if self.precise else self.papers) > 1
        return ("the cited sentences" if many else "the cited sentence") if self.precise else (
            "the cited abstracts" if many else "the cited abstract"
        )  # fmt: skip

    def nearest(self, text: str) -> str | None:
        """The sentence of the cited papers, cited or not, that is most similar to a text; None where none is."""
        return most_similar(content_words(text), [s for e in self.evidence for s in e.sentences])


def scope_of(citations: Iterable[Citation], cited: Mapping[Label, Paper], findings: Findings) -> Scope | None:
    """The scope of some citations; what cannot be resolved is flagged. None where nothing can."""
    papers: dict[str, Paper] = {}
    statements: dict[tuple[str, int], Statement] = {}
    markers: list[str] = []
    precise = True
    for citation in citations:
        marker = f"[{citation.label}{f'.{citation.sentence}' if citation.sentence else ''}]"
        paper = _paper(citation.label, cited)
        if paper is None:
            findings.flags.append(Flag("citation", marker, f"{marker} names none of the papers"))
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
                Flag("citation", marker, f"{marker} is not there: the abstract has {count} sentences")
            )
            continue
        papers[paper.id] = paper
        markers.append(marker)
    if not papers:
        return None
    known = tuple(papers.values())
    return Scope(known, tuple(map(evidence_of, known)), tuple(statements.values()), precise, tuple(markers))


def _paper(label: Label, cited: Mapping[Label, Paper]) -> Paper | None:
    found = cited.get(label)
    return found if found is not None else cited.get(str(label))
