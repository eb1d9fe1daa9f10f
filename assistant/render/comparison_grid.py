"""How a comparison lies on a page: up to three papers as columns, more as rows.

Knows nothing of a format: a grid's heads and lines are names, rows and cells.
"""

from dataclasses import dataclass

from assistant.documents import Claim, Comparison, LabelledPaper, Row

MOST_COLUMNS = 3  # papers


@dataclass(frozen=True)
class Line:
    """A line of the table: what heads it, and its cells. `note`: on the figures of a row, where rows are lines."""

    head: Row | LabelledPaper
    cells: tuple[Claim | None, ...]
    note: str | None = None


@dataclass(frozen=True)
class Grid:
    """A table: what heads its columns, and its lines. `papers_down`: papers are lines, and the notes on rows, which are
    columns then, stand below."""

    papers_down: bool
    columns: tuple[Row | LabelledPaper, ...]
    lines: tuple[Line, ...]
    notes: tuple[tuple[str, str], ...] = ()


def grid_of(comparison: Comparison) -> Grid:
    """The table of a comparison, laid out."""
    if len(comparison.papers) <= MOST_COLUMNS:
        return Grid(False, comparison.papers, tuple(Line(row, row.cells, row.note) for row in comparison.rows))
    lines = [Line(p, tuple(row.cells[at] for row in comparison.rows)) for at, p in enumerate(comparison.papers)]
    notes = tuple((row.aspect, row.note) for row in comparison.rows if row.note)
    return Grid(True, comparison.rows, tuple(lines), notes)
