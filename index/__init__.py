"""The lower floor: papers in, passages out. It knows nothing of LLMs or windows.

The public face is `Library`, `Paper`, `Sentence` and `Hit`. Each is loaded when it is first named, so that importing
this package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from index.safety.telemetry import be_quiet

if TYPE_CHECKING:
    from index.library import Library as Library
    from index.paper import Hit as Hit
    from index.paper import Paper as Paper
    from index.sentences import Sentence as Sentence

_HOMES = {"Library": "index.library", "Paper": "index.paper", "Hit": "index.paper", "Sentence": "index.sentences"}

__all__ = ["Hit", "Library", "Paper", "Sentence"]

be_quiet()


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
