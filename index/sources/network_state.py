"""What a library's folder remembers of the sites that papers are fetched from: when each last answered, what tells
whether an answer has changed since, and when arXiv's next turn is. One small file, shared by all processes.

Nothing in it is needed: where it is missing or damaged, it begins anew.
"""

import contextlib
import datetime
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.safety.permissions import private_file, private_folder, write_private

FILE, LOCK = "network.json", "network.lock"
MOST_KEPT = 500  # addresses; the oldest go first


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
        return Kept(**_read(home).get("kept", {})[address])
    except (KeyError, TypeError):
        return None


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


def take_turn(home: Path, *, gap: float, most: float) -> float | None:
    """Takes the next free turn at arXiv, `gap` seconds after the one before, whichever process has that; returns how
    many seconds it is away, or None (and takes none) if that is more than `most`. Raises OSError."""
    with _changing(home) as state:
        now = time.time()  # the only clock that all processes share
        free_at = state.get("arxiv_free_at", 0.0)
        if not isinstance(free_at, int | float) or free_at > now + most + 2 * gap:
            free_at = 0.0  # nobody can have waited for that one: the clock was set back
        wait = max(float(free_at) - now, 0.0)
        if wait > most:
            return None
        state["arxiv_free_at"] = now + wait + gap
    return wait


def _read(home: Path) -> dict[str, Any]:
    try:
        state = json.loads((home / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(state, dict):
        return {}
    return {name: value for name, value in state.items() if name == "arxiv_free_at" or isinstance(value, dict)}


@contextlib.contextmanager
def _changing(home: Path) -> Iterator[dict[str, Any]]:
    """The state, to be changed; written back unless the caller raises. One process and thread at a time."""
    from filelock import FileLock

    if not home.is_dir():
        private_folder(home)
    with FileLock(private_file(home / LOCK), poll_interval=0.01):
        state = _read(home)
        yield state
        write_private(home / FILE, json.dumps(state, indent=1))
