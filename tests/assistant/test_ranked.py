"""Questions for the first of the papers by the record: the oldest, the most upvoted, the one with the most authors."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Answer, Assistant
from assistant.settings import Settings
from index.paper import Paper


def paper(title: str, published: str | None, authors: int | None, upvotes: int | None, text: str = "Sparse.") -> Paper:
    """A paper of the record."""
    return Paper(title=title, abstract=text, published=published, author_count=authors, upvotes=upvotes)


PAPERS = (
    paper("Kiteline: Sparse kernels", "2021-05-01", 3, 12),
    paper("Oldbarn: Dense kernels", "2019-02-03", 9, 40, "Dense quantization."),
    paper("Fernway", "2025-11-30", 1, 40, "Quantization in practice."),
    paper("Midwick", "2023-06-06", 31, None),
    Paper(title="Undated", abstract="Nothing is known of it.", authors=("Ada Example", "Bo Sample")),
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant without a model over five papers."""
    home: Path = tmp_path_factory.mktemp("home")
    with Assistant.open(
        Settings.load(home=home, embeddings="hashing", offline=True, base_url="", api_key="")
    ) as opened:
        opened.library.add(PAPERS)
        yield opened


def shown(answer: Answer) -> list[str]:
    """The titles that an answer lists, in order."""
    return [p.paper.title.partition(":")[0] for p in answer.papers]


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("What is the oldest paper?", ["Oldbarn"]),
        ("Which paper came out first?", ["Oldbarn"]),
        ("Show me the newest paper", ["Fernway"]),
        ("the latest three", ["Fernway", "Midwick", "Kiteline"]),
        ("Which two papers are the most recent?", ["Fernway", "Midwick"]),
        ("Which papers are the earliest?", ["Oldbarn", "Kiteline", "Midwick", "Fernway"]),
        ("What is the oldest paper since 2020?", ["Kiteline"]),
        ("What is the latest paper on quantization?", ["Fernway"]),
        ("Who has the most authors?", ["Midwick"]),
        ("Which paper has the fewest authors?", ["Fernway"]),
        ("top 2 papers with the most authors", ["Midwick", "Oldbarn"]),
        ("What are the 3 most upvoted papers?", ["Fernway", "Oldbarn", "Kiteline"]),
        ("Which papers were written by a single author?", ["Fernway"]),
        ("Which is older, Kiteline or Oldbarn?", ["Oldbarn", "Kiteline"]),
        ("Is Fernway newer than Midwick?", ["Fernway", "Midwick"]),
        ("Does Oldbarn have more authors than Midwick?", ["Midwick", "Oldbarn"]),
    ],
)
def test_papers_are_put_in_the_order_asked_for(assistant: Assistant, question: str, titles: list[str]) -> None:
    answer = assistant.ask(question)
    assert shown(answer) == titles
    assert answer.answered
    assert answer.usage.llm_calls == 0
    assert all(claim.check.verdict == "ok" for claim in answer.claims if claim.citations)


def test_papers_that_share_the_first_place_are_all_shown(assistant: Assistant) -> None:
    answer = assistant.ask("What is the most upvoted paper?")
    assert sorted(shown(answer)) == ["Fernway", "Oldbarn"]
    assert "2 papers share the first place" in answer.text


def test_papers_without_the_datum_are_counted(assistant: Assistant) -> None:
    assert any(
        "1 of 5 papers left out: without a date" in n for n in assistant.ask("What is the oldest paper?").notices
    )
    none = assistant.ask("Which paper has the most comments?")
    assert not none.answered
    assert "No paper has comments" in none.text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How many authors has Midwick?", "has 31 authors"),
        ("How many people wrote Oldbarn?", "has 9 authors"),
        ("How many authors does Undated have?", "has 2 authors: Ada Example, Bo Sample"),
        ("How many upvotes does Kiteline have?", "has 12 upvotes"),
    ],
)
def test_people_and_votes_are_counted(assistant: Assistant, question: str, told: str) -> None:
    assert told in assistant.ask(question).text


@pytest.mark.parametrize(
    "question",
    [
        "What is the latest result on sparse kernels?",
        "Which recent method is the most accurate?",
        "How old is Fernway?",
    ],
)
def test_a_question_with_more_in_it_is_not_about_order(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert "first:" not in answer.text.partition("\n")[0]


def test_what_the_record_lacks_of_one_of_two_is_said(assistant: Assistant) -> None:
    answer = assistant.ask("Which has more upvotes, Kiteline or Midwick?")
    assert not answer.answered
    assert "without upvotes" in answer.text
