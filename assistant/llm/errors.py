"""What can go wrong with a chat API, as named failures: each one sentence with the cause and the next step.

Translates the client's exceptions; makes no call. No sentence ever contains the key.
"""

import datetime
import math
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from assistant.documents import Usage
from assistant.settings import Settings
from index.safety.addresses import redirect_target

MAX_DETAIL = 120  # characters of a server's own words that are passed on


class LLMError(Exception):
    """A chat call that failed. Its text is one sentence for people: the cause and the next step.

    `retry_after`: None if a retry cannot help, else the seconds that the server asks to wait (0 if it names none).
    `said`: the server's own words, to recognise what it refused; never shown. `usage`: what the call had spent when it
    failed, and `counted`: whether its tokens had to be counted here.
    """

    def __init__(self, message: str, *, retry_after: float | None = None, said: str = "") -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.said = said
        self.usage = Usage()
        self.counted = False


class NotConfigured(LLMError):
    """No model can be asked: none is set, or the server lists several and none was chosen."""


class BadKey(LLMError):
    """The server refuses the key, or refuses this key access."""


class Unreachable(LLMError):
    """No connection, or no API at that address."""


class RateLimited(LLMError):
    """Too many calls or tokens, or no credit left."""


class ServerError(LLMError):
    """The server reported that it failed."""


class UnknownModel(LLMError):
    """The server has no such model."""


class ContextTooLong(LLMError):
    """The prompt does not fit the model."""


class RequestRefused(LLMError):
    """The server or the model declined this request."""


class Silence(LLMError):
    """No first word within the wait, or a stream that stopped without ending."""


class CutOff(LLMError):
    """A stream that ended before the answer did."""


class Nonsense(LLMError):
    """A reply that is not an answer: empty, not JSON, or not from a chat API at all."""


_CONTEXT = re.compile(
    r"context.?(length|size|window)|maximum context|too many tokens|prompt is too long", re.IGNORECASE
)
_MODEL = re.compile(
    r"model.{0,80}(not[ _](found|exist|available|loaded)|does not exist|unknown|invalid)", re.IGNORECASE
)
_QUOTA = re.compile(r"insufficient_quota|credit|billing|exceeded your current quota", re.IGNORECASE)
_KEYS = re.compile(r"\b(sk|key|gsk|xai|hf|Bearer)[-_ ][\w*.-]{6,}", re.IGNORECASE)


def detail(message: object, key: str) -> str:
    """A server's own words in a form that may be shown: short, on one line, without anything that looks like a key."""
    text = " ".join(str(message).split())
    if key:
        text = text.replace(key, "...")
    text = _KEYS.sub("...", text)
    return text if len(text) <= MAX_DETAIL else text[: MAX_DETAIL - 3] + "..."


def seconds_to_wait(headers: Mapping[str, str]) -> float:
    """The seconds that a Retry-After header asks for; 0 if there is none."""
    for name, divisor in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            return max(float(headers.get(name, "")) / divisor, 0.0)
        except ValueError:
            continue
    try:
        until = parsedate_to_datetime(headers.get("retry-after", ""))
    except (TypeError, ValueError):
        return 0.0
    return max((until - datetime.datetime.now(until.tzinfo)).total_seconds(), 0.0)


def from_status(status: int, message: str, headers: Mapping[str, str], settings: Settings, model: str) -> LLMError:
    """The failure behind an error reply, by its HTTP status (0 for an error within a stream) and its words."""
    failure = _by_status(status, message, headers, settings, model)
    failure.said = message
    return failure


def _by_status(status: int, message: str, headers: Mapping[str, str], settings: Settings, model: str) -> LLMError:
    server = settings.server
    if 300 <= status < 400:
        to = redirect_target(settings.url, headers.get("location", ""))
        return Unreachable(
            f"{server} answers with a redirect to {to}, which is not followed: "
            "set OPENAI_BASE_URL to the address it names, if you trust that."
        )
    if status in (401, 403) and settings.api_key is None:
        return BadKey(f"{server} wants an API key, and none is given for it ({status}): set OPENAI_API_KEY.")
    if status in (401, 403):
        return BadKey(f"{server} refuses the API key ({status}): check OPENAI_API_KEY.")
    if status == 429 or (status == 0 and re.search(r"rate.?limit|429", message, re.IGNORECASE)):
        if _QUOTA.search(message):
            return RateLimited(f"{server} says that the account has no credit left: add credit or use another key.")
        wait = seconds_to_wait(headers)
        when = f"in {math.ceil(wait)} s" if wait else "in a minute"
        return RateLimited(f"{server} allows no more calls just now (rate limit): ask again {when}.", retry_after=wait)
    if _CONTEXT.search(message):
        return ContextTooLong(f"The prompt is too long for {model} at {server}: choose a model with a longer context.")
    if status in (400, 404) and _MODEL.search(message):
        return UnknownModel(f"{server} has no model {model!r}: set PAPERS_MODEL to one of those it lists.")
    if status in (404, 405):
        return Unreachable(f"{server} has no chat API there ({status}): check OPENAI_BASE_URL (it often ends in /v1).")
    if status in (0, 408, 409) or status >= 500:
        what = status or detail(message, settings.key)
        return ServerError(f"{server} failed ({what}): ask again later.", retry_after=seconds_to_wait(headers))
    what = f"{status}: {detail(message, settings.key)}"
    return RequestRefused(f"{server} refused the request ({what}): choose another model with PAPERS_MODEL.")


def no_connection(settings: Settings) -> Unreachable:
    """The failure of a call that did not reach a server."""
    server = settings.server
    if settings.is_local:
        return Unreachable(
            f"Nothing answers at {server}: start the server there, or unset OPENAI_BASE_URL.", retry_after=0
        )
    from index.safety.http import proxies

    named = f", the proxy of {' and '.join(through)}," if (through := proxies()) else ""
    return Unreachable(f"No connection to {server}: check the network{named} and OPENAI_BASE_URL.", retry_after=0)
