"""The Model tab: which model answers, what leaves this machine, and a form to connect another one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.connection import LocalServer, connect, disconnect, local_servers, what_leaves
from assistant.llm import LLMError
from assistant.render.html import render
from assistant.window.context import QUIET, WindowContext, html
from assistant.window.layout import beside
from assistant.window.markup import line_html, problem_html
from index.safety.system_errors import sentence, why

MayConnect = Callable[[gr.Request], bool]
NOT_ALLOWED = (
    "The model is connected on the machine that serves this window, or by the first person of its sign-in file."
)


@dataclass(frozen=True)
class ModelTab:
    """The tab's components."""

    status: gr.HTML
    local: gr.HTML
    url: gr.Textbox
    key: gr.Textbox
    model: gr.Dropdown
    save: gr.Button
    leave: gr.Button
    report: gr.HTML
    filled: gr.State


def status_html(context: WindowContext, person: str | None) -> str:
    """What answers now, what leaves the machine, and who is signed in."""
    settings, model = context.assistant.settings, context.assistant.model
    leaves = what_leaves(settings)
    return render("model.html", model=model, server=settings.server, leaves=leaves, person=person)


def local_html(servers: tuple[LocalServer, ...]) -> str:
    """The models of servers on this machine, as buttons that connect one."""
    return render("local_models.html", servers=servers)


def build(context: WindowContext) -> ModelTab:
    """Lay out the tab."""
    with gr.Column(elem_classes="page narrow", elem_id="model"):
        html('<h1 class="sr">Model</h1>')
        status = html(status_html(context, None))
        local = html()
        html(
            '<h2 class="small">Connect a model</h2><p class="meta">OpenAI, or any server that speaks its API: Ollama, '
            "LM Studio, vLLM, llama.cpp.</p>"
        )
        # not to be typed in before it is filled: what is typed earlier would be lost
        url = gr.Textbox("", label="Address", placeholder="Empty: OpenAI", max_lines=1, interactive=False)
        key = gr.Textbox(
            "", label="Key", type="password", placeholder="Not needed for a server of your own", max_lines=1,
            interactive=False,
        )  # fmt: skip
        model = gr.Dropdown(
            [], label="Model", allow_custom_value=True, value=None, info="Empty: the default", interactive=False
        )
        with beside("doing"):
            save = gr.Button("Test and connect", variant="primary")
            leave = gr.Button("Disconnect", visible=False)
        report = html()
        html(render("appearance.html"), elem_id="appearance")
    return ModelTab(status, local, url, key, model, save, leave, report, gr.State(False))


def _form(context: WindowContext, tab: ModelTab) -> dict[Any, Any]:
    """The form with what is set; a key is not shown, only that there is one."""
    settings, model = context.assistant.settings, context.assistant.model
    kept = "Set. Empty keeps it." if settings.api_key else "Not needed for a server of your own"
    return {
        tab.url: gr.update(value=settings.base_url or "", interactive=True),
        tab.key: gr.update(value="", placeholder=kept, interactive=True),
        tab.model: gr.update(value=model.name or None if model else None, interactive=True),
        tab.leave: gr.update(visible=model is not None),
        tab.filled: True,
    }


def wire(context: WindowContext, tab: ModelTab, bus: gr.HTML, opened: Any, may_connect: MayConnect) -> list[Any]:
    """Connect the tab's events; `opened` is the event of the tab being selected. Returns those after which another
    model, or none, may answer."""
    outputs = [tab.status, tab.report, tab.key, tab.url, tab.model, tab.leave, tab.filled]

    def look(filled: bool, request: gr.Request) -> dict[Any, Any]:
        """What is set now; what was typed stays, also while another tab was looked at."""
        shown: dict[Any, Any] = {tab.status: status_html(context, request.username)}
        if not may_connect(request):
            return shown
        if not filled:
            return shown | _form(context, tab)
        return shown | {tab.leave: gr.update(visible=context.assistant.model is not None)}

    async def look_around(request: gr.Request) -> str:
        return local_html(await local_servers() if may_connect(request) else ())

    async def save(url: str, key: str, model: str | None, request: gr.Request) -> dict[Any, Any]:
        if not may_connect(request):
            return {tab.report: problem_html(NOT_ALLOWED), tab.key: ""}
        try:
            models = await connect(context.assistant, url.strip(), key.strip(), (model or "").strip())
        except (LLMError, ValueError) as error:
            return {tab.report: problem_html(str(error))}
        except OSError as error:
            return {tab.report: problem_html(sentence(error, "written", context.assistant.settings.env_file))}
        name = context.assistant.model.name if context.assistant.model else ""
        return {
            **_form(context, tab),
            tab.status: status_html(context, request.username),
            tab.report: line_html(f"It works. {name} now answers.", "done", "status"),
            tab.model: gr.update(choices=list(models), value=name),
        }

    async def choose(event: gr.EventData, request: gr.Request) -> dict[Any, Any]:
        return await save(str(event._data.get("url", "")), "", str(event._data.get("model", "")), request)

    def leave(request: gr.Request) -> dict[Any, Any]:
        if not may_connect(request):
            return {tab.report: problem_html(NOT_ALLOWED)}
        try:
            named = disconnect(context.assistant)
        except OSError as error:
            return {tab.report: problem_html(f"The connection could not be removed: {why(error)}.")}
        again = f" The environment names one ({named}): it is back when the window is started again." if named else ""
        return {
            **_form(context, tab),
            tab.status: status_html(context, request.username),
            tab.report: line_html(f"Disconnected. Answers are quotes.{again}", "done", "status"),
        }

    opened(look, tab.filled, outputs, **QUIET)
    opened(look_around, None, tab.local, **QUIET)  # takes a moment, and must not undo what is typed meanwhile
    return [
        tab.save.click(save, [tab.url, tab.key, tab.model], outputs, **QUIET),
        bus.connect(choose, None, outputs, **QUIET),
        tab.leave.click(leave, None, outputs, **QUIET),
    ]
