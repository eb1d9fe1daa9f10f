"""The map of a digest: each paper near those that are like it, in the colour of its theme."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.documents import Digest

if TYPE_CHECKING:
    from index.library import Library


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
