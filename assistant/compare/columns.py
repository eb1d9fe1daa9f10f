"""A finished comparison with its papers in another order, or with one fewer: nothing is asked again."""

from dataclasses import replace

from assistant.compare.quotes import with_notes
from assistant.compare.summary import speaks_of_all
from assistant.documents import Comparison


def swapped(comparison: Comparison) -> Comparison:
    """The same table with the papers in the other order."""
    rows = tuple(replace(row, cells=row.cells[::-1]) for row in comparison.rows)
    return replace(comparison, papers=comparison.papers[::-1], rows=rows)


def without(comparison: Comparison, at: int) -> Comparison:
    """The comparison of three papers or more without the one at an index, and without the summary sentences that cite
    it or speak of all papers. The others keep their labels."""
    label = comparison.papers[at].label
    papers = tuple(p for p in comparison.papers if p.label != label)
    rows = [replace(row, cells=(*row.cells[:at], *row.cells[at + 1 :])) for row in comparison.rows]
    summary = tuple(
        claim
        for claim in comparison.summary
        if all(c.label != label for c in claim.citations) and not speaks_of_all(claim.text)
    )
    return replace(comparison, papers=papers, rows=with_notes(rows, papers), summary=summary)
