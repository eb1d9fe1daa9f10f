"""The people of a record, however they are written: a list of names or of objects, parts of names, one text."""

import re
import reprlib
from collections.abc import Mapping

from index.safety.limits import AUTHORS, FIELD, refuse_longer
from index.sources.encoding import mended
from index.sources.latex import plain

_WHOLE = ("literal", "name", "fullname", "full_name", "display_name", "fullName", "displayName", "raw_author_name")
_FAMILY = ("family", "lastName", "last_name", "last", "surname", "familyName", "lastname", "LastName")
_GIVEN = ("given", "firstName", "first_name", "first", "givenName", "forename", "firstname", "ForeName", "initials")
_SUFFIX = re.compile(r"(?:[Jj]r|[Ss]r|II|III|IV|Ph\.?\s?D|M\.D)\.?$")
_INVERTED = re.compile(r"\s*[^,\s][^,]{0,60},[^,]{1,60}(?:,[^,]{1,20})?")


def people(value: object) -> tuple[tuple[str, ...], list[object]]:
    """The names of a field, in its order, and what in it is no name. Who is named as something else than an author
    (an editor) is left out."""
    if isinstance(value, str):
        try:
            return listed(value, "authors"), []
        except ValueError:
            return (), [value]
    if isinstance(value, Mapping):
        value = value.get("author") if isinstance(value.get("author"), list) else [value]
    if not isinstance(value, list | tuple):
        return (), [value]
    found: list[str] = []
    unread: list[object] = []
    for person in value:
        if isinstance(person, Mapping) and str(person.get("creatorType", "author")).lower() not in (
            "author",
            "presenter",
        ):
            continue
        name = _name(person)
        if name and len(name) <= FIELD:
            found.append(mended(name))
        elif person != "":
            unread.append(person)
    return tuple(found), unread


def turned(name: str) -> str:
    """A name as it is spoken: `Doe, Jane` is `Jane Doe`, `Doe, Jr., Jane` and `Doe, Jane, Jr.` are `Jane Doe Jr.`.
    A group is written with a comma behind it, or without any."""
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 2:
        family, given = parts
        return f"{family} {given}" if _SUFFIX.match(given) else f"{given} {family}".strip()
    if len(parts) == 3 and all(parts):
        family, middle, last = parts
        given, suffix = (last, middle) if _SUFFIX.match(middle) else (middle, last)
        return f"{given} {family} {suffix}"
    return name.strip()


def _name(person: object) -> str:
    if isinstance(person, str):
        return person.strip()
    if isinstance(person, list | tuple) and person and all(isinstance(part, str) for part in person):
        family, given, suffix = ([*map(plain, person), "", "", ""])[:3]
        return " ".join(part for part in (given, family, suffix) if part)
    if not isinstance(person, Mapping):
        return ""
    if isinstance(person.get("author"), Mapping | str):  # OpenAlex: the place on the paper around the person
        return _name(person["author"])
    family, given = _first(person, _FAMILY), _first(person, _GIVEN)
    if family:
        particles = [_text(person.get(key)) for key in ("dropping-particle", "non-dropping-particle")]
        return " ".join(filter(None, [given, *particles, family, _text(person.get("suffix"))]))
    return _first(person, _WHOLE) or given


def _first(person: Mapping[str, object], keys: tuple[str, ...]) -> str:
    return next((text for key in keys if (text := _text(person.get(key)))), "")


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def listed(value: object, field: str) -> tuple[str, ...]:
    """People given as a list of names or of objects with a `name`, or as a single text, which is split at semicolons,
    else at the commas and "and" between names of several words. Raises ValueError, naming the field, for anything else
    and for more than AUTHORS."""
    given = value
    if isinstance(value, str):
        value = _split_names(mended(value))
    if not isinstance(value, list | tuple):
        raise ValueError(f"{field} is not a list of names: {shown_value(given)}")
    refuse_longer(field, value, AUTHORS, "people")
    people = [person.get("name") if isinstance(person, Mapping) else person for person in value]
    if not all(isinstance(person, str) for person in people):
        raise ValueError(f"{field} is not a list of names: {shown_value(given)}")
    names = tuple(mended(person) for person in people if person)
    refuse_longer(f"one of the {field}", max(names, key=len, default=""), FIELD)
    return names


def _split_names(people: str) -> tuple[str, ...]:
    if ";" not in people and len(inverted := people.split(" and ")) > 1 and all(map(_INVERTED.fullmatch, inverted)):
        return tuple(turned(name) for name in inverted)  # as BibTeX writes them
    parts = people.split(";") if ";" in people else people.replace(" and ", ", ").split(",")
    parts = [part.strip() for part in parts if part.strip()]
    if ";" not in people and not all(" " in part for part in parts):  # "Doe, Jane" is one person
        return (people.strip(),) if people.strip() else ()
    return tuple(parts)


def shown_value(value: object) -> str:
    """A value of a record as an error message shows it: at most 60 characters."""
    shown = reprlib.repr(value)  # cuts deeply nested lists short
    return shown if len(shown) <= 60 else shown[:59] + "…"
