"""Which failure an error reply stands for, by what it says as well as by its HTTP status: servers disagree about the
status, and some send none (an error within a stream)."""

import datetime
import math
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from assistant.llm.errors import (
    BadKey,
    ContextTooLong,
    LLMError,
    Loading,
    NoAPI,
    NoCredit,
    RateLimited,
    RequestRefused,
    ServerError,
    UnknownModel,
    Unreachable,
    detail,
)
from assistant.settings import Settings
from index.safety.addresses import redirect_target

LOAD_PAUSE = 2.0  # seconds before a model that is being loaded is asked again
_CONTEXT = re.compile(
    r"context.?(length|size|window)|exceed_context|maximum context|too many (input )?tokens|(prompt|input) is too long|"
    r"request too large|reduce the length|tokens? (count|limit)[^.]{0,60}exceed|exceeds? the (maximum|max)"
    r"[^.]{0,40}token|max_new_tokens`? must be|string_above_max_length",
    re.IGNORECASE,
)
_ROOM = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"n_ctx\W{1,3}(\d{3,7})",
        r"(?:maximum|max\.?|supported|available)[ _](?:context|model|input|sequence|prompt)\D{0,60}?(\d{3,7})",
        r"context[ _](?:length|size|window)\D{0,40}(\d{3,7})",
        r"(?:maximum|max)[^.\d]{0,40}tokens[^.\d]{0,20}\(?(\d{3,7})",
        r"must be <= ?(\d{3,7})",
        r"limit:? ?(\d{3,7})",
        r"> ?(\d{3,7}) maximum",
    )
)
_LOADING = re.compile(
    r"\bloading (the )?model|model\b.{0,80}\b(is|still)( currently| still)? (being )?load(ing|ed)|"
    r"is (currently|still) loading|not (yet )?ready|warming up",
    re.IGNORECASE,
)
_ESTIMATED = re.compile(r"estimated_time=(\d{1,4})")
_MODEL = re.compile(
    r"model.{0,80}(not[ _-]?(found|exist|available|loaded|supported)|does[ n]*[o']t exist|unknown|invalid)|"
    r"(unknown|invalid|no such|unsupported)[ _]model|no models? (is |are )?loaded|not a valid model|DeploymentNotFound|"
    r"deployment.{0,60}(not exist|not found)|no endpoints found|does not exist",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"insufficient.{0,3}(quota|balance|credit|funds)|no credit|credit balance|(out of|more|not enough) credit|"
    r"billing_(not_active|hard_limit)|billing|payment.?required|exceeded your current quota|quota exceeded|top.?up",
    re.IGNORECASE,
)
_RATE = re.compile(r"rate.?limit|too many requests|\b429\b|retry in \d", re.IGNORECASE)
_RETRY_IN = re.compile(r"(?:retry|try again) (?:in|after) (\d{1,5}(?:\.\d{1,9})?) ?(ms|m(?:in)?\b)?", re.IGNORECASE)
_KEY = re.compile(
    r"(invalid|incorrect|wrong|missing|expired|no|bad)[ _](\w+[ _])?(api[ _-]?key|x-api-key|"
    r"auth credentials|token passed)|api[ _-]?key[^.]{0,40}(not valid|invalid|missing|required|expired|not found)|"
    r"authentication|unauthori[sz]ed|"
    r"auth_error|not authenticated|no auth credentials",
    re.IGNORECASE,
)
_FILTER = re.compile(
    r"content[ _-]?(filter|management|policy)|ResponsibleAI|moderation|flagged|safety (system|settings|policy)",
    re.IGNORECASE,
)


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


def room_told(message: str) -> int | None:
    """The tokens of context that a server names when it refuses a prompt as too long; None if it names none."""
    for pattern in _ROOM:
        if found := pattern.search(message.replace(",", "")):
            return int(found[1])
    return None


