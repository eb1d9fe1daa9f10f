"""Conversations: what a follow-up is about, what is not in the papers, and questions in other languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from chat_server import settings

from assistant import Answer, Assistant
from index.errors import UnknownPaper
from index.library import Library
from index.sources import read_file

PAPERS = Path(__file__).parents[1] / "benchmarks" / "conversation-papers.jsonl"


@pytest.fixture(scope="module")
def quoting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant without a model over invented papers in nine languages."""
    home = tmp_path_factory.mktemp("conversation")
    with Library.open(home, "hashing", offline=True) as library:
        library.add(read_file(PAPERS).papers)
    with Assistant.open(settings(home, base_url="", api_key="", model="")) as assistant:
        yield assistant


def held(assistant: Assistant, *questions: str) -> Answer:
    """The last answer of a conversation."""
    history: list[Answer] = []
    for question in questions:
        history.append(assistant.ask(question, history))
    return history[-1]


def cited(answer: Answer) -> set[str]:
    return {p.paper.title.partition(":")[0] for p in answer.papers if p.cited}


LOPRA = "How much memory does Lopra save?"
BOTH = {"Lopra", "Brindle"}


@pytest.mark.parametrize(
    ("questions", "about"),
    [
        (("Compare Lopra and Brindle", "Which one saves more memory?"), BOTH),
        (("Compare Lopra and Brindle", "And which is faster?"), BOTH),
        ((LOPRA, "Explain it more simply"), {"Lopra"}),
        ((LOPRA, "Can you give me more details?", "simpler please"), {"Lopra"}),
        ((LOPRA, "Why?"), {"Lopra"}),
        ((LOPRA, "And Brindle?", "the other one?"), {"Lopra"}),
        (("Compare Tessel and Tessel-2", "Tell me more about the latter"), {"Tessel-2"}),
        (("Compare Tessel and Tessel-2", "How much memory does the first one need?"), {"Tessel"}),
        ((LOPRA, "more details", "What is Ostinato?"), {"Ostinato"}),
    ],
)
def test_a_follow_up_is_about_what_was_discussed(
    quoting: Assistant, questions: tuple[str, ...], about: set[str]
) -> None:
    answer = held(quoting, *questions)
    assert answer.answered
    assert cited(answer)
    assert cited(answer) <= about


@pytest.mark.parametrize(
    "then", ["Compare it with Brindle", "How does that compare to Brindle?", "and compared to Brindle?", "vs Brindle"]
)
def test_a_comparison_is_made_where_one_is_asked_for(quoting: Assistant, then: str) -> None:
    answer = held(quoting, LOPRA, then)
    assert answer.comparison
    assert cited(answer) == BOTH


@pytest.mark.parametrize("then", ["compare both", "Compare the two", "How do they differ?", "what's the difference?"])
def test_two_papers_of_two_answers_are_compared(quoting: Assistant, then: str) -> None:
    answer = held(quoting, LOPRA, "And Brindle?", then)
    assert answer.comparison
    assert cited(answer) == BOTH


@pytest.mark.parametrize("question", ["explain it more simply", "more details", "why?", "Which one saves more memory?"])
def test_a_pointer_to_nothing_says_so(quoting: Assistant, question: str) -> None:
    answer = quoting.ask(question)
    assert not answer.answered
    assert answer.text.startswith("This points to something said before")


def test_a_place_that_no_answer_has_is_said(quoting: Assistant) -> None:
    answer = held(quoting, LOPRA, "What about the third paper?")
    assert not answer.answered
    assert "there is no third one" in answer.text


@pytest.mark.parametrize("said", ["thanks!", "Thank you very much.", "hi", "Hello there!", "ok, great", "고마워요"])
def test_thanks_and_greetings_search_for_nothing(quoting: Assistant, said: str) -> None:
    answer = held(quoting, LOPRA, said)
    assert answer.answered
    assert not answer.papers


def test_a_new_topic_still_sends_what_was_cited_last(quoting: Assistant) -> None:
    answer = held(quoting, LOPRA, "How accurate is the recognition of tree species from bark?")
    assert cited(answer) == {"Gnarl"}
    assert "Lopra" in {p.paper.short_name for p in answer.papers}


@pytest.mark.parametrize("name", ["Tessel 3", "Tessel-3", "Llama-3.1 70B", "GPT-6", "GPT 6", "Tessel-2 70B"])
def test_a_version_that_no_paper_has_is_not_in_the_papers(quoting: Assistant, name: str) -> None:
    answer = quoting.ask(f"How much memory does {name} need?")
    assert not answer.answered
    assert answer.text.startswith("Not in your papers")


def test_the_nearest_to_a_missing_version_are_named(quoting: Assistant) -> None:
    answer = quoting.ask("How much memory does Tessel 3 use?")
    assert {"Tessel", "Tessel-2"} <= {p.paper.short_name for p in answer.papers[:2]}


@pytest.mark.parametrize("extra", ["on 64x64 images", "on 8 GPUs", "in simple words", "according to the page"])
def test_figures_and_pointers_are_not_names(quoting: Assistant, extra: str) -> None:
    answer = quoting.ask(f"How much memory does Tessel-2 need {extra}?")
    assert answer.answered
    assert cited(answer) == {"Tessel-2"}


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("¿Cuánta memoria ahorra la poda en redes de grafos?", "41%"),
        ("Wie lange dauert die Übersetzung eines Satzes?", "40 Millisekunden"),
        ("Combien de fuites sont détectées par la méthode ?", "87%"),
        ("Quanto caiu o erro da previsão de chuva?", "18%"),
        ("На сколько снизилась ошибка распознавания дневников?", "4%"),
        ("지하철 소음에서 오류율은 얼마나 낮아졌나?", "8%"),
        ("茶叶病害识别的准确率是多少？", "91%"),
        ("方言音声の誤り率はどのくらい下がりましたか？", "13%"),
    ],
)
def test_a_question_in_the_language_of_a_paper_is_answered(quoting: Assistant, question: str, says: str) -> None:
    answer = quoting.ask(question)
    assert answer.answered
    assert says in answer.text


def test_a_name_that_no_paper_has_decides_in_any_language(quoting: Assistant) -> None:
    assert not quoting.ask("¿Cuánta memoria usa Tessel 3 en los grafos?").answered


@pytest.mark.parametrize(
    "question",
    ["¿Cuánto cuesta hornear pan?", "김치는 어떻게 만드나요?", "怎么烤面包？", "Gibt es Arbeiten über Bienen?"],
)
def test_what_no_paper_holds_is_said_in_any_language(quoting: Assistant, question: str) -> None:
    answer = quoting.ask(question)
    assert not answer.answered
    assert "über" not in answer.text


def test_the_first_paper_is_that_of_the_last_answer_with_several(quoting: Assistant) -> None:
    assert cited(held(quoting, "Compare Lopra and Brindle", "And Brindle?", "the first paper")) == {"Lopra"}


@pytest.mark.parametrize("question", ["Compare it with Lopra", "How does it compare to Lopra?"])
def test_a_comparison_with_nothing_said_before_names_what_is_missing(quoting: Assistant, question: str) -> None:
    with pytest.raises(UnknownPaper, match="There is no last answer that 'it' could point to"):
        quoting.ask(question)


def test_what_else_stays_with_the_paper(quoting: Assistant) -> None:
    assert cited(held(quoting, LOPRA, "what else?", "give an example")) == {"Lopra"}
