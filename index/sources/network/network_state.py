"""What a library's folder remembers of the sites that papers are fetched from: when each last answered, what tells
whether an answer has changed since, and when arXiv was last asked. One small file, shared by all processes.

Nothing in it is needed: where it is missing or damaged, it begins anew.
"""

import contextlib
import datetime
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.safety.permissions import private_file, private_folder, write_private

FILE, LOCK, TURN = "network.json", "network.lock", "arxiv.lock"
MOST_KEPT = 500  # addresses; the oldest go first


class NoTurn(Exception):
    """Too many others are waiting for their turn."""


@dataclass(frozen=True)
class Kept:
    """What a site sent with an answer so that it can be asked whether there is a newer one; `records`: how many
    records the answer held."""

    etag: str = ""
    last_modified: str = ""
    records: int = 0


def note_answer(home: Path, host: str) -> None:
    """Notes that a host has answered now. Raises OSError."""
    with _changing(home) as state:
        state.setdefault("answered", {})[host] = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def answered(home: Path) -> dict[str, datetime.datetime]:
    """When each host last answered (UTC), by name; hosts that were never asked are not in it."""
    found: dict[str, datetime.datetime] = {}
    for host, when in sorted(_read(home).get("answered", {}).items()):
        with contextlib.suppress(ValueError, TypeError):
            moment = datetime.datetime.fromisoformat(when)
            found[host] = moment.astimezone(datetime.UTC)
    return found


def kept(home: Path, address: str) -> Kept | None:
    """What was kept of the last answer from an address; None if nothing was."""
    try:
        found = Kept(**_read(home).get("kept", {})[address])
    except (KeyError, TypeError):
        return None
    sound = isinstance(found.etag, str) and isinstance(found.last_modified, str) and type(found.records) is int
    return found if sound and (found.etag + found.last_modified).isascii() else None


def keep(home: Path, answers: Mapping[str, Kept]) -> None:
    """Keeps what tells whether these answers, by address, have changed: to be called once what they held is stored.
    Raises OSError."""
    if not answers:
        return
    with _changing(home) as state:
        before = state.get("kept", {})
        after = {address: one for address, one in before.items() if address not in answers}
        after |= {address: asdict(one) for address, one in answers.items()}
        state["kept"] = dict(list(after.items())[-MOST_KEPT:])


@contextlib.contextmanager
def arxiv_turn(home: Path, *, gap: float, most: float, sleep: Callable[[float], None]) -> Iterator[None]:
    """Holds the one turn at arXiv: nobody else asks it meanwhile, nor within `gap` seconds before and after, whichever
    process or thread that is. Raises NoTurn if none comes within `most` seconds, and OSError."""
    from filelock import FileLock, Timeout

    _prepare(home)
    until = time.monotonic() + most
    lock = FileLock(private_file(home / TURN))
    while True:
        try:
            lock.acquire(timeout=max(until - time.monotonic(), 0.0), poll_interval=0.02)
        except Timeout:
            raise NoTurn from None
        try:
            since = time.time() - _last_turn(home)  # the only clock that all processes share
            wait = gap - since if since >= 0 else gap  # below 0: the clock was set back
            if wait <= 0:
                _note_turn(home)  # now as well, in case we are killed meanwhile
                try:
                    yield
                finally:
                    _note_turn(home)
                return
        finally:
            lock.release()
        if since < 0:
            _note_turn(home)
        if time.monotonic() + wait > until:
            raise NoTurn
        sleep(wait)  # without the lock, so that all who wait have the same chance


def _last_turn(home: Path) -> float:
    last = _read(home).get("arxiv_turn", 0.0)
    return float(last) if isinstance(last, int | float) else 0.0


def _note_turn(home: Path) -> None:
    with _changing(home) as state:
        state["arxiv_turn"] = time.time()


def _read(home: Path) -> dict[str, Any]:
    try:
        state = json.loads((home / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(state, dict):
        return {}
    return {name: value for name, value in state.items() if name == "arxiv_turn" or isinstance(value, dict)}


def _prepare(home: Path) -> None:
    if not home.is_dir():
        private_folder(home)


@contextlib.contextmanager
def _changing(home: Path) -> Iterator[dict[str, Any]]:
    """The state, to be changed; written back unless the caller raises. One process and thread at a time."""
    from filelock import FileLock

    _prepare(home)
    with FileLock(private_file(home / LOCK), poll_interval=0.01):
        state = _read(home)
        yield state
        write_private(home / FILE, json.dumps(state, indent=1))
