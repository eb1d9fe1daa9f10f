"""Growing snapshots at a pace that a browser keeps up with, and that lets a stop be noticed at once."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeVar

from assistant.running import snapshots_of

Snapshot = TypeVar("Snapshot")

SHORTEST, LONGEST = 0.1, 1.0  # seconds between two snapshots


async def paced(snapshots: AsyncGenerator[Snapshot, None]) -> AsyncGenerator[Snapshot, None]:
    """The latest snapshot at most ten times a second, and again after a second without a new one; the last
    one always. Closing it closes `snapshots`, which ends what they spend."""
    latest: Snapshot | None = None
    changed = asyncio.Event()

    async def read() -> Snapshot | None:
        nonlocal latest
        async with aclosing(snapshots):
            async for latest in snapshots:  # noqa: B007  # it is what `show` gives
                changed.set()
        return latest

    async def show() -> Snapshot | None:
        return latest

    async with aclosing(snapshots_of(read(), show, changed, pace=SHORTEST, beat=LONGEST)) as shown:
        async for snapshot in shown:
            if snapshot is not None:
                yield snapshot
