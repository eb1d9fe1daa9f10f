"""The record's answer to a question, whichever kind it is: papers counted or listed, papers in order, a fact of one."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.ask.facts import list_papers, tell_fact
from assistant.ask.ranked import order_papers, rank_papers
from assistant.ask.retrieval import latest_week
from assistant.documents import Answer
from assistant.question import Question
from index.library import Library


def answer_from_record(
    library: Library,
    question: Question,
    history: Sequence[Answer] = (),
    k: int = 8,
    since: str | None = None,
    until: str | None = None,
) -> Answer | None:
    """The record's answer to a question; None if it asks for anything else. Arguments as for
    `list_papers` and `tell_fact`."""
    listed = list_papers(library, question, k, since, until) or rank_papers(library, question, k, since, until)
    if listed is None:
        return order_papers(library, question, history) or tell_fact(library, question, history)
    if not listed.papers and question.dates.words:
        return replace(listed, notices=(*listed.notices, latest_week(library)))
    return listed
