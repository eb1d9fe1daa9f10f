"""What can go wrong with a chat API, as named failures: each one sentence with the cause and the next step.

Which failure an error reply is: `refusals.py`. No sentence ever contains the key.
"""

import re

from assistant.documents import Usage
from assistant.settings import Settings

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


class Nonsense(LLMError):
    """A reply that is not an answer: empty, not JSON, or not from a chat API at all."""


class NoAPI(Unreachable, Nonsense):
    """There is a server at that address, but no chat API."""


class RateLimited(LLMError):
    """Too many calls or tokens, or no credit left."""


class NoCredit(RateLimited):
    """The account has no credit left: waiting does not help."""


class ServerError(LLMError):
    """The server reported that it failed."""


class Loading(ServerError):
    """The server is still loading the model: worth asking again for as long as there is time."""


class UnknownModel(LLMError):
    """The server has no such model."""


class ContextTooLong(LLMError):
    """The prompt does not fit the model. `room`: the tokens of its context, where the server names them."""

    def __init__(self, message: str, *, room: int | None = None) -> None:
        super().__init__(message)
        self.room = room


class RequestRefused(LLMError):
    """The server or the model declined this request."""


class Silence(LLMError):
    """No first word within the wait, or a stream that stopped without ending."""


class CutOff(LLMError):
    """A stream that ended before the answer did."""


class Runaway(LLMError):
    """A reply that would not end: it was stopped here."""


_KEYS = re.compile(r"\b(sk|key|gsk|xai|hf|Bearer)[-_ ][\w*.-]{6,}", re.IGNORECASE)


def detail(message: object, key: str) -> str:
    """A server's own words in a form that may be shown: short, on one line, without anything that looks like a key."""
    text = " ".join(str(message).split())
    if key:
        text = text.replace(key, "...")
    text = _KEYS.sub("...", text)
    return text if len(text) <= MAX_DETAIL else text[: MAX_DETAIL - 3] + "..."


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
