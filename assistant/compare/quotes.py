"""The comparison in quotes: on each aspect that a reader expects, each paper's own sentence.

Makes no call and writes nothing of its own: cells are verbatim sentences, or facts from the record. Works for any
number of papers.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache

from assistant.citations import marker, quoted
from assistant.compare.comparable import measured_in
from assistant.compare.figures import remarks_on
from assistant.documents import Check, Citation, Claim, LabelledPaper, Row
from assistant.rhetoric import Role, Scores, figures_in, main_role, scored_sentences, telling_sentence
from index.english import count_of
from index.paper import Paper
from index.safety.inert import inert
from index.sentences import Sentence

# The fixed rows in order: the role of the sentences quoted there, and the least score for it.
ASPECTS: dict[str, tuple[Role, float]] = {
    "Problem": ("problem", 1.5),
    "Approach": ("method", 2.0),
    "Evaluated on": ("evaluation", 2.5),
    "Main results": ("result", 2.0),
    "Cost or hardware": ("resource", 3.0),
    "Code or data": ("availability", 4.0),
    "Limits stated": ("limitation", 3.0),
}
FURTHER = "Further results"  # a second result of a paper, below the first
RECORD_ASPECT = "Date and people"

# What a reader would miss most weighs most where rows compete for a sentence.
_WEIGHT: dict[Role, float] = {
    "method": 1.5,
    "result": 1.5,
    "problem": 1.3,
    "availability": 1.2,
    "evaluation": 1.0,
    "resource": 0.8,
    "limitation": 0.7,
}
# A sentence that opens like this needs the one before it to be understood.
_POINTS_BACK = re.compile(
    r"(?:this|these|those|such|as such|it|they)\b(?! (?:paper|work|article|study|survey)\b)", re.IGNORECASE
)
_CANDIDATES = 4  # best sentences considered for each row
_LEAST_APPROACH = 1.0  # where no sentence is plainly about the method


def from_record(labelled: LabelledPaper) -> Claim | None:
    """A paper's day and people from the record, citing the paper; None if it has neither."""
    paper = labelled.paper
    facts = [paper.day or "", inert(people_of(paper)), inert(paper.organization or "")]
    if not any(facts):
        return None
    citation = Citation(labelled.label)
    return Claim(f"{'; '.join(filter(None, facts))} {marker([citation])}", (citation,), Check("ok"))


def people_of(paper: Paper) -> str:
    """The first three people of a paper and how many others there are, or only how many; empty if it has none."""
    count = paper.author_count or len(paper.authors)
    if not paper.authors:
        return count_of(count, "author") if count else ""
    named = ", ".join(paper.authors[:3])
    rest = count - len(paper.authors[:3])
    return f"{named} and {count_of(rest, 'other')}" if rest > 0 else named


def sentences_by_aspect(paper: Paper, beside: Sequence[Paper] = ()) -> dict[str, Sentence]:
    """The paper's own sentence for each fixed row that it has one for; no sentence is in two rows.

    Of the best few sentences for each row, those with the largest total worth. Results that measure what the papers
    `beside` it measure too are preferred.
    """
    scored = scored_sentences(paper.sentences, paper.title)
    measured = {kind for other in beside for s in other.sentences for kind in measured_in(s.text)}
    telling = telling_sentence(paper) if scored else None

    def worth(sentence: Sentence, scores: Scores, role: Role, least: float) -> float:
        main = 1.5 if main_role(scores) == role else 0.0
        new = 3.0 if role == "method" and sentence == telling and main else 0.0
        same = 0.5 * min(len(measured & measured_in(sentence.text)), 3) if role == "result" else 0.0
        figures = 0.5 * min(figures_in(sentence.text), 4) if role == "result" else 0.0  # even if it names hardware
        long = 0.03 * max(len(sentence.text.split()) - 30, 0) if role == "problem" else 0.0
        back = 1.0 if _POINTS_BACK.match(sentence.text) else 0.0
        return (scores[role] - least + 1.0 + main + new + same + figures - long - back) * _WEIGHT[role]

    options: list[tuple[str, list[tuple[float, Sentence]]]] = []
    for aspect, (role, least) in ASPECTS.items():
        fitting = [(worth(s, scores, role, least), s) for s, scores in scored if scores[role] >= least]
        options.append((aspect, sorted(fitting, key=lambda pair: -pair[0])[:_CANDIDATES]))
    chosen = _best_choice(options)
    left = [(s, scores) for s, scores in scored if s not in chosen.values()]
    methods = [(scores["method"], s) for s, scores in left if scores["method"] >= _LEAST_APPROACH]
    if "Approach" not in chosen and methods:
        chosen["Approach"] = max(methods, key=lambda pair: pair[0])[1]
    return chosen


