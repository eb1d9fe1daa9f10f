"""The tabs in a real browser, at both widths, light and dark; axe checks each."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import resize
from served_window import Window, served

from index.sample import sample_papers

QUESTION = "Which papers speed up attention in hardware, and by how much?"
SCREENS = [(1280, False), (390, True)]


@pytest.fixture(scope="module")
def window(homes: Any) -> Iterator[Window]:
    with served(homes / "tabs", papers=sample_papers()) as made:
        yield made


def ask(page: Any, question: str = QUESTION) -> None:
    before = page.locator(".turn .actions").count()
    box = page.get_by_role("textbox", name="Question", exact=True)
    box.fill(question)
    box.press("Enter")
    page.locator(".turn .actions").nth(before).wait_for()


def check_page(page: Any, width: int) -> None:
    """Nothing is wider than the screen, and axe finds nothing serious."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    serious = [
        (rule["id"], [node["html"][:150] for node in rule["nodes"]])
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_ask(open_page: Any, window: Window) -> None:
    page = open_page(window.url)
    for width, dark in SCREENS:
        page.locator("#brand a").click()  # to the start
        resize(page, width, dark=dark)
        page.get_by_role("group", name="Examples").wait_for()
        check_page(page, width)
        ask(page)
        filters = page.get_by_role("button", name="Filters")
        filters.click()
        check_page(page, width)
        filters.click()
        page.locator(".cite").first.click()
        page.locator("#source mark").wait_for()
        check_page(page, width)
        page.keyboard.press("Escape")
        page.locator("#source").wait_for(state="hidden")


def test_weekly(open_page: Any, window: Window) -> None:
    page = open_page(f"{window.url}/?tab=weekly")
    page.get_by_role("button", name="Sum up").click()
    page.locator("#digest .facts").wait_for()
    week = page.get_by_label("Week").input_value()[:8]
    assert page.url.endswith(f"?week={week}")
    shown = page.locator("#digest .papers > li").count()
    said = page.locator("#digest .meta").first.inner_text()
    assert int(re.match(r"\d+", said)[0]) == shown  # type: ignore[index]  # every paper is accounted for
    check_page(page, 1280)
    again = open_page(f"{window.url}/?week={week}", 390, True)
    again.locator("#digest .facts").wait_for()
    check_page(again, 390)
    again.get_by_role("button", name="Sum up").click()
    again.locator("#digest .facts").wait_for()
    check_page(again, 390)


def test_compare(open_page: Any, window: Window) -> None:
    page = open_page(f"{window.url}/?tab=compare")
    first, second = (page.get_by_label(f"{name} paper") for name in ("First", "Second"))
    for width, dark in SCREENS:
        resize(page, width, dark=dark)
        first.fill("")
        first.press_sequentially("spatten")
        page.get_by_role("option").filter(has_text="SpAtten").click()  # not what was offered for the first letters
        second.fill("FBNetV3")
        second.press("Enter")
        page.locator("#comparison .facts").wait_for()
        assert page.locator("#comparison tbody tr:not(.note)").count() >= 3
        page.locator("#comparison .cite").first.focus()
        page.locator("#comparison .card").first.wait_for()
        check_page(page, width)
        heads = page.locator("#comparison thead th").all_text_contents()
        page.get_by_role("button", name="Swap").click()
        page.wait_for_url("**/?a=FBNetV3&b=SpAtten*")
        assert page.locator("#comparison thead th").all_text_contents() == heads[::-1]
        assert first.input_value() == "FBNetV3"
        second.fill("nothing of this name")
        second.press("Enter")
        page.get_by_role("alert").first.wait_for()
        page.get_by_role("button", name="Compare", exact=True).wait_for()


def test_library(open_page: Any, window: Window) -> None:
    page = open_page(f"{window.url}/?tab=library")
    for width, dark in SCREENS:
        resize(page, width, dark=dark)
        page.locator("#rows li").nth(10).wait_for()
        filters = page.get_by_role("button", name="Filters").last
        filters.click()
        check_page(page, width)
        filters.click()
        page.get_by_label("Find").fill("spatten")
        page.locator("#rows .count").get_by_text("1 paper", exact=True).wait_for()
        page.locator("#rows .star").first.click()
        page.locator("#rows .star[aria-pressed=true]").wait_for()
        page.locator("#rows a").first.click()
        page.locator(".paper-page").get_by_role("button", name="Starred").click()
        assert "?paper=" in page.url
        check_page(page, width)
        opened = open_page(page.url, width, dark)
        opened.locator(".paper-page h1").get_by_text("SpAtten").wait_for()
        opened.close()
        page.get_by_role("button", name="Remove").click()
        page.get_by_text("Removed “SpAtten").wait_for()
        page.get_by_role("button", name="Undo").click()
        page.get_by_text("Removed “SpAtten").wait_for(state="detached")
        assert window.assistant.library.count() == len(sample_papers())
        page.get_by_label("Find").fill("")


