"""One writer at a time, across processes and threads. Knows a folder, but nothing of what is written there."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from index.safety.permissions import private_file

_LOOK = 0.01  # seconds between two attempts to get the lock


@contextlib.contextmanager
def alone(file: Path) -> Iterator[bool]:
    """Holds the lock of a file if nobody else does; tells whether it does. Never waits."""
    from filelock import FileLock, Timeout

    lock = FileLock(private_file(file))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


class WritingLock:
    """The right to write to a folder. Reentrant within a thread; released by the system when its holder dies."""

    def __init__(self, folder: Path, waiting: Callable[[str], None]) -> None:
        self._file = folder / "writing.lock"
        self._holder = folder / "writing.pid"  # a separate file: Windows does not let anyone read a locked one
        self._waiting = waiting
        self._threads = threading.RLock()
        self._depth = 0

    @contextlib.contextmanager
    def __call__(self) -> Iterator[None]:
        """Holds the lock. If another process has it, first calls `waiting` once with a sentence that names it."""
        with self._threads:
            if self._depth:
                yield
                return
            from filelock import FileLock, Timeout

            lock = FileLock(private_file(self._file))
            try:
                lock.acquire(timeout=0)
            except Timeout:
                self._waiting(f"Waiting for {self._who()}, which is writing to this library.")
                lock.acquire(poll_interval=_LOOK)
            self._depth, begun = 1, time.monotonic()
            try:
                private_file(self._holder).write_text(str(os.getpid()), encoding="ascii")
                yield
            finally:
                self._depth = 0
                lock.release()
                if time.monotonic() - begun > 10 * _LOOK:
                    time.sleep(2 * _LOOK)  # so that a waiting process gets a turn between two batches

    @contextlib.contextmanager
    def if_free(self) -> Iterator[bool]:
        """Holds the lock if nobody else does; tells whether it does. Never waits."""
        if not self._threads.acquire(blocking=False):
            yield False
            return
        try:
            with alone(self._file) as free:
                self._depth += free
                try:
                    yield free
                finally:
                    self._depth -= free
        finally:
            self._threads.release()

    @property
    def is_held(self) -> bool:
        """Whether this process holds it."""
        return self._depth > 0

    def _who(self) -> str:
        with contextlib.suppress(OSError):
            if pid := self._holder.read_text(encoding="ascii").strip():
                return f"process {pid}"
        return "another process"
