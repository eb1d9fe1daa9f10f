"""Kinds of sentences that the check took for something else: one small case of each, a sentence with its source."""

import pytest

from assistant import check_sentence
from assistant.documents import Check
from index.paper import Paper


def check(source: str, sentence: str) -> Check:
    return check_sentence(f"{sentence} [1].", {1: Paper(title="A study of tides", abstract=source)})


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("The excess has a significance of $4.1σ$.", "The excess has a significance of 4.1σ"),
        ("Signals of (0.5$-$30 Hz) are kept.", "It keeps signals of 0.5–30 Hz"),
        ("The floods of March 2021 were severe.", "It covers the 2021 floods"),
        ("It wins on AIME 2023 and AIME 2024.", "It wins on AIME 2023/2024"),
        ("Search runs up to x320 faster.", "Search runs up to 320x faster"),
        ("We look at 5-minute, 10-minute, and 15-minute delays.", "It looks at 5-, 10- and 15-minute delays"),
        ("Builds are 6-9times faster.", "Builds become faster by a factor of 6–9"),
        ("It holds between 150 K and 290 K.", "It holds between 150K and 290K"),
        ("A run costs USD 4.20.", "A run costs $4.20"),
        ("It can more than double the speed.", "The speed more than doubled"),
        (r"The cost is $O(\max\{A,B\}/\delta)$.", "The cost is O(max{A,B}/δ)"),
        ("It takes O(log_2 (M)) rounds.", "It takes O(log M) rounds"),
        ("The loss of accuracy is 0.48%.", "It loses about half a percentage point (0.48%)"),
        ("We screen 2,000 wells and keep 240 of them.", "About 12% of the wells (240 out of 2,000) were kept"),
        ("It peaks at 940 GFLOPs/s.", "It peaks at 940 GFLOPS"),
        ("In the first phase we sort, in the second we merge.", "Phase 1 sorts and phase 2 merges"),
        (
            "It gains 3% in recall for Kelp and 9% for Reef.",
            "It gains 3% and 9% in recall for Kelp and Reef, respectively",
        ),
        ("We analyse $10^{7}$ $J/ψ$ decays.", "It analyses 10⁷ J/ψ decays"),
        ("A map is distilled from tide tables.", "2) Distil a map from tide tables"),
        ("It moves with three degrees of freedom.", "It is a 3-DOF device"),
        ("It cuts the error by two orders of magnitude.", "The error falls, with a 100x gain"),
        ("We compare two open models and one closed model.", "Three models (two open, one closed) are compared"),
        ("Kinks live in (1+1) dimensions.", "It studies kinks in (1+1)D"),
        ("It is tested in dimensions one to four.", "It is tested for d = 1–4"),
        ("Lattice data at zero potential agree.", "Lattice data agree at μ = 0"),
        ("Sizes are from 1.5B-7B parameters.", "The largest has 7B parameters"),
        ("The accuracy is 0.81 (95% CI [0.70, 0.92]).", "Accuracy: 0.81 (95% CI 0.70–0.92)"),
        ("We study general relativity and Calabi-Yau spaces.", "It studies GR and CY spaces"),
        ("A tide model is fitted.", "It fits a stochastic tide surrogate (STS) to a tide model"),
        ("The field has a mass of 0.3 TeV.", "The mass of the field is 300 GeV"),
    ],
)
def test_the_same_in_another_notation_is_not_flagged(source: str, sentence: str) -> None:
    assert check(source, sentence).flags == ()


@pytest.mark.parametrize(
    ("source", "sentence", "kind"),
    [
        ("It removes up to 31% of the weights.", "It removes up to 32% of the weights", "figure"),
        ("It holds in over 99% of the cases.", "It holds in over 97% of the cases", "figure"),
        ("It takes <4% of the time (FID: 4.77).", "It takes less than 5% of the time", "figure"),
        ("It draws 1080p maps.", "It draws 1081p maps", "figure"),
        ("Tests across nine state-of-the-art coastal models agree.", "Seven coastal models agree", "figure"),
        ("We find four rules and eleven exceptions.", "It finds eleven rules and four exceptions", "figure"),
        ("It saved $500.", "It saved €500", "figure"),
        ("Sampling is 100x faster.", "Sampling is roughly 100% faster", "unit"),
        ("The mass is 30 GeV.", "The mass is 30 MeV", "unit"),
        ("The depth is mapped.", "Cityscapes maps the depth with the tide", "name"),
        ("The depth is mapped.", "The depth (Veltrano) is mapped", "name"),
        ("We build a 3DGS map.", "It builds a 7DGS map", "name"),
        ("It serves 5G phones.", "It serves 2G phones", "name"),
    ],
)
def test_what_differs_is_flagged(source: str, sentence: str, kind: str) -> None:
    assert kind in {flag.kind for flag in check(source, sentence).flags}


@pytest.mark.parametrize(
    "sentence", ["Datasets are mapped", "Multimodal depth is mapped", "Leur carte est nouvelle et fonctionne bien"]
)
def test_a_capital_of_a_sentence_is_no_name(sentence: str) -> None:
    assert check("The depth is mapped.", sentence).flags == ()
