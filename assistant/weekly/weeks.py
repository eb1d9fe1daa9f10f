"""Which days a digest is about: an ISO week, some days, or the latest week that has papers.

A paper belongs to a week by its days on a Daily page, if any is known, else by its day of publication.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.dates import week_of
from index.paper import Paper, iso_date

if TYPE_CHECKING:
    from index.library import Library


@dataclass(frozen=True)
class Period:
    """The days of a digest, both included; `week` if they are an ISO week."""

    week: str | None
    since: str
    until: str

    def __str__(self) -> str:
        return self.week or f"{self.since} to {self.until}"


def period_of_week(week: str) -> Period:
    """The days of an ISO week (`2026-W16`). Raises ValueError for any other text."""
    from index.dates import days_of_week

    since, until = days_of_week(week)
    return Period(week_of(since), since, until)


def period_of_days(since: str, until: str) -> Period:
    """The period of some days; its `week` is set if they are exactly an ISO week."""
    week = period_of_week(week_of(since))
    return week if (week.since, week.until) == (since, until) else Period(None, since, until)


def weeks_with_papers(library: "Library") -> dict[str, int]:
    """The ISO weeks that have papers and how many, the latest first."""
    return library.weeks()


def choose_period(
    library: "Library", week: str | None = None, since: str | None = None, until: str | None = None
) -> tuple[Period, tuple[str, ...]]:
    """The days asked for, by default the latest week that has papers, and notices about the choice. Raises ValueError
    for an invalid week or day, for both at once, and for days that end before they begin."""
    if week and (since or until):
        raise ValueError("give either a week or since/until, not both")
    if week:
        return period_of_week(week), ()
    days = sorted(library.week_days())
    if since or until:
        first, last = iso_date(since), iso_date(until)
        first = first or min(filter(None, (*days[:1], last)))
        last = last or max(filter(None, (*days[-1:], first)))
        if first > last:
            raise ValueError(f"{first} is after {last}")
        return period_of_days(first, last), ()
    if not days:
        return period_of_week(week_of(datetime.date.today())), ()
    latest = week_of(days[-1])
    return period_of_week(latest), (f"{latest} is the latest week that has papers.",)


def papers_of(library: "Library", period: Period) -> list[Paper]:
    """All papers whose day is in a period, the newest first."""
    weeks = {week_of(day) for day in library.week_days() if period.since <= day <= period.until}
    found = {paper.id: paper for week in sorted(weeks, reverse=True) for paper in library.papers(week=week)}
    return [p for p in found.values() if any(period.since <= day <= period.until for day in p.week_days)]


def how_dated(papers: Sequence[Paper]) -> str:
    """One sentence on which day of the papers counts."""
    posted = sum(p.posted is not None for p in papers)
    if posted in (0, len(papers)):
        by = "on the Daily page" if posted else "of publication"
        return f"Papers are dated by their day {by}."
    rest = len(papers) - posted
    return f"Papers are dated by their day on the Daily page ({posted}), else by their day of publication ({rest})."


def why_empty(period: Period, weeks: Mapping[str, int]) -> str:
    """One sentence that says that a period has no papers, and which weeks near it do."""
    if not weeks:
        return "No paper in this library has a date yet: add papers with `papers add`."
    here = datetime.date.fromisoformat(period.since)

    def distance(week: str) -> int:
        return abs((datetime.date.fromisocalendar(int(week[:4]), int(week[6:]), 1) - here).days)

    near = sorted(sorted(weeks, key=distance)[:3])
    listed = ", ".join(f"{week} ({weeks[week]})" for week in near)
    return f"No paper is from {period}. The nearest weeks that have papers: {listed}."


def without_a_day(library: "Library") -> str | None:
    """One sentence on the papers that belong to no week, if there are any."""
    missing = library.count_undated()
    if not missing:
        return None
    return f"{missing} paper{'s' if missing > 1 else ''} without a date of publication or posting left out."
