"""A comparison as Markdown, HTML, CSV and plain text: the table, the summary, and the sentences that it cites.

Every word of a paper or a model is escaped; links go to the papers only.
"""

import csv
import io
import shutil
import textwrap
from collections.abc import Sequence
from itertools import zip_longest

from assistant.citations import cited_sentence, marker
from assistant.documents import Citation, Claim, Comparison, LabelledPaper
from assistant.render.claims import write_claim
from assistant.render.escape import escape_html, escape_markdown, references
from index.export import csv_cell
from index.safety.inert import visible

NOT_STATED = "not stated"
NARROWEST, WIDEST, ASPECT = 60, 120, 13  # columns of a terminal


def _name(labelled: LabelledPaper) -> str:
    return labelled.paper.short_name or labelled.paper.shown_title


def _claims(comparison: Comparison) -> list[Claim]:
    return [*(cell for row in comparison.rows for cell in row.cells if cell), *comparison.summary]


def _cited(comparison: Comparison) -> list[tuple[Citation, str]]:
    """Every cited sentence with its citation, by paper and number."""
    citations = dict.fromkeys(c for claim in _claims(comparison) for c in claim.citations)
    ordered = sorted(citations, key=lambda c: (str(c.label), c.sentence or 0))
    return [(c, text) for c in ordered if (text := cited_sentence(c, comparison.papers))]


def quotes_under(comparison: Comparison) -> list[tuple[Citation, str]]:
    """The cited sentences that the table does not quote whole already, by paper and number."""
    quoted = {c.citations[0] for c in _claims(comparison) if c.text.startswith("“") and len(c.citations) == 1}
    return [(citation, text) for citation, text in _cited(comparison) if citation not in quoted]


