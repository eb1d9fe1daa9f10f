"""What a line of a Daily Papers page is, told by the page's own forms: authors, dates, votes, the site's own words."""

import datetime
import re
from collections.abc import Sequence

from index.english import MONTH, MONTHS

NAME = "daily-page"
SHORT = 100  # characters: enough for an organisation, and too few for any abstract seen so far

_NUMBER = r"\d+(?:[.,]\d+)*\s?k?|-"


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.ASCII)


DATE = _form(
    rf"(?:published on )?(?P<month>{MONTH})\.? (?P<day>\d{{1,2}})(?:, ?(?P<year>\d{{4}}))?"
    rf"(?: (?P<comments>{_NUMBER}))?"
)
AUTHORS = _form(r"(?:[•·*-] ?)?\+? ?(\d[\d,]*) authors?")
UPVOTE = _form(rf"(?:upvotes?|▲) ?({_NUMBER})?|({_NUMBER}) upvotes?")
COMMENTS = _form(rf"(?:comments? |💬 ?)({_NUMBER})|({_NUMBER}) comments?")
SUBMITTED = _form(r"submitted by:?(?: (\S.*))?")
PAPER_LINK = _form(r"https?://(?:huggingface\.co/papers|arxiv\.org/abs)/[\w./-]+")
_FORMS = (
    ("number", _form(_NUMBER)),
    ("authors", AUTHORS),
    ("date", DATE),
    ("upvote", UPVOTE),
    ("stars", _form(rf"(?:github|stars?|[★⭐]) ?(?:[★⭐] ?)?(?:{_NUMBER})?|(?:{_NUMBER}) stars?")),
    ("comments", COMMENTS),
    ("submitted", SUBMITTED),
    ("link", _form(r"https?://\S+")),
    ("site", _form(rf"get trending papers in .*|by ?ak\b.*|©.*|week \d+(?:, \d{{4}})?|(?:{MONTH}) \d{{4}}")),
)
_SITE_WORDS = frozenset(
    "new|subscribe|daily|weekly|monthly|trending|models|datasets|spaces|buckets|buckets new|docs|enterprise|pricing"
    "|community|solutions|website|tasks|huggingchat|collections|languages|organizations|blog|posts|learn|discord|forum"
    "|log in|sign up|search|search papers|previous|next|system theme|company|tos|privacy|about|careers|jobs|papers"
    "|team & enterprise|hugging face pro|enterprise support|inference providers|inference endpoints|storage buckets"
    "|hugging face|hugging face's logo|hugging face's logo hugging face|daily papers|trending papers"
    "|daily papers - hugging face|trending papers - hugging face|trending papers ranked by github stars activity"
    "|by|ak|and the research community|submit a paper|submit|sort|today|yesterday|load more|view all|view all papers"
    "|skip to content".split("|")
)
_CARD_WORDS = frozenset(
    "•|*|arxiv page|view arxiv page|arxiv|pdf|view pdf|project page|code|add to collection".split("|")
)


def kind_of(line: str) -> str:
    """The kind of a line, given with single spaces; "text" if it is none of the page's own forms."""
    if line == "·":
        return "dot"
    if len(line) <= SHORT:
        for kind, form in _FORMS:
            if form.fullmatch(line):
                return kind
        lower = line.lower()
        if lower in _SITE_WORDS or lower in _CARD_WORDS:
            return "site" if lower in _SITE_WORDS else "card"
    return "text"


def count_of(text: str) -> int:
    """`1.2k` -> 1200, `1,234` -> 1234, `-` -> 0."""
    text = text.lower().replace(" ", "")
    if text == "-":
        return 0
    if text.endswith("k"):
        return round(float(text[:-1].replace(",", "")) * 1000) if text[:-1].count(".") < 2 else 0
    return int(re.sub(r"[.,]", "", text))


def own_year(dates: Sequence[re.Match[str]], day: re.Match[str] | None, today: datetime.date) -> int:
    """The year of the page's dates that print none."""
    if day and day["year"]:
        return int(day["year"])
    if printed := [int(date["year"]) for date in dates if date["year"]]:
        return max(printed) + 1
    latest = max((_month_and_day(date) for date in ([day] if day else dates)), default=(1, 1))
    for year in range(today.year, today.year - 9, -1):  # nine, because of 29 February
        try:
            if datetime.date(year, *latest) <= today:
                return year
        except ValueError:
            continue
    return today.year


def _month_and_day(date: re.Match[str]) -> tuple[int, int]:
    return MONTHS.index(date["month"][:3].lower()) + 1, int(date["day"])


def day_of(date: re.Match[str], own_year: int) -> str:
    """The day of a date line. Raises ValueError if there is no such day."""
    year = int(date["year"] or own_year)
    try:
        return datetime.date(year, *_month_and_day(date)).isoformat()
    except ValueError:
        raise ValueError(f"{date['month']} {date['day']}, {year} is not a day") from None


def display_name(line: str, with_handles: bool) -> str:
    """`deepseek-ai DeepSeek` -> `DeepSeek`. The handle is the picture's text, glued to the name by one space; some
    browsers do not copy it. A first word is taken for a handle where it looks like one (no capital in front, a digit,
    a sign) or is made of the name's own letters (`GAIR SII - GAIR`); not in `Princeton University`."""
    handle, _, name = line.partition(" ")
    if not with_handles or not name.strip() or not re.fullmatch(r"[\w.-]+", handle):
        return line
    letters = iter(re.sub(r"\W", "", name).casefold())
    looks_like_one = not handle[0].isupper() or re.search(r"[\d_.-]", handle)
    if looks_like_one or all(letter in letters for letter in handle.casefold()):
        return name.strip()
    return line
