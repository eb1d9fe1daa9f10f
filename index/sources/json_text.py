"""JSON text -> records and rejects, whatever shape it has: one object per line, an array, `{"papers": [...]}` or a
single object over many lines. A broken piece costs itself, not the others.

Knows nothing of what a record holds.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from index.paper import Reject

_DECODER = json.JSONDecoder()
_GAP = re.compile(r"[\s,]*")
_OPENING = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[{\]])")


def is_json(text: str) -> bool:
    """Whether a text is meant as JSON records: it opens as one, or half of its first lines do."""
    if _OPENING.match(text):
        return True
    lines = [line for line in text[:200_000].split("\n")[:50] if line.strip()]
    return bool(lines) and sum(bool(_OPENING.match(line)) for line in lines) * 2 >= len(lines)


def records(text: str) -> Iterator[tuple[str, dict[str, Any] | Reject]]:
    """Each record with its place ("line 12"), or a Reject in its stead."""
    if text.lstrip().startswith("["):
        yield from _array(text)
        return
    first = next((line for line in text.split("\n") if line.strip()), "")
    if not _is_whole(first) and (document := _parsed(text)) and isinstance(document, dict):
        yield from _envelope("line 1", document)
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield from _one(f"line {number}", line)


def _is_whole(line: str) -> bool:
    return isinstance(_parsed(line), dict)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _one(place: str, line: str) -> Iterator[tuple[str, dict[str, Any] | Reject]]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        yield place, Reject(place, f"is not valid JSON ({_why(error)})")
        return
    yield from _envelope(place, value)


def _envelope(place: str, value: Any) -> Iterator[tuple[str, dict[str, Any] | Reject]]:
    if not isinstance(value, dict):
        yield place, Reject(place, "is not a JSON object")
    elif isinstance(inner := value.get("papers"), list) and "title" not in value:
        for number, record in enumerate(inner, 1):
            yield from _envelope(f"paper {number}", record)
    else:
        yield place, value


def _array(text: str) -> Iterator[tuple[str, dict[str, Any] | Reject]]:
    """The elements of an array, one after the other, so that what is cut off or broken costs only the rest."""
    at = text.index("[") + 1
    while (at := _GAP.match(text, at).end()) < len(text) and text[at] != "]":  # type: ignore[union-attr]
        place = f"line {text.count(chr(10), 0, at) + 1}"
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            yield place, Reject(place, f"is not valid JSON ({_why(error)}); what follows was not read")
            return
        yield from _envelope(place, value)


def _why(error: Exception) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else str(error).split(";")[0]
