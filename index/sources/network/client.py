"""The one client for the sites that papers are fetched from: it asks only hosts that it knows, within bounds on time
and size, again after a while where a site is in trouble, no more often than a site allows, and for nothing that has
not changed.

Knows nothing of papers. Every failure is a FetchError: one sentence with the next step.
"""

import datetime
import email.utils
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import LibraryError
from index.safety.limits import FEED
from index.safety.system_errors import sentence, what
from index.sources.network import network_state
from index.sources.network.network_state import Kept

if TYPE_CHECKING:
    import httpx

HUB, ARXIV, CROSSREF = "huggingface.co", "export.arxiv.org", "api.crossref.org"
HOSTS = frozenset({HUB, "arxiv.org", ARXIV, CROSSREF})
SILENCE, WHOLE = 5.0, 30.0  # seconds: without progress, and for all answers of one visit; waits do not count
ARXIV_SILENCE = 15.0  # seconds: a search takes arXiv a while
LARGEST = FEED  # bytes, for all answers of one visit
ARXIV_GAP = 3.0  # seconds between two requests, as the terms of arXiv's API ask
TRIES = 3
BACKOFF = 1.0  # seconds before the second try; twice as many before each further one
LONGEST_WAIT = 60.0  # seconds, for a turn or because a site asks for it; beyond that the user is told
BY_HAND = "save the page's text and add the file"

_HEADERS = {"User-Agent": "daily-papers-assistant (one person's library of papers)"}
_sleep = time.sleep


class FetchError(LibraryError):
    """Papers could not be fetched; the message says why and what to do."""


@dataclass(frozen=True)
class Answer:
    """A site's answer. `text` is None if it has not changed since the last time, when it held `records` records;
    `address` is where it was asked for."""

    address: str
    text: str | None
    records: int = 0
    etag: str = ""
    last_modified: str = ""


