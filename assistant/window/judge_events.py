"""The button under an answer that has its wording judged: one more call, and the answer is kept with its hints."""

from typing import Any

import gradio as gr

from assistant.render.escape import escape_html
from assistant.window.ask_tab import AskTab, around_html
from assistant.window.context import QUIET, WindowContext, owner_of


def wire(context: WindowContext, tab: AskTab, bus: gr.HTML) -> None:
    """Connect the button. What it changes is shown in whichever conversation is open by then."""
    judging: set[int] = set()  # turns that are being judged: a second click on one spends nothing

    async def judge(event: gr.EventData, request: gr.Request) -> None:
        owner, number = owner_of(request), str(event._data.get("turn", ""))
        turn = context.conversations.turn(owner, int(number)) if number.isdecimal() and len(number) < 19 else None
        if turn is None or turn.answer is None or turn.state == "asking" or turn.id in judging:
            return
        judging.add(turn.id)
        try:
            answer = await context.assistant.judged(turn.answer)
        finally:
            judging.discard(turn.id)
        if answer.judged or answer.usage != turn.answer.usage:
            context.conversations.amend(owner, turn.id, answer)
        else:  # nothing was done or spent: said once, not kept
            gr.Info(escape_html(answer.notices[-1]))

    def shown(conversation: str | None, request: gr.Request) -> tuple[Any, Any]:
        turns = context.conversations.turns(owner_of(request), conversation or "")
        if not turns:
            return gr.skip(), gr.skip()
        past, live = around_html(turns, turns[-1])
        return past, gr.skip() if turns[-1].state == "asking" else live  # what is growing there stays

    event = bus.judge(judge, None, None, trigger_mode="multiple", **QUIET)
    event.then(shown, tab.conversation, [tab.past, tab.live], **QUIET)
