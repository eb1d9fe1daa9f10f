"""A week as a digest: at once in quotes, then theme by theme as a model writes it, several calls at a time.

What was paid for is stored as soon as it comes, so a second run pays only for what is missing. If a call fails, its
papers stay in quotes and a notice says why.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.documents import Digest, Usage
from assistant.running import snapshots_of
from assistant.weekly.cache import DigestStore
from assistant.weekly.edition import Edition, make_edition
from assistant.weekly.scope import scope_of

if TYPE_CHECKING:
    from assistant.llm import ChatModel, LLMError
    from assistant.llm.chat import StructuredReply
    from assistant.weekly.prompt import Ask
    from assistant.weekly.reply import KeptReply
    from index.library import Library

TOGETHER = 8  # calls at a time


@dataclass(frozen=True)
class DigestPlan:
    """What a digest would take: its papers and themes, the calls still to be made, their prompt tokens (at most), the
    tokens of replies of the length asked for, and US dollars (None if the price is not known). `kept`: calls that were
    paid for before."""

    week: str | None
    since: str
    until: str
    papers: int
    themes: int
    calls: int = 0
    kept: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = 0.0
    model: str | None = None
    notices: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The plan as `papers weekly --dry-run --json` shows it."""
        return {**self.__dict__, "notices": list(self.notices)}


async def plan(
    library: "Library",
    week: str | None = None,
    since: str | None = None,
    until: str | None = None,
    query: str | None = None,
    model: "ChatModel | None" = None,
    fresh: bool = False,
    home: Path | None = None,
    tags: Sequence[str] = (),
    topics: str | Sequence[str] = (),
) -> DigestPlan:
    """What `weekly` with the same arguments would spend; makes none of its calls. Raises ValueError."""
    store = DigestStore(home or library.path)
    scope = scope_of(query, tags, topics)
    edition = await asyncio.to_thread(make_edition, library, store, week, since, until, scope, fresh, with_news=False)
    period = edition.period
    planned = DigestPlan(period.week, period.since, period.until, len(edition.papers), len(edition.themes))
    name, problem = await _name_of(model)
    planned = replace(planned, notices=edition.notices + ((problem,) if problem else ()))
    if model is None or name is None:
        return planned
    asks, due = _calls_of(edition, store, name, fresh)
    prompt, completion = sum(ask.prompt_tokens for ask in due), sum(ask.reply_tokens for ask in due)
    return replace(
        planned,
        calls=len(due),
        kept=len(asks) - len(due),
        prompt_tokens=prompt,
        completion_tokens=completion,
        cost_usd=model.price(prompt, completion),
        model=name,
    )


async def weekly(
    library: "Library",
    week: str | None = None,
    since: str | None = None,
    until: str | None = None,
    query: str | None = None,
    model: "ChatModel | None" = None,
    fresh: bool = False,
    free: bool = False,
    home: Path | None = None,
    tags: Sequence[str] = (),
    topics: str | Sequence[str] = (),
    as_kept: bool = False,
) -> AsyncGenerator[Digest, None]:
    """The digest of a week or some days (default: the latest week with papers), of all papers or those on a `query` or
    with all of some `tags`, as it grows: the first snapshot is in quotes, later ones have more of it written, the last
    is complete. Their `progress` is the number of calls done and of all calls.

    `fresh`: group and write again what was stored. `free`: where that would take a call, the whole is in quotes.
    Without a model, nothing that a model wrote is shown. Closing the generator cancels the calls; what had come by then
    is stored. `topics`: the names of the saved topics that it is divided by, or `all`; `as_kept`: as they were when it
    was made. Raises ValueError for an invalid week or day, or an unknown topic.
    """
    store = DigestStore(home or library.path)
    scope = scope_of(query, tags, topics)
    edition = await asyncio.to_thread(make_edition, library, store, week, since, until, scope, fresh, as_kept)
    if edition.papers:
        await asyncio.to_thread(store.keep_edition, edition.period, scope.key, edition.kept, False)
    name, problem = await _name_of(model)
    if free and name and (await asyncio.to_thread(_calls_of, edition, store, name, fresh))[1]:
        name = None
    job = _DigestJob(edition, store, model if name else None, fresh, (problem,) if problem else ())
    async with aclosing(snapshots_of(job.work(), job.show, job.changed)) as snapshots:
        async for snapshot in snapshots:
            yield snapshot


def _calls_of(edition: Edition, store: DigestStore, name: str, fresh: bool) -> "tuple[Sequence[Ask], Sequence[Ask]]":
    """The calls that an edition takes, and those of them whose reply by a model of this name is not stored."""
    from assistant.weekly.prompt import asks_of

    asks = asks_of(edition)
    return asks, [ask for ask in asks if fresh or store.reply(ask.key(name)) is None]


async def _name_of(model: "ChatModel | None") -> tuple[str | None, str | None]:
    """The name of the model that is to write, or why it cannot."""
    if model is None:
        return None, None
    from assistant.llm import LLMError

    try:
        return await model.resolve(), None
    except LLMError as failure:
        return None, f"{failure} Until then, this digest is in quotes."


