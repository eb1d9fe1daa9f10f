"""The topics beside the weekly: chosen, saved, and removed with an undo."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.window.context import QUIET, WindowContext, html
from assistant.window.layout import beside, folded
from assistant.window.markup import line_html, problem_html
from index.english import enumerated
from index.errors import LibraryError
from index.topics import ALL, Topic

EVERYTHING = ("All papers, by theme", "")


@dataclass(frozen=True)
class TopicsPanel:
    """The panel's components: a topic's name and words, the buttons, what was done, and what Undo puts back."""

    name: gr.Textbox
    words: gr.Textbox
    save: gr.Button
    remove: gr.Button
    undo: gr.Button
    said: gr.HTML
    removed: gr.State


def build_choice(context: WindowContext) -> gr.Dropdown:
    """Lay out the choice of a topic."""
    return gr.Dropdown(choices(context), value="", label="Divided by")


def build_panel() -> TopicsPanel:
    """Lay out the panel that saves and removes topics."""
    with folded("Topics", elem_id="topics"):
        with beside():
            name = gr.Textbox("", label="Name", placeholder="Efficient attention", max_lines=1)
            words = gr.Textbox("", label="What its papers are about", placeholder="The same as its name", max_lines=1)
        with beside():
            save = gr.Button("Save topic")
            remove = gr.Button("Remove topic")
            undo = gr.Button("Undo", visible=False)
        said = html()
    return TopicsPanel(name, words, save, remove, undo, said, gr.State(None))


def choices(context: WindowContext, asked: Sequence[str] = ()) -> list[tuple[str, str]]:
    """What a digest may be divided by: nothing, all topics, one of them, or the several `asked` for, a line each."""
    topics = context.assistant.library.topics.all()
    every = [("All topics", ALL)] if topics else []
    several = [(enumerated(asked), "\n".join(asked))] if len(asked) > 1 else []
    return [EVERYTHING, *every, *several, *((topic.name, topic.name) for topic in topics)]


def wire(context: WindowContext, topic: gr.Dropdown, panel: TopicsPanel) -> None:
    """Connect the panel's events."""
    topics = context.assistant.library.topics
    outputs = [topic, panel.name, panel.words, panel.said, panel.undo, panel.removed]
    Change = Callable[[], tuple[str, str, tuple[Topic, int] | None]]

    async def changed(change: Change) -> dict[Any, Any]:
        """Makes a change; says what was done, and offers to undo a removal."""
        try:
            chosen, done, removed = await asyncio.to_thread(change)
        except (LibraryError, ValueError) as error:
            return {panel.said: problem_html(str(error))}
        return {
            topic: gr.update(choices=await asyncio.to_thread(choices, context), value=chosen),
            panel.name: "",
            panel.words: "",
            panel.said: line_html(done, "aside", "status"),
            panel.undo: gr.update(visible=removed is not None),
            panel.removed: removed,
        }

    async def save(name: str, words: str) -> dict[Any, Any]:
        def change() -> tuple[str, str, None]:
            saved, before = topics.add(name, words)
            return saved.name, f"{'Replaced' if before else 'Saved'} “{saved.name}”.", None

        return await changed(change)

    async def remove(name: str, chosen: str) -> dict[Any, Any]:
        def change() -> tuple[str, str, tuple[Topic, int]]:
            named = name.strip() or ("" if chosen == ALL or "\n" in chosen else chosen)
            if not named:
                raise ValueError("Choose a topic, or type its name.")
            gone = topics.remove(named)
            return "", f"Removed “{gone[0].name}”.", gone

        return await changed(change)

    async def undo(removed: tuple[Topic, int] | None) -> dict[Any, Any]:
        def change() -> tuple[str, str, None]:
            if removed is None:
                raise ValueError("There is nothing to undo.")
            topics.put_back(*removed)
            return removed[0].name, f"“{removed[0].name}” is back.", None

        return await changed(change)

    gr.on([panel.save.click, panel.words.submit], save, [panel.name, panel.words], outputs, **QUIET)
    panel.remove.click(remove, [panel.name, topic], outputs, **QUIET)
    panel.undo.click(undo, panel.removed, outputs, **QUIET)
