"""A model on a server: its reply as a stream of visible words, or as JSON that fits a schema.

Knows how replies are put together and what they cost; a single call is in `client.py`.
"""

import asyncio
import json
import re
import time
import weakref
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any

from assistant.documents import Usage
from assistant.llm.bounds import LONGEST, Bounds, without_repeats
from assistant.llm.capabilities import SHAPES, habits_of, price
from assistant.llm.client import Message, client, named_failures, pieces
from assistant.llm.context import Limits, is_small, limits_of
from assistant.llm.errors import (
    ContextTooLong,
    CutOff,
    LLMError,
    NoAPI,
    Nonsense,
    NotConfigured,
    RequestRefused,
    Runaway,
    ServerError,
    Silence,
)
from assistant.llm.reasoning import Visible
from assistant.llm.salvage import salvage
from assistant.llm.shapes import strict, without
from assistant.settings import Settings
from assistant.tokens import count_messages, count_tokens, counted
from prompts import load

REPLY_WAITS = 5  # a whole reply may take so many times the wait for its first word
NEARBY, REMOTE = 1, 100  # calls at a time: a server nearby mostly has one slot, and lets the others starve
CUT = 0.7  # a server that reports less than this part of the prompt has not read all of it
REPLY = 600  # tokens of a small context that are left for the reply
TOKENS_PER_OURS = 1.25  # of other tokenizers to the one that counts here, at most
LEAST_CUT = 256  # tokens that it reports at least then: fewer are what a cache left to be read
LIMITS_WAIT = 2.0  # seconds for what a server nearby tells of itself
LIST_WAIT = 10.0  # seconds for the list of models
_ABOUT_SHAPE = re.compile(
    r"response_format|json|schema|grammar|structured|guided|unsupported|unknown|extra", re.IGNORECASE
)


@dataclass(frozen=True)
class Words:
    """The next visible words of a reply."""

    text: str


@dataclass(frozen=True)
class Retract:
    """Everything given so far was thinking and has to be taken back."""


@dataclass(frozen=True)
class Done:
    """The end of a reply: its usage, whether the tokens had to be counted here, and what is to be said of the server
    (that it cut the prompt)."""

    usage: Usage
    counted: bool
    notice: str | None = None


@dataclass(frozen=True)
class StructuredReply:
    """A structured reply: its data as far as it could be read (None: not at all), its text, its usage, whether the
    tokens had to be counted here, what went wrong if it broke off, and what is to be said of the server."""

    data: object | None
    text: str
    usage: Usage
    counted: bool = False
    problem: LLMError | None = None
    notice: str | None = None


