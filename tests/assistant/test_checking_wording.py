"""Hints: where the wording of a sentence differs from what it cites."""

import pytest

from assistant import check_sentence
from assistant.checking import check_claim
from index.paper import Paper

KITE = Paper(
    title="KiteNet: Cheap Forecasts of Wind",
    abstract="We propose KiteNet, a training-free network for wind forecasts. "
    "KiteNet outperforms existing baselines on three public sets. "
    "It preserves the accuracy of coastal stations and does not require satellite images. "
    "Its memory use is comparable to that of linear models. "
    "The gate often improves the stability of night forecasts. "
    "Short gusts are a problem for the majority of mountain stations.",
)


def kinds(sentence: str) -> list[str]:
    return [hint.kind for hint in check_sentence(sentence, {1: KITE}).hints]


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("It destroys the accuracy of coastal stations [1.3].", "polarity"),
        ("The gate often degrades the stability of night forecasts [1.5].", "polarity"),
        ("Short gusts are a problem for the minority of mountain stations [1.6].", "polarity"),
        ("The gate does not improve the stability of night forecasts [1.5].", "negation"),
        ("It requires satellite images [1.3].", "negation"),
        ("KiteNet is a training-based network for wind forecasts [1.1].", "negation"),
        ("Existing baselines outperform KiteNet on three public sets [1.2].", "comparison"),
        ("The gate always improves the stability of night forecasts [1.5].", "strength"),
        ("Its memory use is superior to that of linear models [1.4].", "strength"),
        ("It preserves accuracy, enabling autonomous drones to deliver parcels [1.3].", "addition"),
    ],
)
def test_a_turned_sentence_gets_a_hint(sentence: str, kind: str) -> None:
    assert kind in kinds(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "KiteNet beats existing baselines on three sets [1.2].",
        "It keeps the accuracy of coastal stations without satellite images [1.3].",
        "Memory use is on par with linear models [1.4].",
        "Night forecasts often become more stable with the gate [1.5].",
        "Most mountain stations have a problem with short gusts [1.6].",
        "It preserves the accuracy of coastal stations and does not require satellite images [1.3].",
    ],
)
def test_a_faithful_sentence_gets_none(sentence: str) -> None:
    assert kinds(sentence) == []


def test_a_hint_compares_two_words_and_takes_the_tick_but_not_the_verdict() -> None:
    claim = check_claim("KiteNet destroys the accuracy of coastal stations [1.3].", {1: KITE})
    assert claim.check.verdict == "ok"
    assert not claim.check.ticked
    assert claim.check.hints[0].message == "compare: 'destroys' here, 'preserves' there"
    assert claim.to_dict()["hints"][0] == {
        "kind": "polarity",
        "token": "destroys",
        "message": "compare: 'destroys' here, 'preserves' there",
        "nearest": "It preserves the accuracy of coastal stations and does not require satellite images.",
    }


def test_strange_text_is_no_crash() -> None:
    for sentence in ("not [1.1]", "than over [1]", "no, no, not; [1.2]", "\u2013 ( [1]", "un non anti dis [1.3]."):
        check_sentence(sentence, {1: KITE, 2: Paper(title="not", abstract="no not without than.")})
