"""One chat call: opened, retried while that can help, read piece by piece, ended in time.

Uses Chat Completions, which every OpenAI-compatible server speaks. No sampling parameter and no token limit is sent:
some servers refuse the former, and thinking models use up the latter before their first visible word.
"""

import asyncio
import json
import os
import re
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from assistant.llm.capabilities import Habits
from assistant.llm.error_body import words_of
from assistant.llm.errors import (
    BadKey,
    CutOff,
    LLMError,
    Loading,
    NoAPI,
    RequestRefused,
    Silence,
    Unreachable,
    detail,
    no_connection,
)
from assistant.llm.refusals import from_status
from assistant.llm.shapes import ABOUT_BOUNDS, BOUNDS, without
from assistant.settings import Settings
from index.safety.addresses import strangers_auth

if TYPE_CHECKING:
    from openai import AsyncOpenAI, AsyncStream

Message = Mapping[str, str]

PAUSES = (0.5, 1.0)  # seconds before the second and the third try, unless the server asks for more
USAGE_WAIT = 3.0  # seconds for the token counts that follow the last word
CONNECT_WAIT = 10.0
_ENDINGS = frozenset("stop eos eos_token end end_turn stop_sequence complete completed done finished".split())
_UNKNOWN_PART = re.compile(
    r"stream_options|include_usage|unknown|unrecogni[sz]ed|unexpected|unsupported|not permitted|extra"
)


@dataclass(frozen=True)
class Piece:
    """What one chunk of a stream says."""

    text: str = ""
    thought: str = ""
    refusal: str = ""
    finish: str | None = None
    usage: Mapping[str, Any] = field(default_factory=dict)


@asynccontextmanager
async def client(settings: Settings, path: str = "") -> "AsyncIterator[AsyncOpenAI]":
    """A client of the chat API for one call (`path`: added to the address): a client belongs to one event loop, and
    jobs run in several. It follows no redirect, so prompts go to the named server and to no other. Raises LLMError for
    a key that cannot even be sent, and for an address, a proxy or certificates that cannot be used."""
    import httpx

    from index.safety.http import Unusable, open_client

    openai = await asyncio.to_thread(import_module, "openai")  # it takes half a second the first time
    _refuse_unsendable(settings)
    timeout = httpx.Timeout(None, connect=CONNECT_WAIT)  # each wait has its own limit
    direct = settings.is_local  # a loopback server is never asked through a proxy
    auth = strangers_auth(settings.base_url, settings.key)
    try:
        connection = open_client(timeout=timeout, direct=direct, auth=auth)
    except Unusable as unusable:
        raise Unreachable(f"{settings.server} cannot be asked: {unusable}.") from None
    async with connection as http:
        try:
            api = openai.AsyncOpenAI(
                api_key=settings.key,
                base_url=settings.url + path,
                default_query=settings.query,
                default_headers={"api-key": settings.key} if "api-version" in settings.query else None,
                max_retries=0,
                http_client=http,  # httpx 1 is taken as well as openai's own httpx2
            )
        except (openai.OpenAIError, httpx.InvalidURL, ValueError, TypeError, OSError) as error:
            why = detail(error, settings.key).rstrip(".")
            raise Unreachable(
                f"{settings.server} cannot be asked ({why}): check OPENAI_BASE_URL and the other OPENAI_ variables."
            ) from None
        yield api


def _refuse_unsendable(settings: Settings) -> None:
    """Raises a named failure for what could not be sent in a header: a key or another OPENAI_ variable with line breaks
    or letters of other scripts, as copying from a page leaves them; and for an address that is none."""
    if not re.fullmatch(r"[!-~]+", settings.key):
        raise BadKey("OPENAI_API_KEY holds characters that no key has: copy it again.")
    if not settings.has_address:
        raise Unreachable(
            f"OPENAI_BASE_URL ({detail(settings.url, settings.key)}) is no address: it looks like "
            "https://api.example.org/v1 or http://127.0.0.1:11434/v1."
        )
    for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        if not re.fullmatch(r"[!-~]*", os.environ.get(name, "")):
            raise Unreachable(f"{name} holds characters that cannot be sent: correct or unset it.")
    if not re.fullmatch(r"[ -~\n]*", os.environ.get("OPENAI_CUSTOM_HEADERS", "")):
        raise Unreachable("OPENAI_CUSTOM_HEADERS holds characters that cannot be sent: correct or unset it.")


