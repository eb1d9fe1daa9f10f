"""Asking in the chat: from the box, from a suggestion, or again; streaming, stopping, and recovery after a failure."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import gradio as gr

from assistant.chat import settle, talk
from assistant.conversations import Turn
from assistant.window.access.gate import FULL
from assistant.window.ask_tab import AskTab, open_conversation
from assistant.window.context import QUIET, WindowContext, owner_of, running
from assistant.window.filters import read_scope
from assistant.window.markup import problem_html, rail_html, turn_html, turns_html
from assistant.window.streaming import paced
from index.safety.limits import refuse_long_question

Changes = AsyncGenerator[dict[Any, Any], None]
STILL_WRITING = "The last answer of this conversation is still being written. Wait for it, or ask in a new one."


def _begun(context: WindowContext, tab: AskTab, address: gr.Textbox, owner: str, turn: Turn) -> dict[Any, Any]:
    """What changes on the page when a question has been accepted."""
    earlier = [t for t in context.conversations.turns(owner, turn.conversation) if t.id != turn.id]
    return {
        **running(tab.send, tab.stop, True),
        tab.conversation: turn.conversation,
        tab.past: turns_html(earlier),
        tab.rail: rail_html(context.conversations.list(owner), turn.conversation),
        tab.first: gr.update(visible=False),
        address: f"?chat={turn.conversation}",
    }


def _inputs(tab: AskTab) -> set[Any]:
    scope = tab.scope
    return {tab.question, tab.conversation, scope.since, scope.until, scope.only}


async def _ask(
    context: WindowContext,
    tab: AskTab,
    address: gr.Textbox,
    question: str,
    values: dict[Any, Any],
    owner: str,
    instead: int | None,
) -> Changes:  # fmt: skip
    """What changes on the page from a question to the end of its answer."""
    conversation, scope = values[tab.conversation], tab.scope
    earlier = context.conversations.turns(owner, conversation)
    busy = any(turn.state == "asking" for turn in earlier)
    if busy:
        gr.Info(STILL_WRITING)
    if busy or not question.strip():
        yield {tab.send: gr.update()}  # what was typed stays in the box
        return
    try:
        refuse_long_question(question)
        asked_of = read_scope(values[scope.since], values[scope.until], values[scope.only])
    except ValueError as error:
        yield {**({tab.past: turns_html(earlier)} if earlier else {}), tab.live: problem_html(str(error))}
        return
    where = {"conversation": conversation, "scope": asked_of, "instead": instead}
    turns = paced(talk(context.assistant, context.conversations, owner, question, **where))
    begun = False
    async with aclosing(turns):
        async for turn in turns:
            changes = {} if begun else _begun(context, tab, address, owner, turn)
            if not begun and question == values[tab.question]:
                changes[tab.question] = ""
            begun = True
            yield {**changes, tab.live: turn_html(turn, last=True)}
    yield running(tab.send, tab.stop, False)


def wire(context: WindowContext, tab: AskTab, bus: gr.HTML, address: gr.Textbox) -> None:
    """Connect the box, the buttons and the suggestions to the assistant."""
    inputs = _inputs(tab)
    outputs = [tab.question, tab.send, tab.stop, *tab.shown, address]

    async def from_box(values: dict[Any, Any], request: gr.Request) -> Changes:
        changes = _ask(context, tab, address, values[tab.question], values, owner_of(request), None)
        async with aclosing(changes):
            async for change in changes:
                yield change

    async def from_click(values: dict[Any, Any], event: gr.EventData, request: gr.Request) -> Changes:
        question, turn = str(event._data.get("text", "")), str(event._data.get("turn", ""))
        instead = int(turn) if turn.isdigit() else None
        changes = _ask(context, tab, address, question, values, owner_of(request), instead)
        async with aclosing(changes):
            async for change in changes:
                yield change

    async def ended(conversation: str | None, request: gr.Request) -> dict[Any, Any]:
        owner = owner_of(request)
        if conversation:
            await settle(context.conversations, owner, conversation)
        opened = open_conversation(context, owner, conversation)
        return {**running(tab.send, tab.stop, False), **dict(zip(tab.shown, opened, strict=True))}

    async def failed(conversation: str | None, request: gr.Request) -> dict[Any, Any]:
        shown = await ended(conversation, request)
        turns = context.conversations.turns(owner_of(request), conversation or "")
        if not turns or turns[-1].state == "done":  # the question was not accepted: the queue is full
            shown[tab.live] = problem_html(FULL)
        return shown

    def amended(event: gr.EventData) -> str:
        return str(event._data.get("text", ""))

    runs: list[Any] = [
        tab.question.submit(from_box, inputs, outputs, trigger_mode="multiple", **QUIET),
        tab.send.click(from_box, inputs, outputs, trigger_mode="multiple", **QUIET),
        bus.ask(from_click, inputs, outputs, trigger_mode="multiple", **QUIET),
        bus.again(from_click, inputs, outputs, trigger_mode="multiple", **QUIET),
    ]
    for event in runs:
        event.failure(failed, tab.conversation, [tab.send, tab.stop, *tab.shown], queue=False, **QUIET)
    tab.stop.click(ended, tab.conversation, [tab.send, tab.stop, *tab.shown], cancels=runs, **QUIET)
    bus.amend(amended, None, tab.question, **QUIET)
