"""Flags of kind `scope`: a sentence that drops the qualifier of a figure."""

import pytest

from assistant import check_sentence
from index.paper import Paper


def scope_flags(source: str, sentence: str) -> list[str]:
    check = check_sentence(f"{sentence} [1].", {1: Paper(title="A Study of Things", abstract=source)})
    return [flag.token for flag in check.flags if flag.kind == "scope"]


@pytest.mark.parametrize(
    ("source", "sentence", "token"),
    [
        ("It is up to 40.3% better.", "It is 40.3% better on average", "40.3%"),
        ("We cut memory by as much as 12% on Rooms.", "It cuts memory by 12%", "12%"),
        ("Its speedup is up to $3\\times$ over Torch.", "It is 3x faster than Torch", "3x"),
        ("It prunes up to an impressive 45% of the tree.", "It prunes 45% of the tree", "45%"),
        ("It saves 30% at most.", "It saves 30%", "30%"),
        ("It wins by at least 12 points.", "It wins by 12 points", "12 points"),
        ("The corpus holds more than 300 letters.", "The corpus holds 300 letters", "300"),
        ("The corpus comprises over 300 letters.", "The corpus holds 300 letters", "300"),
        ("It defends against over 95% of the attacks.", "It stops 95% of the attacks", "95%"),
        ("The corpus has 300+ letters.", "The corpus has 300 letters", "300"),
        ("A step takes about 40 ms.", "A step takes 40 ms", "40 ms"),
        ("A step takes $\\sim$40 ms.", "A step takes 40 ms", "40 ms"),
        ("It is nearly 2x faster.", "It is 2x faster", "2x"),
        ("It cuts cost by 40% on some tasks.", "It cuts cost by 40%", "40%"),
        ("Preliminary results show a 40% reduction.", "It shows a 40% reduction", "40%"),
        ("It potentially reduces cost by 40%.", "It reduces cost by 40%", "40%"),
    ],
)
def test_a_dropped_qualifier_is_flagged(source: str, sentence: str, token: str) -> None:
    assert scope_flags(source, sentence) == [token]


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("It is up to 40.3% better.", "It can be 40.3% better"),
        ("It is up to 40.3% better.", "At most it is 40.3% better"),
        ("It is up to 40% better, and 40% better on Rooms.", "It is 40% better on Rooms"),
        ("The corpus holds over 300 letters.", "The corpus holds 300+ letters"),
        ("It plays 454 objects over 30 games.", "It plays 30 games"),
        ("We report an improvement over 20 baselines.", "It improves over 20 baselines"),
        ("The model is trained over 100 epochs.", "The model is trained for 100 epochs"),
        ("The speedup is 1.3x ~ 1.7x.", "The speedup is 1.3x to 1.7x"),
        ("r is 0.91+/-0.02 and the score 0.85.", "r is 0.91 and the score 0.85"),
        ("It costs approximately 46.7% less time.", "It costs 46.7% less time"),
        ("Nearly half of them fail.", "Half of them fail"),
        ("A step takes about 40 ms.", "A step takes ~40 ms"),
        ("It potentially reduces cost by 40%.", "It may reduce cost by 40%"),
        ("It cuts cost by 40% on some tasks.", "It cuts cost by 40% on certain tasks"),
    ],
)
def test_a_kept_qualifier_or_a_bare_figure_is_not(source: str, sentence: str) -> None:
    assert scope_flags(source, sentence) == []


def test_the_message_says_what_the_source_says() -> None:
    paper = Paper(title="A Study of Things", abstract="It is up to 40% better. It is small.")
    check = check_sentence("It is 40% better [1.1].", {1: paper})
    assert check.verdict == "look"
    assert check.found == ("40%",)
    assert [(f.message, f.nearest) for f in check.flags] == [
        ("the source says 'up to 40%', not '40%'", "It is up to 40% better.")
    ]
