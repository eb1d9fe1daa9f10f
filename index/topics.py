"""Topics that people save: what a digest is divided by. How they are written; knows nothing of how they are stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.annotations import tags_in
from index.errors import LibraryError
from index.safety.inert import visible
from index.safety.limits import TAG, TOPIC_NAME, refuse_long_question, refuse_longer
from index.text import stems_of

ALL = "all"  # in place of the names of topics: each that is saved


@dataclass(frozen=True)
class Topic:
    """A saved topic: its name, the words that its papers are about (empty: any), and the tag that they have (None: any
    or none)."""

    name: str
    query: str = ""
    tag: str | None = None


class UnknownTopic(LibraryError, ValueError):
    """A name that no saved topic has; the message lists those that there are."""

    def __init__(self, name: str, topics: Sequence[Topic]) -> None:
        there = ", ".join(f"“{topic.name}”" for topic in topics)
        what = f"The topics are {there}." if there else "There are none yet: `papers topic add NAME`."
        super().__init__(f"No topic is called “{name[:TOPIC_NAME]}”. {what}")


def topic_of(name: str, query: str | None = None, tag: str | None = None) -> Topic:
    """A topic of what a person typed, single-spaced. Without words and without a tag, its name is what its papers are
    about. Raises ValueError (also TooLarge) for one that has no name, or says nothing that papers could be about."""
    name, query = " ".join(visible(name).split()), " ".join(visible(query or "").split())
    tags = tags_in(tag)
    if not name:
        raise ValueError("A topic needs a name: `papers topic add NAME --query WORDS`.")
    if name.casefold() == ALL:
        raise ValueError(f"No topic can be called “{name}”: that stands for all of them.")
    if len(tags) > 1:
        raise ValueError("A topic has one tag at most.")
    query = query or ("" if tags else name)
    refuse_longer("the name of a topic", name, TOPIC_NAME)
    refuse_long_question(query, "The topic")
    refuse_longer("a tag", "".join(tags), TAG)
    if query and not stems_of(query):
        raise ValueError(f"“{query[:TOPIC_NAME]}” has no word that a paper could be about: write some with --query.")
    return Topic(name, query, next(iter(tags), None))


def named(topics: Sequence[Topic], name: str) -> Topic:
    """The topic with a name, however it is capitalised and spaced. Raises UnknownTopic."""
    wanted = " ".join(visible(name).split()).casefold()
    found = next((topic for topic in topics if topic.name.casefold() == wanted), None)
    if found is None:
        raise UnknownTopic(name, topics)
    return found
