"""The map of a digest: each paper near those that are like it, in the colour of its theme."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.documents import Digest

if TYPE_CHECKING:
    from index.library import Library

ROOM, STEP = 0.5, 0.3  # how much of a map its points may take, and how far they are moved at once
ROUNDS, PAIRS = 300, 3_000_000  # how often they are moved at most, and how many distances that may take


@dataclass(frozen=True)
class Point:
    """A paper on the map: its label and title, the index of its theme in the digest (None: no theme), and its
    position, from 0 to 1 in both directions."""

    label: int
    title: str
    theme: int | None
    x: float
    y: float


def map_of(library: "Library", digest: Digest) -> tuple[Point, ...]:
    """The map of a digest's papers, by label; the same from run to run. Takes a second for a hundred papers."""
    from assistant.weekly.themes import likeness, on_a_map

    if not digest.papers:
        return ()
    papers = [p.paper for p in digest.papers]
    places = on_a_map(likeness(papers, library.paper_vectors([p.id for p in papers])))
    of = {label: number for number, theme in enumerate(digest.themes) for label in theme.labels}
    return tuple(
        Point(p.label, p.paper.shown_title, of.get(p.label), round(float(x), 4), round(float(y), 4))
        for p, (x, y) in zip(digest.papers, places, strict=True)
    )


def spread(
    places: Sequence[tuple[float, float]], width: float, height: float, edge: float, apart: float
) -> list[tuple[float, float]]:
    """Places from 0 to 1 as points of an area, moved from each other until they are `apart`, or as far as the area has
    room for; those that were near stay near."""
    import numpy as np

    low, high = np.array((edge, edge)), np.array((width - edge, height - edge))
    points = low + np.array(places, dtype=float).reshape(-1, 2) * (high - low)
    apart = min(apart, math.sqrt(ROOM * float(np.prod(high - low)) / max(len(points), 1)))
    turns = np.arange(len(points)) * 2.4  # so that points at the same place part in different directions
    nudge = 0.01 * np.stack((np.cos(turns), np.sin(turns)), axis=1)
    for _ in range(min(ROUNDS, PAIRS // max(len(points) ** 2, 1))):
        points = np.clip(points, low, high) + nudge
        between = points[:, None] - points[None]
        far = np.linalg.norm(between, axis=2) + np.eye(len(points)) * 2 * apart
        short = np.clip(apart + 1 - far, 0, None)
        if short.max(initial=0) <= 0.5:
            break
        points += STEP * (between / far[..., None] * short[..., None]).sum(axis=1)
    points = np.clip(points, low, high)
    return [(float(x), float(y)) for x, y in points]
