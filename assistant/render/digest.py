"""A digest as Markdown, as one HTML page that mail programs show, and as plain text: every paper once.

Every word of a paper or a model is escaped; links go to the papers only, even in a mail program that turns addresses
into links.
"""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.citations import cited_sentence, marker, own_words
from assistant.documents import Claim, Digest, DigestPaper, LabelledPaper, Theme
from assistant.render.claims import NOT_CHECKED, write_claim
from assistant.render.digest_news import news
from assistant.render.escape import escape_markdown, reference
from index.english import count_of
from index.safety.inert import inert, unlinked, visible

ALSO, LEFT_OUT, NOTES = "Also this week", "Left out", "Notes"
WIDTH = 100  # columns of plain text
MAIL_BYTES = 100_000  # Gmail shows 102 KB of a mail's page, and cuts off the rest
CHART_NAME = 60  # characters of a theme's title in the chart


def title(digest: Digest) -> str:
    """The title of a digest: `Papers of 2026-W16, 2026-04-13 to 2026-04-19`."""
    span = f"{digest.since} to {digest.until}"
    return f"Papers of {digest.week}, {span}" if digest.week else f"Papers of {span}"


def count(digest: Digest) -> str:
    """How many papers there are and where they are listed: the lists below add up to it."""
    if digest.topics:
        placed = sum(len(topic.labels) for topic in digest.topics)
        every, held = count_of(len(digest.topics), "topic"), sum(bool(topic.labels) for topic in digest.topics)
        where = every if held in (0, len(digest.topics)) else f"{held} of {every}"
        parts = [f"{placed:,} in {where}", *([f"{len(digest.outside):,} outside"] if digest.outside else [])]
        return _with_left_out(digest, f"{count_of(placed + len(digest.outside), 'paper')}: {', '.join(parts)}")
    placed = sum(len(theme.labels) for theme in digest.themes)
    parts = [f"{placed:,} in {count_of(len(digest.themes), 'theme')}"] if _has_themes(digest) else []
    parts += [f"{len(digest.other):,} besides"] if digest.other else []
    return _with_left_out(digest, count_of(len(digest.papers), "paper") + (f": {', '.join(parts)}" if parts else ""))


def _with_left_out(digest: Digest, whole: str) -> str:
    return f"{whole}. {len(digest.excluded):,} left out." if digest.excluded else f"{whole}."


def as_shown(digest: Digest) -> Digest:
    """A digest as it is read. One that is divided by topics has those that hold papers in the place of its themes, only
    their papers, and of the overview what is about them; any other is shown whole."""
    if not digest.topics:
        return digest
    shown = {label for topic in digest.topics for label in topic.labels}
    return replace(
        digest,
        papers=tuple(p for p in digest.papers if p.label in shown),
        overview=tuple(claim for claim in digest.overview if {c.label for c in claim.citations} <= shown),
        themes=tuple(Theme(topic.name, topic.labels, topic.claims) for topic in digest.topics if topic.labels),
        other=(),
    )


def not_shown(digest: Digest) -> str:
    """One sentence or two on the topics without papers and on how many papers are on none; empty where it is not
    divided by topics."""
    if not digest.topics:
        return ""
    empty = [f"“{topic.name}”" for topic in digest.topics if not topic.labels]
    none = f"No paper is on {' or '.join(empty)}. " if empty else ""
    one, outside = len(digest.topics) == 1, len(digest.outside)
    if not outside:
        return f"{none}Every paper is on {'this topic' if one else 'one of these topics'}."
    where = "not on this topic" if one else "on none of these topics"
    return f"{none}{count_of(outside, 'paper')} {'is' if outside == 1 else 'are'} {where}."


def made_by(digest: Digest) -> str:
    """Who wrote it, and what was checked."""
    if digest.mode == "quotes":
        return f"{own_words(p.paper for p in digest.papers)}."
    return (
        f"Written by {digest.model}. Checked against the cited sentences: figures, names, quotes, citations. "
        f"{NOT_CHECKED}"
    )


def _has_themes(digest: Digest) -> bool:
    """Whether any theme has several papers: in a week of few papers each has its own theme."""
    return any(len(theme.labels) > 1 for theme in digest.themes)


