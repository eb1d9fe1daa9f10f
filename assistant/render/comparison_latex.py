"""A comparison as LaTeX tables in the style of booktabs, whose `\\cite` keys are those of the BibTeX export.

Every word of a paper or a model is escaped; the cited sentences stand below as comments. A float does not break over
pages: what is too tall for one goes on in the next, by a careful guess of how tall its lines are.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.citations import cited_sentence, marker
from assistant.documents import Citation, Claim, Comparison, LabelledPaper, Row
from assistant.render.claims import claim_parts, name_of
from assistant.render.comparison_grid import Grid, grid_of
from index.english import enumerated
from index.export import by_key, latex
from index.latex_signs import in_any_font
from index.safety.inert import visible

NOT_STATED = "---"  # a dash as wide as an m
_MAY_BREAK = "\x1f"  # no text has it: it is invisible
_SIGNS = {
    _MAY_BREAK: r"\allowbreak{}",
    "×": r"$\times$", "±": r"$\pm$", "°": r"$^{\circ}$", "µ": r"$\mu$", "√": r"$\surd$", "∆": r"$\Delta$",
    "→": r"$\rightarrow$", "←": r"$\leftarrow$", "−": "$-$", "∗": "$*$", "∣": "$|$", "‹": "$<$", "›": "$>$",
    "«": r"$\ll$", "»": r"$\gg$", "…": r"\ldots{}", "“": "``", "”": "''", "‘": "`", "’": "'", "–": "--", "—": "---",
    "\u00a0": "~", "\u202f": "~", "\u2011": "-",
    "[": "{[}", "]": "{]}", "*": "{*}",  # behind a line's end they would be an option of it
}  # fmt: skip
_SIGN = re.compile("|".join(map(re.escape, _SIGNS)))
_MATHEMATICS = re.compile(r"\{\\ensuremath\{([^{}]+)\}\}")
_RAGGED = r">{\raggedright\arraybackslash}"
_WIDE = 3  # rows of one's own that stand beside one another; more stand below one another
_LONG = re.compile(r"\S{13,}")  # a word that may be wider than its column
# Between letters only in what is longer than English words: they would break there too, and without a hyphen.
_BREAK = re.compile(r"(?<=[/.,:;=+|)@])(?=\w)|(?<=\w)(?=[_(])|(?<=_)(?=\w)|(?<=[a-z\d])(?=[A-Z])|(?<=\w{16})(?=\w{3})")
_LINEWIDTH, _TALL, _LEADING = 345, 400, 11  # points: of a page of article.cls; of a float on it; of a line in \small
_LETTER = 5.2  # points, of a letter in \small with the space that ragged lines leave


def to_latex(comparison: Comparison) -> str:
    """The comparison as a `table*`, or several: up to three papers as columns; more as lines, below each row's name if
    there are more than three rows. Notes and summary stand below the rules. Needs the packages booktabs and tabularx,
    with pdfLaTeX T1 fonts for some letters, and the BibTeX export of the same papers."""
    keys = {paper.id: key for key, paper in by_key(p.paper for p in comparison.papers).items()}
    grid = grid_of(comparison)
    listed = grid.papers_down and len(grid.columns) > _WIDE
    table = _listed(comparison, keys) if listed else _beside(comparison, grid, keys)
    below = [rf"\par {_sentence(claim, comparison, keys)}" for claim in comparison.summary]
    written = [r"% \usepackage[T1]{fontenc} % with pdfLaTeX", r"% \usepackage{booktabs,tabularx}"]
    parts = _parts(table.lines, _TALL - _height(_LINEWIDTH, "".join(below)))
    for number, part in enumerate(parts):
        last = part is parts[-1]
        again = [] if number == 0 else [r"\addtocounter{table}{-1}"]
        caption = _caption(comparison, keys) if number == 0 else "Continued."
        written += [r"\begin{table*}", r"\centering\small", *again, rf"\caption{{{caption}}}"]
        written += [rf"\begin{{tabularx}}{{\linewidth}}{{{table.columns}}}", r"\toprule", *table.head]
        written += [line.text for line in part]
        written += [r"\bottomrule", r"\end{tabularx}", *(below if last else ()), r"\end{table*}"]
    return "\n".join([*written, *_sources(comparison)]) + "\n"


@dataclass(frozen=True)
class _Line:
    """A line of a table, and about how many points it is tall. `leads`: it is not left alone at the end of a part."""

    text: str
    height: float
    leads: bool = False


@dataclass(frozen=True)
class _Table:
    columns: str
    head: list[str]
    lines: list[_Line]


def _beside(comparison: Comparison, grid: Grid, keys: Mapping[str, str]) -> _Table:
    """A table whose columns are the papers, or a few rows."""
    width = (_LINEWIDTH - 70) / len(grid.columns) - 12
    lines: list[_Line] = []
    for line in grid.lines:
        head, cells = _head(line.head, keys), [_cell(cell) for cell in line.cells]
        height = max(_height(width, cell) for cell in cells)
        lines.append(_Line(_line(head, *cells), max(height, _height(52, head)), leads=bool(line.note)))
        if line.note:
            lines.append(_note_line(line.note, len(grid.columns) + 1, comparison, keys))
    for aspect, note in grid.notes:
        lines.append(_note_line(note, len(grid.columns) + 1, comparison, keys, f"{_text(aspect)}: "))
    top = [_line("", *(_head(column, keys) for column in grid.columns)), r"\midrule"]
    return _Table(rf"{_RAGGED}p{{2.2cm}}" + rf"{_RAGGED}X" * len(grid.columns), top, lines)


def _listed(comparison: Comparison, keys: Mapping[str, str]) -> _Table:
    """A table of two columns: below the name of each row, the papers and what they say."""
    lines: list[_Line] = []
    for row in comparison.rows:
        rule = r"\addlinespace " if lines else ""
        lines.append(_Line(rf"{rule}\multicolumn{{2}}{{@{{}}l}}{{\textbf{{{_text(row.aspect)}}}}} \\", 18, leads=True))
        for labelled, cell in zip(comparison.papers, row.cells, strict=True):
            head, text = _head(labelled, keys), _cell(cell)
            height = max(_height(_LINEWIDTH - 110, text), _height(80, head))
            lines.append(_Line(_line(head, text), height, leads=bool(row.note) and labelled is comparison.papers[-1]))
        if row.note:
            lines.append(_note_line(row.note, 2, comparison, keys))
    return _Table(rf"{_RAGGED}p{{3.2cm}}{_RAGGED}X", [], lines)


def _note_line(note: str, columns: int, comparison: Comparison, keys: Mapping[str, str], before: str = "") -> _Line:
    text = rf"\footnotesize {before}{_note(note, comparison, keys)}"
    told = rf"\multicolumn{{{columns}}}{{@{{}}p{{.95\linewidth}}}}{{\raggedright {text}}} \\"
    return _Line(told, _height(_LINEWIDTH, text))


def _height(width: float, text: str) -> float:
    """About how many points a text is tall in a column of a width in points."""
    letters = len(re.sub(r"\\[a-z]+\{?|[{}$]", "", text))
    return _LEADING * (1 + letters * _LETTER // width)


def _parts(lines: Sequence[_Line], most: float) -> list[list[_Line]]:
    """The lines in parts of at most `most` points or so: a float without what stands below the last of them."""
    parts: list[list[_Line]] = [[]]
    tall = 0.0
    for at, line in enumerate(lines):
        wanted = line.height + (lines[at + 1].height if line.leads and at + 1 < len(lines) else 0)
        if parts[-1] and tall + wanted > most:
            parts.append([])
            tall = 0.0
        parts[-1].append(line)
        tall += line.height
    return parts


def _line(*cells: str) -> str:
    return " & ".join(cells) + r" \\"


def _caption(comparison: Comparison, keys: Mapping[str, str]) -> str:
    named = enumerated([_head(p, keys) for p in comparison.papers])
    return f"{named}; {NOT_STATED}: not stated in the abstract."


def _head(head: Row | LabelledPaper, keys: Mapping[str, str]) -> str:
    if isinstance(head, Row):
        return _text(head.aspect)
    return rf"{_text(name_of(head))}~\cite{{{keys[head.paper.id]}}}"


def _cell(cell: Claim | None) -> str:
    """A cell's text without its markers: its column or line names the paper that it is of."""
    return _text("".join(part for part in claim_parts(cell) if isinstance(part, str)).strip()) if cell else NOT_STATED


