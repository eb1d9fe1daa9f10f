"""Ranks papers for a question by words and vectors, filtered by dates, and picks their best sentences.

One rule with one weight: the score of the word index and that of the vectors, each divided by the best it gives any
paper for this question, count half each. Measured with `tests/benchmarks/retrieval.py`. Dates and ids filter before
ranking. Knows nothing of how papers are stored.
"""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from index.dates import DatedQuestion, read_question
from index.errors import EmbeddingError
from index.paper import Hit, Paper, iso_date
from index.query import Terms, Titled
from index.sentences import Sentence
from index.storage.dated import PapersOfDays
from index.storage.words import WordIndex
from index.text import stems_among, stems_of

if TYPE_CHECKING:
    import numpy as np

    from index.embedding import Embedder
    from index.storage.vectors import Near

_MEANING = 0.5  # the weight of the vectors; that of the words is the rest
_LEAST = 0.25  # of the question's idf: a best paper that covers less is not a yardstick for the others
_CANDIDATES = 200  # papers that each side proposes
_CHUNKS = 3  # nearest chunks that are asked for to propose one paper
_ALIKE = 20  # stems that a word may be a misspelling of
_ALL = 1_000_000  # every chunk of some papers
_SENTENCES = 3


class Searchable(Titled, Protocol):
    """What ranking needs from a library."""

    @property
    def embedder(self) -> "Embedder":
        """What made the vectors. Raises EmbeddingError if it is unavailable."""

    def terms(self, text: str) -> Terms:
        """The words of a question as search terms."""

    def count(self) -> int:
        """How many papers there are."""

    def count_undated(self) -> int:
        """How many papers have no day."""

    def of_days(self, first: int, last: int) -> PapersOfDays:
        """The ids of the papers of some days, yyyymmdd."""

    def newest(self, limit: int) -> list[str]:
        """The ids of the newest papers."""

    @property
    def server_notice(self) -> str:
        """A sentence if the server that holds the vectors did not answer; empty if it did, or there is none."""

    def nearest(self, vector: "np.ndarray", n: int, within: Collection[str] | None = None) -> "list[Near]":
        """The chunks nearest to a vector, best first: paper id, first and last sentence, cosine."""

    def paper_vectors(self, ids: Sequence[str]) -> "np.ndarray":
        """The mean of each paper's chunk vectors, of length 1."""


@dataclass(frozen=True)
class SearchResult:
    """What a question finds. `notices`: the filters used and the spellings corrected; `unknown_words`: words and
    names of the question that appear in no paper; `named`: the papers it names, which come first; `since`,
    `until`: the days searched; `dropped_dates`: the words of a date that matched no paper, so that all dates were
    searched."""

    hits: tuple[Hit, ...] = ()
    notices: tuple[str, ...] = ()
    unknown_words: tuple[str, ...] = ()
    named: tuple[Paper, ...] = ()
    since: str | None = None
    until: str | None = None
    dropped_dates: str | None = None


def look_up(
    library: Searchable,
    query: str,
    k: int = 10,
    since: str | datetime.date | None = None,
    until: str | datetime.date | None = None,
    only: Collection[str] | None = None,
    spend: bool = True,
    today: datetime.date | None = None,
) -> SearchResult:
    """The `k` papers that fit a question best, each with its best sentences. `since` and `until` (both included) win
    over dates in the question; `only`: ids to search in; `spend`: whether the question may be embedded by a paid
    API; `today`: what "last week" counts from. Raises ValueError for an invalid date."""
    asked = read_question(query, today)
    window = _window(library, asked, iso_date(since), iso_date(until), only)
    terms, words = library.terms(asked.text), library.words
    notices = [*window.notices, *terms.notices]
    found = [p for p in terms.named if window.ids is None or p.id in window.ids]
    named = {p.id: float(len(found) - place) for place, p in enumerate(found)}  # above what ranking gives, in order
    if terms.weights or terms.people or named:
        meaning = _meaning(library, words, terms, spend, notices) if terms.weights else None
        many = _CANDIDATES if meaning and meaning.alike is None else 0  # words rank as many as are wanted
        ranked = _ranked(library, words, terms, meaning, max(many, 2 * k), window.ids, list(named))
        notices += filter(None, [library.server_notice if meaning else ""])
        scores = {i: first + ranked.get(i, 0.0) for i, first in named.items()}
        scores |= {i: score for i, score in ranked.items() if i not in named}
    elif terms.unknown:  # an id that the library does not have
        scores = {}
    else:  # nothing but dates, or nothing at all: what is there, the newest first
        scores = dict.fromkeys(_newest(library, window.ids, k), 0.0)
    best = list(scores)[: max(k, 0)]
    papers = library.papers_by_id(best)
    idfs = {stem: words.idf(stem) for stem in terms.weights}
    hits = tuple(
        Hit(papers[i], scores[i], _best_sentences(papers[i], idfs), rank)
        for rank, i in enumerate((i for i in best if i in papers), 1)
    )
    return SearchResult(hits, tuple(notices), terms.unknown, tuple(found), window.since, window.until, window.dropped)


