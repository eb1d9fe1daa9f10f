"""Two to eight papers side by side: at once in quotes, then as a model writes it, checked.

One call for up to four papers, else one for each four. Where a call fails, its papers stay in quotes and a notice says
why.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.compare.comparable import what_both_name
from assistant.compare.quotes import ASPECTS, quote_rows
from assistant.compare.rows import is_of_record, own_rows, rows_in
from assistant.compare.stated import stating_sentence
from assistant.documents import NO_MODEL_COMPARISON, Answer, Comparison, LabelledPaper, Usage
from assistant.evidence import evidence_lines, fit_evidence
from assistant.question.papers import SamePaper, find_paper
from assistant.rhetoric import scored_sentences
from assistant.running import snapshots_of
from assistant.tokens import PER_MESSAGE, count_tokens
from index.english import count_of
from index.errors import LibraryError
from index.paper import Paper
from prompts import fenced, load

if TYPE_CHECKING:
    from assistant.compare.reply import WrittenPart
    from assistant.llm import ChatModel
    from index.library import Library

PROMPT_TOKENS = 2_900  # of the 3,000 allowed for a call with its schema; servers add a few of their own
FEWEST, MOST = 2, 8  # papers of a comparison
A_CALL = 4  # papers at most
ROWS_IN_QUOTES = (
    "Without a model a row of your own holds only what an abstract says in the row's words: what it says in others is "
    "not found."
)


class HowMany(LibraryError):
    """Too few papers to compare, or too many."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{FEWEST} to {MOST} papers can be compared, and these are {count}.")


async def compare(
    library: "Library",
    *names: str | Paper,
    model: "ChatModel | None" = None,
    history: Sequence[Answer] = (),
    rows: str | Sequence[str] = (),
    llm: bool = True,
) -> AsyncGenerator[Comparison, None]:
    """Compares two to eight papers, named as a person would name them (`history` is where "the second paper" is looked
    up). `rows`: names of rows in place of the fixed ones, also as one text with semicolons.

    The first snapshot is the table in quotes, the last is complete. Closing the generator cancels the calls.
    `llm=False`: quotes only, without a notice. Raises UnknownPaper, with the papers that may be meant, SamePaper and
    HowMany, and TooLarge for rows that are too many or too long.
    """
    wanted = rows_in(rows)
    if not FEWEST <= len(names) <= MOST:
        raise HowMany(len(names))
    found = [await asyncio.to_thread(find_paper, library, name, history) for name in names]
    seen: set[str] = set()
    for named in found:
        if named.paper.id in seen:
            raise SamePaper(named.paper)
        seen.add(named.paper.id)
    papers = tuple(LabelledPaper(label, named.paper) for label, named in enumerate(found, 1))
    notices = tuple(named.notice for named in found if named.notice)
    quotes = await asyncio.to_thread(in_quotes, papers, notices, wanted)
    written = [row for row in wanted if not is_of_record(row)]
    if model is None or not llm or (wanted and not written):
        said = [NO_MODEL_COMPARISON] if llm and model is None else []
        yield _with_notices(quotes, *said, *([ROWS_IN_QUOTES] if written else []))
        return
    calls = await asyncio.to_thread(_calls_for, papers, written)
    if calls is None:
        yield _with_notices(quotes, "An abstract is too long to send: this comparison is in quotes.")
        return
    spends = [await asyncio.to_thread(model.sent, call.messages) for call in calls]  # shown while no call has ended
    growing = replace(quotes, complete=False, usage=sum(spends, Usage()), model=model.name or None)

    async def show() -> Comparison:
        return growing

    work = _written(quotes, model, calls, wanted)
    async with aclosing(snapshots_of(work, show, asyncio.Event())) as snapshots:
        async for snapshot in snapshots:
            yield snapshot


def in_quotes(papers: Sequence[LabelledPaper], notices: Sequence[str] = (), rows: Sequence[str] = ()) -> Comparison:
    """The comparison without a model: the papers' own sentences, in a person's own `rows` if there are any, and the
    names that all abstracts contain."""
    table = own_rows(papers, rows) if rows else quote_rows(papers)
    return Comparison(tuple(papers), table, what_both_name(papers), notices=tuple(notices))


@dataclass(frozen=True)
class _Call:
    """A call on some of the papers: what is sent, and the schema of the reply."""

    papers: tuple[LabelledPaper, ...]
    messages: list[dict[str, str]]
    schema: dict[str, object]


