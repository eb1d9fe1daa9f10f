"""Commands about the papers and the library: add, list, show, remove, search, export, status, reindex."""

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.incoming import Incoming
from assistant.cli.output import (
    as_the_umask_says,
    fail,
    print_json,
    progress_bar,
    say,
    say_notice,
    say_notices,
    write_text,
)
from assistant.cli.session import open_library, settings_of
from assistant.render.terminal import print_hits, print_paper, print_papers, print_sources, print_status
from index.errors import LibraryError, UnknownPaper
from index.paper import AddReport, Paper
from index.safety.system_errors import sentence

if TYPE_CHECKING:
    from index.library import Library


def add(args: Namespace) -> int:
    """`papers add`: new, updated, unchanged, rejected; what is rejected is kept for `papers rejects`."""
    incoming = Incoming(args)
    report, failed = AddReport(), False
    try:
        with open_library(args) as library:
            if args.dry_run:
                report += library.preview(incoming.papers())
            else:
                with progress_bar("stored") as progress:
                    report += library.add(incoming.papers(), progress=progress)
                incoming.keep_rejects(library, report)
            say_of_one_title(report, library.notices)
            report += AddReport(notices=library.notices)
    except LibraryError as error:  # even then the document has the command's own form
        report, failed = report + AddReport(notices=(str(error),)), True
        say(str(error))
    incoming.say_what_came()
    say_notices(incoming.notices)
    remark = " (nothing was stored: --dry-run)" if args.dry_run else ""
    return tell_added(args, incoming.report() + report, failed, remark)


def say_of_one_title(report: AddReport, said: tuple[str, ...]) -> None:
    """Says which records were taken for one paper, and which not: the notices of a report that the library has not
    `said` itself while it stored the papers."""
    say_notices(notice for notice in report.notices if notice not in said)


def tell_added(args: Namespace, report: AddReport, failed: bool = False, remark: str = "") -> int:
    """Prints what an addition did, each reject with its reason and place. Returns the exit code: 1 if a record was
    rejected or the addition failed."""
    if args.json:
        print_json(report.to_dict())
    for reject in report.rejected:
        say(f"Rejected: {reject.place}: {reject.reason}")
    counts = f"{len(report.new)} new, {len(report.updated)} updated, {len(report.unchanged)} unchanged"
    (say if args.json else print)(f"{counts}, {len(report.rejected)} rejected{remark}")
    return 1 if report.rejected or failed else 0


def list_papers(args: Namespace) -> int:
    """`papers list`: the papers, newest first."""
    with open_library(args) as library:
        papers = library.papers(since=args.since, until=args.until, week=args.week, tags=args.tag)
        notices = list(library.notices)
        if args.since or args.until or args.week:
            undated = library.count_undated()
            if undated:
                notices.append(f"Left out because they have no date: {undated}.")
                say_notice(notices[-1])
    if args.json:
        print_json({"papers": [p.to_dict() for p in papers], "notices": notices})
    else:
        print_papers(papers)
    return 0


def show(args: Namespace) -> int:
    """`papers show`: a paper and its numbered sentences; with `--sources` what it was merged of."""
    with open_library(args) as library:
        paper = library.get(args.id)
        sources = library.sources(paper.id) if args.sources else []
    if args.json:
        merged_of = {"sources": [s.to_dict() for s in sources]} if args.sources else {}
        print_json({**paper.to_document(), **merged_of})
    else:
        print_paper(paper)
        if args.sources:
            print_sources(paper, sources)
    return 0


def named_papers(library: "Library", names: list[str]) -> tuple[list[Paper], list[UnknownPaper]]:
    """The papers with these names, and an error for each unknown name."""
    papers: list[Paper] = []
    unknown: list[UnknownPaper] = []
    for name in names:
        try:
            papers.append(library.get(name))
        except UnknownPaper as error:
            unknown.append(error)
    return papers, unknown


def remove(args: Namespace) -> int:
    """`papers remove`: removes the named papers; reports unknown names."""
    with open_library(args) as library:
        papers, unknown = named_papers(library, args.id)
        removed = library.remove(list(dict.fromkeys(paper.id for paper in papers)))
    if unknown and not removed:
        raise unknown[0]
    if args.json:
        print_json({"removed": [p.id for p in removed]})
    else:
        for paper in removed:
            print(f"Removed: {paper.id}  {paper.shown_title}")
    for miss in unknown:
        say(str(miss))
    return 1 if unknown else 0


def search(args: Namespace) -> int:
    """`papers search`: ranked papers and their best sentences."""
    with open_library(args) as library:
        days = {"since": args.since, "until": args.until}
        found = library.look_up(args.query, k=args.k, tags=args.tag, annotated=True, **days)
    if args.json:
        notices = list(dict.fromkeys(library.notices + found.notices))
        print_json({"query": args.query, "hits": [h.to_dict() for h in found.hits], "notices": notices})
    else:
        print_hits(found.hits)
        say_notices(found.notices)
        if not found.hits:
            say("No paper matches. `papers list` shows what is there.")
    return 0


def export(args: Namespace) -> int:
    """`papers export`: the named papers, or all, in one of the formats; as notes also into a folder."""
    from index import export, export_notes, export_records

    write = {
        "bibtex": export.to_bibtex,
        "csv": export.to_csv,
        "jsonl": export.to_jsonl,
        "ris": export_records.to_ris,
        "csl-json": export_records.to_csl_json,
        "markdown": export_notes.to_markdown,
    }[args.format]
    with open_library(args) as library:
        papers, unknown = named_papers(library, args.id) if args.id else (library.papers(), [])
    for miss in unknown:
        fail(args, str(miss), miss.candidates)
    if unknown and not papers:
        return 1
    if args.format == "markdown" and args.output and (args.output.endswith("/") or Path(args.output).is_dir()):
        return _write_notes(args, papers) or (1 if unknown else 0)
    return write_text(args, write(papers)) or (1 if unknown else 0)


def _write_notes(args: Namespace, papers: list[Paper]) -> int:
    from index.export_notes import write_notes

    try:
        with as_the_umask_says(args):
            kept = write_notes(Path(args.output), papers)
    except OSError as error:
        return fail(args, sentence(error, "written", error.filename or args.output))
    for path in kept:
        say(f"Left as it was, since its words are others: {path}")
    return 1 if kept else 0


def status(args: Namespace) -> int:
    """`papers status`: where the library is, what it holds, what is configured, and what leaves the machine."""
    from assistant.connection import status_document

    if args.repair:
        from index.backup import mend

        say_notices(filter(None, [mend(settings_of(args).home, say_notice)]))
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
    """`papers reindex`: vectors from another model; those that the record already has are reused."""
    with open_library(args) as library, progress_bar("embedded") as progress:
        library.reindex(settings_of(args).embeddings, progress=progress)
        name = library.embedder_name
    say(f"The library's vectors now come from {name}.")
    return 0
