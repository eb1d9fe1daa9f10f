"""A model's answer as it grows: citations in one form, sentences checked as they complete.

Nothing of it is shown until it cites a paper: text without a citation is no answer. Makes no call.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.ask.abstention import is_abstention
from assistant.ask.attribution import attributed
from assistant.citations import split_written
from assistant.documents import Check, Claim, Label, LabelledPaper
from assistant.publishing import without_foreign_links
from assistant.written_markers import canonical_markers
from index.paper import Paper
from index.safety.inert import inert

_NOTHING = re.compile(r"[\s*_`\"'“]*NOT[_ ]IN[_ ]PAPERS[\s*_`\"'”.!:]*")
# A marker, a link, a word or an address that may be incomplete: what follows would change it.
_HALF = re.compile(
    r"\s*!?\[[^\[\]]{0,80}\](?:\([^()\s]{0,300})?$|\s*!?\\?[\[【［〔][^\]】］〕]{0,60}$|\s*!$"
    r"|\s*\((?:paper|sent|see|\d)[^)]{0,40}$|\s*\bNOT(?:_\w*)?$|\s*<?[\w.+:/@-]{1,60}$|<$",
    re.ASCII,
)


@dataclass(frozen=True)
class WrittenAnswer:
    """What a model has written so far: the text with canonical markers, the checked sentences, cited labels that no
    paper has, links that were removed, and whether the model says that the papers hold no answer."""

    text: str = ""
    claims: tuple[Claim, ...] = ()
    unknown: tuple[int, ...] = ()
    links: tuple[str, ...] = ()
    nothing: bool = False

    @property
    def labels(self) -> frozenset[Label]:
        """The labels of the cited papers."""
        return frozenset(citation.label for claim in self.claims for citation in claim.citations)

    @property
    def stands(self) -> bool:
        """Whether at least as many sentences stand as are flagged or cite nothing."""
        bad = sum(claim.check.verdict in ("look", "uncited") for claim in self.claims)
        good = sum(claim.check.verdict not in ("look", "uncited") and bool(claim.citations) for claim in self.claims)
        return good >= bad


class AnswerReader:
    """Takes a model's words and gives back the part that may be shown."""

    def __init__(self, papers: Sequence[LabelledPaper]) -> None:
        self._papers: dict[Label, Paper] = {p.label: p.paper for p in papers}
        self._sentences = {p.label: len(p.paper.sentences) for p in papers}
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
        read = canonical_markers(raw, self._sentences)
        text, links = without_foreign_links(read.text, self._others)
        text = inert(text).strip()
        pieces = split_written(text)
        claims: list[Claim] = []
        for piece in pieces if ended else pieces[:-1]:
            claim = self._check(piece, read.ambiguous)
            if claim.attributed:
                text = text.replace(piece, claim.text, 1)
            claims.append(claim)
        written = WrittenAnswer(text, tuple(claims), read.unknown, links)
        if ended and (_NOTHING.match(self._raw) or is_abstention(text, written.claims)):
            return WrittenAnswer(unknown=read.unknown, links=links, nothing=True)
        return written if written.labels else WrittenAnswer(unknown=read.unknown, links=links)

    def _check(self, sentence: str, ambiguous: frozenset[str]) -> Claim:
        from assistant.checking import check_claim

        if sentence not in self._checked:
            claim = check_claim(sentence, self._papers, self._others)
            if claim.check.verdict == "uncited":
                claim = attributed(claim, self._papers) or claim
            elif claim.check.verdict == "ok" and any(marker in sentence for marker in ambiguous):
                claim = replace(claim, check=Check("nothing_to_check"))  # what it cites is not certain: no tick
            self._checked[sentence] = claim
        return self._checked[sentence]
