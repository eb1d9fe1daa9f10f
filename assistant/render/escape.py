"""Untrusted text made safe to show, and the reference list at the end of every document.

Titles, abstracts and model output are data: whatever they contain, none of it becomes markup, a link or an image, and
nothing invisible is passed on.
"""

import html
import re
from collections.abc import Iterable

from assistant.documents import LabelledPaper
from index.paper import Paper
from index.safety.inert import inert, unlinked, visible

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#~|$!])")
_STRUCK_OR_FORMULA = re.compile(r"[~$]")


def escape_html(text: str) -> str:
    """Text for HTML, also within an attribute."""
    return html.escape(visible(text), quote=True)


def escape_markdown(text: str) -> str:
    """Text for Markdown: nothing in it is markup, a link, an image or HTML, even for a reader that turns bare addresses
    into links."""
    return _MARKDOWN.sub(r"\\\1", unlinked(visible(text)))


def safe_markdown(text: str) -> str:
    """Markdown of a model or a paper without links, images, HTML, formulas and struck-out text; emphasis, lists
    and citation markers stay."""
    return _STRUCK_OR_FORMULA.sub(lambda found: "\\" + found[0], inert(text))


def reference(label: int, paper: Paper) -> str:
    """A Markdown line with the paper that a label stands for: title, day, link or id; and whose words its
    text is in, if they are not the paper's."""
    parts = [f"**{escape_markdown(paper.shown_title)}**"]
    if paper.day:
        parts.append(paper.day)
    if paper.link:
        parts.append(f"<{paper.link}>")
    elif not paper.id.startswith("title:"):
        parts.append(escape_markdown(paper.id))
    if paper.words_by:
        parts.append(paper.words_by)
    return f"[{label}] " + " · ".join(parts)


def references(papers: Iterable[LabelledPaper]) -> str:
    """The Markdown reference list of the cited papers; empty if none is cited."""
    lines = [reference(p.label, p.paper) + "  " for p in papers if p.cited]
    return "\n".join(lines)