def _sections(digest: Digest) -> Iterator[tuple[str, Sequence[Claim], list[DigestPaper]]]:
    """Each theme's title, claims and papers; finally the papers without a theme. The title is empty if it is the title
    of the theme's only paper: the claims then follow the paper's line."""
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
    digest = as_shown(digest)
    lines = [f"# {title(digest)}", "", f"*{count(digest)}*"]
    lines += ["", *(f"- {_markdown(claim)}" for claim in digest.overview)] if digest.overview else []
    for name, claims, papers in _sections(digest):
        lines += ["", *([f"## {escape_markdown(name)} ({len(papers)})", ""] if name else [])]
        lines += [" ".join(map(_markdown, claims)), ""] if claims and name else []
        for p in papers:
            said = " ".join(map(_markdown, [p.line, *(() if name else claims)]))
            lines.append(f"- {' · '.join(filter(None, (reference(p.label, p.paper), _upvotes(p))))}  \n  {said}")
    lines += ["", escape_markdown(not_shown(digest))] if digest.topics else []
    for name, told in news(digest):
        lines += ["", f"## {escape_markdown(name)}", "", *(f"- {escape_markdown(line)}" for line in told)]
    if digest.excluded:
        lines += ["", f"## {LEFT_OUT} ({len(digest.excluded)})", ""]
        lines += [f"- {escape_markdown(f'{e.id}: {e.reason}')}" for e in digest.excluded]
    lines += ["", f"## {NOTES}", "", *(f"- {escape_markdown(n)}" for n in (*digest.notices, made_by(digest)))]
    return "\n".join(lines) + "\n"


def _markdown(claim: Claim) -> str:
    return write_claim(claim, escape_markdown, marker)


def _upvotes(entry: DigestPaper) -> str:
    return count_of(entry.paper.upvotes, "upvote") if entry.paper.upvotes else ""


# ---- plain text
def to_text(digest: Digest) -> str:
    """The digest as plain text, for the plain part of a mail."""
    digest = as_shown(digest)
    lines = [title(digest), "", count(digest), ""]
    lines += [line for claim in digest.overview for line in _wrap(_text(claim), "* ")]
    for name, claims, papers in _sections(digest):
        lines += ["", *_wrap(f"{name} ({len(papers)})"), "-" * min(len(name) + 4, WIDTH)] if name else []
        lines += _wrap(" ".join(map(_text, claims))) if claims and name else []
        for p in papers:
            about = " · ".join(filter(None, (p.paper.day, p.paper.link, p.paper.words_by)))
            lines += [
                "",
                *_wrap(f"[{p.label}] {unlinked(p.paper.shown_title)}"),
                *([f"    {visible(about)}"] if about else []),
            ]
            lines += _wrap(" ".join(map(_text, [p.line, *(() if name else claims)])), "    ")
    lines += ["", *_wrap(not_shown(digest))] if digest.topics else []
    for name, told in news(digest):
        lines += ["", name, *(line for text in told for line in _wrap(unlinked(text), "* "))]
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


# ---- HTML
def to_html(digest: Digest) -> str:
    """The digest as one HTML page that needs nothing else: no script, inline style, light and dark, readable on a
    phone; a citation leads to its paper and shows the cited sentence, if the claim is not that sentence itself."""
    return _drawn("digest_page.html", digest)


def to_body(digest: Digest) -> str:
    """What that page shows, without the page around it, for a feed."""
    return _drawn("digest_body_page.html", digest)


def fitting_mail(digest: Digest, page: str) -> tuple[str, int]:
    """The page of a digest for a mail: with as many of the papers as mail programs show whole, and how many are
    left."""
    total = len(as_shown(digest).papers)
    if len(page.encode()) <= MAIL_BYTES:
        return page, 0
    fits, too_many = 0, total
    while too_many - fits > 1:
        tried = (fits + too_many) // 2
        if len(_drawn("digest_page.html", digest, tried).encode()) <= MAIL_BYTES:
            fits = tried
        else:
            too_many = tried
    return _drawn("digest_page.html", digest, fits), total - fits


def _drawn(template: str, digest: Digest, most: int | None = None) -> str:
    """A template filled with a digest, with at most so many papers."""
    from assistant.render.html import render

    digest = as_shown(digest)
    papers = [LabelledPaper(p.label, p.paper) for p in digest.papers]
    room = most if most is not None else len(papers)
    sections = []
    for name, claims, members in _sections(digest):
        shown = members[: max(room, 0)]
        room -= len(shown)
        sections.append((name, claims, shown, len(members)))
    return render(
        template,
        digest=digest,
        title=title(digest),
        count=count(digest),
        chart=chart(digest),
        sections=[section for section in sections if section[2]],
        left=len(papers) - sum(len(section[2]) for section in sections),
        sentence=lambda citation: cited_sentence(citation, papers),
        upvotes=_upvotes,
        not_shown=not_shown(digest),
        news=news(digest),
        notes=(*digest.notices, made_by(digest)),
    )


def chart(digest: Digest) -> str:
    """The number of papers in each theme as an inline SVG; empty with fewer than two themes, or one per paper."""
    from assistant.render.html import draw

    rows = [(theme.title, len(theme.labels)) for theme in digest.themes]
    if len(rows) < 2 or not _has_themes(digest):
        return ""
    rows += [(ALSO, len(digest.other))] if digest.other else []
    short = [
        (name if len(name) <= CHART_NAME else f"{name[: CHART_NAME - 1].rstrip()}…", number) for name, number in rows
    ]
    return draw("chart.html", "chart", short, max(number for _, number in rows))
