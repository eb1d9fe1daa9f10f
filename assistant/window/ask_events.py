"""Asking in the chat: from the box, from a suggestion, or again; following the answers that are being written, stopping
one, and recovery after a failure."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import gradio as gr

from assistant.conversations import Turn
from assistant.window.access.gate import FULL
from assistant.window.ask_tab import AskTab, around_html, list_html, open_conversation
from assistant.window.context import QUIET, WindowContext, owner_of
from assistant.window.filters import read_scope
from assistant.window.markup import problem_html, turn_html, turns_html
from index.safety.limits import refuse_long_question

Changes = AsyncGenerator[dict[Any, Any], None]
STILL_WRITING = "The last answer of this conversation is still being written. Wait for it, or ask in a new one."
PACE = 0.1  # seconds between two changes of a page, at least


def _begun(context: WindowContext, tab: AskTab, address: gr.Textbox, owner: str, turn: Turn) -> dict[Any, Any]:
    """What changes on the page when a question has been accepted."""
    past, live = around_html(context.conversations.turns(owner, turn.conversation), turn)
    return {
        tab.conversation: turn.conversation,
        tab.past: past,
        tab.live: live,
        tab.rail: list_html(context, owner, turn.conversation),
        tab.first: gr.update(visible=False),
        address: f"?chat={turn.conversation}",
    }


def _live_html(context: WindowContext, owner: str, turn: Turn) -> str:
    """A turn that is being written, or has just been, with those after it if it takes the place of an older one."""
    if turn.versions[-1:] != (turn.id,) or len(turn.versions) == 1:
        return turn_html(turn, last=True)
    return around_html(context.conversations.turns(owner, turn.conversation), turn)[1]


async def _followed(
    context: WindowContext, tab: AskTab, conversation: str | None, request: gr.Request, shown: Turn | None
) -> Changes:
    """What changes on a page while answers are written: that of the conversation it shows as it grows, and the marks
    in the list. Ends when nothing is written any more, or when the page shows something else.

    `shown`: the turn that the page shows as growing; it may have ended before this begins, and is then drawn whole.
    """
    owner, answering = owner_of(request), context.answering
    view = context.views.opened(request)
    marked = frozenset(answering.of(owner)) | ({shown.conversation} if shown else frozenset())
    while (marked or shown) and context.views.is_shown(request, view):
        growing = answering.of(owner).get(conversation or "")
        changes: dict[Any, Any] = {}
        if growing and growing.turn is not shown:
            shown = growing.turn
            changes[tab.live] = _live_html(context, owner, shown)
        elif not growing and shown:
            ended, shown = context.conversations.turn(owner, shown.id), None
            changes[tab.live] = _live_html(context, owner, ended) if ended else ""
        if (now := frozenset(answering.of(owner))) != marked:
            marked = now
            changes[tab.rail] = list_html(context, owner, conversation)
        if changes:
            yield changes
            await asyncio.sleep(PACE)
        if marked:
            await answering.change(owner)
    yield {tab.live: gr.skip()}  # Gradio sends the last change once more at the end, when the page may show another


def _inputs(tab: AskTab) -> set[Any]:
    scope = tab.scope
    return {tab.question, tab.conversation, scope.since, scope.until, scope.only, scope.tags}


async def _ask(
    context: WindowContext,
    tab: AskTab,
    address: gr.Textbox,
    question: str,
    values: dict[Any, Any],
    request: gr.Request,
    instead: int | None,
) -> Changes:  # fmt: skip
    """What changes on the page from a question to the end of its answer."""
    conversation, scope, owner = values[tab.conversation], tab.scope, owner_of(request)
    earlier = context.conversations.turns(owner, conversation)
    busy = any(turn.state == "asking" for turn in earlier)
    if busy:
        gr.Info(STILL_WRITING)
    if busy or not question.strip():
        yield {tab.question: gr.update()}  # what was typed stays in the box
        return
    try:
        refuse_long_question(question)
        asked_of = read_scope(values[scope.since], values[scope.until], values[scope.only], values[scope.tags])
    except ValueError as error:
        yield {**({tab.past: turns_html(earlier)} if earlier else {}), tab.live: problem_html(str(error))}
        return
    where = {"conversation": conversation, "scope": asked_of, "instead": instead}
    turn = await context.answering.begin(owner, question, **where)
    changes = _begun(context, tab, address, owner, turn)
    if question == values[tab.question]:
        changes[tab.question] = ""
    yield changes
    async with aclosing(_followed(context, tab, turn.conversation, request, turn)) as followed:
        async for changes in followed:
            yield changes


def wire(context: WindowContext, tab: AskTab, bus: gr.HTML, address: gr.Textbox) -> None:
    """Connect the box, the buttons and the suggestions to the assistant."""
    inputs = _inputs(tab)
    outputs = [tab.question, *tab.shown, address]

    async def from_box(values: dict[Any, Any], request: gr.Request) -> Changes:
        async with aclosing(_ask(context, tab, address, values[tab.question], values, request, None)) as changes:
            async for change in changes:
                yield change

    async def from_click(values: dict[Any, Any], event: gr.EventData, request: gr.Request) -> Changes:
        question, turn = str(event._data.get("text", "")), str(event._data.get("turn", ""))
        instead = int(turn) if turn.isdecimal() and len(turn) < 19 else None
        async with aclosing(_ask(context, tab, address, question, values, request, instead)) as changes:
            async for change in changes:
                yield change

    async def stopped(conversation: str | None, request: gr.Request) -> dict[Any, Any]:
        owner = owner_of(request)
        context.views.opened(request)  # what followed the answer says nothing of its end
        if conversation:
            await context.answering.stop(owner, conversation)
        return dict(zip(tab.shown, open_conversation(context, owner, conversation), strict=True))

    async def failed(conversation: str | None, request: gr.Request) -> dict[Any, Any]:
        owner = owner_of(request)
        shown = dict(zip(tab.shown, open_conversation(context, owner, conversation), strict=True))
        turns = context.conversations.turns(owner, conversation or "")
        if not turns or turns[-1].state == "done":  # the question was not accepted: the queue is full
            shown[tab.live] = problem_html(FULL)
        return shown

    runs: list[Any] = [
        tab.question.submit(from_box, inputs, outputs, trigger_mode="multiple", **QUIET),
        tab.send.click(from_box, inputs, outputs, trigger_mode="multiple", **QUIET),
        bus.ask(from_click, inputs, outputs, trigger_mode="multiple", **QUIET),
        bus.again(from_click, inputs, outputs, trigger_mode="multiple", **QUIET),
    ]
    for event in runs:
        event.failure(failed, tab.conversation, tab.shown, queue=False, **QUIET)
    tab.stop.click(stopped, tab.conversation, tab.shown, queue=False, **QUIET)


def follow(context: WindowContext, tab: AskTab, opened: Any) -> None:
    """Shows an answer that is being written as it grows after an event that `opened` its conversation, in any tab of
    the browser."""

    async def followed(conversation: str | None, request: gr.Request) -> Changes:
        turns = context.conversations.turns(owner_of(request), conversation or "")
        last = turns[-1] if turns else None  # it may have been growing when the conversation was opened
        async with aclosing(_followed(context, tab, conversation, request, last)) as changes:
            async for change in changes:
                yield change

    opened.then(followed, tab.conversation, tab.shown, trigger_mode="multiple", **QUIET)
