"""The digests that were shown lately, for the links that save them as a page or a mail: those are made on a click."""

import secrets
import threading

from assistant.documents import Digest

KEPT = 64  # digests, about a megabyte each at most


class RecentDigests:
    """The latest complete digests by names that nobody guesses; the oldest are let go. Safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, Digest] = {}

    def keep(self, digest: Digest) -> str:
        """Keeps a digest; returns its name, which fits an address."""
        name = secrets.token_urlsafe(16)
        with self._lock:
            self._kept[name] = digest
            while len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
        return name

    def find(self, name: str) -> Digest | None:
        """The digest of a name; None if it was let go, or never was."""
        return self._kept.get(name)