# ---- Markdown
def to_markdown(comparison: Comparison) -> str:
    """The comparison as Markdown with a pipe table; citations as `[1.4]`, the cited sentences below."""
    heads = [f"[{p.label}] {escape_markdown(_name(p))}" for p in comparison.papers]
    lines = [f"# {' and '.join(escape_markdown(_name(p)) for p in comparison.papers)}", ""]
    lines += ["| | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
    for row in comparison.rows:
        note = f" *({escape_markdown(row.note)})*" if row.note else ""
        cells = [write_claim(c, escape_markdown, marker) if c else f"*{NOT_STATED}*" for c in row.cells]
        lines.append(f"| **{escape_markdown(row.aspect)}**{note} | " + " | ".join(cells) + " |")
    if comparison.summary:
        lines += ["", *(f"- {write_claim(c, escape_markdown, marker)}" for c in comparison.summary)]
    lines += ["", references(comparison.papers)]
    if under := quotes_under(comparison):
        lines += ["", *(f"> {marker([citation])} {escape_markdown(text)}  " for citation, text in under)]
    return "\n".join(lines) + "\n"


# ---- CSV
def to_csv(comparison: Comparison) -> str:
    """The table as CSV: aspect, a column per paper (empty where not stated), note; citations as `[1.4]`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["aspect", *(csv_cell(f"[{p.label}] {p.paper.shown_title}") for p in comparison.papers), "note"])
    for row in comparison.rows:
        cells = [cell.text if cell else "" for cell in row.cells]
        writer.writerow([csv_cell(text) for text in (row.aspect, *cells, row.note or "")])
    return out.getvalue()


# ---- plain text
def to_text(comparison: Comparison, width: int | None = None) -> str:
    """The comparison for a terminal of `width` columns (its own where None): a ruled table, the summary, and
    the cited sentences that the table does not quote. Citations are shown as `[1]`."""
    columns = max(NARROWEST, min(WIDEST, width or shutil.get_terminal_size().columns))
    count = len(comparison.papers)
    room = (columns - ASPECT - 3 * count) // count
    rule = "-" * ASPECT + f"-+-{'-' * room}" * count
    blocks = [["", *(f"[{p.label}] {_name(p)}" for p in comparison.papers)]]
    blocks += [[row.aspect, *(_shown(c) if c else "-" for c in row.cells)] for row in comparison.rows]
    lines: list[str] = []
    for block, row in zip(blocks, [None, *comparison.rows], strict=True):
        widths = [ASPECT] + [room] * count
        wrapped = [_wrap(text, size) for text, size in zip(block, widths, strict=True)]
        lines += [_ruled(parts, widths) for parts in zip_longest(*wrapped, fillvalue="")]
        if row and row.note:
            lines += [f"{'':{ASPECT}} | {line}" for line in _wrap(f"note: {row.note}", columns - ASPECT - 3)]
        lines.append(rule)
    lines.append(f"-: {NOT_STATED}")
    for claim in comparison.summary:
        lines += _wrap(_shown(claim), columns, "- ", "  ")
    for p in comparison.papers:
        lines += ["", *_wrap(f"[{p.label}] {p.paper.shown_title}", columns, "", "    ")]
        under = [(c, text) for c, text in quotes_under(comparison) if c.label == p.label]
        for citation, text in under:
            lines += _wrap(text, columns, f"{citation.sentence:>7}. ", " " * 9)
    return "\n".join(lines)


def _ruled(parts: Sequence[str], widths: Sequence[int]) -> str:
    return " | ".join(part.ljust(size) for part, size in zip(parts, widths, strict=True)).rstrip()


def _shown(claim: Claim) -> str:
    return write_claim(
        claim, visible, lambda cited: "".join(f"[{label}]" for label in dict.fromkeys(c.label for c in cited))
    )


def _wrap(text: str, width: int, first: str = "", indent: str = "") -> list[str]:
    return textwrap.wrap(visible(text), width, initial_indent=first, subsequent_indent=indent) or [""]


# ---- HTML
_STYLE = """
:root { color-scheme: light dark; --ink: #1c1e21; --quiet: #5b616b; --line: #d5d9e0; --page: #fff; --head: #f4f6f9;
  --link: #0b57a4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7e9ec; --quiet: #a6adb8; --line: #3a404a; --page: #16181c;
  --head: #1f2329; --link: #8ab8f0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem 1rem 3rem; color: var(--ink); background: var(--page);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; line-height: 1.3; } h2 { font-size: 1.05rem; margin-top: 2rem; }
a { color: var(--link); } a.cite { text-decoration: none; white-space: nowrap; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th, td { padding: .6rem .75rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { background: var(--head); } tbody th { font-weight: 600; } .aspect { width: 9.5rem; }
.note { display: block; font-weight: 400; font-size: .85rem; color: var(--quiet); } .none { color: var(--quiet); }
.quotes { padding: 0; list-style: none; color: var(--quiet); } :target { background: var(--head); color: var(--ink); }
footer { margin-top: 2rem; font-size: .85rem; color: var(--quiet); }
@media (max-width: 640px) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, td, .aspect { display: block; width: auto; }
  tr { padding: .75rem 0; border-bottom: 1px solid var(--line); }
  th, td { border: 0; padding: .2rem 0; } td::before { content: attr(data-paper); display: block; font-size: .8rem;
  color: var(--quiet); }
}
"""


def to_html(comparison: Comparison) -> str:
    """The comparison as one HTML page that needs nothing else: light and dark, readable on a phone; each
    citation leads to its sentence below and shows it on hovering."""
    names = [escape_html(_name(p)) for p in comparison.papers]
    heads = "".join(f'<th scope="col">[{p.label}] {_linked(p)}</th>' for p in comparison.papers)
    body = "\n".join(_html_row(row.aspect, row.note, row.cells, comparison.papers) for row in comparison.rows)
    summary = "".join(f"<li>{_html_claim(claim, comparison.papers)}</li>" for claim in comparison.summary)
    quotes = "".join(
        f'<li id="s-{c.label}-{c.sentence}"><b>{c.label}.{c.sentence}</b> {escape_html(text)}</li>'
        for c, text in _cited(comparison)
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{" and ".join(names)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{" and ".join(names)}</h1>
<table>
<thead><tr><th class="aspect" scope="col">Aspect</th>{heads}</tr></thead>
<tbody>
{body}
</tbody>
</table>
{f"<h2>In short</h2><ul>{summary}</ul>" if summary else ""}
<h2>Cited sentences</h2>
<ul class="quotes">{quotes}</ul>
<footer>{escape_html(_made_by(comparison))}</footer>
</body>
</html>
"""


def _html_row(aspect: str, note: str | None, cells: Sequence[Claim | None], papers: Sequence[LabelledPaper]) -> str:
    remark = f'<span class="note">{escape_html(note)}</span>' if note else ""
    columns = []
    for cell, p in zip(cells, papers, strict=True):
        text = _html_claim(cell, papers) if cell else f'<span class="none">{NOT_STATED}</span>'
        columns.append(f'<td data-paper="{escape_html(_name(p))}">{text}</td>')
    return f'<tr><th class="aspect" scope="row">{escape_html(aspect)}{remark}</th>{"".join(columns)}</tr>'


def _html_claim(claim: Claim, papers: Sequence[LabelledPaper]) -> str:
    def cite(cited: tuple[Citation, ...]) -> str:
        links = []
        for c in cited:
            if c.sentence:
                sentence = escape_html(cited_sentence(c, papers) or "")
                links.append(
                    f'<a class="cite" href="#s-{c.label}-{c.sentence}" title="{sentence}">[{c.label}.{c.sentence}]</a>'
                )
            else:
                links.append(f"[{c.label}]")
        return "".join(links)

    return write_claim(claim, escape_html, cite)


def _linked(labelled: LabelledPaper) -> str:
    title, link = escape_html(labelled.paper.shown_title), labelled.paper.link
    return f'<a href="{escape_html(link)}" rel="noopener noreferrer">{title}</a>' if link else title


def _made_by(comparison: Comparison) -> str:
    written = f"Written by {comparison.model} and checked" if comparison.mode == "llm" else "In the papers' own words"
    checked = "Checked: figures, names, quotes, citations. Not checked: wording, direction, negation."
    return " ".join((f"{written}.", checked if comparison.mode == "llm" else "", *comparison.notices)).strip()
