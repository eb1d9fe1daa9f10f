"""The comparisons and digests that were shown lately, for the links that save them: the files are made on a click."""

import secrets
import threading

from assistant.documents import Comparison, Digest

KEPT = 64  # documents, about a megabyte each at most


class RecentDocuments:
    """The latest complete documents by names that nobody guesses; the oldest are let go. Safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, Comparison | Digest] = {}

    def keep(self, document: Comparison | Digest) -> str:
        """Keeps a document; returns its name, which fits an address."""
        name = secrets.token_urlsafe(16)
        with self._lock:
            self._kept[name] = document
            while len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
        return name

    def find(self, name: str) -> Comparison | Digest | None:
        """The document of a name; None if it was let go, or never was."""
        return self._kept.get(name)
