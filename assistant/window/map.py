"""A digest's papers as a map: near each other what is alike, in the colour of its theme."""

from collections.abc import Sequence

from assistant.documents import Digest
from assistant.render.escape import escape_html
from assistant.weekly.map import Point
from assistant.window.parts import attributes

WIDTH, HEIGHT, EDGE = 800, 360, 24
HUES = 10  # colours that window.css names theme-0 to theme-9; the eleventh theme starts again
FEWEST = 4  # papers; fewer make no map


def map_html(points: Sequence[Point], digest: Digest) -> str:
    """Each paper as a point that opens its page; empty for very few."""
    if len(points) < FEWEST:
        return ""
    ids = {entry.label: entry.paper.id for entry in digest.papers}
    drawn = []
    for point in points:
        colour = "theme-none" if point.theme is None else f"theme-{point.theme % HUES}"
        x, y = EDGE + point.x * (WIDTH - 2 * EDGE), EDGE + point.y * (HEIGHT - 2 * EDGE)
        given = attributes(
            href=f"?paper={ids[point.label]}", data_do="paper", data_paper=ids[point.label], class_=colour,
            aria_label=point.title,
        )  # fmt: skip
        drawn.append(
            f'<a{given}><circle cx="{x:.0f}" cy="{y:.0f}" r="9"><title>{escape_html(point.title)}</title></circle>'
            f'<text x="{x:.0f}" y="{y + 3:.0f}" text-anchor="middle">{point.label}</text></a>'
        )
    keys = "".join(
        f'<li class="theme-{number % HUES}">{escape_html(theme.title)}</li>'
        for number, theme in enumerate(digest.themes)
    )
    return (
        '<figure class="map"><figcaption>The week as a map: near each other what is alike</figcaption>'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="group" aria-label="Map of the papers">{"".join(drawn)}</svg>'
        f"<ul>{keys}</ul></figure>"
    )
