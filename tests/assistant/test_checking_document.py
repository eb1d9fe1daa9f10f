"""`check_text`: copied answers, exported documents and drafts of one's own, against a real library."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.checking import check_claim
from assistant.checking.document import check_text
from assistant.documents import Answer, LabelledPaper
from assistant.render.markdown import to_markdown
from index import Library, Paper

SWIFT = Paper(
    title="SwiftKernel: Fast Attention for Small Accelerators",
    abstract="Attention is slow on small accelerators. SwiftKernel fuses softmax and matmul in 3 passes. "
    "It is up to 2.7x faster than Triton on the B200 and reaches 71% utilization.",
    id="arxiv:2604.00001",
    published="2026-04-02",
    author_count=6,
)
LADDER = Paper(
    title="LadderNet: Depth on Demand",
    abstract="Deep networks waste compute on easy inputs. LadderNet exits early and saves 42% of FLOPs on ImageNet.",
    url="https://arxiv.org/abs/2511.12345",
    published="2025-11-20",
)
PLAIN = Paper(title="A Study of Quiet Rooms", abstract="We measured 120 rooms. Most of them were loud.")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        opened.add([SWIFT, LADDER, PLAIN])
        yield opened


def verdicts(text: str, library: Library) -> list[str]:
    return [claim.check.verdict for claim in check_text(text, library).claims]


def test_an_exported_answer_can_be_checked_again(library: Library) -> None:
    text = "SwiftKernel is up to 2.7x faster than Triton [1.3].\n\n- LadderNet saves 42% of FLOPs [2.2]."
    papers = (LabelledPaper(1, SWIFT), LabelledPaper(2, LADDER))
    by_label = {1: SWIFT, 2: LADDER}
    claims = tuple(check_claim(line.strip("- "), by_label) for line in text.split("\n\n"))
    answer = Answer(question="How fast is it in 2026?", mode="llm", text=text, claims=claims, papers=papers)
    checked = check_text(to_markdown(answer), library)
    assert [claim.check.verdict for claim in checked.claims] == ["ok", "ok"]
    assert [claim.text for claim in checked.claims] == [claim.text for claim in claims]
    assert [label for label, _ in checked.papers] == ["1", "2"]
    assert checked.unresolved == ()
    assert checked.claims[1].to_dict()["citations"] == [{"label": "2", "sentence": 2}]


def test_a_changed_figure_in_a_copied_answer_is_flagged(library: Library) -> None:
    text = f"SwiftKernel is up to 3.9x faster than Triton [1.3].\n\n[1] **{SWIFT.title}** · 2026-04-02"
    (claim,) = check_text(text, library).claims
    assert claim.check.verdict == "look"
    assert [flag.token for flag in claim.check.flags] == ["3.9x"]


def test_a_draft_with_a_numbered_reference_list(library: Library) -> None:
    text = f"""
Early exits save 42% of FLOPs [1], and fused kernels reach
71% utilization [2]. Others disagree [3].

## References
[1] Doe et al. {LADDER.title}. arXiv:2511.12345v2, 2025.
[2] {SWIFT.title}. 2026.
[3] Roe. A paper that nobody has. 2024.
"""
    checked = check_text(text, library)
    assert [claim.check.verdict for claim in checked.claims] == ["ok", "look"]
    assert dict(checked.papers) == {"1": LADDER, "2": SWIFT}
    assert checked.unresolved == ("[3] Roe. A paper that nobody has. 2024.",)


@pytest.mark.parametrize(
    "citation",
    [
        "[@arxiv:2511.12345]",
        "[arXiv:2511.12345]",
        "(https://arxiv.org/abs/2511.12345v1)",
        "(LadderNet)",
        "[LadderNet]",
        "(LadderNet: Depth on Demand)",
        "(arxiv:2511.12345)",
    ],
)
def test_citations_by_id_link_name_and_title(library: Library, citation: str) -> None:
    right = check_text(f"Early exits save 42% of FLOPs {citation}.", library)
    wrong = check_text(f"Early exits save 24% of FLOPs {citation}.", library)
    assert right.claims[0].check.verdict == "ok"
    assert right.claims[0].text == f"Early exits save 42% of FLOPs {citation}."
    assert [paper for _, paper in right.papers] == [LADDER]
    assert right.claims[0].citations[0].label == right.papers[0][0]
    assert wrong.claims[0].check.verdict == "look"


def test_several_keys_in_one_bracket(library: Library) -> None:
    checked = check_text("Both save compute [@arxiv:2511.12345; @arxiv:2604.00001].", library)
    assert [paper for _, paper in checked.papers] == [LADDER, SWIFT]


def test_what_cannot_be_resolved_is_listed_and_the_rest_is_checked(library: Library) -> None:
    text = "A saves 5% [7]. B saves 42% of FLOPs (LadderNet). C saves 9% [@arxiv:1999.00001]. D is old (Roe, 2019)."
    checked = check_text(text, library)
    assert checked.unresolved == ("[7]", "@arxiv:1999.00001", "Roe, 2019")
    assert [claim.check.verdict for claim in checked.claims] == ["look", "ok", "look", "look"]
    assert "[arxiv:1999.00001] does not match any of the papers" in checked.claims[2].check.flags[0].message


def test_brackets_that_cite_nothing_stay_text(library: Library) -> None:
    text = "LadderNet (a network) uses Mixture of Experts (MoE) [LadderNet]."
    checked = check_text(text, library)
    assert checked.unresolved == ()
    assert checked.claims[0].text == text


def test_tables_and_headings(library: Library) -> None:
    text = f"""# Speed in 2031