# -- dates and ids


@dataclass(frozen=True)
class _Window:
    """The ids to search in (None: all) and how they were chosen."""

    ids: Collection[str] | None
    since: str | None = None
    until: str | None = None
    notices: tuple[str, ...] = ()
    dropped: str | None = None


def _window(
    library: Searchable, asked: DatedQuestion, since: str | None, until: str | None, only: Collection[str] | None
) -> _Window:
    """The papers to search in. Given days override those in the question and may leave nothing; days in the question
    are dropped if they leave nothing."""
    given = bool(since or until)
    if not given:
        since, until = asked.since, asked.until
    if not (since or until):
        return _Window(only)
    first, last = _number(since or "0000-00-00"), _number(until or "9999-99-99")
    ids: Collection[str]
    if only is None:
        ids, among, undated = library.of_days(first, last), library.count(), library.count_undated()
    else:
        papers = library.papers_by_id(only).values()
        ids = [p.id for p in papers if p.day and first <= _number(p.day) <= last]
        among, undated = len(papers), sum(not p.day for p in papers)
    words = f" (“{asked.words}”)" if asked.words and not given else ""
    if not ids and not given:
        said = f"No paper is {_in_words(since, until)}{words}: all dates were searched."
        return _Window(only, notices=(said,), dropped=asked.words)
    left_out = f"; {undated} without a date {'is' if undated == 1 else 'are'} left out" if undated else ""
    notices = [f"Only papers {_in_words(since, until)}{words}: {len(ids)} of {among}{left_out}."]
    if given and asked.words:
        notices.append(f"The dates given were used, not “{asked.words}”.")
    return _Window(ids, since, until, tuple(notices))


def _newest(library: Searchable, ids: Collection[str] | None, k: int) -> list[str]:
    """The `k` newest of some papers (None: all), those without a day last, by id within a day."""
    if ids is None:
        return library.newest(k)
    papers = library.papers_by_id(list(islice(ids, k) if isinstance(ids, PapersOfDays) else ids)).values()
    return [p.id for p in sorted(papers, key=lambda p: (-_number(p.day or "0"), p.id))]


def _number(day: str) -> int:
    return int(day.replace("-", ""))


def _in_words(since: str | None, until: str | None) -> str:
    if since and until:
        return f"from {since}" if since == until else f"from {since} to {until}"
    return f"since {since}" if since else f"until {until}"


# -- ranking


@dataclass(frozen=True)
class _Meaning:
    """A question's vector, and its share of the half of the score that vectors decide. `alike`: the stems that the
    vector can only stand for, by likeness: papers that have none of them are not looked at; None: all are."""

    vector: "np.ndarray"
    share: float
    alike: Mapping[str, float] | None = None


