"""A link to a supported site -> its papers: the Hub's Daily Papers by its JSON API, arXiv's papers by its Atom API.

The address to request is built here from what the link names, and nothing else is ever fetched, not even through a
redirect: someone who can paste a link must not be able to probe our network. Parsing the reply is left to
`index.sources`.
"""

import datetime
import json
import re
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from index.errors import LibraryError
from index.ids import canonical_id
from index.paper import iso_date
from index.safety.limits import FEED
from index.sources import Reading, arxiv_atom, read_text
from index.sources.records import HUB_JSON

if TYPE_CHECKING:
    import httpx

SITES = (
    "huggingface.co/papers, /papers/date/2026-04-16, /papers/week/2026-W16 and /papers/2604.14228; "
    "arxiv.org/abs, /pdf and /html with an id"
)
HOSTS = frozenset({"huggingface.co", "arxiv.org", "export.arxiv.org"})
SILENCE, WHOLE = 5.0, 30.0  # seconds: without progress, and for everything one link needs
LARGEST = FEED  # bytes, for everything one link needs
ARXIV_GAP = 3.0  # seconds between two requests, as the terms of arXiv's API ask
FULL_PAGE = 50  # a shorter page of the Hub's is its last: it sends at least this many if there are more
WEEKEND = 4  # how many days before today to look for the latest that has papers

_HUB = "https://huggingface.co/api"
_ARXIV = "https://export.arxiv.org/api/query"
_HEADERS = {"User-Agent": "daily-papers-assistant (one person's library of papers)"}
_BY_HAND = "save the page's text and add the file"


class FetchError(LibraryError):
    """A link could not be fetched; the message says why and what to do."""


def links(text: str) -> list[str]:
    """The links in a text that consists of nothing else, to whatever site; none if it contains anything else."""
    words = text.split()
    return words if all(re.match(r"https?://.", word, re.IGNORECASE) for word in words) else []


def read_link(
    url: str,
    *,
    offline: bool,
    posted: str | None = None,
    today: datetime.date | None = None,
) -> Reading:
    """The papers behind a link, and what could not be read. `posted` as for `read_text`, by default the day that the
    link names; `today` (UTC) is the day that a link to the Daily page without a day stands for. Raises FetchError."""
    kind, value = _named(url)
    if offline:
        raise FetchError(f"Nothing is fetched with PAPERS_OFFLINE=1: unset it, or {_BY_HAND}.")
    import httpx

    from index.safety.http import NotTaken, TookTooLong

    host = "export.arxiv.org" if kind == "arxiv" else "huggingface.co"
    if kind == "arxiv":
        _wait_for_arxiv()
    visit = _Visit(host, time.monotonic() + WHOLE, LARGEST)
    try:
        if kind == "arxiv":
            return read_text(_arxiv(visit, value), place=url, format=arxiv_atom.NAME, posted=posted)
        records, day = _hub(visit, kind, value, today or datetime.datetime.now(datetime.UTC).date())
    except TookTooLong:
        raise FetchError(f"{host} took over {WHOLE:.0f} s. Try again later, or {_BY_HAND}.") from None
    except NotTaken as error:
        raise FetchError(f"{host} {error}: {_BY_HAND}.") from None
    except httpx.TimeoutException:
        raise FetchError(f"{host} was silent for {SILENCE:.0f} s. Try again later, or {_BY_HAND}.") from None
    except httpx.HTTPError as error:
        raise FetchError(f"{host} cannot be reached ({error}). Check the connection, or {_BY_HAND}.") from None
    lines = "\n".join(json.dumps(record) for record in records)
    return read_text(lines, place=url, format=HUB_JSON, posted=posted or day)


def _named(url: str) -> tuple[str, str]:
    """What a link names: a "day" ("" for today), a "week", or the id of a "paper" on the Hub or on "arxiv"."""
    try:
        parts = urlsplit(url.strip())
        first, _, rest = unquote(parts.path).strip("/").partition("/")
        host = (parts.hostname or "").removeprefix("www.")
        if host in ("huggingface.co", "hf.co") and first == "papers":
            if not rest:
                return "day", iso_date(parse_qs(parts.query).get("date", [""])[0]) or ""
            view, _, value = rest.partition("/")
            if view == "date" and (day := iso_date(value)):
                return "day", day
            if view == "week" and (found := re.fullmatch(r"(\d{4})-W(\d\d)", value)):
                datetime.date.fromisocalendar(int(found[1]), int(found[2]), 1)
                return "week", value
        identity = canonical_id(rest.removesuffix(".pdf")) or ""
    except ValueError as error:
        raise FetchError(f"The day or week in the link does not exist ({error}). Check it.") from None
    if identity.startswith("arxiv:"):
        number = identity.removeprefix("arxiv:")
        if host in ("huggingface.co", "hf.co") and first == "papers":
            return "paper", number
        if host in ("arxiv.org", "export.arxiv.org") and first in ("abs", "pdf", "html"):
            return "arxiv", number
    raise FetchError(f"This link cannot be fetched: {_BY_HAND}. Supported are {SITES}.")


