"""The word index by itself: what it keeps, what it finds, who sees it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import SEARCHABLE, invented_paper

from index import Library
from index.storage.words import WordIndex
from index.text import FORMS, STEMS, fold, forms_of, names_of, squash, stems_among, stems_of


@pytest.fixture
def index(tmp_path: Path) -> WordIndex:
    opened = WordIndex.open(tmp_path / "words")
    opened.write(SEARCHABLE)
    return opened


def test_it_holds_what_was_written(index: WordIndex) -> None:
    assert index.ids() == {paper.id for paper in SEARCHABLE}
    assert index.count() == len(SEARCHABLE)


def test_what_is_written_again_is_replaced_and_what_is_removed_is_gone(index: WordIndex) -> None:
    first, second = SEARCHABLE[0], SEARCHABLE[1]
    index.write([first.with_(abstract="Nothing but zebras.")], removed=[second.id, "no such id"])
    assert index.count() == len(SEARCHABLE) - 1
    assert second.id not in index.ids()
    assert index.holding(stems_of("zebras")) == {first.id}
    assert index.holding(stems_of("predictor")) == set()
    assert index.frequency("predictor") == 0


def test_a_reader_sees_it_after_a_reload(index: WordIndex, tmp_path: Path) -> None:
    reader = WordIndex.open(tmp_path / "words")
    index.write([], removed=[SEARCHABLE[0].id])
    assert reader.count() == len(SEARCHABLE)
    reader.reload()
    assert reader.count() == len(SEARCHABLE) - 1


def test_it_holds_stems_and_phrases_exactly(index: WordIndex) -> None:
    pruned = {p.id for p in SEARCHABLE if "prun" in (p.title + p.abstract).lower()}
    assert index.holding(stems_of("Prune")) == pruned
    assert index.holding(stems_of("mixture of experts")) == {SEARCHABLE[2].id}
    assert index.holding(stems_of("experts of mixture")) == set()
    assert index.frequency(*stems_of("design space")) == 1
    assert index.holding([]) == set()


def test_rare_words_weigh_more(index: WordIndex) -> None:
    assert index.idf("nowher") > index.idf("softmax") > index.idf("transform") > 0
    scores = index.scores({"transform": 1.0, "softmax": 1.0}, 10)
    assert next(iter(scores)) == SEARCHABLE[4].id
    assert list(scores.values()) == sorted(scores.values(), reverse=True)


def test_scores_within_some_papers_are_those_of_all(index: WordIndex) -> None:
    everywhere = index.scores({"transform": 1.0, "memori": 2.0}, 100)
    some = list(everywhere)[1:3]
    assert index.scores({"transform": 1.0, "memori": 2.0}, 100, within=some) == {i: everywhere[i] for i in some}
    assert index.scores({"transform": 1.0}, 100, within=[]) == {}
    assert index.scores({}, 100) == {}


@pytest.mark.parametrize(
    ("since", "until"), [("2023-01-01", "2023-12-31"), ("2023-01-01", "2025-12-31"), ("2024-02-01", "2024-02-28")]
)
def test_scores_of_days_are_those_of_their_papers(tmp_path: Path, since: str, until: str) -> None:
    """Whether few papers, a third of them, or all that have a day at all are of these days."""
    papers = [invented_paper(n, **({"published": None} if n % 5 == 0 else {})) for n in range(300)]
    with Library.open(tmp_path, "hashing") as library:
        library.add(papers)
        days = library.of_days(int(since.replace("-", "")), int(until.replace("-", "")))
        among = [paper.id for paper in papers if paper.published and since <= paper.published <= until]
        assert len(days) == len(among)
        for stem in ("spars", "languag", "faster", "nowher"):
            weights, phrases = {stem: 1.0, "attent": 0.5}, {("attent", "for"): 0.1}
            for n in (5, 40, 1_000):
                exact = library.words.scores(weights, n, among, phrases)
                found = library.words.scores(weights, n, days, phrases)
                assert list(found.values()) == pytest.approx(list(exact.values()))
                assert found.keys() <= set(among)


def test_how_many_papers_have_a_word_is_told_without_those_that_are_gone(index: WordIndex) -> None:
    words, pair = stems_of("transformers softmax memory"), stems_of("vision transformer")
    before = [index.frequency(word) for word in words], index.frequency(*pair)
    assert all(before[0])
    assert before[1]
    index.write(SEARCHABLE[:3])  # once more
    assert ([index.frequency(word) for word in words], index.frequency(*pair)) == before
    gone = [paper.id for paper in SEARCHABLE if "ision" in paper.title + paper.abstract]
    index.write([], removed=gone)
    assert index.frequency(*pair) == 0
    assert index.frequency("vision") == 0


@given(
    st.lists(
        st.sampled_from("Dying dyes die, lying lies; 3.5x naïve π0 Transformers transform x^2".split()), max_size=40
    )
)
def test_the_stems_among_a_text_are_those_of_all_its_words(pieces: list[str]) -> None:
    text = " ".join(pieces)
    for wanted in (stems_of("dying lies transform"), stems_of("die naïve pi0 3.5x x"), []):
        ((among, count),) = stems_among([text], wanted)
        assert (among, count) == (set(stems_of(text)) & set(wanted), len(stems_of(text)))


def test_words_side_by_side_score_more(index: WordIndex) -> None:
    weights = {"vision": 1.0, "transform": 1.0}
    plain, phrase = index.scores(weights, 20), index.scores(weights, 20, phrases={("vision", "transform"): 0.5})
    assert phrase[SEARCHABLE[3].id] > plain[SEARCHABLE[3].id]
    assert phrase[SEARCHABLE[5].id] == plain[SEARCHABLE[5].id]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("$\\text{D}^2$MoE and D^{2}MoE", ["D2MoE", "and", "D2MoE"]),
        ("Qwen2.5-VL is 2.7$\\times$ faster.", ["Qwen2.5", "VL", "is", "2.7x", "faster"]),
        ("π0 and β-VAE, 224×224", ["pi0", "and", "beta", "VAE", "224x224"]),
        ("Schrödinger’s ﬁne_tuning", ["Schrodinger", "fine", "tuning"]),
        ("注意力 attention", ["注", "意", "力", "attention"]),
        ("broken \ud800 text", ["broken", "text"]),
    ],
)
def test_words_of_every_dress(text: str, words: list[str]) -> None:
    assert forms_of(text) == words
    assert len(stems_of(text)) == len(words)


def test_names_in_every_spelling() -> None:
    assert {squash(name) for name in ("SwiftNet v5", "swiftnet-V5", "SwiftNetV5")} == {"swiftnetv5"}
    assert {"swiftnetv5", "swiftnet*"} < names_of(SEARCHABLE[0])
    assert "n3vit" in names_of(SEARCHABLE[3])
    assert fold("K_{max}") == "Kmax"


@given(st.text(st.sampled_from("abcXYZ019 .-_'\"\\{}$^/%\n\tsé·’"), max_size=30))
def test_plain_text_is_split_as_the_index_splits_it(text: str) -> None:
    assert stems_of(text) == STEMS.analyze(fold(text))
    assert forms_of(text) == FORMS.analyze(fold(text))


@pytest.mark.parametrize("length", [78, 79, 80, 81])
def test_a_word_too_long_for_the_index_is_too_long_for_plain_text(length: int) -> None:
    text = f"a {'b' * length} {'c' * (length - 2)}.5 d"
    assert stems_of(text) == STEMS.analyze(text)
    assert forms_of(text) == FORMS.analyze(text)
