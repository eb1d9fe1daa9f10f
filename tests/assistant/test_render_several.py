"""A comparison of several papers as it is shown and exported: what lies where, and that nothing in it is live."""

import csv
import io
import json
import re
from dataclasses import replace

import pytest
from html_page import HtmlPage
from invented import BRACKETS, SCOUT
from several import RIVALS

from assistant.compare.job import in_quotes
from assistant.compare.rows import rows_in
from assistant.documents import Check as Checked
from assistant.documents import Citation, Claim, Comparison, LabelledPaper, Row, read_back
from assistant.render.comparison import to_csv, to_html, to_markdown, to_text
from assistant.render.comparison_latex import to_latex
from index.export import by_key, to_bibtex
from index.paper import Paper

ROWS = "Data set; Open code?"
HOSTILE = (
    r"\input{/etc/passwd} 50% of A_1 & B#2 ~ ^ {x} $y$ <img src=x> [click](https://evil.example) =SUM(A1) | 3×–4 µm [4]"
)


def comparison_of(*papers: Paper, rows: str = "") -> Comparison:
    labelled = tuple(LabelledPaper(n, paper) for n, paper in enumerate(papers, 1))
    return in_quotes(labelled, rows=rows_in(rows))


def hostile(count: int) -> Comparison:
    """A comparison whose every text is hostile."""
    papers = tuple(
        LabelledPaper(n, paper.with_(title=f"{HOSTILE} {n}", id=f"own:{n}"))
        for n, paper in enumerate([*RIVALS[: count - 1], BRACKETS], 1)
    )
    claims = tuple(Claim(f"{HOSTILE} [{p.label}.1].", (Citation(p.label, 1),), Checked("ok")) for p in papers)
    row = Row(HOSTILE, claims, HOSTILE)
    return Comparison(
        papers, (row, replace(row, aspect="=cmd()")), claims[:1], "llm", model=HOSTILE, notices=(HOSTILE,)
    )


def test_three_papers_are_columns_and_five_are_rows() -> None:
    for count, heads, lines in ((3, 3, 2), (5, 2, 5)):
        made = comparison_of(*RIVALS[:count], rows=ROWS)
        table = [line for line in to_markdown(made).splitlines() if line.startswith("|")]
        assert len(table) == lines + 2
        assert all(len(re.findall(r"(?<!\\)\|", line)) == heads + 2 for line in table)
        cells = list(csv.reader(io.StringIO(to_csv(made))))
        assert [row[0] for row in cells[1 : lines + 1]] == (
            [row.aspect for row in made.rows] if count == 3 else [f"[{p.label}] {p.paper.title}" for p in made.papers]
        )
        page = HtmlPage(to_html(made))
        assert sum(tag == "td" and "data-paper" in attrs for tag, attrs in page.elements) >= heads * lines


def test_every_cell_and_note_is_in_every_form() -> None:
    made = comparison_of(*RIVALS[:6], rows=f"{ROWS}; Speedup")
    assert any(row.note for row in made.rows)
    flat = [
        re.sub(r"[\s|\\]+", " ", text) for text in (to_markdown(made), to_text(made, 90), to_latex(made), to_csv(made))
    ]
    page = " ".join(HtmlPage(to_html(made)).text.split())
    for row in made.rows:
        for cell in filter(None, row.cells):
            words = cell.text[1:].partition("”")[0]
            assert words in page
            assert all(words in text or words.replace("https://", "") in text for text in flat), words
        if row.note:
            assert "not comparable" in page
            assert all("not comparable" in text for text in flat)
    assert json.loads(json.dumps(made.to_dict()))["papers"][5]["label"] == 6


@pytest.mark.parametrize("count", [2, 3, 5, 8])
def test_nothing_of_a_paper_or_a_model_is_live_in_any_form(count: int) -> None:
    made = hostile(count)
    page = HtmlPage(to_html(made))
    assert not {"script", "img", "iframe", "object", "form"} & {tag for tag, _ in page.elements}
    links = [attrs.get("href") or "" for tag, attrs in page.elements if tag == "a"]
    assert not any("evil" in link for link in links)
    markdown = to_markdown(made)
    assert not re.search(r"(?<!\\)\]\(|(?<!\\)<(?!https://arxiv)", markdown)
    table = [line for line in markdown.splitlines() if line.startswith("|")]
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table}) == 1
    for line in csv.reader(io.StringIO(to_csv(made))):
        assert not any(re.match(r"\s*[=+@-]", cell) for cell in line)


def body_of(latex: str) -> str:
    """A LaTeX text without its comments and its escaped signs."""
    lines = [line for line in latex.splitlines() if not line.startswith("%")]
    return re.sub(r"\\[$&%#_{}]", "", "\n".join(lines))


