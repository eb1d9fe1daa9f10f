r"""Checks any text with citations against a library: a copied or exported answer, or the user's own draft.

Citations are `[1.4]` and `[1]` with a reference list, `[@arxiv:2604.14228]`, a link, an id or an exported BibTeX key
in brackets, `\cite{key}`, or a name or title in brackets, `(FBNetV5)`. Citations that cannot be resolved are listed,
and the rest is checked. Headings, reference lines, the sources' sentences printed below them, and code are not claims.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

from assistant.checking import check_claim
from assistant.checking.candidates import candidates
from assistant.checking.outdated import outdated
from assistant.checking.reading import BRACKETED, PapersByName, ReadText, is_meant, keys, read_text
from assistant.citations import find_markers, marker, replace_markers, split_written
from assistant.documents import Citation, Claim, Flag, Hint, Label, Usage
from assistant.written_markers import all_markers
from index.errors import TooLarge
from index.library import Library
from index.paper import Paper
from index.safety.limits import DRAFT, SENTENCE


@dataclass(frozen=True)
class CheckedText:
    """A checked text: its claims, the cited papers by label, and the citations and references that match no paper
    of the library. `whole`: whether every sentence was checked; `notices` name those that were not. `judged`: whether a
    judge was asked about it, and `usage` what that spent (None if nothing).
    """

    claims: tuple[Claim, ...] = ()
    papers: tuple[tuple[str, Paper], ...] = ()
    unresolved: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    whole: bool = True
    judged: bool = False
    usage: Usage | None = None

    def with_notices(self, notices: tuple[str, ...]) -> "CheckedText":
        """The same with further notices."""
        return replace(self, notices=(*self.notices, *notices))

    def to_dict(self) -> dict[str, Any]:
        """The JSON of `papers check --json`."""
        return {
            "claims": [claim.to_dict() for claim in self.claims],
            "papers": [{"label": label, "paper": paper.to_dict()} for label, paper in self.papers],
            "unresolved": list(self.unresolved),
            "notices": list(self.notices),
            **({"usage": self.usage.to_dict()} if self.usage else {}),
        }


_kept: "WeakKeyDictionary[Library, tuple[int, tuple[Paper, ...], PapersByName]]" = WeakKeyDictionary()


def _papers_of(library: Library) -> tuple[tuple[Paper, ...], PapersByName]:
    """All papers of a library, also by name: the same until the library changes."""
    kept, change = _kept.get(library), library.change()
    if kept is None or kept[0] != change:
        papers = tuple(library.papers())
        kept = _kept[library] = (change, papers, PapersByName(papers))
    return kept[1:]


def check_text(text: str, library: Library) -> CheckedText:
    """Check each sentence of a text against the sentences it cites in the library. Sentences too long to check are
    named in a notice. Raises TooLarge for a text of more than `DRAFT` characters."""
    if len(text) > DRAFT:
        raise TooLarge(f"The text has more than {DRAFT:,} characters: check it in parts.")
    papers, names = _papers_of(library)
    reading = read_text(text, names)
    sentences = (sentence for block in reading.blocks for sentence in split_written(block))
    meant = candidates((sentence for sentence in sentences if len(sentence) <= SENTENCE), library, papers)
    numbers = _NumberedCitations(reading, names)
    claims: list[Claim] = []
    skipped: list[str] = []
    for numbered in (sentence for block in reading.blocks for sentence in split_written(numbers.numbered(block))):
        if len(numbered) <= SENTENCE:
            claims.append(_restored(check_claim(numbered, numbers.papers, meant), numbers))
        else:
            skipped.append(numbers.written(numbered))
    cited = reading.labels | numbers.named
    unresolved = [f"[{label}] {line}" for label, line in reading.missing.items()]
    notices = [
        *outdated(reading.versions, cited),
        *(
            f"Not checked: a sentence of {len(text):,} characters (the limit is {SENTENCE:,}): “{text[:60]}…”"
            for text in skipped
        ),
    ]
    if not claims:
        notices.append("There is no sentence to check in this text.")
    return CheckedText(
        tuple(claims),
        tuple(cited.items()),
        tuple(dict.fromkeys(unresolved + numbers.unresolved)),
        tuple(notices),
        whole=not skipped,
    )


class _NumberedCitations:
    """Turns the citations of a text into numeric markers and back. `papers`: the papers by number in the latest block;
    `originals`: the citations as the text has them, in order; `ambiguous`: those that could be read in another way."""

    def __init__(self, reading: ReadText, names: PapersByName) -> None:
        self._reading = reading
        self._names = names
        self._listed: dict[Label, Paper] = {int(k): p for k, p in reading.labels.items() if k.isdecimal()}
        self._sizes = {int(number): len(paper.sentences) for number, paper in self._listed.items()}
        self._free: list[int] = []
        self.papers: dict[Label, Paper] = dict(self._listed)
        self.named: dict[str, Paper] = {}
        self.labels: dict[int, str] = {}
        self._numbers: dict[str, int] = {}
        self.originals: deque[str] = deque()
        self.ambiguous: set[str] = set()
        self.unresolved: list[str] = []

    def numbered(self, block: str) -> str:
        """The block with every citation as a numeric marker. A marker has at most three digits, so each block numbers
        its citations by name afresh, with numbers that neither the block nor the reference list uses."""
        taken = {str(c.label) for found in find_markers(block) for c in found.citations}
        taken |= self._reading.labels.keys() | self._reading.missing.keys()
        self._free = [n for n in range(1, 1000) if str(n) not in taken]
        self.papers, self.labels, self._numbers = dict(self._listed), {}, {}
        pieces: list[str] = []
        position = 0
        for start, end, citations in sorted([*self._by_number(block), *self._by_name(block)]):
            if start >= position:
                self.originals.append(block[start:end])
                pieces += [block[position:start], marker(citations)]
                position = end
        return "".join([*pieces, block[position:]])

    def _by_number(self, block: str) -> Iterator[tuple[int, int, tuple[Citation, ...]]]:
        for found in all_markers(block, self._sizes):
            yield found.start, found.end, found.citations
            if found.ambiguous:
                self.ambiguous.add(block[found.start : found.end])
            for citation in found.citations:
                label = str(citation.label)
                if label not in self._reading.labels and label not in self._reading.missing:
                    self.unresolved.append(f"[{label}]")

    def _by_name(self, block: str) -> Iterator[tuple[int, int, tuple[Citation, ...]]]:
        for found in BRACKETED.finditer(block):
            if found["square"] and find_markers(found[0]):
                continue
            parts = keys(found)
            papers = [self._reading.labels.get(part.strip().lstrip("@")) or self._names.named(part) for part in parts]
            if not any(papers) and not is_meant(found):
                continue
            if len(parts) > len(self._free):  # no number is left in a block that cites hundreds of papers
                self.unresolved += [part.strip() for part in parts]
            else:
                yield found.start(), found.end(), tuple(map(self._number, parts, papers))

    def _number(self, name: str, paper: Paper | None) -> Citation:
        label = name.strip().lstrip("@")
        number = self._numbers.get(label) or self._free.pop()
        self._numbers[label] = number
        self.labels[number] = label
        if paper is None:
            if label not in self._reading.missing:  # which its line names
                self.unresolved.append(name.strip())
        else:
            self.papers[number] = self.named[label] = paper
        return Citation(number)

    def written(self, text: str) -> str:
        """The next piece of the numbered text with its original citations."""
        return replace_markers(text, lambda _: self.originals.popleft() if self.originals else "")

    def named_as(self, text: str) -> str:
        """A message with the text's own labels for its numbers."""
        return re.sub(r"\[(\d{1,3})\]", lambda found: f"[{self.labels.get(int(found[1]), found[1])}]", text)


def _restored(claim: Claim, numbers: _NumberedCitations) -> Claim:
    """The claim with the text's own citations and labels for its numbers."""
    text = numbers.written(claim.text)
    citations = tuple(replace(c, label=numbers.labels.get(int(c.label), str(c.label))) for c in claim.citations)
    flags = tuple(
        Flag(f.kind, numbers.named_as(f.token), numbers.named_as(f.message), f.nearest) for f in claim.check.flags
    )
    hints = tuple(
        Hint(h.kind, numbers.named_as(h.token), numbers.named_as(h.message), h.nearest) for h in claim.check.hints
    )
    verdict = claim.check.verdict
    if verdict == "ok" and any(original in text for original in numbers.ambiguous):
        verdict = "nothing_to_check"  # what it cites is not certain: no tick
    return Claim(text, citations, replace(claim.check, verdict=verdict, flags=flags, hints=hints))
