"""The Compare tab: two papers side by side, each found by a name or part of its title."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import gradio as gr

from assistant.compare import find_paper
from assistant.documents import Comparison
from assistant.window.context import QUIET, WindowContext, html, running, wire_run
from assistant.window.downloads import file_links
from assistant.window.layout import beside
from assistant.window.markup import comparison_html, line_html, problem_html
from assistant.window.paper_choice import candidates_html, name_for, paper_box, suggestions_for
from assistant.window.streaming import paced
from index.errors import LibraryError, UnknownPaper
from index.safety.limits import refuse_long_question

WELCOME = (
    '<section class="welcome"><h2 class="greeting">Compare two papers</h2><p>Method, data, results and limits '
    "side by side. Every cell cites the sentence it came from; "
    "figures that cannot be compared are marked.</p></section>"
)


@dataclass(frozen=True)
class CompareTab:
    """The tab's components."""

    first: gr.Textbox
    second: gr.Textbox
    first_offers: gr.HTML
    second_offers: gr.HTML
    compare: gr.Button
    swap: gr.Button
    stop: gr.Button
    note: gr.HTML
    result: gr.HTML
    shown: gr.State

    @property
    def filled(self) -> list[Any]:
        """What an address fills: the boxes with what they offer, and the comparison."""
        return [self.first, self.second, self.first_offers, self.second_offers, self.result, self.shown]


def build(context: WindowContext) -> CompareTab:
    """Lay out the tab."""
    with gr.Column(elem_classes="page cites"):
        html('<h1 class="sr">Compare papers</h1>')
        with beside("pair"):
            with gr.Column():
                first, first_offers = paper_box("First paper", placeholder="A name, or part of a title")
            with gr.Column():
                second, second_offers = paper_box("Second paper", placeholder="A name, or part of a title")
        with beside():
            compare = gr.Button("Compare", variant="primary")
            swap = gr.Button("Swap")
            stop = gr.Button("Stop", visible=False, elem_classes="halt")
        note = html()
        result = html(WELCOME, elem_id="comparison")
    return CompareTab(first, second, first_offers, second_offers, compare, swap, stop, note, result, gr.State(None))


def pair_address(a: str, b: str) -> str:
    """The query address that opens the tab with these two papers filled in."""
    return f"?{urlencode({'a': a.strip(), 'b': b.strip()})}"


async def unclear(context: WindowContext, a: str, b: str) -> dict[str, Any]:
    """What the tab shows, by the name of its component, if a name has no one meaning: why, and beneath each such box
    the papers that may be meant. Empty if both are clear. Raises ValueError for a name that is too long."""
    problems, offers = [], {}
    for name, do in ((a, "first"), (b, "second")):
        refuse_long_question(name, "The name of a paper")
        try:
            await asyncio.to_thread(find_paper, context.assistant.library, name)
        except UnknownPaper as error:
            problems.append(problem_html(str(error)))
            offers[f"{do}_offers"] = candidates_html(error, name, do)
    return {"result": "".join(problems), **offers} if problems else {}


def _page(context: WindowContext, comparison: Comparison) -> str:
    files = file_links(comparison, context.recent.keep(comparison)) if comparison.complete else ""
    return comparison_html(comparison) + files


async def linked_pages(context: WindowContext, a: str, b: str) -> AsyncGenerator[dict[str, Any], None]:
    """What a link to a comparison shows: it costs nothing, so the papers' own sentences, and how to have it written."""
    try:
        if asked := await unclear(context, a, b):
            yield asked
            return
        async with aclosing(context.assistant.compare_stream(a, b, llm=False)) as snapshots:
            async for comparison in snapshots:
                page = _page(context, comparison)
        if context.assistant.model:
            page = (
                line_html("In the papers' own sentences, at no cost. Compare has the model write it.", "count") + page
            )
        yield {"result": page, "shown": comparison}
    except (LibraryError, ValueError) as error:
        yield {"result": problem_html(str(error))}


def _swapped(comparison: Comparison) -> Comparison:
    """The same table with the papers in the other order; nothing is asked again."""
    rows = tuple(replace(row, cells=row.cells[::-1]) for row in comparison.rows)
    return replace(comparison, papers=comparison.papers[::-1], rows=rows)


def wire(context: WindowContext, tab: CompareTab, bus: gr.HTML, address: gr.Textbox) -> None:
    """Connect the tab's events."""
    for box, offers, action in ((tab.first, tab.first_offers, "first"), (tab.second, tab.second_offers, "second")):
        _wire_box(context, box, offers, action, bus)

    async def compared(a: str, b: str) -> AsyncGenerator[dict[Any, Any], None]:
        if not a.strip() or not b.strip():
            yield {tab.result: problem_html("Name two papers: a short name, an id, or part of a title.")}
            return
        yield {
            **running(tab.compare, tab.stop, True),
            tab.shown: None,
            address: pair_address(a, b),
            tab.note: "",
        }
        shown: dict[str, Any] = {}
        try:
            shown = await unclear(context, a, b)
            if not shown:
                async with aclosing(paced(context.assistant.compare_stream(a.strip(), b.strip()))) as snapshots:
                    async for comparison in snapshots:
                        yield {tab.result: _page(context, comparison)}
                yield {tab.shown: comparison}
        except (LibraryError, ValueError) as error:
            yield {tab.result: problem_html(str(error))}
        offers = {"first_offers": "", "second_offers": ""} | shown  # in place of one that came late
        yield {**running(tab.compare, tab.stop, False), **{getattr(tab, name): each for name, each in offers.items()}}

    def swapped(a: str, b: str, comparison: Comparison | None) -> tuple[Any, ...]:
        other = _swapped(comparison) if comparison else None
        changed = (_page(context, other), pair_address(b, a)) if other else (gr.update(), gr.update())
        return b, a, "", "", other, *changed

    outputs = [tab.compare, tab.stop, tab.first_offers, tab.second_offers, tab.note, tab.result, tab.shown, address]
    boxes = [tab.first, tab.second]
    to_swap = [*boxes, tab.first_offers, tab.second_offers, tab.shown, tab.result, address]
    tab.swap.click(swapped, [*boxes, tab.shown], to_swap, **QUIET)
    wire_run(
        compared,
        (tab.compare.click, tab.first.submit, tab.second.submit),
        boxes,
        outputs,
        tab.compare,
        tab.stop,
        tab.note,
    )


def _wire_box(context: WindowContext, box: gr.Textbox, offers: gr.HTML, action: str, bus: gr.HTML) -> None:
    def offered(text: str) -> str:
        return suggestions_for(context, text, action)

    def picked(event: gr.EventData) -> tuple[Any, ...]:
        try:
            library = context.assistant.library
            return name_for(library, library.get(str(event._data.get("paper", "")))), ""
        except UnknownPaper as error:
            return gr.update(), problem_html(str(error))

    box.input(offered, box, offers, trigger_mode="always_last", **QUIET)
    getattr(bus, action)(picked, None, [box, offers], **QUIET)
