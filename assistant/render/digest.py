"""A digest as Markdown, as one HTML page that mail programs show, and as plain text: every paper once.

Every word of a paper or a model is escaped; links go to the papers only, also where a mail program makes links of the
addresses that it finds.
"""

import textwrap
from collections.abc import Callable, Iterator, Sequence

from assistant.citations import cited_sentence, marker
from assistant.documents import Citation, Claim, Digest, DigestPaper, LabelledPaper
from assistant.render.claims import write_claim
from assistant.render.escape import escape_html, escape_markdown, reference
from index.safety.inert import inert, unlinked, visible

ALSO, LEFT_OUT, NOTES = "Also this week", "Left out", "Notes"
WIDTH = 100  # columns of plain text


def title(digest: Digest) -> str:
    """What a digest is of: `Papers of 2026-W16, 2026-04-13 to 2026-04-19`."""
    span = f"{digest.since} to {digest.until}"
    return f"Papers of {digest.week}, {span}" if digest.week else f"Papers of {span}"


def count(digest: Digest) -> str:
    """How many papers there are and where they stand: what comes below adds up to it."""
    placed = sum(len(theme.labels) for theme in digest.themes)
    parts = [f"{placed} in {_plural(len(digest.themes), 'theme')}"] if _has_themes(digest) else []
    parts += [f"{len(digest.other)} besides"] if digest.other else []
    whole = _plural(len(digest.papers), "paper") + (f": {', '.join(parts)}" if parts else "")
    return f"{whole}. {len(digest.excluded)} left out." if digest.excluded else f"{whole}."


def made_by(digest: Digest) -> str:
    """Who wrote it, and what was checked."""
    if digest.mode == "quotes":
        return "In the papers' own words."
    return (
        f"Written by {digest.model}. Checked against the cited sentences: figures, names, quotes, citations. "
        "Not checked: wording, direction, negation."
    )


def _has_themes(digest: Digest) -> bool:
    """Whether papers stand together: a week of a few papers has a theme for each."""
    return any(len(theme.labels) > 1 for theme in digest.themes)


