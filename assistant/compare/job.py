"""Two papers side by side: at once in quotes, then as a model writes it in one call, checked.

If the model fails, the table stays in quotes and a notice says why.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.compare.comparable import what_both_name
from assistant.compare.quotes import ASPECTS, quote_rows
from assistant.documents import NO_MODEL_COMPARISON, Answer, Comparison, LabelledPaper
from assistant.evidence import evidence_lines, fit_evidence
from assistant.question.papers import SamePaper, find_paper
from assistant.rhetoric import scored_sentences
from assistant.running import snapshots_of
from assistant.tokens import PER_MESSAGE, count_tokens
from index.english import count_of
from index.paper import Paper
from prompts import fenced, load

if TYPE_CHECKING:
    from assistant.llm import ChatModel
    from index.library import Library

PROMPT_TOKENS = 2_900  # of the 3,000 allowed for a call with its schema; servers add a few of their own


async def compare(
    library: "Library",
    a: str | Paper,
    b: str | Paper,
    model: "ChatModel | None" = None,
    history: Sequence[Answer] = (),
    *,
    llm: bool = True,
) -> AsyncGenerator[Comparison, None]:
    """Compares two papers, named as a person would name them (`history` is where "the second paper" is looked up).

    The first snapshot is the table in quotes, the last is complete. Closing the generator cancels the call.
    `llm=False`: quotes only, without a notice. Raises UnknownPaper, with the papers that may be meant, and SamePaper.
    """
    first, second = [await asyncio.to_thread(find_paper, library, name, history) for name in (a, b)]
    if first.paper.id == second.paper.id:
        raise SamePaper(first.paper)
    papers = (LabelledPaper(1, first.paper), LabelledPaper(2, second.paper))
    notices = tuple(named.notice for named in (first, second) if named.notice)
    quotes = in_quotes(papers, notices)
    if model is None or not llm:
        yield _with_notices(quotes, NO_MODEL_COMPARISON) if llm else quotes
        return
    from assistant.compare.reply import schema

    shape = schema()
    messages = await asyncio.to_thread(messages_for, papers, shape)
    if messages is None:
        yield _with_notices(quotes, "An abstract is too long to send: this comparison is in quotes.")
        return
    spends = await asyncio.to_thread(model.sent, messages)  # shown while the call has not ended
    growing = replace(quotes, complete=False, usage=spends, model=model.name or None)

    async def show() -> Comparison:
        return growing

    work = _written(quotes, model, messages, shape)
    async with aclosing(snapshots_of(work, show, asyncio.Event())) as snapshots:
        async for snapshot in snapshots:
            yield snapshot


def in_quotes(papers: Sequence[LabelledPaper], notices: Sequence[str] = ()) -> Comparison:
    """The comparison without a model: the papers' own sentences and the names that both contain."""
    return Comparison(tuple(papers), quote_rows(papers), what_both_name(papers), notices=tuple(notices))


def messages_for(
    papers: Sequence[LabelledPaper], schema: dict[str, object], most: int = PROMPT_TOKENS
) -> list[dict[str, str]] | None:
    """What the model is sent: at most `most` tokens including the schema. From long abstracts the most useful
    sentences for the table are sent. None if no sentence of a paper fits."""
    system = load("compare", aspects=", ".join(ASPECTS))
    ask = f"Compare paper {' and paper '.join(str(p.label) for p in papers)}."
    spent = (
        count_tokens(system)
        + count_tokens(f"{fenced('')}\n\n{ask}")
        + count_tokens(json.dumps(schema))
        + 3 * PER_MESSAGE
    )
    sent = fit_evidence(papers, {p.label: _by_worth(p.paper) for p in papers}, most - spent)
    if any(p.label not in sent for p in papers):
        return None
    evidence = "\n\n".join(evidence_lines(p.label, p.paper, sent[p.label]) for p in papers)
    return [{"role": "system", "content": system}, {"role": "user", "content": f"{fenced(evidence)}\n\n{ask}"}]


def _by_worth(paper: Paper) -> list[int]:
    """The sentence numbers of an abstract, those most useful for the rows of the table first."""
    roles = [role for role, _ in ASPECTS.values()]
    scored = [
        (max(scores[role] for role in roles), s.number) for s, scores in scored_sentences(paper.sentences, paper.title)
    ]
    return [number for _, number in sorted(scored, key=lambda pair: (-pair[0], pair[1]))]


async def _written(
    quotes: Comparison, model: "ChatModel", messages: list[dict[str, str]], shape: dict[str, object]
) -> Comparison:
    """The parts of the model's comparison that may be published; if it failed, the one in quotes, with the reason."""
    from assistant.compare.reply import keep
    from assistant.llm import ContextTooLong, LLMError

    try:
        try:
            reply = await model.structured(messages, shape, "comparison")
        except ContextTooLong as failure:
            fewer = messages_for(quotes.papers, shape, model.fitting(failure, PROMPT_TOKENS))
            if fewer is None:
                raise
            reply = await model.structured(fewer, shape, "comparison")
    except LLMError as failure:
        failed = replace(quotes, usage=failure.usage, model=model.name or None)
        return _with_notices(failed, f"{failure} Until then, this comparison is in quotes.")
    kept = await asyncio.to_thread(keep, reply.data, quotes.papers)
    notices = [str(said) for said in (reply.problem, reply.notice) if said]
    if not kept.written:
        notices.append("Nothing that the model wrote could be kept: this comparison is in quotes.")
        spent = replace(quotes, usage=reply.usage, model=model.name)
        return _with_notices(spent, *notices)
    if kept.missing or reply.problem:
        notices.append("The model's reply was incomplete: what is missing is quoted from the papers.")
    if kept.replaced:
        notices.append(f"{count_of(kept.replaced, 'cell')} did not pass the check: replaced by quotes.")
    if kept.left_out:
        notices.append(f"{count_of(kept.left_out, 'summary sentence')} did not pass the check: left out.")
    if reply.counted:
        notices.append("The server sent no token counts: tokens were counted here.")
    written = Comparison(
        quotes.papers, kept.rows, kept.summary or quotes.summary, "llm", reply.usage, model.name, quotes.notices
    )
    return _with_notices(written, *notices)


def _with_notices(comparison: Comparison, *notices: str) -> Comparison:
    return replace(comparison, notices=(*comparison.notices, *notices), complete=True)
