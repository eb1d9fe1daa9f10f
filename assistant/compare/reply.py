"""The comparison as a model writes it: the reply that is asked for, and which parts of it may be published.

The reply is validated item by item. A cell is kept if it is short, cites sentences of its own paper and passes the
check; otherwise the paper's own sentence takes its place, in quotes. A summary sentence that fails is left out.
Knows nothing of how the call is made.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from assistant.addressed import is_addressed
from assistant.checking import is_borne_out
from assistant.citations import citations_in, quoted, without_markers
from assistant.compare.quotes import ASPECTS, RECORD_ASPECT, record_row, sentences_by_aspect, with_notes
from assistant.documents import Claim, LabelledPaper, Row
from assistant.llm.shapes import bounded
from assistant.publishing import LINK, cited_sentences, list_in, publishable
from index.ids import normalise_title
from index.paper import Paper
from index.safety.inert import inert

MAX_CELL, MAX_SUMMARY = 300, 500  # characters
MAX_SENTENCES, MAX_EXTRA_ROWS, MAX_ASPECT_WORDS = 5, 3, 6

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


def schema(labels: Collection[int] = (1, 2)) -> dict[str, Any]:
    """The JSON schema of the reply on the papers with these labels."""
    return bounded(WrittenComparison.model_json_schema(), items=14, characters=600, numbers={"paper": labels})


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


def keep(data: object, papers: Sequence[LabelledPaper]) -> KeptComparison:
    """The parts of a reply that may be published, with the papers' own sentences for the rest of the table."""
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
    sentences = [s for s in list_in(data, "summary") if isinstance(s, str) and s.strip()]
    passed = [claim for text in sentences if (claim := _summary_sentence(text, papers))]
    summary = tuple(passed[:MAX_SENTENCES])
    return KeptComparison(
        rows=with_notes((*rows, *record_row(papers)), papers),
        summary=summary,
        written=sum(len(column.written) for column in columns) + len(summary),
        replaced=sum(column.failed for column in columns),
        left_out=len(sentences) - len(passed),
        missing=not asked or not sentences,
    )


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


def _standing(text: str, label: int, papers: Sequence[LabelledPaper]) -> Claim | None:
    """A cell as a checked claim; None if it is too long, cites anything but sentences of its own paper, or says what
    they do not."""
    claim = _checked(text, papers) if len(text) <= MAX_CELL else None
    return claim if claim and all(c.label == label and c.sentence for c in claim.citations) else None


def _checked(text: str, papers: Sequence[LabelledPaper]) -> Claim | None:
    """A text as a claim that may be published, if it may; links are allowed if an abstract contains them."""
    by_label = {p.label: p.paper for p in papers}
    everyone = tuple(by_label.values())
    return publishable(" ".join(text.split()), by_label, everyone, links_of=everyone)


def _names_a_row(aspect: str, papers: Sequence[LabelledPaper]) -> bool:
    """Whether a model's words may head a row: only a few, and borne out by the papers together."""
    if len(aspect.split()) > MAX_ASPECT_WORDS or citations_in(aspect) or normalise_title(aspect) in _RECORD:
        return False
    return not LINK.search(aspect) and is_borne_out(aspect, {p.label: p.paper for p in papers})


def _summary_sentence(text: str, papers: Sequence[LabelledPaper]) -> Claim | None:
    """A summary sentence as a checked claim; None if it does not pass, cites whole papers only, or speaks of a paper
    that it does not cite."""
    claim = _checked(text, papers) if len(text) <= MAX_SUMMARY else None
    if claim is None:
        return None
    cited = {c.label for c in claim.citations}
    words = without_markers(claim.text)
    of_several = _OF_SEVERAL.search(words) is not None
    spoken_of = {p.label for p in papers if of_several or _names(words, p.paper)}
    return claim if spoken_of <= cited else None


def _names(text: str, paper: Paper) -> bool:
    name = paper.short_name
    return name is not None and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE) is not None