@contextmanager
def named_failures(settings: Settings, model: str) -> Iterator[None]:
    """Turns the client's exceptions into named failures."""
    import httpx
    import openai

    try:
        yield
    except openai.APIStatusError as error:
        said = words_of(error.response.text) or error.message
        raise from_status(error.status_code, said, error.response.headers, settings, model) from None
    except (openai.APIConnectionError, httpx.TransportError, httpx.InvalidURL):
        raise no_connection(settings) from None
    except openai.APIError as error:
        said = words_of(json.dumps({"error": error.body}, default=str)) or error.message
        raise from_status(0, said, {}, settings, model) from None
    except ValueError:
        raise NoAPI(f"{settings.server} sent something that is no chat reply: check OPENAI_BASE_URL.") from None


async def pieces(
    settings: Settings,
    model: str,
    habits: Habits,
    messages: Sequence[Message],
    deadline: float,
    extra: Mapping[str, Any],
) -> AsyncGenerator[Piece, None]:
    """The pieces of a reply. Temporary failures are retried until the first word has come, which must be before
    `deadline` (`time.monotonic`). Raises LLMError."""
    pauses, path = list(PAUSES), habits.path
    while True:
        async with client(settings, habits.path) as api:
            begun = False
            try:
                request = _request(model, habits, messages, extra)
                async with aclosing(_attempt(api, settings, request, deadline)) as reply:
                    async for piece in reply:
                        begun = begun or bool(piece.text or piece.thought)
                        yield piece
                if habits.path != path:
                    habits.keep()
                return
            except LLMError as failure:
                if begun and isinstance(failure, Unreachable):
                    raise _broken_off(settings) from None
                if begun:
                    raise
                if _adapt(settings, habits, failure):
                    continue
                habits.path = path if isinstance(failure, NoAPI) else habits.path
                if failure.retry_after is None or not (pauses or isinstance(failure, Loading)):
                    raise
                pause = failure.retry_after if isinstance(failure, Loading) else max(pauses.pop(0), failure.retry_after)
                if time.monotonic() + pause >= deadline:
                    raise
        await asyncio.sleep(pause)


async def _attempt(
    api: "AsyncOpenAI", settings: Settings, request: Mapping[str, Any], deadline: float
) -> AsyncGenerator[Piece, None]:
    """One try. The first word must come before `deadline`; after it, only silence ends the call."""
    finish, limit, begun = None, deadline, False
    with named_failures(settings, request["model"]):
        try:
            async with asyncio.timeout(deadline - time.monotonic()):
                reply = await _opened(api, request)
            try:
                while True:
                    async with asyncio.timeout(limit - time.monotonic()):
                        chunk = await anext(reply, None)
                    if chunk is None:
                        break
                    piece = _read(chunk)
                    if piece.text or piece.thought:
                        begun, limit = True, time.monotonic() + settings.silence_seconds
                    if piece.finish:
                        finish, limit = piece.finish, time.monotonic() + USAGE_WAIT
                    yield piece
            finally:
                await reply.close()
        except TimeoutError:
            if finish is None:
                raise _silence(settings, begun) from None
    _judge_ending(settings, request["model"], finish, begun)


def _silence(settings: Settings, begun: bool) -> Silence:
    if begun:
        return Silence(f"{settings.server} fell silent for {settings.silence_seconds:g} s in mid-answer: ask again.")
    wait = settings.first_word_seconds
    return Silence(f"{settings.server} gave no answer within {wait:g} s: ask again, or choose a faster model.")


def _broken_off(settings: Settings) -> CutOff:
    return CutOff(f"{settings.server} broke off in mid-answer: ask again.")


