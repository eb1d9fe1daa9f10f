"""The word index: which papers hold which words, and how much (BM25), in one tantivy index in one folder.

Made from the record and made again when it disagrees with it. It knows nothing of vectors, dates or questions.
"""

import math
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tantivy

from index.paper import Paper

_IDEOGRAPH = r"[\p{Han}\p{Hiragana}\p{Katakana}]"  # written without spaces: each is a word of its own
_WORD = rf"{_IDEOGRAPH}|[\p{{L}}\p{{N}}\p{{M}}--{_IDEOGRAPH}]+(?:\.\p{{N}}+[\p{{L}}\p{{N}}]*)*"  # "Qwen2.5" is one word
_LONGEST = 80
_HEAP = 20_000_000  # bytes; tantivy asks for at least 15 million
_COMMAND = re.compile(r"\\(?:text|math|operator)\w*\s*\{|\\[,;:!]")
_MARKUP = re.compile(r"_(?=\{)|[\^{}$\\\u00ad\u200b]|['’]s\b")


def fold(text: str) -> str:
    """Text as it is matched: compatibility characters unified, LaTeX dressing and possessives off
    (`$D^{2}$MoE` is `D2MoE`), underscores as spaces."""
    text = unicodedata.normalize("NFKC", text)
    return _MARKUP.sub("", _COMMAND.sub("", text)).replace("_", " ")


def _analyzer(stemmed: bool) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(_WORD))
    builder = builder.filter(tantivy.Filter.remove_long(_LONGEST)).filter(tantivy.Filter.ascii_fold())
    if stemmed:
        builder = builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.stemmer("english"))
    return builder.build()


_STEMS = _analyzer(stemmed=True)
_FORMS = _analyzer(stemmed=False)


def stems_of(text: str) -> list[str]:
    """The words of a text as the index holds them: folded, lower case, Porter stems, in order."""
    return _STEMS.analyze(fold(text))


def forms_of(text: str) -> list[str]:
    """The words of a text as they are written, case kept; one for each of `stems_of`."""
    return _FORMS.analyze(fold(text))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", tokenizer_name="stems")
    builder.add_text_field("forms", tokenizer_name="forms", index_option="basic")
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
        folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(_schema(), path=str(folder))
        index.register_tokenizer("stems", _STEMS)
        index.register_tokenizer("forms", _FORMS)
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
            text = f"{paper.title}\n{paper.abstract}"
            folded = fold(text)
            writer.add_document(tantivy.Document(id=paper.id, text=folded, forms=folded))
        writer.commit()
        writer.wait_merging_threads()
        self.reload()

    def reload(self) -> None:
        """Sees what was committed since, by any process."""
        self._index.reload()
        self._searcher = self._index.searcher()
        self._vocabulary: list[tuple[str, int]] | None = None

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

    def frequency(self, stem: str) -> int:
        """How many papers hold a word, given as its stem."""
        found: Any = self._searcher.search(self._term(stem), 1)
        return int(found.count)

    def idf(self, stem: str) -> float:
        """The inverse document frequency of a stem as BM25 counts it; a word that no paper holds has the highest."""
        held = self._searcher.doc_freq("text", stem)
        return math.log(1 + (self.count() - held + 0.5) / (held + 0.5)) if held < self.count() else 0.0

    def scores(self, weights: Mapping[str, float], n: int, within: Collection[str] | None = None) -> dict[str, float]:
        """The BM25 scores of the `n` best papers for stems with their weights, best first; of papers `within` alone
        where that is given (statistics stay those of the whole index)."""
        terms = [tantivy.Query.boost_query(self._term(stem), weight) for stem, weight in weights.items()]
        if not terms or n < 1 or (within is not None and not within):
            return {}
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
        if within is not None:
            kept = tantivy.Query.const_score_query(
                tantivy.Query.term_set_query(self._index.schema, "id", list(within)), 0.0
            )
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, kept)])
        searcher = self._searcher
        return {searcher.doc(address)["id"][0]: score for score, address in searcher.search(query, n).hits}

    def holding(self, stems: Sequence[str]) -> set[str]:
        """The ids of all papers whose title or abstract holds these stems next to each other in this order."""
        if not stems:
            return set()
        one = len(stems) == 1
        query = self._term(stems[0]) if one else tantivy.Query.phrase_query(self._index.schema, "text", list(stems))
        searcher = self._searcher
        hits = searcher.search(query, max(self.count(), 1)).hits
        return {searcher.doc(address)["id"][0] for _, address in hits}

    def vocabulary(self) -> list[tuple[str, int]]:
        """Every word as papers write it, and in how many of them it stands."""
        if self._vocabulary is None:
            self._vocabulary = self._searcher.terms_with_prefix("forms", "")
        return self._vocabulary

    def _term(self, stem: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._index.schema, "text", stem)
