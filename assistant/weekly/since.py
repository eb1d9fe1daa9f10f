"""The days that an edition is set beside, and the papers whose text changed since they were in a digest."""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.checking.revised import RevisedFigure, revised_figures
from assistant.documents import Changed, ChangedFigure
from assistant.weekly.cache import DigestStore, KeptEdition, KeptText
from assistant.weekly.scope import Scope
from assistant.weekly.weeks import Period, period_of_days
from index.ids import normalise_title
from index.paper import Paper

if TYPE_CHECKING:
    from index.library import Library

DAYS_BETWEEN = 7  # at most, for one digest to continue another
LOOKED_BACK = 70  # days before a digest, whose papers are looked at for changes
SAID = 3  # figures of one paper that its message names


def just_before(period: Period, earlier: Sequence[tuple[Period, KeptEdition]]) -> tuple[Period, KeptEdition] | None:
    """The digest of the days just before a period, if there is one among the `earlier` ones, latest first."""
    if not earlier:
        return None
    gap = datetime.date.fromisoformat(period.since) - datetime.date.fromisoformat(earlier[0][0].until)
    return earlier[0] if gap.days <= DAYS_BETWEEN else None


def days_before(period: Period) -> Period:
    """As many days as a period has, just before it."""
    first, last = datetime.date.fromisoformat(period.since), datetime.date.fromisoformat(period.until)
    day = datetime.timedelta(days=1)
    since = max(first.toordinal() - (last - first).days - 1, 1)
    return period_of_days(
        datetime.date.fromordinal(since).isoformat(), max(first - day, datetime.date.min + day).isoformat()
    )


def changed_papers(
    library: "Library", store: DigestStore, period: Period, scope: Scope
) -> tuple[tuple[Changed, Paper], ...]:
    """What changed of the papers of this digest since it was first made, and of those of the digests before it: each
    whose version or abstract is another one now, with the paper."""
    first = datetime.date.fromisoformat(period.since).toordinal() - LOOKED_BACK
    since = datetime.date.fromordinal(max(first, 1)).isoformat()
    seen = store.texts(period, scope.key, since)
    papers = library.papers_by_id(list(seen))
    found: dict[str, tuple[Changed, Paper]] = {}
    for paper_id, (when, text) in sorted(seen.items()):
        paper = papers.get(paper_id) or library.find(paper_id)
        if paper is not None and (change := _changed(paper, when, text)):
            found[paper.id] = change, paper
    return tuple(found.values())


def text_of(paper: Paper) -> KeptText:
    """What is kept of a paper, to tell later whether it changed."""
    return KeptText(paper.version, paper.abstract)


def _changed(paper: Paper, when: Period, then: KeptText) -> Changed | None:
    version = f"version {then.version} then, version {paper.version} now" if _other_version(paper, then) else ""
    if then.abstract == paper.abstract and not version:  # as nearly all are: what follows reads both
        return None
    before = Paper(title=paper.title, abstract=then.abstract)
    same = normalise_title(before.shown_abstract) == normalise_title(paper.shown_abstract)
    if same and not version:
        return None
    figures = () if same else revised_figures(before.sentences, paper.sentences)
    said = [version] if version else []
    if same:
        said.append("its abstract reads the same")
    elif not figures:
        said.append("its abstract was rewritten; no figure differs")
    else:
        more = len(figures) - SAID
        said += [_said(figure) for figure in figures[:SAID]] + ([f"{more} more figures differ"] if more > 0 else [])
    message = f"Since the digest of {when}: {'; '.join(said)}."
    return Changed(paper.id, message, paper.shown_title, tuple(map(_kept_figure, figures)))


def _other_version(paper: Paper, then: KeptText) -> bool:
    return None not in (paper.version, then.version) and paper.version != then.version


def _said(figure: RevisedFigure) -> str:
    """A figure that differs, with where it stands now."""
    if figure.sentence is None:
        return f"“{figure.before}” no longer stands in its abstract"
    where = f"(sentence {figure.sentence.number})"
    return f"“{figure.before}” is now “{figure.now}” {where}" if figure.before else f"“{figure.now}” is new {where}"


def _kept_figure(figure: RevisedFigure) -> ChangedFigure:
    return ChangedFigure(
        figure.before,
        figure.now,
        figure.was.text if figure.was else None,
        figure.sentence.text if figure.sentence else None,
        figure.sentence.number if figure.sentence else None,
    )
