"""The word index: which papers hold which words, and how much (BM25), whose they are and what they go by.

`WordIndex` is one tantivy index in one folder; `LibraryWords` keeps one that has what the record has. tantivy itself
survives a kill, so that a sound index is written where it is; one that lost something or cannot be read is made anew
in the next generation. Nothing here knows of vectors, dates or questions.
"""

import contextlib
import math
import re
import tempfile
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tantivy

from index.errors import LibraryError
from index.paper import Paper
from index.safety.permissions import private_folder
from index.storage.generation import Generations
from index.storage.record import Record
from index.text import FORMS, STEMS, fold, names_of

_HEAP = 20_000_000  # bytes; tantivy asks for at least 15 million
_META = "meta.json"  # tantivy's own; without it opening would make an empty index
_LONGEST_NAME = 1_000  # characters
_CAPITALISED = re.compile(r"(?<!^)\b[A-Z][a-z]+\b")  # tells nothing in a title; its first word may be a name


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", tokenizer_name="stems")
    builder.add_text_field("forms", tokenizer_name="forms", index_option="basic")
    builder.add_text_field("people", tokenizer_name="stems", index_option="basic")
    builder.add_text_field("names", tokenizer_name="raw", index_option="basic")
    return builder.build()


class WordIndex:
    """One tantivy index in one folder. Any number of processes read it; one at a time may `write`."""

    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self.reload()

    @classmethod
    def open(cls, folder: Path) -> "WordIndex":
        """Opens the index of a folder and creates it where it is missing. Raises ValueError where what is there
        cannot be read or was made by another version."""
        private_folder(folder)
        index = tantivy.Index(_schema(), path=str(folder))
        index.register_tokenizer("stems", STEMS)
        index.register_tokenizer("forms", FORMS)
        index.config_reader("manual")
        return cls(index)

    def write(self, papers: Iterable[Paper], removed: Iterable[str] = ()) -> None:
        """Puts papers in, replacing those of the same id, and takes `removed` ids out, in one commit. For the
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
            document = tantivy.Document(id=[paper.id], text=[folded], forms=[forms], people=people, names=names)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self.reload()

    def reload(self) -> None:
        """Sees what was committed since, by any process."""
        self._index.reload()
        self._searcher = self._index.searcher()

    def close(self) -> None:
        """Lets go of the files."""
        del self._searcher, self._index

    def count(self) -> int:
        """How many papers are in the index."""
        return int(self._searcher.num_docs)

    def ids(self) -> set[str]:
        """The ids of the papers in the index."""
        everything = tantivy.Query.all_query()
        return {term for term, _ in self._searcher.terms_with_prefix("id", "", filter_query=everything)}

    def frequency(self, *stems: str) -> int:
        """How many papers hold a word, given as its stem, or several next to each other in this order."""
        found: Any = self._searcher.search(self._phrase(stems), 1)
        return int(found.count)

    def people(self, stem: str) -> int:
        """How many papers are by people, or an organisation, whose name has this word."""
        found: Any = self._searcher.search(self._person(stem), 1)
        return int(found.count)

    def idf(self, stem: str) -> float:
        """The inverse document frequency of a stem as BM25 counts it; a word that no paper holds has the highest."""
        held = self._searcher.doc_freq("text", stem)
        return math.log(1 + (self.count() - held + 0.5) / (held + 0.5)) if held < self.count() else 0.0

    def scores(
        self,
        weights: Mapping[str, float],
        n: int,
        within: Collection[str] | None = None,
        phrases: Mapping[tuple[str, ...], float] | None = None,
        people: Collection[str] = (),
    ) -> dict[str, float]:
        """The BM25 scores of the `n` best papers for stems, phrases of stems, and stems of people's names, with
        their weights; best first; of papers `within` alone where that is given (statistics stay those of all)."""
        if not (weights or people) or n < 1 or (within is not None and not within):
            return {}
        terms = [tantivy.Query.boost_query(self._term(stem), weight) for stem, weight in weights.items()]
        terms += [tantivy.Query.boost_query(self._phrase(p), weight) for p, weight in (phrases or {}).items()]
        terms += [self._person(stem) for stem in people]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
        if within is not None:
            kept = tantivy.Query.term_set_query(self._index.schema, "id", list(within))
            unscored = tantivy.Query.const_score_query(kept, 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, unscored)])
        return self._found(query, n)

    def holding(self, stems: Sequence[str]) -> set[str]:
        """The ids of all papers whose title or abstract holds these stems next to each other in this order."""
        return set(self._found(self._phrase(stems), self.count())) if stems else set()

    def named(self, names: Collection[str]) -> list[str]:
        """The ids of papers that go by one of these squashed names (see `names_of`); a hundred at most."""
        return list(self._found(tantivy.Query.term_set_query(self._index.schema, "names", list(names)), 100))

    def forms_starting(self, prefix: str) -> list[tuple[str, int]]:
        """The words that begin so, as papers write them, and in how many papers each stands; titles' capitals
        are taken off."""
        return self._searcher.terms_with_prefix("forms", prefix)

    def names_starting(self, prefix: str) -> list[str]:
        """The squashed names of papers that begin so."""
        return [name for name, _ in self._searcher.terms_with_prefix("names", prefix)]

    def _found(self, query: tantivy.Query, n: int) -> dict[str, float]:
        searcher = self._searcher
        hits = searcher.search(query, max(n, 1), count=False).hits
        return {searcher.doc(address)["id"][0]: score for score, address in hits}

    def _phrase(self, stems: Sequence[str]) -> tantivy.Query:
        if len(stems) == 1:
            return self._term(stems[0])
        return tantivy.Query.phrase_query(self._index.schema, "text", list(stems))

    def _person(self, stem: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._index.schema, "people", stem, index_option="basic")

    def _term(self, stem: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._index.schema, "text", stem)


class LibraryWords:
    """The word index of a library. Any thread may read; the holder of the writing lock alone calls `fill` and
    `rebuild`."""

    def __init__(self, record: Record, folder: Path) -> None:
        self._record = record
        self._generations = Generations(record, folder, "words", "*")
        self._opening = threading.Lock()
        self._index: WordIndex | None = None
        self._seen: tuple[int, int] | None = None  # generation and change of what is open
        self._own_copy: tempfile.TemporaryDirectory[str] | None = None
        self.damaged = False

    def index(self) -> WordIndex:
        """The word index as it is now. Of a damaged one the reader makes a copy of its own, anew of the record."""
        state = self._generations.state()
        now = (state["generation"], state["change"])
        with self._opening:
            if self._index is None or self._seen != now:
                if self._index is not None and self._seen and self._seen[0] == now[0] and not self.damaged:
                    self._index.reload()
                else:
                    self._let_go()
                    self._index = self._sound(state) or self._copy()
                self._seen = now
            return self._index

    def _sound(self, state: dict[str, Any]) -> WordIndex | None:
        """The index of a generation, opened; None where it is not what was written."""
        folder = self._generations.path(state["generation"])
        if self._is_settled(state) and not self._generations.is_as_written(state) and self._is_settled(state):
            return None
        try:
            return WordIndex.open(folder) if (folder / _META).is_file() else None
        except ValueError:
            return None

    def _is_settled(self, state: dict[str, Any]) -> bool:
        """Whether nobody has written since: the files are those of the state."""
        return self._record.change() == state["change"] and self._generations.state() == state

    def _copy(self) -> WordIndex:
        self.damaged = True
        self._own_copy = tempfile.TemporaryDirectory(prefix="papers-words-", ignore_cleanup_errors=True)
        index = WordIndex.open(Path(self._own_copy.name))
        index.write(self._record.papers())
        return index

    def _let_go(self) -> None:
        self._index = None  # not closed: another thread may be searching in it
        if self._own_copy is not None:
            self._own_copy.cleanup()
            self._own_copy = None
        self.damaged = False

    def close(self) -> None:
        """Lets go of the files."""
        with self._opening:
            if self._index is not None:
                self._index.close()
            self._let_go()

    # -- agreeing with the record

    def change(self) -> int:
        """The change of the record that the index has; -1 where there is none."""
        return self._generations.change()

    def problems(self) -> list[str]:
        """In what the word index and the record disagree; a sentence each."""
        state = self._generations.state()
        if state["change"] < self._record.change():
            return ["The word index is behind the record."]
        index = self._sound(state)
        if index is None:
            return ["The word index is damaged."]
        with contextlib.closing(index):
            wrong = index.ids() ^ {paper_id for paper_id, _ in self._record.titles()}
        return [f"The word index and the record differ in {len(wrong)} papers."] if wrong else []

    # -- writing, for the holder of the lock

    def fill(self) -> None:
        """Writes what the index lacks; all of it, in a new generation, where it is damaged or has lost something."""
        state = self._generations.state()
        if state:
            change, after = self._record.change(), state["change"]
            index = self.index()
            try:
                if not self.damaged and change > after:
                    index.write(self._record.changed_papers(after), self._record.removed("paper", after))
                if not self.damaged and index.count() == self._record.count():
                    if change > after:
                        self._generations.use(state["generation"], change)
                    return
            except (ValueError, OSError):  # so it can be damaged where nobody looked
                pass
        self.rebuild()

    def rebuild(self) -> None:
        """Makes the index anew of the record, in a new generation. Raises LibraryError."""
        generation, change = self._generations.following(), self._record.change()
        try:
            with contextlib.closing(WordIndex.open(self._generations.path(generation))) as index:
                index.write(self._record.papers())
        except ValueError as error:  # tantivy's only kind
            raise LibraryError(f"The word index could not be written: {error}") from error
        self._generations.use(generation, change)
        with self._opening:
            self._let_go()
        self._generations.clean({generation})
