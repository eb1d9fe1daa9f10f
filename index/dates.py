"""The dates in a question: those named with a preposition ("since March", "in 2025") or a noun ("papers of 2023",
"2025 papers"), and relative ones ("last week").

A bare number is not a date: "ImageNet 2012" and "the top 2025 tokens" stay words. Knows nothing of papers.
"""

import datetime
import re
from dataclasses import dataclass
from functools import cache

from index.english import MONTH, MONTHS, NUMBER_WORDS

_ONE = datetime.timedelta(days=1)
_SPANS = {word: n for n, word in enumerate(NUMBER_WORDS) if 2 <= n <= 12 and n not in (9, 11)}  # "the last three weeks"

_YEAR = r"(?:19|20)\d\d"
_MONTH = rf"(?:{MONTH})\.?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?!\d)"
# a date wherever it stands
_PLAIN = rf"""[12]\d{{3}}-\d\d-\d\d | (?:week\s+)?{_YEAR}-W\d\d | {_YEAR}-(?:0[1-9]|1[0-2])
    | week\s+\d\d?\s+(?:of\s+)?{_YEAR}
    | {_MONTH}\s+{_DAY}(?:\s*,\s*|\s+){_YEAR} | {_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR} | {_MONTH}(?:\s+of)?,?\s+{_YEAR}
    | q[1-4]\s+(?:of\s+)?{_YEAR} | {_YEAR}\s+q[1-4] | (?:first|second)\s+half\s+of\s+{_YEAR}
    | yesterday | (?:the\s+last|past)\s+(?:week|month|year) | (?:this|last|previous)\s+(?:week|month|year)
    | (?:last|past)\s+(?:\d{{1,3}}|{"|".join(_SPANS)})\s+(?:day|week|month|year)s"""
# a date only next to a preposition or a noun
_COUNTED = r"""(?:tokens?|samples?|examples?|images?|videos?|frames?|steps?|experts?|parameters?|layers?|gpus?|tpus?
    |chips?|cores?|devices?|nodes?|hours?|minutes?|seconds?|users?|people|participants?|languages?|classes|dimensions?
    |questions?|queries|problems?|tasks?|pairs?|documents?|sentences?|words?|pixels?|epochs?|iterations?|points?|times
    |hz|khz|mhz|ms|km|mb|gb|x)\b"""
_LOOSE = rf"""(?:(?:early|mid|late|(?:beginning|start|middle|end)\s+of)[\s-]+{_YEAR} | {_MONTH}\s+{_DAY}
    | {_DAY}\s+(?:of\s+)?{_MONTH} | {_MONTH} | week\s+\d\d? | today | (?:years?\s+)?{_YEAR})
    (?![\w%] | [.,:]\d | -\w | \s+(?:(?:training|input|output|test|small|large|different|random)\s+)?{_COUNTED})"""
_DATE = rf"(?:(?:the\s+)?(?:{_PLAIN} | {_LOOSE}))"
_NOUN = r"(?:papers?|articles?|publications?|preprints?|abstracts?|studies|works?|research)"
_RANGE = r"\s*(?:and|to|until|till|through|[-–—])\s*"


