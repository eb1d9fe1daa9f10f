"""Cases on either side of values that benchmarks tuned, so that nobody moves one unnoticed.

`tests/benchmarks/` measures what a value is worth; these tests only say that it has not changed.
"""

from collections.abc import Iterable
from pathlib import Path

import pytest

from assistant import Assistant, check_sentence
from assistant.citations import citations_in
from assistant.settings import Settings
from index import Library, Paper

WORDS = "gradient compression ring topology sparse momentum warmup bandwidth quantization overlap".split()


def paper(title: str, abstract: str, number: int) -> Paper:
    return Paper(title=title, abstract=abstract, id=f"arxiv:2601.{number:05}", published="2026-01-05")


def fillers(count: int, text: str = "Nothing about anything: word{n} and other{n}.") -> list[Paper]:
    return [paper(f"Filler {n}", text.format(n=n), 1000 + n) for n in range(count)]


def library(home: Path, papers: Iterable[Paper]) -> Path:
    with Library.open(home, embeddings="hashing") as opened:
        opened.add(papers)
    return home


def quoted(home: Path, question: str) -> str:
    with Assistant.open(Settings.load(home=home, embeddings="hashing")) as assistant:
        return assistant.ask(question, llm=False).text


@pytest.mark.parametrize(("own", "other", "verdict"), [(6, 9, "nothing_to_check"), (4, 6, "look")])
def test_another_paper_is_clearly_better_from_a_margin_of_15_hundredths(own: int, other: int, verdict: str) -> None:
    cited = paper("Own", f"We study {' '.join(WORDS[:own])}.", 1)
    papers = (cited, paper("Other", f"We study {' '.join(WORDS[:other])}.", 2), *fillers(20))
    check = check_sentence(f"They study {' '.join(WORDS)} [1].", {1: cited}, papers)
    assert check.verdict == verdict  # the margins are about -.138 and -.152


@pytest.mark.parametrize(("last", "cited"), [(31, 31), (32, 2)])
def test_a_range_of_citations_is_read_as_one_up_to_thirty_apart(last: int, cited: int) -> None:
    assert len(citations_in(f"Many say so [1-{last}].")) == cited
    assert len(citations_in(f"It says so at length [2.1-2.{last}].")) == cited


@pytest.mark.parametrize(("of_the_word", "read_as_it"), [(100, True), (99, False)])
def test_a_rare_word_is_a_slip_of_one_that_a_hundred_times_as_many_hold(
    tmp_path: Path, of_the_word: int, read_as_it: bool
) -> None:
    papers = [paper("A Slip", "We study quantizaton of things.", 1)]
    papers += fillers(of_the_word, "We study quantization of word{n}.")
    papers.append(paper("Another", "We study something else.", 2))  # a hundred papers beside the slip either way
    with Library.open(library(tmp_path, papers), embeddings="hashing") as opened:
        said = " ".join(opened.look_up("quantizaton").notices)
    assert ("quantization" in said) is read_as_it


def test_a_best_paper_with_less_than_a_quarter_of_the_question_is_no_measure(tmp_path: Path) -> None:
    papers = [paper(f"Study {n}", f"We study {word} here.", n) for n, word in enumerate(WORDS, 1)]
    with Library.open(library(tmp_path, papers), embeddings="hashing") as opened:
        assert opened.search(" ".join(WORDS[:3]))[0].score == pytest.approx(1.0)
        assert opened.search(" ".join(WORDS[:8]))[0].score == pytest.approx(1 / 8 / 0.25)


@pytest.mark.parametrize(("held", "of_all", "is_quoted"), [(3, 6, False), (4, 7, True)])
def test_a_paper_is_quoted_that_holds_half_of_what_the_best_one_holds(
    tmp_path: Path, held: int, of_all: int, is_quoted: bool
) -> None:
    asked = WORDS[:of_all]
    alpha = " ".join(f"Alpha has {word} in its first half and nothing else." for word in asked)
    beta = f"We propose Beta, which cuts {' '.join(asked[-held:])} by 56% over the baseline."
    home = library(tmp_path, [paper("Alpha", alpha, 1), paper("Beta", beta, 2), *fillers(20)])
    assert ("- Beta:" in quoted(home, f"How is the approach to {' '.join(asked)}?")) is is_quoted


@pytest.mark.parametrize(
    ("told", "others", "is_quoted"),
    [
        (
            "Ring quantization overlap compression bandwidth",
            (
                "bandwidth compression quantization",
                "overlap bandwidth quantization ring",
                "quantization bandwidth overlap ring",
                "compression ring quantization bandwidth",
            ),
            False,
        ),
        (
            "Warmup topology overlap quantization",
            ("bandwidth topology overlap quantization", "overlap", "topology", "quantization"),
            True,
        ),
    ],
    ids=["not at .25", "still at .3"],
)
def test_background_is_quoted_where_it_beats_the_rest_by_three_tenths(
    tmp_path: Path, told: str, others: tuple[str, ...], is_quoted: bool
) -> None:
    abstract = f"{told} has long been a bottleneck. " + " ".join(f"Alpha cuts {words}." for words in others)
    home = library(tmp_path, [paper("Alpha", abstract, 1), *fillers(20)])
    words = dict.fromkeys(f"{told} {' '.join(others)}".lower().split())
    assert ("[1.1]" in quoted(home, f"What of {' '.join(words)}?")) is is_quoted
