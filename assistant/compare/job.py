"""Two papers side by side: first in quotes, at once; then as a model writes it, in one call, checked.

Every failure of the model leaves the table in quotes and says why.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.citations import evidence_lines
from assistant.compare.comparable import what_both_name
from assistant.compare.quotes import ASPECTS, quote_rows
from assistant.documents import Answer, Comparison, LabelledPaper
from assistant.question.papers import SamePaper, find_paper
from assistant.rhetoric import scored_sentences
from assistant.tokens import PER_MESSAGE, count_tokens, fit_evidence
from index.paper import Paper
from prompts import fenced, load

if TYPE_CHECKING:
    from assistant.llm import ChatModel
    from index.library import Library

PROMPT_TOKENS = 2_900  # of the 3,000 that a call may take, the schema included; servers wrap it in a few more
MAX_TITLE = 300  # characters
UNCONFIGURED = (
    "No chat model is configured, so the comparison is in quotes: set OPENAI_API_KEY, or OPENAI_BASE_URL for a server "
    "of your own."
)
BEAT = 0.5  # seconds between snapshots while the model writes: whoever reads can stop the call at each


async def compare(
    library: "Library",
    a: str | Paper,
    b: str | Paper,
    model: "ChatModel | None" = None,
    history: Sequence[Answer] = (),
    *,
    llm: bool = True,
) -> AsyncGenerator[Comparison, None]:
    """Compares two papers, named as a person would name them (`history`: what "the second paper" counts in).

    The first snapshot is the table in quotes, the last is complete. Closing the generator cancels the call.
    `llm=False`: in quotes, as asked for. Raises UnknownPaper, with the papers that may be meant, and SamePaper.
    """
    first, second = [await asyncio.to_thread(find_paper, library, name, history) for name in (a, b)]
    if first.paper.id == second.paper.id:
        raise SamePaper(first.paper)
    papers = (LabelledPaper(1, first.paper), LabelledPaper(2, second.paper))
    notices = tuple(named.notice for named in (first, second) if named.notice)
    quotes = in_quotes(papers, notices)
    if model is None or not llm:
        yield _with_notices(quotes, UNCONFIGURED) if llm else quotes
        return
    yield replace(quotes, complete=False)
    call = asyncio.create_task(_written(quotes, model))
    try:
        while not (await asyncio.wait({call}, timeout=BEAT))[0]:
            yield replace(quotes, complete=False)
        yield call.result()
    finally:
        if not call.done():
            call.cancel()
            with suppress(asyncio.CancelledError):
                await call


def in_quotes(papers: Sequence[LabelledPaper], notices: Sequence[str] = ()) -> Comparison:
    """The comparison without a model: the papers' own sentences, and the names they have in common."""
    return Comparison(tuple(papers), quote_rows(papers), what_both_name(papers), notices=tuple(notices))


def messages_for(papers: Sequence[LabelledPaper], schema: dict[str, object]) -> list[dict[str, str]] | None:
    """What the model is sent: at most PROMPT_TOKENS tokens with the schema. Of long abstracts the sentences
    that do most for the table are sent; None where a paper has none that fits."""
    system = load("compare", aspects=", ".join(ASPECTS))
    ask = f"Compare paper {' and paper '.join(str(p.label) for p in papers)}."
    spent = (
        count_tokens(system)
        + count_tokens(f"{fenced('')}\n\n{ask}")
        + count_tokens(json.dumps(schema))
        + 3 * PER_MESSAGE
    )
    shown = [replace(p, paper=p.paper.with_(title=p.paper.shown_title[:MAX_TITLE])) for p in papers]
    sent = fit_evidence(shown, {p.label: _by_worth(p.paper) for p in shown}, PROMPT_TOKENS - spent)
    if any(p.label not in sent for p in shown):
        return None
    evidence = "\n\n".join(evidence_lines(p.label, p.paper, sent[p.label]) for p in shown)
    return [{"role": "system", "content": system}, {"role": "user", "content": f"{fenced(evidence)}\n\n{ask}"}]


def _by_worth(paper: Paper) -> list[int]:
    """The sentence numbers of an abstract, those first that do most for the rows of the table."""
    roles = [role for role, _ in ASPECTS.values()]
    scored = [
        (max(scores[role] for role in roles), s.number) for s, scores in scored_sentences(paper.sentences, paper.title)
    ]
    return [number for _, number in sorted(scored, key=lambda pair: (-pair[0], pair[1]))]


async def _written(quotes: Comparison, model: "ChatModel") -> Comparison:
    """The comparison as the model writes it, as far as it stands; in quotes, with the reason, where it failed."""
    from assistant.compare.reply import keep, schema
    from assistant.llm import LLMError

    shape = schema()
    messages = messages_for(quotes.papers, shape)
    if messages is None:
        return _with_notices(quotes, "An abstract is too long to send: this comparison is in quotes.")
    try:
        reply = await model.structured(messages, shape, "comparison")
    except LLMError as failure:
        failed = replace(quotes, usage=failure.usage, model=model.name or None)
        return _with_notices(failed, f"{failure} Until then, this comparison is in quotes.")
    kept = await asyncio.to_thread(keep, reply.data, quotes.papers)
    notices = [str(reply.problem)] if reply.problem else []
    if not kept.written:
        notices.append("Nothing that the model wrote could be kept: this comparison is in quotes.")
        spent = replace(quotes, usage=reply.usage, model=model.name)
        return _with_notices(spent, *notices)
    if kept.missing or reply.problem:
        notices.append("The model's reply was incomplete: what it lacks is in the papers' own words, in quotes.")
    if kept.replaced:
        notices.append(f"{_count(kept.replaced, 'cell')} did not pass the check: quotes stand there instead.")
    if kept.left_out:
        notices.append(f"{_count(kept.left_out, 'summary sentence')} did not pass the check and was left out.")
    if reply.counted:
        notices.append("The server sent no token counts: they were counted here.")
    written = Comparison(
        quotes.papers, kept.rows, kept.summary or quotes.summary, "llm", reply.usage, model.name, quotes.notices
    )
    return _with_notices(written, *notices)


def _with_notices(comparison: Comparison, *notices: str) -> Comparison:
    return replace(comparison, notices=(*comparison.notices, *notices), complete=True)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
