"""What an addition did, in words people use: papers added, papers that were there, and what changed of them."""

from collections.abc import Sequence

from markupsafe import Markup

from assistant.render.html import render
from assistant.window.markup import sample_html
from index.english import count_of
from index.paper import AddReport, Paper

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
}


def changes(before: Paper, now: Paper) -> str:
    """What an update changed of a paper: `new abstract, upvotes`; empty for what nobody sees."""
    if before.is_sample and not now.is_sample:
        return "its own abstract in place of the sample's description"
    named = [said for name, said in _NAMED.items() if getattr(before, name) != getattr(now, name)]
    return f"new {', '.join(named)}" if named else ""


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


def report_html(
    report: AddReport, updates: Sequence[tuple[Paper, str]] = (), *, kept: bool = False, samples: int = 0
) -> str:
    """What an addition did, with the place and reason of each record that was not added. `updates`: updated papers and
    what changed of each. `kept`: the library keeps the rejects. `samples`: papers of the bundled sample whose removal
    is offered."""
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
