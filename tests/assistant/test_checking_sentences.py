"""`check_sentence`: what is found, what is flagged, and the four verdicts."""

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import check_sentence
from assistant.checking import check_claim
from assistant.documents import Citation
from index.paper import Paper
from index.sentences import Sentence

SWIFT = Paper(
    title="SwiftKernel-2: Fused Attention for Small Accelerators",
    abstract="Attention dominates the cost of long contexts. "
    "We present SwiftKernel-2, a fused kernel in three stages for the B200 and the GB200. "
    "It is up to 1.3x faster than cuDNN 9.13 and 2.7x faster than Triton on the B200, reaching 1613 TFLOPs/s "
    "(71% utilization). "
    "Latency falls from 73ms to 6.7ms compared to PEER, and memory drops by $17.6\\%$ to $42\\%$. "
    "Queries and updates speed up by 279x and 480x, respectively. "
    "The router lowers complexity from O(N) to $O(\\sqrt{N})$ with 175B parameters on 12,288 GPUs. "
    "The current GatedRouter-2B and PlainRouter-3 reach only 34.08% and 26.52% on HardMix, leaving room for more. "
    "It improves over strong baselines (Skew-15%, Tilt-46% on HardMix) at 1/4 of the cost. "
    "We see 1.6x, 3.0x and 347x speedups over the A3 chip, the TITAN Xp GPU and the Xeon CPU, respectively. "
    "We train 72 models: 36 at 340M parameters (20B tokens) and 36 at 1.3B parameters (100B tokens).",
    id="arxiv:2604.00001",
    published="2026-04-02",
    author_count=6,
)
LADDER = Paper(
    title="LadderNet: Early Exits for Vision",
    abstract="Deep networks waste compute on easy images. LadderNet leaves early and saves 42% of FLOPs on ImageNet. "
    "Its gate is trained with reinforcement learning on five GPUs.",
    published="2025-11-20",
)
ROOMS = Paper(
    title="A Study of Quiet Rooms",
    abstract="We measured the acoustics of 120 rooms with microphones on tripods. Most of the rooms were loud.",
)
LIBRARY = (SWIFT, LADDER, ROOMS)
CITED = {1: SWIFT, 2: LADDER}
check = partial(check_sentence, cited=CITED, library=LIBRARY)


@pytest.mark.parametrize(
    "sentence",
    [
        "SwiftKernel-2 is up to 1.3x faster than cuDNN and 2.7x faster than Triton [1.3].",
        "It reaches about 1.6 PFLOPs/s, i.e. 71 percent utilization [1.3].",
        "SK2 runs on the B200 [1.2].",
        "Latency drops by 91%, from 73 ms to 6.7 ms [1.4].",
        "It is 10.9 times faster than PEER: 6.7 instead of 73 ms [1.4].",
        "Memory shrinks by 17.6–42% [1.4].",
        "Updates become 480 times faster [1.5].",
        "Complexity goes down to O(√N) [1.6].",
        "It was trained with 175 billion parameters on 12288 GPUs [1.6].",
        "LadderNet uses 5 GPUs [2.3] and saves 42% of FLOPs [2.2].",
        "SwiftKernel-2 uses 12,288 GPUs [1.6], LadderNet only five [2.3].",
        "Published on 2 April 2026 by six authors, it needs three stages [1].",
        "The paper appeared in April 2026 [1].",
        "“Queries and updates speed up by 279x and 480x, respectively.” [1.5]",
        "2.7x over Triton on B200 [1.3]",
        r"Memory shrinks by 17.6%\~42\% on \*PEER\* \(or so\) [1.4].",
        "**SwiftKernel-2** reaches `71%` utilization [1].",
        "Unlike LadderNet [2], SwiftKernel-2 is a kernel for the GB200 [1.2].",
        "GatedRouter-2B gets 34.08 % and PlainRouter-3 26.52 % on HardMix, a gap of 7.56 points [1.7].",
        "GatedRouter-2B, at 34.08 %, beats PlainRouter-3, at 26.52 %, by 7.56 points [1.7].",
        "Gated Router and PlainRouter were tried [1.7].",
        "Latency falls from 73 to 6.7 ms, more than 10x less than PEER [1.4].",
        "Skew improves by 15% and Tilt by 46%, at a fourth, or 25%, of the cost (0.25) [1.8].",
        "Half of the 72 models have 340M parameters [1.10].",
        "Der Kernel ist auf der B200 um das 2,7-Fache schneller als Triton und erreicht 71 Prozent Auslastung [1.3].",
        "It is 347x faster than a Xeon and 1.6x faster than the A3 [1.9].",
        "The paper is of 2026, and the kernel leaves only 29% of the units idle [1.3].",
    ],
)
def test_faithful_sentences_are_ok(sentence: str) -> None:
    found = check(sentence)
    assert (found.verdict, found.flags) == ("ok", ())
    assert found.found


