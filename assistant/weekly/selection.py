"""Which papers of some days stand in a digest: all, each once; those on a topic where one is asked for.

What is left out is named with the reason. Knows nothing of themes or models.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.documents import Excluded
from assistant.question.intent import content_stems
from assistant.weekly.cache import KeptEdition
from assistant.weekly.weeks import Period
from index.ids import canonical_id, normalise_title
from index.paper import Paper
from index.safety.inert import inert
from index.text import stems_of

if TYPE_CHECKING:
    from index.library import Library

NEAREST = 10  # papers of a topic that no paper names by all its words
_SAME_ABSTRACT = 100  # characters from which two papers of one abstract are one paper


@dataclass(frozen=True)
class Chosen:
    """The papers of a digest, what was left out, and what there is to say about it."""

    papers: tuple[Paper, ...]
    excluded: tuple[Excluded, ...]
    notices: tuple[str, ...]


def choose(
    library: "Library",
    papers: Sequence[Paper],
    topic: str | None,
    earlier: Iterable[tuple[Period, KeptEdition]],
) -> Chosen:
    """Of a period's papers those on a topic, without further copies and versions of a paper and without those that
    stood in an `earlier` digest."""
    notices: tuple[str, ...] = ()
    if topic:
        on_topic = _on_topic(library, papers, topic)
        notices = on_topic.notices
        papers = on_topic.papers
    excluded: list[Excluded] = []
    chosen: list[Paper] = []
    known: dict[str, Paper] = {}
    stood = _stood(earlier)
    for paper in sorted(papers, key=_worth):
        marks = _marks(paper)
        same = next((known[mark] for mark in marks if mark in known), None)
        before = stood.get(paper.id) or stood.get(normalise_title(paper.title))
        if same is not None:
            excluded.append(Excluded(paper.id, _why_same(paper, same)))
        elif before is not None:
            excluded.append(Excluded(paper.id, f"it stood in the digest of {before}: {inert(paper.shown_title)}"))
        else:
            chosen.append(paper)
        known.update((mark, same or paper) for mark in marks)
    return Chosen(tuple(chosen), tuple(excluded), notices)


def _worth(paper: Paper) -> tuple[bool, int, str]:
    """Of copies of a paper the one stays that has an id, then the one with more upvotes."""
    return paper.id.startswith("title:"), -(paper.upvotes or 0), paper.id


def _marks(paper: Paper) -> list[str]:
    """What two copies or versions of one paper share."""
    marks = [f"id {canonical_id(paper.id) or paper.id}", f"title {normalise_title(paper.title)}"]
    words = normalise_title(paper.abstract)
    return [*marks, f"abstract {words}"] if len(words) >= _SAME_ABSTRACT else marks


def _why_same(paper: Paper, same: Paper) -> str:
    version = _marks(paper)[0] == _marks(same)[0] or paper.abstract != same.abstract
    return f"{'another version' if version else 'a duplicate'} of {same.id}: {inert(same.shown_title)}"


def _stood(earlier: Iterable[tuple[Period, KeptEdition]]) -> dict[str, Period]:
    """The digest that a paper stood in, by its id and its title."""
    stood: dict[str, Period] = {}
    for period, edition in earlier:
        for paper_id in edition.labels:
            stood.setdefault(paper_id, period)
            stood.setdefault(edition.titles[paper_id], period)
    return stood


def _on_topic(library: "Library", papers: Sequence[Paper], topic: str) -> Chosen:
    """The papers that hold all words of a topic; where none does, those of its nearest that hold some."""
    wanted = set(content_stems(topic))
    stems = {p.id: set(stems_of(f"{p.title} {p.abstract}")) for p in papers}
    found = tuple(p for p in papers if wanted <= stems[p.id])
    if not found and papers:
        near = library.look_up(topic, k=NEAREST, only=[p.id for p in papers], spend=False).hits
        found = tuple(hit.paper for hit in near if wanted & stems[hit.paper.id])
        how = f"None of {len(papers)} papers holds all words of “{topic}”"
        if found:
            return Chosen(found, (), (f"{how}; these {len(found)} come nearest.",))
        return Chosen((), (), (f"{how}, or any of them.",))
    what = "paper is" if len(papers) == 1 else "papers are"
    return Chosen(found, (), (f"{len(found)} of {len(papers)} {what} about “{topic}”: those that hold its words.",))
