"""Which job answers a question: a comparison, a week's digest, the record, or reading the papers.

Knows what each job is asked like, and makes an answer of what it returns.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from assistant.documents import Answer, Claim, Comparison

if TYPE_CHECKING:
    from assistant.engine import Assistant


async def answer(
    assistant: "Assistant", question: str, history: Sequence[Answer] = (), *, llm: bool = True, **options: Any
) -> AsyncGenerator[Answer, None]:
    """The answer of the job that a question asks for, as it grows. Raises LibraryError, ValueError."""
    from assistant.asking import ask
    from assistant.comparing import papers_to_compare

    model = assistant.model if llm else None
    pair = await asyncio.to_thread(papers_to_compare, assistant.library, question, history)
    if pair is not None:
        from assistant.comparing import compare

        first, second = (named.paper for named in pair)
        said = tuple(named.notice for named in pair if named.notice)
        async with aclosing(compare(assistant.library, first, second, model)) as comparisons:
            async for comparison in comparisons:
                yield of_comparison(question, comparison, said)
        return
    async with aclosing(ask(assistant.library, assistant.model, question, history, llm=llm, **options)) as answers:
        async for snapshot in answers:
            yield snapshot


def of_comparison(question: str, comparison: Comparison, said: Sequence[str] = ()) -> Answer:
    """A comparison as the answer to a question."""
    from assistant.rendering.comparison import to_markdown

    cells: tuple[Claim, ...] = tuple(cell for row in comparison.rows for cell in row.cells if cell)
    return Answer(
        question=question,
        mode=comparison.mode,
        text=to_markdown(comparison),
        claims=(*comparison.summary, *cells),
        papers=comparison.papers,
        usage=comparison.usage,
        model=comparison.model,
        notices=(*said, *comparison.notices),
        comparison=comparison,
        complete=comparison.complete,
    )