def test_model(open_page: Any, window: Window) -> None:
    page = open_page(f"{window.url}/?tab=model")
    page.get_by_text("Nothing leaves this machine").wait_for()
    check_page(page, 1280)


def test_only_these_papers_are_asked(open_page: Any, window: Window) -> None:
    spatten = next(p for p in sample_papers() if p.short_name == "SpAtten")
    page = open_page(f"{window.url}/?paper={spatten.id}")
    page.get_by_role("button", name="Ask only this paper").click()
    page.locator(".chips").get_by_text("SpAtten").wait_for()
    ask(page, "What speedup is reported?")
    assert page.locator(".turn .scope").inner_text() == "Limited to 1 chosen paper"
    shown = {paper.paper.id for turn in window.conversations.turns("", window.conversations.list("")[0].id)
             for paper in (turn.answer.papers if turn.answer else ())}  # fmt: skip
    assert shown == {spatten.id}
    page.locator(".chips button").click()
    page.locator(".chips").wait_for(state="detached")


def test_only_papers_of_some_days_are_asked(open_page: Any, window: Window) -> None:
    page = open_page(window.url)
    ask(page, "What is SpAtten?")
    page.get_by_role("button", name="Filters").first.click()
    page.get_by_label("Since").first.fill("soon")
    box = page.get_by_role("textbox", name="Question", exact=True)
    box.fill(QUESTION)
    box.press("Enter")
    page.get_by_role("alert").get_by_text("2026-03-05").wait_for()
    assert box.input_value() == QUESTION
    assert page.locator(".turn .actions").count() == 1  # the answer before it is still there
    page.get_by_label("Since").first.fill("2026-01-01")
    box.press("Enter")
    page.locator(".turn .actions").nth(1).wait_for()
    assert page.locator(".turn .scope").inner_text() == "Limited to papers since 2026-01-01"
    turn = window.conversations.turns("", window.conversations.list("")[0].id)[-1]
    assert turn.answer
    assert turn.answer.papers
    assert all((p.paper.day or "") >= "2026-01-01" for p in turn.answer.papers)


def test_jobs_within_the_chat(open_page: Any, window: Window) -> None:
    page = open_page(window.url)
    ask(page, "/compare SpAtten | FBNetV3")
    assert page.locator(".turn .comparison tbody tr").count() >= 3
    ask(page, "/weekly")
    assert page.locator(".turn .digest section").count() >= 1


def test_conversations_are_found_renamed_and_deleted(open_page: Any, window: Window) -> None:
    page = open_page(window.url)
    ask(page, "What is said of hardware accelerators?")
    ask(page, "And of quantization?")
    assert page.locator(".turn").count() == 2
    address = page.url
    second = open_page(address)
    second.locator(".turn").nth(1).wait_for()
    row = page.locator("#conversations li").filter(has=page.locator("[aria-current=page]"))
    row.locator("summary").click()
    row.get_by_role("button", name="Rename").click()
    page.get_by_label("New title").fill("Chips")
    page.get_by_label("New title").press("Enter")
    page.get_by_role("link", name="Chips", exact=True).wait_for()
    page.get_by_role("textbox", name="Search conversations").press_sequentially("quantization")
    page.locator("#conversations li").nth(1).wait_for(state="detached")
    page.get_by_role("link", name="Chips", exact=True).wait_for()
    page.locator("#conversations summary").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Export").click()
    text = saved.value.path().read_text()
    assert "quantization" in text
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("link", name="Chips", exact=True).wait_for()


def test_copied_and_downloaded_answers_can_be_checked_again(open_page: Any, window: Window) -> None:
    page = open_page(window.url)
    ask(page)
    page.get_by_text("Copy or save").click()
    page.get_by_role("button", name="Answer", exact=True).click()
    page.get_by_text("Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.search(r"\[\d+\.\d+\]", copied)
    page.get_by_text("Copy or save").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="BibTeX").click()
    assert saved.value.path().read_text().startswith("@")
    page.get_by_role("button", name="Good answer").click()
    page.locator("button[aria-pressed=true]").wait_for()
    newest = window.conversations.turns("", window.conversations.list("")[0].id)[-1]
    assert newest.thumb == 1


def test_what_another_process_adds_is_found(serve: Any, open_page: Any) -> None:
    window = serve(papers=sample_papers()[:5])
    page = open_page(window.url)
    ask(page, "What is drawn by zebras?")
    home = window.assistant.library.path
    adding = (
        "import sys; from index import Library, Paper\n"
        "with Library.open(sys.argv[1], 'hashing', offline=True) as library:\n"
        "    library.add([Paper(title='Zebra: Fast Stripes', abstract='Zebras draw stripes 3x faster.')])"
    )
    subprocess.run([sys.executable, "-c", adding, str(home)], check=True, cwd=Path(__file__).parents[2])
    ask(page, "How much faster do zebras draw stripes?")
    assert "3x" in page.locator(".turn").last.inner_text()
    page.get_by_role("tab", name="Library").click()
    page.locator("#rows").get_by_text("Zebra: Fast Stripes").wait_for()
