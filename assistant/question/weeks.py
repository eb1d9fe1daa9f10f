"""Whether a question asks for a digest, and of which week and topic.

Conservative: `what did papers find last week` is an ordinary question.
"""

import datetime
import re
from dataclasses import dataclass

from index.dates import week_of

MAX_QUESTION = 200  # characters: anything longer is not a plain request

_COMMAND = re.compile(r"\s*/weekly\b\s*(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_POLITE = r"(?:(?:please|can|could|would)\s(?:you\s)?(?:please\s)?)?"
_GIVE = r"(?:(?:give|show|send|make|write|get|tell|prepare)\s(?:me\s|us\s)?|i(?:'d|\swould)\slike\s|i\swant\s)?"
_NOUN = r"(?:summary|digest|overview|round-?up|recap|newsletter)"
_WHICH = r"(?:this|the\scurrent|last|the\slast|the\slatest|the\spast|the\sprevious)\sweek(?:'s|’s|s)?"
_NAMED = r"(?:(?:the\s)?week\s)?(?P<week>\d{4}-?W\d{1,2})(?:'s|’s)?"
_ON = r"(?:\s(?:on|about|of|for|in|covering)\s(?P<topic>.+?))?"
_PAPERS = r"(?:\s(?:of|on|for|in)\s(?:the\s|all\s|my\s)?papers)?"
_OF_WHEN = rf"(?:\s(?:of|for|in|from)\s{_WHICH}|\s(?:(?:of|for|in|from)\s)?{_NAMED})?"
_SUM_UP = r"(?:summari[sz]e|sum\sup|recap)"
_ASKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # "give me this week's summary (of diffusion papers)"
        rf"{_POLITE}{_GIVE}(?:a\s|the\s|an\s)?(?P<which>{_WHICH})\s(?:papers?\s)?{_NOUN}{_PAPERS}{_ON}",
        # "weekly summary of diffusion papers", "the weekly digest for 2026-W16"
        rf"{_POLITE}{_GIVE}(?:a\s|the\s|my\s|your\s)?weekly\s(?:papers?\s)?{_NOUN}{_PAPERS}{_OF_WHEN}{_ON}",
        # "summarize this week('s papers)", "sum up 2026-W16"
        rf"{_POLITE}{_SUM_UP}\s(?:(?P<which>{_WHICH})|{_NAMED})(?:\spapers)?{_ON}",
        # "a summary of this week", "digest of 2026-W16"
        rf"{_POLITE}{_GIVE}(?:a\s|the\s)?{_NOUN}\s(?:of|for)\s(?:(?P<which>{_WHICH})|{_NAMED})(?:\spapers)?{_ON}",
    )
)
_EVERYTHING = re.compile(r"(?:the\s|all\s|my\s|new\s)*(?:papers?|week|everything|arxiv)", re.IGNORECASE)


@dataclass(frozen=True)
class WeekRequest:
    """The week that a question asks to sum up (None: the latest that has papers) and the topic (None: all)."""

    week: str | None = None
    query: str | None = None


def week_in(question: str, today: datetime.date | None = None) -> WeekRequest | None:
    """What a question on one line asks to sum up; None if it asks for something else. "Last week" is the one before
    `today`'s; "this week" is the latest that has papers."""
    today = today or datetime.date.today()
    if found := _COMMAND.fullmatch(question):
        named = re.match(rf"{_NAMED}(?:\s|$)", found["rest"], re.IGNORECASE)
        rest = found["rest"][named.end() :] if named else found["rest"]
        return WeekRequest(_week(named["week"]) if named else None, _topic(rest))
    if len(question) > MAX_QUESTION:
        return None
    plain = re.sub(r",?\splease$", "", question.rstrip("?.! "), flags=re.IGNORECASE)
    for asks in _ASKS:
        if found := asks.fullmatch(plain):
            groups = found.groupdict()
            week = _week(groups["week"]) if groups.get("week") else None
            if week is None and re.search(r"\b(?:last|previous)\sweek", question, re.IGNORECASE):
                week = week_of(today - datetime.timedelta(days=7))
            return WeekRequest(week, _topic(groups.get("topic") or ""))
    return None


def _week(text: str) -> str:
    year, _, number = text.upper().replace("-", "").partition("W")
    return f"{year}-W{int(number):02d}"


def _topic(text: str) -> str | None:
    """The topic without phrases such as `papers on`; None if nothing is left."""
    text = re.sub(r"^(?:papers?\s)?(?:on|about|of|for)\s|\s(?:papers?|works?)$", "", text.strip(" ?.!"), flags=re.I)
    return text if text and not _EVERYTHING.fullmatch(text) else None