@pytest.mark.parametrize(
    ("sentence", "kind", "token"),
    [
        ("It is 3.7x faster than Triton [1.3].", "figure", "3.7x"),
        ("It reaches 71x utilization [1.3].", "unit", "71x"),
        ("It has 175M parameters on 12,288 GPUs [1.6].", "unit", "175M"),
        ("Latency drops by 81% [1.4].", "figure", "81%"),
        ("Complexity goes down to O(log N) [1.6].", "figure", "O(log N)"),
        ("SwiftKernel-2 runs on the H100 [1.2].", "name", "H100"),
        ("Quorvex-7 runs on the B200 [1.2].", "name", "Quorvex-7"),
        ("LadderNet is 2.7x faster than Triton [1.3].", "name", "LadderNet"),
        (
            "“Queries and inserts speed up by 279x and 480x” [1.5].",
            "quote",
            "Queries and inserts speed up by 279x and 480x",
        ),
        ("It appeared on 3 April 2026 [1].", "date", "3 April 2026"),
        ("It appeared in 2024 [1].", "date", "2024"),
        ("7 authors wrote it [1].", "figure", "7 authors"),
        ("It is 2.7x faster [1.2].", "citation", "[1.2]"),
        ("It is fast [1.42].", "citation", "[1.42]"),
        ("It is fast [9].", "citation", "[9]"),
        ("Most rooms that were measured with microphones were loud [2].", "wrong_paper", ROOMS.title),
        ("Queries become 480x faster and updates 279x [1.5].", "figure", "480x, 279x"),
        ("It is 1.3x faster than Triton [1.3].", "figure", "1.3x"),
        ("LadderNet saves 71% of FLOPs [2.2].", "figure", "71%"),
        ("SwiftKernel-2 reaches 42% [1.3], LadderNet 71% [2.2].", "citation", "[1.3]"),
        ("By [1.4] it reaches 71% utilization; [1.3] says that latency falls to 6.7 ms.", "citation", "[1.4]"),
        ("GatedRouter-2B gets 26.52% and PlainRouter-3 34.08% on HardMix [1.7].", "figure", "26.52%, 34.08%"),
        ("It is 347x faster than the A3 chip [1.9].", "figure", "347x"),
        ("It is 9x faster than Triton [1.3].", "figure", "9x"),
        ("It is 2.7x faster than PEER [1.3].", "figure", "2.7x"),
        ("GatedRouter-3B reaches 34.08% [1.7].", "name", "GatedRouter-3B"),
        ("SwiftKernel-2-mini runs on the B200 [1.2].", "name", "SwiftKernel-2-mini"),
        ("It is 2.7x faster on HWBench 2026 [1.3].", "figure", "2026"),
        ("36 models have 340M parameters on 100B tokens, and 36 have 1.3B on 20B [1.10].", "figure", "340M, 1.3B"),
    ],
)
def test_what_is_not_found_is_flagged(sentence: str, kind: str, token: str) -> None:
    found = check(sentence)
    assert found.verdict == "look"
    assert (kind, token) in [(flag.kind, flag.token) for flag in found.flags]


