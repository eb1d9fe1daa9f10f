"""The Compare tab: two to eight papers side by side, each found by a name or part of its title, in the usual rows or
in rows of one's own."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.compare import find_paper
from assistant.compare.columns import swapped, without
from assistant.compare.rows import rows_in
from assistant.documents import Comparison
from assistant.window.compare_boxes import Boxes, build_boxes, comparison_address, wire_boxes
from assistant.window.context import QUIET, WindowContext, html, running, wire_run
from assistant.window.downloads import file_links
from assistant.window.layout import beside
from assistant.window.markup import comparison_html, line_html, problem_html
from assistant.window.paper_choice import candidates_html
from assistant.window.streaming import paced
from index.english import ORDINALS
from index.errors import LibraryError, UnknownPaper
from index.safety.limits import refuse_long_question

WELCOME = (
    '<section class="welcome"><h2 class="greeting">Compare papers</h2><p>Two to eight, side by side: method, data, '
    "results and limits, or rows of your own. Every cell cites the sentence it came from; figures that cannot be "
    "compared are marked.</p></section>"
)


@dataclass(frozen=True)
class CompareTab:
    """The tab's components."""

    boxes: Boxes
    rows: gr.Textbox
    compare: gr.Button
    stop: gr.Button
    note: gr.HTML
    result: gr.HTML
    shown: gr.State

    @property
    def filled(self) -> list[Any]:
        """What an address fills: the boxes with what they offer, the rows, and the comparison."""
        return [*self.boxes.parts, self.rows, self.result, self.shown]


def build(context: WindowContext) -> CompareTab:
    """Lay out the tab."""
    with gr.Column(elem_classes="page cites"):
        html('<h1 class="sr">Compare papers</h1>')
        with beside("pair"):
            columns, names, offers, removes = build_boxes()
        with beside("pair own-rows"):
            placeholder = "The usual ones, or yours: Data set; Hardware; Open code?"
            rows = gr.Textbox("", label="Rows", placeholder=placeholder, max_lines=1)
        with beside():
            compare = gr.Button("Compare", variant="primary")
            add = gr.Button("Add a paper")
            swap = gr.Button("Swap")
            stop = gr.Button("Stop", visible=False, elem_classes="halt")
        note = html()
        result = html(WELCOME, elem_id="comparison")
    boxes = Boxes(columns, names, offers, removes, add, swap, gr.State(2))
    return CompareTab(boxes, rows, compare, stop, note, result, gr.State(None))


async def unclear(context: WindowContext, names: Sequence[str]) -> dict[Any, str]:
    """What the tab shows if a name has no one meaning: why, as `result`, and by the place of its box the papers that
    may be meant. Empty if all are clear. Raises ValueError for a name that is too long."""
    problems, offers = [], {}
    for place, name in enumerate(names):
        if not name.strip():
            continue
        refuse_long_question(name, "The name of a paper")
        try:
            await asyncio.to_thread(find_paper, context.assistant.library, name)
        except UnknownPaper as error:
            problems.append(problem_html(str(error)))
            offers[place] = candidates_html(error, name, ORDINALS[place])
    return {"result": "".join(problems), **offers} if problems else {}


def _page(context: WindowContext, comparison: Comparison) -> str:
    files = file_links(comparison, context.recent.keep(comparison)) if comparison.complete else ""
    return comparison_html(comparison) + files


async def linked_pages(
    context: WindowContext, tab: CompareTab, names: Sequence[str], rows: str
) -> AsyncGenerator[dict[Any, Any], None]:
    """What a link to a comparison shows: it costs nothing, so the papers' own sentences, and how to have it written."""
    try:
        if asked := await unclear(context, names):
            yield _asked(tab, asked)
            return
        async with aclosing(context.assistant.compare_stream(*names, rows=rows, llm=False)) as snapshots:
            async for comparison in snapshots:
                page = _page(context, comparison)
        if context.assistant.model:
            page = (
                line_html("In the papers' own sentences, at no cost. Compare has the model write it.", "count") + page
            )
        yield {tab.result: page, tab.shown: comparison}
    except (LibraryError, ValueError) as error:
        yield {tab.result: problem_html(str(error))}


