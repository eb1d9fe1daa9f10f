"""The comparison as a model writes it: what is asked for, and what of the reply may stand.

The reply is validated item by item: a cell stands when it is short, cites sentences of its own paper and passes
the check; where one does not, the paper's own sentence stands in quotes. A summary sentence that fails is left
out. Knows nothing of how the call is made.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from assistant.addressed import is_addressed
from assistant.checking import check_claim, is_borne_out
from assistant.citations import canonical_markers, citations_in, quoted, without_markers
from assistant.compare.quotes import ASPECTS, RECORD_ASPECT, record_row, sentences_by_aspect, with_notes
from assistant.documents import Claim, Label, LabelledPaper, Row
from index.ids import normalise_title
from index.paper import Paper
from index.safety.inert import inert
from index.sentences import Sentence

MAX_CELL, MAX_SUMMARY = 300, 500  # characters
MAX_SENTENCES, MAX_EXTRA_ROWS, MAX_ASPECT_WORDS = 5, 3, 6

_URL = re.compile(r"https?://[^\s)\]>\"']+|\bwww\.[^\s)\]>\"']+", re.IGNORECASE)
_NOTHING = re.compile(
    r"[-–—]+|(?:the abstract does |it is |is )?(?:not?|nothing|none|n/?a|unknown|unspecified)"
    r"(?:(?:\s\w+){0,2}\s(?:stated?|mention(?:ed)?|specif(?:y|ied)|report(?:ed)?|given|discuss(?:ed)?|provided?)"
    r"(?:\s(?:it|this|any|in|by)\b.{0,30})?)?[\s.]*",
    re.IGNORECASE,
)
_OF_SEVERAL = re.compile(
    r"\b(?:both|whereas|neither|each|unlike|the two|in contrast|while|respectively|the other|shared?|common)\b",
    re.IGNORECASE,
)
_RECORD = {normalise_title(RECORD_ASPECT), "date", "authors", "people", "published"}


class WrittenCell(BaseModel):
    """A cell: which paper it is about, and what its abstract states."""

    paper: int = Field(description="number of the paper")
    text: str = Field(min_length=1, description="at most 25 words, ending with the sentences it rests on: [1.4]")


class WrittenRow(BaseModel):
    """A row: an aspect and the cells of the papers that state something on it."""

    aspect: str = Field(min_length=1, max_length=60)
    cells: list[WrittenCell]


class WrittenComparison(BaseModel):
    """The whole reply."""

    rows: list[WrittenRow]
    summary: list[str] = Field(description="three to five sentences, each with its citations")


def schema() -> dict[str, Any]:
    """The JSON schema of the reply that is asked for."""
    return WrittenComparison.model_json_schema()


def read_rows(data: object) -> list[tuple[str, dict[int, str]]]:
    """The rows of a reply as far as they are whole: aspect, and text by paper number (the first one counts).
    Cells and rows that are not of the shape asked for are passed over, and cells that say "not stated"."""
    rows = []
    for row in _list(data, "rows"):
        aspect = row.get("aspect") if isinstance(row, dict) else None
        if not isinstance(aspect, str) or not aspect.strip():
            continue
        cells: dict[int, str] = {}
        for item in _list(row, "cells"):
            try:
                cell = WrittenCell.model_validate(item)
            except ValidationError:
                continue
            if not _NOTHING.fullmatch(without_markers(cell.text).strip()):
                cells.setdefault(cell.paper, " ".join(cell.text.split()))
        rows.append((" ".join(inert(aspect).split()), cells))
    return rows


def _list(data: object, key: str) -> list[Any]:
    found = data.get(key) if isinstance(data, dict) else None
    return found if isinstance(found, list) else []


@dataclass(frozen=True)
class Kept:
    """What came of a reply: the rows and the summary, and how much of it could not stand."""

    rows: tuple[Row, ...]
    summary: tuple[Claim, ...]
    written: int  # cells and sentences of the model that stand
    replaced: int  # cells that did not pass
    left_out: int  # summary sentences that did not pass
    missing: bool  # the reply held no table or no summary


def keep(data: object, papers: Sequence[LabelledPaper]) -> Kept:
    """Of a reply's data what may be published; the rest of the table in the papers' own sentences."""
    fixed = {normalise_title(aspect): aspect for aspect in ASPECTS}
    asked: dict[str, dict[int, str]] = {}
    for aspect, texts in read_rows(data):
        asked.setdefault(fixed.get(normalise_title(aspect), aspect), texts)
    extra = [aspect for aspect in asked if aspect not in ASPECTS and _names_a_row(aspect, papers)]
    aspects = [*ASPECTS, *extra[:MAX_EXTRA_ROWS]]
    columns = []
    for p in papers:
        texts_of_it = {a: asked[a][p.label] for a in aspects if p.label in asked.get(a, {})}
        columns.append(_column(p, aspects, texts_of_it, papers))
    rows = []
    for aspect in aspects:
        cells = tuple(column.cells.get(aspect) for column in columns)
        if any(cells) and (aspect in ASPECTS or any(aspect in column.written for column in columns)):
            rows.append(Row(aspect, cells))
    sentences = [s for s in _list(data, "summary") if isinstance(s, str) and s.strip()]
    passed = [claim for text in sentences if (claim := _summary_sentence(text, papers))]
    summary = tuple(passed[:MAX_SENTENCES])
    return Kept(
        rows=with_notes((*rows, *record_row(papers)), papers),
        summary=summary,
        written=sum(len(column.written) for column in columns) + len(summary),
        replaced=sum(column.failed for column in columns),
        left_out=len(sentences) - len(passed),
        missing=not asked or not sentences,
    )


@dataclass(frozen=True)
class _Column:
    """A paper's cells by aspect, which of them the model wrote, and how many of its cells did not pass."""

    cells: Mapping[str, Claim]
    written: frozenset[str]
    failed: int


