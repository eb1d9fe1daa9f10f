"""The first paint: the page is sent packed, and nothing moves while it fills."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from served_window import Window, served

from index.sample import sample_papers

SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture(scope="module")
def window(homes: Path) -> Iterator[Window]:
    with served(homes / "first-paint", papers=sample_papers()) as made:
        yield made


def test_the_page_is_sent_packed(window: Window) -> None:
    page = httpx.get(window.url, headers={"accept-encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip"
    assert page.num_bytes_downloaded < len(page.content) / 4


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_while_the_page_fills(open_page: Any, window: Window, width: int) -> None:
    page = open_page(window.url, width)
    page.add_init_script(SHIFTS)
    for address in ("", "?tab=weekly", "?tab=library", "?tab=model", "?a=FBNetV3&b=SpAtten"):
        page.goto(f"{window.url}/{address}")
        page.locator("#question textarea:enabled").wait_for(state="attached")
        page.wait_for_timeout(700)
        assert page.evaluate("window.shifted") < 0.02, address
