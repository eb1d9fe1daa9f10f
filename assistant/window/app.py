"""The page: four tabs and the model's form in one Gradio Blocks, opened by query addresses."""

import inspect
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import parse_qs, urlencode

import gradio as gr

from assistant.compare.job import MOST
from assistant.window import (
    ask_events,
    ask_tab,
    compare_tab,
    judge_events,
    library_changes,
    library_tab,
    model_tab,
    weekly_tab,
)
from assistant.window.compare_boxes import names_in
from assistant.window.context import EACH, QUIET, WindowContext, html, make_bus, named_in, owner_of
from assistant.window.markup import source_html
from assistant.window.paper_choice import name_for
from assistant.window.steps import Steps
from assistant.window.week_choice import in_address
from index.errors import UnknownPaper

ADDED = ("tags", "others", "rows")  # parameters of tools that came after their endpoints


@dataclass(frozen=True)
class Page:
    """The components of the page."""

    blocks: gr.Blocks
    bus: gr.HTML
    address: gr.Textbox
    tabs: gr.Tabs
    ask: ask_tab.AskTab
    weekly: weekly_tab.WeeklyTab
    compare: compare_tab.CompareTab
    library: library_tab.LibraryTab
    model: model_tab.ModelTab


def build(context: WindowContext, may_connect: Callable[[gr.Request], bool]) -> gr.Blocks:
    """The whole page for one context; `may_connect` says who may change the model."""
    blocks = gr.Blocks(title="Daily Papers", analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600))
    with blocks:
        html('<a class="brand" href="?">Daily Papers</a>', elem_id="brand")
        bus = make_bus()
        address = gr.Textbox("", visible="hidden", label="Link")
        with gr.Tabs(elem_id="tabs", overflow_behavior="wrap") as tabs:
            with gr.Tab("Ask", id="ask"):
                ask = ask_tab.build(context)
            with gr.Tab("Weekly", id="weekly") as weeks:
                weekly = weekly_tab.build(context)
            with gr.Tab("Compare", id="compare"):
                compare = compare_tab.build(context)
            with gr.Tab("Library", id="library") as shelf:
                library = library_tab.build(context)
            with gr.Tab("Model", id="model", alignment="right") as connecting:
                model = model_tab.build(context)
        source = html("", elem_id="source")
        page = Page(blocks, bus, address, tabs, ask, weekly, compare, library, model)
        opening = ask_tab.wire(context, ask, bus, address)
        ask_events.wire(context, ask, bus, address)
        judge_events.wire(context, ask, bus)
        weekly_tab.wire(context, weekly, bus, address, weeks.select, may_connect)
        compare_tab.wire(context, compare, bus, address)
        library_tab.wire(context, library, bus, tabs, address, shelf.select)
        library_changes.wire(context, library, bus)
        for changed in model_tab.wire(context, model, bus, connecting.select, may_connect):
            ask_tab.greet_again(context, ask, changed)
        address.change(None, address, None, js="(query) => papers.address(query)")
        _wire_source(context, bus, source)
        for opened in (*opening, *_wire_opening(context, page)):
            ask_events.follow(context, ask, opened)
        _add_endpoints(context)
    return blocks


def _add_endpoints(context: WindowContext) -> None:
    """The named endpoints for `gradio_client`: the same five tools as over MCP, answering the same JSON."""
    from assistant.mcp import Tools

    for tool in Tools(context.assistant).all():
        gr.events.api(_by_place(tool), api_name=tool.__name__)


def _by_place(tool: Callable[..., Any]) -> Callable[..., Any]:
    """A tool as an endpoint, which takes all its values by their places: without those that were added to tools later,
    so that whoever calls it goes on being understood."""

    @wraps(tool)
    async def endpoint(*values: Any) -> dict[str, Any]:
        found: dict[str, Any] = await tool(*values)
        return found

    signature = inspect.signature(tool)
    kept = [parameter for name, parameter in signature.parameters.items() if name not in ADDED]
    endpoint.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]
    return endpoint


def _wire_source(context: WindowContext, bus: gr.HTML, panel: gr.HTML) -> None:
    """A click on a citation, in any tab, shows its sentence in the abstract."""

    def source(event: gr.EventData) -> str:
        numbers = [int(n) for n in str(event._data.get("sentences", "")).split(",") if n.isdigit()]
        try:
            return source_html(context.assistant.library.get(str(event._data.get("paper", ""))), numbers)
        except UnknownPaper:
            return source_html(None)

    bus.source(source, None, panel, **EACH)


