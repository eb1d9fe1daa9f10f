"""The rows that a person names in place of the fixed ones: read from what was typed, and filled without a model.

A cell quotes the sentence that plainly states its row; a row on the day or the people is printed from the record.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.citations import marker, quoted
from assistant.compare.figures import remarks_on
from assistant.compare.quotes import RECORD_ASPECT, from_record, people_of
from assistant.compare.stated import asks_for_code, stating_sentence
from assistant.documents import Check, Citation, Claim, LabelledPaper, Row
from index.errors import TooLarge
from index.ids import normalise_title
from index.safety.inert import inert
from index.safety.limits import refuse_long_question, refuse_longer

MOST, LONGEST = 12, 80  # rows, and characters of each

_RECORDED = {
    "day": "date|day|published|publication date|release date|date published|when",
    "year": "year|publication year|year published",
    "people": "authors?|people|written by|who",
    "organization": "organi[sz]ations?|affiliations?|institutions?|lab|labs|company|group",
    "all": normalise_title(RECORD_ASPECT),
}


def rows_in(rows: str | Sequence[str]) -> tuple[str, ...]:
    """The names of rows, each once, on one line and inert: of a text between semicolons or line breaks. What has no
    letter or digit is no name. Raises TooLarge, a ValueError, for a name that is too long, and for too many."""
    parts = [part for text in ([rows] if isinstance(rows, str) else rows) for part in re.split(r"[;\n]", text)]
    named: dict[str, str] = {}
    for part in parts:
        refuse_long_question(part, "The name of a row", LONGEST * 4)  # before any work on it
        name = " ".join(inert(part).split())
        if not re.search(r"[^\W_]", name):
            continue
        if len(name) > LONGEST:
            raise TooLarge(
                f"The name of a row has {len(name)} characters, and {LONGEST} is the most: {name[:40]!r} ..."
            )
        named.setdefault(name.casefold(), name)
    refuse_longer("The comparison", named, MOST, "rows of your own")
    return tuple(named.values())


def row_of(aspect: str, rows: Sequence[str]) -> str | None:
    """The row that a model's heading means: the same letters, or the same words."""
    for fold in (str.casefold, normalise_title):
        wanted = fold(aspect.strip())
        if wanted and (found := next((row for row in rows if fold(row) == wanted), None)):
            return found
    return None


def is_of_record(row: str) -> bool:
    """Whether the record answers a row, rather than the abstract: the day, the year, the people."""
    return _kind_of(row) is not None


def own_rows(papers: Sequence[LabelledPaper], rows: Sequence[str]) -> tuple[Row, ...]:
    """The table of a person's own rows without a model: each row stands, also one that no paper states."""
    made = [Row(row, tuple(own_cell(row, p) for p in papers)) for row in rows]
    return tuple(replace(row, note=remarks_on(row, papers)) for row in made)


def own_cell(row: str, labelled: LabelledPaper) -> Claim | None:
    """A paper's cell in a row of a person's own: what the record says, or the sentence that states it; None where
    neither does. Where the abstract does not say where the code is, the record may."""
    if is_of_record(row):
        return _cell_of_record(row, labelled)
    if sentence := stating_sentence(row, labelled.paper):
        return quoted(labelled.label, sentence)
    if asks_for_code(row) and labelled.paper.code_link:
        return _of_record(labelled, inert(labelled.paper.code_link))
    return None


def _cell_of_record(row: str, labelled: LabelledPaper) -> Claim | None:
    paper = labelled.paper
    kind = _kind_of(row)
    if kind == "all":
        return from_record(labelled)
    facts = {
        "day": paper.day or "",
        "year": (paper.day or "")[:4],
        "people": inert(people_of(paper)),
        "organization": inert(paper.organization or ""),
    }
    return _of_record(labelled, facts[kind]) if kind and facts[kind] else None


def _of_record(labelled: LabelledPaper, fact: str) -> Claim:
    citation = Citation(labelled.label)
    return Claim(f"{fact} {marker([citation])}", (citation,), Check("ok"))


def _kind_of(row: str) -> str | None:
    words = normalise_title(row)
    return next((kind for kind, pattern in _RECORDED.items() if re.fullmatch(pattern, words)), None)
