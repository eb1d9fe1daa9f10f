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
        ("Teenagers between 13 and 17 years took part.", "It asked teens (13-17)"),
        ("Records of 210 participants under 30 years of age are used.", "It uses records of 210 participants under 30"),
        ("Tasks stem from the 2023 Finnish leaving exams.", "It uses 2023 Finnish leaving exams"),
        (
            "Tests on ShoreSeg 2019 and ShoreSeg 2023 agree.",
            "It wins over five others on ShoreSeg 2019 and ShoreSeg 2023",
        ),
        ("It holds 20 real and 25 synthetic scans.", "Readers saw 45 scans"),
        ("We process 60,340 recordings.", "It processes 60k+ recordings"),
        (r"On TideNet 512$\times$512 it is best.", "It is best on TideNet 512"),
        (r"The lattice is $L^3\times T=6^3\times12$.", "A lattice of $6^3 \\times 12$ is used"),
        ("The theory lives in 2 + 1 dimensions.", "It is a theory in 2+1 dimensions"),
        (
            "Power laws of index $k=1$ and $k=0$ fit dunes and reefs.",
            "Dunes and reefs fit power laws (k = 0 and k = 1)",
        ),
        ("It reaches the best mAP of all.", "It reaches the best mean Average Precision (mAP)"),
        ("It runs on SD1.5 and SDXL.", "It runs on Stable Diffusion 1.5"),
        ("The effect is extremely small.", "The effect is ≪ 1"),
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
        ("It cuts the cost from 90.5 GB to 2.1 GB.", "It cuts the cost from 2.1 GB to 90.5 GB", "figure"),
        ("It is best in 31 out of 40 metrics.", "It is best in 40 out of 31 metrics", "figure"),
        ("We study 12,400 sailors aged 20-29 years.", "It studies 20 sailors aged 12,400-29 years", "unit"),
        (
            "Full and Lite reach 0.91 and 0.88 with 0.3% and 0.7% errors.",
            "Full and Lite reach 0.88 and 0.91 with 0.3% and 0.7% errors",
            "figure",
        ),
        (
            "The plain one wins 4/9 rounds and the tuned one 7/9.",
            "The plain one wins 7/9 rounds, the tuned one 4/9",
            "figure",
        ),
        (
            "We use nine ports: five from the northern coast and four from the southern coast.",
            "Nine ports (five from the northern coast, seven from the southern coast)",
            "figure",
        ),
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