def from_status(status: int, message: str, headers: Mapping[str, str], settings: Settings, model: str) -> LLMError:
    """The failure behind an error reply, by its HTTP status (0 for an error within a stream) and its words."""
    failure = (
        _redirected(status, headers, settings)
        or _by_words(status, message, headers, settings, model)
        or _by_status(status, message, headers, settings)
    )
    failure.said = message
    return failure


def _redirected(status: int, headers: Mapping[str, str], settings: Settings) -> LLMError | None:
    if not 300 <= status < 400:
        return None
    to = redirect_target(settings.url, headers.get("location", ""))
    return Unreachable(
        f"{settings.server} answers with a redirect to {to}, which is not followed: "
        "set OPENAI_BASE_URL to the address it names, if you trust that."
    )


def _by_words(status: int, message: str, headers: Mapping[str, str], settings: Settings, model: str) -> LLMError | None:
    """The failure that the words name, if they do; where several could fit, what can be mended first."""
    server = settings.server
    limited = status == 429 or bool(_RATE.search(message))
    if _CONTEXT.search(message) or status == 413:
        return ContextTooLong(
            f"The prompt is too long for {model} at {server}: choose a model with a longer context, or raise its "
            "context there.",
            room=room_told(message),
        )
    if status == 402 or (_CREDIT.search(message) and status < 500 and not _RETRY_IN.search(message)):
        return NoCredit(f"{server} says that the account has no credit left: add credit or use another key.")
    if limited and status not in (401, 404):
        return _limited(message, headers, server)
    if _FILTER.search(message) and status in (0, 400, 403, 422):
        return RequestRefused(f"{server} withheld the answer (content filter): ask in other words.")
    if _LOADING.search(message) and (status in (0, 404, 409, 425) or status >= 500):
        told = _ESTIMATED.search(message)
        wait = min(max(seconds_to_wait(headers), float(told[1]) if told else 0.0, LOAD_PAUSE), 30.0)
        return Loading(f"{server} is still loading {model}: ask again in a minute.", retry_after=wait)
    if status == 401 or (status in (0, 400, 403, 422) and _KEY.search(message)):
        return _refused_key(status, settings)
    if status in (0, 400, 403, 404, 422) and _MODEL.search(message):
        return UnknownModel(f"{server} has no model {model!r}: set PAPERS_MODEL to one of those it lists.")
    return None


def _limited(message: str, headers: Mapping[str, str], server: str) -> RateLimited:
    wait, told = seconds_to_wait(headers), _RETRY_IN.search(message)
    if not wait and told:
        wait = float(told[1]) * {"ms": 0.001, "m": 60.0, "min": 60.0}.get((told[2] or "").lower(), 1.0)
    when = f"in {math.ceil(wait)} s" if wait else "in a minute"
    return RateLimited(f"{server} allows no more calls just now (rate limit): ask again {when}.", retry_after=wait)


def _refused_key(status: int, settings: Settings) -> BadKey:
    server, shown = settings.server, f" ({status})" if status else ""
    if settings.api_key is None:
        return BadKey(f"{server} wants an API key, and none is given for it{shown}: set OPENAI_API_KEY.")
    return BadKey(f"{server} refuses the API key{shown}: check OPENAI_API_KEY.")


def _by_status(status: int, message: str, headers: Mapping[str, str], settings: Settings) -> LLMError:
    server = settings.server
    if status == 403:
        return _refused_key(status, settings)
    if status in (404, 405):
        return NoAPI(f"{server} has no chat API there ({status}): check OPENAI_BASE_URL (it often ends in /v1).")
    if status in (0, 408, 409) or status >= 500:
        what = ", ".join(filter(None, [str(status or ""), detail(message, settings.key)]))
        return ServerError(f"{server} failed ({what}): ask again later.", retry_after=seconds_to_wait(headers))
    what = f"{status}: {detail(message, settings.key)}"
    return RequestRefused(f"{server} refused the request ({what}): choose another model with PAPERS_MODEL.")
