"""The Hub's API (huggingface.co): a paper, and the Daily Papers of a day or a week -> its records."""

import datetime
import json
from dataclasses import dataclass
from typing import Any

from index.sources.network.client import BY_HAND, FetchError, Visit

FULL_PAGE = 50  # a shorter page is the last: the Hub sends at least this many if there are more
WEEKEND = 4  # how many days before today to look for the latest that has papers

_API = "https://huggingface.co/api"


@dataclass(frozen=True)
class Listed:
    """The records of a list, and its day if it has one; `unchanged`: there are some, but none of them is new since
    the last time."""

    records: tuple[Any, ...]
    day: str | None = None
    unchanged: bool = False


def paper(visit: Visit, number: str) -> Listed:
    """The one record of a paper, by its arXiv number. Raises FetchError."""
    return Listed((_parsed(visit, visit.get(f"{_API}/papers/{number}").text or "", dict),))


def week(visit: Visit, value: str) -> Listed:
    """The Daily Papers of an ISO week, `2026-W16`. Raises FetchError, also if there are none."""
    return _found(visit, [_pages(visit, None, week=value)], value, "week")


def day(visit: Visit, value: str) -> Listed:
    """The Daily Papers of a day, `2026-04-16`. Raises FetchError, also if there are none."""
    return _found(visit, [_pages(visit, value, date=value)], value, "day")


def latest_day(visit: Visit, today: datetime.date) -> Listed:
    """The Daily Papers of the latest day that has some. Raises FetchError, also if the last days have none."""
    days = ((today - datetime.timedelta(days=back)).isoformat() for back in range(WEEKEND + 1))
    return _found(visit, (_pages(visit, value, date=value) for value in days), "the last days", "day")


def _found(visit: Visit, lists: Any, what: str, kind: str) -> Listed:
    for listed in lists:
        if listed.records or listed.unchanged:
            found: Listed = listed
            return found
    raise FetchError(f"{visit.host} has no Daily Papers for {what}. Try another {kind}.")


def _pages(visit: Visit, day: str | None, **which: str) -> Listed:
    """All pages of one of the Hub's lists."""
    records: list[Any] = []
    before: list[Any] = []
    unchanged, page = 0, 0
    while True:
        answer = visit.get(f"{_API}/daily_papers", **which, limit=100, p=page)
        if answer.text is None:
            held = answer.records
            unchanged += held
        else:
            batch = _parsed(visit, answer.text, list)
            if batch and batch == before:  # the number of the page was ignored
                break
            visit.note(answer, len(batch))
            records += batch
            before, held = batch, len(batch)
        if held < FULL_PAGE:
            break
        page += 1
    return Listed(tuple(records), day, unchanged=bool(unchanged) and not records)


def _parsed(visit: Visit, text: str, shape: type) -> Any:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, shape):
        raise FetchError(f"{visit.host} answered with something other than papers. Try again later, or {BY_HAND}.")
    return answer
