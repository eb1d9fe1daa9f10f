"""Topics beside the weekly: saved, chosen, removed and brought back; a digest that is divided by them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
    assert page.locator("#digest .outside").inner_text() == "And 12 papers outside your topics."
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
