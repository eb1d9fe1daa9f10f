"""The Compare tab: two papers, named as one would say them, side by side."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import gradio as gr

from assistant.documents import Comparison
from assistant.window.context import ENDED_EARLY, QUIET, Desk, html
from assistant.window.digests import comparison_html
from assistant.window.files import file_links
from assistant.window.parts import button, listed, problem_html
from assistant.window.picker import OFFERED, suggestions_for
from assistant.window.streaming import paced
from index.errors import LibraryError, UnknownPaper

WELCOME = (
    '<section class="welcome"><h1>Compare two papers</h1><p>Method, data, results and limits side by side. Every cell '
    "cites the sentence it came from; figures that cannot be compared are said to be so.</p></section>"
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


def build(desk: Desk) -> CompareTab:
    """Lay out the tab."""
    with gr.Column(elem_classes="page"):
        with gr.Row(elem_classes="pair"):
            with gr.Column():
                first = gr.Textbox("", label="First paper", placeholder="A name, or part of a title", max_lines=1)
                first_offers = html()
            with gr.Column():
                second = gr.Textbox("", label="Second paper", placeholder="A name, or part of a title", max_lines=1)
                second_offers = html()
        with gr.Row():
            compare = gr.Button("Compare", variant="primary")
            swap = gr.Button("Swap")
            stop = gr.Button("Stop", visible=False)
        note = html()
        result = html(WELCOME, elem_id="comparison")
    return CompareTab(first, second, first_offers, second_offers, compare, swap, stop, note, result, gr.State(None))


def pair_address(a: str, b: str) -> str:
    """The query address that opens the tab with two papers named."""
    return f"?{urlencode({'a': a.strip(), 'b': b.strip()})}"


def _not_found_html(error: UnknownPaper, action: str) -> str:
    """Why a name names no paper, and the papers that may be meant as buttons."""
    buttons = [button(p.shown_title, action, style=None, paper=p.id) for p in error.candidates[:OFFERED]]
    return problem_html(str(error)) + listed(buttons, "offered")


def _page(comparison: Comparison) -> str:
    return comparison_html(comparison) + (file_links(comparison) if comparison.complete else "")


def _swapped(comparison: Comparison) -> Comparison:
    """The same table, the second paper before the first; nobody is asked again."""
    rows = tuple(replace(row, cells=row.cells[::-1]) for row in comparison.rows)
    return replace(comparison, papers=comparison.papers[::-1], rows=rows)


def wire(desk: Desk, tab: CompareTab, bus: gr.HTML, address: gr.Textbox) -> None:
    """Connect the tab's events."""
    for box, offers, action in ((tab.first, tab.first_offers, "first"), (tab.second, tab.second_offers, "second")):
        _wire_box(desk, box, offers, action, bus)

    async def compared(a: str, b: str) -> AsyncGenerator[dict[Any, Any], None]:
        if not a.strip() or not b.strip():
            yield {tab.result: problem_html("Name two papers: a short name, an id, or part of a title.")}
            return
        yield {
            tab.compare: gr.update(visible=False),
            tab.stop: gr.update(visible=True),
            tab.shown: None,
            address: pair_address(a, b),
            tab.note: "",
        }
        try:
            async with aclosing(paced(desk.assistant.compare_stream(a.strip(), b.strip()))) as snapshots:
                async for comparison in snapshots:
                    yield {tab.result: _page(comparison)}
            yield {tab.shown: comparison}
        except UnknownPaper as error:
            yield {tab.result: _not_found_html(error, "first" if a.strip() in str(error) else "second")}
        except (LibraryError, ValueError) as error:
            yield {tab.result: problem_html(str(error))}
        offers = dict.fromkeys((tab.first_offers, tab.second_offers), "")  # also one that came late
        yield {tab.compare: gr.update(visible=True), tab.stop: gr.update(visible=False), **offers}

    def swapped(a: str, b: str, comparison: Comparison | None) -> tuple[Any, ...]:
        other = _swapped(comparison) if comparison else None
        changed = (_page(other), pair_address(b, a)) if other else (gr.update(), gr.update())
        return b, a, "", "", other, *changed

    outputs = [tab.compare, tab.stop, tab.first_offers, tab.second_offers, tab.note, tab.result, tab.shown, address]
    boxes = [tab.first, tab.second]
    running: list[Any] = [
        tab.compare.click(compared, boxes, outputs, **QUIET),
        tab.second.submit(compared, boxes, outputs, **QUIET),
    ]
    to_swap = [*boxes, tab.first_offers, tab.second_offers, tab.shown, tab.result, address]
    tab.swap.click(swapped, [*boxes, tab.shown], to_swap, **QUIET)
    ended = (gr.update(visible=True), gr.update(visible=False), problem_html(ENDED_EARLY))
    for event in running:
        event.failure(lambda: ended, None, [*outputs[:2], tab.note], **QUIET)
    tab.stop.click(lambda: ended, None, [*outputs[:2], tab.note], cancels=running, **QUIET)


def _wire_box(desk: Desk, box: gr.Textbox, offers: gr.HTML, action: str, bus: gr.HTML) -> None:
    def offered(text: str) -> str:
        return suggestions_for(desk, text, action)

    def picked(event: gr.EventData) -> tuple[Any, ...]:
        try:
            return desk.assistant.library.get(str(event._data.get("paper", ""))).shown_title, ""
        except UnknownPaper as error:
            return gr.update(), problem_html(str(error))

    box.input(offered, box, offers, trigger_mode="always_last", **QUIET)
    getattr(bus, action)(picked, None, [box, offers], **QUIET)
