"""A comparison as Markdown, HTML, CSV and plain text: the table, the summary, and the cited sentences.

Every word of a paper or a model is escaped; links go to the papers only.
"""

import csv
import io
import shutil
import textwrap
from collections.abc import Sequence
from itertools import zip_longest

from assistant.citations import cited_sentence, marker, own_words
from assistant.documents import Citation, Claim, Comparison, LabelledPaper, Row
from assistant.render.claims import NOT_CHECKED, name_of, write_claim
from assistant.render.comparison_grid import Grid, grid_of
from assistant.render.escape import escape_markdown, references
from index.english import enumerated
from index.export import csv_cell
from index.safety.inert import visible

NOT_STATED = "not stated"
NARROWEST, WIDEST, ASPECT = 60, 120, 13  # columns of a terminal


def _claims(comparison: Comparison) -> list[Claim]:
    return [*(cell for row in comparison.rows for cell in row.cells if cell), *comparison.summary]


def _cited(comparison: Comparison) -> list[tuple[Citation, str]]:
    """Every cited sentence with its citation, by paper and number."""
    citations = dict.fromkeys(c for claim in _claims(comparison) for c in claim.citations)
    ordered = sorted(citations, key=lambda c: (str(c.label), c.sentence or 0))
    return [(c, text) for c in ordered if (text := cited_sentence(c, comparison.papers))]


def quotes_under(comparison: Comparison) -> list[tuple[Citation, str]]:
    """The cited sentences that the table does not already quote whole, by paper and number."""
    quoted = {c.citations[0] for c in _claims(comparison) if c.text.startswith("“") and len(c.citations) == 1}
    return [(citation, text) for citation, text in _cited(comparison) if citation not in quoted]


# ---- Markdown
def to_markdown(comparison: Comparison) -> str:
    """The comparison as Markdown with a pipe table; citations as `[1.4]`, and the cited sentences below."""
    lines = [table_markdown(comparison), references(comparison.papers)]
    if under := quotes_under(comparison):
        lines += ["", *(f"> {marker([citation])} {escape_markdown(text)}  " for citation, text in under)]
    return "\n".join(lines) + "\n"


def table_markdown(comparison: Comparison) -> str:
    """The same without references and quotes: the title, the table and the summary."""
    grid = grid_of(comparison)
    lines = [f"# {escape_markdown(title_of(comparison))}", ""]
    lines += [
        "| | " + " | ".join(_head_markdown(column) for column in grid.columns) + " |",
        "|---" * (len(grid.columns) + 1) + "|",
    ]
    for line in grid.lines:
        note = f" *({escape_markdown(line.note)})*" if line.note else ""
        cells = [write_claim(c, escape_markdown, marker) if c else f"*{NOT_STATED}*" for c in line.cells]
        lines.append(f"| **{_head_markdown(line.head)}**{note} | " + " | ".join(cells) + " |")
    if grid.notes:
        lines += ["", *(f"*{escape_markdown(aspect)}: {escape_markdown(note)}*  " for aspect, note in grid.notes)]
    if comparison.summary:
        lines += ["", *(f"- {write_claim(c, escape_markdown, marker)}" for c in comparison.summary)]
    return "\n".join(lines) + "\n"


def _head_markdown(head: Row | LabelledPaper) -> str:
    return escape_markdown(head.aspect) if isinstance(head, Row) else f"[{head.label}] {escape_markdown(name_of(head))}"


def title_of(comparison: Comparison) -> str:
    """The names of the papers as the title of the whole."""
    return enumerated([name_of(p) for p in comparison.papers])


# ---- CSV
def to_csv(comparison: Comparison) -> str:
    """The table as CSV: aspect, a column per paper (empty where not stated), note; of more than three papers a line per
    paper, and a column per aspect. Citations as `[1.4]`."""
    grid = grid_of(comparison)
    words = any(p.paper.words_by for p in comparison.papers)
    table: list[list[str]] = []
    if grid.papers_down:
        table.append(["paper", *map(_head_csv, grid.columns), *(["words"] if words else [])])
        for p, line in zip(comparison.papers, grid.lines, strict=True):
            said = [p.paper.words_by or ""] if words else []
            table.append([_head_csv(line.head), *(cell.text if cell else "" for cell in line.cells), *said])
        if grid.notes:
            blank = [""] if words else []
            table.append(["note", *(row.note or "" for row in comparison.rows), *blank])
    else:
        table.append(["aspect", *map(_head_csv, grid.columns), "note"])
        table += [
            [_head_csv(line.head), *(cell.text if cell else "" for cell in line.cells), line.note or ""]
            for line in grid.lines
        ]
        if words:
            table.append(["words", *(p.paper.words_by or "" for p in comparison.papers), ""])
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([csv_cell(text) for text in line] for line in table)
    return out.getvalue()


def _head_csv(head: Row | LabelledPaper) -> str:
    return head.aspect if isinstance(head, Row) else f"[{head.label}] {head.paper.shown_title}"


