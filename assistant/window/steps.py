"""Where each open page is led, by links and by Back: one step after another, and only the last one to its end."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from assistant.window.context import PAGES

if TYPE_CHECKING:
    import gradio as gr


class Steps:
    """The steps of the latest pages. The page numbers its own, as a server may hear of them in another order."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @asynccontextmanager
    async def take(self, request: "gr.Request", number: int) -> AsyncIterator[Callable[[], bool]]:
        """Waits until the step before has ended, which ends early as soon as another is taken. Yields what tells
        whether this one is still the last."""
        page = request.session_hash or ""
        self._last[page] = max(number, self._last.pop(page, 0))
        if len(self._last) > PAGES:
            gone = next(iter(self._last))
            del self._last[gone]
            self._turns.pop(gone, None)
        async with self._turns[page]:
            yield lambda: self._last.get(page) == number
