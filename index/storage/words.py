"""The word index: which papers contain which words, and with what weight (BM25); who wrote them and what they are
called.

One tantivy index in one folder; `library_words.py` keeps that of a library in step with the record. Knows nothing of
vectors, dates or questions.
"""

import math
import operator
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import tantivy

from index.paper import Paper
from index.safety.permissions import private_folder
from index.storage.dated import PapersOfDays
from index.text import FORMS, STEMS, fold, names_of, stems_of

_HEAP = 20_000_000  # bytes; tantivy requires at least 15 million
_LONGEST_NAME = 1_000  # characters
_LIKENESS = 0.5  # of two words: the share of their letters that they have in common, in order
_COUNTED = 1_000  # papers that are counted one by one
_EVERY = "1"
_MANY_OF_ALL = 0.2  # of all papers: from so many on, those of other days are left out of what is found
_FREQUENCIES = 10_000  # of words and phrases, kept until something is written
_CAPITALISED = re.compile(r"(?<!^)\b[A-Z][a-z]+\b")  # in a title it says nothing; the first word may be a name


_Counted = tuple[list[str], list[int]]
"""Terms and how many papers contain each, the most frequent first."""


def _by_length(terms: Iterable[tuple[str, int]]) -> dict[int, _Counted]:
    by_length: dict[int, _Counted] = {}
    for term, count in sorted(terms, key=operator.itemgetter(1), reverse=True):
        of_length = by_length.setdefault(len(term), ([], []))
        of_length[0].append(term)
        of_length[1].append(count)
    return by_length


def _pair(stems: Iterable[str]) -> str:
    """Two stems next to each other, as the index holds them."""
    return " ".join(stems)


