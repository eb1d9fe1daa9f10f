"""Answers while they are written: each belongs to its conversation and goes on, whichever page is looked at, until it
ends, a person stops it, or nobody of theirs has had a page open for a while.

Knows nothing of how a turn is shown.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.chat import ALL, settle, talk
from assistant.conversations import Conversations, QuestionScope, Turn

if TYPE_CHECKING:
    from assistant.engine import Assistant

ABSENT = 60.0  # seconds without a page after which nobody waits for an answer


@dataclass
class Growing:
    """An answer that is being written: its turn as far as it has come."""

    turn: Turn
    task: "asyncio.Task[None] | None" = field(default=None, repr=False)


class Answering:
    """The answers that are being written, by owner and conversation. To be used within one event loop.

    `absent`: the seconds for which an owner has had no page open.
    """

    def __init__(
        self, assistant: "Assistant", conversations: Conversations, absent: Callable[[str], float] = lambda _: 0.0
    ) -> None:
        self._assistant = assistant
        self._conversations = conversations
        self._absent = absent
        self._growing: dict[str, dict[str, Growing]] = {}
        self._changed: dict[str, asyncio.Event] = {}

    def of(self, owner: str) -> Mapping[str, Growing]:
        """An owner's answers that are being written, by conversation."""
        return self._growing.get(owner, {})

    async def begin(
        self,
        owner: str,
        question: str,
        *,
        conversation: str | None = None,
        scope: QuestionScope = ALL,
        instead: int | None = None,
    ) -> Turn:
        """Stores a question and begins to answer it; returns its turn, without an answer yet."""
        turns = talk(
            self._assistant, self._conversations, owner, question,
            conversation=conversation, scope=scope, instead=instead,
        )  # fmt: skip
        growing = Growing(await anext(turns))
        self._growing.setdefault(owner, {})[growing.turn.conversation] = growing
        growing.task = asyncio.create_task(self._grow(owner, growing, turns))
        self._tell(owner)
        return growing.turn

    async def _grow(self, owner: str, growing: Growing, turns: AsyncGenerator[Turn, None]) -> None:
        try:
            async with aclosing(turns):
                async for growing.turn in turns:
                    self._tell(owner)
                    if self._absent(owner) > ABSENT:
                        break
        finally:
            conversations = self._growing[owner]
            if conversations.get(growing.turn.conversation) is growing:
                del conversations[growing.turn.conversation]
            if not conversations:
                del self._growing[owner]
            self._tell(owner)

    async def stop(self, owner: str, conversation: str) -> None:
        """Ends the answer of a conversation, which keeps what had come; returns when it is stored."""
        growing = self.of(owner).get(conversation)
        if growing and growing.task:
            growing.task.cancel()
            await asyncio.wait({growing.task}, timeout=1.0)
        else:
            await settle(self._conversations, owner, conversation)

    async def change(self, owner: str, within: float = 1.0) -> None:
        """Waits until anything of an owner's answers has changed, or some seconds have passed."""
        event = self._changed.setdefault(owner, asyncio.Event())
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await event.wait()

    def _tell(self, owner: str) -> None:
        if event := self._changed.pop(owner, None):
            event.set()
