"""Question in, cited and checked answer out: search, one streamed call, each sentence checked when it is complete.

If something fails, what has come is kept, one line says the cause and the next step, and the papers' own sentences
follow. Knows nothing of how an answer is shown.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from assistant.ask.lists import MOST_FOUND, with_those_that_fit
from assistant.ask.prompt import PROMPT_TOKENS, messages_for, translating
from assistant.ask.quotes import LISTED, Quoted, in_quotes, not_in_papers
from assistant.ask.reply import AnswerReader, WrittenAnswer
from assistant.ask.retrieval import Retrieved, find_papers
from assistant.documents import NO_MODEL_ANSWER, Answer, Claim, Mode, Notice, Usage
from assistant.llm import ChatModel, ContextTooLong, LLMError, Nonsense, Retract, Words
from assistant.question import Question
from assistant.running import snapshots_of
from assistant.tokens import count_tokens, token_counter
from index.english import count_of
from index.language import language_of, main_language
from index.library import Library

TRANSLATING = 10.0  # seconds at most for translating a question into the library's language
SAID_AFTER = 5.0  # seconds without a first word, after which it is said that the server has not answered
PACE = 0.07  # seconds between snapshots while words come


@dataclass
class _Job:
    """One question on its way to its answer; `most`: papers that a list names in a line each."""

    question: Question
    history: Sequence[Answer]
    most: int = LISTED
    found: Retrieved = field(default_factory=Retrieved)
    reader: AnswerReader = field(default_factory=lambda: AnswerReader(()))
    written: WrittenAnswer = field(default_factory=WrittenAnswer)  # once the model has ended
    at_once: Quoted | None = None  # quotes that stand while a model has written nothing yet
    usage: Usage = field(default_factory=Usage)
    sending: Usage = field(default_factory=Usage)  # of a call that has not ended, as counted here
    waiting_since: float | None = None  # when the call began whose first word has not come
    model: ChatModel | None = None
    notices: tuple[str, ...] = ()
    timing: tuple[tuple[str, float], ...] = ()
    started: float = field(default_factory=time.monotonic)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def step(self, name: str) -> None:
        """Notes the seconds since the last step."""
        so_far = sum(seconds for _, seconds in self.timing)
        self.timing += ((name, time.monotonic() - self.started - so_far),)

    def wait(self) -> float | None:
        """What is left of the wait for a model's first word, which includes searching and translating."""
        if self.model is None:
            return None
        return max(self.model.settings.first_word_seconds - (time.monotonic() - self.started), 1.0)

    def _waits(self) -> tuple[Notice, ...]:
        """That the server has not answered for a while, and how long it is waited for."""
        waited = time.monotonic() - (self.waiting_since or time.monotonic())
        left = self.wait()
        if self.model is None or left is None or waited < SAID_AFTER:
            return ()
        server = self.model.settings.server
        said = (
            f"{server} has not answered for {waited:.0f} s. It has {left:.0f} s left; until then, and if nothing comes,"
        )
        return (Notice(f"{said} the quotes stand.", "waiting"),)

    async def snapshot(self) -> Answer:
        """The answer as far as it has come: quotes, until a written sentence has been checked."""
        written = self.reader.so_far()
        if not written.claims and not written.text and self.at_once is not None:
            return self._answer("quotes", self.at_once.text, self.at_once.claims, complete=False)
        return self._answer("llm" if written.claims else "quotes", written.text, written.claims, complete=False)

    def quote_at_once(self) -> None:
        """Chooses the quotes that stand until the model's first sentence does."""
        quoted = in_quotes(self.question, self.found)
        self.at_once = quoted if quoted.answered else None

    def _answer(
        self, mode: Mode, text: str, claims: tuple[Claim, ...], *, answered: bool = True, complete: bool = True
    ) -> Answer:
        cited = {citation.label for claim in claims for citation in claim.citations}
        return Answer(
            question=self.question.text,
            mode=mode,
            answered=answered,
            text=text,
            claims=claims,
            papers=tuple(replace(p, cited=p.label in cited) for p in self.found.papers),
            usage=self.usage if complete else self.usage + self.sending,
            model=self.model.name or None if self.model else None,
            notices=tuple(dict.fromkeys((*self.found.notices, *self.notices, *(() if complete else self._waits())))),
            complete=complete,
            timing=self.timing,
        )

    def finished(self, failure: LLMError | None) -> Answer:
        """The whole answer: what the model wrote, followed by quotes if it failed; or quotes alone."""
        written = self.written
        mode: Mode = "llm" if written.claims else "quotes"
        if written.unknown:
            cited = ", ".join(f"[{label}]" for label in written.unknown)
            self.notices += (f"The model cited {cited}, which no paper here has: those citations were removed.",)
        if written.links:
            links = count_of(len(written.links), "link")
            self.notices += (f"Removed: {links} of the model's that none of the papers has.",)
        if ours := sum(claim.attributed for claim in written.claims):
            added = count_of(ours, "citation")
            self.notices += (f"Added here: {added} where the model gave none and one sentence bears its words out.",)
        if written.claims and not written.stands:
            self.notices += (
                "Most of what the model wrote is flagged or cites nothing: it was left out; the answer is in quotes.",
            )
            self.written = written = WrittenAnswer(unknown=written.unknown)
            mode = "quotes"
        if failure is None and (written.claims or written.nothing):
            quoted = not_in_papers(self.found) if written.nothing else Quoted(written.text, written.claims)
            return self._answer(mode, quoted.text, quoted.claims, answered=quoted.answered)
        already = [citation for claim in written.claims for citation in claim.citations]
        unknown = () if written.claims else self.found.unknown
        quoted = in_quotes(self.question, replace(self.found, unknown=unknown), already, self.most)
        if written.claims:
            broken = "" if written.text.rstrip().endswith((".", "!", "?", "]", "。")) else " …"
            quoted = Quoted(
                f"{written.text}{broken}\n\n{quoted.text}".rstrip(), (*written.claims, *quoted.claims), answered=True
            )
        elif quoted.answered and unknown and not self.found.about:
            words = " and ".join(f"“{word}”" for word in unknown)
            self.notices += (f"Not in any of your papers: {words}.",)
        self.step("quotes")
        return self._answer(mode, quoted.text, quoted.claims, answered=quoted.answered)


