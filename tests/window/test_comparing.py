"""Comparing in a real browser: how papers are named, what is offered for a name that is not clear, and the table."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from served_window import Window, served

from index import Paper
from index.sample import sample_papers

TEXT = "Attention is slow. We propose Kestrel. Experiments show that Kestrel runs {} faster."
TWINS = [
    Paper(title="Kestrel: Sparse Attention for Phones", abstract=TEXT.format("2.1x"),
          published="2026-01-05", url="https://arxiv.org/abs/2601.00001"),
    Paper(title="Kestrel: Sparse Attention for Watches", abstract=TEXT.format("1.4x"),
          published="2026-02-05", url="https://arxiv.org/abs/2602.00002"),
    Paper(title="A Survey of Larks", abstract="We survey larks.", published="2025-03-01", id="own:lark-1"),
    Paper(title="A Survey of Larks", abstract="We survey other larks.", published="2026-03-01", id="own:lark-2"),
]  # fmt: skip


@pytest.fixture(scope="module")
def window(homes: Any) -> Iterator[Window]:
    with served(homes / "comparing", papers=[*sample_papers(), *TWINS]) as made:
        yield made


def opened(open_page: Any, window: Window, width: int = 1280, dark: bool = False) -> Any:
    page = open_page(f"{window.url}/?tab=compare", width, dark)
    page.get_by_label("First paper").wait_for()
    page.locator("#question textarea:not([disabled])").wait_for(state="attached")  # the address has been read
    return page


def suggested(page: Any) -> Any:
    return page.get_by_role("listbox").get_by_role("option")


def test_arrow_keys_reach_suggestions(open_page: Any, window: Window) -> None:
    page = opened(open_page, window)
    box = page.get_by_role("combobox", name="First paper")
    assert box.get_attribute("aria-expanded") == "false"
    box.press_sequentially("kestrel")
    suggested(page).nth(1).wait_for()
    page.wait_for_timeout(1000)  # what is suggested for the last letter takes the place of what was for the first ones
    assert box.get_attribute("aria-expanded") == "true"
    assert page.locator(f"#{box.get_attribute('aria-controls')}").get_attribute("role") == "listbox"
    box.press("ArrowDown")
    box.press("ArrowDown")
    marked = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    assert marked.get_attribute("aria-selected") == "true"
    assert "Watches" in marked.inner_text()
    assert Axe().run(page).response["violations"] == []
    box.press("ArrowUp")
    box.press("Enter")
    page.wait_for_function("document.querySelector('.pair input, .pair textarea').value.endsWith('for Phones')")
    assert box.get_attribute("aria-expanded") == "false"
    assert box.evaluate("box => box === document.activeElement")
    assert page.locator("#comparison table").count() == 0  # chosen, not run


def test_escape_closes_the_list_and_an_arrow_opens_it_again(open_page: Any, window: Window) -> None:
    page = opened(open_page, window)
    box = page.get_by_role("combobox", name="Second paper")
    box.press_sequentially("kestrel")
    suggested(page).first.wait_for()
    box.press("Escape")
    suggested(page).first.wait_for(state="hidden")
    assert box.input_value() == "kestrel"
    box.press("ArrowDown")
    suggested(page).first.wait_for()
    page.get_by_role("heading", name="Compare papers", level=2).click()
    suggested(page).first.wait_for(state="hidden")


def test_what_is_suggested_after_escape_stays_closed(open_page: Any, window: Window) -> None:
    page = opened(open_page, window)
    box = page.get_by_role("combobox", name="Second paper")
    box.press_sequentially("kestre")
    suggested(page).first.wait_for()
    slow = {"offline": False, "latency": 800, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    box.press("l")
    box.press("Escape")
    page.wait_for_function("document.querySelector('.suggested')?.dataset.for === 'kestrel'")
    page.wait_for_timeout(200)
    assert not suggested(page).first.is_visible()


def test_enter_is_never_swallowed(open_page: Any, window: Window) -> None:
    page = opened(open_page, window)
    first, second = (page.get_by_role("combobox", name=f"{n} paper") for n in ("First", "Second"))
    first.press_sequentially("attention phones")
    suggested(page).first.wait_for()
    first.press("Escape")
    first.press("Enter")  # names one paper clearly, but there is no second one yet
    assert second.evaluate("box => box === document.activeElement")
    second.press_sequentially("FBNetV3")
    suggested(page).first.wait_for()
    second.press("Enter")  # the list is open, and the text names one paper clearly
    page.locator("#comparison .facts").wait_for()
    assert "FBNetV3" in page.locator("#comparison thead").inner_text()
    first.fill("")
    first.press_sequentially("SpAtten")
    first.press("Enter")  # from the first box too, and before any suggestion has come
    page.locator("#comparison thead", has_text="SpAtten").wait_for()
    assert suggested(page).count() == 0 or not suggested(page).first.is_visible()


def test_the_first_suggestion_is_what_enter_chooses(open_page: Any, window: Window) -> None:
    page = opened(open_page, window)
    box = page.get_by_role("combobox", name="First paper")
    box.press_sequentially("kestrel")
    page.locator("[data-for=kestrel]").wait_for()
    title = suggested(page).first.inner_text()
    box.press("Enter")
    page.wait_for_function("document.querySelector('.pair input, .pair textarea').value.startsWith('Kestrel:')")
    assert box.input_value() in title


def test_names_that_are_not_clear_offer_candidates(open_page: Any, window: Window) -> None:
    page = opened(open_page, window)
    first, second = (page.get_by_role("combobox", name=f"{n} paper") for n in ("First", "Second"))
    first.fill("Kestrel")
    second.fill("A Survey of Larks")
    page.get_by_role("button", name="Compare", exact=True).click()
    alert = page.get_by_role("alert")
    alert.get_by_text("fits 2 papers").first.wait_for()
    assert alert.get_by_text("fits 2 papers").count() == 2  # both names are asked about at once
    assert suggested(page).count() == 4
    assert page.locator("#comparison table").count() == 0
    assert first.evaluate("box => box === document.activeElement")
    first.press("ArrowDown")
    first.press("Enter")
    suggested(page).nth(2).wait_for(state="detached")
    assert "2026-03-01" in suggested(page).last.inner_text()  # two of one title are told apart
    suggested(page).last.click()
    page.wait_for_function("document.querySelectorAll('.pair input, .pair textarea')[1].value === 'own:lark-2'")
    second.press("Enter")
    page.locator("#comparison .facts").wait_for()
    assert "Kestrel" in page.locator("#comparison thead").inner_text()
    assert page.get_by_role("alert").count() == 0


def test_a_link_with_an_unclear_name_asks_too(open_page: Any, window: Window) -> None:
    page = open_page(f"{window.url}/?a=Kestrel&b=FBNetV3")
    page.get_by_role("alert").get_by_text("fits 2 papers").wait_for()
    assert suggested(page).count() == 2
    assert page.get_by_role("combobox", name="First paper").get_attribute("aria-expanded") == "true"


def test_enter_chooses_a_paper_to_ask(open_page: Any, window: Window) -> None:
    page = open_page(window.url)
    page.get_by_role("button", name="Filters").first.click()
    box = page.get_by_role("combobox", name="Ask only these papers")
    box.press_sequentially("kestrel watches")
    box.press("Enter")  # whether the list has come or not
    page.locator(".chips [data-paper='arxiv:2602.00002']").wait_for()
    page.wait_for_function("document.querySelector('#filters [role=combobox]').value === ''")
    box.press_sequentially("kestrel")
    suggested(page).nth(1).wait_for()
    box.press("ArrowDown")
    box.press("Enter")
    page.locator(".chips li").nth(1).wait_for()


def test_the_table_scrolls_within_itself_with_its_first_column_in_place(open_page: Any, window: Window) -> None:
    page = open_page(f"{window.url}/?a=SpAtten&b=FBNetV3", 840)
    page.locator("#comparison .facts").wait_for()
    head = page.locator("#comparison tbody th").first
    box = page.locator("#comparison .scrolls")
    page.locator("#comparison .comparison").evaluate("box => { box.style.width = '380px' }")
    assert box.evaluate("box => box.scrollWidth > box.clientWidth + 100")
    before = head.bounding_box()["x"]
    box.evaluate("box => { box.scrollLeft = 150 }")
    assert box.evaluate("box => box.scrollLeft") > 100
    assert abs(head.bounding_box()["x"] - before) < 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 840
    assert box.get_attribute("tabindex") == "0"
    phone = open_page(f"{window.url}/?a=SpAtten&b=FBNetV3", 390)
    phone.locator("#comparison .facts").wait_for()
    assert phone.locator("#comparison .scrolls").evaluate("box => box.scrollWidth <= box.clientWidth")


def test_figures_that_measure_the_same_are_bars(open_page: Any, window: Window) -> None:
    page = open_page(f"{window.url}/?a=arxiv:2601.00001&b=arxiv:2602.00002")
    bars = page.locator("#comparison .bars li")
    bars.nth(1).wait_for()
    assert [bars.nth(n).locator(".value").inner_text() for n in (0, 1)] == ["2.1x", "1.4x"]
    widths = [bars.nth(n).locator("rect").bounding_box()["width"] for n in (0, 1)]
    assert abs(widths[1] / widths[0] - 1.4 / 2.1) < 0.02
    assert bars.first.get_attribute("title") == "Experiments show that Kestrel runs 2.1x faster."
    assert bars.first.locator("svg").get_attribute("aria-hidden") == "true"
    phone = open_page(f"{window.url}/?a=arxiv:2601.00001&b=arxiv:2602.00002", 390, True)
    phone.locator("#comparison .bars li").nth(1).wait_for()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    other = open_page(f"{window.url}/?a=SpAtten&b=arxiv:2602.00002")
    other.locator("#comparison .facts").wait_for()
    assert other.locator("#comparison .bars").count() == 0


def test_an_answer_is_copied_and_saved_with_references(open_page: Any, window: Window) -> None:
    page = open_page(window.url)
    box = page.get_by_role("textbox", name="Question", exact=True)
    box.fill("How much faster does Kestrel run?")
    box.press("Enter")
    menu = page.get_by_text("Copy or save")
    menu.click()
    serious = [rule["id"] for rule in Axe().run(page).response["violations"] if rule["impact"] != "moderate"]
    assert serious == []
    page.get_by_role("button", name="With APA references").click()
    page.get_by_text("Copied").wait_for()
    assert "## References (APA)" in page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("link", name="RIS").wait_for(state="hidden")  # the menu has closed
    for name, expected in (("Note with quotes", "\n> "), ("IEEE", "## References (IEEE)"), ("RIS", "TY  - ")):
        menu.click()
        with page.expect_download() as saved:
            page.get_by_role("link", name=name, exact=True).click()
        assert expected in saved.value.path().read_text()
    menu.click()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="RIS").wait_for(state="hidden")


def test_a_comparison_is_saved_with_references_and_as_a_page(open_page: Any, window: Window) -> None:
    page = open_page(f"{window.url}/?a=SpAtten&b=FBNetV3")
    files = page.locator("#comparison .files")
    files.wait_for()
    with page.expect_download() as saved:
        files.get_by_role("link", name="HTML").click()
    assert saved.value.suggested_filename == "comparison.html"
    for name, expected in (("APA", "## References (APA)"), ("RIS", "TY  - "), ("Note with quotes", "## [1]")):
        files.get_by_text("References", exact=True).click()
        with page.expect_download() as saved:
            files.get_by_role("link", name=name, exact=True).click()
        assert expected in saved.value.path().read_text()
