"""Tags on papers and notes to them: people's own words, which are no part of a paper's text.

How they are written and put together; knows nothing of how they are stored.
"""

import re
from collections.abc import Iterable

from index.safety.inert import visible

_BETWEEN = re.compile(r"[,;\r\n]+")


def tags_in(given: str | Iterable[str] | None) -> tuple[str, ...]:
    """The tags in a text, where commas or semicolons stand between them, or in several; each once, however it is
    capitalised, single-spaced and without a `#` in front."""
    texts = [given] if isinstance(given, str) else [text for text in given or () if isinstance(text, str)]
    parts = (" ".join(visible(part).split()).lstrip("#").strip() for text in texts for part in _BETWEEN.split(text))
    each: dict[str, str] = {}
    for tag in filter(None, parts):
        each.setdefault(tag.casefold(), tag)
    return tuple(each.values())


def note_in(given: str | None) -> str | None:
    """A note without space around it; None for an empty one."""
    return (given.strip() or None) if isinstance(given, str) else None


def both_notes(one: str | None, other: str | None) -> str | None:
    """Two notes to one paper as one: what one says already is not said twice."""
    if not one or not other:
        return one or other
    if one in other or other in one:
        return max(one, other, key=len)
    return f"{one}\n\n{other}"
