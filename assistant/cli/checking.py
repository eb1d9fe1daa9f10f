"""`papers check`: drafts against the library."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.cli.jobs import judged
from assistant.cli.output import print_json, say, say_notices
from assistant.cli.session import open_assistant, open_library
from assistant.render import terminal
from index.errors import LibraryError
from index.safety.limits import DRAFT
from index.safety.system_errors import sentence

if TYPE_CHECKING:
    from assistant.checking.document import CheckedText
    from assistant.drafts import Draft


def check(args: Namespace) -> int:
    """`papers check`: every sentence of one or several drafts against the very sentences it cites."""
    several = len(args.file) > 1
    documents, code = [], 0
    for file in args.file:
        if several and not args.json:
            say(f"{file}:")
        document, failed = _checked_file(args, file)
        documents.append({"file": file, **document} if several else document)
        code |= failed
    if args.json:
        print_json({"files": documents} if several else documents[0])
    return code


def _checked_file(args: Namespace, file: str) -> tuple[dict[str, Any], int]:
    """Checks a file and prints what was found, unless as JSON; its JSON, and 1 if something is wrong with it."""
    from assistant.checking.document import CheckedText
    from assistant.drafts.places import places_of

    places: Sequence[str | None] = ()
    try:
        draft = _draft(file)
        checked = _checked(args, draft.text)
        places = places_of(draft, checked.claims)
    except OSError as error:
        checked = CheckedText(notices=(sentence(error, "read", file),), whole=False)
    except LibraryError as error:
        checked = CheckedText(notices=(str(error),), whole=False)
    else:
        checked = checked.with_notices(draft.notices)
        if not args.json:
            terminal.print_checked(checked, places)
    if not args.json:
        say_notices(checked.notices)
    document = checked.to_dict()
    for claim, place in zip(document["claims"], places, strict=bool(places)):
        claim["place"] = place
    look = args.strict and any(claim.check.verdict in ("look", "uncited") for claim in checked.claims)
    return document, int(bool(checked.unresolved or not checked.whole or look))


def _draft(file: str) -> "Draft":
    """The draft in a file, or on stdin; of that at most one character more than is allowed."""
    from assistant.drafts import Draft, read_draft

    return Draft(sys.stdin.read(DRAFT + 1)) if file == "-" else read_draft(Path(file))


def _checked(args: Namespace, text: str) -> "CheckedText":
    """A text, checked against the library and judged where that is asked for. Raises LibraryError."""
    from assistant.checking.document import check_text

    if not args.judge:
        with open_library(args) as library:
            return check_text(text, library)
    with open_assistant(args) as assistant:
        return judged(assistant, check_text(text, assistant.library))
