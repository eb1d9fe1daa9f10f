"""The comparison without a model: the papers' own sentences in the rows that a reader expects."""

import re
from pathlib import Path

import pytest
from invented import BRACKETS, COMPARABLE, QUIET, SCOUT, TWIN, WIDE

from assistant.compare import SamePaper, compare
from assistant.compare.comparable import baselines_in, data_sets_in, why_not_comparable
from assistant.compare.quotes import ASPECTS, FURTHER, RECORD_ASPECT, quote_rows
from assistant.documents import Claim, Comparison, LabelledPaper, Row
from index.library import Library
from index.paper import Paper


def labelled(*papers: Paper) -> tuple[LabelledPaper, ...]:
    return tuple(LabelledPaper(n, paper) for n, paper in enumerate(papers, 1))


def row(rows: tuple[Row, ...], aspect: str) -> Row:
    return next(r for r in rows if r.aspect == aspect)


def sentence_of(cell: Claim | None) -> int | None:
    assert cell is not None
    return cell.citations[0].sentence


async def in_quotes(tmp_path: Path, *papers: Paper) -> Comparison:
    with Library.open(tmp_path, "hashing") as library:
        return [snapshot async for snapshot in compare(library, *papers, llm=False)][-1]


def test_the_right_sentences_stand_in_the_rows_in_the_fixed_order() -> None:
    rows = quote_rows(labelled(SCOUT, WIDE))
    assert [r.aspect for r in rows] == [*ASPECTS, RECORD_ASPECT]
    stands = {r.aspect: [c.citations[0].sentence if c else None for c in r.cells] for r in rows}
    assert stands["Problem"] == [2, 1]
    assert stands["Approach"] == [3, 2]
    assert stands["Evaluated on"] == [5, 4]
    assert stands["Main results"] == [6, 5]
    assert stands["Cost or hardware"] == [7, 6]
    assert stands["Code or data"] == [8, None]
    assert stands["Limits stated"] == [None, 7]


def test_cells_are_verbatim_quotes_that_cite_themselves_and_none_stands_twice() -> None:
    papers = labelled(*COMPARABLE)
    for p, column in zip(papers, zip(*(r.cells for r in quote_rows(papers)), strict=True), strict=True):
        quotes = [c for c in column if c and c.citations[0].sentence]
        for cell in quotes:
            (citation,) = cell.citations
            assert cell.text == f"“{p.paper.sentences[citation.sentence - 1].text}” [{p.label}.{citation.sentence}]"
            assert cell.check.verdict == "ok"
        assert len({c.citations[0] for c in quotes}) == len(quotes)


def test_date_and_people_are_printed_from_the_record_and_cite_the_paper() -> None:
    cells = row(quote_rows(labelled(SCOUT, WIDE)), RECORD_ASPECT).cells
    assert [c and c.text for c in cells] == [
        "2024-01-02; Ada Example, Bo Sample, Cy Instance and 1 other [1]",
        "2024-02-10; 9 authors; Example Lab [2]",
    ]
    assert all(c and [x.sentence for x in c.citations] == [None] for c in cells)


def test_rows_that_no_paper_has_a_sentence_for_are_left_out() -> None:
    rows = quote_rows(labelled(QUIET, BRACKETS))
    assert not {"Code or data", "Limits stated", RECORD_ASPECT} & {r.aspect for r in rows}
    assert all(any(r.cells) for r in rows)


def test_a_third_column_is_as_good_as_two() -> None:
    rows = quote_rows(labelled(SCOUT, WIDE, QUIET))
    assert {len(r.cells) for r in rows} == {3}
    assert sentence_of(row(rows, "Approach").cells[2]) == 2


def test_what_a_row_lacks_because_another_row_tells_it_is_said() -> None:
    paper = Paper(
        title="One: Two", abstract="We propose One. Experiments on ImageNet show that One achieves 3.0x speedup."
    )
    note = row(quote_rows(labelled(paper, WIDE)), "Evaluated on").note
    assert note == "[1] states it under main results [1.2]"


async def test_figures_on_different_data_sets_and_baselines_get_a_note(tmp_path: Path) -> None:
    note = row((await in_quotes(tmp_path, SCOUT, WIDE)).rows, "Main results").note
    assert note is not None
    assert "different data sets (CIFAR-10 / ImageNet)" in note
    assert "different baselines (DARTS / AutoWide)" in note
    assert "metrics" not in note  # both are accuracies


