"""The Library tab: find, sort and filter; a paper's own page; add, and remove with undo."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from assistant.render.html import query_address, render
from assistant.window.add_form import AddForm, add_form
from assistant.window.context import QUIET, WindowContext, html, owner_of
from assistant.window.filters import read_scope
from assistant.window.markup import months_html, paper_html, problem_html, rows_html, sample_html
from index.english import count_of
from index.errors import LibraryError, UnknownPaper
from index.paper import SAMPLE, Outline, newest_first, outline_of

SHOWN = 50  # papers at first, and again with every press of the button
FOUND = 200  # papers that a search ranks beyond those that are shown
SIMILAR = 5
BEST, NEWEST, OLDEST, TITLE, UPVOTES = "Best match first", "Newest first", "Oldest first", "Title", "Most upvoted"
EVERY_SOURCE = "Every source"


@dataclass(frozen=True)
class Wanted:
    """What the list should show: search words, order, days, source, starred papers only, and how many."""

    find: str = ""
    order: str = BEST
    since: str = ""
    until: str = ""
    source: str = EVERY_SOURCE
    starred: bool = False
    count: int = SHOWN


@dataclass(frozen=True)
class LibraryTab:
    """The tab's components; `fields` by their names in `Wanted`."""

    listing: gr.Column
    fields: dict[str, Any]
    more: gr.Button
    chart: gr.HTML
    sample: gr.HTML
    rows: gr.HTML
    paper: gr.HTML
    removed: gr.State
    undo: gr.HTML
    adding: AddForm

    @property
    def shown(self) -> list[Any]:
        """The components that opening a paper, or the list, sets."""
        return [self.listing, self.paper, self.chart, self.sample, self.rows, self.more, self.fields["source"]]

    def wanted(self, values: dict[Any, Any]) -> Wanted:
        """The fields' values, from Gradio's values by component."""
        return Wanted(**{name: values[field] for name, field in self.fields.items()})


def build(context: WindowContext) -> LibraryTab:
    """Lay out the tab."""
    with gr.Column(elem_classes="page", elem_id="library"):
        undo = html()
        with gr.Column() as listing:
            html('<h1 class="sr">Library</h1>')
            with gr.Row(elem_classes="finding"):
                find = gr.Textbox("", label="Find", placeholder="Words, a name, a question", max_lines=1)
                order = gr.Dropdown([BEST, NEWEST, OLDEST, TITLE, UPVOTES], value=BEST, label="Order")
            with gr.Accordion("Filters", open=False, elem_classes="filters"), gr.Row():
                since = gr.Textbox("", label="Since", placeholder="YYYY-MM-DD", max_lines=1)
                until = gr.Textbox("", label="Until", placeholder="YYYY-MM-DD", max_lines=1)
                source = gr.Dropdown([EVERY_SOURCE], value=EVERY_SOURCE, label="Source")
                starred = gr.Checkbox(False, label="Starred only")
            with gr.Accordion("Add papers", open=False, elem_classes="filters"):
                adding = add_form(context, with_sample=False)
            chart = html(elem_id="months")
            sample = html(elem_id="sample")
            rows = html(elem_id="rows")
            more = gr.Button("Show more", visible=False)
        paper = html(elem_id="paper")
    fields: dict[str, Any] = {
        "find": find,
        "order": order,
        "since": since,
        "until": until,
        "source": source,
        "starred": starred,
    }
    fields["count"] = gr.State(SHOWN)
    return LibraryTab(listing, fields, more, chart, sample, rows, paper, gr.State(()), undo, adding)


def _papers(context: WindowContext, wanted: Wanted) -> tuple[list[Outline], bool]:
    """The papers of the wanted days in the wanted order (the best match first is the newest first without a search),
    and whether a search may find more. Raises ValueError."""
    library, days = context.assistant.library, read_scope(wanted.since, wanted.until, ())
    papers: list[Outline] = []
    further = False
    if wanted.find.strip():
        most = wanted.count + FOUND
        found = library.look_up(wanted.find, k=most, since=days.since, until=days.until, spend=False)
        papers = [outline_of(hit.paper) for hit in found.hits]
        further = len(papers) == most
    else:
        papers = library.outlines(since=days.since, until=days.until)
    if wanted.order == NEWEST:
        papers = newest_first(papers)
    elif wanted.order == OLDEST:
        papers = sorted(papers, key=lambda p: p.day or "9999")
    elif wanted.order == TITLE:
        papers = sorted(papers, key=lambda p: p.shown_title.casefold())
    elif wanted.order == UPVOTES:
        papers = sorted(papers, key=lambda p: p.upvotes or 0, reverse=True)
    return papers, further


def _order_said(wanted: Wanted) -> str:
    """The order as the line above the list says it; empty for what nobody chose."""
    names = {BEST: "best match first", NEWEST: "newest first", OLDEST: "oldest first", TITLE: "by title"}
    if wanted.order == BEST and not wanted.find.strip():
        return ""
    return names.get(wanted.order, "most upvoted first")


def show_list(context: WindowContext, owner: str, wanted: Wanted) -> tuple[Any, ...]:
    """The values of `LibraryTab.shown` for the list."""
    stars = context.conversations.starred(owner)
    try:
        papers, further = _papers(context, wanted)
    except (LibraryError, ValueError) as error:
        return gr.update(visible=True), "", "", "", problem_html(str(error)), gr.update(visible=False), gr.update()
    sources = [EVERY_SOURCE, *sorted({p.source for p in papers if p.source})]
    everywhere = wanted.source == EVERY_SOURCE
    kept = [p for p in papers if (everywhere or p.source == wanted.source) and (not wanted.starred or p.id in stars)]
    found = context.assistant.library.papers_by_id([p.id for p in kept[: wanted.count]])
    shown = [found[p.id] for p in kept[: wanted.count] if p.id in found]
    return (
        gr.update(visible=True),
        "",
        months_html([p.day for p in kept if p.day]),
        sample_html(sum(p.is_sample for p in papers)),
        rows_html(shown, stars, len(kept), further, _order_said(wanted)),
        gr.update(visible=len(kept) > wanted.count),
        gr.update(choices=sources) if everywhere else gr.update(),
    )


