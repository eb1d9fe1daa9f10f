"""A question within a conversation: stored before it is asked and as its answer grows, marked if it is stopped.

Connects the assistant with the stored conversations; knows nothing of how a turn is shown.
"""

import asyncio
import itertools
import re
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.conversations import Conversations, QuestionScope, State, Turn
from assistant.documents import Answer, Notice
from index.english import enumerated
from index.errors import LibraryError

if TYPE_CHECKING:
    from assistant.engine import Assistant

REMEMBERED = 6  # earlier answers that a follow-up question is asked with
ALL = QuestionScope()
SAVED_EVERY = 1.0  # seconds between saves of a growing answer

_WEEKLY = re.compile(r"/weekly\b\s*(?P<week>\d{4}-?W\d{1,2})?\s*$", re.IGNORECASE)
_COMPARE = re.compile(r"/compare\s+(?P<names>[^|]+\|.+)$", re.IGNORECASE)


def spelled_out(question: str) -> str:
    """A question in plain words: `/weekly [WEEK]` and `/compare A | B | ...` are replaced by what they stand for."""
    question = question.strip()
    if found := _COMPARE.match(question):
        names = [name.strip() for name in found["names"].split("|") if name.strip()]
        joined = enumerated(names) if len(names) > 2 else " with ".join(names)
        return f"Compare {joined}"
    if found := _WEEKLY.match(question):
        return f"Weekly summary of {found['week']}" if found["week"] else "Weekly summary"
    return question


async def settle(conversations: Conversations, owner: str, conversation: str) -> None:
    """Wait, for a second at most, until the cancelled answers of a conversation are stored."""
    for _ in range(20):
        if all(turn.state != "asking" for turn in conversations.turns(owner, conversation)):
            return
        await asyncio.sleep(0.05)


async def talk(
    assistant: "Assistant",
    conversations: Conversations,
    owner: str,
    question: str,
    *,
    conversation: str | None = None,
    scope: QuestionScope = ALL,
    instead: int | None = None,
) -> AsyncGenerator[Turn, None]:
    """The turn as it grows, first without an answer. Closing the generator ends the call and marks the turn as stopped,
    with what had come by then. A LibraryError becomes a notice of the answer."""
    question = spelled_out(question)
    turn = conversations.ask(owner, conversation, question, scope, instead)
    answer = Answer(question, complete=False)
    ending: State = "failed"
    saved = time.monotonic()
    try:
        yield turn
        turns = conversations.turns(owner, turn.conversation)
        earlier = itertools.takewhile(lambda t: t.id != turn.id, turns)  # it may take the place of an older one
        history = [t.answer for t in earlier if t.answer][-REMEMBERED:]
        snapshots: AsyncIterator[Answer] = assistant.stream(
            question, history, since=scope.since, until=scope.until, only=scope.only or None, tags=scope.tags
        )
        async with aclosing(snapshots):  # type: ignore[type-var]
            async for answer in snapshots:
                if time.monotonic() - saved >= SAVED_EVERY:
                    conversations.save(turn.id, answer)
                    saved = time.monotonic()
                yield replace(turn, answer=answer)
        ending = "done"
    except LibraryError as error:
        answer, ending = replace(answer, notices=(*answer.notices, str(error)), complete=True), "done"
    except (asyncio.CancelledError, GeneratorExit):
        ending = "stopped"
        raise
    finally:
        over = tuple(n for n in answer.notices if not (isinstance(n, Notice) and n.kind == "waiting"))
        conversations.save(turn.id, replace(answer, notices=over), ending)
    kept = conversations.turn(owner, turn.id)
    if kept:
        yield kept
