"""The three jobs and the check: ask, compare, weekly, check."""

import asyncio
import sys
from argparse import Namespace
from collections.abc import AsyncIterator
from pathlib import Path

from assistant.cli.opening import open_assistant, open_library
from assistant.cli.output import fail, print_json, progress_bar, say, say_notices, write_text
from assistant.documents import Answer, Comparison, Digest
from assistant.rendering import terminal
from index.errors import LibraryError, UnknownPaper


def ask(args: Namespace) -> int:
    """`papers ask`: a cited, checked answer, streamed to the terminal sentence by sentence."""
    options = {"k": args.k, "since": args.since, "until": args.until, "llm": not args.no_llm}
    try:
        with open_assistant(args) as assistant:
            if args.json:
                answer = assistant.ask(args.question, **options)
            else:
                answer = asyncio.run(_streamed(assistant.stream(args.question, **options)))
    except (LibraryError, ValueError) as error:
        return fail(args, str(error))
    if args.json:
        print_json(answer.to_dict())
    else:
        terminal.print_after(answer)
        say_notices(answer.notices)
    if args.timing:
        for step, seconds in answer.timing:
            say(f"{step}: {seconds:.3f} s")
    return 0


async def _streamed(snapshots: AsyncIterator[Answer]) -> Answer:
    """Prints an answer as it grows; returns the whole one."""
    flow = terminal.Flow()
    answer: Answer | None = None
    async for answer in snapshots:
        flow.grow(terminal.with_marks(answer))
    assert answer is not None, "a stream ends with a whole answer"
    print()
    return answer


def compare(args: Namespace) -> int:
    """`papers compare`: two papers side by side."""
    try:
        with open_assistant(args) as assistant:
            comparison = assistant.compare(args.a, args.b, llm=not args.no_llm)
    except UnknownPaper as error:
        return fail(args, str(error), error.candidates)
    except (LibraryError, ValueError) as error:
        return fail(args, str(error))
    if args.json or args.format == "json":
        return _json_document(args, comparison)
    from assistant.rendering import comparison as rendering

    if args.format or args.output:
        write = {"md": rendering.to_markdown, "html": rendering.to_html, "csv": rendering.to_csv}
        code = write_text(args, write[args.format or _format_of(args.output)](comparison))
    else:
        print(rendering.to_text(comparison))
        code = 0
    say_notices(comparison.notices)
    return code


def weekly(args: Namespace) -> int:
    """`papers weekly`: a week as themes; `--dry-run` says what it would cost; `--mail-to` sends it."""
    which = {"week": args.week, "since": args.since, "until": args.until, "query": args.query}
    try:
        with open_assistant(args) as assistant:
            if args.dry_run:
                return _plan(args, assistant.weekly_plan(**which, fresh=args.fresh, llm=not args.no_llm))
            with progress_bar("themes") as progress:
                digest = assistant.weekly(**which, fresh=args.fresh, llm=not args.no_llm, progress=progress)
            settings = assistant.settings
    except (LibraryError, ValueError) as error:
        return fail(args, str(error))
    if args.json or args.format == "json":
        code = _json_document(args, digest)
    else:
        from assistant.rendering import digest as rendering

        write = {"md": rendering.to_markdown, "html": rendering.to_html}
        chosen = args.format or (_format_of(args.output) if args.output else "md")
        code = write_text(args, write["md" if chosen not in write else chosen](digest))
        say_notices(digest.notices)
    return _mailed(args, digest, settings) or code if args.mail_to else code


def _json_document(args: Namespace, document: Comparison | Digest) -> int:
    """A document as JSON, to the file of `-o` or to stdout."""
    if args.output:
        import json

        return write_text(args, json.dumps(document.to_dict(), ensure_ascii=False, indent=2))
    print_json(document.to_dict())
    return 0


def _format_of(output: str | None) -> str:
    return {".html": "html", ".htm": "html", ".csv": "csv"}.get(Path(output or "").suffix.lower(), "md")


def check(args: Namespace) -> int:
    """`papers check`: every sentence of a text against the very sentences it cites."""
    from assistant.drafts import check_text

    try:
        text = sys.stdin.read() if args.file == "-" else Path(args.file).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        return fail(args, f"{args.file} cannot be read: {error.strerror or error}.")
    try:
        with open_library(args) as library:
            checked = check_text(text, library)
    except LibraryError as error:
        return fail(args, str(error))
    if args.json:
        print_json(checked.to_dict())
    else:
        terminal.print_checked(checked)
        say_notices(checked.notices)
    return 1 if checked.unresolved else 0
