"""Finds papers by what people have written about them: as a filter of a search, and as what it finds.

A question that is answered from papers is not looked up here: tags and notes are no part of what papers say.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from index.annotations import tags_in
from index.dates import read_question
from index.english import count_of
from index.paper import Hit, is_of_days, newest_first
from index.text import stems_of

if TYPE_CHECKING:
    from index.library import Library
    from index.search import SearchResult


def tagged(
    library: "Library", tags: Collection[str], only: Collection[str] | None = None
) -> tuple[Collection[str] | None, tuple[str, ...]]:
    """The ids of the papers among `only` (None: all) that have all of some tags, and a notice that says so; without
    tags `only` as it is."""
    if not (wanted := tags_in(tags)):
        return only, ()
    having = library.annotations.having(wanted, only)
    total = library.count() if only is None else len(only)
    spelt = {tag.casefold(): tag for tag in library.annotations.tags()}
    named = " and ".join(f"“{spelt.get(tag.casefold(), tag)}”" for tag in wanted)
    return having, (f"Only papers tagged {named}: {len(having)} of {total}.",)


def with_annotated(
    library: "Library", found: "SearchResult", query: str, k: int, among: Collection[str] | None
) -> "SearchResult":
    """What a search found, with the papers in front whose tags or note hold all words of the question (its dates
    aside), or its text as it stands. `among`: the ids of the papers to search."""
    asked = read_question(query).text
    wanted, text = set(stems_of(asked)), " ".join(asked.casefold().split())
    if not wanted:
        return found
    ids = []
    for paper_id, annotation in library.annotations.all().items():
        if among is not None and paper_id not in among:
            continue
        written = " ".join("\n".join((*annotation.tags, annotation.note or "")).casefold().split())
        if text in written or wanted <= set(stems_of(written)):
            ids.append(paper_id)
    ranked = {hit.paper.id: hit for hit in found.hits}
    papers = newest_first([p for p in library.papers_by_id(ids).values() if _is_within(p.day, found)])
    if not papers:
        return found
    top = max((hit.score for hit in found.hits), default=0.0)
    new = [Hit(p, 0.0, p.sentences[:1]) for p in papers if p.id not in ranked]
    first = [*(ranked[p.id] for p in papers if p.id in ranked), *new]
    ours = {hit.paper.id for hit in first}
    hits = sorted((replace(hit, score=top + 1 + max(hit.score, 0.0)) for hit in first), key=lambda hit: -hit.score)
    hits += [hit for hit in found.hits if hit.paper.id not in ours]
    numbered = tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits[: max(k, 0)], 1))
    said = f"{count_of(len(papers), 'paper')} found by tags or notes."
    return replace(found, hits=numbered, notices=(*found.notices, said))


def _is_within(day: str | None, found: "SearchResult") -> bool:
    return not (found.since or found.until) or bool(is_of_days(day, found.since, found.until))