async def _reply(model: "ChatModel", ask: "Ask") -> "StructuredReply":
    """The reply to a call, with a prompt that the model can read: where its server refuses it as too long, once more
    with less of the papers. Raises LLMError."""
    from assistant.llm import ContextTooLong

    most = ask.prompt_tokens
    sent = await asyncio.to_thread(ask.within, await model.room(most))
    if sent is None:
        raise ContextTooLong(f"The context of {model.name} has no room for a paper.")
    try:
        return await model.structured(sent.messages, sent.schema, sent.kind)
    except ContextTooLong as failure:
        shorter = await asyncio.to_thread(sent.within, model.fitting(failure, sent.prompt_tokens))
        if shorter is None:
            raise
        return await model.structured(shorter.messages, shorter.schema, shorter.kind)


@dataclass
class _DigestJob:
    """An edition being written: its calls, what came of them, and what went wrong."""

    edition: Edition
    store: DigestStore
    model: "ChatModel | None"
    fresh: bool
    notices: tuple[str, ...]
    asks: "tuple[Ask, ...]" = ()
    written: "dict[Ask, KeptReply]" = field(default_factory=dict)
    usage: Usage = field(default_factory=Usage)
    sending: "dict[Ask, Usage]" = field(default_factory=dict)  # of calls that have not ended, as counted here
    failures: "list[LLMError]" = field(default_factory=list)
    calls: "list[asyncio.Task[None]]" = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def show(self, complete: bool = False) -> Digest:
        """The digest as far as it is written."""
        from assistant.weekly.reply import assemble

        done = len(self.asks) if complete else sum(call.done() for call in self.calls)
        digest = await asyncio.to_thread(assemble, self.edition, dict(self.written), self.asks)
        return replace(
            digest,
            usage=sum(self.sending.values(), self.usage),
            model=self.model.name if self.model else None,
            notices=(*digest.notices, *self.notices, *self._what_failed(complete)),
            complete=complete,
            progress=(done, len(self.asks)),
        )

    async def work(self) -> Digest:
        """Makes the calls, at most TOGETHER at a time, and keeps what comes of each. Returns the whole digest."""
        if self.model is not None:
            from assistant.weekly.prompt import asks_of

            self.asks = await asyncio.to_thread(asks_of, self.edition)
            gate = asyncio.Semaphore(min(TOGETHER, self.model.at_once))
            self.calls = [asyncio.create_task(self._write(self.model, ask, gate)) for ask in self.asks]
            for call in self.calls:
                call.add_done_callback(lambda _: self.changed.set())
            self.changed.set()
            for ended in await asyncio.gather(*self.calls, return_exceptions=True):  # cancelled with this
                if isinstance(ended, Exception):
                    raise ended
        last = await self.show(complete=True)
        if self.edition.papers:
            await asyncio.to_thread(self._keep)
        return last

    def _keep(self) -> None:
        """Stores the complete edition, and its papers as they are."""
        period, key = self.edition.period, self.edition.scope.key
        own, told = self.edition.texts
        self.store.keep_edition(period, key, self.edition.kept, True)
        self.store.keep_texts(period, key, own, told, self.fresh)

    async def _write(self, model: "ChatModel", ask: "Ask", gate: asyncio.Semaphore) -> None:
        """One call, or the kept reply to it."""
        from assistant.llm import LLMError, Nonsense
        from assistant.weekly.reply import keep

        key = ask.key(model.name)
        data = None if self.fresh else await asyncio.to_thread(self.store.reply, key)
        if data is None:
            async with gate:
                self.sending[ask] = await asyncio.to_thread(model.sent, ask.messages)
                self.changed.set()
                try:
                    reply = await _reply(model, ask)
                except LLMError as failure:
                    self._fail(failure)
                    return
                finally:
                    del self.sending[ask]
            self.usage += reply.usage
            data = reply.data
            if reply.notice and reply.notice not in self.notices:
                self.notices += (reply.notice,)
            if reply.problem is not None:
                self.failures.append(reply.problem)
            elif data is None:
                self.failures.append(Nonsense(f"{model.name} sent no JSON of the shape asked for."))
            else:
                await asyncio.to_thread(self.store.keep_reply, key, data)
        if data is not None:
            everyone = tuple(p.paper for p in self.edition.papers)
            self.written[ask] = await asyncio.to_thread(keep, data, ask, everyone)

    def _fail(self, failure: "LLMError") -> None:
        """Notes a failure; one that every call would run into ends the others."""
        from assistant.llm import BadKey, NoCredit, NotConfigured, UnknownModel, Unreachable

        self.usage += failure.usage
        self.failures.append(failure)
        if isinstance(failure, BadKey | NoCredit | NotConfigured | Unreachable | UnknownModel):
            for call in self.calls:
                if call is not asyncio.current_task():
                    call.cancel()

    def _what_failed(self, complete: bool) -> Sequence[str]:
        if not self.failures:
            return ()
        reasons = " ".join(dict.fromkeys(map(str, self.failures)))
        missing = sum(ask not in self.written for ask in self.asks) if complete else len(self.failures)
        failed = max(missing, len(self.failures))  # some broke off after usable words, others were never begun
        said = f"{failed} of {len(self.asks)} calls failed or broke off: quotes take their place."
        return (f"{said} {reasons} What came is kept: a second run pays only for the rest.",)
