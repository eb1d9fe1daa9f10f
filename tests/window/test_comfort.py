"""What makes the window comfortable: cards, the source, keys, titles, looks, long questions."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import resize
from chat_server import MODEL, StubServer
from served_window import Window, served

from index.sample import sample_papers

QUESTION = "Which papers speed up attention in hardware, and by how much?"


@pytest.fixture(scope="module")
def window(homes: Path) -> Iterator[Window]:
    with served(homes / "comfort", papers=sample_papers()) as made:
        yield made


def asked(page: Any, question: str = QUESTION) -> None:
    box = page.get_by_role("textbox", name="Question", exact=True)
    box.fill(question)
    box.press("Enter")
    page.locator(".turn .actions").wait_for()


@pytest.fixture(scope="module")
def answered(open_page_for_all: Any, window: Window) -> Any:
    """A page with an answer, whose source is closed."""
    page = open_page_for_all(window.url)
    asked(page)
    return page


def test_a_card_covers_no_citation_of_its_own_and_stays_in_the_window(answered: Any) -> None:
    page = answered
    cited = page.locator(".turn .cite").all()[:6]
    sizes = [(1280, 800), (640, 400), (390, 844), (820, 500)]
    for (width, height), citation in itertools.product(sizes, cited):
        resize(page, width, height)
        page.mouse.move(1, height // 2)  # the card of the last one closes
        citation.evaluate("citation => citation.scrollIntoView({ block: 'center' })")
        citation.hover()
        card = citation.locator("xpath=..").locator("> .card")
        card.wait_for()
        mark, shown = citation.bounding_box(), card.bounding_box()
        assert shown["y"] >= mark["y"] + mark["height"] - 1 or shown["y"] + shown["height"] <= mark["y"] + 1
        assert shown["x"] >= 0
        assert shown["x"] + shown["width"] <= width
        citation.click()
        page.locator("#source h2").wait_for()
        page.keyboard.press("Escape")
        page.locator("#source").wait_for(state="hidden")


def test_the_source_opens_without_moving_the_text(answered: Any) -> None:
    page = answered
    citation = page.locator(".turn .cite").first
    for width in (1280, 1000, 390):
        resize(page, width)
        citation.scroll_into_view_if_needed()
        before = citation.bounding_box()
        citation.click()
        page.locator("#source h2").wait_for()
        page.wait_for_timeout(300)
        assert citation.bounding_box() == before
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.keyboard.press("Escape")
        page.locator("#source").wait_for(state="hidden")


def test_the_source_on_a_telephone_is_a_sheet(open_page: Any, window: Window) -> None:
    page = open_page(window.url, 390)
    asked(page)
    sheet, citation = page.locator("#source"), page.locator(".turn .cite").last
    for close in ("back", "tap", "draw", "escape"):
        citation.click()
        page.locator("#source mark").first.wait_for()
        page.wait_for_timeout(200)
        shown = sheet.bounding_box()
        assert not page.locator("#composer").is_visible()
        x, y = shown["x"] + shown["width"] / 2, shown["y"] + 8
        if close == "back":
            page.go_back()
        elif close == "escape":
            page.keyboard.press("Escape")
        else:
            page.mouse.move(x, y)
            page.mouse.down()
            page.mouse.move(x, y + (100 if close == "draw" else 0), steps=4)
            page.mouse.up()
        sheet.wait_for(state="hidden")


def test_the_title_of_a_source_stays_while_it_scrolls(answered: Any) -> None:
    page = answered
    for width, height in ((1280, 300), (390, 500)):
        resize(page, width, height)
        page.locator(".turn .cite").first.click()
        title = page.locator("#source-title")
        title.wait_for()
        page.wait_for_timeout(300)
        page.locator("#source").evaluate("source => source.scrollTop = source.scrollHeight")
        assert page.locator("#source").evaluate("source => source.scrollTop") > 50
        inside, shown = page.locator("#source").bounding_box(), title.bounding_box()
        assert inside["y"] <= shown["y"] < inside["y"] + 80
        page.keyboard.press("Escape")
        page.locator("#source").wait_for(state="hidden")


def test_keys_titles_and_headings(open_page: Any, window: Window) -> None:
    page = open_page(window.url)
    page.locator("#question textarea:enabled").wait_for()
    for tab in ("Weekly", "Compare", "Library", "Model"):
        page.get_by_role("tab", name=tab).click()
        page.wait_for_function(f"document.title === '{tab} · Daily Papers'")
        assert page.get_by_role("heading", level=1).count() == 1
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    dialog.wait_for()
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    page.keyboard.press("/")
    page.wait_for_function("document.activeElement?.closest('#question') !== null")
    page.keyboard.type("what is new/?")
    assert page.get_by_role("textbox", name="Question", exact=True).input_value() == "what is new/?"
    assert page.get_by_role("heading", level=1).count() == 1
    asked(page)
    page.wait_for_function("document.querySelector('#announced').textContent === 'The answer is there.'")
    page.wait_for_function("document.title.startsWith('Which papers speed up')")


def test_escape_stops_an_answer(open_page: Any, serve: Any, stub: StubServer) -> None:
    stub.reset()
    stub.pause, stub.says = 0.05, "Attention is sped up in hardware [1.1]. " * 60
    page = open_page(serve(papers=sample_papers(), base_url=stub.url, model=MODEL).url)
    box = page.get_by_role("textbox", name="Question", exact=True)
    box.fill(QUESTION)
    box.press("Enter")
    page.locator(".turn.growing .cite").nth(1).wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("Stopped.").wait_for()
    stub.reset()


def test_the_look_is_kept(open_page: Any, window: Window) -> None:
    page = open_page(window.url)
    page.locator("#question textarea:enabled").wait_for()
    page.get_by_role("tab", name="Model").click()
    for look, dark in (("Dark", True), ("Light", False), ("Dark", True)):
        page.get_by_role("button", name=look, exact=True).click()
        assert page.evaluate("document.body.classList.contains('dark')") is dark
    page.reload()
    page.wait_for_function("document.body.classList.contains('dark')")
    page.get_by_role("button", name="Dark", exact=True, pressed=True).wait_for()
    page.wait_for_timeout(500)
    assert page.evaluate("document.body.classList.contains('dark')")


def test_a_very_long_question_is_folded(open_page: Any, window: Window) -> None:
    page = open_page(window.url)
    asked(page, "Which papers speed up attention in hardware? " * 30)
    question = page.locator(".turn .question")
    folded = question.bounding_box()["height"]
    page.get_by_role("button", name="Show all").click()
    assert question.bounding_box()["height"] > 2 * folded
