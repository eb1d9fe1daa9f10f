"""Limits on the papers that a question searches: days, tags, and single papers chosen by part of their title."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.conversations import QuestionScope
from assistant.render.html import render
from assistant.window.context import EACH, QUIET, WindowContext, html
from assistant.window.layout import beside, folded
from assistant.window.paper_choice import paper_box, suggestions_for
from index.errors import UnknownPaper
from index.paper import Paper, iso_date


@dataclass(frozen=True)
class ScopeFields:
    """The components that hold a scope: two days, the ids of the chosen papers and the list that shows them, the chosen
    tags and the buttons that choose them."""

    since: gr.Textbox
    until: gr.Textbox
    only: gr.State
    chips: gr.HTML
    tags: gr.State
    tag_buttons: gr.HTML


def read_scope(since: str, until: str, only: Sequence[str], tags: Sequence[str] = ()) -> QuestionScope:
    """The scope in the fields. Raises ValueError with a sentence for an invalid day."""
    try:
        return QuestionScope(iso_date(since.strip()), iso_date(until.strip()), tuple(only), tuple(tags))
    except ValueError:
        raise ValueError("Write a day as 2026-03-05. Correct the filter, or clear it.") from None


def chips_html(papers: Sequence[Paper]) -> str:
    """The chosen papers, each with a button that removes it."""
    return render("chips.html", papers=papers)


def chosen(context: WindowContext, ids: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """The chosen ids without those of removed papers, and the list that shows them."""
    papers = []
    for identity in dict.fromkeys(ids):
        try:
            papers.append(context.assistant.library.get(identity))
        except UnknownPaper:
            continue
    return tuple(p.id for p in papers), chips_html(papers)


def tags_html(context: WindowContext, chosen: Sequence[str]) -> str:
    """The library's tags as buttons; empty without any."""
    return render("scope_tags.html", tags=context.assistant.library.annotations.tags(), chosen=chosen)


def wire_tags(context: WindowContext, scope: ScopeFields, bus: gr.HTML) -> None:
    """A click on a tag limits the questions to papers with it, another click no longer."""

    def limited(tags: tuple[str, ...], event: gr.EventData) -> tuple[Any, ...]:
        tag = str(event._data.get("tag", ""))
        now = tuple(t for t in tags if t != tag) if tag in tags else (*tags, tag)
        known = context.assistant.library.annotations.tags()
        now = tuple(t for t in now if t in known)
        return now, tags_html(context, now)

    bus.limit(limited, scope.tags, [scope.tags, scope.tag_buttons], **EACH)


def scope_fields(context: WindowContext) -> ScopeFields:
    """The fields beneath the question, collapsed at first."""
    only = gr.State(())
    chips = html("", elem_id="chosen")
    tags = gr.State(())
    with folded("Filters", tells="limit", elem_id="filters"):
        with beside():
            since = gr.Textbox("", label="Since", placeholder="YYYY-MM-DD", max_lines=1)
            until = gr.Textbox("", label="Until", placeholder="YYYY-MM-DD", max_lines=1)
        find, found = paper_box("Ask only these papers", placeholder="Part of a title")
        tag_buttons = html("")
    find.change(
        lambda text: suggestions_for(context, text, "only"), find, found,
        trigger_mode="always_last", queue=False, **QUIET,
    )  # fmt: skip
    return ScopeFields(since, until, only, chips, tags, tag_buttons)