# How each phrase bounds the days, in the order they are tried: a longer phrase before its parts.
_PHRASES = (
    ("within", rf"(?:between|from|in|of|during)\s+(?P<a>{_DATE}){_RANGE}(?P<b>{_DATE})"),
    ("within", rf"(?:in|of|from|during)\s+(?P<a>{_YEAR})\s*(?:[-–—,/]|or)\s*(?:in\s+)?(?P<b>{_YEAR})(?!\s*{_COUNTED})"),
    ("week", rf"(?:(?:in|of|from|for|during)\s+)?(?:the\s+)?week\s+of\s+(?P<a>{_DATE})"),
    ("since", rf"from\s+(?P<a>{_DATE})\s+(?:onwards?|(?:to|until|till)\s+now|on(?=\s*(?:[?.!,;]|$)))"),
    ("since", rf"(?:since|starting\s+(?:in|from))\s+(?P<a>{_DATE})"),
    ("after", rf"(?:after|(?:newer|later|more\s+recent)\s+than)\s+(?P<a>{_DATE})"),
    ("until", rf"(?:until|till|up\s+to|through|as\s+of|no\s+later\s+than)\s+(?P<a>{_DATE})"),
    ("until", rf"(?:by|before)\s+(?=the\s+end)(?P<a>{_DATE})"),
    ("before", rf"(?:before|prior\s+to|(?:older|earlier)\s+than)\s+(?P<a>{_DATE})"),
    ("within", rf"(?:(?:in|of|from|on|for|during|within)\s+)?(?P<a>(?:the\s+)?(?:{_PLAIN}))(?:['’]s)?"),
    ("within", rf"(?:in|of|from|on|for|during|within|dated|published|posted|released|new)\s+(?P<a>{_DATE})"),
    ("within", rf"(?P<a>{_YEAR} | today)(?:['’]s)?(?=\s+{_NOUN})"),
    ("within", rf"(?<=papers\s)(?P<a>{_YEAR} | today)(?=\s*(?:[?.!,;]|$))"),
)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    flags = re.IGNORECASE | re.VERBOSE
    return tuple((kind, re.compile(rf"(?<![\w-])(?:{phrase})(?!\w)", flags)) for kind, phrase in _PHRASES)


@dataclass(frozen=True)
class DatedQuestion:
    """A question without its dates: `since` and `until` (YYYY-MM-DD, inclusive; None is open) and the `words`
    that named them ("in 2025"; empty if it names none)."""

    text: str
    since: str | None = None
    until: str | None = None
    words: str = ""


def read_question(question: str, today: datetime.date | None = None) -> DatedQuestion:
    """Takes the dates out of a question. Relative ones count from `today`; a month or day without a year is the
    latest one that is not in the future. Weeks are ISO weeks. "2023 and 2025" includes everything in between."""
    today = today or datetime.date.today()
    text = question
    words: list[tuple[int, str]] = []
    windows: list[tuple[datetime.date, datetime.date]] = []
    since, until = datetime.date.min, datetime.date.max
    for kind, pattern in _patterns():
        for found in pattern.finditer(text):
            window = _window(found.groupdict(), today)
            if window is None:
                continue
            first, last = window
            if kind in ("within", "week"):
                windows.append(window if kind == "within" else _week(*first.isocalendar()[:2], today))
            elif kind in ("since", "after"):
                since = max(since, first if kind == "since" else last + _ONE)
            else:
                until = min(until, last if kind == "until" else first - _ONE)
            words.append((found.start(), " ".join(found[0].split())))
            # blanked rather than removed, so that later matches keep their positions
            text = text[: found.start()] + " " * len(found[0]) + text[found.end() :]
    if not words:
        return DatedQuestion(question)
    if windows:
        since, until = max(since, min(w[0] for w in windows)), min(until, max(w[1] for w in windows))
    return DatedQuestion(
        " ".join(text.split()),
        None if since == datetime.date.min else since.isoformat(),
        None if until == datetime.date.max else until.isoformat(),
        ", ".join(phrase for _, phrase in sorted(words)),
    )


def days_of_week(week: str) -> tuple[str, str]:
    """The first and the last day of an ISO week, `2026-W16`. Raises ValueError for another text."""
    year, _, number = week.upper().partition("-W")
    try:
        monday = datetime.date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        raise ValueError(f"{week!r} is not a week of the form 2026-W16") from None
    return monday.isoformat(), (monday + datetime.timedelta(days=6)).isoformat()


def week_of(day: str | datetime.date) -> str:
    """The ISO week of a day, as `2026-W16`."""
    year, week, _ = datetime.date.fromisoformat(str(day)).isocalendar()
    return f"{year}-W{week:02d}"


def _window(groups: dict[str, str | None], today: datetime.date) -> tuple[datetime.date, datetime.date] | None:
    """The first and last day of a date ("a") or of a range ("a" to "b", where "a" may leave the year to "b")."""
    first, last = groups["a"] or "", groups.get("b")
    try:
        if last is None:
            return _days(first, today)
        end = _days(last, today)
        start = _days(first, end[1])
        return (start[0], end[1]) if start[0] <= end[1] else (end[0], start[1])
    except ValueError:  # 31 February, week 60, a year to come
        return None


