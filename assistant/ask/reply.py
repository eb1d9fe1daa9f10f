"""A model's answer as it grows: citations in one form, sentences checked as they complete.

Nothing of it is shown until it cites a paper: text without a citation is no answer. Makes no call.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.citations import canonical_markers, split_written
from assistant.documents import Claim, Label, LabelledPaper
from index.paper import Paper
from index.safety.inert import inert

_NOTHING = re.compile(r"[\s*_`\"'“]*NOT[_ ]IN[_ ]PAPERS[\s*_`\"'”.!:]*")
# A marker, a word or an address that may be incomplete: what follows would change it.
_HALF = re.compile(r"\s*[\[【［〔][^\]】］〕]{0,60}$|\s*\bNOT(?:_\w*)?$|\s*<?[\w.+:/@-]{1,60}$|<$", re.ASCII)


@dataclass(frozen=True)
class WrittenAnswer:
    """What a model has written so far: the text with canonical markers, the checked sentences, cited labels that no
    paper has, and whether the model says that the papers hold no answer."""

    text: str = ""
    claims: tuple[Claim, ...] = ()
    unknown: tuple[int, ...] = ()
    nothing: bool = False

    @property
    def labels(self) -> frozenset[Label]:
        """The labels of the cited papers."""
        return frozenset(citation.label for claim in self.claims for citation in claim.citations)


class AnswerReader:
    """Takes a model's words and gives back the part that may be shown."""

    def __init__(self, papers: Sequence[LabelledPaper]) -> None:
        self._papers: dict[Label, Paper] = {p.label: p.paper for p in papers}
        self._labels = frozenset(p.label for p in papers)
        self._others = tuple(self._papers.values())
        self._checked: dict[str, Claim] = {}
        self._raw = ""

    def __bool__(self) -> bool:
        return bool(self._raw)

    def add(self, words: str) -> None:
        """Adds more words."""
        self._raw += words

    def retract(self) -> None:
        """Drops what was added so far: it was not the answer."""
        self._raw = ""

    def so_far(self, ended: bool = False) -> WrittenAnswer:
        """What may be shown, made inert. Before the end, the last sentence is not checked yet, and a marker, word or
        address that may be incomplete is held back."""
        raw = _NOTHING.sub(" ", self._raw)
        if not ended:
            raw = _HALF.sub("", raw)
        text, unknown = canonical_markers(inert(raw), self._labels)
        text = text.strip()
        pieces = split_written(text)
        claims = tuple(self._check(piece) for piece in (pieces if ended else pieces[:-1]))
        written = WrittenAnswer(text, claims, unknown)
        return (
            written if written.labels else WrittenAnswer(unknown=unknown, nothing=_NOTHING.match(self._raw) is not None)
        )

    def _check(self, sentence: str) -> Claim:
        from assistant.checking import check_claim

        if sentence not in self._checked:
            self._checked[sentence] = check_claim(sentence, self._papers, self._others)
        return self._checked[sentence]
