"""What is kept of a rejected record: its own text, or its fields as JSON, which can be mended and added again."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from index.paper import Reject
from index.safety.limits import REJECTED
from index.sources.encoding import mended

_NESTS = ("paper", "data", "message", "_source", "attributes", "bib", "article")
P = ParamSpec("P")
T = TypeVar("T")


class NoPaper(ValueError):
    """A record is no paper; the message says why. `source` names its format."""

    def __init__(self, reason: str, record: Mapping[str, Any], source: object) -> None:
        super().__init__(reason)
        self.record, self.source = record, source


def keeps_record(
    read: Callable[Concatenate[Mapping[str, Any], P], T],
) -> Callable[Concatenate[Mapping[str, Any], P], T]:
    """A reader of records whose refusal keeps the record, for `reject`."""

    @wraps(read)
    def keeping(record: Mapping[str, Any], *args: P.args, **options: P.kwargs) -> T:
        try:
            return read(record, *args, **options)
        except ValueError as error:
            raise NoPaper(str(error), record, options.get("source")) from error

    return cast(Callable[Concatenate[Mapping[str, Any], P], T], keeping)


def reject(place: str, error: Exception) -> Reject:
    """The reject for a record that could not be read, with what is kept of it."""
    said = kept_record(error.record, source=error.source) if isinstance(error, NoPaper) else ""
    return Reject(place, mended(str(error)), record=said)


def kept_record(record: Mapping[str, Any], *, source: object = None) -> str:
    """A record as one line of JSON, with the fields that a paper needs first, empty where they are missing; nothing if
    that is longer than REJECTED. `source` names the format of a record that does not say."""
    named = {"source": source} if isinstance(source, str) else {}
    nested = any(isinstance(record.get(name), Mapping) for name in _NESTS)
    bare = {} if nested else {"title": "", "abstract": ""}
    known = {name: value for name, value in record.items() if value is not None}
    if isinstance(paper := record.get("paper"), Mapping):  # as the Hub has it
        known["paper"] = {"title": "", "summary": ""} | dict(paper)
    try:
        text = json.dumps(bare | named | known, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return ""
    return kept_text(mended(text))


def kept_text(text: str, start: int = 0, end: int | None = None) -> str:
    """A piece of text that could not be read; nothing if it is longer than REJECTED."""
    end = len(text) if end is None else end
    return text[start:end].strip("\r\n") if end - start <= REJECTED else ""
