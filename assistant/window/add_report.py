"""What an addition did, in words people use: papers added, papers that were there, and what changed of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from markupsafe import Markup

from assistant.render.html import render
from assistant.window.markup import sample_html
from index.english import count_of
from index.ids import normalise_title
from index.paper import AddReport, Paper

if TYPE_CHECKING:
    from index.library import Library

COMPARED = 2_000  # records that come, of which it is told why they are of papers that were there
REJECTS_SHOWN = 20
UPDATES_SHOWN = 20
_NAMED = {  # the fields whose changes are told, as people call them
    "title": "title",
    "abstract": "abstract",
    "authors": "authors",
    "organization": "organisation",
    "published": "date",
    "posted_days": "days on Daily pages",
    "url": "link",
    "code_url": "code link",
    "keywords": "keywords",
    "upvotes": "upvotes",
    "comments": "comments",
    "ids": "ids",
    "version": "version",
    "source": "source",
    "tags": "tags",
    "note": "note",
    "ai_summary": "AI summary",
}


def changes(before: Paper, now: Paper) -> str:
    """What an update changed of a paper: `new abstract, upvotes`; empty for what nobody sees."""
    if before.is_sample and not now.is_sample:
        return "its own abstract in place of the sample's description"
    named = [said for name, said in _NAMED.items() if getattr(before, name) != getattr(now, name)]
    return f"new {', '.join(named)}" if named else ""


@dataclass(frozen=True)
class Update:
    """A paper that was there and took something over: itself now, what changed, why a record was taken for one of
    it, and the papers that it was joined with."""

    paper: Paper
    changed: str
    why: str
    joined: tuple[Paper, ...] = ()


def papers_met(library: "Library", coming: Iterable[Paper]) -> dict[str, Paper]:
    """The papers that may be those that come, by id: they share an id or a title with one of them."""
    coming = list(islice(coming, COMPARED))
    by_id = (library.find(i) for paper in coming for i in paper.ids)
    met = {paper.id: paper for paper in by_id if paper}
    titles = {normalise_title(paper.title) for paper in coming}
    alike = [i for i, title in library.titles() if i not in met and normalise_title(title) in titles]
    return met | library.papers_by_id(alike)


def updates_of(before: Mapping[str, Paper], coming: Sequence[Paper], updated: Iterable[Paper]) -> list[Update]:
    """What an addition changed of each `updated` paper, of those that were there `before`, and why."""
    of_id: dict[str, list[Paper]] = {}
    for record in coming[:COMPARED]:
        for i in record.ids:
            of_id.setdefault(i, []).append(record)
    updates = []
    for paper in updated:
        were = [before[i] for i in paper.ids if i in before]
        old = before.get(paper.id) or next(iter(were), None)
        if old is None or not (changed := changes(old, paper)):
            continue
        records = [record for i in paper.ids for record in of_id.get(i, ())]
        shared = next(
            (i for record in records for i in record.ids if i in old.ids and not i.startswith("title:")), None
        )
        why = (
            f"the same id, {shared}"
            if shared
            else "the same title, and people and abstracts that do not differ clearly"
        )
        updates.append(Update(paper, changed, why, tuple(other for other in were if other.id != old.id)))
    return updates


def counts_line(report: AddReport) -> str:
    """The outcome as one sentence: `12 papers added, 3 were there already (1 of them was updated)`."""
    there = len(report.updated) + len(report.unchanged)
    parts = [f"{count_of(len(report.new), 'paper')} added"] if report.new else []
    if there:
        paper = "" if report.new else " paper" if there == 1 else " papers"
        said = f"{there:,}{paper} {'was' if there == 1 else 'were'} there already"
        if report.updated:
            updated = len(report.updated)
            of_them = "" if there == 1 else f"{updated:,} of them "
            said += f" ({of_them}{'was' if updated == 1 else 'were'} updated)" if of_them else " (and was updated)"
        parts.append(said)
    if report.rejected:
        parts.append(f"{len(report.rejected):,} could not be added")
    return f"{', '.join(parts) or 'Nothing was added'}."


def report_html(report: AddReport, updates: Sequence[Update] = (), *, kept: bool = False, samples: int = 0) -> str:
    """What an addition did, with the place and reason of each record that was not added. `updates`: what changed of
    papers that were there, and why. `kept`: the library keeps the rejects. `samples`: papers of the bundled sample, if
    their removal is offered."""
    return render(
        "report.html",
        report=report,
        counts=counts_line(report),
        updates=updates,
        unnamed=len(report.updated) - len(updates),
        most=REJECTS_SHOWN,
        kept=kept,
        sample=Markup(sample_html(samples)),
    )
