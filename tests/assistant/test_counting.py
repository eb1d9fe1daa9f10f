"""Questions that count or list papers: exact, with the rule named; other questions are left to other jobs."""

import datetime
import re
from collections.abc import Iterator

import pytest
from invented import ANSWERABLE

from assistant.ask.facts import list_papers
from assistant.documents import Answer
from assistant.question import Question
from index import Library, Paper

TODAY = datetime.date(2026, 4, 20)
MORE = (
    Paper(
        title="Undated Notes on Quantizing",
        abstract="We quantize everything. Nothing is pruned.",
        id="arxiv:2101.00001",
        source="notes",
    ),
    Paper(
        title="Pruned and Quantized",
        abstract="Pruning meets quantization. A long story of experts.",
        published="2025-01-01",
        authors=("A", "B", "C"),
        url="https://arxiv.org/abs/2501.00001",
        source="hand-list",
    ),
    Paper(title="Alone", abstract="One person wrote this.", published="2025-12-31", author_count=1, source="hand-list"),
)
ALL = ANSWERABLE + MORE


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("library"), "hashing", offline=True) as opened:
        opened.add(ALL)
        yield opened


def answered(library: Library, question: str, **more: object) -> Answer:
    answer = list_papers(library, Question(question, TODAY), **more)  # type: ignore[arg-type]
    assert answer is not None
    return answer


def counted(answer: Answer) -> int:
    found = re.match(r"(\d+) (?:of \d+ )?papers", answer.text)
    assert found
    return int(found[1])


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("How many papers of 2025 are there", sum((p.published or "").startswith("2025") for p in ALL)),
        ("How many papers were published between 2025-01-01 and 2025-12-31?", 4),
        ("How many papers do I have?", len(ALL)),
        ("list the papers that mention quantization", sum("quanti" in (p.title + p.abstract).lower() for p in ALL)),
        ("How many of my papers mention quantization in 2025?", 1),
        ("how many papers use quantization or pruning", 3),
        ("how many papers mention quantization and pruning", 2),
        ('how many papers do not mention "quantization"', len(ALL) - 3),
        ("Which papers mention mixture-of-experts?", 1),
        ("which papers contain the phrase 'language models'?", 2),
        ("How many papers are from arXiv?", 2),
        ("how many papers are not from arXiv?", len(ALL) - 2),
        ("count the papers from the hand list", 2),
        ("how many papers have more than 2 authors?", 1),
        ("how many papers with exactly one author", 1),
        ("which papers were published in March 2025", 1),
        ("papers from last week", 1),
        ("Are there any papers that mention unicorns?", 0),
        ("How many papers, from arXiv, mention quantization and were published before 2026?", 1),
    ],
)
def test_the_count_is_exact(library: Library, question: str, count: int) -> None:
    answer = answered(library, question, k=2)
    assert counted(answer) == count
    assert len(answer.papers) == min(count, 2)
    assert answer.answered
    assert answer.usage.llm_calls == 0
    if count:
        assert f"Showing {min(count, 2)} of {count}" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "How many experts does OmniMoE use?",
        "How many GPUs does training take?",
        "How many papers does SwiftRow cite?",
        "How many papers use quantization to speed up inference?",
        "How many papers compare SwiftRow with RowFlash?",
        "How many papers from Northern Institute",
        "Which papers speed up attention in hardware, and by how much?",
        "Which papers use quantization?",
        "show me papers on efficient attention",
        "What did papers of 2025 say about sparsity?",
        "list the three best papers",
        "number of papers per year",
        "papers",
        "What is SwiftRow?",
        "",
    ],
)
def test_any_other_question_is_left_alone(library: Library, question: str) -> None:
    assert list_papers(library, Question(question, TODAY)) is None


def test_the_rule_is_said_and_every_item_cites_its_paper(library: Library) -> None:
    answer = answered(library, "list the papers that mention quantization in 2023 to 2025".replace("in", "from"), k=8)
    lead, *items = answer.claims
    assert "title or abstract contains “quantization” (in any form of the word)" in lead.text
    assert "published (else posted) from 2023-01-01 to 2025-12-31" in lead.text
    assert [item.check.verdict for item in items] == ["ok"] * 2
    for labelled, item in zip(answer.papers, items, strict=True):
        assert [(c.label, c.sentence) for c in item.citations] == [(labelled.label, None)]
        assert labelled.paper.title in item.text
        assert item.text in answer.text
    assert [p.paper.published for p in answer.papers] == ["2025-01-01", "2023-06-30"]  # the newest first


def test_papers_that_the_record_does_not_tell_of_are_said_to_be_left_out(library: Library) -> None:
    assert "1 of 9 papers left out: without a date." in answered(library, "how many papers of 2025").notices
    assert (
        "7 of 9 papers left out: without a number of authors."
        in answered(library, "how many papers have at least 1 author").notices
    )
    both = answered(library, "how many papers have at least 1 author and at most 5 authors").notices
    assert [notice for notice in both if "left out" in notice] == [
        "7 of 9 papers left out: without a number of authors."
    ]


def test_days_that_are_given_win(library: Library) -> None:
    answer = answered(library, "how many papers of 2025 are there", since="2024-01-01", until="2024-12-31")
    assert counted(answer) == 2
    assert "from 2024-01-01 to 2024-12-31" in answer.text


def test_a_misspelt_word_is_read_and_said(library: Library) -> None:
    answer = answered(library, "list papers that mention quantizaton")
    assert counted(answer) == 3
    assert "“quantizaton” is in none of the papers: searched for “quantization”." in answer.notices