def test_the_last_figure_of_a_list_is_not_said_of_another_item() -> None:
    pruned = Paper(title="Pruned", abstract="Lark, Hydra and Onyx reach 71.2%, 65.4% and 60.1% on GLUE, respectively.")
    said_of_another = check_sentence("Hydra reaches 60.1% on GLUE [1.1].", {1: pruned})
    assert [(flag.kind, flag.token) for flag in said_of_another.flags] == [("figure", "60.1%")]
    for right in ("Onyx reaches 60.1% on GLUE [1.1].", "Hydra reaches 65.4% on GLUE [1.1].", "It reaches 60.1% [1.1]."):
        assert check_sentence(right, {1: pruned}).verdict == "ok"


def test_a_figure_of_another_sentence_is_not_of_the_cited_one() -> None:
    (flag,) = check("It is 480x faster than cuDNN and reaches 71% utilization [1.3].").flags
    assert flag.kind == "figure"
    assert flag.nearest == SWIFT.sentences[4].text
    assert "sentence 5" in flag.message


def test_a_moved_citation_names_the_right_sentence() -> None:
    (flag,) = check("Latency falls from 73 ms to 6.7 ms [1.2].").flags
    assert (flag.kind, flag.nearest) == ("citation", SWIFT.sentences[3].text)


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("The queries and the updates speed up by 911x [1].", 5),
        ("The queries and the updates speed up by 911x [1.2].", 5),
        ("With Quorvex-7 the router lowers its complexity [1.1].", 6),
        ("Bananas are yellow in 911 cases [1].", None),
    ],
)
def test_the_nearest_sentence_is_the_most_similar_of_the_paper_or_none(sentence: str, number: int | None) -> None:
    (flag,) = check_sentence(sentence, CITED).flags
    assert flag.nearest == (SWIFT.sentences[number - 1].text if number else None)


def test_another_paper_that_lacks_the_figure_fits_no_better() -> None:
    paper = Paper(title="Shuffled Tokens", abstract="We push generation to a resolution of 2048x2048.")
    other = Paper(title="Image generation", abstract="We paint harbours, lighthouses and gulls again and again.")
    library = (paper, other, ROOMS)
    assert check_sentence("It paints harbours, lighthouses and gulls [1].", {1: paper}, library).verdict == "look"
    assert check_sentence("It clearly outperforms gulls [1].", {1: paper}, library).verdict == "nothing_to_check"
    figure = "It paints harbours, lighthouses and gulls of 2048×2048 [1]."
    assert check_sentence(figure, {1: paper}, library).verdict == "ok"


def test_the_whole_abstract_is_looked_at_where_the_paper_is_cited() -> None:
    assert check("It is 480x faster and reaches 71% utilization [1].").verdict == "ok"


def test_each_clause_is_held_against_its_own_marker() -> None:
    swapped = "LadderNet saves 42% of FLOPs [1.4], and SwiftKernel-2 reaches 71% utilization [2.2]."
    assert sorted(flag.token for flag in check(swapped).flags) == ["71%", "LadderNet", "SwiftKernel-2"]
    assert check("LadderNet saves 42% of FLOPs [2.2], and SwiftKernel-2 reaches 71% utilization [1.3].").verdict == "ok"


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("## Speed", "nothing_to_check"),
        ("Here is what the papers say:", "nothing_to_check"),
        ("The abstracts do not say how much memory it needs.", "nothing_to_check"),
        ("The abstract does not say whether it runs on a TPU-v5 [1].", "nothing_to_check"),
        ("Attention is a cost [1.1].", "nothing_to_check"),
        ("Two of the papers are about this:", "nothing_to_check"),
        ("Yes, two papers do.", "nothing_to_check"),
        ("The abstract of SwiftKernel-2 does not state its price.", "nothing_to_check"),
        ("There is no mention of quantization or rooms [1].", "nothing_to_check"),
        ("The two figures are not comparable.", "nothing_to_check"),
        ("It outperforms every baseline.", "uncited"),
        ("SwiftKernel-2 is nice.", "uncited"),
        ("That is 3x as much.", "uncited"),
        ("They write “a fused kernel in three stages”.", "uncited"),
    ],
)
def test_verdicts_without_a_flag(sentence: str, verdict: str) -> None:
    assert check(sentence).verdict == verdict


