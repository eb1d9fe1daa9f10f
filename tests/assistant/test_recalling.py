"""Questions about a paper's authors, day and link, answered from the record."""

from collections.abc import Iterator

import pytest
from invented import ANSWERABLE

from assistant.ask.facts import tell_fact
from assistant.question import Question
from index.library import Library
from index.paper import Paper

NAMED = Paper(
    title="OwlNet: Night Vision for Drones",
    abstract="We present OwlNet, which sees at night.",
    authors=("Ada Moor", "Ben Ito", "Cy Lund"),
    organization="Fenland Institute",
    url="https://arxiv.org/abs/2501.01234",
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("facts"), "hashing", offline=True) as library:
        library.add([*ANSWERABLE, NAMED])
        yield library


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Who wrote OwlNet?", "is by Ada Moor, Ben Ito and Cy Lund, Fenland Institute [1]."),
        ("who are the authors of the paper owlnet", "Ben Ito"),
        ("Where can I read OwlNet?", "https://arxiv.org/abs/2501.01234"),
        ("When was SwiftRow published?", "was published on 2025-03-04"),
        ("In what year did Gardening Agents appear?", "2026-04-14 and was on the Daily page of 2026-04-15"),
    ],
)
def test_what_the_record_says_is_told(library: Library, question: str, told: str) -> None:
    answer = tell_fact(library, Question(question))
    assert answer is not None
    assert told in answer.text
    assert answer.answered
    assert answer.claims[0].citations[0].sentence is None
    assert answer.usage.llm_calls == 0


def test_what_it_does_not_say_is_not_made_up(library: Library) -> None:
    answer = tell_fact(library, Question("Who wrote SwiftRow?"))
    assert answer is not None
    assert not answer.answered
    assert "does not say" in answer.text


def test_it_means_the_paper_that_was_cited_last(library: Library) -> None:
    first = tell_fact(library, Question("Who wrote OwlNet?"))
    assert first is not None
    second = tell_fact(library, Question("where can I read it?"), [first])
    assert second is not None
    assert "2501.01234" in second.text


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote Hamlet?",
        "Who is affected by slow attention?",
        "When was attention a bottleneck?",
        "Where is it used?",
        "",
    ],
)
def test_other_questions_are_left_to_others(library: Library, question: str) -> None:
    assert tell_fact(library, Question(question)) is None