| | [1] SwiftKernel | [2] LadderNet |
|---|---|---|
| **Speed** | up to 2.7x over Triton [1.3] | 43% of FLOPs [2.2] |

[1] **{SWIFT.title}** · 2026-04-02 · <https://arxiv.org/abs/2604.00001>
[2] **{LADDER.title}** · 2025-11-20 · <https://arxiv.org/abs/2511.12345>

> [1.3] It is up to 2.7x faster than Triton on the B200 and reaches 71% utilization.
"""
    assert verdicts(text, library) == ["ok", "look"]


def test_an_uncited_statement_and_an_empty_text(library: Library) -> None:
    assert verdicts("LadderNet saves 42% of FLOPs.", library) == ["uncited"]
    empty = check_text("\n\n", library)
    assert empty.claims == ()
    assert empty.notices


def test_a_sentence_of_the_wrong_paper_of_the_library(library: Library) -> None:
    text = "Most of the 120 rooms that were measured were loud [@arxiv:2511.12345]."
    (claim,) = check_text(text, library).claims
    assert claim.check.verdict == "look"


PRINTED = """SwiftKernel fuses softmax and matmul
in 3 passes [1]. ✓ It “is up to 2.7x faster than Triton on the B200.”
[1] ✓ LadderNet saves 43% of FLOPs [2]. ▲

  ▲ '43%' is not in the cited abstract (nearest: LadderNet exits early and saves 42% of
    FLOPs on ImageNet.)
[1] SwiftKernel: Fast Attention for Small
    Accelerators
    2026-04-02 · 6 authors · arxiv:2604.00001
      2. SwiftKernel fuses softmax and matmul in 3 passes.
[2] LadderNet: Depth on Demand
    2025-11-20 · mine-7

3 cited sentences, 6 figures, names and quotes found in what they cite, 1 to look at
Checked: figures, names, quotes, dates, citations. ✓ means figures and names found; wording is compared and may get a \
hint, but is not proved.
"""


def test_an_answer_copied_from_the_terminal(library: Library) -> None:
    checked = check_text(PRINTED, library)
    assert [claim.check.verdict for claim in checked.claims] == ["ok", "ok", "look"]
    assert [paper for _, paper in checked.papers] == [SWIFT, LADDER]
    assert checked.unresolved == ()


def test_a_comparison_copied_from_the_terminal(library: Library) -> None:
    text = """            | [1] SwiftKernel           | [2] LadderNet
------------+---------------------------+---------------------
Main result | “It is up to 2.7x faster  | It saves 43% of
            | than Triton on the B200   | FLOPs [2]
            | and reaches 71%           |
            | utilization.” [1]         |
------------+---------------------------+---------------------
-: not stated

[1] SwiftKernel: Fast Attention for Small Accelerators
[2] LadderNet: Depth on Demand
"""
    assert verdicts(text, library) == ["ok", "look", "nothing_to_check"]


def test_a_word_parted_at_its_hyphen_is_whole_again(library: Library) -> None:
    library.add([Paper(title="Hyphens", abstract="It is a fine-grained system-algorithm design.")])
    assert verdicts("“It is a fine-\ngrained system-\nalgorithm design.” [Hyphens]", library) == ["ok"]


def test_a_latex_draft(library: Library) -> None:
    text = r"""\section{Related work of 2031}
LadderNet saves $42\%$ of FLOPs~\cite{LadderNet}, SwiftKernel reaches
$71\%$ utilization \citep[p.~3]{swiftkernel2026fast}.
% LadderNet saves 43\% \cite{LadderNet}.
Nobody saves 5\%~\cite{Nobody1999, LadderNet}.
"""
    checked = check_text(text, library)
    assert [claim.check.verdict for claim in checked.claims] == ["ok", "look"]
    assert r"\cite{LadderNet}" in checked.claims[0].text
    assert checked.unresolved == ("Nobody1999",)


def test_table_cells_that_cite_by_name_and_nested_lists(library: Library) -> None:
    text = """| Paper | Result |
|---|---|
| LadderNet | 42% of FLOPs (LadderNet) |
| LadderNet | 43% of FLOPs [@LadderNet] |

- Results

    1. LadderNet saves 42% of FLOPs (LadderNet).
    2. LadderNet saves 43% of FLOPs (LadderNet).
