"""The Library tab: find, sort and filter; a paper's own page; and adding. What changes papers is in
`library_changes.py`."""

from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from assistant.render.html import query_address, render
from assistant.window.add_form import AddForm, add_form
from assistant.window.context import EACH, LATEST, QUIET, WindowContext, html, owner_of
from assistant.window.layout import beside, folded
from assistant.window.library_list import (
    BEST,
    EVERY_SOURCE,
    EVERY_TAG,
    ORDERS,
    SHOWN,
    STARS,
    Wanted,
    list_values,
    turn_in,
)
from assistant.window.markup import paper_html
from index.errors import UnknownPaper

SIMILAR = 5
EXPORTS = (("BibTeX", "bib"), ("RIS", "ris"), ("JSONL", "jsonl"), ("Markdown", "md"), ("CSV", "csv"))


@dataclass(frozen=True)
class LibraryTab:
    """The tab's components; `fields` by their names in `Wanted`."""

    listing: gr.Column
    fields: dict[str, Any]
    more: gr.Button
    chart: gr.HTML
    sample: gr.HTML
    of_answer: gr.HTML
    rows: gr.HTML
    paper: gr.HTML
    undone: gr.State
    undo: gr.HTML
    adding: AddForm

    @property
    def parts(self) -> dict[str, Any]:
        """The components that opening a paper, or the list, sets, by name."""
        names = ("listing", "paper", "chart", "sample", "of_answer", "rows", "more")
        return {name: getattr(self, name) for name in names} | {n: self.fields[n] for n in ("source", "tag", "answer")}

    @property
    def shown(self) -> list[Any]:
        """The same without their names."""
        return list(self.parts.values())

    def wanted(self, values: dict[Any, Any]) -> Wanted:
        """The fields' values, from Gradio's values by component."""
        return Wanted(**{name: values[field] for name, field in self.fields.items()})


def build(context: WindowContext) -> LibraryTab:
    """Lay out the tab."""
    fields: dict[str, Any] = {}
    with gr.Column(elem_classes="page", elem_id="library"):
        undo = html(elem_id="undo")
        with gr.Column() as listing:
            html('<h1 class="sr">Library</h1>')
            with beside("finding"):
                placeholder = "Words, a name, a tag, a question"
                fields["find"] = gr.Textbox("", label="Find", placeholder=placeholder, max_lines=1)
                fields["order"] = gr.Dropdown(ORDERS, value=BEST, label="Order")
            with folded("Filters"), beside():
                fields["since"] = gr.Textbox("", label="Since", placeholder="YYYY-MM-DD", max_lines=1)
                fields["until"] = gr.Textbox("", label="Until", placeholder="YYYY-MM-DD", max_lines=1)
                fields["source"] = gr.Dropdown([EVERY_SOURCE], value=EVERY_SOURCE, label="Source")
                fields["tag"] = gr.Dropdown([EVERY_TAG], value=EVERY_TAG, label="Tag")
                fields["stars"] = gr.Dropdown(STARS, value=STARS[0], label="Stars")
            with folded("Add papers", elem_id="adding"):
                adding = add_form(context, with_sample=False)
            chart = html(elem_id="months")
            sample = html(elem_id="sample")
            of_answer = html(elem_id="of-answer")
            rows = html(elem_id="rows")
            more = gr.Button("Show more", visible=False, elem_id="more-papers")
            html(render("selection.html", exports=EXPORTS), elem_id="selection")
        paper = html(elem_id="paper")
    fields |= {"count": gr.State(SHOWN), "answer": gr.State(None)}
    return LibraryTab(listing, fields, more, chart, sample, of_answer, rows, paper, gr.State(()), undo, adding)


def show_list(context: WindowContext, owner: str, wanted: Wanted) -> tuple[Any, ...]:
    """The values of `LibraryTab.shown` for the list."""
    values = {"listing": gr.update(visible=True), "paper": "", "answer": wanted.answer}
    return _shown(values | list_values(context, owner, wanted))


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
        starred = paper.id in context.conversations.starred(owner)
        page = paper_html(paper, starred, similar, cited_by, library.sources(paper.id))
    return _shown({"listing": gr.update(visible=False), "paper": page})


def _shown(values: dict[str, Any]) -> tuple[Any, ...]:
    """Values by the names of `LibraryTab.parts`, in their order; what has none stays as it is."""
    names = ("listing", "paper", "chart", "sample", "of_answer", "rows", "more", "source", "tag", "answer")
    return tuple(values.get(name, gr.update()) for name in names)


def show_address(context: WindowContext, owner: str, asked: dict[str, str]) -> tuple[Any, ...]:
    """The values of `LibraryTab.shown` for what an address names: a paper, the papers of an answer, or all."""
    if identity := asked.get("paper"):
        return show_paper(context, owner, identity)
    return show_list(context, owner, Wanted(answer=turn_in(asked.get("answer"))))


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
        wanted = tab.wanted(values).more
        return (*show_list(context, owner_of(request), wanted), wanted.count)

    for name in ("find", "since", "until"):
        tab.fields[name].change(listed, fields, to_list, **LATEST)
    for name in ("order", "source", "tag", "stars"):
        tab.fields[name].input(listed, fields, to_list, **LATEST)
    tab.more.click(more, fields, to_list, **QUIET)
    tab.adding.done.change(listed, fields, to_list, **QUIET)

    def opened(event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        identity = str(event._data.get("paper", ""))
        page = show_paper(context, owner_of(request), identity)
        return (*page, gr.Tabs(selected="library"), query_address("paper", identity))

    def closed(values: dict[Any, Any], request: gr.Request) -> tuple[Any, ...]:
        return (*listed(values, request), "?tab=library#all")

    def of_answer(event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        answer = str(event._data.get("turn", ""))
        page = show_list(context, owner_of(request), Wanted(answer=turn_in(answer)))
        return (*page, SHOWN, gr.Tabs(selected="library"), f"?tab=library&answer={answer}")

    def everything(values: dict[Any, Any], request: gr.Request) -> tuple[Any, ...]:
        wanted = replace(tab.wanted(values), count=SHOWN, answer=None)
        return (*show_list(context, owner_of(request), wanted), SHOWN, "?tab=library#all")

    def starred(values: dict[Any, Any], event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        owner, identity = owner_of(request), str(event._data.get("paper", ""))
        context.conversations.star(owner, identity)
        on_its_page = bool(values[tab.paper])
        return show_paper(context, owner, identity) if on_its_page else show_list(context, owner, tab.wanted(values))

    def reopened(values: dict[Any, Any], request: gr.Request) -> tuple[Any, ...]:
        """The list as it is now, unless a paper's page is open."""
        return tuple(gr.update() for _ in to_list) if values[tab.paper] else listed(values, request)

    bus.paper(opened, None, [*tab.shown, tabs, address], **EACH)
    selected(reopened, {*fields, tab.paper}, to_list, **QUIET)
    bus.star(starred, {*fields, tab.paper}, tab.shown, **EACH)
    bus.papers(closed, fields, [*to_list, address], **EACH)
    bus.rest(of_answer, None, [*to_list, tabs, address], **EACH)
    bus.everything(everything, fields, [*to_list, address], **EACH)
