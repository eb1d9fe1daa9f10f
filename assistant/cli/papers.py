"""Commands about the papers and the library: add, list, show, remove, search, export, status, reindex."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.output import fail, print_json, progress_bar, say, say_notice, say_notices, write_text
from assistant.cli.session import open_library, settings_of
from assistant.render.terminal import print_hits, print_paper, print_papers, print_status
from index.errors import LibraryError, UnknownPaper
from index.paper import AddReport, Paper, Reject

if TYPE_CHECKING:
    from index.sources import Reading


def _papers_of(args: Namespace, rejects: list[Reject], notices: list[str]) -> Iterator[Paper]:
    """The papers of all sources, one file after the other; what is rejected of them goes to `rejects`: a source that
    cannot be read is one reject. How a source was read goes to `notices`."""
    from index.errors import TooLarge
    from index.sources import UnknownFormat
    from index.sources.links import FetchError

    for source in args.source:
        try:
            for reading in _readings(args, source):
                rejects += reading.rejects
                notices += reading.notices
                yield from reading.papers
        except (UnknownFormat, TooLarge, FetchError) as error:
            rejects.append(Reject(source, str(error)))
        except OSError as error:
            rejects.append(Reject(source, f"cannot be read: {error.strerror or error}"))


def _readings(args: Namespace, source: str) -> Iterator["Reading"]:
    from index.sources import read_files, read_stream
    from index.sources.links import links, read_link

    options = {"format": args.format, "year": args.year, "posted": args.posted}
    if links(source):
        say(f"Fetching {source} …")
        yield read_link(source, posted=args.posted, offline=settings_of(args).offline)
    elif source == "-":
        yield read_stream(sys.stdin.buffer, place="stdin", **options)
    else:
        yield from read_files(Path(source), **options)


def add(args: Namespace) -> int:
    """`papers add`: new, updated, unchanged, rejected."""
    rejects: list[Reject] = []
    notices: list[str] = []
    papers = _papers_of(args, rejects, notices)
    report, failed = AddReport(), False
    try:
        with open_library(args) as library:
            if args.dry_run:
                report += library.preview(list(papers))
            else:
                with progress_bar("stored") as progress:
                    report += library.add(papers, progress=progress)
            report += AddReport(notices=(*notices, *library.notices))
    except LibraryError as error:  # also then the document is the command's own
        report, failed = report + AddReport(notices=(str(error),)), True
        say(str(error))
    report = AddReport(rejected=tuple(rejects)) + report
    if args.json:
        print_json(report.to_dict())
    for notice in notices:
        say(notice)
    for reject in report.rejected:
        say(f"Rejected: {reject.place}: {reject.reason}")
    counts = f"{len(report.new)} new, {len(report.updated)} updated, {len(report.unchanged)} unchanged"
    line = f"{counts}, {len(report.rejected)} rejected" + (" (nothing was stored: --dry-run)" if args.dry_run else "")
    if args.json:
        say(line)
    else:
        print(line)
    return 1 if report.rejected or failed else 0


def list_papers(args: Namespace) -> int:
    """`papers list`: the papers, newest first."""
    with open_library(args) as library:
        papers = library.papers(since=args.since, until=args.until, week=args.week)
        notices = list(library.notices)
        if args.since or args.until or args.week:
            undated = sum(1 for p in library.papers() if not p.day)
            if undated:
                notices.append(f"Left out, being without a date: {undated}.")
                say_notice(notices[-1])
    if args.json:
        print_json({"papers": [p.to_dict() for p in papers], "notices": notices})
    else:
        print_papers(papers)
    return 0


def show(args: Namespace) -> int:
    """`papers show`: a paper and its numbered sentences."""
    with open_library(args) as library:
        paper = library.get(args.id)
    if args.json:
        sentences = [{"number": s.number, "text": s.text} for s in paper.sentences]
        print_json({"paper": paper.to_dict(), "sentences": sentences})
    else:
        print_paper(paper)
    return 0


def remove(args: Namespace) -> int:
    """`papers remove`: the papers that are named; those that are not known are said."""
    ids: list[str] = []
    unknown: list[UnknownPaper] = []
    with open_library(args) as library:
        for name in args.id:
            try:
                ids.append(library.get(name).id)
            except UnknownPaper as error:
                unknown.append(error)
        removed = library.remove(list(dict.fromkeys(ids)))
    if unknown and not removed:
        raise unknown[0]
    if args.json:
        print_json({"removed": [p.id for p in removed]})
    for paper in removed if not args.json else []:
        print(f"Removed: {paper.id}  {paper.shown_title}")
    for miss in unknown:
        say(str(miss))
    return 1 if unknown else 0


def search(args: Namespace) -> int:
    """`papers search`: ranked papers and their best sentences."""
    with open_library(args) as library:
        found = library.look_up(args.query, k=args.k, since=args.since, until=args.until)
    if args.json:
        notices = list(dict.fromkeys(library.notices + found.notices))
        print_json({"query": args.query, "hits": [h.to_dict() for h in found.hits], "notices": notices})
    else:
        print_hits(found.hits)
        say_notices(found.notices)
        if not found.hits:
            say("No paper fits. `papers list` shows what is there.")
    return 0


def export(args: Namespace) -> int:
    """`papers export`: BibTeX, CSV or JSONL of the papers that are named, or of all."""
    from index import export

    write = {"bibtex": export.to_bibtex, "csv": export.to_csv, "jsonl": export.to_jsonl}[args.format]
    papers: list[Paper] = []
    unknown: list[UnknownPaper] = []
    with open_library(args) as library:
        for name in args.id:
            try:
                papers.append(library.get(name))
            except UnknownPaper as error:
                unknown.append(error)
        if not args.id:
            papers = library.papers()
    for miss in unknown:
        fail(args, str(miss), miss.candidates)
    if unknown and not papers:
        return 1
    return write_text(args, write(papers)) or (1 if unknown else 0)


def status(args: Namespace) -> int:
    """`papers status`: where the library is, what it holds, what is configured, and what leaves the machine."""
    from assistant.status import status_document

    with open_library(args) as library:
        if args.repair:
            library.repair()
        document = status_document(library, settings_of(args), verify=args.verify or args.repair)
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
