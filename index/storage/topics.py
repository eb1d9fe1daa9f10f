"""The topics of a library, as the record keeps them: one list, in the order in which they were added, shared as the
papers are."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from index.errors import LibraryError
from index.safety.limits import TOPICS
from index.topics import Topic, named, topic_of

if TYPE_CHECKING:
    from index.storage.store import Store

_KEY = "topics"  # in the record


class Topics:
    """The topics of one library. Methods that write take the library's lock."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def all(self) -> list[Topic]:
        """All topics, the first added first."""
        return [Topic(**fields) for fields in self._store.record.state(_KEY).get("all", ())]

    def get(self, name: str) -> Topic:
        """The topic with a name, however it is capitalised. Raises UnknownTopic."""
        return named(self.all(), name)

    def add(self, name: str, query: str | None = None, tag: str | None = None) -> tuple[Topic, Topic | None]:
        """Saves a topic (see `topic_of`), in place of one of that name. Returns it, and the one that was there. Raises
        ValueError, LibraryError."""
        topic = topic_of(name, query, tag)
        with self._store.writing():
            topics = self.all()
            at = next((i for i, old in enumerate(topics) if old.name.casefold() == topic.name.casefold()), len(topics))
            if at >= TOPICS:
                raise LibraryError(f"There are {TOPICS} topics, which is the most: remove one first.")
            before = topics[at] if at < len(topics) else None
            self._keep([*topics[:at], topic, *topics[at + 1 :]])
        return topic, before

    def remove(self, name: str) -> tuple[Topic, int]:
        """Forgets a topic. Returns it and its place in the list, for `put_back`. Raises UnknownTopic, LibraryError."""
        with self._store.writing():
            topics = self.all()
            topic = named(topics, name)
            at = topics.index(topic)
            self._keep([*topics[:at], *topics[at + 1 :]])
        return topic, at

    def put_back(self, topic: Topic, at: int) -> None:
        """Saves a topic that was removed, in its place; one that came since under its name stays. Raises
        LibraryError."""
        with self._store.writing():
            topics = self.all()
            if all(other.name.casefold() != topic.name.casefold() for other in topics):
                self._keep([*topics[:at], topic, *topics[at:]])

    def _keep(self, topics: list[Topic]) -> None:
        with self._store.record.transaction():
            self._store.record.keep_state(_KEY, all=[asdict(topic) for topic in topics])
        self._store.words.fill()  # which lacks nothing: it only learns of the change
