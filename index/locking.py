"""One writer at a time, across processes and threads. Knows a folder, and nothing of what is written there."""

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path


class WritingLock:
    """The right to write in a folder. Reentrant within a thread; the operating system frees it when its holder dies."""

    def __init__(self, folder: Path, waiting: Callable[[str], None]) -> None:
        self._file = folder / "writing.lock"
        self._holder = folder / "writing.pid"  # beside the lock: Windows lets nobody read a locked file
        self._waiting = waiting
        self._threads = threading.RLock()
        self._depth = 0

    @contextlib.contextmanager
    def __call__(self) -> Iterator[None]:
        """Holds the lock. Where another process holds it, calls `waiting` once with a sentence that names it."""
        with self._threads:
            if self._depth:
                yield
                return
            from filelock import FileLock, Timeout

            lock = FileLock(self._file)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                self._waiting(f"Waiting for {self._who()}, which is writing to this library.")
                lock.acquire(poll_interval=0.02)
            self._depth = 1
            try:
                self._holder.write_text(str(os.getpid()), encoding="ascii")
                yield
            finally:
                self._depth = 0
                lock.release()

    def _who(self) -> str:
        with contextlib.suppress(OSError):
            if pid := self._holder.read_text(encoding="ascii").strip():
                return f"process {pid}"
        return "another process"
