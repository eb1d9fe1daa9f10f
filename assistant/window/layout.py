"""How components stand: beside each other, or folded away beneath a button. Gradio's Row and Accordion would each cost
the first paint two requests more."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gradio as gr

from assistant.render.html import draw
from assistant.window.context import html


def beside(style: str = "", **options: Any) -> gr.Column:
    """Components side by side, where the page is wide enough."""
    return gr.Column(elem_classes=f"beside {style}".split(), **options)


@contextmanager
def folded(label: str, *, tells: str = "", **options: Any) -> Iterator[None]:
    """Components beneath a button that shows and hides them, at first hidden; `tells` is the action of the bus that
    opening them triggers."""
    with gr.Column(elem_classes="fold", **options):
        html(draw("pieces.html", "fold", label, tells))
        with gr.Column(elem_classes="inside"):
            yield
