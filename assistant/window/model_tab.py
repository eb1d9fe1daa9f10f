"""The Model tab: which model answers, what leaves this machine, and a form that connects another one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.connection import LocalServer, connect, local_servers, what_leaves
from assistant.llm import LLMError
from assistant.render.escape import escape_html
from assistant.window.context import QUIET, Desk, html
from assistant.window.parts import button, link, listed, problem_html

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
    report: gr.HTML


def status_html(desk: Desk, person: str | None) -> str:
    """What answers now, what leaves the machine, and who is signed in."""
    settings, model = desk.assistant.settings, desk.assistant.model
    if model is None:
        head = "No model is connected"
        said = "Answers are quotes from your papers. A model writes them in its own words; every sentence is checked."
    else:
        head = f"{escape_html(model.name or 'A model')} answers"
        said = f"At {escape_html(settings.server)}."
    leaves = escape_html(what_leaves(settings))
    who = f'<p class="leaves">Signed in as {escape_html(person)}. {link("Sign out", "logout")}</p>' if person else ""
    return f'<section class="model"><h1>{head}</h1><p>{said}</p><p class="leaves">{leaves}</p>{who}</section>'


def _local_html(servers: tuple[LocalServer, ...]) -> str:
    buttons = [
        button(f"{model} on {server.name}", "connect", style=None, url=server.url, model=model)
        for server in servers
        for model in server.models[:8]
    ]
    return f'<h2 class="small">Running on this machine</h2>{listed(buttons, "offered")}' if buttons else ""


def build(desk: Desk) -> ModelTab:
    """Lay out the tab."""
    with gr.Column(elem_classes="page narrow", elem_id="model"):
        status = html()
        local = html()
        html(
            '<h2 class="small">Connect a model</h2><p class="meta">OpenAI, or any server that speaks its API: Ollama, '
            "LM Studio, vLLM, llama.cpp.</p>"
        )
        url = gr.Textbox("", label="Address", placeholder="Empty: OpenAI", max_lines=1)
        key = gr.Textbox(
            "", label="Key", type="password", placeholder="Not needed for a server of your own", max_lines=1
        )
        model = gr.Dropdown([], label="Model", allow_custom_value=True, value=None, info="Empty: the usual one")
        save = gr.Button("Test and connect", variant="primary")
        report = html()
    return ModelTab(status, local, url, key, model, save, report)


def wire(desk: Desk, tab: ModelTab, bus: gr.HTML, opened: Any, may_connect: MayConnect) -> None:
    """Connect the tab's events; `opened` is the event of the tab's being selected."""
    outputs = [tab.status, tab.report, tab.key, tab.url, tab.model]

    async def look(request: gr.Request) -> tuple[str, str]:
        servers = await local_servers() if may_connect(request) else ()
        return status_html(desk, request.username), _local_html(servers)

    async def save(url: str, key: str, model: str | None, request: gr.Request) -> tuple[Any, ...]:
        if not may_connect(request):
            return gr.update(), problem_html(NOT_ALLOWED), "", gr.update(), gr.update()
        try:
            models = await connect(desk.assistant, url.strip(), key.strip(), (model or "").strip())
        except (LLMError, ValueError, OSError) as error:
            return gr.update(), problem_html(str(error)), gr.update(), gr.update(), gr.update()
        name = desk.assistant.model.name if desk.assistant.model else ""
        said = f'<p class="done" role="status">It works. {escape_html(name)} answers from now on.</p>'
        return status_html(desk, request.username), said, "", url, gr.update(choices=list(models), value=name)

    async def choose(event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        return await save(str(event._data.get("url", "")), "", str(event._data.get("model", "")), request)

    opened(look, None, [tab.status, tab.local], **QUIET)
    tab.save.click(save, [tab.url, tab.key, tab.model], outputs, **QUIET)
    bus.connect(choose, None, outputs, **QUIET)
