"""What a digest is of: all papers of its days, or those on a subject or with tags; and what it is divided by."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from index.annotations import tags_in
from index.topics import ALL


@dataclass(frozen=True)
class Scope:
    """The words that a digest's papers contain, the tags that they have, and the names of the topics that it is divided
    by (`ALL` alone: every saved one). Digests of one scope continue each other."""

    query: str = ""
    tags: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What digests of this scope are stored under; empty for all papers, the query where that is all it has."""
        if not self.tags and not self.topics:
            return self.query
        kept = {"query": self.query, "tags": sorted(map(str.casefold, self.tags)), "topics": self.topics}
        return json.dumps(kept, ensure_ascii=False)

    @property
    def about(self) -> str:
        """It in words, for a title; empty for all papers."""
        tagged = " and ".join(f"“{tag}”" for tag in self.tags)
        by = "by topic" if self.topics == (ALL,) else " and ".join(self.topics)
        return ", ".join(filter(None, (self.query, tagged and f"tagged {tagged}", by)))

    @property
    def options(self) -> dict[str, Any]:
        """It as the options of `Assistant.weekly`."""
        return {"query": self.query or None, "tags": self.tags, "topics": self.topics}


EVERYTHING = Scope()


def scope_of(query: str | None = None, tags: Iterable[str] = (), topics: str | Iterable[str] = ()) -> Scope:
    """A scope of what a person asked for. `topics`: names, or `ALL`."""
    names = (topics,) if isinstance(topics, str) else tuple(topics)
    once = {" ".join(name.split()).casefold(): " ".join(name.split()) for name in names if name.strip()}
    wanted = tuple(once.values())
    return Scope(" ".join((query or "").split()), tags_in(tags), wanted)


def scope_in(key: str) -> Scope:
    """The scope that has a key."""
    if not key.startswith('{"query": '):
        return Scope(key)
    try:
        kept = json.loads(key)
        scope = Scope(str(kept["query"]), tuple(map(str, kept["tags"])), tuple(map(str, kept["topics"])))
    except (ValueError, KeyError, TypeError):
        return Scope(key)
    return scope if scope.key == key else Scope(key)
