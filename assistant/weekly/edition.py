"""An edition of a digest: its papers, labelled and grouped into themes. Made from the library alone, before anything
is written about it, and the same when made again: labels and themes are stored, a late paper joins the theme it fits.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.citations import marker
from assistant.documents import Changed, Citation, Claim, Excluded, Label, LabelledPaper, WeekBefore
from assistant.weekly.beside import Side, against
from assistant.weekly.cache import DigestStore, KeptEdition, KeptText, KeptTheme
from assistant.weekly.phrases import name_of, phrases_of, telling_phrases
from assistant.weekly.scope import EVERYTHING, Scope
from assistant.weekly.selection import choose
from assistant.weekly.since import changed_papers, days_before, just_before, text_of
from assistant.weekly.themes import FEW, group, join
from assistant.weekly.topics import FIRST_FIT, divided
from assistant.weekly.weeks import (
    Period,
    choose_period,
    how_dated,
    papers_of,
    weeks_with_papers,
    why_empty,
    without_a_day,
)
from index.ids import normalise_title
from index.paper import Paper
from index.safety.inert import inert
from index.topics import ALL, Topic

if TYPE_CHECKING:
    from index.library import Library

ORDER = "Themes with more papers come first; of equal size, those whose papers have more upvotes."
ORDER_OF_FEW = "Papers with more upvotes come first."
PHRASES = 20  # kept per theme, to recognise it next week
SAME_THEME = 0.35  # cosine of two themes' phrases from which one continues the other
CONTINUED, CITED = 3, 5  # themes that are said to continue, and papers cited for each


@dataclass(frozen=True)
class Grouped:
    """A theme of an edition: its papers in the order shown, and its name in words."""

    papers: tuple[LabelledPaper, ...]
    name: str


@dataclass(frozen=True)
class Edition:
    """The papers of some days: those in each theme, the others, those left out and why, and what continues from the
    previous digest; and, where it is divided by topics, those on each (the themes stay over all papers)."""

    period: Period
    scope: Scope
    themes: tuple[Grouped, ...]
    other: tuple[LabelledPaper, ...]
    excluded: tuple[Excluded, ...]
    continued: tuple[Claim, ...]
    notices: tuple[str, ...]
    kept: KeptEdition
    topics: tuple[Grouped, ...] = ()
    before: WeekBefore | None = None
    changed: tuple[tuple[Changed, Paper], ...] = ()

    @property
    def texts(self) -> tuple[dict[str, KeptText], dict[str, KeptText]]:
        """The texts of its papers, and of the others whose change it tells of, by id."""
        own = {p.paper.id: text_of(p.paper) for p in self.papers}
        return own, {paper.id: text_of(paper) for _, paper in self.changed if paper.id not in own}

    @property
    def papers(self) -> tuple[LabelledPaper, ...]:
        """All papers, by label."""
        everyone = [p for theme in self.themes for p in theme.papers] + list(self.other)
        return tuple(sorted(everyone, key=lambda p: p.label))


def make_edition(
    library: "Library",
    store: DigestStore,
    week: str | None = None,
    since: str | None = None,
    until: str | None = None,
    scope: Scope = EVERYTHING,
    fresh: bool = False,
    as_kept: bool = False,
    with_news: bool = True,
) -> Edition:
    """The edition for a week or some days (default: the latest week with papers), of what a scope takes. `fresh`: group
    them again. `as_kept`: by the topics that it had when it was made. `with_news`: with what is new against
    those before it, which no call depends on. Stores nothing. Raises ValueError for an invalid week or day, or an
    unknown topic."""
    period, notices = choose_period(library, week, since, until)
    begun = None if fresh else _current(library, store.edition(period, scope.key))
    topics = begun.topics if begun and as_kept else _topics_of(library, scope)
    found = _with_begun(library, papers_of(library, period), begun)
    if not found:
        empty = (*notices, why_empty(period, weeks_with_papers(library)))
        return Edition(period, scope, (), (), (), (), empty, KeptEdition({}, {}, ()))
    earlier = store.earlier(period, scope.key)
    chosen = choose(library, found, scope, earlier, begun.labels if begun else ())
    last = just_before(period, earlier)
    kept = replace(_regrouped(library, chosen.papers, begun), topics=topics)
    labelled = {p.id: LabelledPaper(kept.labels[p.id], p) for p in chosen.papers}
    themes = _in_order(Grouped(tuple(labelled[i] for i in theme.ids), theme.name) for theme in kept.themes)
    placed = {p.label for theme in themes for p in theme.papers}
    said = [*notices, how_dated(chosen.papers)] if chosen.papers else [*notices]
    said += [*chosen.notices, *([] if topics else _order(themes)), *filter(None, [without_a_day(library)])]
    said += [FIRST_FIT] if len(topics) > 1 else []
    return Edition(
        period,
        scope,
        themes,
        tuple(sorted((p for p in labelled.values() if p.label not in placed), key=_rank)),
        chosen.excluded,
        _continued(kept, last[1] if last else None, labelled),
        tuple(said),
        kept,
        _by_topic(library, labelled, topics),
        _against(library, period, scope, last, Side(chosen.papers, kept.themes)) if with_news and not topics else None,
        changed_papers(library, store, period, scope) if with_news else (),
    )


def _against(
    library: "Library", period: Period, scope: Scope, last: tuple[Period, KeptEdition] | None, now: Side
) -> WeekBefore | None:
    """The themes beside those of the digest before (`last`), else of as many days before as they would be grouped; None
    if those have too few papers to tell from."""
    days = last[0] if last else days_before(period)
    papers = choose(library, papers_of(library, days), scope, ()).papers
    if len(papers) < FEW:
        return None
    return against(days, Side(papers, _regrouped(library, papers, _current(library, last and last[1])).themes), now)


def _topics_of(library: "Library", scope: Scope) -> tuple[Topic, ...]:
    """The saved topics that a scope names. Raises ValueError if one is unknown, or none is saved."""
    if scope.topics == (ALL,):
        if not (every := library.topics.all()):
            raise ValueError("No topic is saved yet: `papers topic add NAME` saves one.")
        return tuple(every)
    return tuple(library.topics.get(name) for name in scope.topics)


def _by_topic(
    library: "Library", labelled: Mapping[str, LabelledPaper], topics: Sequence[Topic]
) -> tuple[Grouped, ...]:
    """The papers of each topic, those with more upvotes first."""
    if not topics:
        return ()
    taken = divided(library, [p.paper for p in labelled.values()], topics)
    return tuple(Grouped(tuple(sorted((labelled[i] for i in ids), key=_rank)), name) for name, ids in taken.items())


def _current(library: "Library", kept: KeptEdition | None) -> KeptEdition | None:
    """An edition that was kept, under the ids that its papers have now."""
    if kept is None:
        return None
    there = library.papers_by_id(list(kept.labels))
    now = {i: i if i in there or not (paper := library.find(i)) else paper.id for i in kept.labels}
    if all(old == new for old, new in now.items()):
        return kept
    labels = {now[i]: label for i, label in sorted(kept.labels.items(), key=lambda item: -item[1])}
    titles = {now.get(i, i): title for i, title in kept.titles.items()}
    themes = tuple(replace(t, ids=tuple(dict.fromkeys(now.get(i, i) for i in t.ids))) for t in kept.themes)
    return replace(kept, labels=labels, titles=titles, themes=themes)


def _with_begun(library: "Library", papers: list[Paper], begun: KeptEdition | None) -> list[Paper]:
    """The papers of a period with those that its digest had when it was made: one whose day was told later stays."""
    if begun is None:
        return papers
    here = {paper.id for paper in papers}
    return [*papers, *library.papers_by_id([i for i in begun.labels if i not in here]).values()]


def _order(themes: Sequence[Grouped]) -> list[str]:
    """What readers are told about the order of the themes."""
    if len(themes) < 2:
        return []
    return [ORDER if any(len(theme.papers) > 1 for theme in themes) else ORDER_OF_FEW]


def _rank(labelled: LabelledPaper) -> tuple[int, int]:
    return -(labelled.paper.upvotes or 0), labelled.label


def _in_order(themes: Iterable[Grouped]) -> tuple[Grouped, ...]:
    """Themes by size and upvotes, the papers of each by upvotes."""
    sorted_within = [Grouped(tuple(sorted(t.papers, key=_rank)), t.name) for t in themes]
    return tuple(
        sorted(
            sorted_within,
            key=lambda t: (-len(t.papers), -sum(p.paper.upvotes or 0 for p in t.papers), t.papers[0].label),
        )
    )


def _regrouped(library: "Library", papers: Sequence[Paper], known: KeptEdition | None) -> KeptEdition:
    """The themes and labels of some papers: the known ones, plus the papers that came since. All are grouped again if
    most papers are new, or if too few were known to form themes."""
    papers = sorted(papers, key=lambda p: p.id)
    vectors = library.paper_vectors([p.id for p in papers])
    of_known = sum(p.id in known.labels for p in papers) if known else 0
    if known is None or 2 * of_known < len(papers) or (of_known < FEW and of_known < len(papers)):
        return _labelled(papers, group(papers, vectors))
    before = {frozenset(theme.ids): theme for theme in known.themes}
    groups = join(papers, vectors, [t.ids for t in known.themes], list(known.labels))
    labels = dict(known.labels)
    for paper in sorted(papers, key=lambda p: (-(p.upvotes or 0), p.id)):
        labels.setdefault(paper.id, max(labels.values(), default=0) + 1)
    themes = tuple(before.get(frozenset(ids)) or _kept_theme(ids, papers) for ids in groups)
    return KeptEdition(labels, {**known.titles, **_titles(papers)}, themes)


def _labelled(papers: Sequence[Paper], groups: Sequence[Sequence[str]]) -> KeptEdition:
    """New labels: the papers of the first theme first, those without a theme last."""
    by_id = {p.id: p for p in papers}
    themes = tuple(_kept_theme(ids, papers) for ids in groups)
    unlabelled = [Grouped(tuple(LabelledPaper(0, by_id[i]) for i in theme.ids), theme.name) for theme in themes]
    order = [p.paper.id for theme in _in_order(unlabelled) for p in theme.papers]
    rest = sorted((p for p in papers if p.id not in set(order)), key=lambda p: (-(p.upvotes or 0), p.id))
    order += [p.id for p in rest]
    return KeptEdition({i: label for label, i in enumerate(order, 1)}, _titles(papers), themes)


def _titles(papers: Sequence[Paper]) -> dict[str, str]:
    return {p.id: normalise_title(p.title) for p in papers}


def _kept_theme(ids: Sequence[str], papers: Sequence[Paper]) -> KeptTheme:
    members = [p for p in papers if p.id in set(ids)]
    phrases = dict(telling_phrases(members, papers)[:PHRASES])
    return KeptTheme(tuple(ids), name_of(members, phrases), phrases)


def _continued(
    now: KeptEdition, before: KeptEdition | None, labelled: Mapping[str, LabelledPaper]
) -> tuple[Claim, ...]:
    """Which themes continue from the previous digest, by their telling phrases; cites papers that contain them."""
    if before is None:
        return ()
    pairs = [(_cosine(new.phrases, old.phrases), new) for new in now.themes for old in before.themes]
    best_first = sorted(pairs, key=lambda pair: -pair[0])
    continuing = {theme.ids: theme for alike, theme in best_first if alike >= SAME_THEME}
    from assistant.checking import check_claim

    claims = []
    papers: dict[Label, Paper] = {p.label: p.paper for p in labelled.values()}
    for theme in list(continuing.values())[:CONTINUED]:
        holding = sorted(theme.ids, key=lambda i: (-_holds(labelled[i].paper, theme.phrases), labelled[i].label))
        cited = marker(Citation(labelled[i].label) for i in sorted(holding[:CITED], key=lambda i: labelled[i].label))
        claim = check_claim(f"Continued from the last digest: {inert(theme.name)} {cited}.", papers)
        claims += [claim] if claim.check.verdict in ("ok", "nothing_to_check") else []
    return tuple(claims)


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """How alike two themes are, by the weights of their phrases."""
    shared = sum(weight * other[phrase] for phrase, weight in one.items() if phrase in other)
    lengths = math.hypot(*one.values()) * math.hypot(*other.values())
    return shared / lengths if lengths else 0.0


def _holds(paper: Paper, phrases: Mapping[str, float]) -> float:
    return sum(phrases.get(key, 0.0) for key in phrases_of(paper))
