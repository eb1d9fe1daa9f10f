"""JSON text -> records and rejects, where `json_text` is not enough: objects one after the other that span lines, and
replies of services in envelopes of any usual name, however large.

No value is made of more than twice RECORD characters. Knows nothing of what a record holds.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from index.paper import Reject
from index.safety.limits import RECORD
from index.sources.records import json_text
from index.sources.records.field_names import might_be_paper, squashed
from index.sources.rejected import kept_text

Records = Iterator[tuple[str, dict[str, Any] | Reject]]

LISTS = frozenset(
    "papers data results items records entries docs hits works articles publications documents entry"
    " recommendedpapers".split()
)
NESTS = frozenset(
    "message hits response data feed result body payload searchresults search citingpaper citedpaper".split()
)
_DECODER = json.JSONDecoder()
_LINE = re.compile(r"\S[^\n]*")
_NEXT = re.compile(r"^[ \t]*\{", re.MULTILINE)
_KEY = re.compile(r'[\s,]*+"((?:[^"\\]|\\.){0,200})"\s*+:\s*+')
_MOST_BROKEN = 1000  # objects of one text that are looked at beyond


def records(text: str, lines_before: int = 0) -> Records:
    """Each record with its place ("line 12", "record 3"), or a Reject in its stead; envelopes are taken off. With
    `lines_before` the text is a part of a file of JSON lines, and so many lines stand before it."""
    first = _LINE.search(text)
    if first is None:
        return
    if lines_before:
        for place, record in json_text._lines(text, 0):
            place = f"line {int(place.removeprefix('line ')) + lines_before}" if place[5:].isdecimal() else place
            if isinstance(record, Reject):
                yield place, replace(record, place=place)
            else:
                yield from unwrapped(place, record)
    elif first[0].startswith("{") and not _is_whole(first):
        yield from _objects(text, first.start())
    else:
        for place, record in json_text.records(text):
            yield from ((place, record),) if isinstance(record, Reject) else unwrapped(place, record)


def unwrapped(place: str, value: dict[str, Any], depth: int = 0) -> Records:
    """The records inside an envelope, else the value itself."""
    inner = None if might_be_paper(value) or depth > 3 else _inner(value)
    if isinstance(inner, list):
        for number, record in enumerate(inner, 1):
            here = f"record {number}" if place == "line 1" else f"{place}, record {number}"
            if isinstance(record, dict):
                yield from unwrapped(here, record, depth + 1)
            elif record is not None:  # Semantic Scholar answers null for an id that it does not know
                yield here, Reject(here, "is not a JSON object")
            else:
                yield here, Reject(here, "is null: the service knows no such paper")
    elif isinstance(inner, dict):
        yield from unwrapped(place, inner, depth + 1)
    else:
        yield place, value


def _inner(value: Mapping[str, Any]) -> Any:
    for key, part in value.items():
        if squashed(key) in LISTS and isinstance(part, list) and (not part or any(isinstance(p, dict) for p in part)):
            return part
    return next((v for k, v in value.items() if squashed(k) in NESTS and isinstance(v, dict)), None)


def _is_whole(line: re.Match[str]) -> bool:
    if line.end() - line.start() > RECORD:
        return False
    try:
        return isinstance(json.loads(line[0]), dict)
    except (ValueError, RecursionError):
        return False


def _objects(text: str, at: int) -> Records:
    """Objects one after the other, with or without commas between them."""
    piece, piece_from, broken = "", 0, 0
    line, counted = 1, 0
    while found := re.compile(r"[\s,;]*+(?=\S)").match(text, at):
        at = found.end()
        line, counted = line + text.count("\n", counted, at), at
        place = f"line {line}"
        if not piece or at - piece_from > RECORD:
            piece, piece_from = text[at : at + 2 * RECORD], at
        try:
            value, end = _DECODER.raw_decode(piece, at - piece_from)
            if end - (at - piece_from) > RECORD:
                raise ValueError(json_text._TOO_LARGE)  # as one record; it may be the envelope of many
        except (ValueError, RecursionError) as error:
            if text[at] == "{" and len(text) - at > RECORD and (envelope := _Envelope(text, at)).opens():
                seen = False
                for seen_place, record in envelope.records():
                    seen = True
                    yield seen_place, record
                if not seen:
                    yield place, Reject(place, json_text._TOO_LARGE)
                if envelope.end is None:
                    return
                at = envelope.end
                continue
            why = error.msg if isinstance(error, json.JSONDecodeError) else str(error).split(";")[0]
            broken += 1
            following = _NEXT.search(text, text.find("\n", at) if "\n" in text[at : at + RECORD] else len(text))
            rest = following is None or broken == _MOST_BROKEN
            ends = at if rest or following is None else following.start()
            told = f"is not valid JSON ({why})" + ("; what follows was not read" if rest else "")
            yield place, Reject(place, told, record=kept_text(text, at, ends))
            if rest or following is None:
                return
            at = following.start()
            continue
        at = piece_from + end
        if not isinstance(value, dict):
            yield place, Reject(place, "is not a JSON object")
        else:
            yield from unwrapped(place, value)


class _Envelope:
    """An object that is too large to be made as one value: its lists of records are read one element at a time."""

    def __init__(self, text: str, at: int) -> None:
        self.text, self.at = text, at
        self.end: int | None = None

    def opens(self) -> bool:
        """Whether what stands there begins as an object with named values."""
        return _KEY.match(self.text, self.at + 1) is not None

    def records(self) -> Records:
        """The records of every list in it; `end` is where it ends, None where that was not found."""
        text, at, depth = self.text, self.at + 1, 1
        while depth and at < len(text):
            key = _KEY.match(text, at)
            if key is None:
                closing = re.compile(r"[\s,]*+\}").match(text, at)
                if closing is None:
                    return
                at, depth = closing.end(), depth - 1
                continue
            at, name = key.end(), squashed(key[1])
            if at < len(text) and text[at] == "{" and name in NESTS and depth < 4:
                at, depth = at + 1, depth + 1
            elif at < len(text) and text[at] == "[" and name in LISTS:
                array = json_text._Array(text, at + 1, "record")
                for place, record in array.records():
                    yield from ((place, record),) if isinstance(record, Reject) else unwrapped(place, record)
                if array.end is None:
                    return
                at = array.end
            else:
                end = json_text.end_of_value(text, at) if at < len(text) else None
                if end is None:
                    return
                at = end
        self.end = at
