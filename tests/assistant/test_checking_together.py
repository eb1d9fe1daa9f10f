"""Sentences that speak of several papers: what is said of all of them is found in each, or flagged."""

import pytest

from assistant.checking import check_sentence
from index.paper import Paper

LOUD = Paper(
    title="LoudBird: Listening to Birds",
    abstract="Birds are hard to hear. LoudBird takes 3.5 GPU hours on AudioSet. It keeps 12% of frames on B200 GPUs.",
)
FOG = Paper(
    title="FogNet: Seeing Through Fog",
    abstract="Fog hides cars. FogNet takes 7 GPU hours. It keeps 12% of the pixels and is tested on KITTI.",
)


@pytest.mark.parametrize(
    ("sentence", "token", "place"),
    [
        ("Both LoudBird and FogNet take 3.5 GPU hours [1.2][2.2].", "3.5 GPU hours", "[2.2]"),
        ("Both need 7 GPU hours [1.2], [2.2].", "7 GPU hours", "[1.2]"),
        ("Each of the two methods takes 7 GPU hours [1.2][2.2].", "7 GPU hours", "[1.2]"),
        ("Both papers are tested on KITTI [1.3][2.3].", "KITTI", "[1.3]"),
        ("LoudBird and FogNet both run on B200 GPUs [1.3][2.3].", "B200", "[2.3]"),
        ("All of these systems are trained on AudioSet [1][2].", "AudioSet", "[2]"),
    ],
)
def test_one_figure_or_name_of_both_is_looked_for_in_each(sentence: str, token: str, place: str) -> None:
    check = check_sentence(sentence, {1: LOUD, 2: FOG})
    assert check.verdict == "look"
    [flag] = check.flags
    assert (flag.token, flag.message.endswith(f"not in {place}")) == (token, True)


@pytest.mark.parametrize(
    "sentence",
    [
        "Both keep 12% of what they see [1.3][2.3].",
        "Both LoudBird and FogNet are named after what they do, and both keep 12% [1.3][2.3].",
        "Both take GPU hours: LoudBird 3.5 GPU hours [1.2], FogNet 7 GPU hours [2.2].",
        "Both take 3.5 and 7 GPU hours respectively [1.2][2.2].",
        "Both the time of 3.5 GPU hours and the frames kept are told [1.2][1.3].",
        "Both speed and size are told, 12% of them [1.3][2.3].",
        "LoudBird takes 3.5 GPU hours and FogNet takes 7 GPU hours [1.2][2.2].",
        "Both are tested, LoudBird on AudioSet and FogNet on KITTI [1.2][2.3].",
    ],
)
def test_what_holds_for_each_or_is_said_apart_is_left_alone(sentence: str) -> None:
    assert check_sentence(sentence, {1: LOUD, 2: FOG}).flags == ()


def test_a_figure_of_a_papers_own_name_is_said_of_no_other() -> None:
    hawk = Paper(title="Hawk 2.0: Faster Birds", abstract="Birds are slow. Hawk 2.0 is trained on AudioSet.")
    both = "Both LoudBird and Hawk 2.0 use AudioSet [1.2][2.2]."
    assert check_sentence(both, {1: LOUD, 2: hawk}).verdict == "ok"


def test_a_figure_may_leave_out_the_unit_of_the_one_before() -> None:
    papers = {1: LOUD, 2: FOG}
    assert check_sentence("LoudBird takes 3.5 GPU hours [1.2] and FogNet 7 [2.2].", papers).verdict == "ok"
    other = check_sentence("LoudBird takes 3.5 GPU hours [1.2] and FogNet 8 [2.2].", papers)
    assert [flag.token for flag in other.flags] == ["8"]
