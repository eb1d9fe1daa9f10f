"""More than two papers in the Compare tab: boxes that come and go, rows of one's own, and the ways there."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from invented import week
from served_window import Window, served
from several import RIVALS

PATIENT = 60_000  # milliseconds


@pytest.fixture(scope="module")
def window(homes: Any) -> Iterator[Window]:
    with served(homes / "several", papers=RIVALS) as made:
        yield made


def opened(open_page: Any, address: str, width: int = 1280) -> Any:
    page = open_page(address, width)
    page.set_default_timeout(PATIENT)
    page.locator("#question textarea:not([disabled])").wait_for(state="attached")
    return page


def heads(page: Any) -> list[str]:
    return [text.strip() for text in page.locator("#comparison thead th").all_inner_texts()]


def test_a_third_paper_is_added_compared_in_own_rows_and_taken_away(open_page: Any, window: Window) -> None:
    page = opened(open_page, f"{window.url}/?tab=compare")
    page.get_by_role("button", name="Add a paper").click()
    third = page.get_by_label("Third paper")
    third.wait_for()
    for label, name in (("First paper", "AlderNet0"), ("Second paper", "BrambleNet1"), ("Third paper", "CloverNet2")):
        page.get_by_label(label).fill(name)
    page.get_by_label("Rows", exact=True).fill("Hardware; Open code?; Year")
    page.get_by_role("button", name="Compare", exact=True).click()
    page.locator("#comparison .facts").wait_for()
    assert [head.partition(":")[0] for head in heads(page)] == ["AlderNet0", "BrambleNet1", "CloverNet2"]
    assert page.locator("#comparison tbody th").all_inner_texts() == ["Hardware", "Open code?", "Year"]
    assert "c=CloverNet2" in page.url
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Remove the third").click()
    page.wait_for_function("document.querySelectorAll('#comparison thead th').length === 2")
    third.wait_for(state="hidden")
    assert [head.partition(":")[0] for head in heads(page)] == ["AlderNet0", "BrambleNet1"]
    again = page.context.new_page()  # the browser remembers the rows
    again.set_default_timeout(PATIENT)
    again.goto(f"{window.url}/?tab=compare")
    again.wait_for_function("document.querySelector('.own-rows :is(textarea, input)')?.value.startsWith('Hardware;')")


def test_five_papers_lie_as_rows_and_on_a_phone_as_blocks(open_page: Any, window: Window) -> None:
    query = "&".join(f"{letter}={paper.id}" for letter, paper in zip("abcde", RIVALS, strict=False))
    page = opened(open_page, f"{window.url}/?{query}&rows=Data+set;+Speedup")
    page.locator("#comparison .facts").wait_for()
    assert heads(page) == ["Data set", "Speedup"]
    assert page.locator("#comparison tbody tr").count() == 5
    assert page.get_by_label("Fifth paper").is_visible()
    assert page.locator("#comparison .bars li").count() >= 2
    assert "different data sets" in page.locator("#comparison .remark").first.inner_text()
    files = page.locator("#comparison .files")
    for name, begins in (("CSV", "paper,Data set"), ("LaTeX", "% \\usepackage")):
        with page.expect_download() as saved:
            files.get_by_role("link", name=name, exact=True).click()
        assert saved.value.path().read_text().startswith(begins)
    phone = opened(open_page, f"{window.url}/?{query}&rows=Data+set;+Speedup", 390)
    phone.locator("#comparison .facts").wait_for()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert phone.locator("#comparison .whose").first.inner_text() == "Data set"


def test_three_papers_are_whole_in_the_chat_while_the_place_of_the_source_is_free(
    open_page: Any, window: Window
) -> None:
    page = opened(open_page, window.url)
    box = page.get_by_role("textbox", name="Question", exact=True)
    box.fill("Compare AlderNet0, BrambleNet1 and CloverNet2")
    box.press("Enter")
    page.locator(".turn .actions").wait_for()
    assert len(page.locator(".comparison thead th").all()) == 3
    assert page.evaluate("(table => table.scrollWidth <= table.clientWidth)(document.querySelector('.scrolls'))")
    assert page.get_by_role("row").first.is_visible()  # what a screen reader is told stays a table
    assert page.get_by_role("rowheader").first.is_visible()
    assert page.get_by_role("columnheader").count() == 3
    assert Axe().run(page).response["violations"] == []


def test_papers_selected_in_the_library_are_compared(open_page: Any, window: Window) -> None:
    page = opened(open_page, f"{window.url}/?tab=library")
    boxes = page.locator("#rows input[data-pick]")
    boxes.nth(3).wait_for()
    compare = page.locator("#selection [data-deed=pair]")
    boxes.nth(0).check()
    assert compare.is_disabled()
    for place in (1, 2, 3):
        boxes.nth(place).check()
    compare.click()
    page.locator("#comparison .facts").wait_for()
    assert page.locator("#comparison tbody tr").count() == 4
    page.get_by_role("tab", name="Library").click()
    page.get_by_role("button", name="Select all shown").click()
    assert compare.is_enabled()  # eight of eight


def test_the_papers_of_a_theme_and_of_an_answer_are_compared(open_page: Any, homes: Any) -> None:
    with served(homes / "themes", papers=week(3)) as made:
        page = opened(open_page, f"{made.url}/?week=2026-W16")
        page.locator("#digest .facts").wait_for()
        page.get_by_role("link", name="Compare these").first.click()
        page.locator("#comparison .facts").wait_for()
        assert "a=arxiv:2604." in page.url
        assert page.get_by_label("Second paper").input_value()
        page.get_by_role("tab", name="Ask").click()
        box = page.get_by_role("textbox", name="Question", exact=True)
        box.fill("Which papers are about robot manipulation?")
        box.press("Enter")
        page.locator(".turn .sources summary").first.click()
        link = page.locator(".turn .sources").get_by_role("link", name="Compare these")
        link.click()
        page.wait_for_function("new URLSearchParams(location.search).has('b')")
        page.locator("#comparison .facts").wait_for()
