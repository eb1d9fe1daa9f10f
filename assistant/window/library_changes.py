"""What the Library tab changes: papers removed, tags and notes written; and the undo of each."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import gradio as gr

from assistant.render.html import render
from assistant.window.context import EACH, WindowContext, named_in, owner_of
from assistant.window.library_list import SHOWN
from assistant.window.library_tab import LibraryTab, show_list, show_paper
from assistant.window.markup import problem_html
from index.annotations import tags_in
from index.english import count_of
from index.errors import LibraryError, UnknownPaper
from index.paper import SAMPLE, Paper

NAMED = 1  # papers that are named by their titles when they are removed
REMOVED, ANNOTATED = "removed", "annotated"


def wire(context: WindowContext, tab: LibraryTab, bus: gr.HTML) -> None:
    """Connect what changes papers. `tab.undone` holds what the button Undo takes back."""
    fields = {*tab.fields.values(), tab.paper}
    library = context.assistant.library
    changed = [*tab.shown, tab.fields["count"], tab.undone, tab.undo, tab.adding.report]

    def page(values: dict[Any, Any], request: gr.Request, of: Sequence[str] = ()) -> tuple[Any, ...]:
        """What is shown afterwards: where a paper's page is open, that of the one paper that was written on; else the
        list, from its beginning if papers came or went."""
        owner, wanted = owner_of(request), tab.wanted(values)
        if values[tab.paper] and len(of) == 1:
            return (*show_paper(context, owner, of[0]), gr.update())
        count = wanted.count if of else SHOWN
        return (*show_list(context, owner, replace(wanted, count=count)), count)

    def remove(ids: Sequence[str], what: str, values: dict[Any, Any], request: gr.Request) -> tuple[Any, ...]:
        """Removes papers; `what` is how the line that offers to undo it names them, empty for their titles."""
        try:
            gone = library.remove(ids)
        except LibraryError as error:
            return (*page(values, request), gr.update(), problem_html(str(error)), gr.update())
        named = what or _named(gone)
        undone = (REMOVED, tuple(gone)) if gone else ()
        return (*page(values, request), undone, render("removed.html", said=f"Removed {named}"), "")

    def removed(values: dict[Any, Any], event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        return remove(named_in(event), "", values, request)

    def unsampled(values: dict[Any, Any], request: gr.Request) -> tuple[Any, ...]:
        ids = library.of_source(SAMPLE)
        return remove(ids, f"the {count_of(len(ids), 'paper')} of the sample", values, request)

    def annotate(
        write: Callable[[list[str]], list[Paper]], said: str, values: dict[Any, Any], event: gr.EventData,
        request: gr.Request,
    ) -> tuple[Any, ...]:  # fmt: skip
        """Writes tags or a note to the papers of a click; `said` is how the line that offers to undo it begins."""
        ids = named_in(event)
        try:
            before = write([library.get(name).id for name in ids])
        except LibraryError as error:
            return (*page(values, request, ids), gr.update(), problem_html(_sentence(error)), gr.update())
        if not before:
            return (*page(values, request, ids), gr.update(), "", gr.update())
        line = render("removed.html", said=f"{said} {_named(before)}")
        return (*page(values, request, ids), (ANNOTATED, tuple(before)), line, gr.update())

    def tagged(values: dict[Any, Any], event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        add, take = (tags_in(str(event._data.get(name) or "")) for name in ("add", "take"))
        named = " and ".join(f"“{tag}”" for tag in (*add, *take))
        said = f"Tagged {named}:" if add else f"Took away {named}:"
        return annotate(lambda ids: library.annotations.tag(ids, add=add, remove=take), said, values, event, request)

    def noted(values: dict[Any, Any], event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        text = str(event._data.get("text") or "")
        said = "Noted:" if text.strip() else "Took away the note:"
        return annotate(lambda ids: library.annotations.note(ids, text), said, values, event, request)

    def restored(values: dict[Any, Any], request: gr.Request) -> tuple[Any, ...]:
        kind, papers = values[tab.undone] or ("", ())
        try:
            if kind == ANNOTATED:
                library.annotations.put_back(papers)
            elif papers:
                library.add(list(papers))
        except LibraryError as error:
            return (*page(values, request), gr.update(), problem_html(str(error)), gr.update())
        return (*page(values, request, [p.id for p in papers] if kind == ANNOTATED else ()), (), "", "")

    bus.remove(removed, fields, changed, **EACH)
    bus.unsample(unsampled, fields, changed, **EACH)
    bus.tag(tagged, fields, changed, **EACH)
    bus.note(noted, fields, changed, **EACH)
    bus.restore(restored, {*fields, tab.undone}, changed, **EACH)


def _named(papers: Sequence[Paper]) -> str:
    """Papers by their titles if they are few, else by their number."""
    if len(papers) > NAMED:
        return count_of(len(papers), "paper")
    return ", ".join(f"“{paper.shown_title}”" for paper in papers)


def _sentence(error: LibraryError) -> str:
    said = str(error)
    return said if isinstance(error, UnknownPaper) else f"{said[:1].upper()}{said[1:]}"
