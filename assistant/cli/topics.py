"""Commands about saved topics: topic add, topic list, topic remove."""

from argparse import Namespace
from dataclasses import asdict

from assistant.cli.output import print_json, say
from assistant.cli.session import open_library
from index.safety.inert import visible
from index.topics import Topic


def add(args: Namespace) -> int:
    """`papers topic add`: saves a topic, in place of one of that name."""
    with open_library(args) as library:
        topic, before = library.topics.add(args.name, args.query, args.tag)
    if args.json:
        print_json({"added": asdict(topic), "replaced": before and asdict(before)})
    else:
        print(visible(f"{'Replaced' if before else 'Added'}: {_line(topic)}"))
        if before and before != topic:
            say(f"It was: {_line(before)}")
    return 0


def list_topics(args: Namespace) -> int:
    """`papers topic list`: the topics, in the order in which they were added."""
    with open_library(args) as library:
        topics = library.topics.all()
    if args.json:
        print_json({"topics": [asdict(topic) for topic in topics]})
    else:
        for topic in topics:
            print(visible(_line(topic)))
        if not topics:
            say("No topic is saved yet: `papers topic add NAME` saves one.")
    return 0


def remove(args: Namespace) -> int:
    """`papers topic remove`: forgets a topic, and says how to save it again. Papers and digests stay."""
    with open_library(args) as library:
        topic, _ = library.topics.remove(args.name)
    if args.json:
        print_json({"removed": asdict(topic)})
    else:
        print(visible(f"Removed: {_line(topic)}"))
    return 0


def _line(topic: Topic) -> str:
    """A topic as a line: its name, and what its papers are."""
    words = "" if topic.query.casefold() == topic.name.casefold() else topic.query
    tagged = f"tagged “{topic.tag}”" if topic.tag else ""
    about = ", ".join(filter(None, (words, tagged)))
    return f"{topic.name} ({about})" if about else topic.name
