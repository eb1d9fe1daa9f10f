"""Choosing a paper by its name: what a box suggests while one types, and what it asks when a name is not clear.

The lists are ours, since Gradio's own boxes swallow Enter and cannot say more of an item than its text;
`scripts/suggestions.js` makes each box a combobox and lets the keys reach them.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.question.papers import find_paper, fitting, trimmed
from assistant.render.html import render
from assistant.window.context import WindowContext, html
from assistant.window.markup import line_html
from index.errors import LibraryError, UnknownPaper
from index.paper import Paper

if TYPE_CHECKING:
    from index.library import Library

OFFERED = 6  # papers
LONGEST = 400  # characters; a longer text is no part of a title


def paper_box(label: str, **options: Any) -> tuple[gr.Textbox, gr.HTML]:
    """A box for a paper's name, and the list beneath it."""
    with gr.Column(elem_classes="picking", min_width=0):
        box = gr.Textbox("", label=label, max_lines=1, **options)
        offers = html()
    return box, offers


def suggestions_for(context: WindowContext, text: str, do: str) -> str:
    """The papers that a typed text may mean, as a list whose items do `do`: those it fits as a name first, then the
    shortest titles with all of its words. Empty for no text, and once a whole title has been chosen."""
    if not text.strip() or len(text) > LONGEST:
        return ""
    library = context.assistant.library
    titles = library.titles()
    if [title for _, title in titles].count(text) == 1:
        return ""
    meant = fitting(library, trimmed(text))
    words = set(text.casefold().split())
    found = [(len(title), id) for id, title in titles if all(word in title.casefold() for word in words)]
    ids = list(dict.fromkeys([*meant, *(id for _, id in sorted(found))]))[:OFFERED]
    papers = library.papers_by_id(ids)
    listed = [papers[id] for id in ids if id in papers]
    return list_html(listed, do, text, clear=len(meant) == 1) or line_html("No title contains these words.", "empty")


def candidates_html(unknown: UnknownPaper, text: str, do: str) -> str:
    """The papers that a name without one meaning may be, as a list that stays until one is chosen."""
    return list_html(unknown.candidates, do, text, asks=True)


def list_html(papers: Iterable[Paper], do: str, text: str, *, clear: bool = False, asks: bool = False) -> str:
    """Papers as a list box for a box that holds `text`. `clear`: the text names one paper, so that Enter need not
    choose; `asks`: the list is a question, and takes the focus."""
    papers = list(papers)
    if not papers:
        return ""
    return render("suggested.html", papers=papers, do=do, text=text, clear=clear, asks=asks)


def name_for(library: "Library", paper: Paper) -> str:
    """What names a paper in a box: its title if that means this paper and no other, else its id."""
    try:
        alone = find_paper(library, paper.shown_title).paper.id == paper.id
    except LibraryError:
        alone = False
    return paper.shown_title if alone else paper.id
