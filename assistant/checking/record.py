"""What a sentence says about a paper's record: dates, and the number of authors, comments or upvotes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from assistant.checking.quantities import WORDS
from index.english import MONTH, MONTHS
from index.paper import Paper

# capitals only: "may" is a verb
_MONTH = rf"(?P<{{0}}>{'|'.join(month.capitalize() for month in MONTH.split('|'))})\.?"
_DATE = re.compile(
    rf"""\b(?:(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})
    |(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH.format("m1")}(?:,?\s(?P<y1>(?:19|20)\d\d))?
    |{_MONTH.format("m2")}\s(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|\s?%|\.\d)(?:,?\s(?P<y2>(?:19|20)\d\d))?
    |{_MONTH.format("m3")},?\s(?:of\s)?(?P<y3>(?:19|20)\d\d))\b""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Date:
    """A date as written; `year` and `day` are None if not stated."""

    text: str
    start: int
    end: int
    year: int | None
    month: int
    day: int | None

    def within(self, other: "Date") -> bool:
        """Whether `other` has every part that this date states."""
        return (
            self.month == other.month
            and self.year in (None, other.year)
            and (self.day is None or self.day == other.day)
        )


def dates(text: str) -> tuple[Date, ...]:
    """The dates of a clean text that name at least a month."""
    return tuple(date for match in _DATE.finditer(text) if (date := _date(match)) is not None)


def _date(match: re.Match[str]) -> Date | None:
    where = (match[0], match.start(), match.end())
    if match["iso"]:
        year, month, day = map(int, match["iso"].split("-"))
        return Date(*where, year, month, day)
    name = match["m1"] or match["m2"] or match["m3"]
    month = MONTHS.index(name.lower()[:3]) + 1
    spoken_day = match["d1"] or match["d2"]
    written_year = match["y1"] or match["y2"] or match["y3"]
    if spoken_day and not 0 < int(spoken_day) <= 31:
        return None
    return Date(*where, int(written_year) if written_year else None, month, int(spoken_day) if spoken_day else None)


def without_dates(text: str) -> str:
    """The text with its dates replaced by spaces; positions stay the same."""
    return _DATE.sub(lambda match: " " * len(match[0]), text)


def days_of(papers: Iterable[Paper]) -> list[Date]:
    """The days on which papers were published or posted, according to their records."""
    days = [day for paper in papers for day in (paper.published, paper.posted) if day]
    return [date for day in dict.fromkeys(days) for date in dates(day)]


_COUNTABLE = re.compile(r"author|researcher|comment|upvote")


@cache
def _count() -> re.Pattern[str]:
    """A number of authors, comments or upvotes."""
    return re.compile(
        rf"\b(?P<count>\d{{1,6}}|(?i:{'|'.join(sorted(WORDS, key=len, reverse=True))}))\s"
        r"(?P<what>(?:co-?)?authors?|researchers|comments?|upvotes?)\b"
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """A count that a record may have too: `6 authors`. `field`: where `Paper` has it."""

    text: str
    start: int
    count: int
    field: str

    def on(self, paper: Paper) -> int | None:
        """The count in the paper's record; None if it has none."""
        value: int | None = getattr(paper, self.field)
        return value


def counted(text: str) -> tuple[Counted, ...]:
    """The counts of authors, comments and upvotes that a clean text states."""
    if not _COUNTABLE.search(text):
        return ()
    fields = {"com": "comments", "upv": "upvotes"}
    found = []
    for match in _count().finditer(text):
        written = match["count"].lower()
        count = int(written) if written.isdigit() else int(WORDS[written])
        found.append(Counted(match[0], match.start(), count, fields.get(match["what"][:3], "author_count")))
    return tuple(found)


def without_record(text: str) -> str:
    """A clean text without its dates and its counts of authors, comments and upvotes."""
    for count in counted(text):
        text = text.replace(count.text, " ")
    return without_dates(text)
