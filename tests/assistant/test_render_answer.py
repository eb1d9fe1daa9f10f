"""An answer as Markdown: what is copied can be checked again, and no link or markup in it is live."""

import re

import pytest

from assistant.citations import citations_in
from assistant.documents import Answer, Check, Citation, Claim, LabelledPaper
from assistant.render.markdown import safe_markdown, to_markdown
from index.paper import Paper

PAPER = Paper(
    title="Quick*Sort: <x>Sorting</x> faster",
    abstract="Sorting is slow. QuickSort is 2.5~3.0x faster than MergeSort.",
    published="2024-05-01",
    url="https://arxiv.org/abs/2405.00001",
)


def test_markers_references_and_cited_sentences_are_there() -> None:
    claim = Claim("It is 2.5~3.0x faster [1.2].", (Citation(1, 2),), Check("ok"))
    answer = Answer("How fast?", "llm", text=claim.text, claims=(claim,), papers=(LabelledPaper(1, PAPER),))
    shown = to_markdown(answer)
    assert citations_in(shown.splitlines()[2]) == (Citation(1, 2),)
    assert (
        "\n[1] **Quick\\*Sort: \\<x\\>Sorting\\</x\\> faster** · 2024-05-01 · <https://arxiv.org/abs/2405.00001>"
        in shown
    )
    assert "> [1.2] QuickSort is 2.5\\~3.0x faster than MergeSort." in shown


def test_papers_that_are_not_cited_are_not_listed() -> None:
    answer = Answer("What?", text="Not in your papers.", answered=False, papers=(LabelledPaper(1, PAPER, cited=False),))
    assert "Sorting" not in to_markdown(answer)


@pytest.mark.parametrize(
    "hostile",
    [
        "![x](http://evil/x.png)",
        "[click](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "[1.4]: http://evil\n\n[1.4]",
        "see http://evil or www.evil.com",
        "~~struck~~ $x$ <http://evil>",
        "bell\x07 and \u202eoverride",
    ],
)
def test_nothing_that_was_written_becomes_live(hostile: str) -> None:
    from markdown_it import MarkdownIt

    html = MarkdownIt("commonmark", {"html": True}).enable("strikethrough").render(safe_markdown(hostile))
    assert not any(tag in html for tag in ("<a", "<img", "<script", "<s>", "\x07", "\u202e"))
    assert not re.search(r"\w://|www\.", safe_markdown(hostile))  # what renderers link by themselves


@pytest.mark.parametrize(
    "bare", ["https://evil.example/x", "http://evil.example", "www.evil.example", "a.b@evil.example"]
)
def test_bare_addresses_of_fields_become_no_links(bare: str) -> None:
    paper = Paper(title=f"See {bare}", abstract=f"It is at {bare} now.", id="x:1", organization=bare, authors=(bare,))
    claim = Claim(f"“{paper.sentences[0].text}” [1.1]", (Citation(1, 1),), Check("ok"))
    answer = Answer(
        f"What is {bare}?", text=claim.text, claims=(claim,), papers=(LabelledPaper(1, paper),), notices=(bare,)
    )
    shown = to_markdown(answer)
    assert shown.count("evil.example") == 5
    assert not re.search(r"\w://|www\.|\w@\w", shown)


def test_markers_and_emphasis_stay() -> None:
    text = "**Fast**: 2x [1.4][2.1], see [1.4] (and [2])."
    assert safe_markdown(text) == text
