"""Rows of one's own that a question names, told from titles with the same words in them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from several import RIVALS

from assistant import Assistant
from assistant.chat import spelled_out
from assistant.documents import Answer, LabelledPaper
from assistant.question import Question
from assistant.question.pairs import papers_to_compare
from assistant.settings import Settings
from index.errors import UnknownPaper
from index.library import Library
from index.paper import Paper

TITLES = {
    "doing": "Pruning by Doing",
    "diagram": "On the Diagram of Entropy",
    "survey": "A Survey on Pruning in Channels with Entropy",
    "birch": "BirchNet: Scaling Channels by Parallel Pruning",
}
TITLED = {
    key: Paper(title=title, abstract="Channels are many. We propose to prune them. It works.", id=f"arxiv:2605.2100{n}")
    for n, (key, title) in enumerate(TITLES.items())
}
TWO, THREE = ["AlderNet0", "BrambleNet1"], ["AlderNet0", "BrambleNet1", "CloverNet2"]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("rows"), "hashing") as made:
        made.add([*RIVALS, *TITLED.values()])
        yield made


def asked(library: Library, question: str, history: Any = ()) -> tuple[list[str], list[str]] | None:
    found = papers_to_compare(library, Question(spelled_out(question)).pairs, history)
    if found is None:
        return None
    return [named.paper.short_name or named.paper.title for named in found.papers], list(found.rows)


@pytest.mark.parametrize(
    ("question", "papers", "rows"),
    [
        ("Compare AlderNet0 and BrambleNet1 by data set", TWO, ["data set"]),
        ("Compare AlderNet0, BrambleNet1 and CloverNet2 by data set, hardware and open code", THREE,
         ["data set", "hardware", "open code"]),
        ("/compare AlderNet0 | BrambleNet1 | CloverNet2 by data set; hardware", THREE, ["data set", "hardware"]),
        ("/compare AlderNet0 | BrambleNet1 by Data set; Open code?", TWO, ["Data set", "Open code"]),
        ("AlderNet0 vs BrambleNet1 on ImageNet accuracy and GPU hours", TWO, ["ImageNet accuracy", "GPU hours"]),
        ("Compare AlderNet0 and BrambleNet1: data set; hardware", TWO, ["data set", "hardware"]),
        ("Compare AlderNet0 with BrambleNet1 in terms of speed, memory and accuracy.", TWO,
         ["speed", "memory", "accuracy"]),
        ("How do AlderNet0 and BrambleNet1 differ in their hardware and data set?", TWO, ["hardware", "data set"]),
        ("Compare the data set and hardware of AlderNet0 and BrambleNet1", TWO, ["data set", "hardware"]),
        ("What is the difference in hardware between AlderNet0 and BrambleNet1?", TWO, ["hardware"]),
        ("Compare AlderNet0 with BrambleNet1 with the rows Data set; Limits, please", TWO, ["Data set", "Limits"]),
    ],
)  # fmt: skip
def test_rows_are_named_in_many_ways(library: Library, question: str, papers: list[str], rows: list[str]) -> None:
    assert asked(library, question) == (papers, rows)


@pytest.mark.parametrize("rows", ["", "data set", "training data; limits"])
@pytest.mark.parametrize("first", list(TITLES))
@pytest.mark.parametrize("second", ["doing", "survey", "birch"])
def test_words_of_a_title_are_no_rows(library: Library, first: str, second: str, rows: str) -> None:
    if first == second:
        return
    papers = [TITLED[key].short_name or TITLED[key].title for key in (first, second)]
    by = f" by {rows}" if rows else ""
    wanted = (papers, rows.split("; ") if rows else [])
    assert asked(library, f"Compare {TITLES[first]} and {TITLES[second]}{by}") == wanted
    assert asked(library, f"/compare {TITLES[first]} | {TITLES[second]}{by}") == wanted


@pytest.mark.parametrize(
    "question",
    [
        "Compare pruning by doing with pruning by teaching",
        "Compare AlderNet0 and Pruning by Nobody",
        "Which papers compare methods by speed?",
        "Compare pruning and quantization by speed",
        "Compare the speed of AlderNet0",
    ],
)
def test_what_is_not_clear_stays_as_it_was(library: Library, question: str) -> None:
    assert asked(library, question) is None


def test_whose_a_paper_is_becomes_no_row(library: Library) -> None:
    with pytest.raises(UnknownPaper):
        asked(library, "Compare AlderNet0 and BrambleNet1 by Meta")


def test_a_missing_paper_is_named_without_the_rows(library: Library) -> None:
    with pytest.raises(UnknownPaper, match="'ZebraNet9'"):
        asked(library, "Compare AlderNet0 and ZebraNet9 by hardware")


def test_the_papers_of_the_conversation_stand_in_rows_too(library: Library) -> None:
    history = [Answer("Which?", papers=tuple(LabelledPaper(n, paper) for n, paper in enumerate(RIVALS[:3], 1)))]
    assert asked(library, "Compare them by hardware and data set", history) == (THREE, ["hardware", "data set"])
    assert asked(library, "How do they differ in hardware?", history) == (TWO, ["hardware"])


def test_more_rows_than_a_table_holds_are_left_out(library: Library) -> None:
    many = "; ".join(f"aspect {n}" for n in range(20))
    assert asked(library, f"Compare AlderNet0 and BrambleNet1 in terms of {many}") == (TWO, [])


def test_the_answer_has_these_rows(tmp_path: Path) -> None:
    with Assistant.open(Settings.load(home=tmp_path, embeddings="hashing")) as assistant:
        assistant.library.add(RIVALS)
        answer = assistant.ask("Compare AlderNet0, BrambleNet1 and CloverNet2 by hardware and year")
    assert answer.comparison is not None
    assert [row.aspect for row in answer.comparison.rows] == ["hardware", "year"]
    assert all(answer.comparison.rows[0].cells)
