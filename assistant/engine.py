"""The assistant: a library, settings and a chat model, and the three jobs that work with them.

The one way in for the command line, the window, MCP and Python. Knows nothing of how results are shown.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from assistant.documents import Answer, Comparison, Digest, KeptDigest
from assistant.routing import answer
from assistant.settings import Settings
from index.library import Library
from index.safety.limits import refuse_long_question

if TYPE_CHECKING:
    from types import TracebackType

    from assistant.checking.document import CheckedText
    from assistant.compare.sets import ChosenSet
    from assistant.judging import JudgePlan
    from assistant.llm import ChatModel
    from assistant.weekly import DigestPlan
    from index.backup import Restored
    from index.paper import Paper

BACKED_UP = {"conversations.sqlite3": 1, "digests.sqlite3": 0}  # beside the papers, with their newest schemas

Document = TypeVar("Document", Answer, Comparison, Digest)
Judged = TypeVar("Judged", Answer, "CheckedText")
Result = TypeVar("Result")


def open_library(settings: Settings, *, exact: bool = False, say: Callable[[str], None] | None = None) -> Library:
    """The library that the settings name. `exact` and `say`: as for `Library.open`. Raises LibraryError."""
    return Library.open(
        settings.home,
        settings.embeddings,
        api_key=settings.api_key.get_secret_value() if settings.api_key else None,
        base_url=settings.base_url,
        offline=settings.offline,
        exact=exact,
        chroma=settings.chroma,
        say=say,
    )


class Assistant:
    """Answers questions on one library, compares its papers and sums up its weeks. A context manager."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self.library = library
        self.notices: list[str] = []
        self.use(settings)

    @classmethod
    def open(
        cls, settings: Settings | None = None, *, exact: bool = False, say: Callable[[str], None] | None = None
    ) -> Self:
        """An assistant with these settings, by default the environment's. `exact`: for a short-lived process (see
        `Library.open`). Raises LibraryError."""
        settings = settings or Settings.load()
        return cls(open_library(settings, exact=exact, say=say), settings)

    def use(self, settings: Settings) -> None:
        """Switches to other settings: another server, key or model."""
        self.settings = settings
        self.model = _model_of(settings)
        if self.model:
            from assistant import tokens

            threading.Thread(target=import_module, args=("openai",), daemon=True).start()  # while the search runs
            tokens.prepare(settings.home, offline=settings.offline, say=lambda text: self.notices.append(text))

    def backup(self, file: str | Path) -> int:
        """Writes papers, conversations and digests to one file (see `index.backup`). Returns how many papers it has.
        Raises LibraryError."""
        from index.backup import back_up

        return back_up(self.library.path, Path(file), BACKED_UP)

    @staticmethod
    def restore(file: str | Path, settings: Settings | None = None, *, replace: bool = False) -> "Restored":
        """Puts the papers, conversations and digests of a backup into the library that the settings name, and makes
        its indexes again. A library that holds papers is only given up with `replace`, and is backed up first. Raises
        LibraryError, with nothing changed."""
        from index.backup import restore as restore_library

        settings = settings or Settings.load()
        restored = restore_library(Path(file), settings.home, BACKED_UP, replace=replace)
        with open_library(settings, exact=True) as library:
            library.fill_indexes()
        return restored

    def close(self) -> None:
        """Closes the library."""
        self.library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: "TracebackType | None"
    ) -> None:
        self.close()

    # -- the jobs as they grow: each document has more in it than the one before, and the last is complete. Closing
    #    one of these generators cancels its calls.

    async def stream(
        self, question: str, history: Sequence[Answer] = (), **options: Any
    ) -> AsyncGenerator[Answer, None]:
        """An answer as it grows. `options` as for `ask.job.ask`: k, since, until, only, tags, llm. A question that asks
        for a comparison or a week is answered by that job. Raises LibraryError, ValueError."""
        refuse_long_question(question)
        spend = self.settings.embeddings.startswith("openai:")
        async with aclosing(answer(self.library, self.model, question, history, spend=spend, **options)) as answers:
            async for snapshot in answers:
                if snapshot.complete and self.notices:
                    said, self.notices = self.notices, []  # each is said once
                    snapshot = replace(snapshot, notices=(*snapshot.notices, *said))
                yield snapshot

    async def compare_stream(
        self,
        *papers: "str | Paper",
        rows: str | Sequence[str] = (),
        history: Sequence[Answer] = (),
        llm: bool = True,
    ) -> AsyncGenerator[Comparison, None]:
        """A comparison of two to eight papers as it grows, named as a person would name them (`history`: where "the
        second paper" is looked up). `rows`: names of rows in place of the fixed ones. Raises UnknownPaper, with the
        papers that may be meant, LibraryError and ValueError."""
        from assistant.compare import compare

        for name in papers:
            if isinstance(name, str):
                refuse_long_question(name, "The name of a paper")
        comparisons = compare(self.library, *papers, model=self.model, history=history, rows=rows, llm=llm)
        async with aclosing(comparisons):
            async for snapshot in comparisons:
                yield snapshot

    async def weekly_stream(
        self, week: str | None = None, *, llm: bool = True, **options: Any
    ) -> AsyncGenerator[Digest, None]:
        """A week's digest as it grows. `options` as for `weekly.weekly`: since, until, query, tags, topics, fresh,
        free. Raises ValueError for an invalid week or day, or an unknown topic."""
        from assistant.weekly import weekly

        refuse_long_question(options.get("query") or "", "The topic")
        async with aclosing(weekly(self.library, week, model=self.model if llm else None, **options)) as digests:
            async for snapshot in digests:
                yield snapshot

    # -- the same, as one complete document

    def ask(self, question: str, history: Sequence[Answer] = (), **options: Any) -> Answer:
        """The complete answer to a question; see `stream`."""
        return _last(self.stream(question, history, **options))

    def compare(
        self,
        *papers: "str | Paper",
        rows: str | Sequence[str] = (),
        history: Sequence[Answer] = (),
        llm: bool = True,
    ) -> Comparison:
        """The complete comparison of two to eight papers; see `compare_stream`."""
        return _last(self.compare_stream(*papers, rows=rows, history=history, llm=llm))

    def papers_to_compare(self, query: str | None = None, tags: Sequence[str] = (), k: int = 4) -> "ChosenSet":
        """The best `k` papers of a search, or the newest with some tags, at most as many as can be compared. Raises
        LibraryError if there are none."""
        from assistant.compare.sets import found, tagged

        refuse_long_question(query or "")
        return found(self.library, query, k, tags) if query else tagged(self.library, tags)

    def theme_to_compare(self, theme: str, week: str | None = None) -> "ChosenSet":
        """The papers of a theme of a week (by default the latest), by its number or words of its title; makes no call.
        Raises LibraryError, with the themes, for another one, and ValueError for an invalid week."""
        from assistant.compare.sets import of_theme

        refuse_long_question(theme, "The theme")
        return of_theme(self.weekly(week, free=True), theme)

    def weekly(
        self, week: str | None = None, *, progress: Callable[[int, int], None] | None = None, **options: Any
    ) -> Digest:
        """The complete digest of a week (`2026-W16`; by default the latest that has papers); see `weekly_stream`.
        `progress` is called with the number of calls done and the number of all calls."""
        on_each = (lambda digest: progress(*digest.progress)) if progress else None
        return _last(self.weekly_stream(week, **options), on_each)

    def kept_digests(self, most: int | None = None) -> list[KeptDigest]:
        """The digests that were made before, the latest days first, at most so many; makes no call."""
        from assistant.weekly.kept import kept_digests

        async def read() -> list[KeptDigest]:
            return [kept async for kept in kept_digests(self.library, self.model, most)]

        return _run(read())

    def weekly_plan(self, week: str | None = None, *, llm: bool = True, **options: Any) -> "DigestPlan":
        """What `weekly` with the same arguments would spend; makes none of its calls."""
        from assistant.weekly import plan

        refuse_long_question(options.get("query") or "", "The topic")
        return _run(plan(self.library, week, model=self.model if llm else None, **options))

    # -- a second opinion on what was written

    def judge_plan(self, document: "Answer | CheckedText") -> "JudgePlan":
        """The call that `judge` would make of a document: its claims, and about how many tokens; makes no call."""
        from assistant.judging import plan_of

        return plan_of(document)

    async def judged(self, document: Judged) -> Judged:
        """An answer or a checked text with hints of the kind `judge`, where the model finds that a sentence differs
        from what it cites. One call; a failure, or a missing model, is a notice."""
        from assistant.judging import judge

        return await judge(document, self.model)

    def judge(self, document: Judged) -> Judged:
        """The same, for code that is not asynchronous; see `judged`."""
        return _run(self.judged(document))


def _model_of(settings: Settings) -> "ChatModel | None":
    """The chat model that the settings name, if any; without one its client is not imported."""
    if not settings.configured:
        return None
    from assistant.llm import ChatModel

    return ChatModel(settings)


def _last(snapshots: AsyncGenerator[Document, None], on_each: Callable[[Document], None] | None = None) -> Document:
    """The last of some snapshots; `on_each` is called with each."""

    async def read() -> Document:
        last = None
        async with aclosing(snapshots):
            async for snapshot in snapshots:
                last = snapshot
                if on_each:
                    on_each(snapshot)
        assert last is not None, "a job ends with a complete document"
        return last

    return _run(read())


def _run(work: Coroutine[Any, Any, Result]) -> Result:
    """The result of asynchronous work; if an event loop is already running, a thread does it."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
