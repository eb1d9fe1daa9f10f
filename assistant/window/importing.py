"""Importing Gradio: whatever the environment sets, and without what only its own developers need."""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from index.safety.http import without_unusable


def import_gradio() -> None:
    """Imports Gradio, so that it is there for all who import it later."""
    with without_unusable(), without_stubs():  # it makes a client, and fails where that cannot be done
        import gradio  # noqa: F401


@contextmanager
def without_stubs() -> Iterator[None]:
    """Hides the source files of Gradio's classes. Whenever it is imported, Gradio parses the file of each of its
    components to write a stub for editors beside it, which is there already: two fifths of the time of the import. It
    does without where there is no file."""
    find = inspect.getfile

    def found(object: Any) -> str:
        if isinstance(object, type) and object.__module__.partition(".")[0] == "gradio":
            raise OSError("hidden while Gradio is imported")
        return find(object)

    inspect.getfile = found
    try:
        yield
    finally:
        inspect.getfile = find
