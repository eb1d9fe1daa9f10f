"""Growing snapshots at a pace that a browser keeps up with, and that lets a stop be noticed at once."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TypeVar

Snapshot = TypeVar("Snapshot")

SHORTEST, LONGEST = 0.1, 1.0  # seconds between two snapshots


async def paced(snapshots: AsyncIterator[Snapshot]) -> AsyncGenerator[Snapshot, None]:
    """The latest snapshot at most ten times a second, and again after a second without a new one; the last
    one always. Closing it closes `snapshots`, which ends what they spend."""
    latest: Snapshot | None = None
    fresh, shown = False, 0.0
    coming = asyncio.ensure_future(anext(snapshots))
    try:
        while True:
            done, _ = await asyncio.wait({coming}, timeout=SHORTEST if fresh else LONGEST)
            if done:
                try:
                    latest, fresh = coming.result(), True
                except StopAsyncIteration:
                    break
                coming = asyncio.ensure_future(anext(snapshots))
            if latest is not None and (fresh or not done) and time.monotonic() - shown >= SHORTEST:
                yield latest
                fresh, shown = False, time.monotonic()
        if latest is not None and fresh:
            yield latest
    finally:
        if not coming.done():
            coming.cancel()
            with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration):
                await coming
        close = getattr(snapshots, "aclose", None)
        if close:
            await close()
