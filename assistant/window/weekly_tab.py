"""The Weekly tab: a week of papers, or some days, as themes, every paper accounted for."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.documents import Digest
from assistant.render.digest import as_shown
from assistant.weekly.map import map_of
from assistant.window import topics
from assistant.window.context import EACH, LATEST, STOPPED, WindowContext, html, running, wire_run
from assistant.window.downloads import file_links
from assistant.window.layout import beside
from assistant.window.mailing import Mailing, build_mailing, wire_mailing
from assistant.window.markup import digest_html, line_html, map_html, offered_html, problem_html
from assistant.window.streaming import paced
from assistant.window.topics import TopicsPanel
from assistant.window.week_choice import DigestAsked, SeveralWeeks, read_asked, week_label
from index.english import count_of
from index.errors import LibraryError

WELCOME = (
    '<section class="welcome"><h2 class="greeting">A week of papers</h2><p>The week\'s papers grouped by what they are '
    "about, one cited line each. Any paper left out is listed with the reason.</p></section>"
)


@dataclass(frozen=True)
class WeeklyTab:
    """The tab's components. `asked` is what is being written, `shown` are the parts that an address fills."""

    week: gr.Dropdown
    since: gr.Textbox
    until: gr.Textbox
    query: gr.Textbox
    topic: gr.Dropdown
    tags: gr.Dropdown
    topics: TopicsPanel
    write: gr.Button
    stop: gr.Button
    cost: gr.HTML
    note: gr.HTML
    result: gr.HTML
    asked: gr.State
    mailing: Mailing | None

    @property
    def fields(self) -> list[Any]:
        """What says which digest is asked for."""
        return [self.week, self.since, self.until, self.query, self.topic, self.tags]

    @property
    def shown(self) -> list[Any]:
        """What an address fills: the fields, what is asked for, the line above the digest, and the digest."""
        return [*self.fields, self.asked, self.note, self.result]


def weeks(context: WindowContext) -> list[tuple[str, str]]:
    """The weeks that have papers, latest first: the label that the list shows, and the week (`2026-W16`)."""
    counts = context.assistant.library.weeks()
    return [(week_label(week, counts[week]), week) for week in sorted(counts, reverse=True)]


def build(context: WindowContext) -> WeeklyTab:
    """Lay out the tab."""
    day: dict[str, Any] = {"placeholder": "YYYY-MM-DD", "max_lines": 1, "min_width": 120}
    with gr.Column(elem_classes="page cites"):
        html('<h1 class="sr">Weekly summary</h1>')
        with beside("doing days"):
            week = gr.Dropdown([], label="Week", elem_classes="week", allow_custom_value=True, scale=3)
            since = gr.Textbox("", label="or since", **day)
            until = gr.Textbox("", label="until", **day)
        with beside("doing days"):
            query = gr.Textbox("", label="Only papers about", placeholder="Everything", max_lines=1)
            topic = topics.build_choice(context)
            tags = gr.Dropdown([], label="Only papers tagged", multiselect=True, visible=False)
            write = gr.Button("Sum up", variant="primary")
            stop = gr.Button("Stop", visible=False, elem_classes="halt")
        panel = topics.build_panel()
        cost = html(elem_classes="cost")
        note = html()
        result = html(WELCOME, elem_id="digest")
        mailing = build_mailing(context)
    return WeeklyTab(
        week, since, until, query, topic, tags, panel, write, stop, cost, note, result, gr.State(DigestAsked()), mailing
    )


def week_choices(context: WindowContext, chosen: str | None = None) -> Any:
    """The list of weeks with one selected, by default the latest; nothing is selected for an empty text."""
    offered = weeks(context)
    latest = offered[0][1] if offered else None
    return gr.update(choices=offered, value=latest if chosen is None else chosen)


def filled(context: WindowContext, asked: DigestAsked | None) -> dict[str, Any]:
    """The fields by name for what is asked for, and that itself; None: nothing in particular."""
    asked = asked or DigestAsked()
    days = bool(asked.since or asked.until)
    tags = sorted({*context.assistant.library.annotations.tags(), *asked.tags})
    return {
        "week": week_choices(context, "" if days else asked.week),
        "since": asked.since or "",
        "until": asked.until or "",
        "query": asked.about or "",
        "topic": gr.update(choices=topics.choices(context, asked.topics), value="\n".join(asked.topics)),
        "tags": gr.update(choices=tags, value=list(asked.tags), visible=bool(tags)),
        "asked": asked,
    }


async def digest_pages(
    context: WindowContext, asked: DigestAsked, free: bool = False
) -> AsyncGenerator[tuple[str, str], None]:
    """The digest asked for as it grows, as HTML, each time after a line on how far it is; an error becomes a sentence.
    With `free` no model is called, but what one wrote before is used."""
    places: asyncio.Task[str] | None = None
    try:
        stream = context.assistant.weekly_stream(**asked.options, free=free)
        async with aclosing(paced(stream)) as snapshots:
            async for digest in snapshots:
                places = places or asyncio.create_task(asyncio.to_thread(_map, context, digest))
                yield progress_html(digest.progress), digest_html(digest, map=places.result() if places.done() else "")
        files = file_links(digest, context.recent.keep(digest)) if digest.papers else ""
        yield "", digest_html(digest, files, await places if places else "")
    except (LibraryError, ValueError) as error:
        yield "", problem_html(str(error))
    finally:
        if places:
            places.cancel()


