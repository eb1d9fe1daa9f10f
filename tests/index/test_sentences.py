"""Abstracts into sentences and chunks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import chunk_sentences, split_sentences, token_bound


def texts(abstract: str) -> list[str]:
    return [s.text for s in split_sentences(abstract)]


@pytest.mark.parametrize(
    "abstract",
    [
        "It gains 1.5 points over e.g. GPT-4 and i.e. more.",
        "As Vaswani et al. [3] show, it works.",
        "We test 3 models (e.g. LLaVA, Qwen) vs. Gemini on Fig. 2 data.",
        "Inspired by James P. Carse we play.",
        "It has three parts: (1) a cache; (2) an index; and (3) a queue.",
        "Accuracy is 48.4% v.s. 46.7%.",
    ],
)
def test_what_is_one_sentence_stays_one(abstract: str) -> None:
    assert texts(abstract) == [abstract]


@pytest.mark.parametrize(
    ("abstract", "count"),
    [
        ("We gain 2 ms. With its help we go on.", 2),
        ("It holds for all values of K. Furthermore, it is quick.", 2),
        ("Can it think? Maybe not. We ask.", 3),
        ('They call it "slow." We do not.', 2),
        ("It takes a vote. dVoting uses it. vLLM serves it.", 3),
        ("the wing is bent . the flow is not . a third one", 3),
        ("它很快。它也很小。", 2),
        ("It gains 2.1. 3D models follow.", 2),
    ],
)
def test_what_is_several_is_split(abstract: str, count: int) -> None:
    assert len(texts(abstract)) == count


@given(st.text())
def test_nothing_is_lost_and_numbers_run_from_one(abstract: str) -> None:
    sentences = split_sentences(abstract)
    assert "".join("".join(s.text for s in sentences).split()) == "".join(abstract.split())
    assert [s.number for s in sentences] == list(range(1, len(sentences) + 1))


@given(st.lists(st.text(alphabet="abc XYZ,", min_size=1, max_size=300), max_size=12), st.text(max_size=200))
def test_chunks_cover_every_sentence_once_in_order(parts: list[str], title: str) -> None:
    sentences = split_sentences(". ".join(parts))
    covered = [n for first, last in chunk_sentences(title, sentences) for n in range(first, last + 1)]
    assert covered == [s.number for s in sentences]


def test_chunks_keep_to_their_size_where_sentences_allow() -> None:
    sentences = split_sentences(" ".join(["This sentence has exactly eight small words here."] * 40))
    for first, last in chunk_sentences("A title", sentences):
        assert token_bound(" ".join(s.text for s in sentences[first - 1 : last])) <= 128


def test_the_token_bound_counts_every_kind_of_character() -> None:
    assert token_bound("") == 0
    assert token_bound("attention") == 2
    assert token_bound("12345") == 2
    assert token_bound("a, b") == 3
    assert token_bound("é") == 2
