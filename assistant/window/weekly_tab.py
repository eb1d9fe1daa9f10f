"""The Weekly tab: a week of papers as themes, every paper accounted for."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.weekly.map import map_of
from assistant.weekly.weeks import weeks_with_papers
from assistant.window.context import QUIET, WindowContext, html, running, wire_run
from assistant.window.downloads import file_links
from assistant.window.markup import digest_html, line_html, map_html, problem_html
from assistant.window.streaming import paced
from index.english import count_of
from index.errors import LibraryError

WELCOME = (
    '<section class="welcome"><h1>A week of papers</h1><p>The week\'s papers grouped by what they are about, one cited '
    "line each. Any paper left out is listed with the reason.</p></section>"
)


@dataclass(frozen=True)
class WeeklyTab:
    """The tab's components."""

    week: gr.Dropdown
    query: gr.Textbox
    write: gr.Button
    stop: gr.Button
    cost: gr.HTML
    note: gr.HTML
    result: gr.HTML


def weeks(context: WindowContext) -> list[tuple[str, str]]:
    """The weeks that have papers, latest first: the label that the list shows, and the week (`2026-W16`)."""
    counts = weeks_with_papers(context.assistant.library)
    return [(f"{week} · {count_of(counts[week], 'paper')}", week) for week in sorted(counts, reverse=True)]


def build(context: WindowContext) -> WeeklyTab:
    """Lay out the tab."""
    with gr.Column(elem_classes="page"):
        with gr.Row(elem_classes="doing"):
            week = gr.Dropdown([], label="Week", elem_classes="week", allow_custom_value=True)
            query = gr.Textbox("", label="Only papers about", placeholder="Everything", max_lines=1)
            write = gr.Button("Sum up", variant="primary")
            stop = gr.Button("Stop", visible=False)
        cost = html()
        note = html()
        result = html(WELCOME, elem_id="digest")
    return WeeklyTab(week, query, write, stop, cost, note, result)


def week_choices(context: WindowContext, chosen: str | None = None) -> Any:
    """The list of weeks with one selected, by default the latest."""
    offered = weeks(context)
    return gr.update(choices=offered, value=chosen or (offered[0][1] if offered else None))


async def digest_pages(
    context: WindowContext, week: str | None, query: str, free: bool = False
) -> AsyncGenerator[str, None]:
    """The digest of a week as it grows, as HTML; an error becomes a sentence. With `free` no model is called, but what
    one wrote before is used."""
    topic = query.strip() or None
    try:
        llm = not free or not (await asyncio.to_thread(context.assistant.weekly_plan, week, query=topic)).calls
        stream = context.assistant.weekly_stream(week or None, query=topic, llm=llm)
        async with aclosing(paced(stream)) as snapshots:
            async for digest in snapshots:
                page = digest_html(digest)
                yield progress_html(digest.progress) + page
        places = await asyncio.to_thread(map_of, context.assistant.library, digest)
        yield page + map_html(places, digest) + file_links(digest)
    except (LibraryError, ValueError) as error:
        yield problem_html(str(error))


async def cost_html(context: WindowContext, week: str | None, query: str) -> str:
    """What summing up a week would cost, in one line; empty without a model or for an invalid week."""
    if not week or not context.assistant.model:
        return ""
    try:
        plan = await asyncio.to_thread(context.assistant.weekly_plan, week, query=query.strip() or None)
    except (LibraryError, ValueError):
        return ""
    if not plan.calls:
        return line_html("Already written: it costs nothing.", "count") if plan.kept else ""
    said = [f"at most {count_of(plan.calls, 'call')} and {plan.prompt_tokens + plan.completion_tokens:,} tokens"]
    if plan.cost_usd:
        said.append(f"about ${plan.cost_usd:.3f}")
    return line_html(f"{plan.model or 'The model'}: {', '.join(said)}", "count")


def progress_html(progress: tuple[int, int]) -> str:
    """How many calls are done, until all are."""
    done, calls = progress
    return line_html(f"Writing: {done} of {count_of(calls, 'call')} done", "found") if done < calls else ""


def wire(context: WindowContext, tab: WeeklyTab, address: gr.Textbox, selected: Any) -> None:
    """Connect the tab's events; `selected` is the event of the tab being selected."""
    outputs = [tab.write, tab.stop, tab.note, tab.cost, tab.result, address]

    async def written(week: str | None, query: str) -> AsyncGenerator[dict[Any, Any], None]:
        yield {
            **running(tab.write, tab.stop, True),
            **dict.fromkeys((tab.cost, tab.note), ""),
            address: f"?week={week}" if week else "?tab=weekly",
            tab.result: line_html("Reading the week …", "found"),
        }
        async with aclosing(digest_pages(context, week, query)) as pages:
            async for page in pages:
                yield {tab.result: page}
        yield running(tab.write, tab.stop, False)

    fields = [tab.week, tab.query]

    async def cost(week: str | None, query: str) -> str:
        return await cost_html(context, week, query)

    for changed in (selected, tab.week.input, tab.query.blur):
        changed(cost, fields, tab.cost, **QUIET)
    wire_run(written, (tab.write.click, tab.query.submit), fields, outputs, tab.write, tab.stop, tab.note)
