"""Commands that get papers from the network: `papers fetch daily` and `papers fetch arxiv`."""

import datetime
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.cli.output import progress_bar, say, say_notice
from assistant.cli.papers import say_of_one_title, tell_added
from assistant.cli.session import open_library, settings_of
from index.errors import LibraryError
from index.paper import AddReport, Reject
from index.safety.system_errors import sentence

if TYPE_CHECKING:
    from index.sources.network.fetch import Fetched

WATCH = 3600.0  # seconds between two looks
_sleep = time.sleep


def daily(args: Namespace) -> int:
    """`papers fetch daily`: the Daily Papers of a day or a week, once or every hour."""
    from index.sources.network import fetch

    settings = settings_of(args)

    def get() -> "Fetched":
        return fetch.daily(settings.home, day=args.date, week=args.week, offline=settings.offline)

    if not args.watch:
        return tell_added(args, *_fetched(args, "huggingface.co", get))
    while True:  # until Ctrl-C
        report, failed = _fetched(args, "huggingface.co", get, name_new=True)
        if report.new or report.updated or report.rejected:
            tell_added(args, report, failed)
        again = datetime.datetime.now() + datetime.timedelta(seconds=WATCH)
        say(f"Looking again at {again:%H:%M}; Ctrl-C ends it.")
        _sleep(WATCH)


def arxiv(args: Namespace) -> int:
    """`papers fetch arxiv`: the newest papers that a search finds, or those with given ids."""
    from index.sources.network import fetch

    settings = settings_of(args)

    def get() -> "Fetched":
        with progress_bar("fetched") as progress:
            if args.id:
                return fetch.arxiv_papers(settings.home, args.id, offline=settings.offline, progress=progress)
            return fetch.arxiv_search(
                settings.home, query=args.query, category=args.category, since=args.since, offline=settings.offline,
                progress=progress,
            )  # fmt: skip

    return tell_added(args, *_fetched(args, "export.arxiv.org", get))


def _from(host: str, rejects: Sequence[Reject]) -> tuple[Reject, ...]:
    return tuple(replace(reject, source=host) for reject in rejects)


def _fetched(
    args: Namespace, host: str, get: Callable[[], "Fetched"], *, name_new: bool = False
) -> tuple[AddReport, bool]:
    """What storing some papers did, and whether that failed. What could not be fetched is a reject. `name_new`: also
    say which papers are new."""
    from index.sources.network import fetch
    from index.sources.network.client import FetchError

    try:
        fetched = get()
    except FetchError as error:
        return AddReport(rejected=(Reject(host, str(error)),)), True
    for notice in fetched.notices:
        say_notice(notice)
    report, failed = AddReport(rejected=fetched.rejects, notices=fetched.notices), False
    try:
        with open_library(args) as library:
            with progress_bar("stored") as progress:
                added = library.add(fetched.papers, progress)
            say_of_one_title(added, library.notices)
            library.keep_rejects(replace(added, rejected=_from(host, (*fetched.rejects, *added.rejected))))
            report += added + AddReport(notices=library.notices)
        fetch.remember(settings_of(args).home, fetched)
    except (LibraryError, OSError) as error:
        said = str(error) if isinstance(error, LibraryError) else sentence(error, "written")
        say(said)
        report, failed = report + AddReport(notices=(said,)), True
    if name_new:
        titles = {paper.id: paper.title for paper in fetched.papers}
        for identity in report.new:
            print(f"New: {identity}  {titles.get(identity, '')}".rstrip())
    return report, failed
