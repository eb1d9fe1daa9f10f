"""Search through the library: names, misspellings, dates, people, and the notices about them."""

import datetime
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from invented import SEARCHABLE

from index import Library, Paper
from index.embedding.hashing import Hashing
from index.errors import EmbeddingError
from index.search import SearchResult, look_up

TODAY = datetime.date(2026, 4, 20)
BY_TITLE = {paper.title: paper for paper in SEARCHABLE}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("library"), "hashing", offline=True) as opened:
        opened.add(SEARCHABLE)
        yield opened


def titles(found: SearchResult) -> list[str]:
    return [hit.paper.title.split(":")[0] for hit in found.hits]


class Model(Hashing):
    """An embedder that ranking takes for a model: one direction for each of a few subjects."""

    name = "model"
    subjects = (("chip", "hardware", "fpga", "accelerator", "verilog"), ("prun", "sparse"), ("memory", "remember"))

    def embed_question(self, text: str) -> np.ndarray:
        return self.embed([text])[0]

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        rows = [[0.1, *(sum(w in text.lower() for w in words) for words in self.subjects)] for text in texts]
        vectors = np.array(rows, dtype=np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class WithModel:
    """A library whose vectors a model made."""

    def __init__(self, library: Library, embedder: Hashing) -> None:
        self._library = library
        self.embedder = embedder
        self._chunks = {p.id: embedder.embed([s.text for s in p.sentences]) for p in library.papers()}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library, name)

    def nearest(
        self, vector: np.ndarray, n: int, within: Collection[str] | None = None
    ) -> list[tuple[str, int, int, float]]:
        chunks = ((i, row, c) for i, rows in self._chunks.items() for row, c in enumerate(rows @ vector, 1))
        near = [(i, row, row, float(c)) for i, row, c in chunks if within is None or i in within]
        return sorted(near, key=lambda chunk: -chunk[3])[:n]

    def paper_vectors(self, ids: Sequence[str]) -> np.ndarray:
        means = np.array([self._chunks[i].mean(axis=0) for i in ids])
        return means / np.linalg.norm(means, axis=1, keepdims=True)


