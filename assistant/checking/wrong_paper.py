"""Whether another paper of a library supports a sentence clearly better than the cited ones: BM25 of the sentence
against the abstracts.

(best cited - best other) / (best cited + best other) below `CLEARLY_BETTER` says so. k1 1.5, b .75, idf after
Robertson and Sparck Jones, plus one inside the logarithm so that it stays positive.
"""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from math import log
from typing import TYPE_CHECKING

from assistant.checking.text import clean, content_words
from index.paper import Paper

if TYPE_CHECKING:
    import numpy as np

K1, B = 1.5, 0.75
CLEARLY_BETTER = -0.15
LEAST_SAID = 1.3  # words, as rare as one that no paper holds: a vaguer sentence fits many papers


@lru_cache(maxsize=16_384)
def _counts(title: str, abstract: str) -> Counter[str]:
    return Counter(content_words(clean(f"{title} {abstract}")))


class AbstractIndex:
    """The words of a library's papers, by word: which papers hold it and what it is worth there."""

    def __init__(self, library: Sequence[Paper]) -> None:
        import numpy as np

        self.papers = tuple(library)
        counts = [_counts(paper.title, paper.abstract) for paper in self.papers]
        lengths = [sum(c.values()) for c in counts]
        self._mean_length = sum(lengths) / max(len(lengths), 1) or 1.0
        holders: dict[str, list[int]] = {}
        worths: dict[str, list[float]] = {}
        for number, (count, length) in enumerate(zip(counts, lengths, strict=True)):
            for word, times in count.items():
                holders.setdefault(word, []).append(number)
                worths.setdefault(word, []).append(self._worth(times, length))
        self._idf = {word: self._idf_of(len(numbers)) for word, numbers in holders.items()}
        self._postings = {
            word: (np.array(numbers, dtype=np.intp), np.array(worths[word], dtype=np.float64) * self._idf[word])
            for word, numbers in holders.items()
        }
        self._places: dict[str, list[int]] = {}
        for number, paper in enumerate(self.papers):
            self._places.setdefault(paper.id, []).append(number)

    def _idf_of(self, holders: int) -> float:
        return log(1 + (len(self.papers) - holders + 0.5) / (holders + 0.5))

    def _worth(self, times: int, length: int) -> float:
        return times * (K1 + 1) / (times + K1 * (1 - B + B * length / self._mean_length))

    def _scores(self, words: Sequence[str]) -> "np.ndarray":
        import numpy as np

        scores = np.zeros(len(self.papers))
        for word in words:
            if word in self._postings:
                numbers, worth = self._postings[word]
                scores[numbers] += worth
        return scores

    def score(self, words: Sequence[str], paper: Paper) -> float:
        """BM25 of the words against one paper, which need not be of the library."""
        counts = _counts(paper.title, paper.abstract)
        length = sum(counts.values())
        unseen = self._idf_of(0)
        return sum(self._idf.get(w, unseen) * self._worth(counts[w], length) for w in words if w in counts)

    def better(self, words: Sequence[str], cited: Sequence[Paper]) -> tuple[Paper, float] | None:
        """The paper that supports the words best, if it is not cited and clearly better than the cited ones; with
        the margin, from -1 (only the other holds the words) to 0."""
        unseen = self._idf_of(0)
        if sum(self._idf.get(word, unseen) for word in words) < LEAST_SAID * unseen:
            return None
        scores = self._scores(words)
        for paper in cited:
            scores[self._places.get(paper.id, [])] = 0.0
        if not len(scores) or scores.max() <= 0:
            return None
        place = int(scores.argmax())
        best, own = float(scores[place]), max((self.score(words, paper) for paper in cited), default=0.0)
        margin = (own - best) / (own + best)
        return (self.papers[place], margin) if margin < CLEARLY_BETTER else None


_kept: list[tuple[Sequence[Paper], int, AbstractIndex]] = []


def index_of(library: Sequence[Paper]) -> AbstractIndex:
    """The index of a library, made once for the same sequence of the same length; the last three are kept."""
    for kept, length, index in _kept:
        if kept is library and length == len(library):
            return index
    index = AbstractIndex(library)
    _kept.insert(0, (library, len(library), index))
    del _kept[3:]
    return index


def better_paper(text: str, cited: Sequence[Paper], library: Sequence[Paper]) -> Paper | None:
    """The paper of the library that supports a clean sentence clearly better than those it cites; None where there
    is none, or where the sentence says too little to tell."""
    if not library:
        return None
    found = index_of(library).better(list(dict.fromkeys(content_words(text))), cited)
    return found[0] if found else None
