"""Every click counts, also while the answer to the one before is on its way from a slow server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from invented import week
from served_window import Window, served

SLOW = {"offline": False, "latency": 500, "downloadThroughput": -1, "uploadThroughput": -1}


@pytest.fixture(scope="module")
def window(homes: Path) -> Iterator[Window]:
    with served(homes / "quick", papers=week(3)) as made:
        yield made


def slowed(page: Any) -> None:
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)


def test_papers_starred_one_right_after_another_are_all_starred(open_page: Any, window: Window) -> None:
    page = open_page(f"{window.url}/?tab=library")
    stars = page.locator(".rows [data-do=star]")
    stars.first.wait_for()
    papers = [stars.nth(place).get_attribute("data-paper") for place in range(3)]
    slowed(page)
    for place in range(3):
        stars.nth(place).click()
    page.wait_for_function("document.querySelectorAll('.rows [data-do=star][aria-pressed=true]').length === 3")
    for paper in papers:
        assert page.locator(f".rows [data-do=star][data-paper='{paper}'][aria-pressed=true]").count() == 1


def test_the_source_shown_is_that_of_the_last_citation_clicked(open_page: Any, window: Window) -> None:
    page = open_page(f"{window.url}/?week=2026-W16")
    cites = page.locator("#digest .cite")
    cites.first.wait_for()
    papers = [cite.get_attribute("data-paper") for cite in cites.all()]
    last = next(place for place, paper in enumerate(papers) if paper != papers[0])
    slowed(page)
    cites.first.click()
    cites.nth(last).click()
    title = window.assistant.library.get(papers[last]).shown_title
    page.locator("#source h2").get_by_text(title, exact=True).wait_for()


def test_back_right_after_a_link_leads_back(open_page: Any, window: Window) -> None:
    page = open_page(f"{window.url}/?week=2026-W16")
    page.locator("#digest .facts").wait_for()
    slowed(page)
    page.get_by_role("link", name="Compare these").first.click()
    page.wait_for_function("new URLSearchParams(location.search).has('b')")
    page.go_back()
    page.wait_for_timeout(5_000)  # until all has come
    assert "week=2026-W16" in page.url
    assert page.locator("#digest .facts").is_visible()
    assert not page.locator("#comparison").is_visible()


def test_a_link_right_after_another_is_what_is_shown(open_page: Any, window: Window) -> None:
    ids = [paper.id for paper in window.assistant.library.papers()[:4]]
    page = open_page(f"{window.url}/?{urlencode({'tab': 'compare'})}")
    page.locator("#question textarea:not([disabled])").wait_for(state="attached")
    slowed(page)
    for a, b in (ids[:2], ids[2:]):
        page.evaluate(
            """([a, b]) => {
                const link = document.createElement("a");
                Object.assign(link.dataset, { do: "go", query: `?a=${a}&b=${b}` });
                link.href = `?a=${a}&b=${b}`;
                document.body.append(link);
                link.click();
            }""",
            [a, b],
        )
    title = window.assistant.library.get(ids[2]).shown_title
    page.locator("#comparison thead").get_by_text(title).wait_for()
    page.wait_for_timeout(2_000)  # what comes late changes nothing
    assert page.locator("#comparison thead").get_by_text(title).is_visible()
    assert page.get_by_label("First paper").input_value() == title
