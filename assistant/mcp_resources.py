"""Papers and weeks as resources of MCP: `papers://2604.14228` and `papers://week/2026-W16`. Reading them is free: a
digest is the kept one, or in quotes. Imports `mcp`, which is heavy: to be imported where it is needed."""

import asyncio
import json
from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mcp.server.mcpserver import MCPServer, ResourceSecurity
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError
from mcp_types import (
    Completion,
    CompletionArgument,
    CompletionContext,
    PromptReference,
    Resource,
    ResourceTemplateReference,
)

from index.english import count_of
from index.errors import LibraryError, UnknownPaper
from index.ids import canonical_id
from index.safety.inert import inert

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from index.paper import Paper

PAPER = "papers://{+id}"
WEEK = "papers://week/{week}"
LISTED = 20  # papers and weeks that are listed; any other can be read, too
COMPLETED = 100  # values that a completion may have, by the protocol


class LibraryServer(MCPServer):
    """An MCP server whose resources are the papers and weeks of one library."""

    def __init__(self, assistant: "Assistant", **options: Any) -> None:
        """`options` as for `MCPServer`: name, title, instructions."""
        super().__init__(**options)
        self._assistant = assistant
        anything = ResourceSecurity(exempt_params={"id"})  # an id is looked up, and never a path
        self.resource(WEEK, name="week", title="A week's digest", mime_type="text/markdown")(self._read_week)
        described = "A paper's record and abstract. id: as in papers://2604.14228 or papers://10.1145/3458817.3476195"
        self.resource(
            PAPER, name="paper", title="A paper", description=described, mime_type="application/json", security=anything
        )(self._read_paper)
        self.completion()(self._complete)  # type: ignore[no-untyped-call]

    async def list_resources(self) -> list[Resource]:
        """The latest weeks and the newest papers."""
        return await asyncio.to_thread(self._listed)

    def _listed(self) -> list[Resource]:
        library = self._assistant.library
        weeks = [
            Resource(
                uri=WEEK.format(week=week),
                name=week,
                title=f"Week {week}: {count_of(count, 'paper')}",
                mime_type="text/markdown",
            )
            for week, count in islice(library.weeks().items(), LISTED)
        ]
        newest = library.newest(LISTED)
        found = library.papers_by_id(newest)
        papers = [found[each] for each in newest if each in found]
        return weeks + [
            Resource(uri=uri_of(p), name=p.id, title=inert(p.shown_title), mime_type="application/json") for p in papers
        ]

    async def _read_paper(self, id: str) -> str:
        """A paper and its numbered sentences, as `papers show --json` prints them."""

        def read() -> str:
            return json.dumps(self._assistant.library.get(id).to_document(), ensure_ascii=False, indent=1)

        return await _read(read)

    async def _read_week(self, week: str) -> str:
        """The digest of an ISO week such as 2026-W16: as it was kept, otherwise in the papers' own sentences."""

        def read() -> str:
            from assistant.render.digest import to_markdown

            return to_markdown(self._assistant.weekly(week, free=True))

        return await _read(read)

    async def _complete(
        self,
        ref: PromptReference | ResourceTemplateReference,
        argument: CompletionArgument,
        context: CompletionContext | None,
    ) -> Completion:
        """The weeks that begin with what was typed, for a template or a prompt; and the papers."""
        typed = argument.value.strip().casefold()
        values = await asyncio.to_thread(self._weeks_or_ids, argument.name)
        fitting = [value for value in values if value.casefold().startswith(typed)]
        return Completion(values=fitting[:COMPLETED], total=len(fitting), has_more=len(fitting) > COMPLETED)

    def _weeks_or_ids(self, name: str) -> list[str]:
        if name == "week":
            return list(self._assistant.library.weeks())
        return [_bare(each.id) for each in self._assistant.library.outlines()] if name == "id" else []


def uri_of(paper: "Paper") -> str:
    """Where a paper is read: its id without what kind of id it is, since `arxiv:2604` would be a host and its port."""
    return "papers://" + quote(_bare(paper.id), safe="/")


def _bare(paper_id: str) -> str:
    kind, _, bare = paper_id.partition(":")
    return bare if kind == "title" or canonical_id(bare) == paper_id else paper_id


async def _read(read: Callable[[], str]) -> str:
    """What blocking work returns, with errors as MCP has them."""
    try:
        return await asyncio.to_thread(read)
    except UnknownPaper as error:
        named = "; ".join(f"{uri_of(p)} {inert(p.shown_title)}" for p in error.candidates)
        raise ResourceNotFoundError(f"{error} Near it: {named}" if named else str(error)) from error
    except ValueError as error:
        raise ResourceNotFoundError(str(error)) from error
    except LibraryError as error:
        raise ResourceError(str(error)) from error
