"""Commands about the library as a whole: status, reindex."""

from argparse import Namespace

from assistant.cli.opening import open_library, settings_of
from assistant.cli.output import print_json, progress_bar, say
from assistant.rendering.terminal import print_status


def status(args: Namespace) -> int:
    """`papers status`: where the library is, what it holds, what is configured, and what leaves the machine."""
    from assistant.standing import standing

    with open_library(args) as library:
        if args.repair:
            library.repair()
        document = standing(library, settings_of(args), verify=args.verify or args.repair)
    if args.json:
        print_json(document)
    else:
        print_status(document)
    return 1 if document["agree"] is False else 0


def reindex(args: Namespace) -> int:
    """`papers reindex`: vectors by another model; those that the record already has are not made again."""
    with open_library(args) as library, progress_bar("embedded") as progress:
        library.reindex(settings_of(args).embeddings, progress=progress)
        name = library.embedder_name
    say(f"The library's vectors are now made by {name}.")
    return 0
