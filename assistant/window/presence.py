"""Who has a page open: every page holds one connection for as long as it is open."""

import re
import time
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_HELD = re.compile(r"/gradio_api/heartbeat/\w+$")


class Presence:
    """Counts the open pages of each owner (the empty string: everybody, without accounts)."""

    def __init__(self) -> None:
        self._pages: Counter[str] = Counter()
        self._left: dict[str, float] = {}

    def absent(self, owner: str) -> float:
        """For how many seconds an owner has had no page open; one who never had counts from the first call."""
        if self._pages[owner]:
            return 0.0
        return time.monotonic() - self._left.setdefault(owner, time.monotonic())

    def opened(self, owner: str) -> None:
        """A page was opened."""
        self._pages[owner] += 1
        self._left.pop(owner, None)

    def closed(self, owner: str) -> None:
        """A page was closed."""
        self._pages[owner] -= 1
        if self._pages[owner] <= 0:
            del self._pages[owner]
            self._left[owner] = time.monotonic()


class Attendance:
    """An ASGI app around another, which tells `presence` of the pages that are opened and closed."""

    def __init__(self, app: "ASGIApp", presence: Presence) -> None:
        self._app = app
        self._presence = presence

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Passes a request on."""
        if scope["type"] != "http" or not _HELD.search(scope["path"]):
            await self._app(scope, receive, send)
            return
        owner = str(scope.get("user") or "")
        self._presence.opened(owner)
        try:
            await self._app(scope, receive, send)
        finally:
            self._presence.closed(owner)
