"""A day out of whatever a record calls a date: text in many shapes, parts, a number of seconds.

Knows nothing of papers.
"""

import datetime
import re
from collections.abc import Mapping

from index.english import MONTHS

_MONTH = rf"(?P<word>{'|'.join(MONTHS)})[a-z]{{0,6}}\.?"
_YEAR, _DAY = r"(?P<year>[12]\d{3})", r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"{_YEAR}(?P<sign>[-/.])(?P<month>\d{{1,2}})(?P=sign){_DAY}(?!\d)",
        rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?:T\d.*)?$",
        rf"{_YEAR}\s?年\s?(?P<month>\d{{1,2}})\s?月\s?{_DAY}\s?日",
        rf"(?:[a-z]{{3,9}},?\s+)?{_MONTH}[\s-]+{_DAY},?\s+{_YEAR}(?!\d)",
        rf"(?:[a-z]{{3,9}},?\s+)?{_DAY}\.?[\s-]+(?:of\s+)?{_MONTH},?[\s-]+{_YEAR}(?!\d)",
        rf"{_YEAR}[\s/-]+{_MONTH}[\s/-]+{_DAY}(?![\d-])",
        rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.{_YEAR}(?!\d)",
        rf"(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})/{_YEAR}(?!\d)",
    )
)
_C_TIME = re.compile(rf"[a-z]{{3}}\s+{_MONTH}\s+{_DAY}\s+\d\d:\d\d:\d\d\s+(?:[A-Z]{{3,4}}\s+)?{_YEAR}$", re.IGNORECASE)
_SECONDS = range(10**8, 4 * 10**9)  # from 1973 to 2096
_IN_PARTS = ("date-parts", "raw", "literal", "date-time", "$date", "value", "date")


def day_of(value: object) -> str | None:
    """The day (`YYYY-MM-DD`) that a value names; None where it names none, or no whole day (`2024`, `2024-05`), or
    one that can be read in two ways (`03/04/2024`). The day is the one that is written, in whatever time zone."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _of_number(value)
    if isinstance(value, str):
        return _of_text(" ".join(value[:100].split()))
    if isinstance(value, Mapping):
        found = next((day for key in _IN_PARTS if (day := day_of(value.get(key)))), None)
        return found or _made(value.get("year"), value.get("month"), value.get("day"))
    if isinstance(value, list | tuple) and value:
        if isinstance(value[0], list | tuple):
            return _made(*value[0][:3]) if len(value[0]) >= 3 else None
        return _made(*value[:3]) if len(value) >= 3 else None
    return None


def month_number(word: str) -> int | None:
    """The number of a month that is written as a word, short or long, or as a number."""
    word = word.strip().strip(".").lower()
    if word.isdecimal() and 1 <= int(word) <= 12:
        return int(word)
    return MONTHS.index(word[:3]) + 1 if word[:3] in MONTHS else None


def _of_text(text: str) -> str | None:
    if re.fullmatch(r"\d{9,13}", text, re.ASCII):
        return _of_number(int(text))
    for shape in (*_SHAPES, _C_TIME):
        if found := shape.match(text):
            parts = found.groupdict()
            if parts.get("first"):
                return _made(parts["year"], *_month_and_day(int(parts["first"]), int(parts["second"])))
            return _made(parts["year"], parts.get("month") or month_number(parts.get("word") or ""), parts["day"])
    return None


def _month_and_day(first: int, second: int) -> tuple[int | None, int | None]:
    """The American order and the European one: told apart only where one of the two can be no month."""
    if first == second or second > 12:
        return first, second
    return (second, first) if first > 12 else (None, None)


def _of_number(number: float) -> str | None:
    if number != number or number in (float("inf"), float("-inf")):
        return None
    number = int(number)
    if 10**7 <= number < 10**8:
        return _made(number // 10_000, number // 100 % 100, number % 100)
    seconds = number // 1000 if number // 1000 in _SECONDS else number
    if seconds not in _SECONDS:
        return None
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).date().isoformat()


def _made(year: object, month: object, day: object) -> str | None:
    numbers = []
    for part in (year, month, day):
        if isinstance(part, str) and not part.strip().isdecimal():
            part = month_number(part)
        if part is None or isinstance(part, bool) or not isinstance(part, int | str):
            return None
        numbers.append(int(part))
    try:
        return datetime.date(*numbers).isoformat() if 1400 <= numbers[0] <= 2200 else None
    except (ValueError, OverflowError):
        return None
