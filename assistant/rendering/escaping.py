"""Untrusted text made safe to show, and the reference list that every document ends with.

Titles, abstracts and model output are data: whatever they hold, none of it becomes markup, a link or an image.
"""

import html
import re
from collections.abc import Iterable

from assistant.documents import LabelledPaper
from index.paper import Paper

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#~|$!])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def escape_html(text: str) -> str:
    """Text as it may stand in HTML, in an attribute too; control characters are dropped."""
    return html.escape(_CONTROL.sub("", text), quote=True)


def escape_markdown(text: str) -> str:
    """Text as it may stand in Markdown: nothing in it is markup, a link, an image or HTML."""
    return _MARKDOWN.sub(r"\\\1", _CONTROL.sub("", text))


def plain(text: str) -> str:
    """Text without control characters, for a terminal: no escape sequence of a paper reaches it."""
    return _CONTROL.sub("", text)


def reference(label: int, paper: Paper) -> str:
    """A Markdown line that says which paper a label is: title, day, link, id."""
    parts = [f"**{escape_markdown(paper.title)}**"]
    if paper.day:
        parts.append(paper.day)
    if paper.link:
        parts.append(f"<{paper.link}>")
    elif not paper.id.startswith("title:"):
        parts.append(escape_markdown(paper.id))
    return f"[{label}] " + " · ".join(parts)


def references(papers: Iterable[LabelledPaper]) -> str:
    """The Markdown reference list of the cited papers; empty where none is cited."""
    lines = [reference(p.label, p.paper) + "  " for p in papers if p.cited]
    return "\n".join(lines)