@dataclass
class _Visit:
    """The requests that one link needs; they share its limits on time and bytes."""

    host: str
    until: float
    left: int

    def get(self, url: str, **params: Any) -> str:
        """The text at an address, following redirects within the supported sites. Raises FetchError, and what
        `answer_to` raises."""
        import httpx

        from index.safety.http import answer_to

        at = httpx.URL(url, params=params)
        for _ in range(4):
            if at.scheme != "https" or at.host not in HOSTS or at.port is not None or at.userinfo:
                raise FetchError(f"{self.host} redirects to another site, which is not followed: {_BY_HAND}.")
            request = httpx.Request("GET", at, headers=_HEADERS)
            time_left = max(self.until - time.monotonic(), 0.0)
            answer = answer_to(request, seconds=time_left, largest=self.left, silence=SILENCE)
            self.left -= len(answer.content)
            if answer.next_request is None:
                self._refuse(answer)
                return answer.content.decode("utf-8", "replace")
            at = answer.next_request.url
        raise FetchError(f"{self.host} redirects in circles. Try again later, or {_BY_HAND}.")

    def _refuse(self, answer: "httpx.Response") -> None:
        code = answer.status_code
        if code == 429:
            seconds = answer.headers.get("Retry-After", "")
            wait = f"{seconds} s" if re.fullmatch(r"\d{1,5}", seconds) else "a minute"
            raise FetchError(f"{self.host} asks for fewer requests (HTTP 429). Try again in {wait}.")
        if code in (400, 404):
            raise FetchError(f"{self.host} has nothing there (HTTP {code}). Check the id or the day in the link.")
        if code != 200:
            trouble = "is in trouble" if code >= 500 else "refuses"
            raise FetchError(f"{self.host} {trouble} (HTTP {code}). Try again later, or {_BY_HAND}.")


def _hub(visit: _Visit, kind: str, value: str, today: datetime.date) -> tuple[list[Any], str | None]:
    """The Hub's records for a paper, a week or a day, and the day. Raises FetchError if there are none."""
    if kind == "paper":
        return [_parsed(visit, f"{_HUB}/papers/{value}", dict)], None
    if kind == "week" and (records := _listed(visit, week=value)):
        return records, None
    days = [(today - datetime.timedelta(days=back)).isoformat() for back in range(WEEKEND + 1)]
    for day in ([value] if value else days) if kind == "day" else []:
        if records := _listed(visit, date=day):
            return records, day
    raise FetchError(f"{visit.host} has no Daily Papers for {value or 'the last days'}. Try another {kind}.")


def _listed(visit: _Visit, **which: str) -> list[Any]:
    """All pages of one of the Hub's lists."""
    records: list[Any] = []
    before: list[Any] = []
    page = 0
    while (batch := _parsed(visit, f"{_HUB}/daily_papers", list, **which, limit=100, p=page)) != before:
        records += batch
        if len(batch) < FULL_PAGE:
            break
        before, page = batch, page + 1  # the same page again means that its number was ignored
    return records


def _parsed(visit: _Visit, url: str, shape: type, **params: Any) -> Any:
    try:
        answer = json.loads(visit.get(url, **params))
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, shape):
        raise FetchError(f"{visit.host} answered with something other than papers. Try again later, or {_BY_HAND}.")
    return answer


def _arxiv(visit: _Visit, number: str) -> str:
    text = visit.get(_ARXIV, id_list=number)
    if not text.lstrip().startswith("<"):  # how arXiv throttles, sometimes with HTTP 200
        raise FetchError(f"arXiv answers “{text.strip()[:80]}” instead of a paper. Try again in a few minutes.")
    return text


_arxiv_turns = threading.Lock()
_arxiv_free_at = 0.0  # time.monotonic()


def _wait_for_arxiv() -> None:
    """Waits for our turn: all threads of this process share the gap."""
    global _arxiv_free_at
    with _arxiv_turns:
        now = time.monotonic()
        turn = max(now, _arxiv_free_at)
        if turn - now > WHOLE:
            raise FetchError("Too many requests are waiting for arXiv, which takes one in 3 s. Try again in a minute.")
        _arxiv_free_at = turn + ARXIV_GAP
    time.sleep(turn - now)
