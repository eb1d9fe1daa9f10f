"""`papers backup` and `papers restore`: papers, conversations and digests in one file, and back."""

from argparse import Namespace
from pathlib import Path

from assistant.cli.output import print_json, say
from assistant.cli.session import settings_of
from index.english import count_of


def backup(args: Namespace) -> int:
    """`papers backup FILE`: works while others write to the library."""
    from assistant.engine import BACKED_UP
    from index.backup import back_up

    papers = back_up(settings_of(args).home, Path(args.file), BACKED_UP)
    if args.json:
        print_json({"file": args.file, "papers": papers})
    say(f"Written: {args.file} ({count_of(papers, 'paper')}). Only you can read it; it has no keys in it.")
    return 0


def restore(args: Namespace) -> int:
    """`papers restore FILE`: into an empty library, or with `--replace` in the place of what is there."""
    from assistant.engine import Assistant

    restored = Assistant.restore(args.file, settings_of(args), replace=args.replace)
    if args.json:
        print_json({"file": args.file, "papers": restored.papers})
    say(f"Restored {count_of(restored.papers, 'paper')} of {restored.made} (version {restored.version}).")
    if restored.kept:
        say(f"What was there before is kept in {restored.kept}.")
    return 0
