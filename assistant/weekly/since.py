"""What is new in an edition against those before it: themes that go on, grew, ended or began, and papers whose text
changed since they were in a digest.

The week before is the digest that was kept of it, else that week as it would be grouped. Costs no call.
"""

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from assistant.checking.revised import RevisedFigure, revised_figures
from assistant.documents import Changed, ChangedFigure, ThemeSince, WeekBefore
from assistant.weekly.cache import DigestStore, KeptEdition, KeptText
from assistant.weekly.scope import Scope
from assistant.weekly.weeks import Period, period_of_days
from index.ids import normalise_title
from index.paper import Paper
from index.safety.inert import inert

if TYPE_CHECKING:
    from index.library import Library

DAYS_BETWEEN = 7  # at most, for one digest to continue another
LOOKED_BACK = 70  # days before a digest, whose papers are looked at for changes
SAME_THEME = 0.35  # cosine of two themes' phrases from which one continues the other
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


def against(period: Period, before: KeptEdition, now: KeptEdition, kept: bool) -> WeekBefore | None:
    """The themes of an edition beside those of the days before, the larger first; None where either has no theme of
    several papers."""
    if not (_has_themes(before) and _has_themes(now)):
        return None
    pairs = [
        (cosine(new.phrases, old.phrases), i, j)
        for i, new in enumerate(now.themes)
        for j, old in enumerate(before.themes)
    ]
    of_new: dict[int, int] = {}
    for alike, i, j in sorted(pairs, key=lambda pair: (-pair[0], pair[1:])):
        if alike >= SAME_THEME and i not in of_new and j not in of_new.values():
            of_new[i] = j
    themes: list[ThemeSince] = []
    for i, theme in enumerate(now.themes):
        size, old = len(theme.ids), len(before.themes[of_new[i]].ids) if i in of_new else 0
        how: Literal["began", "grew", "goes on"] = "began" if not old else "grew" if size > old else "goes on"
        themes.append(ThemeSince(inert(theme.name), how, size, old))
    ended = [t for j, t in enumerate(before.themes) if j not in of_new.values()]
    themes += [ThemeSince(inert(theme.name), "ended", 0, len(theme.ids)) for theme in ended]
    return WeekBefore(str(period), kept, tuple(sorted(themes, key=lambda theme: -(theme.now or theme.before))))


def _has_themes(edition: KeptEdition) -> bool:
    return any(len(theme.ids) > 1 for theme in edition.themes)


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """How alike two themes are, by the weights of their phrases."""
    shared = sum(weight * other[phrase] for phrase, weight in one.items() if phrase in other)
    lengths = math.hypot(*one.values()) * math.hypot(*other.values())
    return shared / lengths if lengths else 0.0


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
