"""Tags and notes in the window: written on a paper's page, found, filtered by, asked with, and undone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from served_window import Window, served

from index.paper import Paper

OWL = Paper(
    title="Owls at night", abstract="Owls hear mice under snow.", id="arxiv:2601.00001", published="2026-01-05",
    upvotes=12, comments=3, code_url="https://github.com/example/owls", ai_summary="Owls hear <b>well</b>.",
    keywords=("owls",),
)  # fmt: skip
EEL = Paper(title="Eels at sea", abstract="Eels cross the ocean and hear whales.", id="arxiv:2601.00002")


@pytest.fixture(scope="module")
def shared(homes: Path) -> Iterator[Window]:
    with served(homes / "tags", papers=[OWL, EEL]) as made:
        yield made


@pytest.fixture
def window(shared: Window) -> Window:
    """The window with two papers that nobody has written anything on yet."""
    annotations = shared.assistant.library.annotations
    annotations.tag([OWL.id, EEL.id], remove=annotations.tags())
    annotations.note([OWL.id, EEL.id], None)
    return shared


def open_paper(page: Any, window: Window, paper: Paper) -> None:
    page.goto(f"{window.url}/?paper={paper.id}")
    page.locator(".paper-page h1").wait_for()


def test_tags_and_a_note_are_written_on_a_papers_page_and_undone(window: Window, open_page: Any) -> None:
    library = window.assistant.library
    page = open_page(window.url)
    open_paper(page, window, OWL)
    page.get_by_label("Add a tag").fill("Night <i>life</i>, birds")
    page.get_by_label("Add a tag").press("Enter")
    page.locator(".annotations li", has_text="birds").wait_for()
    assert library.get(OWL.id).tags == ("Night <i>life</i>", "birds")
    assert page.locator(".annotations i").count() == 0
    page.get_by_role("button", name="Take away the tag birds").click()
    expect(page.locator(".annotations li", has_text="birds")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    page.locator(".annotations li", has_text="birds").wait_for()
    page.locator(".annotations summary").click()
    page.get_by_label("Note to this paper").fill("Ask Ada.\n<script>alert(1)</script>")
    page.get_by_role("button", name="Save the note").click()
    page.get_by_text("Noted:").wait_for()
    assert library.get(OWL.id).note == "Ask Ada.\n<script>alert(1)</script>"
    expect(page.get_by_label("Note to this paper")).to_have_value("Ask Ada.\n<script>alert(1)</script>")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Note to this paper")).to_have_value("")
    assert library.get(OWL.id).note is None
    found = Axe().run(page).response["violations"]
    assert [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")] == []


def test_a_tag_too_long_is_refused_in_words(window: Window, open_page: Any) -> None:
    page = open_page(window.url)
    open_paper(page, window, OWL)
    page.get_by_label("Add a tag").fill("x" * 61)
    page.get_by_label("Add a tag").press("Enter")
    page.get_by_text("A tag has 61 characters, and 60 is the most").wait_for()


def test_both_are_found_in_the_library_and_a_tag_filters_it(window: Window, open_page: Any) -> None:
    window.assistant.library.annotations.tag([EEL.id], add=["reading group"])
    window.assistant.library.annotations.note([OWL.id], "Ask Ada about microphones.")
    page = open_page(f"{window.url}/?tab=library")
    page.locator("#rows li").nth(1).wait_for()
    page.get_by_label("Find").fill("microphones")
    page.locator("#rows li").first.filter(has_text="Owls at night").wait_for()
    page.get_by_label("Find").fill("")
    page.locator("#library").get_by_role("button", name="Filters").click()
    page.get_by_label("Tag", exact=True).click()
    page.get_by_role("option", name="reading group").click()
    page.locator("#rows .count", has_text="1 paper").wait_for()
    assert "Eels at sea" in page.locator("#rows").inner_text()


def test_a_question_is_asked_of_papers_with_a_tag_only(window: Window, open_page: Any) -> None:
    window.assistant.library.annotations.tag([EEL.id], add=["sea"])
    page = open_page(window.url)
    page.locator("#filters").get_by_role("button", name="Filters").click()
    page.get_by_role("button", name="Only papers tagged sea").click()
    page.locator("#filters [aria-pressed=true]").wait_for()
    page.get_by_role("textbox", name="Question", exact=True).fill("What do they hear?")
    page.keyboard.press("Enter")
    page.locator(".turn .actions").wait_for()
    turn = page.locator(".turn").last
    assert "Limited to papers tagged “sea”" in turn.inner_text()
    assert turn.get_by_text("Owls at night").count() == 0
    assert "whales" in turn.inner_text()


def test_what_the_hub_knows_is_shown_as_the_hubs(window: Window, open_page: Any) -> None:
    page = open_page(f"{window.url}/?tab=library")
    row = page.locator("#rows li", has_text="Owls at night")
    row.get_by_text("12 upvotes").wait_for()
    assert row.get_by_role("link", name="Code").get_attribute("href") == "https://github.com/example/owls"
    open_paper(page, window, OWL)
    shown = page.locator(".paper-page").inner_text()
    assert "12 upvotes, 3 comments" in shown
    assert "Keywords: owls" in shown
    assert "AI summary by Hugging Face Owls hear <b>well</b>." in " ".join(shown.split())
    assert "well" not in page.locator(".abstract").inner_text()


def test_what_was_typed_for_one_paper_does_not_stand_on_anothers_page(window: Window, open_page: Any) -> None:
    page = open_page(f"{window.url}/?tab=library")
    page.get_by_role("link", name="Owls at night").click()
    page.locator(".annotations summary").click()
    page.get_by_label("Note to this paper").fill("Not saved.")
    page.get_by_role("link", name="Eels at sea").click()
    page.locator(".paper-page h1", has_text="Eels at sea").wait_for()
    expect(page.get_by_label("Note to this paper")).to_have_value("")
