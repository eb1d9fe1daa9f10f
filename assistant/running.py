"""A job while it runs: snapshots of what has come, whether anything new comes or not, until it ends or is stopped.

Knows nothing of what is shown or of who reads it.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

Snapshot = TypeVar("Snapshot")

BEAT = 0.5  # seconds between snapshots while nothing new comes: whoever reads can stop the work at each


async def snapshots_of(
    work: Coroutine[Any, Any, Snapshot],
    show: Callable[[], Awaitable[Snapshot | None]],
    changed: asyncio.Event,
    *,
    pace: float = 0.0,
    beat: float | None = None,
) -> AsyncGenerator[Snapshot, None]:
    """Snapshots of some work, the last of which is what the work returns.

    The first is shown before the work begins. When the work sets `changed` another follows, but not within `pace`
    seconds of the one before; after `beat` seconds (default: BEAT) without anything new, the latest comes again. While
    `show` returns None there is none. Closing this ends the work and waits until it has ended. Raises what the work
    raises.
    """
    task = asyncio.create_task(work)
    task.add_done_callback(lambda _: changed.set())
    shown_at = 0.0
    try:
        latest = await show()
        while True:
            if latest is not None:
                yield latest
                shown_at = time.monotonic()
            with suppress(TimeoutError):
                async with asyncio.timeout(beat or BEAT):
                    await changed.wait()
            if (early := shown_at + pace - time.monotonic()) > 0:
                await asyncio.wait({task}, timeout=early)
            if task.done():
                break
            if changed.is_set():
                changed.clear()
                latest = await show()
        last = task.result()
        if last is not latest:
            yield last
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
