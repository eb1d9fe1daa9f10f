"""How Gradio is imported."""

import inspect

import gradio as gr
import pytest

from assistant.window.importing import without_stubs


def made() -> type:
    """A component of Gradio's, as its import makes them, whose source cannot be found."""
    component: type = type(gr.Textbox)("Made", (gr.Textbox,), {"__module__": "gradio.made"})
    return component


def test_gradio_looks_for_no_source_of_its_components_while_it_is_imported() -> None:
    with pytest.raises(TypeError, match="built-in class"):
        made()
    with without_stubs():
        assert issubclass(made(), gr.Textbox)
        assert inspect.getfile(pytest.Function)
    assert inspect.getfile(gr.Textbox).endswith(".py")
