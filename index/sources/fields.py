"""Fields of a JSON record, checked: what has the wrong type is said by name, never guessed at.

Knows nothing of any format; the files of the formats say which fields a record has.
"""

import reprlib
from collections.abc import Mapping
from typing import Any

from index.safety.limits import ABSTRACT, AUTHORS, FIELD, refuse_longer
from index.sources.encoding import mended

Record = Mapping[str, Any]

_LARGEST = 2**53  # beyond it JSON numbers are no longer exact


def text(record: Record, key: str, most: int = FIELD) -> str | None:
    """The text of a field; None where it is missing, null or empty. Raises ValueError for anything else, and for more
    than `most` characters."""
    value = record.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueError(f"{key} is not a text: {_shown(value)}")
    refuse_longer(key, value, most)
    return mended(value)


def title_and_abstract(record: Record, abstract: str = "abstract") -> tuple[str, str]:
    """The two fields that no paper is without. Raises ValueError where one is missing or blank."""
    title, body = text(record, "title"), text(record, abstract, ABSTRACT)
    if not title or not title.strip():
        raise ValueError("has no title")
    if not body or not body.strip():
        raise ValueError("has no abstract")
    return title, body


def count(record: Record, key: str) -> int | None:
    """A whole number from 0; None where it is missing or null. Raises ValueError for anything else."""
    value = record.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LARGEST or value % 1:
        raise ValueError(f"{key} is not a whole number: {_shown(value)}")
    return int(value)


def day(record: Record, key: str) -> str | None:
    """A date as the record has it; Paper checks that it is one. Raises ValueError where it is not even a text."""
    try:
        return text(record, key)
    except ValueError:
        raise ValueError(f"{key} is not a date: {_shown(record[key])}") from None


def names(record: Record, key: str) -> tuple[str, ...]:
    """The people of a field: a list of names or of objects with a `name`; a single text is taken apart at semicolons,
    else at the commas and "and" between names of several words. Raises ValueError for anything else, and for more
    than AUTHORS."""
    value = record.get(key)
    if value is None:
        return ()
    if isinstance(value, str):
        value = _taken_apart(mended(value))
    if not isinstance(value, list | tuple):
        raise ValueError(f"{key} is not a list of names: {_shown(value)}")
    refuse_longer(key, value, AUTHORS, "people")
    people = [person.get("name") if isinstance(person, Mapping) else person for person in value]
    if not all(isinstance(person, str) for person in people):
        raise ValueError(f"{key} is not a list of names: {_shown(value)}")
    told = tuple(mended(person) for person in people if person)
    refuse_longer(f"one of the {key}", max(told, key=len, default=""), FIELD)
    return told


def _taken_apart(people: str) -> tuple[str, ...]:
    parts = people.split(";") if ";" in people else people.replace(" and ", ", ").split(",")
    parts = [part.strip() for part in parts if part.strip()]
    if ";" not in people and not all(" " in part for part in parts):  # "Doe, Jane" is one person
        return (people.strip(),) if people.strip() else ()
    return tuple(parts)


def _shown(value: object) -> str:
    shown = reprlib.repr(value)  # of a list within lists, no more than the outer ones
    return shown if len(shown) <= 60 else shown[:59] + "…"
