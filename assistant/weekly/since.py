"""What is new in an edition against those before it: themes that go on, grew or are new, and papers whose text changed
since they were in a digest. Costs no call.

A theme is known again by its telling phrase alone, and both counts are of that. The groups of two weeks are cut
differently: a match of groups calls a theme ended that only has other neighbours now.
"""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from assistant.checking.revised import RevisedFigure, revised_figures
from assistant.documents import Changed, ChangedFigure, ThemeSince, WeekBefore
from assistant.weekly.cache import DigestStore, KeptEdition, KeptText, KeptTheme
from assistant.weekly.phrases import phrases_of, written
from assistant.weekly.scope import Scope
from assistant.weekly.themes import FEW
from assistant.weekly.weeks import Period, period_of_days
from index.ids import normalise_title
from index.paper import Paper
from index.safety.inert import inert

if TYPE_CHECKING:
    from index.library import Library

DAYS_BETWEEN = 7  # at most, for one digest to continue another
LOOKED_BACK = 70  # days before a digest, whose papers are looked at for changes
LEAST = 2  # papers with a theme's phrase, for anything to be said of it
GREW, MORE = 1.5, 3  # times the share of papers, and papers more, from which a theme grew
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


def against(
    days: Period, before: Sequence[Paper], now: Sequence[Paper], themes: Sequence[KeptTheme]
) -> WeekBefore | None:
    """The themes of the papers of now beside the papers of the days before, the larger first, without those of which
    nothing can be said; None if that is all of them, or if the papers before are too few to tell from."""
    if len(before) < FEW:
        return None
    phrases_then, phrases_now = [phrases_of(p) for p in before], [phrases_of(p) for p in now]
    by_id = {p.id: p for p in now}
    told: list[ThemeSince] = []
    for theme in sorted(themes, key=lambda theme: -len(theme.ids)):
        members = [by_id[i] for i in theme.ids if i in by_id]
        phrase = next(iter(theme.phrases), None)
        if phrase is None or len(members) < 2:
            continue
        count = sum(phrase in each for each in phrases_now)
        then = sum(phrase in each for each in phrases_then)
        if how := _how(count, len(now), then, len(before)):
            if how == "new" and _stands_in(phrase, before):
                continue
            told.append(ThemeSince(inert(theme.name), inert(written(phrase, members)), how, count, then))
    return WeekBefore(str(days), len(now), len(before), tuple(told)) if told else None


def _how(now: int, of_now: int, before: int, of_before: int) -> Literal["new", "grew", "goes on"] | None:
    """What the numbers of papers with a phrase say, of so many papers; None if they say nothing."""
    if now < LEAST:
        return None
    if not before:
        return "new" if now * of_before >= LEAST * of_now else None  # else none was to be expected
    if now >= before + MORE and now * of_before >= GREW * before * of_now:
        return "grew"
    return "goes on" if before >= LEAST else None


def _stands_in(phrase: str, papers: Sequence[Paper]) -> bool:
    """Whether some paper has a phrase in another spelling: "pre-training" or "pre training" for "pretraining"."""
    sought = _without_signs(phrase)
    return any(sought in _without_signs(f"{p.shown_title} {p.shown_abstract}") for p in papers)


def _without_signs(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


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
