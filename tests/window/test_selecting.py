"""Selecting papers in the library: removing, exporting, comparing, asking only these, tagging; and the undo."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import resize
from playwright.sync_api import expect
from served_window import Window, served

from index.paper import Paper

OWLS = [
    Paper(title=f"Owl study {n:02}", abstract=f"Owls hear {n} mice under the snow.", id=f"arxiv:2601.{n:05}", upvotes=n)
    for n in range(1, 61)
]


@pytest.fixture(scope="module")
def window(homes: Path) -> Iterator[Window]:
    """A window with all owls, which the tests leave as they are."""
    with served(homes / "owls", papers=OWLS) as made:
        yield made


def check(page: Any, title: str) -> None:
    page.get_by_role("checkbox", name=f"Select {title}").check()


def bar(page: Any) -> Any:
    return page.get_by_role("region", name="Selected papers")


def test_a_selection_outlasts_more_papers_another_order_and_a_range(window: Window, open_page: Any) -> None:
    page = open_page(f"{window.url}/?tab=library")
    page.get_by_text("Showing 50 of 60").wait_for()
    assert not bar(page).is_visible()
    check(page, "Owl study 01")
    page.get_by_role("checkbox", name="Select Owl study 04").click(modifiers=["Shift"])
    expect(bar(page)).to_contain_text("4 selected")
    page.get_by_role("button", name="Show more").click()
    page.locator("#rows li").nth(59).wait_for()
    expect(bar(page)).to_contain_text("4 selected")
    assert page.locator("#rows input:checked").count() == 4
    page.get_by_label("Find").fill("owl study 59")
    page.locator("#rows .count", has_text="best match first").wait_for()
    check(page, "Owl study 59")
    expect(bar(page)).to_contain_text("5 selected")
    bar(page).get_by_role("button", name="Clear").click()
    expect(bar(page)).to_be_hidden()
    assert page.locator("#rows input:checked").count() == 0


def test_several_are_removed_and_come_back_with_their_tags(serve: Any, open_page: Any) -> None:
    window = serve(papers=OWLS[:6])
    window.assistant.library.annotations.tag([OWLS[0].id], add=["night"])
    page = open_page(f"{window.url}/?tab=library")
    for n in range(1, 6):
        check(page, f"Owl study 0{n}")
    bar(page).get_by_role("button", name="Remove").click()
    page.get_by_text("Removed 5 papers.").wait_for()
    expect(bar(page)).to_be_hidden()
    assert window.assistant.library.count() == 1
    page.get_by_role("button", name="Undo").click()
    page.locator("#rows .count", has_text="6 papers").wait_for()
    assert window.assistant.library.get(OWLS[0].id).tags == ("night",)


EXPORTS = [
    ("BibTeX", "bib", r"@misc\{.*Owl study 02.*@misc\{.*Owl study 01"),
    ("RIS", "ris", "TI  - Owl study 02.*TI  - Owl study 01"),
    ("JSONL", "jsonl", '"Owl study 02".*\n.*"Owl study 01"'),
    ("Markdown", "md", "# Owl study 02.*# Owl study 01"),
]


def test_several_are_exported_in_the_order_of_selection(window: Window, open_page: Any, tmp_path: Path) -> None:
    page = open_page(f"{window.url}/?tab=library")
    check(page, "Owl study 02")
    check(page, "Owl study 01")
    for name, ending, holds in EXPORTS:
        button = bar(page).get_by_role("button", name=name, exact=True)
        if not button.is_visible():
            bar(page).locator("summary", has_text="Export").click()
        with page.expect_download() as coming:
            button.click()
        assert coming.value.suggested_filename == f"papers.{ending}"
        coming.value.save_as(tmp_path / "saved")
        text = (tmp_path / "saved").read_text(encoding="utf-8")
        assert re.search(holds, text, re.DOTALL)
        assert "Owl study 03" not in text


def test_two_to_eight_are_compared_and_no_other_number(serve: Any, open_page: Any) -> None:
    page = open_page(f"{serve(papers=OWLS[:9]).url}/?tab=library")
    compare = bar(page).get_by_role("button", name="Compare")
    check(page, "Owl study 03")
    expect(compare).to_be_disabled()
    bar(page).get_by_role("button", name="Select all shown").click()
    expect(compare).to_be_disabled()  # nine
    bar(page).get_by_role("button", name="Clear").click()
    for number in ("03", "01", "02"):
        check(page, f"Owl study {number}")
    expect(compare).to_be_enabled()
    compare.click()
    for label, number in (("First", "03"), ("Second", "01"), ("Third", "02")):
        expect(page.get_by_label(f"{label} paper")).to_have_value(f"Owl study {number}")


def test_a_question_is_asked_of_the_selected_papers_only(window: Window, open_page: Any) -> None:
    page = open_page(f"{window.url}/?tab=library")
    check(page, "Owl study 03")
    check(page, "Owl study 01")
    bar(page).get_by_role("button", name="Ask only these").click()
    page.get_by_text("Asking only these papers:").wait_for()
    assert page.locator("#chosen li").count() == 2


def test_several_are_tagged_by_keyboard_alone_and_untagged_by_undo(window: Window, open_page: Any) -> None:
    library = window.assistant.library
    page = open_page(f"{window.url}/?tab=library")
    page.get_by_role("checkbox", name="Select Owl study 03").focus()
    page.keyboard.press("Space")
    page.get_by_role("checkbox", name="Select Owl study 01").focus()
    page.keyboard.press("Space")
    expect(bar(page)).to_contain_text("2 selected")
    bar(page).locator("summary", has_text="Tag").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Night, to read")
    page.keyboard.press("Enter")
    page.get_by_text("Tagged “Night” and “to read”:").wait_for()
    assert library.annotations.tags() == {"Night": 2, "to read": 2}
    assert page.locator("#rows .tag").count() == 4
    expect(bar(page)).to_contain_text("2 selected")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#rows .tag")).to_have_count(0)
    assert library.annotations.tags() == {}


def test_the_bar_fits_the_screen_and_axe_finds_nothing(serve: Any, open_page: Any) -> None:
    papers = [
        *OWLS[:20],
        Paper(title="<b>Odd</b> & " + "long " * 40, abstract="It is odd.", tags=("<i>x</i>",), note="<u>"),
    ]
    page = open_page(f"{serve(papers=papers).url}/?tab=library")
    for n in range(1, 4):
        check(page, f"Owl study 0{n}")
    for width in (1280, 390):
        resize(page, width)
        expect(bar(page)).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page).response["violations"]
        assert [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")] == []
        bar(page).locator("summary", has_text="Export").click()
        expect(bar(page).get_by_role("button", name="BibTeX")).to_be_in_viewport(ratio=1)
        bar(page).locator("summary", has_text="Export").click()