class ChatModel:
    """A model on a server. `name` is empty while no model is set and the server has not been asked for its list."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.name = settings.chosen_model or ""
        self._habits = habits_of(settings.home, settings.server, self.name)
        self._slots: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = (
            weakref.WeakKeyDictionary()
        )
        self._limits: Limits | None = None
        self._learning: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = weakref.WeakKeyDictionary()

    async def models(self) -> tuple[str, ...]:
        """The chat models that the server lists, sorted; none if what it sends is no list. Raises LLMError."""
        listed = _listed(await self._list())
        return tuple(sorted(name for name in listed if "embed" not in name.lower()))

    async def _list(self) -> object:
        """What the server sends as its list of models."""
        import httpx
        import openai

        path = self._habits.path
        while True:
            async with client(self.settings, path) as api:
                with named_failures(self.settings, self.name):
                    try:
                        async with asyncio.timeout(min(LIST_WAIT, self.settings.first_word_seconds)):
                            page = await api.get("/models", cast_to=httpx.Response)  # read leniently
                    except TimeoutError:
                        raise Silence(f"{self.settings.server} does not answer: ask again later.") from None
                    except openai.NotFoundError:
                        if path or "/v1" in self.settings.url or self.settings.query:
                            return None
                        path = "/v1"
                        continue
            try:
                return json.loads(page.text)
            except (ValueError, RecursionError):
                return None

    async def resolve(self) -> str:
        """The model's name; if none is set, the only one that the server lists. Raises LLMError, in particular
        NotConfigured if the server lists several or none."""
        if not self.name:
            listed = await self.models()
            if len(listed) != 1:
                several = f"lists several models ({', '.join(listed[:5])})" if listed else "lists no model"
                what = "choose one with PAPERS_MODEL" if listed else "name one with PAPERS_MODEL, or load one there"
                raise NotConfigured(f"{self.settings.server} {several}: {what}.")
            self.name = listed[0]
            self._habits = habits_of(self.settings.home, self.settings.server, self.name)
        return self.name

    async def reachable(self) -> str:
        """`ok`, or one sentence that says why the chat API or the model cannot be used, as far as its list of models
        tells: a call decides. Costs nothing."""
        try:
            listed = await self.models()
            name = await self.resolve()
        except LLMError as failure:
            return str(failure)
        server = self.settings.server
        if not listed:
            return f"{server} sent no list of models: the first question tells whether {name} works."
        if not _is_listed(name, listed):
            return f"{server} does not list the model {name!r}: set PAPERS_MODEL to one that it lists."
        return "ok"

    async def works(self) -> None:
        """Makes one small call, which is ended at its first word. Raises LLMError if the address, the key or the model
        cannot be used."""
        try:
            async with aclosing(self.stream([{"role": "user", "content": load("hello")}])) as parts:
                async for part in parts:
                    if isinstance(part, Words):
                        return
        except (CutOff, Nonsense) as failure:
            if isinstance(failure, NoAPI):
                raise  # a model that thinks, or says nothing, has answered

    async def stream(
        self, messages: Sequence[Message], *, wait: float | None = None, extra: Mapping[str, Any] | None = None
    ) -> AsyncGenerator[Words | Retract | Done, None]:
        """A reply as it comes: `Words`, and `Done` at the end. Thinking is left out.

        `wait`: seconds for the first word, retries included (default: from the settings). A server nearby gets NEARBY
        calls at a time; waiting for one's turn does not count. Closing the generator ends the call at once. Raises
        LLMError, whose `usage` says what had been spent by then.
        """
        slots = self._slots.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(self.at_once))
        async with slots, aclosing(self._streamed(messages, wait, extra)) as reply:
            async for part in reply:
                yield part

    @property
    def at_once(self) -> int:
        """How many calls the server gets at a time."""
        return NEARBY if self.settings.is_nearby else REMOTE

    async def _streamed(
        self, messages: Sequence[Message], wait: float | None, extra: Mapping[str, Any] | None
    ) -> AsyncGenerator[Words | Retract | Done, None]:
        deadline = time.monotonic() + (wait or self.settings.first_word_seconds)
        visible, written, shown = Visible(), "", ""
        bounds = Bounds(self.settings.first_word_seconds * REPLY_WAITS)
        sent: Mapping[str, Any] = {}
        try:
            await self.resolve()
            request = pieces(self.settings, self.name, self._habits, messages, deadline, extra or {})
            async with aclosing(request) as reply:
                async for piece in reply:
                    sent = piece.usage or sent
                    written += piece.thought + piece.text
                    if piece.refusal and not shown:
                        raise RequestRefused(f"{self.name} declined to answer: ask in other words.")
                    text = visible.feed(piece.text)
                    if visible.retract:
                        shown = ""
                        yield Retract()
                    if text:
                        shown += text
                        yield Words(text)
                    ending = bounds.passed(piece.text, piece.thought)
                    if ending or len(shown) > LONGEST:
                        if (kept := without_repeats(shown)) != shown:
                            shown = kept
                            yield Retract()
                            yield Words(kept)
                        raise Runaway(f"{self.name} {ending or 'wrote too much'}, and was stopped: ask again.")
            if text := visible.close():
                shown += text
                yield Words(text)
            if not shown.strip():
                server = self.settings.server
                raise Nonsense(f"{self.name} at {server} wrote nothing: ask again, or choose another model.")
        except LLMError as failure:
            if written or sent or isinstance(failure, Silence | CutOff):  # the prompt was sent, and may be charged
                failure.usage = self._spent(messages, written, sent)
                failure.counted = _tokens(sent) is None
            raise
        spent = self._spent(messages, written, sent)
        yield Done(spent, counted=_tokens(sent) is None, notice=self._cut(messages, sent))

    def _cut(self, messages: Sequence[Message], sent: Mapping[str, Any]) -> str | None:
        """A notice if the server's count of the prompt shows that it left out a part of it, as Ollama does in silence.
        Tokenizers differ by less than a quarter; servers that report only what no cache held say so."""
        reported = _tokens(sent)
        details = sent.get("prompt_tokens_details")
        if reported is None or (isinstance(details, dict) and details.get("cached_tokens")):
            return None
        ours = count_messages(messages) / counted(1_000) * 1_000
        if not LEAST_CUT <= reported[0] < CUT * ours:
            return None
        return (
            f"{self.settings.server} read {reported[0]:,} of about {ours:,.0f} tokens of the prompt and cut the rest: "
            "raise its context (Ollama: num_ctx or OLLAMA_CONTEXT_LENGTH)."
        )

    async def structured(self, messages: Sequence[Message], schema: Mapping[str, Any], name: str) -> StructuredReply:
        """A reply to fit a JSON schema, parsed as far as possible; the caller validates it.

        Which shape the server accepts (a schema, any JSON, plain text) is learnt from the first reply and stored. A
        reply that breaks off comes back with its `problem`. Raises LLMError if nothing came.
        """
        await self.resolve()
        if self._habits.shape is None:
            lock = self._learning.setdefault(asyncio.get_running_loop(), asyncio.Lock())
            first = not lock.locked()
            async with lock:  # of several calls at once, one learns while the others wait
                if self._habits.shape is None and first:
                    return await self._learn(messages, schema, name)
        if self._habits.shape is None:  # the first got no answer: the others do not wait for one another
            return await self._learn(messages, schema, name)
        try:
            return await self._shaped(self._habits.shape, messages, schema, name)
        except (RequestRefused, ServerError) as failure:
            if self._habits.shape == "text" or not _ABOUT_SHAPE.search(failure.said):
                raise
        return await self._learn(messages, schema, name)

    async def limits(self) -> Limits:
        """How much the model reads at once, and whether it is small. A server nearby is asked once; others hold large
        models. Costs and raises nothing."""
        from index.safety.http import Unusable, open_client

        if self._limits is None:
            self._limits = Limits(small=is_small(self.name))
            if self.settings.is_nearby:
                with suppress(TimeoutError, Unusable):
                    async with asyncio.timeout(LIMITS_WAIT), open_client(timeout=LIMITS_WAIT, direct=True) as http:
                        self._limits = await limits_of(http, self.settings.url, self.name)
        return self._limits

    async def room(self, most: int) -> int:
        """How many tokens, as counted here, a prompt of at most `most` may have beside a reply."""
        context = (await self.limits()).context
        return self._beside_a_reply(context, most) if context else most

    def _beside_a_reply(self, context: int, most: int) -> int:
        return max(min(most, int((context - min(REPLY, context // 4)) / TOKENS_PER_OURS)), 0)

    def fitting(self, refused: ContextTooLong, most: int) -> int:
        """How many tokens, as counted here, the next prompt may have after one of at most `most` was refused as too
        long: what the context that the server named leaves beside a reply, else half."""
        if not refused.room:
            return most // 2
        return self._beside_a_reply(refused.room, most)

    def sent(self, messages: Sequence[Message], written: int = 0) -> Usage:
        """What a call that has not ended has spent, as far as it can be counted here: its prompt, and the tokens
        written so far."""
        prompt = count_messages(messages)
        return Usage(1, 0, prompt, written, self.price(prompt, written))

    def price(self, prompt_tokens: int, completion_tokens: int) -> float | None:
        """The price in US dollars of some tokens of this model; None if it is not known."""
        return price(self.name, prompt_tokens, completion_tokens)

    async def _learn(self, messages: Sequence[Message], schema: Mapping[str, Any], name: str) -> StructuredReply:
        """A structured reply in the first shape that works, which is remembered."""
        spent, taken = Usage(), None
        reply = StructuredReply(None, "", Usage())
        for shape in SHAPES:
            try:
                reply = await self._shaped(shape, messages, schema, name)
            except (RequestRefused, ServerError) as failure:
                if shape == "text" or not _ABOUT_SHAPE.search(failure.said):
                    raise
                continue
            spent += reply.usage
            taken = taken or shape
            if reply.problem is not None:
                break
            if reply.data is not None:
                self._habits.shape = shape
                self._habits.keep()
                return StructuredReply(reply.data, reply.text, spent, reply.counted, notice=reply.notice)
        self._habits.shape = taken  # not saved: for the rest of this run, one try with what it accepted is enough
        return StructuredReply(reply.data, reply.text, spent, reply.counted, reply.problem)

    async def _shaped(
        self, shape: str, messages: Sequence[Message], schema: Mapping[str, Any], name: str
    ) -> StructuredReply:
        extra: dict[str, Any] = {}
        if shape == "json_schema":
            fitting = strict(without(schema, ["maxLength"]) if self.settings.is_openai else schema)
            form = {"name": name, "schema": fitting, "strict": True}
            extra["response_format"] = {"type": "json_schema", "json_schema": form}
        else:
            if shape == "json_object":
                extra["response_format"] = {"type": "json_object"}
            told = load("json", schema=json.dumps(schema, ensure_ascii=False))
            messages = [{**messages[0], "content": f"{messages[0]['content']}\n\n{told}"}, *messages[1:]]
        text, usage, here, problem, notice = "", Usage(), False, None, None
        try:
            async with aclosing(self.stream(messages, extra=extra)) as reply:
                async for event in reply:
                    if isinstance(event, Words):
                        text += event.text
                    elif isinstance(event, Retract):
                        text = ""
                    else:
                        usage, here, notice = event.usage, event.counted, event.notice
        except LLMError as failure:
            if not text.strip():
                raise
            problem, usage, here = failure, failure.usage, failure.counted
        data = salvage(text)
        required = schema.get("required") or ()
        if isinstance(data, dict) and required and not any(key in data for key in required):
            data = None
        return StructuredReply(data, text, usage, here, problem, notice)

    def _spent(self, messages: Sequence[Message], written: str, sent: Mapping[str, Any]) -> Usage:
        """What a call spent: the server's own figures if it sent them, else as counted here."""
        prompt, completion = _tokens(sent) or (count_messages(messages), count_tokens(written))
        details = sent.get("prompt_tokens_details")
        cached = (details.get("cached_tokens") if isinstance(details, dict) else None) or 0
        charged = sent.get("cost")  # some routers send what they charge
        cost = float(charged) if isinstance(charged, int | float) else price(self.name, prompt, completion, cached)
        return Usage(1, 0, prompt, completion, cost)


def _tokens(sent: Mapping[str, Any]) -> tuple[int, int] | None:
    """The prompt and completion tokens that a server reported; None if it reported none."""
    prompt, completion = sent.get("prompt_tokens"), sent.get("completion_tokens")
    return (prompt, completion) if isinstance(prompt, int) and isinstance(completion, int) else None


def _listed(page: object) -> list[str]:
    """The names in a list of models, in whatever form it comes: an object with `data` or `models`, or a bare list."""
    if isinstance(page, dict):
        page = next((page[key] for key in ("data", "models") if isinstance(page.get(key), list)), ())
    entries = page if isinstance(page, list) else ()
    names = [
        next((e[key] for key in ("id", "name", "model") if isinstance(e.get(key), str)), "")
        if isinstance(e, dict)
        else e
        for e in entries
    ]
    return list(dict.fromkeys(name for name in names if isinstance(name, str) and name))


def _is_listed(name: str, listed: Sequence[str]) -> bool:
    """Whether a model is among those listed; Ollama calls the one without a tag `latest`, Google adds `models/`."""
    known = {each.removeprefix("models/").removesuffix(":latest").lower() for each in listed}
    return name.removeprefix("models/").removesuffix(":latest").lower() in known
