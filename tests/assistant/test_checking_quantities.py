"""The parser of quantities, and when two of them agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking.figures import derives, find_figure, is_rest
from assistant.checking.quantities import Quantity, quantities
from assistant.checking.text import clean


def read(text: str) -> list[tuple[float, str]]:
    return [(round(q.value, 9), q.unit) for q in quantities(clean(text))]


def one(text: str) -> Quantity:
    (quantity,) = quantities(clean(text))
    return quantity


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.3times faster", [(1.3, "x")]),
        (r"a $1.3\times$ speedup", [(1.3, "x")]),
        ("1,4x and 1193x", [(1.4, "x"), (1193, "x")]),
        ("a ninefold gain, then twice", [(9, "x"), (2, "x")]),
        ("a factor of 10", [(10, "x")]),
        ("×2 faster", [(2, "x")]),
        (r"73.62\% top-1 accuracy", [(73.62, "%")]),
        ("by 11.67 points, or five percent", [(11.67, "%"), (5, "%")]),
        ("24--43% and 98–99%", [(24, "%"), (43, "%"), (98, "%"), (99, "%")]),
        ("2.97~25.22x", [(2.97, "x"), (25.22, "x")]),
        ("from 73ms to 6.7 ms", [(0.073, "time"), (0.0067, "time")]),
        ("180, 90 and 45 nm", [(1.8e-7, "length"), (9e-8, "length"), (4.5e-8, "length")]),
        ("1.7B parameters, 10 billion tokens, 21K runs", [(1.7e9, ""), (1e10, ""), (21_000, "")]),
        ("7-70B models", [(7e9, ""), (7e10, "")]),
        ("320KB of memory at 1613 TFLOPs/s", [(320_000, "bytes"), (1.613e15, "operations")]),
        ("11 978 buildings", [(11_978, "")]),
        ("$1,000+ failure", [(1000, "dollars")]),
        ("two orders of magnitude", [(2, "orders of magnitude")]),
        ("cut in half, a third of it", [(0.5, "fraction"), (round(1 / 3, 9), "fraction")]),
        ("10^{-3} and 3 × 10^5", [(0.001, ""), (300_000, "")]),
        ("twenty-five tasks", [(25, "")]),
        ("900 µm deep", [(0.0009, "length")]),
        ("0.48{\\deg} off", [(0.48, "degrees")]),
        ("in 2024, 2048 GPUs", [(2024, "year"), (2048, "")]),
    ],
)
def test_values_and_units(text: str, expected: list[tuple[float, str]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "FBNetV5, Qwen2.5-7B, CIFAR-10.1, GPT-4o, STM32F746 and M^{3}ViT",
        "top-1 of COVID-19",
        "(1) first and (2) second",
        "the 21st of the 1990s in 3D",
        "one of them, zero-shot",
        "an X-ray",
    ],
)
def test_what_is_no_figure(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        (r"$O(\sqrt{N})$", "o(√n)"),
        ("O(√N)", "o(√n)"),
        ("O(log_2(log_2 (N)))", "o(loglogn)"),
        ("O(log₂(log₂ N))", "o(loglogn)"),
        ("O(n²)", "o(n2)"),
        ("2:8 sparsity", "2:8"),
        ("64times64", "64x64"),
        ("64 × 64", "64x64"),
    ],
)
def test_what_is_compared_as_text(text: str, literal: str) -> None:
    assert one(text).literal == literal


@pytest.mark.parametrize(
    ("claimed", "cited"),
    [
        ("73.6%", "73.62%"),
        ("10x", "10.0x"),
        ("about 0.6%", "0.56%"),
        ("roughly 25x", "25.22x"),
        ("over 21,000", "21K"),
        ("more than 10x", "10.9x"),
        ("nearly 20 ms", "18.6 ms"),
        ("1.6 PFLOPs/s", "1613 TFLOPs/s"),
        ("95%", "accuracy of 0.95"),
        ("75% faster", "1.75x"),
        ("1.5x faster", "50% faster"),
        ("by half", "by 50%"),
        ("100x", "two orders of magnitude"),
        ("two orders of magnitude", "120x"),
        ("1.5 × 10-4", "0.00015"),
        ("98.5", "98.5%"),
        ("4.5 points", "4.5%"),
        ("six", "6"),
    ],
)
def test_figures_that_agree(claimed: str, cited: str) -> None:
    assert find_figure(one(claimed), quantities(clean(cited))) is not None


@pytest.mark.parametrize(
    ("claimed", "cited"),
    [
        ("49.17x", "49.17%"),
        ("7M", "7B"),
        ("73.7%", "73.62%"),
        ("73.625%", "73.62%"),
        ("2x", "2.7x"),
        ("5 ms", "5 s"),
        ("20 GB", "20 MB"),
        ("2048 images", "in 2024"),
        ("O(n)", "O(n^2)"),
        ("2:4", "2:8"),
        ("over 90%", "over 95%"),
        ("over 20 ms", "18.6 ms"),
    ],
)
def test_figures_that_do_not_agree(claimed: str, cited: str) -> None:
    assert find_figure(one(claimed), quantities(clean(cited))) is None


def test_differences_and_ratios_of_two_figures() -> None:
    before, after = quantities("73ms to 6.7ms")
    assert derives(one("91%"), before, after)
    assert derives(one("10.9x"), before, after)
    assert derives(one("66.3 ms"), before, after)
    assert not derives(one("81%"), before, after)


def test_the_rest_of_a_share() -> None:
    assert is_rest(one("12%"), one("88%"))
    assert not is_rest(one("21%"), one("88%"))


@pytest.mark.parametrize("text", ["0.6 to 235 billion parameters", "0.6B to 235B", "0.6-235B"])
def test_the_ends_of_a_range_share_their_scale(text: str) -> None:
    assert [quantity.value for quantity in quantities(text)] == [0.6e9, 235e9]


numbers = st.floats(min_value=0.01, max_value=9e5, allow_nan=False).map(lambda value: round(value, 2))


@given(numbers, st.sampled_from(["%", "x", " ms", " GB", "M", " points", "-fold"]))
def test_a_figure_is_read_back_and_found_in_itself(value: float, unit: str) -> None:
    (quantity,) = quantities(f"{value}{unit}")
    assert find_figure(quantity, [quantity]) is quantity


@given(st.integers(min_value=1000, max_value=10**9))
def test_separators_of_thousands_do_not_matter(value: int) -> None:
    assert one(f"{value:,} tokens").value == one(f"{value} tokens").value == value


@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    shape = clean(text)
    for quantity in quantities(shape):
        assert 0 <= quantity.start <= quantity.end <= len(shape)