def _column(
    labelled: LabelledPaper, aspects: Sequence[str], texts: Mapping[str, str], papers: Sequence[LabelledPaper]
) -> _Column:
    """The written cells that stand; for one that does not, the paper's own sentence on that aspect, else the one
    that the cell cites; for one that is lacking, the own sentence unless the model told it in another fixed row."""
    written = {a: claim for a, text in texts.items() if (claim := _standing(text, labelled.label, papers))}
    told = {c.sentence for aspect, claim in written.items() if aspect in ASPECTS for c in claim.citations}
    own = sentences_by_aspect(labelled.paper, [p.paper for p in papers if p is not labelled])
    cells = dict(written)
    used: set[int] = set()
    for aspect in aspects:
        if aspect in written:
            continue
        candidates = [own.get(aspect)]
        if aspect in texts:
            candidates += _cited_sentences(texts[aspect], labelled)
        elif candidates[0] and candidates[0].number in told:
            continue
        sentence = next((s for s in candidates if s and s.number not in used), None)
        if sentence:
            used.add(sentence.number)
            cells[aspect] = quoted(labelled.label, sentence)
    return _Column(cells, frozenset(written), len(texts) - len(written))


def _cited_sentences(text: str, labelled: LabelledPaper) -> list[Sentence]:
    """The sentences of one paper that a text cites."""
    numbers = [c.sentence for c in citations_in(text) if c.label == labelled.label]
    return [s for n in numbers for s in labelled.paper.sentences if s.number == n and not is_addressed(s.text)]


def _standing(text: str, label: int, papers: Sequence[LabelledPaper]) -> Claim | None:
    """A cell as a checked claim; None where it is long, does not cite sentences of its own paper and of it
    alone, or says what they do not."""
    claim = _checked(text, papers)
    if claim is None or len(text) > MAX_CELL or any(c.label != label or not c.sentence for c in claim.citations):
        return None
    return claim


def _checked(text: str, papers: Sequence[LabelledPaper]) -> Claim | None:
    """A text as a claim that passed the check; None where it cites nothing, cites what there is not, links to
    what no abstract links to, or says what the cited sentences do not."""
    text = " ".join(text.split())
    by_label: dict[Label, Paper] = {p.label: p.paper for p in papers}
    canonical, unknown = canonical_markers(inert(text), [p.label for p in papers])
    cited = citations_in(canonical)
    if not cited or unknown or any((c.sentence or 0) > len(by_label[c.label].sentences) for c in cited):
        return None
    if any(
        not any(url.rstrip(".,;") in f"{paper.abstract} {paper.shown_abstract}" for paper in by_label.values())
        for url in _URL.findall(text)
    ):
        return None
    claim = check_claim(canonical, by_label, tuple(by_label.values()))
    return claim if claim.check.verdict in ("ok", "nothing_to_check") else None


def _names_a_row(aspect: str, papers: Sequence[LabelledPaper]) -> bool:
    """Whether a model's words may head a row: a few, and nothing that the papers do not say together."""
    if len(aspect.split()) > MAX_ASPECT_WORDS or citations_in(aspect) or normalise_title(aspect) in _RECORD:
        return False
    return not _URL.search(aspect) and is_borne_out(aspect, {p.label: p.paper for p in papers})


def _summary_sentence(text: str, papers: Sequence[LabelledPaper]) -> Claim | None:
    """A summary sentence as a checked claim; None where it does not pass, cites whole papers only, or speaks of
    a paper that it does not cite."""
    claim = _checked(text, papers)
    if claim is None or len(text) > MAX_SUMMARY or not any(c.sentence for c in claim.citations):
        return None
    cited = {c.label for c in claim.citations}
    words = without_markers(claim.text)
    of_several = _OF_SEVERAL.search(words) is not None
    spoken_of = {p.label for p in papers if of_several or _names(words, p.paper)}
    return claim if spoken_of <= cited else None


def _names(text: str, paper: Paper) -> bool:
    name = paper.short_name
    return name is not None and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE) is not None
