"""The upper floor: answers, comparisons and digests, written about what the index found and checked.

`Assistant` is the way in; `Answer`, `Comparison` and `Digest` are what it returns. Importing this costs nothing:
each name is loaded when it is first used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.checking import check_sentence
    from assistant.documents import Answer, Comparison, Digest
    from assistant.engine import Assistant

__all__ = ["Answer", "Assistant", "Comparison", "Digest", "check_sentence"]

_HOMES = {
    "Answer": "documents",
    "Assistant": "engine",
    "Comparison": "documents",
    "Digest": "documents",
    "check_sentence": "checking",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'assistant' has no attribute {name!r}")
    return getattr(import_module(f"assistant.{_HOMES[name]}"), name)