def _plural(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _sections(digest: Digest) -> Iterator[tuple[str, Sequence[Claim], list[DigestPaper]]]:
    """Each theme's title, what is said of it, and its papers; at last the papers of none. The title is empty where it
    is that of the theme's only paper: what is said of it follows the paper's line then."""
    papers = {p.label: p for p in digest.papers}
    for theme in digest.themes:
        members = [papers[label] for label in theme.labels]
        repeated = len(members) == 1 and theme.title == inert(members[0].paper.shown_title)
        yield "" if repeated else theme.title, theme.claims, members
    if digest.other:
        yield ALSO, (), [papers[label] for label in digest.other]


# ---- Markdown
def to_markdown(digest: Digest) -> str:
    """The digest as Markdown with citations as `[1.4]`, so that it can be checked again."""
    lines = [f"# {title(digest)}", "", f"*{count(digest)}*"]
    lines += ["", *(f"- {_markdown(claim)}" for claim in digest.overview)] if digest.overview else []
    for name, claims, papers in _sections(digest):
        lines += ["", *([f"## {escape_markdown(name)} ({len(papers)})", ""] if name else [])]
        lines += [" ".join(map(_markdown, claims)), ""] if claims and name else []
        for p in papers:
            said = " ".join(map(_markdown, [p.line, *(() if name else claims)]))
            lines.append(f"- {reference(p.label, p.paper)}{_upvotes(p)}  \n  {said}")
    if digest.excluded:
        lines += ["", f"## {LEFT_OUT} ({len(digest.excluded)})", ""]
        lines += [f"- {escape_markdown(f'{e.id}: {e.reason}')}" for e in digest.excluded]
    lines += ["", f"## {NOTES}", "", *(f"- {escape_markdown(n)}" for n in (*digest.notices, made_by(digest)))]
    return "\n".join(lines) + "\n"


def _markdown(claim: Claim) -> str:
    return write_claim(claim, escape_markdown, marker)


def _upvotes(entry: DigestPaper) -> str:
    return f" · {_plural(entry.paper.upvotes, 'upvote')}" if entry.paper.upvotes else ""


# ---- plain text
def to_text(digest: Digest) -> str:
    """The digest as plain text, for the plain part of a mail."""
    lines = [title(digest), "", count(digest), ""]
    lines += [line for claim in digest.overview for line in _wrap(_text(claim), "* ")]
    for name, claims, papers in _sections(digest):
        lines += ["", *_wrap(f"{name} ({len(papers)})"), "-" * min(len(name) + 4, WIDTH)] if name else []
        lines += _wrap(" ".join(map(_text, claims))) if claims and name else []
        for p in papers:
            about = " · ".join(filter(None, (p.paper.day, p.paper.link)))
            lines += [
                "",
                *_wrap(f"[{p.label}] {unlinked(p.paper.shown_title)}"),
                *([f"    {visible(about)}"] if about else []),
            ]
            lines += _wrap(" ".join(map(_text, [p.line, *(() if name else claims)])), "    ")
    if digest.excluded:
        lines += ["", f"{LEFT_OUT} ({len(digest.excluded)})"]
        lines += [line for e in digest.excluded for line in _wrap(f"{e.id}: {e.reason}", "* ")]
    lines += ["", *(line for notice in (*digest.notices, made_by(digest)) for line in _wrap(notice, "* "))]
    return "\n".join(lines) + "\n"


def _text(claim: Claim) -> str:
    return write_claim(claim, visible, marker)


def _wrap(text: str, first: str = "") -> list[str]:
    indent = " " * len(first)
    return textwrap.wrap(
        visible(text), WIDTH, initial_indent=first, subsequent_indent=indent, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


# ---- HTML. Mail programs drop style sheets, so that each element bears its own style; colours come from the reader's
# program (light or dark) and are only made fainter.
_QUIET = "opacity:.75;font-size:.9em"
_BODY = (
    "color-scheme:light dark;margin:0 auto;padding:1em;max-width:44em;"
    "font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;overflow-wrap:anywhere"
)
_ITEM = "margin:0 0 1em;padding:0"
_BAR, _ROW, _CHART, _COUNT = 8, 36, 440, 30  # pixels of the chart: a bar, a row (name above bar), its width, a count
_LONGEST = 60  # characters of a name there


def to_html(digest: Digest) -> str:
    """The digest as one HTML page that needs nothing else: no script, inline style, light and dark, readable on a
    phone; what a citation cites is shown on hovering."""
    write = _html_writer([LabelledPaper(p.label, p.paper) for p in digest.papers])
    overview = "".join(f'<li style="margin-bottom:.5em">{write(claim)}</li>' for claim in digest.overview)
    sections = "\n".join(_html_section(name, claims, papers, write) for name, claims, papers in _sections(digest))
    left_out = "".join(f"<li>{escape_html(f'{e.id}: {e.reason}')}</li>" for e in digest.excluded)
    notes = "".join(f"<li>{escape_html(notice)}</li>" for notice in (*digest.notices, made_by(digest)))
    return f"""<!doctype html>
<html lang="en" style="color-scheme:light dark">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{escape_html(title(digest))}</title>
</head>
<body style="{_BODY}">
<h1 style="font-size:1.4em;line-height:1.3">{escape_html(title(digest))}</h1>
<p>{escape_html(count(digest))}</p>
{f'<ul style="padding-left:1.2em">{overview}</ul>' if overview else ""}
{chart(digest)}
{sections}
{f'<h2 style="font-size:1.15em">{LEFT_OUT}</h2><ul style="{_QUIET}">{left_out}</ul>' if left_out else ""}
<ul style="{_QUIET};margin-top:2em">{notes}</ul>
</body>
</html>
"""


def _html_section(
    name: str, claims: Sequence[Claim], papers: Sequence[DigestPaper], write: Callable[[Claim], str]
) -> str:
    said = f"<p>{' '.join(map(write, claims))}</p>" if claims and name else ""
    head = f'<h2 style="font-size:1.15em;margin-top:2em">{escape_html(name)} ({len(papers)})</h2>{said}' if name else ""
    items = []
    for p in papers:
        label, link = escape_html(unlinked(p.paper.shown_title)), p.paper.link
        named = f'<a href="{escape_html(link)}">{label}</a>' if link else label
        about = escape_html(" · ".join(filter(None, (p.paper.day, _upvotes(p).lstrip(" ·")))))
        items.append(
            f'<li id="p{p.label}" style="{_ITEM}"><b>[{p.label}] {named}</b> <span style="{_QUIET}">{about}</span><br>'
            f"{' '.join(map(write, [p.line, *(() if name else claims)]))}</li>"
        )
    return f'{head}\n<ul style="list-style:none;padding:0">{"".join(items)}</ul>'


def _html_writer(papers: Sequence[LabelledPaper]) -> Callable[[Claim], str]:
    """How claims are written: each citation leads to its paper and shows the cited sentence, if the claim is not
    that sentence itself."""

    def write(claim: Claim) -> str:
        quote = claim.text.startswith("“")

        def cite(cited: tuple[Citation, ...]) -> str:
            links = []
            for c in cited:
                sentence = None if quote else cited_sentence(c, papers)
                shown = f' title="{escape_html(sentence)}"' if sentence else ""
                number = f"{c.label}.{c.sentence}" if c.sentence else f"{c.label}"
                links.append(f'<a href="#p{c.label}"{shown} style="text-decoration:none">[{number}]</a>')
            return "".join(links)

        return write_claim(claim, escape_html, cite)

    return write


def chart(digest: Digest) -> str:
    """The papers of each theme as an inline SVG; empty where there are fewer than two themes, or one for
    each paper."""
    rows = [(theme.title, len(theme.labels)) for theme in digest.themes]
    if len(rows) < 2 or not _has_themes(digest):
        return ""
    rows += [(ALSO, len(digest.other))] if digest.other else []
    most = max(number for _, number in rows)
    drawn = []
    for place, (name, number) in enumerate(rows):
        base, length = place * _ROW + 14, max(round((_CHART - _COUNT) * number / most), 2)
        short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"
        drawn.append(
            f'<text x="0" y="{base}" font-size="13" fill="currentColor">{escape_html(short)}</text>'
            f'<rect x="0" y="{base + 5}" width="{length}" height="{_BAR}" rx="2" fill="currentColor" opacity=".45"/>'
            f'<text x="{length + 6}" y="{base + 13}" font-size="12" fill="currentColor">{number}</text>'
        )
    height = len(rows) * _ROW
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_CHART} {height}" width="100%" role="img" '
        f'aria-label="Papers of each theme" style="max-width:{_CHART}px;font-family:system-ui,sans-serif">'
        f"{''.join(drawn)}</svg>"
    )
