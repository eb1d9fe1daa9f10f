"""Questions that the window suggests: about the library's papers at first, about an answer's papers beneath it."""

from collections import Counter
from functools import lru_cache
from itertools import pairwise

from assistant.documents import Answer
from index.library import Library
from index.paper import Paper, newest_first

_CONNECTING = frozenset(
    "a an and as at by for from in is of on or the to via with using towards toward is are be".split()
)


def _topic(papers: list[Paper]) -> str | None:
    """The pair of neighbouring words that most titles share; None if no two titles share one."""
    pairs: Counter[str] = Counter()
    for paper in papers:
        words = paper.shown_title.rpartition(":")[2].lower().split()
        telling = [(a, b) for a, b in pairwise(words) if a.isalpha() and b.isalpha() and not _CONNECTING & {a, b}]
        pairs.update({f"{a} {b}" for a, b in telling})
    return next((pair for pair, count in pairs.most_common(1) if count > 1), None)


@lru_cache(maxsize=2)
def _examples(library: Library, change: int) -> tuple[str, ...]:
    papers = newest_first([*library.papers_by_id(library.newest(500)).values()])
    named = [p for p in papers if p.short_name]
    made = []
    if topic := _topic(papers):
        made.append(f"Which papers are about {topic}, and what do they find?")
    if named:
        made.append(f"What does {named[0].short_name} propose, and how well does it work?")
        near = next((p for p in library.similar(named[0].id, k=5) if p.short_name), None)
        if near:
            made.append(f"Compare {named[0].short_name} with {near.short_name}")
    if any(p.week_day for p in papers):
        made.append("Sum up the latest week")
    return tuple(made)


def examples(library: Library) -> tuple[str, ...]:
    """Questions made from the library's current papers."""
    return _examples(library, library.change())


def follow_ups(answer: Answer) -> list[str]:
    """Questions that the answer's own papers suggest; no model is asked."""
    named = [p.paper.short_name for p in answer.papers if p.paper.short_name and p.cited]
    other = [p.paper.short_name for p in answer.papers if p.paper.short_name and not p.cited]
    made = []
    if len(named) > 1:
        made.append(f"Compare {named[0]} with {named[1]}")
    if named:
        made.append(f"What are the limits of {named[0]}?")
    if other:
        made.append(f"What does {other[0]} propose?")
    return made
