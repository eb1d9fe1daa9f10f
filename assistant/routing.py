"""Which job answers a question: a comparison, a week's digest, the record, or reading the papers.

Knows what each job is asked like, and makes an answer of what it returns.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.documents import Answer, Claim, Comparison, Digest, LabelledPaper
from index.dates import read_question
from index.errors import UnknownPaper
from index.library import Library

if TYPE_CHECKING:
    from assistant.llm import ChatModel


async def answer(
    library: Library,
    model: "ChatModel | None",
    question: str,
    history: Sequence[Answer] = (),
    *,
    llm: bool = True,
    **options: Any,
) -> AsyncGenerator[Answer, None]:
    """The answer of the job that a question asks for, as it grows; `options` as for `ask.job.ask`. Raises
    LibraryError, ValueError."""
    from assistant.ask import ask
    from assistant.compare import compare, papers_to_compare
    from assistant.weekly import asks_for_week, weekly

    if wanted := asks_for_week(question):
        digests = weekly(library, wanted.week, model=model if llm else None, query=wanted.query)
        async with aclosing(digests):
            async for digest in digests:
                yield of_digest(question, digest)
        return
    try:
        pair = await asyncio.to_thread(papers_to_compare, library, question, history)
    except UnknownPaper as error:
        if error.candidates or not history:
            raise
        pair = None  # "compare both" of a conversation about one paper: an answer is better than a dead end
    if pair is not None:
        said = tuple(named.notice for named in pair if named.notice)
        comparisons = compare(library, pair[0].paper, pair[1].paper, model, llm=llm)
        async with aclosing(comparisons):
            async for comparison in comparisons:
                yield of_comparison(question, comparison, said)
        return
    if (told := await asyncio.to_thread(_from_record, library, question, history, options)) is not None:
        yield told
        return
    answers = ask(library, model, question, history, llm=llm, **options)
    async with aclosing(answers):
        async for snapshot in answers:
            yield snapshot


def _from_record(
    library: Library, question: str, history: Sequence[Answer], options: Mapping[str, Any]
) -> Answer | None:
    """The answer of the record, where it can answer: how many papers, which, by whom, of when."""
    from assistant.ask.counting import answer_from_record
    from assistant.ask.recalling import answer_from_facts
    from assistant.ask.retrieval import latest_week

    if options.get("only") is not None:
        return None
    asked_for = {name: options[name] for name in ("k", "since", "until") if name in options}
    told = answer_from_record(library, question, **asked_for)
    if told is None:
        return answer_from_facts(library, question, history)
    if not told.papers and read_question(question).words:
        return replace(told, notices=(*told.notices, latest_week(library)))
    return told


def of_comparison(question: str, comparison: Comparison, said: Sequence[str] = ()) -> Answer:
    """A comparison as the answer to a question; `said`: how the papers' names were read."""
    from assistant.render.comparison import to_markdown

    cells: tuple[Claim, ...] = tuple(cell for row in comparison.rows for cell in row.cells if cell)
    return Answer(
        question=question,
        mode=comparison.mode,
        text=to_markdown(comparison),
        claims=(*cells, *comparison.summary),
        papers=comparison.papers,
        usage=comparison.usage,
        model=comparison.model,
        notices=(*said, *comparison.notices),
        comparison=comparison,
        complete=comparison.complete,
    )


def of_digest(question: str, digest: Digest) -> Answer:
    """A week's digest as the answer to a question."""
    from assistant.render.digest import to_markdown

    themes = (claim for theme in digest.themes for claim in theme.claims)
    return Answer(
        question=question,
        mode=digest.mode,
        answered=bool(digest.papers),
        text=to_markdown(digest),
        claims=(*digest.overview, *themes, *(paper.line for paper in digest.papers)),
        papers=tuple(LabelledPaper(p.label, p.paper) for p in digest.papers),
        usage=digest.usage,
        model=digest.model,
        notices=digest.notices,
        digest=digest,
        complete=digest.complete,
    )