"""
    assert verdicts(text, library) == ["ok", "look", "nothing_to_check", "ok", "look"]


def test_links_code_and_metrics_are_no_citations(library: Library) -> None:
    text = """LadderNet (see [its code](https://github.com/a/b), https://github.com/a/b) wins (pass@k) [LadderNet].
The code is there (https://github.com/a/b).

```python
x[1] = 99
```
"""
    checked = check_text(text, library)
    assert checked.unresolved == ()
    assert [claim.check.verdict for claim in checked.claims] == ["ok", "nothing_to_check"]


@pytest.mark.parametrize("apart", ["\n\n", " "], ids=["a paragraph each", "one paragraph"])
def test_a_draft_may_cite_more_papers_than_a_hundred(tmp_path: Path, apart: str) -> None:
    many = [
        Paper(title=f"Method {n}", abstract=f"We study the thing. It saves {n} % of memory.", id=f"arxiv:2605.{n:05}")
        for n in range(1, 151)
    ]
    draft = apart.join(f"It saves {n} % of memory [@arxiv:2605.{n:05}]." for n in range(1, 151))
    with Library.open(tmp_path / "many") as library:
        library.add(many)
        checked = check_text(f"{draft}{apart}It saves 7 % of memory [@arxiv:2605.00140].", library)
    assert checked.unresolved == ()
    assert {label for label, _ in checked.papers} == {paper.id for paper in many}
    assert [claim.check.verdict for claim in checked.claims] == ["ok"] * 150 + ["look"]
    assert checked.claims[149].citations[0].label == "arxiv:2605.00150"
    assert checked.claims[150].check.flags[0].token == "7 %"


def test_names_in_a_draft_never_take_the_numbers_of_its_reference_list(library: Library) -> None:
    text = f"Exits save 42% [901]. SwiftKernel reaches 71% [@{SWIFT.id}].\n\nReferences\n[901] {LADDER.title}\n"
    checked = check_text(text, library)
    assert [claim.check.verdict for claim in checked.claims] == ["ok", "ok"]
    assert dict(checked.papers) == {"901": LADDER, SWIFT.id: SWIFT}


def test_a_paragraph_that_cites_a_thousand_papers_loses_no_citation_unsaid(tmp_path: Path) -> None:
    ids = [f"arxiv:2605.{n:05}" for n in range(1, 1102)]
    many = [Paper(title=f"Method {n}", abstract="We study the thing.", id=paper_id) for n, paper_id in enumerate(ids)]
    with Library.open(tmp_path / "many", embeddings="hashing") as library:
        library.add(many)
        checked = check_text(" ".join(f"It works [@{paper_id}]." for paper_id in ids), library)
    assert {label for label, _ in checked.papers} | {name.lstrip("@") for name in checked.unresolved} == set(ids)


@pytest.mark.parametrize(
    "aside",
    [
        "(April 2024)",
        "(in January 2025)",
        "(as of 12 March 2024)",
        "(Summer 2023)",
        "(Q3 2024)",
        "(NeurIPS 2024)",
        "(ImageNet 2012)",
        "(since 2019)",
        "(Early 2024)",
    ],
)
def test_a_date_or_a_venue_in_brackets_is_no_citation(library: Library, aside: str) -> None:
    assert check_text(f"Exits save 42% of FLOPs [@{LADDER.id}] {aside}.", library).unresolved == ()


@pytest.mark.parametrize("cited", ["(Doe 2024)", "(Doe et al., 2024)", "(LeCun, 2015)", "(May et al. 2019)"])
def test_an_author_and_a_year_in_brackets_are_a_citation(library: Library, cited: str) -> None:
    assert check_text(f"Exits save 42% of FLOPs {cited}.", library).unresolved == (cited.strip("()"),)


@pytest.mark.parametrize(
    "written", ["[Paper 1, sentence 3]", "(1.3)", r"\[1.3\]", "[1.2, 3]", "<sup>1.3</sup>", "【1.3†】"]
)
def test_citations_in_other_shapes_are_read(written: str, library: Library) -> None:
    text = f"SwiftKernel is up to 2.7x faster than Triton {written}.\n\n[1] **{SWIFT.title}** · 2026-04-02"
    checked = check_text(text, library)
    (claim,) = checked.claims
    assert claim.check.verdict == "ok"
    assert {"label": "1", "sentence": 3} in claim.to_dict()["citations"]
    assert written in claim.text
    assert checked.unresolved == ()


def test_a_citation_that_could_be_read_in_two_ways_gets_no_tick(library: Library) -> None:
    references = f"[1] **{SWIFT.title}** · 2026-04-02\n[2] **{LADDER.title}** · 2025-11-20"
    (claim,) = check_text(f"SwiftKernel takes 3 passes [1.2, 2].\n\n{references}", library).claims
    assert claim.check.verdict == "nothing_to_check"


def test_a_page_in_brackets_is_no_citation(library: Library) -> None:
    text = f"It takes 3 passes [p. 7], and 42% are saved (see Section 1.2).\n\n[1] **{SWIFT.title}** · 2026-04-02"
    assert set(verdicts(text, library)) == {"uncited"}
