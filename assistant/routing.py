"""Routes a question to the job that answers it: a comparison, a week's digest, the record, or reading the papers.

Runs that job and turns its result into an answer.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from assistant.documents import Answer, Claim, Comparison, Digest, LabelledPaper
from index.errors import UnknownPaper
from index.library import Library

if TYPE_CHECKING:
    from assistant.llm import ChatModel


async def answer(
    library: Library,
    model: "ChatModel | None",
    typed: str,
    history: Sequence[Answer] = (),
    *,
    llm: bool = True,
    **options: Any,
) -> AsyncGenerator[Answer, None]:
    """The answer of the job that a question asks for, as it grows; `options` as for `ask.job.ask`. Raises
    LibraryError, ValueError."""
    from assistant.ask import ask
    from assistant.ask.record import answer_from_record
    from assistant.ask.small_talk import answer_without_papers
    from assistant.compare import compare
    from assistant.question import Question
    from assistant.question.pairs import papers_to_compare
    from assistant.weekly import weekly

    question = Question(typed)
    if wanted := question.week:
        digests = weekly(library, wanted.week, model=model if llm else None, query=wanted.query)
        async with aclosing(digests):
            async for digest in digests:
                yield of_digest(typed, digest)
        return
    try:
        comparing = await asyncio.to_thread(papers_to_compare, library, question.pairs, history)
    except UnknownPaper as error:
        if error.candidates or not history:
            raise
        comparing = None  # "compare both" in a conversation about one paper: an answer is better than a dead end
    if comparing is not None:
        said = tuple(each.notice for each in comparing.papers if each.notice)
        papers = (each.paper for each in comparing.papers)
        comparisons = compare(library, *papers, model=model, rows=comparing.rows, llm=llm)
        async with aclosing(comparisons):
            async for comparison in comparisons:
                yield of_comparison(typed, comparison, said)
        return
    if options.get("only") is None:
        given = {name: options[name] for name in ("k", "since", "until", "tags") if name in options}
        if told := await asyncio.to_thread(answer_from_record, library, question, history, **given):
            yield told
            return
        if reply := await asyncio.to_thread(answer_without_papers, library, question, history):
            yield reply
            return
    answers = ask(library, model, question, history, llm=llm, **options)
    async with aclosing(answers):
        async for snapshot in answers:
            yield snapshot


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
