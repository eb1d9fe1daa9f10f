"""Citations in the shapes that models write, read by one rule."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.written_markers import canonical_markers

SENTENCES = {1: 5, 2: 3, 3: 4}  # of each paper


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("It is fast [1.2, 3].", "It is fast [1.2, 1.3]."),
        ("It is fast [1.2 3].", "It is fast [1.2, 1.3]."),
        ("It is fast [2.1, 5].", "It is fast [2.1]."),  # paper 2 has no fifth sentence, and there is no paper 5
        ("It is fast (1.2).", "It is fast [1.2]."),
        ("It is fast (1.2, 2.3).", "It is fast [1.2, 2.3]."),
        (r"It is fast \[1.2\].", "It is fast [1.2]."),
        ("It is fast [Paper 1, sentence 2].", "It is fast [1.2]."),
        ("It is fast (Paper 1, Sentence 2), and small.", "It is fast [1.2], and small."),
        ("It is fast [paper 1, sentences 2 and 3].", "It is fast [1.2, 1.3]."),
        ("It is fast [sentences 2 and 3 of paper 1].", "It is fast [1.2, 1.3]."),
        ("It is fast [P1.S2].", "It is fast [1.2]."),
        ("It is fast [S1.2; S2.1].", "It is fast [1.2, 2.1]."),
        ("It is fast [1:2].", "It is fast [1.2]."),
        ("It is fast 【1.2†source】.", "It is fast [1.2]."),
        ("It is fast [[1.2]].", "It is fast [1.2]."),
        ("It is fast {1.2}.", "It is fast [1.2]."),
        ("It is fast <1.2>.", "It is fast [1.2]."),
        ("It is fast^1.2^.", "It is fast[1.2]."),
        ("It is fast <sup>1.2</sup>.", "It is fast [1.2]."),
        ("It is fast <cite>[1.2]</cite>.", "It is fast [1.2]."),
        ("It is fast [^1.2].", "It is fast [1.2]."),
        ("It is fast [1.2-1.4].", "It is fast [1.2, 1.3, 1.4]."),
        ("It is fast [1.2-4].", "It is fast [1.2, 1.3, 1.4]."),
        ("Es ist schnell [Artikel 1, Satz 2].", "Es ist schnell [1.2]."),
        ("很快【论文1，句子2】。", "很快[1.2]。"),
        ("It is fast (see sentence 1.4).", "It is fast [1.4]."),
        ("It is fast [1].", "It is fast [1]."),
        ("They are fast [Papers 1 and 2].", "They are fast [1, 2]."),
    ],
)
def test_whatever_holds_a_label_and_a_sentence_is_a_citation(written: str, canonical: str) -> None:
    assert canonical_markers(written, SENTENCES).text == canonical


@pytest.mark.parametrize(
    "text",
    [
        "Version (1.2) is fast [1.1].",  # the text cites in square brackets
        "Factors of (1.2) are common there.",
        "It gains 0.5 points (0.5).",
        "It gains (7.9).",  # there is no paper 7
        "Table 1.2 and f(1.2) stay.",
        "See [Figure 2], [2024] and (ICML 2024).",
        "A ratio of 1:2 (p<0.05).",
        "A matrix [a, b] and a set {x}.",
    ],
)
def test_what_is_no_citation_stays_as_it_is(text: str) -> None:
    assert canonical_markers(text, SENTENCES).text == text


def test_a_number_that_may_be_a_paper_or_a_sentence_is_ambiguous() -> None:
    assert canonical_markers("It is fast [1.2, 3].", SENTENCES).ambiguous == {"[1.2, 1.3]"}
    assert not canonical_markers("It is fast [1.2, 1.3] [2.1, 9].", SENTENCES).ambiguous
    assert canonical_markers("It is fast [9.1].", SENTENCES).unknown == (9,)


@given(st.text(alphabet="[](){}<>^.,:;-12 39psPaeernctu\\【】", max_size=200))
def test_no_text_crashes_it_and_markers_that_it_wrote_are_read_back_as_they_are(text: str) -> None:
    once = canonical_markers(text, SENTENCES).text
    assert len(once) <= 3 * len(text) + 200


def test_time_grows_with_the_length_alone() -> None:
    chance = random.Random(1)
    text = "".join(chance.choice("[(1.2, papers)]{}<^\\") for _ in range(60_000))
    assert canonical_markers(text, SENTENCES).text
