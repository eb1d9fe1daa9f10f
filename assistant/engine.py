"""The assistant: a library, settings and a chat model, and the three jobs that work with them.

The one way in for the command line, the window, MCP and Python. Knows nothing of how anything is shown.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self, TypeVar

from assistant.documents import Answer, Comparison, Digest
from assistant.settings import Settings
from index.library import Library

if TYPE_CHECKING:
    from types import TracebackType

    from assistant.llm import ChatModel

Document = TypeVar("Document", Answer, Comparison, Digest)


def open_library(settings: Settings, *, exact: bool = False, say: Callable[[str], None] | None = None) -> Library:
    """The library that the settings name. `exact` and `say`: as for `Library.open`. Raises LibraryError."""
    return Library.open(
        settings.home,
        settings.embeddings,
        api_key=settings.api_key.get_secret_value() if settings.api_key else None,
        base_url=settings.base_url,
        offline=settings.offline,
        exact=exact,
        say=say,
    )


class Assistant:
    """Answers, compares and sums up what is in one library. A context manager."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self.library = library
        self.notices: list[str] = []
        self.use(settings)

    @classmethod
    def open(
        cls, settings: Settings | None = None, *, exact: bool = False, say: Callable[[str], None] | None = None
    ) -> Self:
        """The assistant of some settings, by default the environment's. `exact`: for a process that lives for a
        second (see `Library.open`). Raises LibraryError."""
        settings = settings or Settings.load()
        return cls(open_library(settings, exact=exact, say=say), settings)

    def use(self, settings: Settings) -> None:
        """Work with other settings from now on: another server, key or model."""
        self.settings = settings
        self.model = _model_of(settings)
        if self.model:
            from assistant import budget

            threading.Thread(target=import_module, args=("openai",), daemon=True).start()  # while the search goes on
            budget.prepare(settings.home, offline=settings.offline, say=self.notices.append)

    def close(self) -> None:
        """Lets go of the library's files."""
        self.library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: "TracebackType | None"
    ) -> None:
        self.close()

    # -- the jobs, as they grow: asynchronous, each document longer than the one before; the last is complete.
    #    Closing one of these ends its calls.

    async def stream(
        self, question: str, history: Sequence[Answer] = (), **options: Any
    ) -> AsyncGenerator[Answer, None]:
        """An answer as it grows. `options` as for `asking.ask`: k, since, until, only, llm. A question that asks
        for a comparison or a week is answered by that job. Raises LibraryError, ValueError."""
        from assistant.routing import answer

        spend = self.settings.embeddings.startswith("openai:")
        async with aclosing(answer(self, question, history, spend=spend, **options)) as answers:
            async for snapshot in answers:
                yield snapshot

    async def compare_stream(
        self, a: str, b: str, history: Sequence[Answer] = (), *, llm: bool = True
    ) -> AsyncGenerator[Comparison, None]:
        """A comparison as it grows. Raises UnknownPaper, with the papers that may be meant."""
        from assistant.comparing import compare

        async with aclosing(compare(self.library, a, b, self.model if llm else None, history)) as comparisons:
            async for snapshot in comparisons:
                yield snapshot

    # -- the same, whole

    def ask(self, question: str, history: Sequence[Answer] = (), **options: Any) -> Answer:
        """The whole answer to a question; see `stream`."""
        return _last(self.stream(question, history, **options))

    def compare(self, a: str, b: str, history: Sequence[Answer] = (), *, llm: bool = True) -> Comparison:
        """The whole comparison of two papers, named as a person would name them; see `compare_stream`."""
        return _last(self.compare_stream(a, b, history, llm=llm))


def _model_of(settings: Settings) -> "ChatModel | None":
    """The chat model that the settings name; what talks to it is not loaded where there is none."""
    if not settings.configured:
        return None
    from assistant.llm import ChatModel

    return ChatModel(settings)


def _last(snapshots: AsyncGenerator[Document, None]) -> Document:
    """The last of some snapshots; works within a running event loop too, by a thread."""

    async def run() -> Document:
        last = None
        async with aclosing(snapshots):
            async for snapshot in snapshots:
                last = snapshot
        assert last is not None, "a job ends with a whole document"
        return last

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(run())
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, run()).result()
