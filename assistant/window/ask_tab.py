"""The Ask tab: conversations at the left, the chat in the middle, the source beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.conversations import Turn
from assistant.documents import NO_MODEL_ANSWER
from assistant.render.html import render
from assistant.window.add_form import AddForm, add_form
from assistant.window.context import EACH, LATEST, QUIET, WindowContext, html, named_in, owner_of
from assistant.window.filters import ScopeFields, chosen, scope_fields, wire_tags
from assistant.window.layout import beside
from assistant.window.markup import button, notices_html, rail_html, turn_html, turns_html
from assistant.window.suggestions import examples

LISTED = 100  # conversations in the list, until older ones are asked for


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
        """The components that opening a conversation sets."""
        return [self.conversation, self.past, self.live, self.rail, self.first]


def welcome_html(context: WindowContext) -> str:
    """The text above the first question: what to ask, or how to begin where there are no papers yet."""
    library = context.assistant.library
    notices = notices_html(() if context.assistant.model else (NO_MODEL_ANSWER,))
    asked = examples(library) if library.count() else ()
    return render("welcome.html", count=library.count(), examples=asked, notices=notices)


def open_conversation(context: WindowContext, owner: str, conversation: str | None) -> tuple[Any, ...]:
    """The values of `AskTab.shown` for a conversation, or for a new one."""
    turns = context.conversations.turns(owner, conversation) if conversation else []
    shown = conversation if conversation and turns else ""
    growing = context.answering.of(owner).get(shown)
    rail = list_html(context, owner, shown)
    empty = not context.assistant.library.count()
    if growing:
        past, live = around_html(turns, growing.turn)
        return shown, past, live, rail, gr.update(visible=False)
    if turns:
        past, live = around_html(turns, turns[-1])
        return shown, past, live, rail, gr.update(visible=False)
    return "", welcome_html(context), "", rail, gr.update(visible=empty)


def around_html(turns: Sequence[Turn], live: Turn) -> tuple[str, str]:
    """The turns of a conversation before one that is being written or is the last, and that one with those after it: it
    may take the place of an older one."""
    at = next((place for place, turn in enumerate(turns) if turn.id == live.id), len(turns))
    later = turns[at + 1 :]
    return turns_html(turns[:at], more=True), turn_html(live, last=not later) + turns_html(later)


def list_html(
    context: WindowContext,
    owner: str,
    shown: str | None,
    find: str = "",
    deleted: str | None = None,
    most: int = LISTED,
) -> str:
    """The list of conversations, at most so many, with a mark where an answer is being written."""
    found = context.conversations.list(owner, find, most + 1)
    writing = context.answering.of(owner).keys()
    more = most + LISTED if len(found) > most else None
    return rail_html(found[:most], shown, deleted, writing=writing, find=find, more=more)


def build(context: WindowContext) -> AskTab:
    """Lay out the tab."""
    with beside(elem_id="desk"):
        with gr.Column(elem_id="rail"):
            html(button("New conversation", "fresh", style="fresh"))
            find = gr.Textbox("", label="Search conversations", placeholder="Search", show_label=False, max_lines=1)
            rail = html("", elem_id="conversations")
        with gr.Column(elem_id="chat"):
            html('<h1 class="sr">Ask your papers</h1>')
            html(render("bar.html"), elem_id="bar")
            past = html("", elem_id="past")
            live = html("", elem_id="live")
            with gr.Column(visible=False, elem_id="first") as first:
                adding = add_form(context, with_sample=True)
            with gr.Column(elem_id="composer"):
                html(
                    "These look like papers. " + button("Add them to the library", "pasted", style=None),
                    elem_id="pasted",
                )
                with beside(elem_id="asking"):
                    question = gr.Textbox(
                        "", label="Question", placeholder="Ask about your papers", lines=1, max_lines=8,
                        container=False, interactive=False, elem_id="question",
                    )  # fmt: skip
                    send = gr.Button("Ask", variant="primary", elem_id="send")
                    stop = gr.Button("Stop", elem_id="stop", elem_classes="halt")
                scope = scope_fields(context)
    conversation = gr.Textbox("", visible="hidden", label="Conversation")
    return AskTab(question, send, stop, conversation, past, live, rail, find, first, adding, scope)


def wire(context: WindowContext, tab: AskTab, bus: gr.HTML, address: gr.Textbox) -> list[Any]:
    """Connect the tab's events, except the asking itself (`ask_events.py`). Returns those that open a conversation."""
    _wire_scope(context, tab, bus)
    return _wire_rail(context, tab, bus, address)


