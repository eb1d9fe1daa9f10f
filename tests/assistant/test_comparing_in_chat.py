"""Several papers compared by a question, within a conversation, and over MCP."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from several import RIVALS

from assistant import Assistant
from assistant.chat import spelled_out
from assistant.documents import Answer, LabelledPaper
from assistant.mcp import Tools
from assistant.question import Question
from assistant.question.pairs import papers_to_compare
from assistant.settings import Settings
from index.library import Library
from index.paper import Paper

WITH_COMMAS = Paper(
    title="Cut, Merge and Grow: Networks that Change",
    abstract="Networks are fixed. We propose to cut, merge and grow them. It works.",
    id="arxiv:2605.20000",
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("several"), "hashing") as made:
        made.add([*RIVALS, WITH_COMMAS])
        yield made


def asked(library: Library, question: str, history: Any = ()) -> list[str] | None:
    found = papers_to_compare(library, Question(question).pairs, history)
    return [named.paper.id for named in found.papers] if found else None


@pytest.mark.parametrize(
    "question",
    [
        "Compare AlderNet0, BrambleNet1 and CloverNet2",
        "compare AlderNet0, BrambleNet1, CloverNet2",
        "Please compare AlderNet0 with BrambleNet1 and CloverNet2.",
        "compare AlderNet0 and BrambleNet1 and CloverNet2",
        "AlderNet0 vs BrambleNet1 vs. CloverNet2",
        "What are the differences between AlderNet0, BrambleNet1, and CloverNet2?",
        "How does AlderNet0 differ from BrambleNet1, CloverNet2?",
        "a comparison of 2605.10000, 2605.10001 and 2605.10002",
        "/compare AlderNet0 | BrambleNet1 | CloverNet2",
        "/compare AlderNet0, BrambleNet1, CloverNet2",
        "Compare AlderNet0, BrambleNet1 and CloverNet2 in terms of speed",
    ],
)
def test_three_papers_are_named_in_many_ways(library: Library, question: str) -> None:
    assert asked(library, question) == [paper.id for paper in RIVALS[:3]]


def test_a_title_with_commas_is_one_of_a_list(library: Library) -> None:
    title = "Cut, Merge and Grow"
    assert asked(library, f"/compare {title} | AlderNet0 | CloverNet2") == [
        WITH_COMMAS.id, RIVALS[0].id, RIVALS[2].id,
    ]  # fmt: skip
    assert asked(library, f"Compare {title} with AlderNet0") == [WITH_COMMAS.id, RIVALS[0].id]


@pytest.mark.parametrize(
    "question",
    [
        "Which papers on pruning, entropy and channels are there?",
        "What do AlderNet0, BrambleNet1 and CloverNet2 have in common?",
        "compare pruning, quantization and distillation",
        "Compare speed, memory and accuracy of AlderNet0",
    ],
)
def test_a_list_of_topics_is_no_comparison(library: Library, question: str) -> None:
    assert asked(library, question) is None


def test_one_of_the_names_that_is_not_there_is_said(library: Library) -> None:
    from index.errors import UnknownPaper

    with pytest.raises(UnknownPaper, match="ZebraNet9"):
        asked(library, "Compare AlderNet0, BrambleNet1 and ZebraNet9")


def test_the_papers_of_the_last_answer_are_compared_as_all_of_them(library: Library) -> None:
    papers = tuple(LabelledPaper(n, paper) for n, paper in enumerate(RIVALS[:4], 1))
    history = [Answer("Which prune channels?", papers=papers)]
    four = [paper.id for paper in RIVALS[:4]]
    assert asked(library, "Compare them", history) == four
    assert asked(library, "compare all of these papers", history) == four
    assert asked(library, "compare the first three", history) == four[:3]
    assert asked(library, "compare both", history) == four[:2]
    assert asked(library, "compare them", [Answer("Which?", papers=papers[:2])]) == four[:2]


def test_the_command_of_the_window_is_spelled_out() -> None:
    assert spelled_out("/compare A1 | B2") == "Compare A1 with B2"
    assert spelled_out("/compare A1 | B2 | C3") == "Compare A1, B2 and C3"


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    with Assistant.open(Settings.load(home=tmp_path, embeddings="hashing")) as made:
        made.library.add(RIVALS)
        yield made


def test_a_question_is_answered_by_one_table(assistant: Assistant) -> None:
    answer = assistant.ask("Compare AlderNet0, BrambleNet1, CloverNet2 and DogwoodNet3")
    assert answer.comparison is not None
    assert [p.paper.id for p in answer.comparison.papers] == [paper.id for paper in RIVALS[:4]]
    assert "| **[1] AlderNet0** |" in answer.text


def test_nine_papers_in_a_question_are_refused_in_words(assistant: Assistant) -> None:
    from assistant.compare import HowMany

    names = " | ".join([*(str(paper.short_name) for paper in RIVALS), "AlderNet0"])
    with pytest.raises(HowMany):
        assistant.ask(f"/compare {names}")


def test_mcp_compares_two_and_more(assistant: Assistant) -> None:
    tools = Tools(assistant)
    two = asyncio.run(tools.compare_papers("AlderNet0", "BrambleNet1"))
    more = asyncio.run(
        tools.compare_papers("AlderNet0", "BrambleNet1", others=["CloverNet2"], rows=["Hardware", "Year"])
    )
    assert len(two["papers"]) == 2
    assert [row["aspect"] for row in more["rows"]] == ["Hardware", "Year"]
    assert [cell["citations"][0]["label"] for cell in more["rows"][0]["cells"]] == [1, 2, 3]
    failed = asyncio.run(tools.compare_papers("AlderNet0", "BrambleNet1", others=["AlderNet0"]))
    assert "same paper" in failed["error"]["message"]