@pytest.mark.parametrize("count", [2, 3, 5, 8])
def test_latex_is_a_whole_table_in_which_every_text_is_escaped(count: int) -> None:
    made = hostile(count)
    latex = to_latex(made)
    body = body_of(latex)
    assert body.count("{") == body.count("}")
    assert body.count("$") % 2 == 0
    tables = body.count(r"\begin{table*}")
    assert re.findall(r"\\begin\{(\w+\*?)\}", body) == ["table*", "tabularx"] * tables
    assert re.findall(r"\\end\{(\w+\*?)\}", body) == ["tabularx", "table*"] * tables
    assert not re.search(r"\\input|\\write|\\csname|%|#", body.replace(r"\textbackslash{}input", ""))
    columns = 1 + (count if count <= 3 else len(made.rows))
    cells = [line for line in body.splitlines() if line.endswith(r"\\") and r"\multicolumn" not in line]
    assert {line.count("&") + 1 for line in cells} == {columns}
    assert len(cells) == tables + (len(made.rows) if count <= 3 else count)
    for rule in (r"\toprule", r"\midrule", r"\bottomrule"):
        assert latex.count(rule) == tables
    after = latex.rpartition(r"\end{table*}")[2]
    assert all(line.startswith("%") for line in after.splitlines() if line)


def test_many_rows_of_many_papers_stand_below_one_another_in_latex() -> None:
    made = comparison_of(*RIVALS[:5], rows="Approach; Data set; Hardware; Speedup; Code")
    body = body_of(to_latex(made))
    cells = [line for line in body.splitlines() if line.endswith(r"\\") and r"\multicolumn" not in line]
    assert {line.count("&") for line in cells} == {1}
    assert len(cells) == 5 * len(made.rows)
    assert re.findall(r"\\textbf\{([^}]+)\}", body) == [row.aspect for row in made.rows]


def test_what_is_too_tall_for_a_page_goes_on_in_the_next_table() -> None:
    made = hostile(8)
    long = tuple(
        replace(cell, text=f"{'Words of a long cell. ' * 12}{cell.text}") for cell in made.rows[0].cells if cell
    )
    rows = (replace(made.rows[0], cells=long), made.rows[1])
    latex = to_latex(replace(made, rows=rows))
    assert latex.count(r"\begin{table*}") > 2
    assert latex.count(r"\addtocounter{table}{-1}") == latex.count("Continued.") == latex.count(r"\begin{table*}") - 1
    assert latex.count("Words of a long cell.") == 12 * 8


def test_an_ordinary_word_stays_whole_and_one_that_no_column_holds_may_break() -> None:
    paper = RIVALS[0].with_(abstract=f"We propose Foo. Its specialization and characterizations need {'a' * 30}. Fine.")
    latex = to_latex(comparison_of(paper, RIVALS[1], rows="Specialization"))
    assert "Its specialization and characterizations need aaaa" in latex
    assert r"a\allowbreak{}a" in latex


def test_long_words_may_break_and_what_latex_cannot_print_is_told() -> None:
    paper = RIVALS[0].with_(
        abstract="We propose Foo. It is at github.com/someone/AVeryLongRepository 🤗 with Δ⁴ ≠ 𝔼 by Wąs. Fine."
    )
    latex = to_latex(comparison_of(paper, RIVALS[1], rows="Code; github"))
    assert r"github.\allowbreak{}com/\allowbreak{}someone/\allowbreak{}A" in latex
    assert r"{[}hugging face{]} with $\Delta$$^4$ $\neq$ E by W{\k{a}}s" in latex


def test_latex_cites_by_the_keys_of_the_bibtex_export() -> None:
    papers = [SCOUT, *RIVALS[:4], RIVALS[0].with_(id="arxiv:2605.30000")]  # two would have the same key
    made = comparison_of(*papers)
    keys = set(re.findall(r"@misc\{([^,]+),", to_bibtex(papers)))
    cited = {key for group in re.findall(r"\\cite\{([^}]+)\}", to_latex(made)) for key in group.split(",")}
    assert cited == keys == set(by_key(papers))


def test_latex_prints_common_signs_and_no_markers() -> None:
    paper = RIVALS[0].with_(abstract="We propose Foo. It is 3× faster – at α ≥ 2 – “really” on MothBench [4]. Fine.")
    latex = to_latex(comparison_of(paper, RIVALS[1]))
    assert r"3$\times$ faster -- at $\alpha$ $\geq$ 2 -- ``really''" in latex
    assert not re.search(r"\[\d+\.\d+\]", body_of(latex))


def test_the_json_of_two_papers_has_the_keys_that_it_had() -> None:
    made = comparison_of(*RIVALS[:2]).to_dict()
    assert list(made) == ["papers", "rows", "summary", "mode", "usage", "model", "notices"]
    assert list(made["rows"][0]) == ["aspect", "cells", "note"]


def test_a_comparison_that_was_kept_is_read_back() -> None:
    from dataclasses import asdict

    for count in (2, 8):
        made = comparison_of(*RIVALS[:count])
        assert read_back(Comparison, json.loads(json.dumps(asdict(made)))) == made
