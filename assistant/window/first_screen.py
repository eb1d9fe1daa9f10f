"""The first screen: what to do with an empty library, and what to ask of one that has papers."""

from collections import Counter
from functools import lru_cache
from itertools import pairwise

from assistant.ask import UNCONFIGURED
from assistant.window.context import Desk
from assistant.window.parts import count_of, notices_html
from assistant.window.turns import suggestions_html
from index.library import Library
from index.paper import Paper, newest_first

_CONNECTING = frozenset(
    "a an and as at by for from in is of on or the to via with using towards toward is are be".split()
)


def _topic(papers: list[Paper]) -> str | None:
    """The two words that stand side by side in most titles; None where none stand in two."""
    pairs: Counter[str] = Counter()
    for paper in papers:
        words = paper.shown_title.rpartition(":")[2].lower().split()
        telling = [(a, b) for a, b in pairwise(words) if a.isalpha() and b.isalpha() and not _CONNECTING & {a, b}]
        pairs.update({f"{a} {b}" for a, b in telling})
    return next((pair for pair, count in pairs.most_common(1) if count > 1), None)


@lru_cache(maxsize=2)
def _examples(library: Library, change: int) -> tuple[str, ...]:
    papers = newest_first(library.papers())[:500]
    named = [p for p in papers if p.short_name]
    made = []
    if topic := _topic(papers):
        made.append(f"Which papers are about {topic}, and what do they find?")
    if named:
        made.append(f"What does {named[0].short_name} propose, and how well does it work?")
        near = next((p for p in library.similar(named[0].id, k=5) if p.short_name), None)
        if near:
            made.append(f"Compare {named[0].short_name} with {near.short_name}")
    if any(p.week_day for p in papers):
        made.append("Sum up the latest week")
    return tuple(made)


def examples(desk: Desk) -> tuple[str, ...]:
    """Questions made from the library in use."""
    return _examples(desk.assistant.library, desk.assistant.library.change())


def welcome_html(desk: Desk) -> str:
    """What stands above the question before the first one is asked of a library with papers."""
    library = desk.assistant.library
    quotes = () if desk.assistant.model else (UNCONFIGURED,)
    said = "Every sentence of an answer cites the sentence it came from, and has been checked against it."
    return (
        f'<section class="welcome"><h1>Ask your papers</h1><p>{count_of(library.count(), "paper")} at hand. {said}</p>'
        f"{suggestions_html(examples(desk), 'Examples')}{notices_html(quotes)}</section>"
    )


EMPTY_HTML = (
    '<section class="welcome"><h1>Ask your papers</h1><p>There are no papers here yet. Take the bundled sample, paste '
    "a Daily Papers page, or add a file; then ask. Every sentence of an answer cites the sentence it came from.</p>"
    "</section>"
)
