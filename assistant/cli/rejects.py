"""`papers rejects`: the records that were not accepted, listed, written to be mended, or cleared."""

from argparse import Namespace
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from assistant.cli.output import as_the_umask_says, fail, print_json, say
from assistant.cli.session import open_library
from index.paper import Reject
from index.safety.inert import visible
from index.safety.system_errors import sentence


def rejects(args: Namespace) -> int:
    """`papers rejects`: each with its place, reason and source. `--export`: also writes them to a file; `--clear`:
    forgets them after that."""
    with open_library(args) as library:
        kept = library.rejects()
        if args.export and (code := _export(args, kept)):
            return code
        cleared = library.clear_rejects() if args.clear else 0
    if args.clear:
        kept = []
        say(f"Cleared: {cleared:,} rejected record{'' if cleared == 1 else 's'}.")
    if args.json:
        print_json({"rejects": [{"place": r.place, "reason": r.reason, "source": r.source} for r in kept]})
    elif not args.export:
        for source, some in groupby(kept, key=lambda reject: reject.source):
            print(visible(source or "unknown source"))
            for reject in some:
                print(visible(f"  {reject.place}: {reject.reason}"))
    return 0


def _export(args: Namespace, kept: Sequence[Reject]) -> int:
    from index.export_rejects import written

    texts = written(kept)
    if not texts:
        say("No rejected record has a text of its own, so nothing was written.")
    path = Path(args.export)
    try:
        with as_the_umask_says(args):
            for number, (suffix, (text, count)) in enumerate(texts.items()):
                file = path if number == 0 else path.with_name(f"{path.name}{suffix}")
                file.write_text(text, encoding="utf-8")
                say(f"Written: {file} ({count:,} record{'' if count == 1 else 's'}): mend them, and add the file.")
    except OSError as error:
        return fail(args, sentence(error, "written", error.filename or args.export))
    if rest := len(kept) - sum(count for _, count in texts.values()):
        say(f"Without a text of their own, and so not written: {rest:,}. `papers rejects` names them.")
    return 0
