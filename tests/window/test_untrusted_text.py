"""Nothing that a paper or a model says becomes script, a live link or an image."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from chat_server import MODEL, StubServer
from payloads import PAYLOADS
from served_window import Window, served

from assistant.conversations import QuestionScope, Turn
from assistant.documents import (
    Answer,
    Check,
    Citation,
    Claim,
    Comparison,
    Digest,
    DigestPaper,
    Flag,
    LabelledPaper,
    Row,
)
from assistant.window.markup import (
    comparison_html,
    digest_html,
    paper_html,
    rail_html,
    rows_html,
    source_html,
    turn_html,
    written_html,
)
from index.paper import Paper

ALLOWED = set(
    "a article b blockquote br button circle code details div em figcaption figure footer form h1 h2 h3 h4 header hr i "
    "input li mark nav ol p pre q section span strong summary sup svg rect text textarea title table thead tbody tr th "
    "td ul".split()
)


class Reader(HTMLParser):
    """Collects what a browser would make of some HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.handlers: list[str] = []
        self.addresses: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on") or name in ("style", "src", "srcdoc")]
        self.addresses += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def paper_of(payload: str) -> Paper:
    return Paper(title=f"{payload} title", abstract=f"One {payload} sentence. Another 3.1x one.", id=f"x:{payload}",
                 url=f"https://ok.example/{payload}", authors=(payload,), organization=payload, source=payload,
                 published="2026-04-14", tags=(payload[:60],), note=payload, ai_summary=payload,
                 code_url=f"https://ok.example/{payload}")  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_whatever_is_shown_is_text(payload: str) -> None:
    paper = paper_of(payload)
    labelled = (LabelledPaper(1, paper),)
    flag = Flag("figure", payload, f"{payload} is not there", payload)
    claim = Claim(f"{payload} is said [1.1].", (Citation(1, 1),), Check("look", (payload,), (flag,)))
    answer = Answer(payload, "llm", text=f"{claim.text}\n\n- {payload}\n\n| a |\n|---|\n| {payload} |\n",
                    claims=(claim,), papers=labelled, model=payload, notices=(payload,))  # fmt: skip
    turn = Turn(1, payload, payload, QuestionScope(since=payload), "done", answer, 0, "2026-04-14")
    shown = [
        turn_html(turn, last=True),
        source_html(paper, [1]),
        paper_html(paper, True, [paper], [turn]),
        rows_html([paper], (), 1),
        comparison_html(Comparison(labelled, (Row(payload, (claim,), payload),), (claim,), notices=(payload,))),
        digest_html(
            Digest("2026-W16", "2026-04-13", "2026-04-19", (DigestPaper(1, paper, claim),), (claim,), (), (1,))
        ),
        rail_html([], None, payload),
    ]
    for html in shown:
        found = read(html)
        assert found.tags <= ALLOWED
        assert found.handlers == []
        for address in found.addresses:
            assert address.startswith(("?", "#", "download/", "https://ok.example/"))
            assert " " not in address
    assert payload.split(">")[0] in read(shown[1]).text  # it is shown, as text


def test_markdown_keeps_its_shape_and_quotes_keep_their_words() -> None:
    paper = Paper(title="A", abstract="It is 2.97~25.22x *faster* than A_b_c [12] and costs $1,000+.")
    quoted = Claim(f"“{paper.abstract}” [1.1]", (Citation(1, 1),), Check("ok"))
    plain = Claim("**Bold** is kept [1].", (Citation(1),), Check("ok", ("x",)))
    text = f"## Heading\n\n- {quoted.text}\n- {plain.text}\n"
    html = str(written_html(text, (quoted, plain), {1: paper}))
    found = read(html)
    assert paper.abstract in found.text
    assert {"h2", "ul", "li", "strong"} <= found.tags
    assert "[1.1" not in html
    assert html.count("✓") == 2


@pytest.fixture(scope="module")
def window(homes: Path, stub: StubServer) -> Iterator[Window]:
    with served(homes / "evil", papers=[paper_of(p) for p in PAYLOADS], base_url=stub.url, model=MODEL) as made:
        yield made


def test_none_of_it_runs_in_a_browser(open_page: Any, window: Window, stub: StubServer) -> None:
    stub.reset()
    stub.says = " ".join(f"{payload} is said [1.1]." for payload in PAYLOADS) + " It is 3.1x [1.2]."
    page = open_page(window.url)
    box = page.get_by_role("textbox", name="Question", exact=True)
    box.fill("What do the sentences of the title say?")
    box.press("Enter")
    page.locator(".turn .actions").wait_for()
    page.locator(".cite").first.hover()
    page.locator(".cite").first.click()
    page.locator("#source mark").wait_for()
    page.get_by_role("tab", name="Library").click()
    page.locator("#rows li").nth(len(PAYLOADS) - 1).wait_for()
    page.locator("#rows a").first.click()
    page.locator(".paper-page h1").wait_for()
    page.wait_for_timeout(300)
    own = "#live, #past, #source, #rows, #paper, #conversations"
    made = page.locator(own).evaluate_all(
        "(all) => all.flatMap((one) => [...one.querySelectorAll('img, script, iframe, style, svg, base, link, meta')])"
        ".map((bad) => bad.outerHTML)"
    )
    assert made == []
    foreign = page.locator("a[href^='http']").evaluate_all("(all) => all.map((link) => new URL(link.href).host)")
    assert set(foreign) <= {"ok.example"}