def _judge_ending(settings: Settings, model: str, finish: str | None, begun: bool) -> None:
    """Raises a failure if the way that a stream ended means one."""
    if finish is None and begun:
        raise _broken_off(settings)
    if finish is None:
        raise NoAPI(f"{settings.server} sent no chat reply: check OPENAI_BASE_URL (it often ends in /v1).")
    ending = (finish or "").lower()
    if ending in ("length", "max_tokens", "model_length"):
        raise CutOff(f"The answer reached the length limit of {model}: ask for less at once.")
    if ending in ("content_filter", "safety", "recitation", "prohibited_content", "blocklist", "refusal"):
        raise RequestRefused(f"{settings.server} withheld the answer (content filter): ask in other words.")
    if ending not in _ENDINGS:
        raise _broken_off(settings)


def _request(model: str, habits: Habits, messages: Sequence[Message], extra: Mapping[str, Any]) -> dict[str, Any]:
    sent = [dict(message) for message in messages]
    if "system" in habits.without and len(sent) > 1 and sent[0]["role"] == "system":
        sent[1]["content"] = f"{sent[0]['content']}\n\n{sent[1]['content']}"
        sent = sent[1:]
    if "bounds" in habits.without:
        extra = without(extra, BOUNDS)
    request = {"model": model, "messages": sent, "stream": True, **extra}
    if "stream_options" not in habits.without:
        request["stream_options"] = {"include_usage": True}
    return request


def _adapt(settings: Settings, habits: Habits, failure: LLMError) -> bool:
    """Whether the server refused a part of the request that can be left out, or has no API at an address that may lack
    its `/v1`; that is then remembered."""
    said = failure.said.lower()
    if isinstance(failure, NoAPI):
        if habits.path or "/v1" in settings.url or settings.query:
            return False
        habits.path = "/v1"  # remembered only if something comes of it
        return True
    if "system" in said and "role" in said and "system" not in habits.without:
        habits.without.add("system")
    elif ABOUT_BOUNDS.search(said) and "bounds" not in habits.without:
        habits.without.add("bounds")
    elif "response_format" in said or "stream_options" in habits.without or not isinstance(failure, RequestRefused):
        return False
    elif _UNKNOWN_PART.search(said):
        habits.without.add("stream_options")
    else:
        return False
    habits.keep()
    return True


async def _opened(api: "AsyncOpenAI", request: Mapping[str, Any]) -> "AsyncStream[Any]":
    """The chunks of a chat completion as they were sent. openai's own `chat.completions.create` turns them into
    objects, which is a third of all the work when many people use a window at once."""
    import openai

    return await api.post(
        "/chat/completions", body=dict(request), cast_to=object, stream=True, stream_cls=openai.AsyncStream[Any]
    )


def _fields(value: object) -> Mapping[str, Any]:
    """The fields of a JSON object; none if it is something else."""
    return value if isinstance(value, dict) else {}


def _finish(reason: object) -> str | None:
    """Why a reply ended; some servers send an empty or a "null" reason with every piece."""
    return reason if isinstance(reason, str) and reason not in ("", "null", "None") else None


def _read(chunk: object) -> Piece:
    """The words of a chunk; servers leave out fields, or send null, as they like."""
    choices = _fields(chunk).get("choices")
    choice = _fields(choices[0] if isinstance(choices, list) and choices else None)
    delta = _fields(choice.get("delta"))
    thought = delta.get("reasoning_content") or delta.get("reasoning")
    content = delta.get("content")
    if isinstance(content, list):  # some servers send parts: {"type": "thinking" | "text", ...}
        parts = [part for part in content if isinstance(part, dict)]
        thought = thought or "".join("." for part in parts if part.get("type") != "text")
        content = "".join(str(part.get("text") or "") for part in parts if part.get("type") == "text")
    return Piece(
        text=content if isinstance(content, str) else "",
        thought=thought if isinstance(thought, str) else "",
        refusal=refusal if isinstance(refusal := delta.get("refusal"), str) else "",
        finish=_finish(choice.get("finish_reason")),
        usage=_fields(_fields(chunk).get("usage")),
    )
