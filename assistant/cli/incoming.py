"""What comes from the sources of `papers add`: papers one file at a time, and what is to be said of the rest."""

import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.output import say
from assistant.cli.session import settings_of
from index.paper import AddReport, Paper, Reject
from index.safety.system_errors import why

if TYPE_CHECKING:
    from index.library import Library
    from index.sources import Reading
    from index.sources.formats import Count


def _say_asked(done: int, total: int) -> None:
    say(f"Fetching abstracts from arXiv, {done:,} of {total:,} …")


@dataclass
class Incoming:
    """What came from the sources so far: rejected records, sources that could not be opened or reached, how files were
    read, and how much came from each source in each format. `read`: the sources that were read to their end."""

    args: Namespace
    rejects: list[Reject] = field(default_factory=list)
    failures: list[Reject] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    counts: "dict[tuple[str, str], Count]" = field(default_factory=dict)
    read: list[str] = field(default_factory=list)

    def papers(self) -> Iterator[Paper]:
        """The papers of all sources."""
        from index.errors import TooLarge
        from index.safety.limits import REJECTS
        from index.sources import UnknownFormat
        from index.sources.formats import Count
        from index.sources.network.abstracts import with_abstracts
        from index.sources.network.client import FetchError

        settings = settings_of(self.args)
        for source in self.args.source:
            try:
                for reading in self._readings(source):
                    reading = with_abstracts(reading, home=settings.home, offline=settings.offline, progress=_say_asked)
                    for reject in reading.rejects:
                        kept = reject.record if len(self.rejects) < REJECTS else ""
                        self.rejects.append(replace(reject, source=named(source), record=kept))
                    self.notices += reading.notices
                    if reading.format:
                        before = self.counts.get((source, reading.format), Count())
                        self.counts[source, reading.format] = before + reading.count
                    yield from reading.papers
            except (UnknownFormat, TooLarge) as error:
                self.rejects.append(Reject(source, str(error), source=named(source)))
            except FetchError as error:
                self.failures.append(Reject(source, str(error)))
            except OSError as error:
                self.failures.append(Reject(source, f"cannot be read: {why(error)}"))
            else:
                self.read += [named(source)] if source != "-" else []

    def _readings(self, source: str) -> Iterator["Reading"]:
        """What a source holds. A file or folder of that name comes before a link, an id or a DOI."""
        from index.sources import read_files, read_stream
        from index.sources.network.links import links, read_link

        args, settings = self.args, settings_of(self.args)
        options = {"format": args.format, "year": args.year, "posted": args.posted}
        if source != "-" and not os.path.exists(source) and links(source):
            say(f"Fetching {source} …")
            yield read_link(source, posted=args.posted, offline=settings.offline, home=settings.home)
        elif source == "-":
            yield read_stream(sys.stdin.buffer, place="stdin", **options)
        else:
            yield from read_files(Path(source), **options)

    def keep_rejects(self, library: "Library", report: AddReport) -> None:
        """Keeps the rejected records in the library: those that were read, and those that it refused itself."""
        only = named(self.args.source[0]) if len(self.args.source) == 1 else ""
        kept = [replace(reject, reason=reject.reason.partition(". Understood")[0]) for reject in self.rejects]
        kept += (replace(reject, source=only) for reject in report.rejected)
        library.keep_rejects(replace(report, rejected=tuple(kept)), read=self.read)

    def say_what_came(self) -> None:
        """A line for each source and format: "refs: 3 BibTeX files: 212 papers, 3 without abstract."."""
        from index.sources.formats import in_words

        for (source, format), count in self.counts.items():
            say(f"{'stdin' if source == '-' else source}: {in_words(format, count)}.")

    def report(self) -> AddReport:
        """What was rejected, what failed and what is to be said."""
        return AddReport(rejected=(*self.rejects, *self.failures), notices=tuple(self.notices))


def named(source: str) -> str:
    """A source as rejects name it: the whole path of a file or folder, the text of anything else."""
    if source == "-":
        return "stdin"
    return os.path.abspath(source) if os.path.exists(source) else source