def _meaning(library: Searchable, words: WordIndex, terms: Terms, spend: bool, notices: list[str]) -> _Meaning | None:
    """The vector of a question; None if it is unavailable, with the reason in `notices`.

    Hashed letters add to the word index only if a word is misspelt beyond recognition, so they are used for such
    words alone, weighted by the square of their share of the question, since a word in no paper is as often a word of
    its own. They are used for names if nothing else is asked: names spelled alike are then the nearest there are.
    """
    try:
        embedder = library.embedder
        if embedder.name == "hashing":
            nothing_known = not terms.people and terms.weights.keys() <= _stems(terms.unknown)
            spoken_of = terms.unknown if nothing_known else terms.misspelt
            if not spoken_of:
                return None
            stems = _stems(spoken_of)
            share = _idf(words, {s: terms.weights[s] for s in stems & terms.weights.keys()})
            share /= _idf(words, terms.weights) or 1.0
            return _Meaning(embedder.embed_question(" ".join(spoken_of)), share**2, words.stems_alike(stems, _ALIKE))
        if embedder.paid and not spend:
            notices.append("Searched by words alone: the library's embeddings come from a paid API.")
            return None
        return _Meaning(embedder.embed_question(terms.text), 1.0)
    except EmbeddingError as error:
        notices.append(f"Searched by words alone: {error}")
        return None


def _stems(words: Sequence[str]) -> set[str]:
    return {stem for word in words for stem in stems_of(word)}


def _idf(words: WordIndex, weights: Mapping[str, float]) -> float:
    return sum(weight * words.idf(stem) for stem, weight in weights.items())


def _ranked(
    library: Searchable,
    words: WordIndex,
    terms: Terms,
    meaning: _Meaning | None,
    n: int,
    within: Collection[str] | None,
    named: Sequence[str],
) -> dict[str, float]:
    """The scores of the papers that words or vectors propose, and of those that are `named`, best first."""
    by_words = words.scores(terms.weights, n, within, terms.phrases, terms.people)
    peak = max([*by_words.values(), _LEAST * _idf(words, terms.weights)], default=0.0) or 1.0
    by_words |= words.scores(terms.weights, len(named), [i for i in named if i not in by_words], terms.phrases)
    weight = _MEANING * meaning.share if meaning else 0.0
    by_meaning: dict[str, float] = {}
    if meaning:
        among = within
        if meaning.alike is not None:
            among = list(by_words | words.scores(meaning.alike, n, within))
        by_meaning = _cosines(library, meaning.vector, list(by_words), n, among)
        others = [i for i in by_meaning if i not in by_words]
        by_words |= words.scores(terms.weights, n, others, terms.phrases, terms.people)
    highest = max(by_meaning.values(), default=0.0) or 1.0
    scores = {
        i: (1 - weight) * by_words.get(i, 0.0) / peak + weight * by_meaning.get(i, 0.0) / highest
        for i in by_words | by_meaning
    }
    return dict(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])))


def _cosines(
    library: Searchable, vector: "np.ndarray", also: Sequence[str], n: int, within: Collection[str] | None
) -> dict[str, float]:
    """How near papers are in meaning, for the nearest `n` and for `also`: the mean of the best chunk's cosine and the
    cosine of the mean of all chunks."""
    best: dict[str, float] = {}
    for paper_id, _, _, cosine in library.nearest(vector, _CHUNKS * n, within):
        if paper_id in best or len(best) < n:
            best[paper_id] = max(cosine, best.get(paper_id, -1.0))
    if others := [i for i in also if i not in best]:
        for paper_id, _, _, cosine in library.nearest(vector, _ALL, others):
            best[paper_id] = max(cosine, best.get(paper_id, -1.0))
    means = library.paper_vectors(list(best)) @ vector if best else ()
    return {i: (cosine + float(mean)) / 2 for (i, cosine), mean in zip(best.items(), means, strict=True)}


def _best_sentences(paper: Paper, idfs: Mapping[str, float]) -> tuple[Sentence, ...]:
    """The sentences of an abstract that cover most of the question, best first: the idf of its words that they contain,
    with BM25's length damping (k1 1.2, b .75). The first sentence if none contains any."""
    sentences = paper.sentences
    found = stems_among([sentence.text for sentence in sentences], idfs)
    mean = sum(words for _, words in found) / (len(found) or 1) or 1.0
    scores = [sum(idfs[stem] for stem in stems) / (1.3 + 0.9 * words / mean) for stems, words in found]
    ranked = sorted((place for place, score in enumerate(scores) if score > 0), key=lambda place: -scores[place])
    return tuple(sentences[place] for place in ranked[:_SENTENCES]) or sentences[:1]