def _schema() -> tantivy.Schema:
    """What is indexed of a paper. Another schema is another form (see `library_words.py`)."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", tokenizer_name="stems")
    builder.add_text_field("pairs", tokenizer_name="raw", index_option="freq")
    builder.add_text_field("forms", tokenizer_name="forms", index_option="basic")
    builder.add_text_field("people", tokenizer_name="stems", index_option="basic")
    builder.add_text_field("names", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("every", tokenizer_name="raw", index_option="basic")  # every paper has _EVERY
    builder.add_integer_field("day", indexed=True, fast=True)
    return builder.build()


class WordIndex:
    """One tantivy index in one folder. Any number of processes read it; one at a time may `write`."""

    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self.reload()

    @classmethod
    def open(cls, folder: Path) -> "WordIndex":
        """Opens the index in a folder, creating it if it is missing. Raises ValueError if it cannot be read or was
        made by another version."""
        private_folder(folder)
        index = tantivy.Index(_schema(), path=str(folder))
        index.register_tokenizer("stems", STEMS)
        index.register_tokenizer("forms", FORMS)
        index.config_reader("manual")
        return cls(index)

    def write(self, papers: Iterable[Paper], removed: Iterable[str] = ()) -> None:
        """Adds papers, replacing those with the same id, and deletes the `removed` ids, in one commit. Only for the
        process that holds the library's lock."""
        writer = self._index.writer(_HEAP, 1)
        for paper_id in removed:
            writer.delete_documents_by_term("id", paper_id)
        for paper in papers:
            writer.delete_documents_by_term("id", paper.id)
            folded = fold(f"{paper.title}\n{paper.abstract}")
            forms = f"{_CAPITALISED.sub(lambda found: found[0].lower(), fold(paper.title))}\n{fold(paper.abstract)}"
            names = [name for name in names_of(paper) if len(name) <= _LONGEST_NAME]
            people = [fold(name) for name in (*paper.authors, paper.organization or "")]
            day = [int(paper.day.replace("-", ""))] if paper.day else []
            document = tantivy.Document(
                id=[paper.id],
                text=[folded],
                pairs=[*map(_pair, pairwise(stems_of(folded)))],
                forms=[forms],
                people=people,
                names=names,
                every=[_EVERY],
                day=day,
            )
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self.reload()

    def reload(self) -> None:
        """Picks up what any process has committed since."""
        self._index.reload()
        self._searcher = self._index.searcher()
        self._frequencies: dict[tuple[str, ...], int] = {}
        self._terms: dict[tuple[str, str], int] = {}  # by field: how many papers have each, with those removed since
        self._removed = self._held("every", _EVERY) - self.count()  # that tantivy still counts in its terms
        self._spelt: dict[tuple[str, str], dict[int, _Counted]] = {}  # terms by field, first letter and length
        self._stems: list[str] | None = None

    def close(self) -> None:
        """Closes the files."""
        del self._searcher, self._index

    def count(self) -> int:
        """How many papers are in the index."""
        return int(self._searcher.num_docs)

    def ids(self) -> set[str]:
        """The ids of the papers in the index."""
        everything = tantivy.Query.all_query()
        return {term for term, _ in self._searcher.terms_with_prefix("id", "", filter_query=everything)}

    def frequency(self, *stems: str) -> int:
        """How many papers contain a word, given as its stem, or several stems next to each other in this order. Of a
        word in more than a thousand, papers that were removed or replaced may still be counted."""
        found = self._frequencies.get(stems)
        if found is None:
            if len(self._frequencies) >= _FREQUENCIES:
                self._frequencies.clear()
            found = self._frequencies[stems] = self._frequency(stems)
        return found

    def _frequency(self, stems: tuple[str, ...]) -> int:
        if len(stems) > 2:
            return self._count(self._phrase(stems))
        held = self._held("text", stems[0]) if len(stems) == 1 else self._held("pairs", _pair(stems))
        if not self._removed or held > max(_COUNTED, self._removed):
            return min(held, self.count())
        return self._count(self._phrase(stems)) if held else 0

    def _count(self, query: tantivy.Query) -> int:
        found: Any = self._searcher.search(query, 1)
        return int(found.count)

    def _held(self, field: str, term: str) -> int:
        held = self._terms.get((field, term))
        if held is None:
            if len(self._terms) >= _FREQUENCIES:
                self._terms.clear()
            held = self._terms[field, term] = self._searcher.doc_freq(field, term)
        return held

    def people(self, stem: str) -> int:
        """How many papers are by people, or an organisation, with this word in their name."""
        return self._count(self._person(stem)) if self._held("people", stem) else 0

    def idf(self, stem: str) -> float:
        """The inverse document frequency of a stem as in BM25; highest for a word that no paper contains."""
        held = self._held("text", stem)
        return self._idf(held) if held < self.count() else 0.0

    def _idf(self, held: int) -> float:
        return math.log(1 + (max(self.count(), held) - held + 0.5) / (held + 0.5))

    def scores(
        self,
        weights: Mapping[str, float],
        n: int,
        within: Collection[str] | None = None,
        phrases: Mapping[tuple[str, str], float] | None = None,
        people: Collection[str] = (),
    ) -> dict[str, float]:
        """The BM25 scores of the `n` best papers, best first, for weighted stems, weighted phrases of two stems, and
        stems of people's names; only among the papers `within` if given (word statistics are still those of all)."""
        if not (weights or people) or n < 1 or (within is not None and not within):
            return {}
        terms = [tantivy.Query.boost_query(self._term(stem), weight) for stem, weight in weights.items()]
        terms += [self._weighted(pair, weight) for pair, weight in (phrases or {}).items()]
        terms += [self._person(stem) for stem in people]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
        if isinstance(within, PapersOfDays) and (best := self._best_of_days(query, n, within)) is not None:
            return best
        if within is not None:
            unscored = tantivy.Query.const_score_query(self._within(within), 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, unscored)])
        return self._found(query, n)

    def _best_of_days(self, query: tantivy.Query, n: int, within: PapersOfDays) -> dict[str, float] | None:
        """The best papers of days that many papers have: faster found among more of the best of all days. None if those
        are too few."""
        share = len(within) / max(self.count(), 1)
        if share < _MANY_OF_ALL:
            return None
        first, last = within.days
        hits = self._searcher.search(query, asked := int(2 * n / share), count=False).hits
        days = self._searcher.fast_field_values("day", [address for _, address in hits])
        of_days = [hit for hit, day in zip(hits, days, strict=True) if day is not None and first <= day <= last][:n]
        return self._ids(of_days) if len(of_days) == n or len(hits) < asked else None

    def _within(self, papers: Collection[str]) -> tantivy.Query:
        if isinstance(papers, PapersOfDays):
            return tantivy.Query.range_query(self._index.schema, "day", tantivy.FieldType.Integer, *papers.days)
        return tantivy.Query.term_set_query(self._index.schema, "id", list(papers))

    def holding(self, stems: Sequence[str]) -> set[str]:
        """The ids of all papers whose title or abstract has these stems next to each other in this order."""
        return set(self._found(self._phrase(stems), self.count())) if stems else set()

    def named(self, names: Collection[str]) -> list[str]:
        """The ids of at most a hundred papers known by one of these squashed names (see `names_of`)."""
        there = [name for name in names if self._searcher.doc_freq("names", name)]  # seldom any
        query = tantivy.Query.term_set_query(self._index.schema, "names", there)
        return list(self._found(query, 100)) if there else []

    def forms_near(self, word: str, most: int, least: float = 0.0) -> dict[str, int]:
        """The words that begin as a word does, are at most so many slips away and in at least so many papers, as papers
        write them, and how many papers contain each; capitals in titles are lowered."""
        return self._near("forms", word, most, least)

    def stems_starting(self, prefix: str) -> list[tuple[str, int]]:
        """The stems that begin with a prefix, and how many papers contain each."""
        return self._searcher.terms_with_prefix("text", prefix)

    def stems_alike(self, stems: Collection[str], most: int) -> dict[str, float]:
        """The stems most like each of some, at most so many, and how like they are (0 to 1)."""
        from rapidfuzz import process
        from rapidfuzz.distance import Indel

        if self._stems is None:
            self._stems = [stem for stem, _ in self.stems_starting("")]
        alike: dict[str, float] = {}
        like = Indel.normalized_similarity
        for stem in stems:
            found = process.extract(stem, self._stems, scorer=like, score_cutoff=_LIKENESS, limit=most)
            alike |= {term: max(likeness, alike.get(term, 0.0)) for term, likeness, _ in found}
        return alike

    def names_starting(self, prefix: str) -> list[str]:
        """The squashed names of papers that begin with a prefix."""
        return [name for name, _ in self._searcher.terms_with_prefix("names", prefix)]

    def names_near(self, name: str, most: int) -> dict[str, int]:
        """The squashed names of papers that begin as a name does and are at most so many slips away, and how many
        papers have each."""
        return self._near("names", name, most, 0.0)

    def _near(self, field: str, word: str, most: int, least: float) -> dict[str, int]:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        by_length = self._spelt.get((field, word[0]))
        if by_length is None:
            by_length = self._spelt[field, word[0]] = _by_length(self._searcher.terms_with_prefix(field, word[0]))
        near: dict[str, int] = {}
        for length in range(len(word) - most, len(word) + most + 1):
            terms, counts = by_length.get(length, ([], []))
            terms = terms[: bisect_right(counts, -least, key=operator.neg)]
            found = process.extract(word, terms, scorer=OSA.distance, score_cutoff=most, limit=None)
            near |= {term: counts[place] for term, _, place in found}
        return near

    def _found(self, query: tantivy.Query, n: int) -> dict[str, float]:
        return self._ids(self._searcher.search(query, max(n, 1), count=False).hits)

    def _ids(self, hits: Iterable[tuple[Any, tantivy.DocAddress]]) -> dict[str, float]:
        return {self._searcher.doc(address)["id"][0]: score for score, address in hits}

    def _weighted(self, pair: tuple[str, str], weight: float) -> tantivy.Query:
        """A phrase of two stems, which is as rare as both together in BM25. As a term of its own it is found several
        times as fast as from the places of both: tantivy then need not look at each paper that has one of the words."""
        of_both = sum(self._idf(self._held("text", stem)) for stem in pair)
        weight *= of_both / self._idf(self._held("pairs", _pair(pair)))
        return tantivy.Query.boost_query(self._phrase(pair), weight)

    def _phrase(self, stems: Sequence[str]) -> tantivy.Query:
        if len(stems) == 1:
            return self._term(stems[0])
        if len(stems) == 2:
            return tantivy.Query.term_query(self._index.schema, "pairs", _pair(stems), index_option="freq")
        return tantivy.Query.phrase_query(self._index.schema, "text", list(stems))

    def _person(self, stem: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._index.schema, "people", stem, index_option="basic")

    def _term(self, stem: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._index.schema, "text", stem)