def _days(text: str, today: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The first and last day that a date names; raises ValueError if there is no such date."""
    text = " ".join(text.lower().replace(",", " ").replace(".", " ").split())
    text = re.sub(r"^the last (?=[a-z]+$)", "past ", text).removeprefix("the ")
    if text in ("today", "yesterday"):
        day = today if text == "today" else today - _ONE
        return day, day
    if found := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text):
        day = datetime.date(int(found[1]), int(found[2]), int(found[3]))
        return day, day
    if found := re.match(r"(this|last|previous|past) (?:(\d+|[a-z]+) )?(day|week|month|year)s?$", text):
        return _relative(found[1], found[2], found[3], today)
    year = re.search(r"(?:19|20)\d\d", text)
    if year and int(year[0]) > today.year + 1:
        raise ValueError(text)
    if found := re.search(r"week (\d\d?)\b|-w(\d+)", text):
        return _week(int(year[0]) if year else None, int(found[1] or found[2]), today)
    if found := re.search("|".join(rf"\b{m}[a-z]*" for m in MONTHS), text):
        month = MONTHS.index(found[0][:3]) + 1
        day_of_month = re.search(r"(?<!\d)(\d{1,2})(?!\d)", text)
        return _month(int(year[0]) if year else None, month, day_of_month and int(day_of_month[1]), today)
    if year is None:
        raise ValueError(text)
    if found := re.fullmatch(r"\d{4}-(\d\d)", text):
        return _month(int(year[0]), int(found[1]), None, today)
    return _part_of_year(int(year[0]), text)


def _part_of_year(year: int, text: str) -> tuple[datetime.date, datetime.date]:
    """A year, or its quarter, half or third ("late 2025": from September)."""
    first, last = 1, 12
    if quarter := re.search(r"q([1-4])", text):
        first, last = int(quarter[1]) * 3 - 2, int(quarter[1]) * 3
    elif half := re.search(r"(first|second) half", text):
        first, last = (1, 6) if half[1] == "first" else (7, 12)
    elif third := re.search(r"early|beginning|start|mid|late|end", text):
        first, last = {"mid": (5, 8), "lat": (9, 12), "end": (9, 12)}.get(third[0][:3], (1, 4))
    return datetime.date(year, first, 1), _last_of_month(year, last)


def _last_of_month(year: int, month: int) -> datetime.date:
    return datetime.date(year + month // 12, month % 12 + 1, 1) - _ONE


def _month(year: int | None, month: int, day: int | None, today: datetime.date) -> tuple[datetime.date, datetime.date]:
    """A month or one of its days; without a year the latest that has begun by `today`."""
    if year is None:
        year = today.year if (month, day or 1) <= (today.month, today.day) else today.year - 1
    first = datetime.date(year, month, day or 1)
    return first, first if day else _last_of_month(year, month)


def _week(year: int | None, week: int, today: datetime.date) -> tuple[datetime.date, datetime.date]:
    """An ISO week; without a year the latest that has begun by `today`."""
    if year is None:
        this_year, this_week, _ = today.isocalendar()
        year = this_year if week <= this_week else this_year - 1
    monday = datetime.date.fromisocalendar(year, week, 1)
    return monday, monday + 6 * _ONE


def _relative(which: str, number: str | None, unit: str, today: datetime.date) -> tuple[datetime.date, datetime.date]:
    """ "this", "last" and "previous" are calendar units; "past" and "last three" reach back from today."""
    if number is not None or which == "past":
        count = _SPANS.get(number or "", 0) or int(number or 1)
        if unit in ("day", "week"):
            return today - count * (7 if unit == "week" else 1) * _ONE, today
        months = today.year * 12 + today.month - 1 - count * (12 if unit == "year" else 1)
        year, month = divmod(months, 12)
        return datetime.date(year, month + 1, min(today.day, _last_of_month(year, month + 1).day)), today
    back = which != "this"
    if unit == "week":
        monday = today - (today.weekday() + 7 * back) * _ONE
        return monday, monday + 6 * _ONE
    if unit == "month":
        month_before = today.replace(day=1) - _ONE
        return _month(*((month_before.year, month_before.month) if back else (today.year, today.month)), None, today)
    return datetime.date(today.year - back, 1, 1), datetime.date(today.year - back, 12, 31)
