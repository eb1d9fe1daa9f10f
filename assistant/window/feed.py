"""The kept digests as a feed at `/feed.atom`, whose entries lead to the Weekly tab."""

import asyncio
from typing import TYPE_CHECKING

from assistant.documents import KeptDigest
from assistant.weekly.cache import FILE
from assistant.window.access.gate import FEED
from assistant.window.week_choice import DigestAsked

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.engine import Assistant


def add_feed(app: "FastAPI", assistant: "Assistant") -> None:
    """Serves the feed. It is made anew when a paper or a digest has changed."""
    from fastapi import Request
    from fastapi.responses import Response

    from assistant.render.feed import ENTRIES

    made: tuple[object, list[KeptDigest]] = (None, [])
    one_at_a_time = asyncio.Lock()

    def state() -> object:
        file = assistant.library.path / FILE
        return assistant.library.change(), file.stat().st_mtime_ns if file.exists() else 0, assistant.model

    async def kept() -> list[KeptDigest]:
        nonlocal made
        async with one_at_a_time:
            if made[0] != state():
                digests = await asyncio.to_thread(assistant.kept_digests, ENTRIES)
                made = (state(), digests)  # reading them notes them anew
            return made[1]

    @app.get(FEED)
    async def feed(request: Request) -> Response:
        from assistant.render.feed import to_atom

        base = str(request.base_url).rstrip("/")
        text = to_atom(
            await kept(),
            library=assistant.library.path.as_uri(),
            itself=f"{base}{FEED}",
            home=f"{base}/?tab=weekly",
            link=lambda each: f"{base}/{_asked(each).address}",
        )
        return Response(text, media_type="application/atom+xml")


def _asked(kept: KeptDigest) -> DigestAsked:
    digest, of = kept.digest, kept.options
    if digest.week:
        return DigestAsked(digest.week, about=of["query"], tags=of["tags"], topics=of["topics"])
    return DigestAsked(None, digest.since, digest.until, of["query"], of["tags"], of["topics"])