class WithoutVectors:
    """A library whose vectors cannot be had."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @property
    def embedder(self) -> Hashing:
        raise EmbeddingError("The model is gone.")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library, name)


# -- names


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("SwiftNet v5", "SwiftNetV5"),
        ("swiftnetv5", "SwiftNetV5"),
        ("swift net V5", "SwiftNetV5"),
        ("what does Swift-Net-V5 search?", "SwiftNetV5"),
        ("Q2MoE", "Q^{2}MoE"),
        ("q2 moe on phones", "Q^{2}MoE"),
        ("Q²MoE", "Q^{2}MoE"),
        ("N3ViT", "N$^3$ViT"),
        ("N^3ViT energy", "N$^3$ViT"),
        ("turbo attention 4", "TurboAttention-4"),
        ("How fast is TurboAttention4?", "TurboAttention-4"),
        ("a gymnasium for chip architects", "A Gymnasium for Chip Architects"),
        ("2111.10007", "SwiftNetV5"),
        ("What is in arXiv:2111.10007v3?", "SwiftNetV5"),
        ("see https://arxiv.org/abs/2006.02049v2, please", "SwiftNetV3"),
    ],
)
def test_a_named_paper_comes_first(library: Library, typed: str, name: str) -> None:
    found = library.look_up(typed, k=3)
    assert titles(found)[0] == name
    assert [p.title.split(":")[0] for p in found.named] == [name]
    assert found.unknown_words == ()
    assert found.notices == ()


def test_named_papers_stand_in_the_order_of_the_question(library: Library) -> None:
    found = library.look_up("Compare swiftnet v5 with TurboAttention-4 and SwiftNetV3", k=3)
    assert titles(found) == ["SwiftNetV5", "TurboAttention-4", "SwiftNetV3"]
    assert [hit.score for hit in found.hits] == sorted((hit.score for hit in found.hits), reverse=True)
    assert len(found.named) == 3


def test_a_name_without_its_version_means_every_version(library: Library) -> None:
    found = library.look_up("SwiftNet")
    assert {p.short_name for p in found.named} == {"SwiftNetV5", "SwiftNetV3"}
    assert all("SwiftNet" in hit.sentences[0].text for hit in found.hits)


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("What is SwiftNetV4?", "SwiftNetV4"),
        ("Is TurboAttention-5 out?", "TurboAttention-5"),
        ("Does GPT-9 prune?", "GPT-9"),
        ("protein folding", "protein"),
        ("2301.00001", "2301.00001"),
        ("is OtherNet pruned", "OtherNet"),
    ],
)
def test_what_stands_in_no_paper_is_told(library: Library, question: str, unknown: str) -> None:
    found = library.look_up(question)
    assert unknown in found.unknown_words
    assert found.named == ()


def test_a_version_that_a_paper_mentions_is_known(library: Library) -> None:
    found = library.look_up("How fast is TurboAttention-3?")
    assert found.unknown_words == ()
    assert titles(found)[0] == "TurboAttention-4"


def test_an_ordinary_word_that_begins_a_title_names_nothing(library: Library) -> None:
    found = library.look_up("how are transformers pruned")
    assert found.named == ()
    assert titles(found)[0] == "Pruning the Heads of Transformers"


def test_figures_are_no_unknown_words(library: Library) -> None:
    assert library.look_up("which experts need 4242 phones or 17.5x").unknown_words == ()


# -- spelling

MISSPELT = [
    ("SwiftNtV5", "SwiftNetV5"),
    ("turboatention 4", "TurboAttention-4"),
    ("mixture of exprts on a phone", "Q^{2}MoE"),
    ("quantzes each expert", "Q^{2}MoE"),
    ("schedular hides flash storage", "Q^{2}MoE"),
    ("vison transformers alternating tasks", "N$^3$ViT"),
    ("softmax and matrix multiplicaton", "TurboAttention-4"),
    ("tensr cores utilizaton", "TurboAttention-4"),
    ("prunned heads", "Pruning the Heads of Transformers"),
    ("sparce atention", "Pruning the Heads of Transformers"),
    ("what transformers remmeber", "Do Transformers Remember?"),
    ("recurent memory of long documnts", "Do Transformers Remember?"),
    ("reinforcment lerning for chips", "A Gymnasium for Chip Architects"),
    ("microprocesor desing space", "A Gymnasium for Chip Architects"),
    ("baysian methods", "A Gymnasium for Chip Architects"),
    ("oblivous map", "Oblivious Maps in Secure Memory"),
    ("high bandwith memory of a sever", "Oblivious Maps in Secure Memory"),
    ("verlog datasets", "Verilog from Plain Language"),
    ("codesign of promts", "Verilog from Plain Language"),
    ("boolaen circuts", "Grown Circuits"),
]


@pytest.mark.parametrize(("question", "name"), MISSPELT)
def test_a_misspelt_question_finds_its_paper(library: Library, question: str, name: str) -> None:
    assert titles(library.look_up(question))[0] == name
    alone = look_up(WithoutVectors(library), question)
    assert titles(alone)[0] == name


def test_what_was_read_as_something_else_is_said(library: Library) -> None:
    found = library.look_up("prunned heads of transfromers")
    assert found.notices == (
        "“prunned” is in none of the papers: searched for “pruned”.",
        "“transfromers” is in none of the papers: searched for “transformers”.",
    )
    assert found.unknown_words == ()


def test_a_short_word_of_its_own_is_no_slip(library: Library) -> None:
    found = library.look_up("Which papers use Mocha?")  # one letter away from "much" and "match", but neither of them
    assert found.unknown_words == ("Mocha",)
    assert found.notices == ()


def test_an_unknown_name_does_not_lead_away_from_words_that_are_known(library: Library) -> None:
    known = library.look_up("oblivious maps of a server")
    named = library.look_up("oblivious maps of a server in TransforMax")
    assert named.unknown_words == ("TransforMax",)
    assert [hit.paper for hit in named.hits] == [hit.paper for hit in known.hits]


def test_of_an_unknown_name_alone_the_nearest_are_those_spelt_alike(library: Library) -> None:
    assert "SwiftNet" in titles(library.look_up("SwiftNetV4"))[0]


def test_words_that_papers_join_or_part_are_known(library: Library) -> None:
    assert titles(library.look_up("codesign"))[0] == "Verilog from Plain Language"  # the paper says co-design
    assert titles(library.look_up("super tasks turboattention"))[0] == "TurboAttention-4"
    assert library.look_up("codesign").notices == ()


# -- dates


def found_on(library: Library, question: str, **more: Any) -> SearchResult:
    return look_up(library, question, today=TODAY, **more)


def test_a_date_in_the_question_filters_and_is_said(library: Library) -> None:
    found = found_on(library, "What was done for experts in 2025?")
    assert titles(found) == ["Q^{2}MoE"]
    assert (found.since, found.until) == ("2025-01-01", "2025-12-31")
    assert found.notices == (
        "Only papers from 2025-01-01 to 2025-12-31 (“in 2025”): 2 of 12; 1 without a date is left out.",
    )


def test_a_question_of_nothing_but_dates_lists_the_newest_first(library: Library) -> None:
    assert titles(found_on(library, "what is new since September 2025?")) == [
        "TurboAttention-4",
        "Oblivious Maps in Secure Memory",
    ]
    assert titles(library.look_up("", k=2)) == ["TurboAttention-4", "Oblivious Maps in Secure Memory"]


def test_a_date_that_leaves_nothing_is_dropped_and_said(library: Library) -> None:
    found = found_on(library, "transformers that remember in 2018")
    assert titles(found)[0] == "Do Transformers Remember?"
    assert found.dropped_dates == "in 2018"
    assert (found.since, found.until) == (None, None)
    assert found.notices == ("No paper is from 2018-01-01 to 2018-12-31 (“in 2018”): all dates were searched.",)


def test_days_that_are_given_win_and_may_leave_nothing(library: Library) -> None:
    found = found_on(library, "transformers in 2023", since="2024-01-01", until="2024-12-31")
    assert titles(found) == ["Do Transformers Remember?"]
    assert "The dates given were used, not “in 2023”." in found.notices
    nothing = found_on(library, "transformers", until="1999-12-31")
    assert nothing.hits == ()
    assert nothing.dropped_dates is None
    assert "Only papers until 1999-12-31: 0 of 12" in nothing.notices[0]


def test_dates_filter_before_ranking(library: Library) -> None:
    words = [hit.paper.title for hit in library.look_up("transformers", k=10).hits]
    assert len(words) > 2
    last = library.look_up("transformers", k=1, since="2024-02-01", until="2024-02-28")
    assert [hit.paper.title for hit in last.hits] == ["Do Transformers Remember?"]


def test_what_is_no_date_is_refused(library: Library) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        library.look_up("transformers", since="last spring")


def test_only_some_papers_are_searched(library: Library) -> None:
    only = [BY_TITLE["Do Transformers Remember?"].id, BY_TITLE["Grown Circuits"].id]
    assert titles(library.look_up("transformers and heads", only=only)) == ["Do Transformers Remember?"]
    assert library.look_up("SwiftNetV5", only=only).named == ()
    assert library.look_up("anything", only=[]).hits == ()


# -- people, sentences, words and vectors


def test_people_and_organisations_are_found_by_name(library: Library) -> None:
    assert titles(library.look_up("papers by Lindqvist")) == ["Q^{2}MoE"]
    assert titles(library.look_up("something from the Northern Institute?")) == ["A Gymnasium for Chip Architects"]
    assert library.look_up("papers by Bo Hwang").unknown_words == ()


def test_the_best_sentence_comes_first(library: Library) -> None:
    hit = library.look_up("how much faster is turbo attention 4, and its utilization").hits[0]
    assert hit.sentences[0].number == 3
    assert [hit.rank for hit in library.look_up("transformers").hits] == list(range(1, 5))


def test_a_repeated_word_counts_for_more(library: Library) -> None:
    assert titles(library.look_up("memory heads"))[0] == "Pruning the Heads of Transformers"
    assert titles(library.look_up("memory memory memory heads"))[0] != "Pruning the Heads of Transformers"


def test_vectors_find_what_words_do_not(library: Library) -> None:
    shelf = WithModel(library, Model())
    found = look_up(shelf, "accelerator", k=12)
    assert {"Verilog from Plain Language", "N$^3$ViT"} <= set(titles(found)[:5])
    assert titles(look_up(WithoutVectors(library), "accelerator")) == ["TurboAttention-4"]


def test_words_and_vectors_count_half_each(library: Library) -> None:
    found = look_up(WithModel(library, Model()), "pruning", k=12)
    assert titles(found)[0] == "Pruning the Heads of Transformers"  # the best by both
    assert found.hits[0].score == pytest.approx(1.0)
    best = [hit.score for hit in found.hits]
    assert best == sorted(best, reverse=True)
    assert best[-1] < 0.5


def test_hashed_vectors_are_silent_where_every_word_is_known(library: Library) -> None:
    question = "mixture of experts for vision"
    with_them = library.look_up(question, k=12)
    alone = look_up(WithoutVectors(library), question, k=12)
    assert [(h.paper.id, h.score) for h in with_them.hits] == [(h.paper.id, h.score) for h in alone.hits]
    assert alone.notices == ("Searched by words alone: The model is gone.",)


def test_hashed_vectors_speak_for_a_word_that_is_unknown(library: Library) -> None:
    assert look_up(WithoutVectors(library), "unverilogged").hits == ()
    assert titles(library.look_up("unverilogged"))[0] == "Verilog from Plain Language"


def test_a_word_misspelt_beyond_recognition_costs_no_scan_of_all_vectors(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    scans: list[object] = []
    monkeypatch.setattr("index.storage.vectors.HeldVectors", lambda *args, **kw: scans.append(args))
    monkeypatch.setattr("index.storage.folder_index.ChromaFolder", lambda *args, **kw: scans.append(args))
    found = library.look_up("unverilogged routers for experts", k=20)
    assert "unverilogged" in found.unknown_words
    assert {"Verilog from Plain Language", "Q^{2}MoE"} <= set(titles(found))
    assert not scans


def test_a_paid_vector_is_not_bought_unasked(library: Library) -> None:
    class Paid(Model):
        paid = True

        def embed_question(self, text: str) -> np.ndarray:
            raise AssertionError("bought")

    shelf = WithModel(library, Paid())
    found = look_up(shelf, "pruning", spend=False)
    assert titles(found)[0] == "Pruning the Heads of Transformers"
    assert found.notices == ("Searched by words alone: the library's embeddings come from a paid API.",)
    with pytest.raises(AssertionError, match="bought"):
        look_up(shelf, "pruning", spend=True)


@pytest.mark.parametrize(
    "question", ["", "?", "the of and", "\x00\ud800", "$\\frac{", "a" * 5_000, "注意力机制", "x " * 3_000]
)
def test_any_text_is_a_question(library: Library, question: str) -> None:
    assert isinstance(library.look_up(question, k=3), SearchResult)


def test_an_empty_library_finds_nothing(tmp_path: Path) -> None:
    with Library.open(tmp_path, "hashing", offline=True) as library:
        found = library.look_up("transformers in 2025")
        assert found.hits == ()
        assert library.search("SwiftNetV5 and more") == []


def test_a_paper_that_changes_its_name_answers_to_the_new_one(tmp_path: Path) -> None:
    with Library.open(tmp_path, "hashing", offline=True) as library:
        library.add([Paper(id="x:1", title="OldName: A Thing", abstract="It does nothing at all.")])
        library.add([Paper(id="x:1", title="FreshName: A Thing", abstract="It does nothing at all.")])
        assert [p.title for p in library.look_up("freshname").named] == ["FreshName: A Thing"]
        assert library.look_up("OldName").named == ()
