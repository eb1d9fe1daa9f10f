"""Citation markers: read in whatever shape models write them, written in one canonical form, `[1.4]` (sentence 4 of
paper 1).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant.addressed import ADDRESSED, is_addressed
from assistant.documents import Check, Citation, Claim, LabelledPaper
from index.paper import Paper
from index.sentences import Sentence, split_sentences

# Before a sentence number a label may have four digits (a week of 1,000 papers); alone they would be a year.
_NUMBER = r"(?:[1-9]\d{3}\.[1-9]\d{0,2}|[1-9]\d{0,2}(?:\.[1-9]\d{0,2})?)"
_JOIN = r"\s*(?:[,;，；、&/–—-]|and|to)\s*"
_WORD = r"(?:(?:papers?|refs?\.?|sources?|cite:?|§|\#)\s*|(?:sentences?|sents?\.?)\s*(?=\d+\.))?"
_MARKER = re.compile(
    rf"""[\[【［〔]\s*
         {_WORD}
         (?P<body>\^?{_NUMBER}(?:{_JOIN}{_WORD}{_NUMBER})*)
         (?:†[^\]】]*)?
         \s*[\]】］〕]""",
    re.VERBOSE | re.IGNORECASE,
)
_RANGE = re.compile(rf"({_NUMBER})\s*(?:[–—-]|to)\s*({_NUMBER})")
MAX_RANGE = 30


@dataclass(frozen=True)
class Marker:
    """A marker in a text: its place (`text[start:end]`) and its citations."""

    start: int
    end: int
    citations: tuple[Citation, ...]


def _citation(number: str) -> Citation:
    label, _, sentence = number.partition(".")
    return Citation(int(label), int(sentence) if sentence else None)


def _expand(first: str, last: str) -> list[Citation]:
    """`1.4-1.6` and `1.4-6` as sentences, `2-4` as papers; only its two ends if the range makes no sense."""
    (paper, _, begin), (same, _, end) = first.partition("."), last.partition(".")
    if begin and not end:  # "1.4-6"
        same, end = paper, same
    if begin and paper == same and 0 < int(end) - int(begin) <= MAX_RANGE:
        return [Citation(int(paper), n) for n in range(int(begin), int(end) + 1)]
    if not begin and not end and 0 < int(same) - int(paper) <= MAX_RANGE:
        return [Citation(n) for n in range(int(paper), int(same) + 1)]
    return [_citation(first), _citation(last)]


def find_markers(text: str) -> list[Marker]:
    """All citation markers in a text, in order: `[1]`, `[1.4]`, `[1.4, 2.1]`, `[1.4-1.6]`, `[1.4; 2.1]`,
    full-width brackets. `[1.4][2.1]` is two markers."""
    markers = []
    for found in _MARKER.finditer(text):
        body = found["body"].lstrip("^")
        citations: list[Citation] = []
        position = 0
        for span in _RANGE.finditer(body):
            citations += [_citation(n) for n in re.findall(_NUMBER, body[position : span.start()])]
            citations += _expand(span[1], span[2])
            position = span.end()
        citations += [_citation(n) for n in re.findall(_NUMBER, body[position:])]
        markers.append(Marker(found.start(), found.end(), tuple(dict.fromkeys(citations))))
    return markers


def citations_in(text: str) -> tuple[Citation, ...]:
    """The citations of a text in the order of their first appearance."""
    return tuple(dict.fromkeys(c for marker in find_markers(text) for c in marker.citations))


def marker(citations: Iterable[Citation]) -> str:
    """The canonical marker of some citations: `[1.4, 2.1]`."""
    return "[" + ", ".join(f"{c.label}.{c.sentence}" if c.sentence else str(c.label) for c in citations) + "]"


def replace_markers(text: str, write: Callable[[Marker], str]) -> str:
    """The text with every marker replaced by what `write` returns; if that is empty, the space before it goes too."""
    pieces: list[str] = []
    position = 0
    for found in find_markers(text):
        new = write(found)
        before = text[position : found.start]
        pieces += [before if new else before.rstrip(" "), new]
        position = found.end
    return "".join([*pieces, text[position:]])


def without_markers(text: str) -> str:
    """The text without its markers."""
    return replace_markers(text, lambda _: "")


_BULLET = re.compile(r"^(\s*(?:[-*+•]|\d{1,2}[.)])\s+|\s*#{1,6}\s+|\s*>\s?)")
_TRAILING_MARKERS = re.compile(rf"\s*(?:{_MARKER.pattern}\s*[.,;:]?\s*)+", re.VERBOSE | re.IGNORECASE)


def split_written(text: str) -> list[str]:
    """The sentences of a Markdown text, each with the markers that follow it, also after the full stop. Headings and
    list items are separate pieces, without their marks."""
    pieces: list[str] = []
    for line in text.splitlines():
        line = _BULLET.sub("", line).strip()
        for sentence in split_sentences(line) if line else ():
            leading = _TRAILING_MARKERS.match(sentence.text)
            piece = sentence.text
            if leading and pieces and sentence.number > 1:
                pieces[-1] = f"{pieces[-1]} {leading[0].strip()}"
                piece = piece[leading.end() :].strip()
            if piece:
                pieces.append(piece)
    return pieces


THE_SENTENCE_ITSELF = "the sentence itself"


def quoted(label: int, sentence: Sentence) -> Claim:
    """A sentence of a paper as a claim: verbatim, in quotes, citing itself. An order or an advertisement is labelled
    as addressed to the reader and has nothing to check."""
    citation = Citation(label, sentence.number)
    said = f"“{sentence.text}” {marker([citation])}"
    if is_addressed(sentence.text):
        return Claim(f"{said} ({ADDRESSED})", (citation,), Check("nothing_to_check"))
    return Claim(said, (citation,), Check("ok", (THE_SENTENCE_ITSELF,)))


def cited_sentence(citation: Citation, papers: Iterable[LabelledPaper]) -> str | None:
    """The sentence that a citation points to; None if it cites a whole paper or nothing in `papers`."""
    for labelled in papers:
        if labelled.label == citation.label and citation.sentence is not None:
            return next((s.text for s in labelled.paper.sentences if s.number == citation.sentence), None)
    return None


def own_words(papers: Iterable[Paper]) -> str:
    """Whose words quotes from some papers are in, as a lead says it: the papers' own, unless any of them is of the
    bundled sample."""
    ours = {paper.is_sample for paper in papers}
    if True not in ours:
        return "In the papers' own words"
    return (
        "From abstracts, and from descriptions by Daily Papers"
        if False in ours
        else "From descriptions by Daily Papers"
    )