def _map(context: WindowContext, digest: Digest) -> str:
    shown = as_shown(digest)
    return map_html(map_of(context.assistant.library, shown), shown)


async def cost_html(context: WindowContext, asked: DigestAsked) -> str:
    """What summing up would cost, in one line; empty without a model, or for days that are none."""
    if not context.assistant.model:
        return ""
    try:
        plan = await asyncio.to_thread(context.assistant.weekly_plan, **asked.options)
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


async def kept_html(context: WindowContext, asked: DigestAsked) -> str:
    """What a stop leaves: how many parts of the digest are written and kept, and what the rest would take."""
    try:
        plan = await asyncio.to_thread(context.assistant.weekly_plan, **asked.options)
    except (LibraryError, ValueError):
        return line_html(STOPPED, "aside", "status")
    parts = plan.kept + plan.calls
    if not plan.kept:
        said = "Nothing was written yet: what is shown is quoted." if plan.calls else "Nothing was left to write."
    elif plan.calls:
        said = f"{plan.kept} of {count_of(parts, 'part')} are written and kept: Sum up pays only for the rest."
    else:
        said = "All of it is written and kept: Sum up shows it at no cost."
    return line_html(f"{STOPPED} {said}", "aside", "status")


def several_html(context: WindowContext, found: SeveralWeeks) -> str:
    """Why a typed text names no week, and buttons for the weeks that may be meant."""
    labels = {week: label for label, week in weeks(context)}
    return problem_html(str(found)) + offered_html([(week, labels[week]) for week in found.weeks], "week")


def wire(
    context: WindowContext,
    tab: WeeklyTab,
    bus: gr.HTML,
    address: gr.Textbox,
    selected: Any,
    may_mail: Callable[[gr.Request], bool],
) -> None:
    """Connect the tab's events; `selected` is the event of the tab being selected, `may_mail` says who may send."""
    outputs = [tab.write, tab.stop, tab.cost, *tab.shown, address]
    library = context.assistant.library

    async def written(
        week: str | None, since: str, until: str, query: str, topic: str, tags: list[str] | None
    ) -> AsyncGenerator[dict[Any, Any], None]:
        try:
            asked = await asyncio.to_thread(read_asked, library, week, since, until, query, topic, tags)
        except SeveralWeeks as found:
            yield {tab.note: several_html(context, found)}
            return
        except (LibraryError, ValueError) as error:
            yield {tab.note: problem_html(str(error))}
            return
        fields = filled(context, asked)
        yield {
            **running(tab.write, tab.stop, True),
            **{getattr(tab, name): value for name, value in fields.items()},
            **dict.fromkeys((tab.cost, tab.note), ""),
            address: asked.address,
            tab.result: line_html("Reading the papers …", "found"),
        }
        async with aclosing(digest_pages(context, asked)) as pages:
            async for note, page in pages:
                yield {tab.note: note, tab.result: page}
        yield running(tab.write, tab.stop, False)

    async def cost(week: str | None, since: str, until: str, query: str, topic: str, tags: list[str] | None) -> str:
        try:
            return await cost_html(context, read_asked(library, week, since, until, query, topic, tags))
        except (LibraryError, ValueError):
            return ""

    async def kept(asked: DigestAsked) -> str:
        return await kept_html(context, asked)

    def picked(event: gr.EventData) -> tuple[Any, ...]:
        return week_choices(context, str(event._data.get("paper", ""))), "", "", ""

    # What counts is what is shown: a week takes the place of days, and days that of a week. At once, in the page: an
    # answer of the server might come after more was typed, or after the click that sums up.
    tab.week.input(None, None, [tab.since, tab.until], js="() => ['', '']")
    for day in (tab.since, tab.until):
        day.change(None, [day, tab.week], tab.week, js="(day, week) => day ? '' : week")
    chosen = bus.week(picked, None, [tab.week, tab.since, tab.until, tab.note], **EACH)
    for changed in (
        selected,
        tab.week.input,
        tab.since.blur,
        tab.until.blur,
        tab.query.blur,
        tab.topic.input,
        tab.tags.input,
        chosen.then,
    ):
        changed(cost, tab.fields, tab.cost, **LATEST)
    triggers = (tab.write.click, tab.query.submit, tab.since.submit, tab.until.submit)
    wire_run(written, triggers, tab.fields, outputs, tab.write, tab.stop, tab.note, kept, [tab.asked])
    topics.wire(context, tab.topic, tab.topics)
    if tab.mailing:
        wire_mailing(context, tab.mailing, tab.asked, may_mail)
