"""A comparison as a LaTeX table in the style of booktabs, whose `\\cite` keys are those of the BibTeX export.

Every word of a paper or a model is escaped; the cited sentences stand below as comments.
"""

import re
from collections.abc import Mapping

from assistant.citations import cited_sentence, marker
from assistant.documents import Citation, Claim, Comparison, LabelledPaper, Row
from assistant.render.claims import claim_parts, name_of
from assistant.render.comparison_grid import grid_of
from index.english import enumerated
from index.export import by_key, latex
from index.safety.inert import visible

NOT_STATED = "---"  # a dash as wide as an m
_SIGNS = {
    "×": r"$\times$", "≤": r"$\leq$", "≥": r"$\geq$", "→": r"$\rightarrow$", "±": r"$\pm$", "≈": r"$\approx$",
    "∼": r"$\sim$", "−": "$-$", "…": r"\ldots{}", "≪": r"$\ll$", "≫": r"$\gg$", "∞": r"$\infty$", "√": r"$\surd$",
    "·": r"$\cdot$", "°": r"$^{\circ}$", "“": "``", "”": "''", "‘": "`", "’": "'", "–": "--", "—": "---",
    "\u00a0": "~", "\u202f": "~",
    "[": "{[}", "]": "{]}", "*": "{*}",  # behind a line's end they would be an option of it
}  # fmt: skip
_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho varsigma sigma tau "
    "upsilon phi chi psi omega".split()
)
_SIGNS |= {chr(0x3B1 + at): rf"$\{name}$" for at, name in enumerate(_GREEK) if name != "omicron"} | {"µ": r"$\mu$"}
_SIGN = re.compile("|".join(map(re.escape, _SIGNS)))


def to_latex(comparison: Comparison) -> str:
    """The comparison as a `table*`: up to three papers as columns, more as rows; notes and summary below the rules.
    Needs the packages booktabs and tabularx, and the BibTeX export of the same papers."""
    keys = {paper.id: key for key, paper in by_key(p.paper for p in comparison.papers).items()}
    grid = grid_of(comparison)
    first = "l" if grid.papers_down else "p{2.2cm}"
    columns = first + r">{\raggedright\arraybackslash}X" * len(grid.columns)
    lines = [
        r"% \usepackage{booktabs,tabularx}",
        r"\begin{table*}",
        r"\centering\small",
        rf"\caption{{{_caption(comparison, keys)}}}",
        rf"\begin{{tabularx}}{{\linewidth}}{{{columns}}}",
        r"\toprule",
        _line("", *(_head(column, keys) for column in grid.columns)),
        r"\midrule",
    ]
    for line in grid.lines:
        lines.append(_line(_head(line.head, keys), *(_cell(cell) for cell in line.cells)))
        if line.note:
            note = rf"\footnotesize {_note(line.note, comparison, keys)}"
            lines.append(rf"\multicolumn{{{len(grid.columns) + 1}}}{{p{{.95\linewidth}}}}{{{note}}} \\")
    lines += [r"\bottomrule", r"\end{tabularx}"]
    lines += [rf"\par\footnotesize {_text(aspect)}: {_note(note, comparison, keys)}" for aspect, note in grid.notes]
    lines += [rf"\par {_sentence(claim, comparison, keys)}" for claim in comparison.summary]
    return "\n".join([*lines, r"\end{table*}", *_sources(comparison)]) + "\n"


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
    parts = re.split(f"({_SIGN.pattern})", " ".join(visible(text).split()))
    return before + "".join(_SIGNS.get(part) or latex(part, whole=False) for part in parts) + after


def _sources(comparison: Comparison) -> list[str]:
    """The cited sentences as comments, each on one line."""
    claims = [*(cell for row in comparison.rows for cell in row.cells if cell), *comparison.summary]
    cited = sorted({c for claim in claims for c in claim.citations if c.sentence}, key=_order)
    told = [(c, cited_sentence(c, comparison.papers)) for c in cited]
    return [f"% {marker([c])} {' '.join(visible(text).split())}" for c, text in told if text]


def _order(citation: Citation) -> tuple[str, int]:
    return str(citation.label), citation.sentence or 0
