"""Citations in whatever shape models write them, read by one rule and written in the canonical form, `[1.4]`.

A citation is a wrapper (brackets of any kind, escaped or not, or a small tag) that holds numbers, words like "paper"
and "sentence", and nothing else. Which numbers are labels and which are sentences is decided by the papers sent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from assistant.citations import MAX_RANGE, Marker, find_markers, marker
from assistant.documents import Citation

_PAPER = (
    r"papers?|refs?|references?|sources?|cite|cites|citation|docs?|documents?|abstracts?|articles?|p|quelle|artikel"
    r"|art[ií]culo|document[os]?|papier|статья|论文|文献|資料|논문|출처"
)
_SENTENCE = r"sentences?|sents?|s|lines?|satz|sätze|phrases?|frases?|oraci[oó]n(?:es)?|предложени[ея]|句子?|文|문장"
_LEAD = r"(?:see|cf|from|per|in|source|cited?|siehe|voir|véase|见|参见)[.:]?\s+"
_JOIN = r"\s*(?:[,;，；、&/+–—|.:：-]|\b(?:and|to|of|from|in|und|et|y|bis|von)\b|和|与|の|및)?\s*"
_OPEN, _CLOSE = r"[\[【［〔]", r"[\]】］〕]"
LONGEST = 120  # characters within a wrapper


@cache
def _wrapper() -> re.Pattern[str]:
    inside = rf"[^\[\]【】［］〔〕(){{}}<>（）〈〉\n]{{1,{LONGEST}}}?"
    return re.compile(
        rf"""\\?{_OPEN}{{1,2}}(?P<square>{inside})\\?{_CLOSE}{{1,2}}
        |(?:<(?P<tag>sup|sub|cite|ref|q|source|citation)\b[^<>]{{0,40}}>)
            (?P<tagged>{inside}|\[[\d., ]{{1,40}}\])</(?P=tag)>
        |\\?[({{（〈<‹«](?P<loose>{inside})\\?[)}}）〉>›»]
        |\^(?P<raised>\d{{1,3}}\.\d{{1,3}}(?:,\s?\d{{1,3}}\.\d{{1,3}})*)\^""",
        re.VERBOSE | re.IGNORECASE,
    )


@cache
def _item() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<join>{_JOIN})(?:(?P<paper>{_PAPER})|(?P<sentence>{_SENTENCE}))?[\s.:#№§_-]*"
        r"(?P<label>[1-9]\d{0,3})(?:[.:·．](?P<number>[1-9]\d{0,2}))?(?![\d%])",
        re.IGNORECASE,
    )


_STOPS = re.compile(r"\s*(?:[.,;:!?)。，]|$|\n|[\[(【\\])")
_ENDING = re.compile(r"\s*(?:†.*|\^)?\s*$")


@dataclass(frozen=True)
class Canonical:
    """A text with canonical markers; the labels it cites that no paper has; the markers, as they now stand, that could
    have been read in another way."""

    text: str
    unknown: tuple[int, ...] = ()
    ambiguous: frozenset[str] = frozenset()


@dataclass
class _Read:
    """What a wrapper holds: its citations in order, and whether they could be read in another way."""

    citations: list[Citation]
    ambiguous: bool = False
    worded: bool = False  # it says "paper" or "sentence"


def _read(body: str, papers: Mapping[int, int]) -> _Read | None:
    """The citations in a wrapper; None if it holds anything else."""
    body = body.strip().lstrip("^")
    body = re.sub(rf"^{_LEAD}", "", body, flags=re.IGNORECASE)
    read = _Read([])
    label: int | None = None
    waiting: list[int] = []  # sentences whose paper comes after them
    counting = False  # bare numbers are sentences: "sentences 2 and 3"
    position = 0
    while not _ENDING.match(body, position):
        found = _item().match(body, position)
        if found is None or (position and not found["join"] and not (found["paper"] or found["sentence"])):
            return None
        position = found.end()
        first, second = int(found["label"]), int(found["number"] or 0)
        ranged = found["join"].strip() in ("-", "–", "—", "to", "bis")
        read.worded |= bool(found["paper"] or found["sentence"])
        if second:
            label, counting = first, bool(found["sentence"])
            new = Citation(first, second)
            _drop_whole(read.citations, first)
            if ranged and read.citations:
                _fill(read.citations, new)
            read.citations.append(new)
        elif found["sentence"] or (counting and not found["paper"]):
            counting = True
            if label is None:
                waiting.append(first)
                continue
            _drop_whole(read.citations, label)
            if ranged and read.citations:
                _fill(read.citations, Citation(label, first))
            read.citations.append(Citation(label, first))
        elif found["paper"] and waiting:
            read.citations += [Citation(first, number) for number in waiting]
            label, waiting, counting = first, [], False
        elif not found["paper"] and _continues(read.citations, first, papers):
            assert label is not None
            read.ambiguous |= not ranged and first in papers
            if ranged:
                _fill(read.citations, Citation(label, first))
            read.citations.append(Citation(label, first))
        elif first > 999:  # a year
            return None
        else:
            label = first
            if ranged and read.citations:
                _fill(read.citations, Citation(first))
            read.citations.append(Citation(first))
    if waiting or not read.citations:
        return None
    read.citations = list(dict.fromkeys(read.citations))
    return read


def _continues(citations: list[Citation], number: int, papers: Mapping[int, int]) -> bool:
    """Whether a bare number after `1.2` is a further sentence of paper 1, which has one of that number."""
    last = citations[-1] if citations else None
    return last is not None and last.sentence is not None and number <= papers.get(int(last.label), 0)


def _drop_whole(citations: list[Citation], label: int) -> None:
    """Drop a paper named just before one of its sentences: "paper 1, sentence 2"."""
    if citations and citations[-1] == Citation(label):
        citations.pop()


def _fill(citations: list[Citation], end: Citation) -> None:
    """Add what lies between the last citation and the end of a range, if the range makes sense."""
    begin = citations[-1]
    if begin.sentence and end.sentence and begin.label == end.label:
        if 0 < end.sentence - begin.sentence <= MAX_RANGE:
            citations += [Citation(end.label, n) for n in range(begin.sentence + 1, end.sentence)]
    elif not begin.sentence and not end.sentence and 0 < int(end.label) - int(begin.label) <= MAX_RANGE:
        citations += [Citation(n) for n in range(int(begin.label) + 1, int(end.label))]


@dataclass(frozen=True)
class WrittenMarker(Marker):
    """A citation in whatever shape, its place, and whether it could have been read in another way."""

    ambiguous: bool = False


def written_markers(text: str, papers: Mapping[int, int]) -> list[WrittenMarker]:
    """The citations in a text in order, also those of papers that are not in `papers`.

    `papers`: the number of sentences of each paper, by label. Square brackets may hold labels alone, `[1]`; other
    wrappers count only where they name a sentence that exists and say "sentence" or "paper", or close a clause of a
    text that has no citation in square brackets: "(1.2)" may be a figure.
    """
    found = [(match, _read(_body(match), papers)) for match in _wrapper().finditer(text)]
    squared = any(read and match["square"] for match, read in found)
    return [
        WrittenMarker(match.start(), match.end(), tuple(read.citations), read.ambiguous)
        for match, read in found
        if read is not None and (match["square"] or _is_meant(match, read, papers, text, squared))
    ]


def all_markers(text: str, papers: Mapping[int, int]) -> list[WrittenMarker]:
    """The canonical markers of a text that somebody else wrote, whatever they cite, and between them the citations in
    other shapes that cite nothing but `papers`: in a draft, "[p. 3]" may be a page."""
    found = {each.start: WrittenMarker(each.start, each.end, each.citations) for each in find_markers(text)}
    for written in written_markers(text, papers) if papers else ():
        same = found.get(written.start)
        if all(c.label in papers for c in written.citations) and (same is None or same.citations != written.citations):
            if same is not None or not any(a.start < written.end and written.start < a.end for a in found.values()):
                found[written.start] = written
        elif same is not None and written.ambiguous:
            found[written.start] = written
    return [found[start] for start in sorted(found)]


def canonical_markers(text: str, papers: Mapping[int, int]) -> Canonical:
    """The text with its markers (`written_markers`) in canonical form and without citations of papers that were not
    sent."""
    pieces: list[str] = []
    unknown: dict[int, None] = {}
    ambiguous: set[str] = set()
    position = 0
    for found in written_markers(text, papers):
        known = [c for c in found.citations if c.label in papers]
        unknown.update((int(c.label), None) for c in found.citations if c.label not in papers)
        new = marker(known) if known else ""
        before = text[position : found.start]
        pieces += [before if new else before.rstrip(" "), new]
        position = found.end
        if new and found.ambiguous:
            ambiguous.add(new)
    return Canonical("".join([*pieces, text[position:]]), tuple(unknown), frozenset(ambiguous))


def _body(match: re.Match[str]) -> str:
    body = match["square"] or match["tagged"] or match["loose"] or match["raised"]
    return body.strip("[]")


def _is_meant(match: re.Match[str], read: _Read, papers: Mapping[int, int], text: str, squared: bool) -> bool:
    """Whether a wrapper that is not in square brackets is a citation."""
    if not all(c.sentence and c.sentence <= papers.get(int(c.label), 0) for c in read.citations):
        return False
    return read.worded or match["loose"] is None or (not squared and _STOPS.match(text, match.end()) is not None)
