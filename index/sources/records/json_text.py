"""JSON text of any shape -> records and rejects: one object per line, an array, `{"papers": [...]}`, or one object
over many lines. A broken or oversized piece costs only itself.

However long the text is, never more than twice RECORD characters are parsed at once. Knows nothing of what a record
contains.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from index.paper import Reject
from index.safety.limits import RECORD
from index.sources.rejected import kept_text

Records = Iterator[tuple[str, dict[str, Any] | Reject]]

_DECODER = json.JSONDecoder()
_GAP = re.compile(r"[\s,]*+")
_LINE = re.compile(r"\S[^\n]*")
_OPENING = re.compile(r"\s*+(?:\{\s*+[\"}]|\[\s*+(?:null\s*+,\s*+)*+[{\]])")
_NEXT_ARRAY = re.compile(r"[\s,;]*+\[")
_ENVELOPE = re.compile(r'\{[^{}]*?"papers"\s*+:\s*+\[')
_MARK = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)  # a string or a bracket
_SCALAR = re.compile(r"[^\s,\]}]*+")
_MOST_MARKS = 2_000_000  # to look at for the end of a value: a second's work
_TOO_LARGE = f"is larger than {RECORD:,} characters, too much for one paper"
_REST = "; what follows was not read"


def is_json(text: str) -> bool:
    """Whether a text is meant as JSON records: it begins like one, or half of its first lines do."""
    if _OPENING.match(text):
        return True
    lines = [line for line in text[:200_000].split("\n")[:50] if line.strip()]
    return bool(lines) and sum(bool(_OPENING.match(line)) for line in lines) * 2 >= len(lines)


def records(text: str) -> Records:
    """Each record, or a Reject in its stead, with its place ("line 12")."""
    first = _LINE.search(text)
    if first is None:
        return
    if first[0].startswith("["):
        array = _Array(text, first.start() + 1, "")
        yield from array.records()
        if array.end:
            yield from _lines(text, array.end)
    elif not _is_whole(first) and isinstance(document := _document(text, first.start()), dict):
        yield from _envelope("line 1", document)
    else:
        yield from _lines(text, first.start())


def _is_whole(line: re.Match[str]) -> bool:
    return line.end() - line.start() <= RECORD and isinstance(_parsed(line[0]), dict)


def _document(text: str, start: int) -> Any:
    return _parsed(text) if len(text) - start <= RECORD else None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _lines(text: str, at: int) -> Records:
    """One record per line. An object with the papers of a whole library, on one line or several, is read as the array
    in it."""
    number, counted = 1, 0
    while line := _LINE.search(text, at):
        number, counted, at = number + text.count("\n", counted, line.start()), line.start(), line.end()
        place = f"line {number}"
        envelope = _ENVELOPE.match(text, line.start(), line.start() + RECORD) if len(text) - counted > RECORD else None
        if envelope and '"title"' not in envelope[0]:
            papers = _Array(text, envelope.end(), "paper")
            yield from papers.records()
            at = (papers.end and end_of_value(text, papers.end, depth=1)) or len(text)
            continue
        if line.end() - line.start() > RECORD:
            yield place, Reject(place, _TOO_LARGE)
            continue
        try:
            value = json.loads(line[0])
        except (ValueError, RecursionError) as error:
            yield place, Reject(place, f"is not valid JSON ({_why(error)})", record=kept_text(line[0]))
        else:
            yield from _envelope(place, value)


def _envelope(place: str, value: Any) -> Records:
    if value is None:  # Semantic Scholar's answer for an id that it does not know
        yield place, Reject(place, "is null: the service knows no such paper")
    elif not isinstance(value, dict):
        yield place, Reject(place, "is not a JSON object")
    elif isinstance(inner := value.get("papers"), list) and "title" not in value:
        for number, record in enumerate(inner, 1):
            yield from _envelope(f"paper {number}", record)
    else:
        yield place, value


@dataclass
class _Array:
    """An array whose elements are read one by one, so that where it is cut off or broken only the rest is lost; one
    that stands in no other together with the arrays right after it, as where files were put together. `start` is the
    position after its opening bracket, `end` the one after its closing bracket; None if that was not reached."""

    text: str
    start: int
    counted_as: str
    end: int | None = None

    def records(self) -> Records:
        """The records of the elements; the place of each is its line, or `counted_as` and its number."""
        text, at = self.text, self.start
        number, line, counted = 0, 1, 0
        piece, piece_from = "", 0
        while (at := _GAP.match(text, at).end()) < len(text):  # type: ignore[union-attr]
            if text[at] == "]":
                if self.counted_as or not (following := _NEXT_ARRAY.match(text, at + 1)):
                    break
                at = following.end()
                continue
            number, line, counted = number + 1, line + text.count("\n", counted, at), at
            place = f"{self.counted_as} {number}" if self.counted_as else f"line {line}"
            if not piece or at - piece_from > RECORD:
                piece, piece_from = text[at : at + 2 * RECORD], at
            try:
                value, length = _DECODER.raw_decode(piece, at - piece_from)
            except (ValueError, RecursionError) as error:
                reason, end = _skipped(text, at, error)
                yield place, Reject(place, reason if end else reason + _REST, record=kept_text(text, at, end or at))
                if end is None:
                    return
                at = end
                continue
            start, at = at, piece_from + length
            if at - start > RECORD:
                yield place, Reject(place, _TOO_LARGE)
            else:
                yield from _envelope(place, value)
        self.end = at + 1


def _skipped(text: str, at: int, error: Exception) -> tuple[str, int | None]:
    """Why the value at a position was not read, and where it ends; None if nothing after it can be read either."""
    end = end_of_value(text, at)
    if end is not None and end - at > RECORD:
        return _TOO_LARGE, end
    reason = f"is not valid JSON ({_why(error)})"
    if end is None and len(text) - at > RECORD:
        return f"{reason}, or {_TOO_LARGE}", None
    return reason, None if isinstance(error, json.JSONDecodeError) else end


def end_of_value(text: str, at: int, depth: int = 0) -> int | None:
    """Where the value at a position ends, going by its brackets; None if no end is found."""
    if not depth and text[at] not in '"[{':
        return _SCALAR.match(text, at).end()  # type: ignore[union-attr]
    for found in islice(_MARK.finditer(text, at), _MOST_MARKS):
        if found[0][0] in "[{":
            depth += 1
        elif found[0] in "]}":
            depth -= 1
        if depth <= 0:
            return found.end()
    return None


def _why(error: Exception) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else str(error).split(";")[0]
