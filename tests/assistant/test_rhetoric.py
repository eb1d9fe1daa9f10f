"""What each sentence does in its abstract, and which one says what is new."""

import pytest
from invented import QUIET, SCOUT, WIDE

from assistant.rhetoric import main_role, role_scores, scored_sentences, telling_sentence
from index.paper import Paper


def test_each_sentence_of_an_abstract_gets_its_role() -> None:
    told = [main_role(scores) for _, scores in scored_sentences(SCOUT.sentences, SCOUT.title)]
    assert told == [
        "background",
        "problem",
        "method",
        "method",
        "evaluation",
        "result",
        "resource",
        "availability",
    ]


@pytest.mark.parametrize(
    ("text", "number", "total", "role"),
    [
        ("In recent years, transformers have become popular.", 1, 8, "background"),
        ("However, their memory cost remains a bottleneck.", 2, 8, "problem"),
        ("We present Anything, a novel framework for sorting.", 3, 8, "method"),
        ("We evaluate it on four public benchmarks.", 6, 8, "evaluation"),
        ("It outperforms SortNet by 4.2% on average.", 7, 8, "result"),
        ("We release our code and models at https://example.org/x.", 8, 8, "availability"),
        ("A limitation of our method is its memory, which we leave to future work.", 8, 8, "limitation"),
    ],
)
def test_a_sentence_alone_is_judged_by_its_words_and_place(text: str, number: int, total: int, role: str) -> None:
    assert main_role(role_scores(text, number, total)) == role


def test_a_bottleneck_of_others_is_a_problem_and_one_that_is_lifted_is_none() -> None:
    before = "Memory is a bottleneck of attention."
    own = "We propose a kernel that lifts the memory bottleneck of attention."
    assert main_role(role_scores(before, 2, 6)) == "problem"
    assert main_role(role_scores(own, 3, 6)) == "method"


@pytest.mark.parametrize(("paper", "number"), [(SCOUT, 3), (WIDE, 2), (QUIET, 2)])
def test_the_telling_sentence_is_the_contribution_not_the_background(paper: Paper, number: int) -> None:
    assert telling_sentence(paper).number == number


def test_a_part_of_the_work_does_not_stand_for_the_whole() -> None:
    paper = Paper(
        title="Sorter: Sorting",
        abstract=(
            "We present Sorter, a tool that sorts the lists of its users. "
            "Furthermore, we propose a novel framework of new modules for pivots."
        ),
    )
    assert telling_sentence(paper).number == 1


def test_without_an_abstract_there_is_no_telling_sentence() -> None:
    with pytest.raises(ValueError, match="no abstract"):
        telling_sentence(Paper(title="Empty", abstract=""))


def test_a_sentence_that_only_announces_does_not_tell() -> None:
    said = "To address these challenges, we propose a novel sort-based paradigm."
    told = "On it rests SortFactory: we introduce four agents that build test beds and grade them by exit codes."
    paper = Paper(title="Test Beds", abstract=f"Test beds are hard to build. {said} {told} It sorts well.")
    assert telling_sentence(paper).text == told
