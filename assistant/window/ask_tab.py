"""The Ask tab: conversations at the left, the chat in the middle, the source beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.conversations import Conversation, Turn
from assistant.window.add_form import AddForm, add_form
from assistant.window.ask_filter import ScopeFields, chosen, scope_fields
from assistant.window.context import QUIET, Desk, html, owner_of
from assistant.window.first_screen import EMPTY_HTML, welcome_html
from assistant.window.parts import attributes, button, download, link, listed, query_address
from assistant.window.turns import turn_html

SHOWN = 30  # turns of a conversation on the page


@dataclass(frozen=True)
class AskTab:
    """The tab's components."""

    question: gr.Textbox
    send: gr.Button
    stop: gr.Button
    conversation: gr.Textbox
    past: gr.HTML
    live: gr.HTML
    rail: gr.HTML
    find: gr.Textbox
    first: gr.Column
    adding: AddForm
    scope: ScopeFields

    @property
    def shown(self) -> list[Any]:
        """What an opened conversation sets."""
        return [self.conversation, self.past, self.live, self.rail, self.first]


def rail_html(conversations: Sequence[Conversation], shown: str | None, deleted: str | None = None) -> str:
    """The list of conversations; `deleted` is one that can still be had back."""
    undo = ""
    if deleted:
        undo = f'<p class="undo" role="status">Deleted. {button("Undo", "recall", chat=deleted)}</p>'
    items = []
    for c in conversations:
        menu = [
            button("Rename", "rename", style=None, chat=c.id),
            download("Export", f"download/conversation/{c.id}.md"),
            button("Delete", "forget", style="danger", chat=c.id),
        ]
        items.append(
            link(c.title, query_address("chat", c.id), "chat", here=c.id == shown, chat=c.id)
            + f'<details class="menu"><summary{attributes(aria_label=f"More about {c.title}")}>⋯</summary>'
            f"<div>{''.join(menu)}</div></details>"
        )
    empty = '<p class="empty">Your conversations will stand here.</p>'
    return f'{undo}<nav aria-label="Conversations">{listed(items, "") or empty}</nav>'


def turns_html(turns: Sequence[Turn]) -> str:
    """The last turns of a conversation, one beneath the other."""
    earlier = len(turns) - SHOWN
    more = f'<p class="empty">{earlier} earlier questions are in the export.</p>' if earlier > 0 else ""
    return more + "".join(turn_html(turn, last=turn is turns[-1]) for turn in turns[-SHOWN:])


def open_conversation(desk: Desk, owner: str, conversation: str | None) -> tuple[Any, ...]:
    """The values of `AskTab.shown` for a conversation, or for a new one."""
    turns = desk.conversations.turns(owner, conversation) if conversation else []
    shown = conversation if turns else ""
    rail = rail_html(desk.conversations.list(owner), shown)
    empty = not desk.assistant.library.count()
    if turns:
        return shown, turns_html(turns), "", rail, gr.update(visible=False)
    return "", EMPTY_HTML if empty else welcome_html(desk), "", rail, gr.update(visible=empty)


def build(desk: Desk) -> AskTab:
    """Lay out the tab."""
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="rail"):
            html(button("New conversation", "fresh", style="fresh"))
            find = gr.Textbox("", label="Search conversations", placeholder="Search", show_label=False, max_lines=1)
            rail = html("", elem_id="conversations")
        with gr.Column(elem_id="chat"):
            html(f'<div class="bar">{button("Conversations", "rail")}{button("New", "fresh")}</div>', elem_id="bar")
            past = html("", elem_id="past")
            live = html("", elem_id="live")
            with gr.Column(visible=False, elem_id="first") as first:
                adding = add_form(desk, with_sample=True)
            with gr.Column(elem_id="composer"):
                with gr.Row(elem_id="asking"):
                    question = gr.Textbox(
                        "", label="Question", placeholder="Ask about your papers", lines=1, max_lines=8,
                        container=False, interactive=False, elem_id="question",
                    )  # fmt: skip
                    send = gr.Button("Ask", variant="primary", elem_id="send")
                    stop = gr.Button("Stop", visible=False, elem_id="stop")
                scope = scope_fields(desk)
    conversation = gr.Textbox("", visible="hidden", label="Conversation")
    return AskTab(question, send, stop, conversation, past, live, rail, find, first, adding, scope)


def wire(desk: Desk, tab: AskTab, bus: gr.HTML, address: gr.Textbox) -> None:
    """Connect the tab's events, except the asking itself (`ask_events.py`)."""
    _wire_scope(desk, tab, bus)
    _wire_rail(desk, tab, bus, address)


def _wire_scope(desk: Desk, tab: AskTab, bus: gr.HTML) -> None:
    outputs = [tab.scope.only, tab.scope.chips]

    def add(only: tuple[str, ...], event: gr.EventData) -> tuple[Any, ...]:
        return chosen(desk, [*only, str(event._data.get("paper", ""))])

    def drop(only: tuple[str, ...], event: gr.EventData) -> tuple[Any, ...]:
        return chosen(desk, [identity for identity in only if identity != event._data.get("paper")])

    bus.only(add, tab.scope.only, outputs, **QUIET)
    bus.drop(drop, tab.scope.only, outputs, **QUIET)


def _wire_rail(desk: Desk, tab: AskTab, bus: gr.HTML, address: gr.Textbox) -> None:
    def listed(find: str, conversation: str | None, request: gr.Request) -> str:
        return rail_html(desk.conversations.list(owner_of(request), find), conversation)

    def opened(event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        conversation = event._data.get("chat")
        return (
            *open_conversation(desk, owner_of(request), conversation),
            f"?chat={conversation}" if conversation else "?",
        )

    def renamed(find: str, conversation: str | None, event: gr.EventData, request: gr.Request) -> str:
        desk.conversations.rename(owner_of(request), str(event._data.get("chat")), str(event._data.get("title", "")))
        return listed(find, conversation, request)

    def forgotten(find: str, conversation: str | None, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        owner, deleted = owner_of(request), str(event._data.get("chat"))
        desk.conversations.delete(owner, deleted)
        here, past, live, _, first = open_conversation(desk, owner, conversation)
        return here, past, live, rail_html(desk.conversations.list(owner, find), here, deleted), first

    def recalled(find: str, conversation: str | None, event: gr.EventData, request: gr.Request) -> str:
        desk.conversations.delete(owner_of(request), str(event._data.get("chat")), undo=True)
        return listed(find, conversation, request)

    def rated(conversation: str | None, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        owner = owner_of(request)
        desk.conversations.rate(owner, int(event._data["turn"]), int(event._data["thumb"]))
        return open_conversation(desk, owner, conversation)[1:3]

    here = [tab.find, tab.conversation]
    tab.find.change(listed, here, tab.rail, trigger_mode="always_last", **QUIET)
    bus.chat(opened, None, [*tab.shown, address], **QUIET)
    bus.fresh(opened, None, [*tab.shown, address], **QUIET)
    bus.rename(renamed, here, tab.rail, **QUIET)
    bus.forget(forgotten, here, tab.shown, **QUIET)
    bus.recall(recalled, here, tab.rail, **QUIET)
    bus.rate(rated, tab.conversation, [tab.past, tab.live], **QUIET)
