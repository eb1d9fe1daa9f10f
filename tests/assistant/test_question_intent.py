"""What a question asks for, and which language it is in."""

import pytest

from assistant.question import Question
from assistant.question.intent import content_stems
from index.language import language_of, main_language


def kinds(question: str) -> frozenset[str]:
    return Question(question).intent(content_stems(question), lambda _: 1.0).kinds


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How much memory does it save?", "figure"),
        ("By what factor is SwiftRow faster?", "figure"),
        ("What is the accuracy on Larkfield?", "figure"),
        ("Which papers speed up attention?", "gain"),
        ("How does HeadThrift work?", "method"),
        ("What data sets were used?", "evaluation"),
        ("Which GPU does it run on?", "resource"),
        ("Is the code open source?", "availability"),
        ("What are its drawbacks?", "limitation"),
        ("What problem does it solve?", "problem"),
    ],
)
def test_the_kind_of_thing_that_is_asked_for(question: str, kind: str) -> None:
    assert kind in kinds(question)


def test_words_that_only_look_like_a_kind_are_none() -> None:
    assert "limitation" not in kinds("How are experts served on limited memory?")
    assert "figure" not in kinds("Which papers generate Verilog, and how well?")


def test_several_papers_or_one() -> None:
    assert Question("Which papers use pruning?").intent(["prune"], lambda _: 1.0).several
    assert not Question("How does SwiftRow use pruning?").intent(["prune"], lambda _: 1.0).several


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Which papers speed up attention, and by how much?", "English"),
        ("Welche Arbeiten beschleunigen Attention?", "German"),
        ("Quels articles accélèrent l'attention ?", "French"),
        ("¿Cuánta memoria ahorra FBNetV5?", "Spanish"),
        ("哪些论文加速注意力?", "Chinese"),
        ("どの論文が注意を速くしますか", "Japanese"),
        ("Какие статьи ускоряют внимание?", "Russian"),
        ("FBNetV5", None),
        ("quantization 2025", None),
        ("", None),
    ],
)
def test_the_language_of_a_question(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_the_language_of_a_library() -> None:
    assert main_language(
        ["We show that it is fast.", "Wir zeigen, dass es schnell ist und gut.", "It is the best."]
    ) == ("English")
    assert main_language([]) == "English"