def _asked(tab: CompareTab, unclear: dict[Any, str]) -> dict[Any, str]:
    """What is shown where a name has no one meaning, by component; the other lists are closed."""
    return {offers: unclear.get(place, "") for place, offers in enumerate(tab.boxes.offers)} | (
        {tab.result: unclear["result"]} if "result" in unclear else {}
    )


def wire(context: WindowContext, tab: CompareTab, bus: gr.HTML, address: gr.Textbox) -> None:
    """Connect the tab's events."""
    wire_boxes(context, tab.boxes, bus)

    async def compared(rows: str, *names: str) -> AsyncGenerator[dict[Any, Any], None]:
        named = [name.strip() for name in names if name.strip()]
        if len(named) < 2:
            yield {tab.result: problem_html("Name two papers: a short name, an id, or part of a title.")}
            return
        yield {
            **running(tab.compare, tab.stop, True),
            tab.shown: None,
            address: comparison_address(named, rows),
            tab.note: "",
        }
        shown: dict[Any, Any] = {}
        try:
            rows_in(rows)
            shown = await unclear(context, names)
            if not shown:
                comparisons = context.assistant.compare_stream(*named, rows=rows)
                async with aclosing(paced(comparisons)) as snapshots:
                    async for comparison in snapshots:
                        yield {tab.result: _page(context, comparison)}
                yield {tab.shown: comparison}
        except (LibraryError, ValueError) as error:
            yield {tab.result: problem_html(str(error))}
        yield {**running(tab.compare, tab.stop, False), **_asked(tab, shown)}  # in place of lists that came late

    def turned(rows: str, comparison: Comparison | None, a: str, b: str) -> tuple[Any, ...]:
        other = swapped(comparison) if comparison and len(comparison.papers) == 2 else None
        changed = (_page(context, other), comparison_address([b, a], rows)) if other else (gr.update(), gr.update())
        return b, a, "", "", other, *changed

    first, second = tab.boxes.names[:2]
    to_swap = [first, second, *tab.boxes.offers[:2], tab.shown, tab.result, address]
    tab.boxes.swap.click(turned, [tab.rows, tab.shown, first, second], to_swap, **QUIET)
    _wire_removing(context, tab, address)
    outputs = [tab.compare, tab.stop, *tab.boxes.offers, tab.note, tab.result, tab.shown, address]
    triggers = (tab.compare.click, tab.rows.submit, *(box.submit for box in tab.boxes.names))
    wire_run(compared, triggers, [tab.rows, *tab.boxes.names], outputs, tab.compare, tab.stop, tab.note)


def _wire_removing(context: WindowContext, tab: CompareTab, address: gr.Textbox) -> None:
    """A box is taken away, and its paper out of the comparison that is shown: nothing is asked again."""

    def taken(place: int, rows: str, comparison: Comparison | None, *names: str) -> tuple[Any, ...]:
        left = [name for at, name in enumerate(names) if at != place and name.strip()]
        at = sum(1 for name in names[:place] if name.strip())
        there = comparison is not None and names[place].strip() and len(comparison.papers) == len(left) + 1
        if comparison is None or not there or len(left) < 2:
            return gr.update(), gr.update(), gr.update()
        fewer = without(comparison, at)
        return fewer, _page(context, fewer), comparison_address(left, rows)

    for place, button in tab.boxes.removes.items():
        removed = button.click(
            lambda rows, comparison, *names, place=place: taken(place, rows, comparison, *names),
            [tab.rows, tab.shown, *tab.boxes.names],
            [tab.shown, tab.result, address],
            **QUIET,
        )
        removed.then(
            lambda count, *names, place=place: tab.boxes.without(place, count, names),
            [tab.boxes.count, *tab.boxes.names],
            tab.boxes.parts,
            **QUIET,
        )
