"""Papers out in every format and in again: the same papers, whatever their titles, people and abstracts hold."""

import datetime
from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.export import to_bibtex, to_csv, to_jsonl
from index.export_notes import to_markdown
from index.export_records import to_csl_json, to_ris
from index.paper import Paper
from index.sources import read_text

WRITERS: dict[str, Callable[[Sequence[Paper]], str]] = {
    "jsonl": to_jsonl, "csv": to_csv, "bibtex": to_bibtex, "ris": to_ris, "csl-json": to_csl_json,
    "markdown": to_markdown,
}  # fmt: skip

HARD = (
    "{Braces}", "}", "{", "[12]", "[link](https://x.example)", "|", "·", "•", "%", "$", "$x^2$", "@article{a,", "@",
    "=1+1", "-", "--", "---", "+", "#", "# Head", "\\", "\\emph{x}", "\\url", "~", "^", "_", "&", "&amp;", "<b>", "<",
    '"', "''", "``", "'", "`", ";", ":", ",", "and", "authors", "4 authors", "et al.", "Abstract:", "TI  - x", "ER  -",
    "title: x", "- x", "1.", "2.7", "×", "é", "ß", "Ø", "数据", "그래프", "😀", "α", "ﬁ", "“", "…", "Tides", "a",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(HARD), min_size=1, max_size=8).map(" ".join)
NAMES = st.sampled_from(
    ["Ada Example", "Jan van der Roe", "Kernel and Compiler Group", "José Núñez", "李雷", "Bo Example Jr.",
     "Ada-Maria Example", "Plato", "A. B. Example", "Team 7", "Ludwig von Example", "Łukasz Żak"]
)  # fmt: skip
DAYS = st.none() | st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)).map(lambda day: day.isoformat())
COUNTS = st.none() | st.integers(0, 10**6)
PAPERS = st.builds(
    Paper, title=TEXTS, abstract=TEXTS, authors=st.lists(NAMES, max_size=4).map(tuple), published=DAYS, posted=DAYS,
    id=st.none() | st.integers(0, 99_999).map(lambda n: f"arxiv:2401.{n:05}"),
    organization=st.sampled_from([None, "Lake & Lab", "{Tide} Inc."]), comments=COUNTS, upvotes=COUNTS,
    keywords=st.sampled_from([(), ("tide caches",), ("lakes", "a, b")]),
    tags=st.lists(st.sampled_from(["to read", "C#", "{x} & y", "=1", "数据", "<b>"]), max_size=3).map(tuple),
    note=st.none() | TEXTS, ai_summary=st.none() | TEXTS,
)  # fmt: skip


@pytest.mark.parametrize("name", WRITERS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(papers=st.lists(PAPERS, min_size=1, max_size=3, unique_by=lambda paper: paper.id))
def test_papers_come_back_as_they_went(name: str, papers: list[Paper]) -> None:
    reading = read_text(WRITERS[name](papers))
    assert not reading.rejects
    assert [told(paper) for paper in reading.papers] == [told(paper) for paper in papers]


def told(paper: Paper) -> dict[str, object]:
    """What every format carries of a paper, single-spaced; BibTeX has a link where the paper has only an id."""
    values = {name: value for name, value in paper.to_dict().items() if name not in ("url", "source", "author_count")}
    return {name: " ".join(v.split()) if isinstance(v, str) else v for name, v in values.items()}
