"""Commands about what people write on papers: tag, note, tags."""

import sys
from argparse import Namespace

from assistant.cli.output import print_json, say
from assistant.cli.papers import named_papers
from assistant.cli.session import open_library
from index.annotations import note_in, tags_in
from index.english import count_of
from index.errors import UnknownPaper
from index.paper import Paper
from index.safety.inert import visible
from index.safety.limits import NOTE


def tag(args: Namespace) -> int:
    """`papers tag`: gives papers tags, or takes them away; reports unknown names."""
    add, remove, names = _wanted(args)
    if not add and not remove:
        raise ValueError("There is no tag: write one, as in `papers tag reading 2604.14228`.")
    if not names:
        raise ValueError("There is no paper to tag: name at least one by its id.")
    with open_library(args) as library:
        papers, unknown = named_papers(library, names)
        if unknown and not papers:
            raise unknown[0]
        changed = library.annotations.tag([paper.id for paper in papers], add=add, remove=remove)
    return _tell(args, changed, unknown)


def _wanted(args: Namespace) -> tuple[tuple[str, ...], tuple[str, ...], list[str]]:
    """The tags to give, those to take away, and the names of the papers. Without a tag behind an option the first
    word is the tag."""
    add, remove = tags_in(args.add), tags_in(args.remove)
    if add or remove:
        return add, remove, args.name
    first, names = tags_in(args.name[:1]), args.name[1:]
    return ((), first, names) if args.remove else (first, (), names)


def note(args: Namespace) -> int:
    """`papers note`: writes the note to a paper, takes it away, or prints it."""
    text = sys.stdin.read(NOTE + 1) if args.text == "-" else args.text
    with open_library(args) as library:
        paper = library.get(args.id)
        if text is None and not args.remove:
            return _print_note(args, paper)
        if not args.remove and note_in(text) is None:
            raise ValueError("The note is empty: `papers note ID --remove` takes a note away.")
        changed = library.annotations.note([paper.id], None if args.remove else text)
    return _tell(args, changed, [])


def _print_note(args: Namespace, paper: Paper) -> int:
    if args.json:
        print_json({"id": paper.id, "note": paper.note})
    elif paper.note:
        print(visible(paper.note))
    else:
        say("There is no note to this paper.")
    return 0


def tags(args: Namespace) -> int:
    """`papers tags`: the tags, by name, and how many papers have each."""
    with open_library(args) as library:
        counts = library.annotations.tags()
    if args.json:
        print_json({"tags": [{"name": name, "papers": count} for name, count in counts.items()]})
    else:
        for name, count in counts.items():
            print(f"{visible(name)}  ({count_of(count, 'paper')})")
    return 0


def _tell(args: Namespace, changed: list[Paper], unknown: list[UnknownPaper]) -> int:
    """Says which papers changed. Returns the exit code: 1 if a name was unknown."""
    if args.json:
        print_json({"updated": [paper.id for paper in changed]})
    else:
        for paper in changed:
            print(f"Updated: {visible(paper.id)}  {visible(paper.shown_title)}")
        if not changed and not unknown:
            print("Nothing changed: it was so already.")
    for miss in unknown:
        say(str(miss))
    return 1 if unknown else 0
