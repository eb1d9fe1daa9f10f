"""What every tab works with: the assistant, the kept conversations, and the bus that carries clicks from the page."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

from assistant.answering import Answering
from assistant.conversations import Conversations
from assistant.window.recent import RecentDocuments

if TYPE_CHECKING:
    import gradio as gr

    from assistant.engine import Assistant

# The values of `data-do` attributes in our HTML; window.js passes each on as an event of the bus.
ACTIONS = (
    "ask again version judge rate source only drop paper papers star remove unsample restore pair chat "
    "fresh rename older forget recall connect go week tag note rest everything limit "
    "first second third fourth fifth sixth seventh eighth"
).split()


PAGES = 1_000  # open pages of which it is known what they show


class Views:
    """What each open page shows, as a number that changes whenever it shows something else: what follows an answer
    that is being written ends when its page has gone on. Only the latest pages are known."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._shown: dict[str, int] = {}

    def opened(self, request: "gr.Request") -> int:
        """The number of what the page of a request shows from now on."""
        page = request.session_hash or ""
        self._shown.pop(page, None)
        self._shown[page] = number = next(self._numbers)
        if len(self._shown) > PAGES:
            del self._shown[next(iter(self._shown))]
        return number

    def is_shown(self, request: "gr.Request", number: int) -> bool:
        """Whether the page of a request still shows that."""
        return self._shown.get(request.session_hash or "") == number


@dataclass(frozen=True)
class WindowContext:
    """The assistant and the store of conversations behind a served window. `own`: it is one person's, on this machine;
    only then may it read what runs beside it. `absent`: the seconds for which an owner has had no page open; `views`:
    what each page shows; `recent`: the comparisons and digests that can be saved."""

    assistant: "Assistant"
    conversations: Conversations
    own: bool = True
    absent: Callable[[str], float] = lambda _: 0.0
    views: Views = field(default_factory=Views)
    recent: RecentDocuments = field(default_factory=RecentDocuments)

    @cached_property
    def answering(self) -> Answering:
        """The answers that are being written."""
        return Answering(self.assistant, self.conversations, self.absent)


def html(value: str = "", **options: Any) -> "gr.HTML":
    """A piece of our own HTML, without Gradio's style."""
    import gradio as gr

    return gr.HTML(value, apply_default_css=False, **options)


def named_in(event: "gr.EventData") -> list[str]:
    """The ids of the papers that a click is about: several that were selected, or one."""
    several = event._data.get("papers")
    return list(map(str, several)) if isinstance(several, list) else [str(event._data.get("paper", ""))]


def make_bus() -> "gr.HTML":
    """The invisible component whose events are the clicks on `data-do` in any HTML of the page."""
    import gradio as gr

    return gr.HTML("", visible="hidden", elem_id="bus", js_on_load=f"papers.connect(trigger, {json.dumps(ACTIONS)})")


def owner_of(request: "gr.Request | None") -> str:
    """Whose conversations a request may see: the signed-in person's, or everybody's without accounts."""
    return (request.username or "") if request is not None else ""


def running(start: "gr.Button", stop: "gr.Button", runs: bool) -> dict[Any, Any]:
    """Shows the stop button while something runs, and the start button otherwise."""
    import gradio as gr

    return {start: gr.update(visible=not runs), stop: gr.update(visible=runs)}


def wire_run(
    run: Any, triggers: "Sequence[Any]", inputs: "Sequence[Any]", outputs: "Sequence[Any]",
    start: "gr.Button", stop: "gr.Button", note: "gr.HTML",
    what_is_kept: Callable[..., Any] | None = None, of: "Sequence[Any]" = (),
) -> None:  # fmt: skip
    """Starts `run` on some triggers and lets a button stop it; the note says so if it ends early. After a stop,
    `what_is_kept` says in the note what was kept; it gets the values of the components `of`."""
    import gradio as gr

    from assistant.window.markup import line_html, problem_html

    stopped_at = gr.State(float("-inf"))  # on the clock of this process

    def ended(stopped: float) -> dict[Any, Any]:
        if time.monotonic() - stopped < SAME_STOP:  # what is cancelled fails too
            return running(start, stop, False)
        return {**running(start, stop, False), note: problem_html(ENDED_EARLY)}

    events = [trigger(run, inputs, outputs, **QUIET) for trigger in triggers]
    for event in events:
        event.failure(ended, stopped_at, [start, stop, note], **QUIET)

    def halted() -> dict[Any, Any]:
        said = line_html(STOPPED, "aside", "status")
        return {**running(start, stop, False), note: said, stopped_at: time.monotonic()}

    stopped = stop.click(halted, None, [start, stop, note, stopped_at], cancels=events, **QUIET)
    if what_is_kept:
        stopped.then(what_is_kept, of, note, **QUIET)


ENDED_EARLY = "It ended early: the terminal that serves this window says why."
STOPPED = "Stopped."
SAME_STOP = 5.0  # seconds: a failure so soon after a stop is that of what was stopped
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}  # how our events are declared
# By itself Gradio drops an event while the answer to the one before is on its way, however long that takes: a click on
# the bus is answered in its turn, and a field as it is last. (`always_last` would repeat the first click.)
EACH: dict[str, Any] = {**QUIET, "trigger_mode": "multiple", "concurrency_limit": 1}
LATEST: dict[str, Any] = {**QUIET, "trigger_mode": "always_last"}
