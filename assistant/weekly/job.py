"""A week as a digest: first in quotes, at once; then theme by theme as a model writes it, all calls together.

What was paid for is kept the moment it comes: a second run pays for what is missing. Every failure of the model
leaves its papers in quotes and says why.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.documents import Digest, Usage
from assistant.weekly.cache import Shelf
from assistant.weekly.edition import Edition, make_edition

if TYPE_CHECKING:
    from assistant.llm import ChatModel, LLMError
    from assistant.weekly.prompt import Ask
    from assistant.weekly.reply import Written
    from index.library import Library

TOGETHER = 8  # calls at a time
BEAT = 0.5  # seconds between snapshots while the model writes: whoever reads can stop the calls at each


@dataclass(frozen=True)
class Plan:
    """What a digest would take: its papers and themes, the calls that are still to be made, their prompt tokens at
    most, the tokens of replies of the length asked for, and US dollars (None where the price is not known). `kept`:
    calls that were paid for before."""

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
) -> Plan:
    """What `weekly` of the same arguments would spend; makes none of its calls. Raises ValueError."""
    shelf = Shelf(home or library.path)
    edition = await asyncio.to_thread(make_edition, library, shelf, week, since, until, query, fresh)
    period = edition.period
    planned = Plan(period.week, period.since, period.until, len(edition.papers), len(edition.themes))
    name, problem = await _name_of(model)
    planned = replace(planned, notices=edition.notices + ((problem,) if problem else ()))
    if model is None or name is None:
        return planned
    from assistant.weekly.prompt import asks_of

    asks = asks_of(edition)
    due = [ask for ask in asks if fresh or shelf.reply(ask.key(name)) is None]
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
    home: Path | None = None,
) -> AsyncGenerator[Digest, None]:
    """The digest of a week or some days (default: the latest week with papers), all papers or those on a topic, as
    it grows: the first snapshot is in quotes, each later one has more of it written, the last is complete.
    `progress` of each tells the calls that are done, of how many.

    `fresh`: group and write anew what was kept. Without a model nothing that a model wrote is shown. Closing the
    generator cancels the calls; what came by then is kept. Raises ValueError for what is no week or day.
    """
    shelf = Shelf(home or library.path)
    edition = await asyncio.to_thread(make_edition, library, shelf, week, since, until, query, fresh)
    if edition.papers:
        await asyncio.to_thread(shelf.keep_edition, edition.period, edition.topic, edition.kept, False)
    name, problem = await _name_of(model)
    writing = _Writing(edition, shelf, model if name else None, fresh, problem)
    try:
        while not writing.done:
            yield await writing.snapshot()
            await writing.wait()
        last = await writing.snapshot()
        if edition.papers:
            await asyncio.to_thread(shelf.keep_edition, edition.period, edition.topic, edition.kept, True)
        yield last
    finally:
        await writing.stop()


async def _name_of(model: "ChatModel | None") -> tuple[str | None, str | None]:
    """The name of the model that is to write, or why it cannot."""
    if model is None:
        return None, None
    from assistant.llm import LLMError

    try:
        return await model.resolve(), None
    except LLMError as failure:
        return None, f"{failure} Until then, this digest is in quotes."


class _Writing:
    """The calls of an edition: which are under way, what came, what went wrong."""

    def __init__(self, edition: Edition, shelf: Shelf, model: "ChatModel | None", fresh: bool, notice: str | None):
        self._edition = edition
        self._everyone = tuple(p.paper for p in edition.papers)
        self._shelf = shelf
        self._model = model
        self._fresh = fresh
        self._notices = (notice,) if notice else ()
        self._asks: tuple[Ask, ...] = ()
        self._written: dict[Ask, Written] = {}
        self._usage = Usage()
        self._failures: list[LLMError] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._begun = False
        self._last: Digest | None = None

    @property
    def done(self) -> bool:
        """Whether nothing is under way or still to be begun."""
        return self._begun and not self._tasks

    async def snapshot(self) -> Digest:
        """The digest as far as it is written."""
        from assistant.weekly.reply import assemble

        if self._last is None:
            written = dict(self._written)
            digest = await asyncio.to_thread(assemble, self._edition, written, self._asks)
            called = len(self._asks)
            self._last = replace(
                digest,
                usage=self._usage,
                model=self._model.name if self._model else None,
                notices=(*digest.notices, *self._notices, *self._what_failed()),
                complete=self.done,
                progress=(called - len(self._tasks), called),
            )
        return self._last

    async def wait(self) -> None:
        """Begins the calls, or waits until one ends or a beat has passed."""
        if not self._begun:
            await self._begin()
        elif self._tasks:
            ended, self._tasks = await asyncio.wait(self._tasks, timeout=BEAT, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                if not task.cancelled():
                    task.result()
            if not ended:
                return
        self._last = None

    async def _begin(self) -> None:
        from assistant.weekly.prompt import asks_of

        self._begun = True
        if self._model is None:
            return
        self._asks = await asyncio.to_thread(asks_of, self._edition)
        gate = asyncio.Semaphore(TOGETHER)
        self._tasks = {asyncio.create_task(self._write(ask, gate)) for ask in self._asks}

    async def _write(self, ask: "Ask", gate: asyncio.Semaphore) -> None:
        """One call, or the kept reply to it."""
        from assistant.llm import LLMError, Nonsense
        from assistant.weekly.reply import keep

        assert self._model is not None
        key = ask.key(self._model.name)
        data = None if self._fresh else await asyncio.to_thread(self._shelf.reply, key)
        if data is None:
            async with gate:
                try:
                    reply = await self._model.structured(ask.messages, ask.schema, ask.kind)
                except LLMError as failure:
                    self._fail(failure)
                    return
            self._usage += reply.usage
            data = reply.data
            if reply.problem is not None:
                self._failures.append(reply.problem)
            elif data is None:
                self._failures.append(Nonsense(f"{self._model.name} sent no JSON of the shape asked for."))
            else:
                await asyncio.to_thread(self._shelf.keep_reply, key, data)
        if data is not None:
            self._written[ask] = await asyncio.to_thread(keep, data, ask, self._everyone)

    def _fail(self, failure: "LLMError") -> None:
        """Takes note of a failure; one that every call would meet ends the others."""
        from assistant.llm import BadKey, NotConfigured, UnknownModel, Unreachable

        self._usage += failure.usage
        self._failures.append(failure)
        if isinstance(failure, BadKey | NotConfigured | Unreachable | UnknownModel):
            for task in self._tasks - {asyncio.current_task()}:
                task.cancel()

    def _what_failed(self) -> Sequence[str]:
        if not self._failures:
            return ()
        reasons = " ".join(dict.fromkeys(map(str, self._failures)))
        missing = sum(ask not in self._written for ask in self._asks) if self.done else len(self._failures)
        failed = max(missing, len(self._failures))  # some broke off after words that stand, others were not begun
        said = f"{failed} of {len(self._asks)} calls failed or broke off: quotes stand there."
        return (f"{said} {reasons} What came is kept: a second run pays for the rest only.",)

    async def stop(self) -> None:
        """Ends what is under way."""
        for task in self._tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*self._tasks, return_exceptions=True)
