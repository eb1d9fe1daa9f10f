"""Topics beside the weekly: saved, chosen, removed and brought back; a digest that is divided by them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from invented import week
from served_window import Window, served


@pytest.fixture(scope="module")
def window(homes: Path) -> Iterator[Window]:
    with served(homes / "topics", papers=week(3)) as made:
        yield made


@pytest.mark.parametrize("width", [1280, 390])
def test_a_week_by_topics_counts_what_is_outside(open_page: Any, window: Window, width: int) -> None:
    window.assistant.library.topics.add("videos", "long video generation")
    page = open_page(f"{window.url}/?week=2026-W16&topics=all", width)
    page.locator("#digest .outside").wait_for(timeout=60_000)
    assert page.locator("#digest .outside").inner_text() == "12 papers are not on this topic."
    assert page.locator("#digest section h3").all_inner_texts() == ["videos"]
    assert page.locator("#digest section li").count() == 3
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_topic_is_saved_removed_and_brought_back(open_page: Any, window: Window) -> None:
    page = open_page(f"{window.url}/?tab=weekly", 1280)
    page.get_by_role("button", name="Topics", exact=False).first.click(timeout=60_000)
    page.get_by_label("Name", exact=True).fill("Proofs")
    page.get_by_label("What its papers are about").fill("formal mathematics")
    page.get_by_role("button", name="Save topic").click()
    page.get_by_text("Saved “Proofs”.").wait_for(timeout=60_000)
    assert window.assistant.library.topics.get("proofs").query == "formal mathematics"
    page.get_by_role("button", name="Remove topic").click()
    page.get_by_text("Removed “Proofs”.").wait_for(timeout=60_000)
    assert "Proofs" not in [topic.name for topic in window.assistant.library.topics.all()]
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("“Proofs” is back.").wait_for(timeout=60_000)
    assert window.assistant.library.topics.get("proofs").name == "Proofs"
    page.get_by_role("button", name="Sum up").click()
    page.locator("#digest .outside").wait_for(timeout=60_000)
    assert page.locator("#digest section h3").all_inner_texts() == ["Proofs"]


def test_sum_up_keeps_the_tags_and_topics_that_the_address_named(open_page: Any, window: Window) -> None:
    library = window.assistant.library
    names = ("spoken words", "towns & graspers")
    library.topics.add(names[0], "spoken dialogue")
    library.topics.add(names[1], "robot manipulation")
    tagged = [p.id for p in library.papers() if "Robo" in p.title or "Spee" in p.title]
    library.annotations.tag(tagged, add=["to-read"])
    named = urlencode({"week": "2026-W16", "tags": "to-read", "topics": "\n".join(names)})
    page = open_page(f"{window.url}/?{named}", 1280)
    page.locator("#digest section h3").nth(1).wait_for(timeout=60_000)
    shown = page.locator("#digest section h3").all_inner_texts()
    assert sorted(shown) == sorted(names)
    assert page.get_by_label("Divided by").input_value() == " and ".join(names)
    page.locator("#digest article").evaluate("digest => digest.dataset.old = true")
    page.get_by_role("button", name="Sum up").click()
    page.locator("#digest article:not([data-old]) section h3").nth(1).wait_for(timeout=60_000)
    assert page.locator("#digest section h3").all_inner_texts() == shown
    assert page.locator("#digest section li").count() == 6
    assert parse_qs(urlsplit(page.url).query) == parse_qs(named)
    page.get_by_label("Divided by").click()
    page.get_by_role("option", name="All papers, by theme").click()
    page.get_by_role("button", name="Sum up").click()
    page.wait_for_url(lambda url: "topics" not in url and "tags=to-read" in url, timeout=60_000)
