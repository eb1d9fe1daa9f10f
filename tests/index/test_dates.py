"""The dates that questions name, and the numbers that are not dates."""

import datetime

import pytest

from index.dates import DatedQuestion, read_question

TODAY = datetime.date(2026, 4, 20)  # a Monday


@pytest.mark.parametrize(
    ("question", "since", "until", "left"),
    [
        ("How many papers in 2025 use quantization?", "2025-01-01", "2025-12-31", "How many papers use quantization?"),
        ("papers of 2023 on experts", "2023-01-01", "2023-12-31", "papers on experts"),
        ("papers in 2025 discuss tokens", "2025-01-01", "2025-12-31", "papers discuss tokens"),
        ("the 2025 papers about chips", "2025-01-01", "2025-12-31", "the papers about chips"),
        ("papers from 2023 on quantization", "2023-01-01", "2023-12-31", "papers on quantization"),
        ("what is new since March", "2026-03-01", None, "what is new"),
        ("what is new since October", "2025-10-01", None, "what is new"),
        ("since 2025-03", "2025-03-01", None, ""),
        ("since the end of 2024", "2024-09-01", None, ""),
        ("from 2023 onwards", "2023-01-01", None, ""),
        ("from 2023 until now", "2023-01-01", None, ""),
        ("in 2023/2024", "2023-01-01", "2024-12-31", ""),
        ("from 2023 on?", "2023-01-01", None, "?"),
        ("anything before 2020", None, "2019-12-31", "anything"),
        ("anything after 2020", "2021-01-01", None, "anything"),
        ("older than May 2022", None, "2022-04-30", ""),
        ("by the end of 2024", None, "2024-12-31", ""),
        ("until June 2024", None, "2024-06-30", ""),
        ("the state of routing as of 2024", None, "2024-12-31", "the state of routing"),
        ("between May and July 2025", "2025-05-01", "2025-07-31", ""),
        ("between November and February 2026", "2025-11-01", "2026-02-28", ""),
        ("between 2025-03-01 and 2025-04-15", "2025-03-01", "2025-04-15", ""),
        ("from 2019 to 2021", "2019-01-01", "2021-12-31", ""),
        ("in 2023–2025", "2023-01-01", "2025-12-31", ""),
        ("in 2023 or 2024", "2023-01-01", "2024-12-31", ""),
        ("after 2022 and until 2024", "2023-01-01", "2024-12-31", "and"),
        ("published on March 5, 2025", "2025-03-05", "2025-03-05", "published"),
        ("on 5 March", "2026-03-05", "2026-03-05", ""),
        ("on the 3rd of June 2024", "2024-06-03", "2024-06-03", ""),
        ("May 2025's papers", "2025-05-01", "2025-05-31", "papers"),
        ("in May", "2025-05-01", "2025-05-31", ""),
        ("in February 2024", "2024-02-01", "2024-02-29", ""),
        ("in early 2025", "2025-01-01", "2025-04-30", ""),
        ("Q3 2025 papers", "2025-07-01", "2025-09-30", "papers"),
        ("in the first half of 2024", "2024-01-01", "2024-06-30", ""),
        ("2026-W16", "2026-04-13", "2026-04-19", ""),
        ("in week 12", "2026-03-16", "2026-03-22", ""),
        ("what happened in week 2026-W11?", "2026-03-09", "2026-03-15", "what happened ?"),
        ("week 52 of 2025", "2025-12-22", "2025-12-28", ""),
        ("the week of April 14", "2026-04-13", "2026-04-19", ""),
        ("what came out last week about agents", "2026-04-13", "2026-04-19", "what came out about agents"),
        ("this week", "2026-04-20", "2026-04-26", ""),
        ("last month", "2026-03-01", "2026-03-31", ""),
        ("last year", "2025-01-01", "2025-12-31", ""),
        ("in the past week", "2026-04-13", "2026-04-20", ""),
        ("in the last week", "2026-04-13", "2026-04-20", ""),
        ("in the last 10 days", "2026-04-10", "2026-04-20", ""),
        ("the past three months", "2026-01-20", "2026-04-20", ""),
        ("what appeared yesterday", "2026-04-19", "2026-04-19", "what appeared"),
        ("today's papers", "2026-04-20", "2026-04-20", "papers"),
    ],
)
def test_dates_are_taken_out(question: str, since: str | None, until: str | None, left: str) -> None:
    asked = read_question(question, TODAY)
    assert (asked.since, asked.until, asked.text) == (since, until, left)
    assert asked.words


@pytest.mark.parametrize(
    "question",
    [
        "results on ImageNet 2012",
        "the top 2025 tokens",
        "trained on 2000 samples",
        "in 2025 tokens",
        "a mixture of 2017 small experts",
        "AIME 2025 and CVPR 2024",
        "in 2048 dimensions",
        "up to 2000 tokens, or up to 2.5x",
        "What do today's models do?",
        "How does it march in 2 steps, and may it fail?",
        "of 31 February 2025",
        "in 2099",
        "2025-style captions",
        "before 0001-01-01",
        "how do LLMs augment search",
        "",
    ],
)
def test_what_is_no_date_stays(question: str) -> None:
    assert read_question(question, TODAY) == DatedQuestion(question)


def test_the_words_of_every_date_are_told_in_their_order() -> None:
    asked = read_question("papers after 2022 on routing that came out until June 2024", TODAY)
    assert asked.words == "after 2022, until June 2024"
    assert asked.text == "papers on routing that came out"


def test_a_month_that_has_just_begun_counts() -> None:
    assert read_question("in April", datetime.date(2026, 4, 1)).since == "2026-04-01"
    assert read_question("in April", datetime.date(2026, 3, 31)).since == "2025-04-01"


def test_last_month_in_january_is_december() -> None:
    asked = read_question("last month", datetime.date(2026, 1, 31))
    assert (asked.since, asked.until) == ("2025-12-01", "2025-12-31")
    assert read_question("the past month", datetime.date(2026, 3, 31)).since == "2026-02-28"