# ---- plain text
def to_text(comparison: Comparison, width: int | None = None) -> str:
    """The comparison for a terminal of `width` columns (None: its actual width): a ruled table, the summary, and the
    cited sentences that the table does not quote; of more than three papers, whose columns would be too narrow, each
    paper with its rows below its name. Citations are shown as `[1]`."""
    columns = max(NARROWEST, min(WIDEST, width or shutil.get_terminal_size().columns))
    grid = grid_of(comparison)
    lines = _listed(comparison, grid, columns) if grid.papers_down else _table(comparison, columns)
    lines.append(f"-: {NOT_STATED}")
    for claim in comparison.summary:
        lines += _wrap(_shown(claim), columns, "- ", "  ")
    for p in comparison.papers:
        lines += ["", *_wrap(f"[{p.label}] {p.paper.shown_title}", columns, "", "    ")]
        lines += _wrap(p.paper.words_by, columns, "    ", "    ") if p.paper.words_by else []
        under = [(c, text) for c, text in quotes_under(comparison) if c.label == p.label]
        for citation, text in under:
            lines += _wrap(text, columns, f"{citation.sentence:>7}. ", " " * 9)
    return "\n".join(lines)


def _table(comparison: Comparison, columns: int) -> list[str]:
    """The ruled table, a column a paper."""
    count = len(comparison.papers)
    room = (columns - ASPECT - 3 * count) // count
    rule = "-" * ASPECT + f"-+-{'-' * room}" * count
    blocks = [["", *(f"[{p.label}] {name_of(p)}" for p in comparison.papers)]]
    blocks += [[row.aspect, *(_shown(c) if c else "-" for c in row.cells)] for row in comparison.rows]
    lines: list[str] = []
    for block, row in zip(blocks, [None, *comparison.rows], strict=True):
        widths = [ASPECT] + [room] * count
        wrapped = [_wrap(text, size) for text, size in zip(block, widths, strict=True)]
        lines += [_ruled(parts, widths) for parts in zip_longest(*wrapped, fillvalue="")]
        if row and row.note:
            lines += [f"{'':{ASPECT}} | {line}" for line in _wrap(f"note: {row.note}", columns - ASPECT - 3)]
        lines.append(rule)
    return lines


def _listed(comparison: Comparison, grid: Grid, columns: int) -> list[str]:
    """Each paper's name, and below it the rows, each beside its aspect; the notes follow the last paper."""
    widths = [ASPECT, columns - ASPECT - 3]
    rule = f"{'-' * ASPECT}-+-{'-' * widths[1]}"
    lines: list[str] = []
    for p, line in zip(comparison.papers, grid.lines, strict=True):
        lines += [*_wrap(f"[{p.label}] {name_of(p)}", columns), rule]
        for row, cell in zip(comparison.rows, line.cells, strict=True):
            lines += _beside(row.aspect, _shown(cell) if cell else "-", widths)
        lines.append(rule)
    for aspect, note in grid.notes:
        lines += _beside(aspect, f"note: {note}", widths)
    return lines


def _beside(left: str, right: str, widths: Sequence[int]) -> list[str]:
    wrapped = [_wrap(text, size) for text, size in zip((left, right), widths, strict=True)]
    return [_ruled(parts, widths) for parts in zip_longest(*wrapped, fillvalue="")]


def _ruled(parts: Sequence[str], widths: Sequence[int]) -> str:
    return " | ".join(part.ljust(size) for part, size in zip(parts, widths, strict=True)).rstrip()


def _shown(claim: Claim) -> str:
    return write_claim(
        claim, visible, lambda cited: "".join(f"[{label}]" for label in dict.fromkeys(c.label for c in cited))
    )


def _wrap(text: str, width: int, first: str = "", indent: str = "") -> list[str]:
    return textwrap.wrap(visible(text), width, initial_indent=first, subsequent_indent=indent) or [""]


# ---- HTML
def to_html(comparison: Comparison) -> str:
    """The comparison as one HTML page that needs nothing else: light and dark, readable on a phone; each
    citation leads to its sentence below and shows it on hover."""
    from assistant.compare.figures import bars_of
    from assistant.render.html import render

    return render(
        "comparison_page.html",
        comparison=comparison,
        grid=grid_of(comparison),
        title=title_of(comparison),
        sentence=lambda citation: cited_sentence(citation, comparison.papers) or "",
        cited=_cited(comparison),
        bars_of=lambda row: bars_of(row, comparison.papers),
        not_stated=NOT_STATED,
        made_by=_made_by(comparison),
    )


def _made_by(comparison: Comparison) -> str:
    written = (
        f"Written by {comparison.model} and checked"
        if comparison.mode == "llm"
        else own_words(p.paper for p in comparison.papers)
    )
    checked = f"Checked: figures, names, quotes, citations. {NOT_CHECKED}"
    return " ".join((f"{written}.", checked if comparison.mode == "llm" else "", *comparison.notices)).strip()
