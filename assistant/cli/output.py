"""Where output goes: documents to stdout, progress, notices and errors to stderr."""

import json
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index.paper import Paper
from index.safety.inert import visible
from index.safety.system_errors import sentence


def print_json(document: dict[str, Any]) -> None:
    """The one JSON document of a command, to stdout."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def say(text: str) -> None:
    """A line for the user, to stderr."""
    print(visible(text), file=sys.stderr, flush=True)


def say_notice(notice: str) -> None:
    """A notice, to stderr."""
    say(f"Note: {notice}")


def say_notices(notices: Iterable[str]) -> None:
    """Notices, one per line, to stderr."""
    for notice in notices:
        say_notice(notice)


def fail(args: Namespace, message: str, candidates: Iterable[Paper] = ()) -> int:
    """Reports what was not done and which papers may have been meant; with --json as the error document. Returns 1."""
    candidates = list(candidates)
    if args.json:
        print_json({"error": {"message": message, "candidates": [p.to_dict() for p in candidates]}})
    else:
        say(message)
        for paper in candidates:
            say(f"  {paper.id}  {paper.shown_title}")
    return 1


@contextmanager
def as_the_umask_says(args: Namespace) -> Iterator[None]:
    """Files that are asked for get the permissions of the user's umask; all others are private."""
    ours = os.umask(args.umask)
    try:
        yield
    finally:
        os.umask(ours)


def write_text(args: Namespace, text: str) -> int:
    """Writes a document to the file of `-o`, with the permissions of the user's umask, or to stdout. Returns the exit
    code: 1 if the file cannot be written."""
    if not args.output:
        sys.stdout.write(text if text.endswith("\n") or not text else text + "\n")
        return 0
    try:
        with as_the_umask_says(args):
            Path(args.output).write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")
    except OSError as error:
        return fail(args, sentence(error, "written", args.output))
    say(f"Written: {args.output}")
    return 0


Progress = Callable[[int, int], None]


@contextmanager
def progress_bar(label: str) -> Iterator[Progress]:
    """Progress of long work on stderr: a bar on a terminal, elsewhere one line at the end. The callback takes the
    number done so far and the total (0: unknown)."""
    if not sys.stderr.isatty():
        last = (0, 0)

        def note(done: int, total: int) -> None:
            nonlocal last
            last = done, total

        try:
            yield note
        finally:
            done, total = last
            if done or total:
                say(f"{label}: {done}{f' of {total}' if total else ''}")
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)
