"""Figures that may be drawn side by side, and those that may not."""

import re

import pytest

from assistant.citations import quoted
from assistant.compare.figures import bars_of
from assistant.compare.quotes import with_notes
from assistant.documents import Check, Citation, Claim, Comparison, LabelledPaper, Row
from assistant.render.comparison import to_html
from index import Paper


def row(one: str, other: str, aspect: str = "Main results") -> tuple[Row, tuple[LabelledPaper, ...]]:
    texts = (one, other)
    papers = tuple(LabelledPaper(n, Paper(title=f"Kite{n}: Paper {n}", abstract=t)) for n, t in enumerate(texts, 1))
    made = Row(aspect, tuple(quoted(p.label, p.paper.sentences[0]) for p in papers))
    return with_notes((made,), papers)[0], papers


@pytest.mark.parametrize(
    ("one", "other", "measure", "shares"),
    [
        ("It runs 2.1x faster than before.", "Our method is 1.4x faster.", "speed", (1, 0.667)),
        ("It reaches 81.2% on ImageNet.", "Ours achieves 79.0% on ImageNet.", "score on ImageNet", (1, 0.973)),
        ("It reaches a top-1 accuracy of 81.2% on ImageNet.", "Ours has 79.0% accuracy on ImageNet.",
         "accuracy on ImageNet", (1, 0.973)),
        ("It reduces memory by 30% and latency by 20%.", "It cuts memory by 60%.", "memory: reduction", (0.5, 1)),
        ("Energy falls: we report up to 3x energy savings.", "We see up to 6x lower energy.", "energy", (0.5, 1)),
        ("It scores 62.6 on OlympiadBench and 74.0 on MMMU.", "It reaches 69.0 on MMMU.", "score on MMMU", (1, 0.932)),
    ],
)  # fmt: skip
def test_the_same_thing_is_drawn(one: str, other: str, measure: str, shares: tuple[float, float]) -> None:
    drawn = bars_of(*row(one, other))
    assert drawn
    assert drawn.measure == measure
    assert tuple(round(bar.share, 3) for bar in drawn.bars) == shares
    assert [bar.sentence for bar in drawn.bars] == [one, other]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It reaches 81.2% on ImageNet.", "Ours achieves 79.0% on CIFAR-10."),  # other data
        ("It reaches 81.2% accuracy.", "Ours achieves 79.0% accuracy."),  # data that nobody names
        ("It runs 2.1x faster.", "It uses 1.4x less memory."),  # another metric
        ("It runs 2.1x faster in training.", "It runs 1.4x faster in inference."),  # another phase
        ("It runs up to 2.1x faster.", "It runs at least 1.4x faster."),  # bounds of other directions
        ("It runs 2.1x faster than vLLM.", "It runs 1.4x faster than Triton."),  # another baseline
        ("It is 2.1x faster than vLLM.", "It is 1.4x faster."),  # one names its baseline
        ("It was shown in 2024.", "It was shown in 2025."),  # years
        ("We study 12 models.", "We study 40 languages."),  # counts
        ("It improves accuracy from 73% to 81% on GSM8K.", "It reaches 79% accuracy on GSM8K."),  # two of a kind
        ("It beats Falcon (81% v.s. 79% on GSM8K).", "It reaches 83% on GSM8K."),
        ("It reduces memory by 30%.", "It increases memory by 20%."),  # other directions
        ("It improves accuracy by 2.3% on GSM8K.", "It reaches 81% accuracy on GSM8K."),  # a change and a value
        ("It gains +4.1 on MMStar.", "It reaches 23.2% on MMStar."),
        ("It has speedups of 2.1x and 1.4x on A100 and H100, respectively.", "It is 1.4x faster."),  # a list
        ("It keeps 95% accuracy on GSM8K.", "It reaches 90% accuracy on GSM8K."),  # a share of another figure
        ("It is 2.1x faster at 4 bits.", "It is 1.4x faster."),  # a figure under a condition
        ("It is 2.1x faster on LLaMA-7B.", "It is 1.4x faster on Qwen2-7B."),  # another model
        ("It is 14,000x faster.", "It is 8x faster."),  # of another order
        (
            "It helps the ability of Gull (e.g., 66.3 %rightarrow72.9 % on MathVista, 62.9 % on We-Math).",
            "It reaches 70.1 on MathVista.",
        ),
        ("It reaches an FID of 5.11 on ImageNet without guidance.", "It has an FID of 2.04 on ImageNet."),
        ("No figure stands here.", "It is 8x faster."),
    ],
)
def test_nothing_is_drawn_where_it_would_mislead(one: str, other: str) -> None:
    assert bars_of(*row(one, other)) is None
    assert bars_of(*row(other, one)) is None


def test_rows_on_what_others_did_and_empty_cells_have_no_bars() -> None:
    texts = "It runs 2.1x faster.", "It runs 1.4x faster."
    assert bars_of(*row(*texts, aspect="Problem")) is None
    made, papers = row(*texts)
    assert bars_of(Row(made.aspect, (made.cells[0], None)), papers) is None


def test_a_written_cell_shows_the_sentence_that_it_cites() -> None:
    made, papers = row("Kite1 runs 2.1x faster in all tests.", "Kite2 runs 1.4x faster in all tests.")
    cells = tuple(Claim(f"{n}x faster [{k}.1].", (Citation(k, 1),), Check("ok")) for k, n in ((1, 2.1), (2, 1.4)))
    drawn = bars_of(Row(made.aspect, cells), papers)
    assert drawn
    assert [bar.shown for bar in drawn.bars] == ["2.1x", "1.4x"]
    assert "in all tests" in drawn.bars[0].sentence


def test_the_exported_page_has_them_too_and_escapes_them() -> None:
    made, papers = row('It is 2.1x faster, as "><script>alert(1)</script> says.', "It is 1.4x faster.")
    page = to_html(Comparison(papers, (made,)))
    assert "<script" not in page
    assert re.findall(r'<rect width="([\d.]+)"', page) == ["100.0", "66.7"]
    assert '<svg aria-hidden="true"' in page
    assert page.index('class="value">2.1x') < page.index('class="value">1.4x')