def _wire_opening(context: WindowContext, page: Page) -> list[Any]:
    """Open what an address names: a tab, a conversation, a paper, a week or a pair. Returns the events that open it."""
    outputs = [page.tabs, page.ask.question, *page.ask.shown, *page.library.shown, *page.weekly.shown]
    outputs += page.compare.filled
    steps = Steps()

    async def go(query: str, owner: str, is_last: Callable[[], bool]) -> AsyncGenerator[dict[Any, Any], None]:
        asked = {name: values[0] for name, values in parse_qs(query.lstrip("?")).items()}
        digest = in_address(asked)
        shown = library_tab.show_address(context, owner, asked)
        changes: dict[Any, Any] = {page.tabs: gr.Tabs(selected=_tab_of(asked))}
        changes |= dict(zip(page.ask.shown, ask_tab.open_conversation(context, owner, asked.get("chat")), strict=True))
        changes |= dict(zip(page.library.shown, shown, strict=True))
        changes |= {getattr(page.weekly, name): value for name, value in weekly_tab.filled(context, digest).items()}
        if compares := names_in(asked):
            named = [_in_words(context, name) for name in compares]
            boxes = page.compare.boxes
            changes |= dict(zip(boxes.parts, boxes.filled(named, len(named)), strict=True))
            changes[page.compare.rows] = asked.get("rows", "")
        changes[page.ask.question] = gr.update(interactive=True)  # only now: what is typed earlier would be lost
        yield changes
        if digest:  # a link costs nothing: it shows what was already written, else quotes
            async with aclosing(weekly_tab.digest_pages(context, digest, free=True)) as pages:
                async for note, drawn in pages:
                    if not is_last():
                        break
                    yield {page.weekly.note: note, page.weekly.result: drawn}
        if len(compares) > 1:
            async for linked in compare_tab.linked_pages(context, page.compare, compares, asked.get("rows", "")):
                if is_last():
                    yield linked
        yield {page.tabs: gr.skip()}  # Gradio sends the last change once more, when another page may be shown

    async def loaded(request: gr.Request) -> AsyncGenerator[dict[Any, Any], None]:
        context.views.opened(request)
        async with steps.take(request, 0) as is_last:
            async for changes in go(urlencode(dict(request.query_params)), owner_of(request), is_last):
                yield changes

    async def gone_to(event: gr.EventData, request: gr.Request) -> AsyncGenerator[dict[Any, Any], None]:
        number = event._data.get("step")
        async with steps.take(request, number if isinstance(number, int) else 0) as is_last:
            if is_last():
                context.views.opened(request)
                async for changes in go(str(event._data.get("query", "")), owner_of(request), is_last):
                    yield changes
            else:
                yield {page.tabs: gr.skip()}

    opened = page.blocks.load(loaded, None, outputs, **QUIET)
    opened.then(None, None, None, js="() => papers.begin()")
    gone = page.bus.go(gone_to, None, outputs, trigger_mode="multiple", **QUIET)
    _wire_between(context, page)
    return [opened, gone]


def _wire_between(context: WindowContext, page: Page) -> None:
    """Connect what in one tab leads to another."""
    boxes = page.compare.boxes

    def to_pair(event: gr.EventData) -> tuple[Any, ...]:
        named = [_in_words(context, identity) for identity in named_in(event)[:MOST]]
        if len(named) == 1:  # the other boxes stay as they are
            return gr.Tabs(selected="compare"), named[0], *[gr.update() for _ in boxes.parts[1:]]
        return gr.Tabs(selected="compare"), *boxes.filled(named, len(named))

    def added(conversation: str | None, request: gr.Request) -> tuple[Any, ...]:
        opened = ask_tab.open_conversation(context, owner_of(request), conversation)
        return (*opened, weekly_tab.week_choices(context))

    bus = page.bus
    bus.pair(to_pair, None, [page.tabs, *boxes.parts], **EACH)
    for action in (bus.only, bus.chat, bus.ask):
        action(lambda: gr.Tabs(selected="ask"), None, page.tabs, **EACH)
    for form in (page.ask.adding, page.library.adding):
        form.done.change(added, page.ask.conversation, [*page.ask.shown, page.weekly.week], **QUIET)


def _in_words(context: WindowContext, named: str) -> str:
    """What names a paper in a box, of an id; any other text as it is."""
    library = context.assistant.library
    paper = library.papers_by_id([named]).get(named)
    return name_for(library, paper) if paper else named


def _tab_of(asked: dict[str, str]) -> str:
    if "paper" in asked:
        return "library"
    if in_address(asked):
        return "weekly"
    if "a" in asked or "b" in asked:
        return "compare"
    tab = asked.get("tab", "ask")
    return tab if tab in ("ask", "weekly", "compare", "library", "model") else "ask"
