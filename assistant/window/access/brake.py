"""A brake on guessing: after several failures the next try has to wait, longer each time. Knows nothing of what is
tried or who tries; its memory is bounded.
"""

import time
from collections import OrderedDict

REMEMBERED = 10_000  # keys; beyond that, the least recent failure is forgotten
FORGOTTEN = 15 * 60.0  # seconds without a failure after which a key counts from zero again


class Brake:
    """After `free` failures of a key, each further try waits twice as long as the one before, at most `longest`."""

    def __init__(self, free: int, longest: float) -> None:
        self._free = free
        self._longest = longest  # seconds
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()  # how many, and when the last was

    def wait(self, key: str) -> float:
        """Seconds until the key may try again; 0 if it may now."""
        count, last = self._failures.get(key, (0, 0.0))
        since = time.monotonic() - last
        if count < self._free or since > FORGOTTEN:
            return 0.0
        return max(0.0, min(self._longest, 2.0 ** min(count - self._free, 30)) - since)

    def failed(self, key: str) -> None:
        """Counts a failure. A try counts as one while it runs, so that many at once do not slip through."""
        count, last = self._failures.pop(key, (0, 0.0))
        now = time.monotonic()
        self._failures[key] = (1 if now - last > FORGOTTEN else count + 1, now)
        while len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)

    def worked(self, key: str) -> None:
        """Takes back the failure that a successful try was counted as."""
        count, last = self._failures.get(key, (0, 0.0))
        if count > 1:
            self._failures[key] = (count - 1, last)
        else:
            self._failures.pop(key, None)
