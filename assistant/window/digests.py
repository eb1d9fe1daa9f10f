"""A comparison as a table and a digest as themes, in HTML with citations and check marks."""

from assistant.documents import Comparison, Digest, DigestPaper, Label
from assistant.render.escape import escape_html
from assistant.window.cards import by_label, claim_html
from assistant.window.footer import facts_html
from assistant.window.panel import paper_link
from assistant.window.parts import count_of, notices_html
from index.paper import Paper


def comparison_table(comparison: Comparison) -> str:
    """The papers side by side, and the summary; on a narrow screen each row becomes a block of its own."""
    papers = by_label(comparison.papers)
    heads = "".join(
        f'<th scope="col">{paper_link(p.paper, with_day=False)} <span class="label">[{p.label}]</span></th>'
        for p in comparison.papers
    )
    names = [escape_html(p.paper.short_name or p.paper.shown_title) for p in comparison.papers]
    rows = []
    for row in comparison.rows:
        cells = "".join(
            f'<td><span class="whose">{name}</span>'
            f"{claim_html(cell, papers) if cell else '<i>not stated in the abstract</i>'}</td>"
            for name, cell in zip(names, row.cells, strict=True)
        )
        note = f'<tr class="note"><td colspan="{len(names) + 1}">{escape_html(row.note)}</td></tr>' if row.note else ""
        rows.append(f'<tr><th scope="row">{escape_html(row.aspect)}</th>{cells}</tr>{note}')
    summary = " ".join(claim_html(claim, papers) for claim in comparison.summary)
    return (
        f'<div class="prose-text comparison">{f"<p>{summary}</p>" if summary else ""}'
        f"<table><thead><tr><td></td>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def comparison_html(comparison: Comparison) -> str:
    """A comparison as its tab shows it: the table, what is to be said of it, what was checked and spent."""
    claims = [c for row in comparison.rows for c in row.cells if c] + list(comparison.summary)
    facts = facts_html(claims, comparison.usage, comparison.model) if comparison.complete else ""
    return comparison_table(comparison) + notices_html(comparison.notices) + facts


def _paper_item(entry: DigestPaper, papers: dict[Label, Paper]) -> str:
    line = claim_html(entry.line, papers)
    return f'<li value="{entry.label}"><p class="title">{paper_link(entry.paper)}</p><p>{line}</p></li>'


def digest_article(digest: Digest) -> str:
    """A week: its overview, its themes with their papers, the others, and what was left out and why."""
    by_number = {entry.label: entry for entry in digest.papers}
    papers: dict[Label, Paper] = {entry.label: entry.paper for entry in digest.papers}
    overview = " ".join(claim_html(claim, papers) for claim in digest.overview)
    blocks = [f'<p class="overview">{overview}</p>' if overview else ""]
    for theme in digest.themes:
        said = " ".join(claim_html(claim, papers) for claim in theme.claims)
        items = "".join(_paper_item(by_number[n], papers) for n in theme.labels if n in by_number)
        blocks.append(
            f"<section><h3>{escape_html(theme.title)}</h3>{f'<p>{said}</p>' if said else ''}"
            f'<ol class="papers">{items}</ol></section>'
        )
    if digest.other:
        items = "".join(_paper_item(by_number[n], papers) for n in digest.other if n in by_number)
        blocks.append(f'<section><h3>Other papers</h3><ol class="papers">{items}</ol></section>')
    if digest.excluded:
        items = "".join(f"<li>{escape_html(e.id)}: {escape_html(e.reason)}</li>" for e in digest.excluded)
        blocks.append(f"<details><summary>{len(digest.excluded)} left out</summary><ul>{items}</ul></details>")
    span = f"{digest.since} to {digest.until}"
    title = escape_html(digest.week.replace("-W", ", week ") if digest.week else span)
    count = f"{count_of(len(digest.papers), 'paper')} · {escape_html(span)}"
    return f'<article class="digest prose-text"><h2>{title}</h2><p class="meta">{count}</p>{"".join(blocks)}</article>'


def digest_html(digest: Digest) -> str:
    """A digest as its tab shows it: the week, what is to be said of it, what was checked and spent."""
    claims = [c for t in digest.themes for c in t.claims] + list(digest.overview) + [p.line for p in digest.papers]
    facts = facts_html(claims, digest.usage, digest.model) if digest.complete else ""
    return digest_article(digest) + notices_html(digest.notices) + facts
