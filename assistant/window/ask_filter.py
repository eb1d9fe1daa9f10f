"""What a question is asked of: days, and single papers ("ask only these")."""

from collections.abc import Sequence
from dataclasses import dataclass

import gradio as gr

from assistant.conversations import Scope
from assistant.render.escape import escape_html
from assistant.window.context import QUIET, Desk, html
from assistant.window.parts import button, listed
from assistant.window.picker import suggestions_for
from index.errors import UnknownPaper
from index.paper import Paper, iso_date


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
    chips = [
        escape_html(p.short_name or p.shown_title)
        + button("×", "drop", style=None, label=f"Ask of other papers than {p.shown_title} too", paper=p.id)
        for p in papers
    ]
    return f'<p class="scope">Only these papers are asked:</p>{listed(chips, "chips")}' if chips else ""


def chosen(desk: Desk, ids: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Chosen ids without those that are gone, and their chips."""
    papers = []
    for identity in dict.fromkeys(ids):
        try:
            papers.append(desk.assistant.library.get(identity))
        except UnknownPaper:
            continue
    return tuple(p.id for p in papers), chips_html(papers)


def scope_fields(desk: Desk) -> ScopeFields:
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
        lambda text: suggestions_for(desk, text, "only"), find, found, trigger_mode="always_last", queue=False, **QUIET
    )
    return ScopeFields(since, until, only, chips)
