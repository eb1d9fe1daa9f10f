"""The papers of a library that a sentence may have been meant for, where another than the cited one is looked for.

All of a small library. Of a large one those that are nearest to a sentence in words, and some spread over the whole, so
that a word is about as rare among them as it is in all: to count the words of all would take seconds for 10,000 papers.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from index.library import Library
from index.paper import Paper
from index.text import stems_of

SMALL = 2_000  # papers, up to which all are looked at
NEAREST = 10  # papers for each sentence


def candidates(sentences: Iterable[str], library: Library, papers: Sequence[Paper]) -> tuple[Paper, ...]:
    """Those of all `papers` of the library that some sentences are compared with: the nearest to each, and of the
    others one in so many. A small library does not ask for the sentences."""
    if len(papers) <= SMALL:
        return tuple(papers)
    words, near = library.words, set[str]()
    for sentence in sentences:
        near.update(words.scores(Counter(stems_of(sentence)), NEAREST))
    chosen = {paper.id for paper in papers[:: len(papers) // SMALL + 1]} | near
    return tuple(paper for paper in papers if paper.id in chosen)