def show_paper(context: WindowContext, owner: str, identity: str) -> tuple[Any, ...]:
    """The values of `LibraryTab.shown` for one paper."""
    library = context.assistant.library
    try:
        paper = library.get(identity)
        similar = library.similar(paper.id, k=SIMILAR)
    except UnknownPaper as error:
        page = render("unknown_paper.html", message=str(error))
    else:
        cited_by = context.conversations.citing(owner, paper.id)
        page = paper_html(paper, paper.id in context.conversations.starred(owner), similar, cited_by)
    return gr.update(visible=False), page, *(gr.update() for _ in range(5))


def wire(
    context: WindowContext, tab: LibraryTab, bus: gr.HTML, tabs: gr.Tabs, address: gr.Textbox, selected: Any
) -> None:
    """Connect the tab's events; `selected` is the event of the tab being selected."""
    fields = {*tab.fields.values()}
    to_list = [*tab.shown, tab.fields["count"]]

    def listed(values: dict[Any, Any], request: gr.Request) -> tuple[Any, ...]:
        wanted = replace(tab.wanted(values), count=SHOWN)
        return (*show_list(context, owner_of(request), wanted), SHOWN)

    def more(values: dict[Any, Any], request: gr.Request) -> tuple[Any, ...]:
        wanted = tab.wanted(values)
        wanted = replace(wanted, count=wanted.count + SHOWN)
        return (*show_list(context, owner_of(request), wanted), wanted.count)

    for name in ("find", "since", "until"):
        tab.fields[name].change(listed, fields, to_list, trigger_mode="always_last", **QUIET)
    for name in ("order", "source", "starred"):
        tab.fields[name].input(listed, fields, to_list, **QUIET)
    tab.more.click(more, fields, to_list, **QUIET)
    tab.adding.done.change(listed, fields, to_list, **QUIET)

    def opened(event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        identity = str(event._data.get("paper", ""))
        page = show_paper(context, owner_of(request), identity)
        return (*page, gr.Tabs(selected="library"), query_address("paper", identity))

    def closed(values: dict[Any, Any], request: gr.Request) -> tuple[Any, ...]:
        return (*listed(values, request), "?tab=library#all")

    def starred(values: dict[Any, Any], event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        owner, identity = owner_of(request), str(event._data.get("paper", ""))
        context.conversations.star(owner, identity)
        on_its_page = bool(values[tab.paper])
        return show_paper(context, owner, identity) if on_its_page else show_list(context, owner, tab.wanted(values))

    bus.paper(opened, None, [*tab.shown, tabs, address], **QUIET)

    def reopened(values: dict[Any, Any], request: gr.Request) -> tuple[Any, ...]:
        """The list as it is now, unless a paper's page is open."""
        return tuple(gr.update() for _ in to_list) if values[tab.paper] else listed(values, request)

    selected(reopened, {*fields, tab.paper}, to_list, **QUIET)
    bus.star(starred, {*fields, tab.paper}, tab.shown, **QUIET)
    bus.papers(closed, fields, [*to_list, address], **QUIET)
    _wire_removing(context, tab, bus, fields, to_list)


def _wire_removing(context: WindowContext, tab: LibraryTab, bus: gr.HTML, fields: set[Any], to_list: list[Any]) -> None:
    def page_of(values: dict[Any, Any], owner: str) -> tuple[Any, ...]:
        return (*show_list(context, owner, replace(tab.wanted(values), count=SHOWN)), SHOWN)

    def remove(ids: Sequence[str], what: str, values: dict[Any, Any], request: gr.Request) -> tuple[Any, ...]:
        """Removes papers; `what` is how the line that offers to undo it names them, empty for their titles."""
        try:
            gone = context.assistant.library.remove(ids)
        except LibraryError as error:
            return (*page_of(values, owner_of(request)), gr.update(), problem_html(str(error)), gr.update())
        named = what or f"“{', '.join(paper.shown_title for paper in gone)}”"
        return (*page_of(values, owner_of(request)), tuple(gone), render("removed.html", what=named), "")

    def removed(values: dict[Any, Any], event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        return remove([str(event._data.get("paper", ""))], "", values, request)

    def unsampled(values: dict[Any, Any], request: gr.Request) -> tuple[Any, ...]:
        ids = context.assistant.library.of_source(SAMPLE)
        return remove(ids, f"the {count_of(len(ids), 'paper')} of the sample", values, request)

    def restored(values: dict[Any, Any], request: gr.Request) -> tuple[Any, ...]:
        try:
            context.assistant.library.add(list(values[tab.removed]))
        except LibraryError as error:
            return (*page_of(values, owner_of(request)), gr.update(), problem_html(str(error)), gr.update())
        return (*page_of(values, owner_of(request)), (), "", "")

    changed = [*to_list, tab.removed, tab.undo, tab.adding.report]
    bus.remove(removed, fields, changed, **QUIET)
    bus.unsample(unsampled, fields, changed, **QUIET)
    bus.restore(restored, {*fields, tab.removed}, changed, **QUIET)