def greet_again(context: WindowContext, tab: AskTab, changed: Any) -> None:
    """After another model was connected, or none, a conversation that has not begun says so at once."""

    def greeting(conversation: str | None) -> Any:
        return gr.skip() if conversation else welcome_html(context)

    changed.then(greeting, tab.conversation, tab.past, **QUIET)


def _wire_scope(context: WindowContext, tab: AskTab, bus: gr.HTML) -> None:
    outputs = [tab.scope.only, tab.scope.chips]

    def add(only: tuple[str, ...], event: gr.EventData) -> tuple[Any, ...]:
        return chosen(context, [*only, *named_in(event)])

    def drop(only: tuple[str, ...], event: gr.EventData) -> tuple[Any, ...]:
        return chosen(context, [identity for identity in only if identity != event._data.get("paper")])

    bus.only(add, tab.scope.only, outputs, **EACH)
    wire_tags(context, tab.scope, bus)
    bus.drop(drop, tab.scope.only, outputs, **EACH)


def _wire_rail(context: WindowContext, tab: AskTab, bus: gr.HTML, address: gr.Textbox) -> list[Any]:
    def listed(find: str, conversation: str | None, request: gr.Request) -> str:
        return list_html(context, owner_of(request), conversation, find)

    def opened(event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        conversation = event._data.get("chat")
        context.views.opened(request)
        return (
            *open_conversation(context, owner_of(request), conversation),
            f"?chat={conversation}" if conversation else "?",
        )

    def renamed(find: str, conversation: str | None, event: gr.EventData, request: gr.Request) -> str:
        context.conversations.rename(owner_of(request), str(event._data.get("chat")), str(event._data.get("title", "")))
        return listed(find, conversation, request)

    async def forgotten(
        find: str, conversation: str | None, event: gr.EventData, request: gr.Request
    ) -> tuple[Any, ...]:
        owner, deleted = owner_of(request), str(event._data.get("chat"))
        await context.answering.stop(owner, deleted)  # nobody waits for it
        context.conversations.delete(owner, deleted)
        here, past, live, _, *others = open_conversation(context, owner, conversation)
        return here, past, live, list_html(context, owner, here, find, deleted), *others

    def recalled(find: str, conversation: str | None, event: gr.EventData, request: gr.Request) -> str:
        context.conversations.delete(owner_of(request), str(event._data.get("chat")), undo=True)
        return listed(find, conversation, request)

    def rated(conversation: str | None, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        owner = owner_of(request)
        context.conversations.rate(owner, int(event._data["turn"]), int(event._data["thumb"]))
        return open_conversation(context, owner, conversation)[1:3]

    def turned(conversation: str | None, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        owner, version = owner_of(request), str(event._data.get("turn", ""))
        busy = any(turn.state == "asking" for turn in context.conversations.turns(owner, conversation or ""))
        if not busy and version.isdecimal() and len(version) < 19:
            context.conversations.show_version(owner, int(version))
        return open_conversation(context, owner, conversation)

    def older(find: str, conversation: str | None, event: gr.EventData, request: gr.Request) -> str:
        most = str(event._data.get("most", ""))
        many = int(most) if most.isdecimal() and len(most) < 7 else LISTED
        return list_html(context, owner_of(request), conversation, find, most=many)

    here = [tab.find, tab.conversation]
    tab.find.change(listed, here, tab.rail, **LATEST)
    opening = [action(opened, None, [*tab.shown, address], **EACH) for action in (bus.chat, bus.fresh)]
    bus.older(older, here, tab.rail, **EACH)
    bus.rename(renamed, here, tab.rail, **EACH)
    bus.forget(forgotten, here, tab.shown, **EACH)
    bus.recall(recalled, here, tab.rail, **EACH)
    bus.version(turned, tab.conversation, tab.shown, **EACH)
    bus.rate(rated, tab.conversation, [tab.past, tab.live], **EACH)
    return opening
