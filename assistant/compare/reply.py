"""The comparison as a model writes it: the reply that is asked for, and which parts of it may be published.

The replies, of one call or of several, are validated item by item. A cell is kept if it is short, cites sentences of
its own paper and passes the check; otherwise the paper's own sentence takes its place, in quotes. A summary sentence
that fails is left out. Knows nothing of how the calls are made.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from assistant.addressed import is_addressed
from assistant.checking import is_borne_out
from assistant.citations import citations_in, quoted, without_markers
from assistant.compare import summary
from assistant.compare.figures import remarks_on
from assistant.compare.quotes import ASPECTS, RECORD_ASPECT, record_row, sentences_by_aspect, with_notes
from assistant.compare.rows import is_of_record, own_cell, row_of
from assistant.compare.stated import answers
from assistant.documents import Claim, LabelledPaper, Row
from assistant.llm.shapes import bounded
from assistant.publishing import LINK, cited_sentences, list_in
from index.ids import normalise_title
from index.safety.inert import inert

MAX_CELL = 300  # characters
MAX_EXTRA_ROWS, MAX_ASPECT_WORDS = 3, 6

_NOTHING = re.compile(
    r"[-–—]+|(?:the abstract does |it is |is )?(?:not?|nothing|none|n/?a|unknown|unspecified)"
    r"(?:(?:\s\w+){0,2}\s(?:stated?|mention(?:ed)?|specif(?:y|ied)|report(?:ed)?|given|discuss(?:ed)?|provided?)"
    r"(?:\s(?:it|this|any|in|by)\b.{0,30})?)?[\s.]*",
    re.IGNORECASE,
)
_RECORD = {normalise_title(RECORD_ASPECT), "date", "authors", "people", "published"}


class WrittenCell(BaseModel):
    """A cell: the paper it is about and what the abstract states."""

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


def schema(labels: Collection[int] = (1, 2), rows: Sequence[str] = ()) -> dict[str, Any]:
    """The JSON schema of the reply on the papers with these labels; with `rows`, no others may be written."""
    shape = bounded(WrittenComparison.model_json_schema(), items=14, characters=600, numbers={"paper": labels})
    if rows:
        shape["$defs"]["WrittenRow"]["properties"]["aspect"] = {"type": "string", "enum": list(rows)}
    return shape


def read_rows(data: object) -> list[tuple[str, dict[int, str]]]:
    """The valid rows of a reply: aspect, and text by paper number (the first one counts). Cells and rows of another
    shape are skipped, and so are cells that say "not stated"."""
    rows = []
    for row in list_in(data, "rows"):
        aspect = row.get("aspect") if isinstance(row, dict) else None
        if not isinstance(aspect, str) or not aspect.strip():
            continue
        cells: dict[int, str] = {}
        for item in list_in(row, "cells"):
            try:
                cell = WrittenCell.model_validate(item)
            except ValidationError:
                continue
            if not _NOTHING.fullmatch(without_markers(cell.text).strip()):
                cells.setdefault(cell.paper, " ".join(cell.text.split()))
        rows.append((" ".join(inert(aspect).split()), cells))
    return rows


@dataclass(frozen=True)
class KeptComparison:
    """What became of a reply: the rows and the summary, and how much was rejected."""

    rows: tuple[Row, ...]
    summary: tuple[Claim, ...]
    written: int  # cells and sentences of the model that were kept
    replaced: int  # cells that did not pass
    left_out: int  # summary sentences that did not pass
    missing: bool  # the reply had no table or no summary


@dataclass(frozen=True)
class WrittenPart:
    """What came back of one call: its data (None: nothing), and the papers that it was about."""

    data: object
    papers: tuple[LabelledPaper, ...]


def keep(parts: Sequence[WrittenPart], papers: Sequence[LabelledPaper], rows: Sequence[str] = ()) -> KeptComparison:
    """The parts of some replies that may be published, with the papers' own sentences for the rest of the table.
    `rows`: a person's own, in place of the fixed ones; a row that a model adds stands only where it read all papers."""
    fixed = tuple(rows or ASPECTS)
    asked = _texts_by_row(parts, fixed)
    extra = [a for a in asked if a not in fixed and len(parts) == 1 and not rows and _names_a_row(a, papers)]
    aspects = [*fixed, *extra[:MAX_EXTRA_ROWS]]
    columns = []
    for p in papers:
        texts = {a: asked[a][p.label] for a in aspects if p.label in asked.get(a, {})}
        columns.append(_own_column(p, texts, papers, rows) if rows else _column(p, aspects, texts, papers))
    table = []
    for aspect in aspects:
        cells = tuple(column.cells.get(aspect) for column in columns)
        if rows or (any(cells) and (aspect in ASPECTS or any(aspect in column.written for column in columns))):
            table.append(Row(aspect, cells))
    said, left_out = _summary(parts, papers, bool(rows))
    if rows:
        noted = tuple(replace(row, note=remarks_on(row, papers)) for row in table)
    else:
        noted = with_notes((*table, *record_row(papers)), papers)
    return KeptComparison(
        rows=noted,
        summary=said,
        written=sum(len(column.written) for column in columns) + len(said),
        replaced=sum(column.failed for column in columns),
        left_out=left_out,
        missing=any(not read_rows(part.data) or not _sentences(part.data) for part in parts),
    )


