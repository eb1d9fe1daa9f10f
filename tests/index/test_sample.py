"""The bundled sample has what a first try needs: papers to ask about, pairs to compare, a week to sum up."""

import datetime
import re
from collections import Counter
from importlib import resources

from index.sample import sample_papers
from index.sources import read_text


def test_every_paper_of_the_sample_is_read() -> None:
    papers = sample_papers()
    assert 20 <= len(papers) <= 30
    assert len({p.id for p in papers}) == len({p.title for p in papers}) == len(papers)
    reading = read_text(resources.files("index").joinpath("sample.jsonl").read_text(encoding="utf-8"))
    assert not reading.rejects


def test_abstracts_are_a_few_sentences_and_dated() -> None:
    for paper in sample_papers():
        assert 4 <= len(paper.sentences) <= 8, paper.title
        assert paper.published, paper.title
        assert paper.author_count, paper.title


def test_the_latest_week_is_a_full_one() -> None:
    weeks = Counter(datetime.date.fromisoformat(p.week_day or "").isocalendar()[:2] for p in sample_papers())
    assert weeks[max(weeks)] >= 10


def test_there_are_pairs_to_compare_and_speeds_to_ask_for() -> None:
    names = {p.short_name for p in sample_papers()}
    assert {"FBNetV3", "FBNetV5", "FlashAttention-4", "SpAtten", "TIP", "Lightning OPD"} <= names
    assert sum(bool(re.search(r"\d(?:\.\d+)?x\b", p.abstract)) for p in sample_papers()) >= 8
