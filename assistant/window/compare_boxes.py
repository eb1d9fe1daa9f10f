"""The boxes in which the papers to compare are named: two at first, up to eight; and the address that fills them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.compare.job import FEWEST, MOST
from assistant.render.html import comparison_query
from assistant.window.context import EACH, LATEST, QUIET, WindowContext
from assistant.window.markup import problem_html
from assistant.window.paper_choice import name_for, paper_box, suggestions_for
from index.english import ORDINALS
from index.errors import UnknownPaper

LETTERS = "abcdefgh"  # their names in an address


@dataclass(frozen=True)
class Boxes:
    """The boxes with the lists beneath them, the buttons that take one away (by its place, from 0), and how many of
    them are seen."""

    columns: Sequence[gr.Column]
    names: Sequence[gr.Textbox]
    offers: Sequence[gr.HTML]
    removes: Mapping[int, gr.Button]
    add: gr.Button
    swap: gr.Button
    count: gr.State

    @property
    def parts(self) -> list[Any]:
        """All that changes when boxes are filled, added or taken away; `seen` and `filled` give the values."""
        return [*self.names, *self.offers, *self.columns, self.add, self.swap, self.count]

    def filled(self, names: Sequence[str], count: int) -> tuple[Any, ...]:
        """The values of `parts` for these names in the first boxes, and so many boxes."""
        texts = [names[at] if at < len(names) else "" for at in range(MOST)]
        return (*texts, *[""] * MOST, *self.seen(count))

    def seen(self, count: int) -> tuple[Any, ...]:
        """The values of the last of `parts`, from the columns on, for so many boxes."""
        count = max(FEWEST, min(MOST, count))
        shown = [gr.update(visible=at < count) for at in range(MOST)]
        return (*shown, gr.update(visible=count < MOST), gr.update(visible=count == FEWEST), count)

    def without(self, place: int, count: int, names: Sequence[str]) -> tuple[Any, ...]:
        """The values of `parts` after the box at a place has been taken away: the others close up."""
        return self.filled([name for at, name in enumerate(names) if at != place], count - 1)


def build_boxes() -> tuple[list[gr.Column], list[gr.Textbox], list[gr.HTML], dict[int, gr.Button]]:
    """Lay out the boxes: their columns, the boxes, the lists beneath, and the buttons that take one away."""
    columns, names, offers, removes = [], [], [], {}
    for place in range(MOST):
        with gr.Column(min_width=260, visible=place < FEWEST) as column:
            label = f"{ORDINALS[place].title()} paper"
            name, offer = paper_box(label, placeholder="A name, or part of a title")
            if place >= FEWEST:
                removes[place] = gr.Button(f"Remove the {ORDINALS[place]}", elem_classes="quiet unpick", size="sm")
        columns.append(column)
        names.append(name)
        offers.append(offer)
    return columns, names, offers, removes


def names_in(asked: Mapping[str, str]) -> list[str]:
    """The names that an address holds for the boxes."""
    return [name for letter in LETTERS if (name := asked.get(letter, "").strip())]


def comparison_address(names: Sequence[str], rows: str = "") -> str:
    """The query address that opens the tab with these papers, and rows of one's own, filled in."""
    return comparison_query([name.strip() for name in names], rows.strip())


def wire_boxes(context: WindowContext, boxes: Boxes, bus: gr.HTML) -> None:
    """Connect what the boxes suggest, and the button that adds one."""
    for place, (box, offers) in enumerate(zip(boxes.names, boxes.offers, strict=True)):
        _wire_box(context, box, offers, ORDINALS[place], bus)
    last = [*boxes.columns, boxes.add, boxes.swap, boxes.count]
    boxes.add.click(lambda count: boxes.seen(count + 1), boxes.count, last, **QUIET)


def _wire_box(context: WindowContext, box: gr.Textbox, offers: gr.HTML, action: str, bus: gr.HTML) -> None:
    def offered(text: str) -> str:
        return suggestions_for(context, text, action)

    def picked(event: gr.EventData) -> tuple[Any, ...]:
        try:
            library = context.assistant.library
            return name_for(library, library.get(str(event._data.get("paper", "")))), ""
        except UnknownPaper as error:
            return gr.update(), problem_html(str(error))

    box.input(offered, box, offers, **LATEST)
    getattr(bus, action)(picked, None, [box, offers], **EACH)