@pytest.mark.parametrize(
    "texts",
    [
        ("It is 2.0x faster than SortNet on ListBench.", "It is 1.5x faster than SortNet on ListBench."),
        ("It is 2.0x faster.", "It sorts on ListBench."),  # one figure has nothing to be compared with
        ("It is 2.0x faster.", "It is 3.0x faster."),  # nothing is named that could differ
    ],
)
def test_figures_that_may_be_comparable_get_none(texts: tuple[str, str]) -> None:
    assert why_not_comparable(texts) is None


def test_hardware_is_no_data_set_and_a_metric_no_baseline() -> None:
    assert not data_sets_in("It runs on H100 and on NVIDIA Jetson.")
    assert not baselines_in("It needs 12% fewer FLOPs than before.")
    assert list(baselines_in("It outperforms SortNet and LLaMA-2 by 3%.").values()) == ["SortNet", "LLaMA-2"]


@pytest.mark.parametrize(
    ("text", "data_sets", "baselines"),
    [
        (
            "It achieves 162x and 3.2x speedup over A3 accelerator, MemFast accelerator and TITAN Xp GPU.",
            [],
            ["A3", "MemFast"],
        ),
        ("It matches EfficientNet accuracy on ImageNet with up to 2.0x fewer FLOPs.", ["ImageNet"], ["EfficientNet"]),
        ("It is 1.7x faster on LLaMA3 series models than SortNet in BF16.", [], ["SortNet"]),
        ("Based on the WideNet backbone, it gains 2% on MATH, AIME24, and GSM8K.", ["MATH", "AIME24", "GSM8K"], []),
        ("On GSM8K, TinyPruner saves 20% of the tokens.", ["GSM8K"], []),
        ("Compared to SortNet, TinyScout is 2x faster, with less than a 2% drop in GenEval score.", [], ["SortNet"]),
        (
            "It beats DARTS, ENAS and AmoebaNet by 3% on the SWE-bench Lite benchmark.",
            ["SWE-bench"],
            ["DARTS", "ENAS", "AmoebaNet"],
        ),
    ],
)
def test_data_sets_and_baselines_are_told_apart(text: str, data_sets: list[str], baselines: list[str]) -> None:
    assert list(data_sets_in(text).values()) == data_sets
    assert list(baselines_in(text).values()) == baselines


async def test_the_summary_says_what_both_name(tmp_path: Path) -> None:
    other = TWIN.with_(abstract="We propose Lens. It is tested on CIFAR-10 against DARTS.", id="x")
    (claim,) = (await in_quotes(tmp_path, SCOUT, other)).summary
    assert re.fullmatch(r"Both abstracts name CIFAR-10 and DARTS \[1\.5, 1\.6, 2\.2\]\.", claim.text)
    assert claim.check.verdict == "ok"
    assert not (await in_quotes(tmp_path, SCOUT, QUIET)).summary


async def test_it_is_complete_at_once_and_spends_nothing(tmp_path: Path) -> None:
    with Library.open(tmp_path, "hashing") as library:
        (only,) = [snapshot async for snapshot in compare(library, SCOUT, WIDE)]
        (asked_for,) = [snapshot async for snapshot in compare(library, SCOUT, WIDE, llm=False)]
    assert only.complete
    assert (only.mode, only.usage.llm_calls, only.model) == ("quotes", 0, None)
    assert "OPENAI_API_KEY" in only.notices[0]
    assert not asked_for.notices  # whoever asked for quotes knows


async def test_the_same_paper_twice_is_said(tmp_path: Path) -> None:
    with pytest.raises(SamePaper, match="TinyScout"):
        await in_quotes(tmp_path, SCOUT, SCOUT)


def test_a_second_result_stands_below_the_first() -> None:
    lean = Paper(
        title="LeanTide: Small Models of Tides",
        abstract="Models of tides are large. We propose LeanTide, which prunes them by season. "
        "LeanTide reaches 91.3% accuracy on TideBench. It outperforms TideNet by 4.1 points on CoastSet.",
    )
    rows = quote_rows(labelled(lean, WIDE))
    told = {s for r in rows if r.aspect in ("Main results", FURTHER) and (s := r.cells[0])}
    assert {c.citations[0].sentence for c in told} == {3, 4}
    assert [r.aspect for r in rows].index(FURTHER) == [r.aspect for r in rows].index("Main results") + 1
    assert row(rows, FURTHER).cells[1] is None
