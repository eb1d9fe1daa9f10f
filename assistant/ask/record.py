"""The record's answer to a question, whichever kind it is: papers counted or listed, papers in order, a fact of one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from assistant.ask.facts import list_papers, listing_of, tell_fact
from assistant.ask.ranked import order_papers, rank_papers, ranking_of
from assistant.ask.retrieval import latest_week
from assistant.documents import Answer
from assistant.question import Question
from index.library import Library
from index.paper import Paper


def answer_from_record(
    library: Library,
    question: Question,
    history: Sequence[Answer] = (),
    k: int = 8,
    since: str | None = None,
    until: str | None = None,
    tags: Sequence[str] = (),
) -> Answer | None:
    """The record's answer to a question; None if it asks for anything else. Arguments as for
    `list_papers` and `tell_fact`."""
    scope: dict[str, Any] = {"since": since, "until": until, "tags": tags}
    listed = list_papers(library, question, k, **scope) or rank_papers(library, question, k, **scope)
    if listed is None:
        return order_papers(library, question, history) or tell_fact(library, question, history)
    if not listed.papers and question.dates.words:
        return replace(listed, notices=(*listed.notices, latest_week(library)))
    return listed


def papers_listed(
    library: Library, question: Question, since: str | None = None, until: str | None = None, tags: Sequence[str] = ()
) -> tuple[Paper, ...]:
    """All papers of an answer that lists some of them, in its order; none for any other question."""
    scope: dict[str, Any] = {"since": since, "until": until, "tags": tags}
    listing = listing_of(library, question, **scope) or ranking_of(library, question, **scope)
    return listing.papers if listing else ()
