"""A comparison as it is shown: nothing of a paper or a model becomes markup, and the quotes stand below."""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

from html_page import HtmlPage
from invented import BRACKETS, COMPARABLE, SCOUT, WIDE

from assistant.checking import check_claim
from assistant.compare import compare
from assistant.compare.quotes import quote_rows
from assistant.documents import Comparison, LabelledPaper, Row
from assistant.render.comparison import to_csv, to_html, to_markdown, to_text
from index.library import Library
from index.paper import Paper


def comparison_of(*papers: Paper) -> Comparison:
    labelled = tuple(LabelledPaper(n, paper) for n, paper in enumerate(papers, 1))
    return Comparison(labelled, quote_rows(labelled))


def with_cell(comparison: Comparison, aspect: str, text: str) -> Comparison:
    """The comparison with one more row, whose first cell says `text`."""
    claim = check_claim(text, {p.label: p.paper for p in comparison.papers})
    row = Row(aspect, (claim, *(None for _ in comparison.papers[1:])))
    return replace(comparison, rows=(*comparison.rows, row), summary=(claim,), mode="llm", model="<model>")


HOSTILE = "<img src=x onerror=alert(1)> [click](javascript:alert(1)) | **bold** [1.1, 1.3]."


def test_html_holds_no_tag_and_no_link_of_a_paper_or_a_model() -> None:
    page = HtmlPage(to_html(with_cell(comparison_of(BRACKETS, SCOUT), HOSTILE, HOSTILE)))
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "img", "iframe", "b_", "link", "object", "form"}
    links = [attrs.get("href") or "" for tag, attrs in page.elements if tag == "a"]
    assert all(re.fullmatch(r"#s-\d-\d+|https://arxiv\.org/abs/2401\.00001", link) for link in links)
    assert not any(name.startswith("on") or name == "src" for _, attrs in page.elements for name in attrs)
    assert "‹script›alert(1)‹/script›" in page.text  # shown as the words they are


def test_html_needs_nothing_else_and_every_citation_leads_to_its_sentence() -> None:
    html = to_html(comparison_of(SCOUT, WIDE))
    page = HtmlPage(html)
    ids = {attrs.get("id") for _, attrs in page.elements}
    links = [attrs["href"] for tag, attrs in page.elements if tag == "a" and attrs.get("class") == "cite"]
    assert links
    assert {link and link[1:] for link in links} <= ids
    assert "prefers-color-scheme: dark" in html
    assert "max-width: 640px" in html
    assert not re.search(r"url\(|@import|<link|src=", html)


def test_brackets_of_a_quoted_paper_are_no_citations() -> None:
    comparison = comparison_of(BRACKETS, SCOUT)
    cell = next(c for row in comparison.rows for c in row.cells if c and "[4]" in c.text)
    assert [c.sentence for c in cell.citations] == [3]
    assert "baseline \\[4\\].” [1.3]" in to_markdown(comparison)
    assert "baseline [4].” [1]" in re.sub(r"\s*\|[^|\n]*\n\s+\| ", " ", to_text(comparison, 80))


def test_markdown_is_one_table_whose_cells_cannot_break_out() -> None:
    markdown = to_markdown(with_cell(comparison_of(BRACKETS, SCOUT), "A | B", HOSTILE))
    table = [line for line in markdown.splitlines() if line.startswith("|")]
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 4 for line in table)
    assert not re.search(r"(?<!\\)<(?!https://arxiv)", markdown)
    assert not re.search(r"(?<!\\)\]\(", markdown)


def test_what_is_cited_but_not_quoted_stands_under_the_table() -> None:
    comparison = with_cell(comparison_of(SCOUT, WIDE), "Scoring", "It scores by sharpness of the loss [1.4].")
    for text in (to_markdown(comparison), to_text(comparison, 200)):
        assert text.count(SCOUT.sentences[3].text) == 1
    assert SCOUT.sentences[5].text not in to_markdown(comparison).split("\n\n")[-1]  # quoted in the table


def test_csv_reads_back_and_is_no_formula() -> None:
    rows = list(csv.reader(io.StringIO(to_csv(with_cell(comparison_of(SCOUT, WIDE), "=1+1", "-2 [1.3].")))))
    assert rows[0] == ["aspect", f"[1] {SCOUT.title}", f"[2] {WIDE.title}", "note"]
    assert {len(row) for row in rows} == {4}
    assert rows[1][1] == f"“{SCOUT.sentences[1].text}” [1.2]"
    assert rows[-1][:2] == ["'=1+1", "'-2 [1.3]."]


def test_text_keeps_to_its_columns_with_two_and_three_papers() -> None:
    for papers, width in (((SCOUT, WIDE), 80), ((SCOUT, WIDE), 60), (COMPARABLE[:3], 80)):
        text = to_text(comparison_of(*papers), width)
        assert max(map(len, text.splitlines())) <= width
        assert all(paper.title.split(":")[0] in text for paper in papers)
    assert "\x1b" not in to_text(comparison_of(SCOUT, WIDE.with_(title="\x1b[31mRed: \u202eletters")), 80)


async def test_every_shape_tells_every_row(tmp_path: Path) -> None:
    with Library.open(tmp_path, "hashing") as library:
        comparison = [snapshot async for snapshot in compare(library, SCOUT, WIDE)][-1]
    for text in (to_markdown(comparison), to_html(comparison), to_csv(comparison), to_text(comparison, 120)):
        for row in comparison.rows:
            assert row.aspect.split()[0] in text
            assert not row.note or row.note.split(":")[0] in " ".join(text.split())
    assert comparison.to_dict()["rows"][0]["cells"][0]["citations"] == [{"label": 1, "sentence": 2}]