async def ask(
    library: Library,
    model: ChatModel | None,
    question: Question,
    history: Sequence[Answer] = (),
    *,
    k: int = 8,
    since: str | None = None,
    until: str | None = None,
    only: Collection[str] | None = None,
    tags: Collection[str] = (),
    llm: bool = True,
    spend: bool = False,
) -> AsyncGenerator[Answer, None]:
    """An answer as it grows: first the papers found, then the text; the last one is complete.

    `history`: earlier answers in the conversation. `only`: ids of the papers to answer from; `tags`: only papers with
    all of these. Without a model, or with `llm=False`, the answer is in quotes. `spend`: whether a paid embedding call
    may be made. Closing the generator ends the call. Raises ValueError for an empty question, LibraryError if searching
    fails.
    """
    job = _Job(question.to_search, tuple(history), min(k, LISTED), model=model if llm else None)
    if not job.question:
        raise ValueError("There is no question to answer: ask one.")
    scope: dict[str, Any] = {"since": since, "until": until, "only": only, "tags": tags}
    search = partial(find_papers, library, job.question, history, k=k, spend=spend, **scope)
    work = _work(job, library, search, spend, NO_MODEL_ANSWER if llm and model is None else None)
    async with aclosing(snapshots_of(work, job.snapshot, job.changed)) as snapshots:
        async for snapshot in snapshots:
            yield snapshot