def further_result(paper: Paper, taken: Collection[Sentence]) -> Sentence | None:
    """The best sentence with a figure that tells a result and is not `taken`; None if there is none."""
    least = ASPECTS["Main results"][1]
    left = [
        (scores["result"], s)
        for s, scores in scored_sentences(paper.sentences, paper.title)
        if scores["result"] >= least and s not in taken and figures_in(s.text)
    ]
    return max(left, key=lambda pair: pair[0])[1] if left else None


def _best_choice(options: Sequence[tuple[str, list[tuple[float, Sentence]]]]) -> dict[str, Sentence]:
    """At most one sentence for each aspect, none twice, with the largest total worth."""

    @cache
    def best(position: int, taken: frozenset[int]) -> tuple[float, tuple[tuple[str, Sentence], ...]]:
        if position == len(options):
            return 0.0, ()
        aspect, candidates = options[position]
        found = best(position + 1, taken)
        for worth, sentence in candidates:
            if sentence.number not in taken:
                total, chosen = best(position + 1, taken | {sentence.number})
                found = max(found, (total + worth, ((aspect, sentence), *chosen)), key=lambda pair: pair[0])
        return found

    return dict(best(0, frozenset())[1])


def quote_rows(papers: Sequence[LabelledPaper]) -> tuple[Row, ...]:
    """The table in quotes: the fixed rows for which any paper has a sentence, with a cell per paper."""
    own = [sentences_by_aspect(p.paper, [other.paper for other in papers if other is not p]) for p in papers]
    for p, chosen in zip(papers, own, strict=True):
        if further := further_result(p.paper, chosen.values()):
            chosen[FURTHER] = further
    order = [each for aspect in ASPECTS for each in ((aspect, FURTHER) if aspect == "Main results" else (aspect,))]
    rows = []
    for aspect in order:
        cells = tuple(
            quoted(p.label, chosen[aspect]) if aspect in chosen else None for p, chosen in zip(papers, own, strict=True)
        )
        if any(cells):
            rows.append(Row(aspect, cells))
    return with_notes((*rows, *record_row(papers)), papers)


def record_row(papers: Sequence[LabelledPaper]) -> tuple[Row, ...]:
    """The row printed from the record; none if no paper has a day or people."""
    cells = tuple(from_record(p) for p in papers)
    return (Row(RECORD_ASPECT, cells),) if any(cells) else ()


def with_notes(rows: Sequence[Row], papers: Sequence[LabelledPaper]) -> tuple[Row, ...]:
    """The rows with their notes: why figures are not comparable, and in which other row a paper states what a cell
    lacks."""
    noted = []
    for row in rows:
        remarks = [remarks_on(row, papers)]
        for column, labelled in enumerate(papers):
            if row.cells[column] is None and row.aspect in ASPECTS:
                remarks.append(_stated_elsewhere(row.aspect, column, labelled, rows))
        noted.append(replace(row, note="; ".join(filter(None, remarks)) or None))
    return tuple(noted)


def _stated_elsewhere(aspect: str, column: int, labelled: LabelledPaper, rows: Sequence[Row]) -> str | None:
    """The note on the row that already cites a paper's best sentence on an aspect, if one does."""
    role, least = ASPECTS[aspect]
    scored = scored_sentences(labelled.paper.sentences, labelled.paper.title)
    telling = {Citation(labelled.label, s.number): scores[role] for s, scores in scored if scores[role] >= least}
    for citation in sorted(telling, key=lambda c: -telling[c]):
        for row in rows:
            cell = row.cells[column]
            if cell and row.aspect in ASPECTS and citation in cell.citations:
                return f"[{labelled.label}] states it under {row.aspect.lower()} {marker([citation])}"
    return None