def _calls_for(papers: Sequence[LabelledPaper], rows: Sequence[str]) -> list[_Call] | None:
    """The calls for some papers, as few as can be and of like sizes. None if a paper does not fit into its call."""
    from assistant.compare.reply import schema

    count = -(-len(papers) // A_CALL)
    each, longer = divmod(len(papers), count)
    calls, start = [], 0
    for number in range(count):
        of_it = tuple(papers[start : start + each + (number < longer)])
        shape = schema([p.label for p in of_it], rows)
        messages = messages_for(of_it, shape, rows=rows, alone=count == 1)
        if messages is None:
            return None
        calls.append(_Call(of_it, messages, shape))
        start += len(of_it)
    return calls


def messages_for(
    papers: Sequence[LabelledPaper],
    schema: dict[str, object],
    most: int = PROMPT_TOKENS,
    *,
    rows: Sequence[str] = (),
    alone: bool = True,
) -> list[dict[str, str]] | None:
    """What the model is sent: at most `most` tokens including the schema. From long abstracts the most useful
    sentences for the table are sent. `rows`: a person's own; `alone`: these are all papers of the table, and the model
    may add rows. None if no sentence of a paper fits."""
    asked = load("compare-rows" if alone and not rows else "compare-fixed-rows", aspects=_listed(rows or ASPECTS))
    system = load("compare", rows=asked)
    ask = f"Compare paper {' and paper '.join(str(p.label) for p in papers)}."
    spent = (
        count_tokens(system)
        + count_tokens(f"{fenced('')}\n\n{ask}")
        + count_tokens(json.dumps(schema))
        + 3 * PER_MESSAGE
    )
    sent = fit_evidence(papers, {p.label: _by_worth(p.paper, rows) for p in papers}, most - spent)
    if any(p.label not in sent for p in papers):
        return None
    evidence = "\n\n".join(evidence_lines(p.label, p.paper, sent[p.label]) for p in papers)
    return [{"role": "system", "content": system}, {"role": "user", "content": f"{fenced(evidence)}\n\n{ask}"}]


def _listed(rows: Collection[str]) -> str:
    """The names of rows for a prompt: those of a person may hold commas."""
    return "; ".join(rows) if any("," in row for row in rows) else ", ".join(rows)


def _by_worth(paper: Paper, rows: Sequence[str]) -> list[int]:
    """The sentence numbers of an abstract, those most useful for the rows of the table first."""
    stating = dict.fromkeys(found.number for row in rows if (found := stating_sentence(row, paper)))
    roles = [role for role, _ in ASPECTS.values()]
    scored = [
        (max(scores[role] for role in roles), s.number) for s, scores in scored_sentences(paper.sentences, paper.title)
    ]
    return [*stating, *(n for _, n in sorted(scored, key=lambda pair: (-pair[0], pair[1])) if n not in stating)]


@dataclass(frozen=True)
class _Reply:
    """What became of a call: what was written of its papers, what it spent, and what is to be said. `failed`: why
    nothing came."""

    part: "WrittenPart"
    usage: Usage
    said: tuple[str, ...] = ()
    broken: bool = False
    counted: bool = False
    failed: str = ""


async def _replied(model: "ChatModel", call: _Call, rows: Sequence[str], alone: bool) -> _Reply:
    """The reply to a call, which is made again with less of the abstracts if they are too long for the model."""
    from assistant.compare.reply import WrittenPart
    from assistant.llm import ContextTooLong, LLMError

    try:
        try:
            reply = await model.structured(call.messages, call.schema, "comparison")
        except ContextTooLong as failure:
            most = model.fitting(failure, PROMPT_TOKENS)
            fewer = messages_for(call.papers, call.schema, most, rows=rows, alone=alone)
            if fewer is None:
                raise
            reply = await model.structured(fewer, call.schema, "comparison")
    except LLMError as failure:
        return _Reply(WrittenPart(None, call.papers), failure.usage, failed=str(failure))
    said = tuple(str(each) for each in (reply.problem, reply.notice) if each)
    part = WrittenPart(reply.data, call.papers)
    return _Reply(part, reply.usage, said, bool(reply.problem), reply.counted)


async def _written(quotes: Comparison, model: "ChatModel", calls: Sequence[_Call], rows: Sequence[str]) -> Comparison:
    """The parts of the model's comparison that may be published; if it failed, the one in quotes, with the reason."""
    from assistant.compare.reply import keep

    asked = [row for row in rows if not is_of_record(row)]
    replies = await asyncio.gather(*(_replied(model, call, asked, len(calls) == 1) for call in calls))
    usage = sum((reply.usage for reply in replies), Usage())
    came = [reply for reply in replies if not reply.failed]
    notices = list(dict.fromkeys(said for reply in came for said in reply.said))
    if not came:
        why = " ".join(dict.fromkeys(reply.failed for reply in replies))
        failed = replace(quotes, usage=usage, model=model.name or None)
        return _with_notices(failed, f"{why} Until then, this comparison is in quotes.")
    for reply in replies:
        if reply.failed:
            labels = ", ".join(f"[{p.label}]" for p in reply.part.papers)
            notices.append(f"{reply.failed} Until then, {labels} are in quotes.")
    kept = await asyncio.to_thread(keep, [reply.part for reply in came], quotes.papers, rows)
    if not kept.written:
        notices.append("Nothing that the model wrote could be kept: this comparison is in quotes.")
        spent = replace(quotes, usage=usage, model=model.name)
        return _with_notices(spent, *notices)
    if kept.missing or any(reply.broken for reply in came):
        notices.append("The model's reply was incomplete: what is missing is quoted from the papers.")
    if kept.replaced:
        notices.append(f"{count_of(kept.replaced, 'cell')} did not pass the check: {_instead(rows)}.")
    if kept.left_out:
        notices.append(f"{count_of(kept.left_out, 'summary sentence')} did not pass the check: left out.")
    if any(reply.counted for reply in came):
        notices.append("The server sent no token counts: tokens were counted here.")
    written = Comparison(
        quotes.papers, kept.rows, kept.summary or quotes.summary, "llm", usage, model.name, quotes.notices
    )
    return _with_notices(written, *notices)


def _instead(rows: Sequence[str]) -> str:
    return "replaced by quotes where an abstract states the row, else left out" if rows else "replaced by quotes"


def _with_notices(comparison: Comparison, *notices: str) -> Comparison:
    return replace(comparison, notices=(*comparison.notices, *notices), complete=True)