def _texts_by_row(parts: Sequence[WrittenPart], fixed: Sequence[str]) -> dict[str, dict[int, str]]:
    """What the replies say in each row by label: the first text counts, and only of papers that the call was about."""
    asked: dict[str, dict[int, str]] = {}
    for part in parts:
        labels = {p.label for p in part.papers}
        seen = set()
        for aspect, texts in read_rows(part.data):
            row = row_of(aspect, fixed) or aspect
            if row not in seen:  # of two rows with one name the first counts
                asked.setdefault(row, {}).update({label: text for label, text in texts.items() if label in labels})
            seen.add(row)
    return asked


def _sentences(data: object) -> list[str]:
    return [s for s in list_in(data, "summary") if isinstance(s, str) and s.strip()]


def _summary(
    parts: Sequence[WrittenPart], papers: Sequence[LabelledPaper], strict: bool
) -> tuple[tuple[Claim, ...], int]:
    """The summary sentences of all replies that may stand, and how many did not pass."""
    most = summary.MOST if len(parts) == 1 else summary.MOST_OF_EACH
    kept = [summary.kept_sentences(_sentences(part.data), part.papers, papers, most, strict=strict) for part in parts]
    return tuple(claim for claims, _ in kept for claim in claims), sum(failed for _, failed in kept)


@dataclass(frozen=True)
class _Column:
    """A paper's cells by aspect, which of them the model wrote, and how many did not pass."""

    cells: Mapping[str, Claim]
    written: frozenset[str]
    failed: int


def _column(
    labelled: LabelledPaper, aspects: Sequence[str], texts: Mapping[str, str], papers: Sequence[LabelledPaper]
) -> _Column:
    """The cells of one paper. A rejected one is replaced by the paper's own sentence on that aspect, else by one that
    the cell cites; a missing one by the own sentence, unless the model used it in another fixed row."""
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
            cited = cited_sentences(texts[aspect], [labelled])
            candidates += [s for _, s in cited if not is_addressed(s.text)]
        elif candidates[0] and candidates[0].number in told:
            continue
        sentence = next((s for s in candidates if s and s.number not in used), None)
        if sentence:
            used.add(sentence.number)
            cells[aspect] = quoted(labelled.label, sentence)
    return _Column(cells, frozenset(written), len(texts) - len(written))


def _own_column(
    labelled: LabelledPaper, texts: Mapping[str, str], papers: Sequence[LabelledPaper], rows: Sequence[str]
) -> _Column:
    """The cells of one paper in a person's own rows. One that does not pass, and one that the model left out, is the
    sentence that plainly states the row, if there is one; what the record answers is of the record."""
    told = {row: text for row, text in texts.items() if not is_of_record(row)}
    written = {}
    for row, text in told.items():
        claim = _standing(text, labelled.label, papers)
        if claim and answers(row, claim, [s.text for _, s in cited_sentences(claim.text, [labelled])]):
            written[row] = claim
    own = {row: cell for row in rows if row not in written and (cell := own_cell(row, labelled))}
    return _Column({**own, **written}, frozenset(written), len(told) - len(written))


def _standing(text: str, label: int, papers: Sequence[LabelledPaper]) -> Claim | None:
    """A cell as a checked claim; None if it is too long, cites anything but sentences of its own paper, or says what
    they do not."""
    claim = summary.checked(text, papers) if len(text) <= MAX_CELL else None
    if claim is None or not all(c.label == label and c.sentence for c in claim.citations):
        return None
    return claim if summary.names_what_is_cited(claim, next(p for p in papers if p.label == label)) else None


def _names_a_row(aspect: str, papers: Sequence[LabelledPaper]) -> bool:
    """Whether a model's words may head a row: only a few, and borne out by the papers together."""
    if len(aspect.split()) > MAX_ASPECT_WORDS or citations_in(aspect) or normalise_title(aspect) in _RECORD:
        return False
    return not LINK.search(aspect) and is_borne_out(aspect, {p.label: p.paper for p in papers})
