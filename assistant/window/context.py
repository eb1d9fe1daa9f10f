"""What every tab works with: the assistant, what is kept, and the bus that carries clicks from the page."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.conversations import Conversations

if TYPE_CHECKING:
    import gradio as gr

    from assistant.engine import Assistant

# What `data-do` attributes in our HTML may say; window.js passes each on as an event of the bus.
ACTIONS = (
    "ask again amend rate source only drop paper papers star remove restore pair first second chat fresh rename forget "
    "recall connect go"
).split()


@dataclass(frozen=True)
class WindowContext:
    """The one assistant and the one store of conversations that a served window has."""

    assistant: "Assistant"
    conversations: Conversations


def html(value: str = "", **options: Any) -> "gr.HTML":
    """A piece of our own HTML, in our own style."""
    import gradio as gr

    return gr.HTML(value, apply_default_css=False, **options)


def make_bus() -> "gr.HTML":
    """The invisible component whose events are the clicks on `data-do` in any HTML of the page."""
    import gradio as gr

    return gr.HTML("", visible="hidden", elem_id="bus", js_on_load=f"papers.connect(trigger, {json.dumps(ACTIONS)})")


def owner_of(request: "gr.Request | None") -> str:
    """Whose conversations a request may see: the signed-in person's, or everybody's without accounts."""
    return (request.username or "") if request is not None else ""


ENDED_EARLY = "It ended early. If it was not you who stopped it, the terminal that serves this window says why."
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}  # how our events are declared