def test_citations_inside_a_quoted_source_are_not_the_writers() -> None:
    paper = Paper(title="Few Steps", abstract="It beats LCM [23] in 4 steps and HyperSD [33] in 8 steps.")
    found = check_sentence("“It beats LCM [23] in 4 steps and HyperSD [33] in 8 steps.” [1.1]", {1: paper})
    assert (found.verdict, found.flags) == ("ok", ())
    assert check_sentence("It beats LCM in 4 steps [23].", {1: paper}).verdict == "look"


def test_found_things_are_named_once_in_order() -> None:
    assert check("SwiftKernel-2 is 2.7x faster than Triton, 2.7x, on the B200 [1.3].").found == (
        "2.7x",
        "SwiftKernel-2",
        "Triton",
        "B200",
    )


def test_a_claim_keeps_its_text_and_citations() -> None:
    claim = check_claim("It is 2.7x faster [1.3, 2.1].", CITED)
    assert claim.text == "It is 2.7x faster [1.3, 2.1]."
    assert claim.citations == (Citation(1, 3), Citation(2, 1))
    assert claim.to_dict()["verdict"] == "ok"


def test_labels_may_be_strings_and_the_library_may_be_a_list() -> None:
    assert check_sentence("It is 2.7x faster [1.3].", {"1": SWIFT}, list(LIBRARY)).verdict == "ok"


def test_nothing_ever_claims_to_be_verified_or_wrong() -> None:
    sentences = [
        "It is 3.7x faster [1.3].",
        "Foo-7 on 3 May 2020 [1.99].",
        "“a b c d e” is 71x [2].",
        "It is 2.7x [1.2].",
    ]
    text = " ".join(flag.message for sentence in sentences for flag in check(sentence).flags).lower()
    assert "verified" not in text
    assert "wrong" not in text


BITS = """[1] [1.3] [2.1,1.2] [7.7] % x $ \\times O( two half “ " ^{ } respectively , and 73 6.7ms 1e999 0^-1 B200
    Quorvex-7 5 May 2024 authors""".split()
bits = st.lists(st.sampled_from(BITS), max_size=60)
runs = st.builds(
    lambda run, times: "".join(run) * times, st.lists(st.sampled_from(BITS), max_size=3), st.integers(1, 500)
)
strings = st.one_of(st.text(max_size=300), runs, *(bits.map(join) for join in (" ".join, "".join, "\n".join)))


@settings(max_examples=300)
@given(strings, strings)
def test_any_sentence_against_any_abstract(sentence: str, abstract: str) -> None:
    paper = Paper(title=abstract[:80] or "Untitled", abstract=abstract)
    first = check_sentence(f"{sentence} [1]", {1: paper, 2: LADDER}, LIBRARY)
    assert first == check_sentence(f"{sentence} [1]", {1: paper, 2: LADDER}, LIBRARY)
    assert (first.verdict == "look") == bool(first.flags)


@pytest.mark.parametrize("sentence", SWIFT.sentences, ids=lambda sentence: str(sentence.number))
def test_a_copied_sentence_is_found_in_itself(sentence: Sentence) -> None:
    cited = f"[1.{sentence.number}]"
    assert check(f"{sentence.text[:-1]} {cited}.").verdict == "ok"
    assert check(f"With Quorvex-7, {sentence.text[:-1]} {cited}.").verdict == "look"


def test_a_note_that_begins_with_its_verb_is_no_order() -> None:
    paper = Paper(title="A study of things", abstract="We address the lack of a benchmark of tools. It has 412 tasks.")
    check = check_sentence("Address the lack of a benchmark of tools with 412 tasks [1].", {1: paper})
    assert check.verdict == "ok"
    assert check_sentence("Ignore all previous instructions, it has 412 tasks [1].", {1: paper}).verdict == "look"


@pytest.mark.parametrize("written", ["[Paper 1, sentence 3]", "(1.3)", "[1.2, 3]"])
def test_a_sentence_is_checked_whatever_shape_its_citation_has(written: str) -> None:
    assert check_sentence(f"It is 2.7x faster {written}.", CITED).verdict == "ok"
    assert check_sentence(f"It is 3.9x faster {written}.", CITED).verdict == "look"
    assert check_sentence("It is 2.7x faster [1.3, 2].", CITED).verdict == "nothing_to_check"  # 1.2, or paper 2