@dataclass
class Visit:
    """The requests to a host that one link needs; they share its limits on time and bytes.

    `home`: the library's folder. `conditional`: ask only for what has changed since the last time; what is noted of
    the new answers gathers in `fresh`, and counts once `network_state.keep` has kept it.
    """

    host: str
    home: Path
    conditional: bool = False
    seconds: float = field(default_factory=lambda: WHOLE)
    left: int = field(default_factory=lambda: LARGEST)
    fresh: dict[str, Kept] = field(default_factory=dict)

    def get(self, url: str, **params: Any) -> Answer:
        """The answer at an address, following redirects within the known hosts. Raises FetchError."""
        import httpx

        at = httpx.URL(url, params=params) if params else httpx.URL(url)
        address = str(at)
        before = network_state.kept(self.home, address) if self.conditional else None
        headers = dict(_HEADERS)
        if before and before.etag:
            headers["If-None-Match"] = before.etag
        if before and before.last_modified:
            headers["If-Modified-Since"] = before.last_modified
        for _ in range(4):
            if at.scheme != "https" or at.host not in HOSTS or at.port is not None or at.userinfo:
                raise FetchError(f"{self.host} redirects to another site, which is not followed: {BY_HAND}.")
            answer = self._tried(httpx.Request("GET", at, headers=headers))
            if answer.next_request is None:
                break
            at = answer.next_request.url
        else:
            raise FetchError(f"{self.host} redirects in circles. Try again later, or {BY_HAND}.")
        if answer.status_code == 304 and before:
            self._note_answer()
            return Answer(address, None, before.records)
        if answer.status_code != 200:
            raise self._refused(answer)
        self._note_answer()
        tags = (answer.headers.get(name, "") for name in ("ETag", "Last-Modified"))
        usable = (tag if re.fullmatch("[ -~]{1,200}", tag) else "" for tag in tags)  # they go into a header and a file
        return Answer(address, answer.content.decode("utf-8", "replace"), 0, *usable)

    def note(self, answer: Answer, records: int) -> None:
        """Notes how many records a new answer held, so that it need not be sent again."""
        if self.conditional and (answer.etag or answer.last_modified):
            self.fresh[answer.address] = Kept(answer.etag, answer.last_modified, records)

    def _tried(self, request: "httpx.Request") -> "httpx.Response":
        """The answer to a request, tried again while the site is in trouble or cannot be reached."""
        import httpx

        from index.safety.http import NotTaken

        for attempt in range(TRIES):
            wait = BACKOFF * 2**attempt
            try:
                if request.url.host in (ARXIV, "arxiv.org"):
                    answer = self._in_turn(request)
                else:
                    answer = self._sent(request)
            except (httpx.TimeoutException, httpx.TransportError) as error:
                failure = self._unanswered(error)
                if isinstance(error, NotTaken):
                    raise failure from None
            except httpx.HTTPError as error:
                raise self._unanswered(error) from None
            else:
                if answer.status_code != 429 and answer.status_code < 500:
                    return answer
                failure, asked = self._refused(answer), _retry_after(answer)
                if asked > LONGEST_WAIT:
                    break
                wait = max(wait, asked)
            if attempt < TRIES - 1 and self.seconds > 0:
                _sleep(wait)
            else:
                break
        raise failure

    def _sent(self, request: "httpx.Request") -> "httpx.Response":
        from index.safety.http import answer_to

        silence = ARXIV_SILENCE if request.url.host == ARXIV else SILENCE
        began = time.monotonic()
        try:
            answer = answer_to(request, seconds=max(self.seconds, 0.0), largest=self.left, silence=silence)
        finally:
            self.seconds -= time.monotonic() - began
        self.left -= len(answer.content)
        return answer

    def _unanswered(self, error: Exception) -> FetchError:
        import httpx

        from index.safety.http import NotTaken, TookTooLong

        if isinstance(error, TookTooLong):
            return FetchError(f"{self.host} took over {WHOLE:.0f} s. Try again later, or {BY_HAND}.")
        if isinstance(error, NotTaken):
            return FetchError(f"{self.host} {error}: {BY_HAND}.")
        if isinstance(error, httpx.TimeoutException):
            silence = ARXIV_SILENCE if self.host == ARXIV else SILENCE
            return FetchError(f"{self.host} was silent for {silence:.0f} s. Try again later, or {BY_HAND}.")
        return FetchError(f"{self.host} cannot be reached ({what(error)}). Check the connection, or {BY_HAND}.")

    def _refused(self, answer: "httpx.Response") -> FetchError:
        code, seconds = answer.status_code, _retry_after(answer)
        when = f"in {seconds:.0f} s" if seconds else "in a minute"
        if seconds > LONGEST_WAIT:
            moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds + 59)
            when = f"after {moment:%Y-%m-%d at %H:%M} UTC"
        if code == 429:
            return FetchError(f"{self.host} asks for fewer requests (HTTP 429). Try again {when}.")
        if code in (400, 404):
            return FetchError(
                f"{self.host} has nothing there (HTTP {code}). Check the id or the day that was asked for."
            )
        if code >= 500:
            when = when if seconds else "later"
            return FetchError(f"{self.host} is in trouble (HTTP {code}). Try again {when}, or {BY_HAND}.")
        return FetchError(f"{self.host} refuses (HTTP {code}). Try again later, or {BY_HAND}.")

    def _note_answer(self) -> None:
        try:
            network_state.note_answer(self.home, self.host)
        except OSError as error:
            raise _unwritable(self.home, error) from None

    def _in_turn(self, request: "httpx.Request") -> "httpx.Response":
        """The answer of arXiv, which is asked by one of all processes and threads at a time, and after a gap."""
        try:
            with network_state.arxiv_turn(self.home, gap=ARXIV_GAP, most=LONGEST_WAIT, sleep=_sleep):
                return self._sent(request)
        except network_state.NoTurn:
            raise FetchError(
                f"Too many requests are waiting for arXiv, which takes one in {ARXIV_GAP:.0f} s. Try again in a minute."
            ) from None
        except OSError as error:
            raise _unwritable(self.home, error) from None


def _unwritable(home: Path, error: OSError) -> FetchError:
    return FetchError(f"{sentence(error, 'written', home / network_state.FILE)} Or name another folder (PAPERS_HOME).")


def _retry_after(answer: "httpx.Response") -> float:
    """How many seconds a site asks us to wait; 0 where it does not say, or says nothing that can be read."""
    said = answer.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,8}", said):
        return float(said)
    try:
        moment = email.utils.parsedate_to_datetime(said)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=datetime.UTC)
        seconds = (moment - datetime.datetime.now(datetime.UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return min(max(seconds, 0.0), 1e8)
