"""What a question is asked of: days, and single papers ("ask only these"), found by a part of their title."""

from collections.abc import Sequence
from dataclasses import dataclass

import gradio as gr

from assistant.conversations import Scope
from assistant.render.html import render
from assistant.window.context import QUIET, WindowContext, html
from assistant.window.markup import line_html, offered_html
from index.errors import UnknownPaper
from index.paper import Paper, iso_date

OFFERED = 6  # papers


@dataclass(frozen=True)
class ScopeFields:
    """The components that hold a scope: two days, the ids of chosen papers, and how those are shown."""

    since: gr.Textbox
    until: gr.Textbox
    only: gr.State
    chips: gr.HTML


def read_scope(since: str, until: str, only: Sequence[str]) -> Scope:
    """The scope that the fields hold. Raises ValueError with a sentence for a day that is none."""
    try:
        return Scope(iso_date(since.strip()), iso_date(until.strip()), tuple(only))
    except ValueError:
        raise ValueError("A day is written as 2026-03-05. Mend the filter, or empty it.") from None


def chips_html(papers: Sequence[Paper]) -> str:
    """The chosen papers, each with a button that lets it go."""
    return render("chips.html", papers=papers)


def chosen(context: WindowContext, ids: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Chosen ids without those that are gone, and their chips."""
    papers = []
    for identity in dict.fromkeys(ids):
        try:
            papers.append(context.assistant.library.get(identity))
        except UnknownPaper:
            continue
    return tuple(p.id for p in papers), chips_html(papers)


def suggestions_for(context: WindowContext, text: str, do: str) -> str:
    """Papers whose titles hold every typed word, as buttons that do `do` with one; none for a whole title."""
    words = set(text.casefold().split())
    if not words:
        return ""
    titles = context.assistant.library.titles()
    if any(title == text for _, title in titles):  # one has been chosen
        return ""
    found = [(i, title) for i, title in titles if all(w in title.casefold() for w in words)]
    shortest = sorted(found, key=lambda each: len(each[1]))[:OFFERED]
    return offered_html(shortest, do) or line_html("No title holds these words.", "empty")


def scope_fields(context: WindowContext) -> ScopeFields:
    """The fields, closed at first, beneath the question."""
    only = gr.State(())
    chips = html("", elem_id="chosen")
    with gr.Accordion("Filters", open=False, elem_id="filters"):
        with gr.Row():
            since = gr.Textbox("", label="Since", placeholder="YYYY-MM-DD", max_lines=1)
            until = gr.Textbox("", label="Until", placeholder="YYYY-MM-DD", max_lines=1)
        find = gr.Textbox("", label="Ask only these papers", placeholder="Part of a title", max_lines=1)
        found = html("")
    find.change(
        lambda text: suggestions_for(context, text, "only"), find, found,
        trigger_mode="always_last", queue=False, **QUIET,
    )  # fmt: skip
    return ScopeFields(since, until, only, chips)
