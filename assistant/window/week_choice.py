"""What the Weekly tab is asked for: a week or some days, and a topic; as fields, as typed text, and as an address."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from assistant.weekly.scope import Scope, scope_of
from assistant.weekly.weeks import period_of_week
from index.annotations import tags_in
from index.dates import read_question, week_of
from index.english import MONTHS, count_of
from index.library import Library
from index.paper import iso_date
from index.safety.limits import refuse_long_question

OFFERED = 8  # weeks
_WEEK = re.compile(r"(\d{4})[-\s]?w(\d{1,2})\b.*", re.IGNORECASE | re.DOTALL)
_DAY = r"(\d{4}-\d\d-\d\d)"
_DATED = re.compile(r"(?:\d\d?\s)?[a-z]{3,9}\.?(?:\s\d\d?)?,?\s\d{4}|\d{4}-\d\d", re.IGNORECASE)
_NUMBER = re.compile(r"w(?:eek)?\s?(\d{1,2})", re.IGNORECASE)
_DAYS = re.compile(rf"{_DAY}\s*(?:[-–—,/]|\.\.|to|until|till|through)\s*{_DAY}", re.IGNORECASE)


@dataclass(frozen=True)
class DigestAsked:
    """A week (`2026-W16`) or some days (YYYY-MM-DD, both included), what the papers are about (None: the latest week,
    all papers), the tags that they have, and the names of the topics that it is divided by."""

    week: str | None = None
    since: str | None = None
    until: str | None = None
    about: str | None = None
    tags: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()

    @property
    def options(self) -> dict[str, Any]:
        """It as the options of `Assistant.weekly`."""
        days = {"week": self.week, "since": self.since, "until": self.until}
        return {**days, **self.scope.options}

    @property
    def scope(self) -> Scope:
        """What the digest is of, without its days."""
        return scope_of(self.about, self.tags, self.topics)

    @property
    def address(self) -> str:
        """The query address that shows this digest."""
        named = {"week": self.week, "since": self.since, "until": self.until, "about": self.about}
        named |= {"tags": ",".join(self.tags), "topics": "\n".join(self.topics)}  # what no tag and no name can hold
        return f"?{urlencode({name: value for name, value in named.items() if value}) or 'tab=weekly'}"


class SeveralWeeks(ValueError):
    """A typed text fits several weeks, the latest first; or none, and then these are the latest there are."""

    def __init__(self, message: str, weeks: tuple[str, ...]) -> None:
        super().__init__(message)
        self.weeks = weeks


def in_address(asked: Mapping[str, str]) -> DigestAsked | None:
    """The digest that an address names; None if it names none."""
    named = {name: asked[name].strip() for name in ("week", "since", "until", "about") if asked.get(name, "").strip()}
    topics = tuple(filter(None, (" ".join(name.split()) for name in asked.get("topics", "").split("\n"))))
    tags = tags_in(asked.get("tags", ""))
    return DigestAsked(**named, tags=tags, topics=topics) if named or tags or topics else None


def week_label(week: str, papers: int) -> str:
    """A week as the list shows it: `2026-W16 · 13–19 Apr 2026 · 98 papers`."""
    return f"{week} · {_days_of(week)} · {count_of(papers, 'paper')}"


def _days_of(week: str) -> str:
    """The days of a week in words, without what both ends share: `30 Mar – 5 Apr 2026`."""
    period = period_of_week(week)
    first, last = datetime.date.fromisoformat(period.since), datetime.date.fromisoformat(period.until)
    end = f"{last.day} {MONTHS[last.month - 1].title()} {last.year}"
    if first.month == last.month:
        return f"{first.day}–{end}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first.day} {MONTHS[first.month - 1].title()}{year} – {end}"


def read_asked(
    library: Library,
    typed: str | None,
    since: str,
    until: str,
    about: str,
    topics: str | None = "",
    tags: Sequence[str] | None = (),
) -> DigestAsked:
    """What the fields ask for: of papers with all of some `tags`, divided by saved `topics` (a line each), or all.
    Raises as `_days_asked` does."""
    asked = _days_asked(library, typed, since, until, about)
    return replace(asked, tags=tuple(tags or ()), topics=tuple((topics or "").splitlines()))


def _days_asked(library: Library, typed: str | None, since: str, until: str, about: str) -> DigestAsked:
    """What the other fields ask for. Days count before the week: the box is then empty. Raises SeveralWeeks if the
    typed text does not name one week or some days, and ValueError for a day that is none."""
    topic = " ".join(about.split()) or None
    if since.strip() or until.strip():
        try:
            return DigestAsked(None, iso_date(since.strip()), iso_date(until.strip()), topic)
        except ValueError:
            raise ValueError("Write a day as 2026-03-05. Correct the days, or clear them.") from None
    text = " ".join((typed or "").split())
    refuse_long_question(text, "The week")
    if not text:
        return DigestAsked(about=topic)
    if found := _WEEK.fullmatch(text):
        return DigestAsked(period_of_week(f"{found[1]}-W{int(found[2]):02d}").week, about=topic)
    if found := _DAYS.fullmatch(text):
        return DigestAsked(None, _a_day(found[1]), _a_day(found[2]), topic)
    if re.fullmatch(_DAY, text):
        return DigestAsked(week_of(_a_day(text)), about=topic)
    return (_days_named(text, topic) if _DATED.fullmatch(text) else None) or _searched(library.weeks(), text, topic)


def _a_day(text: str) -> str:
    """A day as it is stored. Raises ValueError with a sentence."""
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(f"{text} is not a day. Write one as 2026-03-05.") from None


def _days_named(text: str, topic: str | None) -> DigestAsked | None:
    """The days that a text names, and nothing besides: `April 2026`, `last week`."""
    named = read_question(f"in {text}")
    if not (named.since and named.until) or named.text.strip():
        return None
    if named.since == named.until:  # a day is searched like one written in figures
        return DigestAsked(week_of(named.since), about=topic)
    return DigestAsked(None, named.since, named.until, topic)


def _searched(weeks: Mapping[str, int], text: str, topic: str | None) -> DigestAsked:
    """The one week whose label holds every typed word, or the days that the text names."""
    spelt = (word[:3] if word[:3] in MONTHS and word.isalpha() else word for word in text.casefold().split())
    words = [re.sub(r"^(\d\d?)-(\d\d?)$", r"\1–\2", word.strip(",.")) for word in spelt]
    labels = {week: f"{week} · {_days_of(week)}".casefold() for week in weeks}  # a count is no date
    if number := _NUMBER.fullmatch(text):
        words = [f"w{int(number[1]):02d}"]
    fitting = [week for week, label in labels.items() if all(re.search(rf"\b{re.escape(w)}\b", label) for w in words)]
    latest_first = sorted(fitting, reverse=True)
    if len(fitting) == 1:
        return DigestAsked(fitting[0], about=topic)
    if fitting:
        raise SeveralWeeks(f"“{text}” fits {len(fitting)} weeks: which of them?", tuple(latest_first[:OFFERED]))
    if days := _days_named(text, topic):
        return days
    latest = tuple(sorted(weeks, reverse=True)[:OFFERED])
    how = "write one as 2026-W16, a day as 2026-04-15, days as 2026-04-01 to 2026-04-10, or a month as April 2026"
    raise SeveralWeeks(f"No week with papers fits “{text[:80]}”: {how}{', or choose' if latest else ''}.", latest)
