"""The digests that were made before, as they read now: what a feed and an archive list. Costs nothing: what a model
wrote is shown only where it was kept."""

import hashlib
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from itertools import islice
from typing import TYPE_CHECKING

from assistant.documents import KeptDigest
from assistant.weekly.cache import DigestStore
from assistant.weekly.job import weekly
from assistant.weekly.scope import Scope, scope_in
from assistant.weekly.weeks import Period

if TYPE_CHECKING:
    from assistant.llm import ChatModel
    from index.library import Library

SLUG = 40  # characters of a topic in a name


async def kept_digests(
    library: "Library", model: "ChatModel | None", most: int | None = None
) -> AsyncGenerator[KeptDigest, None]:
    """The complete digests of a library, the latest days first, at most so many."""
    store = DigestStore(library.path)
    for period, key in islice(store.complete(), most):
        scope = scope_in(key)
        days = {"week": period.week} if period.week else {"since": period.since, "until": period.until}
        options = {**days, **scope.options, "as_kept": True}
        async with aclosing(weekly(library, **options, model=model, free=True)) as snapshots:
            async for digest in snapshots:
                if digest.complete and digest.papers:
                    yield KeptDigest(_name(period, scope), scope.about, digest, scope.options)


def _name(period: Period, scope: Scope) -> str:
    """`2026-W16`, `2026-04-01-to-2026-04-10`, with a topic `2026-W16-efficient-attention-3f0a2b`: different for any two
    digests of a library."""
    days = str(period).replace(" ", "-")
    slug = re.sub(r"[^a-z0-9]+", "-", scope.about.casefold())[:SLUG].strip("-")
    told_apart = hashlib.sha256(scope.key.encode()).hexdigest()[:6] if scope.key else ""
    return "-".join(filter(None, (days, slug, told_apart)))
