"""Which papers of some days a digest covers: all of them, or those on a topic, each once.

What is left out is listed with the reason. Knows nothing of themes or models.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.documents import Excluded
from assistant.question.intent import content_stems
from assistant.weekly.cache import KeptEdition
from assistant.weekly.scope import Scope
from assistant.weekly.weeks import Period
from index.annotated import tagged
from index.ids import normalise_title
from index.paper import Paper
from index.safety.inert import inert
from index.same_work import same_work
from index.text import stems_of

if TYPE_CHECKING:
    from index.library import Library

NEAREST = 10  # papers, if none contains all words of a topic
_SAME_ABSTRACT = 100  # characters from which the same abstract means the same paper


@dataclass(frozen=True)
class Chosen:
    """The papers of a digest, what was left out, and what readers are told about it."""

    papers: tuple[Paper, ...]
    excluded: tuple[Excluded, ...]
    notices: tuple[str, ...]


def choose(
    library: "Library",
    papers: Sequence[Paper],
    scope: Scope,
    earlier: Iterable[tuple[Period, KeptEdition]],
    stays: Collection[str] = (),
) -> Chosen:
    """The papers of a period that a scope takes, without further copies and versions of a paper and without those in an
    `earlier` digest, unless their id is among those that `stays`: what a digest had when it was made."""
    stays = set(stays)
    notices: tuple[str, ...] = ()
    if scope.tags:
        having, notices = tagged(library, scope.tags, [p.id for p in papers])
        papers = [p for p in papers if p.id in (having or ())]
    if scope.query:
        on_topic = _on_topic(library, papers, scope.query)
        notices += on_topic.notices
        papers = on_topic.papers
    excluded: list[Excluded] = []
    chosen: list[Paper] = []
    known: dict[str, Paper] = {}
    before_of = _earlier_digests(library, earlier)
    for paper in sorted(papers, key=_worth):
        marks = _marks(paper)
        same = next((known[m] for m in marks if m in known and (m[0] != "t" or same_work(paper, known[m]))), None)
        before = None if stays & set(paper.ids) else before_of(paper)
        if same is not None:
            excluded.append(Excluded(paper.id, _why_same(paper, same)))
        elif before is not None:
            excluded.append(Excluded(paper.id, f"it was in the digest of {before}: {inert(paper.shown_title)}"))
        else:
            chosen.append(paper)
        known = dict.fromkeys(marks, same or paper) | known
    return Chosen(tuple(chosen), tuple(excluded), notices)


def _worth(paper: Paper) -> tuple[bool, int, str]:
    """Sort key: of several copies of a paper one with an id is kept, then the one with the most upvotes."""
    return paper.id.startswith("title:"), -(paper.upvotes or 0), paper.id


def _marks(paper: Paper) -> list[str]:
    """What two copies or versions of one paper share."""
    marks = [*(f"id {paper_id}" for paper_id in paper.ids), f"title {normalise_title(paper.title)}"]
    words = normalise_title(paper.abstract)
    return [*marks, f"abstract {words}"] if len(words) >= _SAME_ABSTRACT else marks


def _why_same(paper: Paper, same: Paper) -> str:
    version = paper.abstract != same.abstract
    return f"{'another version' if version else 'a duplicate'} of {same.id}: {inert(same.shown_title)}"


def _earlier_digests(
    library: "Library", earlier: Iterable[tuple[Period, KeptEdition]]
) -> Callable[[Paper], Period | None]:
    """Tells the latest digest that a paper was in: by any of its ids, else by its title if that is not another's."""
    by_id: dict[str, Period] = {}
    of_title: dict[str, str] = {}
    for period, edition in earlier:
        for paper_id in edition.labels:
            by_id.setdefault(paper_id, period)
            of_title.setdefault(edition.titles[paper_id], paper_id)

    def before_of(paper: Paper) -> Period | None:
        if found := next((by_id[i] for i in paper.ids if i in by_id), None):
            return found
        titled = of_title.get(normalise_title(paper.title))
        other = library.find(titled) if titled else None
        return by_id[titled] if titled and (other is None or same_work(paper, other)) else None

    return before_of


def _on_topic(library: "Library", papers: Sequence[Paper], topic: str) -> Chosen:
    """The papers that contain all words of a topic; if none does, those of the nearest that contain some."""
    wanted = set(content_stems(topic))
    stems = {p.id: set(stems_of(f"{p.title} {p.abstract}")) for p in papers}
    found = tuple(p for p in papers if wanted <= stems[p.id])
    if not found and papers:
        near = library.look_up(topic, k=NEAREST, only=[p.id for p in papers], spend=False).hits
        found = tuple(hit.paper for hit in near if wanted & stems[hit.paper.id])
        how = f"None of {len(papers)} papers contains all words of “{topic}”"
        if found:
            return Chosen(found, (), (f"{how}; these {len(found)} come nearest.",))
        return Chosen((), (), (f"{how}, or any of them.",))
    what = "paper is" if len(papers) == 1 else "papers are"
    return Chosen(found, (), (f"{len(found)} of {len(papers)} {what} about “{topic}”: those that contain its words.",))
