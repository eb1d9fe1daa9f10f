"""Whether another paper of the library fits a sentence clearly better than the cited ones, by BM25.

It does if (best cited - best other) / (best cited + best other) is below `CLEARLY_BETTER`, or below zero where a
sentence that says much has little in common with what it cites. The idf is Robertson and Sparck Jones's, plus one
inside the logarithm to keep it positive.
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
# a paper with this share of a sentence's idf is not doubted, however many others there are
HELD = 0.75
CLEARLY_BETTER = -0.14
STRANGE, MUCH_SAID = 0.33, 5.0  # at most this share of the idf, of a sentence with so much of it
HELD_MORE = 0.1  # the other paper must have so much more of the idf, unless the sentence is strange to the cited one
LEAST_SAID = 1.3  # summed idf, in units of an unseen word's: a vaguer sentence fits many papers


@lru_cache(maxsize=16_384)
def _counts(title: str, abstract: str) -> dict[str, int]:
    return dict(Counter(content_words(clean(f"{title} {abstract}"))))


class AbstractIndex:
    """BM25 of titles and abstracts: for each word the papers that contain it and its scores there, in flat arrays."""

    def __init__(self, library: Sequence[Paper]) -> None:
        import numpy as np

        self.papers = tuple(library)
        counts = [_counts(paper.title, paper.abstract) for paper in self.papers]
        self._words: dict[str, int] = {}
        number_of = self._words
        words = np.array([number_of.setdefault(w, len(number_of)) for count in counts for w in count], dtype=np.int64)
        times = np.array([n for count in counts for n in count.values()], dtype=np.float64)
        holders = np.repeat(np.arange(len(counts)), [len(count) for count in counts])
        lengths = np.bincount(holders, weights=times, minlength=len(counts))
        self._mean_length = float(lengths.mean()) if len(counts) else 1.0
        order = np.argsort(words, kind="stable")
        found_in = np.bincount(words, minlength=len(number_of))
        self._starts = np.concatenate(([0], np.cumsum(found_in))).tolist()
        self._idf = np.log(1 + (len(counts) - found_in + 0.5) / (found_in + 0.5)).tolist()
        relative = 1 - B + B * lengths[holders] / (self._mean_length or 1.0)
        worths = times * (K1 + 1) / (times + K1 * relative)
        self._holders = holders[order]
        self._worths = (worths * np.array(self._idf)[words])[order] if len(words) else worths
        self._unseen = log(1 + (len(counts) + 0.5) / 0.5)
        self._places: dict[str, int] = {paper.id: number for number, paper in enumerate(self.papers)}

    def _rarity(self, word: str) -> float:
        number = self._words.get(word)
        return self._unseen if number is None else float(self._idf[number])

    def _scores(self, words: Sequence[str]) -> "np.ndarray":
        import numpy as np

        scores = np.zeros(len(self.papers))
        for word in words:
            number = self._words.get(word)
            if number is not None:
                held = slice(self._starts[number], self._starts[number + 1])
                scores[self._holders[held]] += self._worths[held]
        return scores

    def score(self, words: Sequence[str], paper: Paper) -> float:
        """The BM25 score of one paper, which need not be in the library."""
        counts = _counts(paper.title, paper.abstract)
        relative = 1 - B + B * sum(counts.values()) / (self._mean_length or 1.0)
        held = ((self._rarity(word), counts[word]) for word in words if word in counts)
        return sum(rarity * times * (K1 + 1) / (times + K1 * relative) for rarity, times in held)

    def better(self, words: Sequence[str], cited: Sequence[Paper]) -> tuple[Paper, float] | None:
        """The best paper that is not cited, if it is clearly better than the cited ones, with the margin, from -1 (only
        this paper contains the words) to `CLEARLY_BETTER`, or to 0 for a sentence strange to what it cites. None if
        there is none, if the words are too common, or if a cited paper contains most of them."""
        said = sum(map(self._rarity, words))
        counts = [_counts(paper.title, paper.abstract) for paper in cited]
        held = max((sum(self._rarity(word) for word in words if word in count) for count in counts), default=0.0)
        if said < LEAST_SAID * self._unseen or held >= HELD * said:
            return None
        scores = self._scores(words)
        own = max((self.score(words, paper) for paper in cited), default=0.0)
        for paper in cited:
            if (place := self._places.get(paper.id)) is not None:
                scores[place] = 0.0
        if not len(scores) or scores.max() <= 0:
            return None
        place = int(scores.argmax())
        best = float(scores[place])
        margin = (own - best) / (own + best)
        strange = held < STRANGE * said and said >= MUCH_SAID * self._unseen
        if strange:
            return (self.papers[place], margin) if margin < 0 else None
        other = _counts(self.papers[place].title, self.papers[place].abstract)
        more = sum(self._rarity(word) for word in words if word in other) - held
        return (self.papers[place], margin) if margin < CLEARLY_BETTER and more >= HELD_MORE * said else None


_kept: list[tuple[Sequence[Paper], int, AbstractIndex]] = []


def index_of(library: Sequence[Paper]) -> AbstractIndex:
    """The index of a library. The last three are cached, by the sequence's identity and length."""
    for kept, length, index in _kept:
        if kept is library and length == len(library):
            return index
    index = AbstractIndex(library)
    _kept.insert(0, (library, len(library), index))
    del _kept[3:]
    return index


def better_paper(text: str, cited: Sequence[Paper], library: Sequence[Paper]) -> Paper | None:
    """The paper of the library that fits a clean sentence clearly better than those it cites; None if there is none, or
    if the sentence says too little to tell."""
    if not library:
        return None
    found = index_of(library).better(list(dict.fromkeys(content_words(text))), cited)
    return found[0] if found else None