def _note(note: str, comparison: Comparison, keys: Mapping[str, str]) -> str:
    """A note, its papers cited in place of their labels, which the table does not show."""
    of_label = {f"[{p.label}]": rf"\cite{{{keys[p.paper.id]}}}" for p in comparison.papers}
    parts = re.split(r"(\[\d+(?:\.\d+)?\])", note)
    return "".join(of_label.get(re.sub(r"\.\d+", "", part)) or _text(part, strip=False) for part in parts if part)


def _sentence(claim: Claim, comparison: Comparison, keys: Mapping[str, str]) -> str:
    of_label = {p.label: keys[p.paper.id] for p in comparison.papers}

    def written(part: str | tuple[Citation, ...]) -> str:
        if isinstance(part, str):
            return _text(part, strip=False)
        return rf"~\cite{{{','.join(dict.fromkeys(of_label[int(c.label)] for c in part))}}}"

    return re.sub(r"\s*~\\cite", r"~\\cite", "".join(map(written, claim_parts(claim)))).strip()


def _text(text: str, *, strip: bool = True) -> str:
    """A text that LaTeX prints as it is: special characters escaped, common signs in commands, on one line."""
    before = "" if strip or not text[:1].isspace() else " "
    after = "" if strip or not text[-1:].isspace() else " "
    line = _LONG.sub(lambda found: _BREAK.sub(_MAY_BREAK, found[0]), " ".join(visible(text).split()))
    parts = re.split(f"({_SIGN.pattern})", line)
    written = (_SIGNS.get(part) or in_any_font(latex(part, whole=False)) for part in parts)
    return before + _MATHEMATICS.sub(r"$\1$", "".join(written)) + after


def _sources(comparison: Comparison) -> list[str]:
    """The cited sentences as comments, each on one line."""
    claims = [*(cell for row in comparison.rows for cell in row.cells if cell), *comparison.summary]
    cited = sorted({c for claim in claims for c in claim.citations if c.sentence}, key=_order)
    told = [(c, cited_sentence(c, comparison.papers)) for c in cited]
    return [f"% {marker([c])} {' '.join(visible(text).split())}" for c, text in told if text]


def _order(citation: Citation) -> tuple[str, int]:
    return str(citation.label), citation.sentence or 0
