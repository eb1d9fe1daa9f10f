"""The lower floor: papers in, passages out. It knows nothing of LLMs or windows.

The public face is `Library`, `Paper`, `Sentence` and `Hit`. Each is loaded on first use, so importing this package
costs nothing.
"""

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from index.safety import be_quiet

if TYPE_CHECKING:
    from index.library import Library as Library
    from index.paper import Hit as Hit
    from index.paper import Paper as Paper
    from index.sentences import Sentence as Sentence

_HOMES = {"Library": "index.library", "Paper": "index.paper", "Hit": "index.paper", "Sentence": "index.sentences"}

__all__ = ["Hit", "Library", "Paper", "Sentence", "default_home"]

be_quiet()


def default_home() -> Path:
    """The library's folder unless another is given: the one that PAPERS_HOME names, else one in the user's data."""
    named = os.environ.get("PAPERS_HOME", "").strip()
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("daily-papers", appauthor=False)


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
