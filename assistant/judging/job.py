"""Judges the claims of an answer or of a checked text in one call, and adds what was judged to it as hints.

If the model fails, or none is configured, the document stays as it is but for a notice that says why.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from assistant.checking.document import CheckedText
from assistant.documents import NO_MODEL_JUDGE, Answer, Claim, Comparison, Digest, Hint, Usage
from assistant.judging.prompt import JudgePlan, plan_of
from assistant.judging.reply import KeptJudgements, keep, schema
from index.english import count_of

if TYPE_CHECKING:
    from assistant.llm import ChatModel, StructuredReply

ACCURACY = "Published balanced accuracy of such judges is 72-77 %."
NOTHING = (
    "There is nothing to judge, and no call was made: only sentences in words of their own are judged, and only where "
    "all that they cite is found."
)

Judged = TypeVar("Judged", Answer, CheckedText)


def cost_line(asked: JudgePlan, model: "ChatModel") -> str:
    """What the call will cost, in one line to be said before it is made."""
    dollars = model.price(asked.prompt_tokens, asked.reply_tokens)
    cost = "price not known" if dollars is None else f"about ${dollars:.4f}"
    return (
        f"Judging {count_of(len(asked.claims), 'sentence')}: 1 call to {model.name or 'the model'}, at most "
        f"{asked.prompt_tokens:,} prompt tokens and about {asked.reply_tokens:,} completion tokens, {cost}."
    )


async def judge(document: Judged, model: "ChatModel | None") -> Judged:
    """The document with the model's judgements as hints, what they cost, and notices: what was judged, how far such a
    judgement can be trusted, and what went wrong. Makes one call, or none if there is nothing to judge."""
    from assistant.llm import LLMError

    if model is None:
        return _with(document, NO_MODEL_JUDGE)
    asked = await asyncio.to_thread(plan_of, document)
    if not asked.claims:
        said = (_left_out(asked),) if asked.left_out else ()
        return _with(document, *(said or (NOTHING,)))
    try:
        reply = await model.structured(asked.messages, schema(len(asked.claims)), "judgements")
    except LLMError as failure:
        return _with(document, f"{failure} Nothing was judged.", usage=failure.usage)
    kept = await asyncio.to_thread(keep, reply.data, asked.claims)
    notices = _notices(asked, kept, reply, model.name)
    hinted = {document.claims[place]: _hinted(document.claims[place], hint) for place, hint in kept.hints.items()}
    judged = _with(document, *notices, usage=reply.usage, hinted=hinted)
    return replace(judged, judged=True) if kept.judged else judged


def _hinted(claim: Claim, hint: Hint) -> Claim:
    return replace(claim, check=replace(claim.check, hints=tuple(dict.fromkeys((*claim.check.hints, hint)))))


def _notices(asked: JudgePlan, kept: KeptJudgements, reply: "StructuredReply", name: str) -> list[str]:
    notices = [reply.notice] if reply.notice else []  # that the server cut the prompt
    if reply.problem:
        notices.append(f"{reply.problem} What came of the judgement is kept.")
    if kept.judged:
        sent = len(asked.claims)
        judged = count_of(sent, "sentence") if kept.judged == sent else f"{kept.judged} of {sent} sentences"
        hints = f"{len(kept.hints)} with a hint" if kept.hints else "none with a hint"
        notices.append(f"Judged by {name}: {judged}, {hints}. {ACCURACY}")
    else:
        notices.append(f"What {name} sent holds no judgement that can be used: nothing was judged.")
    if kept.rejected:
        what = count_of(kept.rejected, "judgement")
        notices.append(f"Not used: {what} on no sentence that was sent, or on words that do not stand in it.")
    if asked.left_out:
        notices.append(_left_out(asked))
    if reply.counted:
        notices.append("The server sent no token counts: the judge's tokens were counted here.")
    return notices


def _left_out(asked: JudgePlan) -> str:
    return f"Not judged, for want of room in one call: {count_of(asked.left_out, 'sentence')}."


def _with(
    document: Judged, *notices: str, usage: Usage | None = None, hinted: Mapping[Claim, Claim] | None = None
) -> Judged:
    """The document with some more notices and cost, and with claims that have got a hint in place of the old ones."""
    hinted = hinted or {}
    said = tuple(dict.fromkeys((*document.notices, *notices)))
    claims = tuple(hinted.get(claim, claim) for claim in document.claims)
    spent = (document.usage or Usage()) + usage if usage else document.usage
    if isinstance(document, CheckedText):
        return replace(document, claims=claims, notices=said, usage=spent)
    return replace(
        document,
        claims=claims,
        notices=said,
        usage=spent,
        comparison=document.comparison and _compared(document.comparison, hinted),
        digest=document.digest and _digested(document.digest, hinted),
    )


def _compared(comparison: Comparison, hinted: Mapping[Claim, Claim]) -> Comparison:
    """A comparison within an answer, with its claims replaced."""
    rows = tuple(
        replace(row, cells=tuple(cell and hinted.get(cell, cell) for cell in row.cells)) for row in comparison.rows
    )
    return replace(comparison, rows=rows, summary=tuple(hinted.get(claim, claim) for claim in comparison.summary))


def _digested(digest: Digest, hinted: Mapping[Claim, Claim]) -> Digest:
    """A digest within an answer, with its claims replaced."""
    return replace(
        digest,
        overview=tuple(hinted.get(claim, claim) for claim in digest.overview),
        themes=tuple(replace(t, claims=tuple(hinted.get(claim, claim) for claim in t.claims)) for t in digest.themes),
        papers=tuple(replace(entry, line=hinted.get(entry.line, entry.line)) for entry in digest.papers),
    )
