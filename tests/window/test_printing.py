"""A digest, a comparison and an answer on paper."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from served_window import Window, served

from index.sample import sample_papers

GONE = ("#tabs > .tab-wrapper", "#brand", "#rail", "#composer", ".actions", ".doing", ".pair", ".files", "#source")


@pytest.fixture(scope="module")
def window(homes: Path) -> Iterator[Window]:
    with served(homes / "printing", papers=sample_papers()) as made:
        yield made


def on_paper(page: Any) -> None:
    """Print, and see that what cannot be used on paper is not there and the rest is black on white."""
    page.emulate_media(media="print")
    for selector in GONE:
        for part in page.locator(selector).all():
            assert not part.is_visible(), selector
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert len(page.pdf()) > 5_000


def test_a_digest(open_page: Any, window: Window) -> None:
    page = open_page(window.url, dark=True)
    page.locator("#question textarea:enabled").wait_for()
    page.get_by_role("tab", name="Weekly").click()
    page.get_by_role("button", name="Sum up").click()
    page.locator(".digest").wait_for()
    page.get_by_role("link", name="Markdown").first.wait_for()
    on_paper(page)
    assert page.locator(".digest .address").first.is_visible()
    assert "http" in page.locator(".digest .address").first.inner_text()
    sections = page.locator(".digest section")
    breaks = [each.evaluate("e => getComputedStyle(e).breakBefore") for each in sections.all()]
    assert breaks[0] == "auto"
    assert set(breaks[1:]) <= {"page"}
    assert page.evaluate("getComputedStyle(document.querySelector('.digest')).color") == "rgb(0, 0, 0)"


def test_a_comparison(open_page: Any, window: Window) -> None:
    first, second = window.assistant.library.papers()[:2]
    page = open_page(f"{window.url}/?{urlencode({'a': first.id, 'b': second.id})}")
    page.locator("#comparison table").wait_for()
    on_paper(page)
    assert page.locator("#comparison table").is_visible()


def test_an_answer(open_page: Any, window: Window) -> None:
    page = open_page(window.url)
    box = page.get_by_role("textbox", name="Question", exact=True)
    box.fill("Which papers speed up attention in hardware?")
    box.press("Enter")
    page.locator(".turn .actions").wait_for()
    on_paper(page)
    assert page.locator(".turn .question").is_visible()