async def _work(
    job: _Job, library: Library, search: Callable[..., Retrieved], spend: bool, notice: Notice | None
) -> Answer:
    """Searches, has the model write, and falls back on quotes. Returns the whole answer."""
    job.found = await asyncio.to_thread(search)
    if job.model is None and job.found.intent.lists and not job.found.about:
        job.found = with_those_that_fit(await asyncio.to_thread(search, k=MOST_FOUND))
    if spend and library.embedder_name.startswith("openai:"):
        job.usage += Usage(embedding_calls=1)
    job.step("search")
    failure, language = None, _language_to_search_in(job) if library.count() else None
    if job.model is not None and not language:
        await asyncio.to_thread(job.quote_at_once)
    job.changed.set()
    job.notices += (notice,) if notice else ()
    if language and job.model is None:
        job.notices += (f"Your papers are in {language}: a question in {language} finds more.",)
    try:
        if language and job.model is not None:
            searched = await _translated(job, language)
            job.found = await asyncio.to_thread(partial(search, searched=searched))
            job.step("translation")
            job.changed.set()
        if job.model is not None and job.found.papers:
            most = await job.model.room(PROMPT_TOKENS)
            try:
                await _write(job, most)
            except ContextTooLong as error:  # once more, with fewer papers
                await _write(job, job.model.fitting(error, most))
                job.notices += (f"The context of {job.model.name} is small: fewer sentences were sent to it.",)
    except LLMError as error:
        failure = error
        job.usage += error.usage
        follows = "What came is kept, quotes follow." if job.written.claims else "The answer is in quotes."
        counted = f" Its tokens were counted here: {token_counter()}." if error.counted else ""
        job.notices += (f"{error} {follows}{counted}",)
    return await asyncio.to_thread(job.finished, failure)


def _language_to_search_in(job: _Job) -> str | None:
    """The library's language if the question is in another one; None if they agree or cannot be told."""
    asked = job.question.language
    if asked is None:
        return None
    spoken = [p.paper.shown_abstract for p in job.found.papers]
    if asked in map(language_of, spoken[:3]):  # some papers are in the question's language, and they are found first
        return None
    language = main_language(spoken)
    return language if language != asked else None


async def _translated(job: _Job, language: str) -> Question:
    """The question translated into the library's language by one small call. Raises LLMError."""
    assert job.model is not None
    said = ""
    wait = min(job.wait() or TRANSLATING, TRANSLATING)
    async with aclosing(job.model.stream(translating(job.question, language), wait=wait)) as parts:
        async for part in parts:
            if isinstance(part, Words):
                said += part.text
            elif isinstance(part, Retract):
                said = ""
            else:
                job.usage += part.usage
    return Question(said).to_search


async def _remind(job: _Job) -> None:
    """Has the answer shown again every second while its first word is waited for, after some seconds."""
    await asyncio.sleep(SAID_AFTER)
    while job.waiting_since is not None:
        job.changed.set()
        await asyncio.sleep(1.0)


async def _write(job: _Job, most: int) -> None:
    """Reads the answer to a prompt of at most `most` tokens as the model writes it. Raises LLMError; what had
    come by then is in the job."""
    assert job.model is not None
    small = (await job.model.limits()).small
    messages = await asyncio.to_thread(partial(messages_for, job.question, job.found, job.history, most, small=small))
    if not messages:
        raise ContextTooLong(
            f"The context of {job.model.name} at {job.model.settings.server} has no room for a paper: raise it "
            "there, or choose another model."
        )
    job.reader = AnswerReader(job.found.papers)
    job.sending, job.waiting_since = await asyncio.to_thread(job.model.sent, messages), time.monotonic()
    job.changed.set()
    shown_at = 0.0
    reminder = asyncio.create_task(_remind(job))
    try:
        async with aclosing(job.model.stream(messages, wait=job.wait())) as parts:
            async for part in parts:
                if isinstance(part, Words):
                    if not job.reader:
                        job.step("first word")
                        job.waiting_since = None
                    job.reader.add(part.text)
                    written = job.sending.completion_tokens + count_tokens(part.text)
                    cost = job.model.price(job.sending.prompt_tokens, written)
                    job.sending = replace(job.sending, completion_tokens=written, cost_usd=cost)
                elif isinstance(part, Retract):
                    job.reader.retract()
                else:
                    job.usage += part.usage
                    job.notices += (part.notice,) if part.notice else ()
                    if part.counted:
                        job.notices += (f"The server sent no token counts: {token_counter()} counted them here.",)
                if time.monotonic() - shown_at >= PACE:
                    job.changed.set()
                    shown_at = time.monotonic()
    finally:
        reminder.cancel()
        job.sending, job.waiting_since = Usage(), None
        job.written = job.reader.so_far(ended=True)
        job.step("answer")
    if not job.written.claims and not job.written.nothing:
        raise Nonsense(f"What {job.model.name} wrote cites none of your papers: ask again, or choose another model.")
