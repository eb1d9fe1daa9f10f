"""How heavy and how steady the window's page is, and how soon Stop stops: python tests/benchmarks/page.py

Opens each tab of a window with the bundled sample in Chromium, and a bare Gradio page beside it in the same run: the
requests and bytes of the first paint, and the cumulative layout shift (web.dev/articles/cls; good pages stay under .1).
Then stops answers of a slow stub model, from the press to the page that says so. Needs Chromium.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(folder) for folder in (TESTS / "window", TESTS, TESTS.parent)]

from browser import launched  # noqa: E402
from chat_server import MODEL, StubServer  # noqa: E402
from served_window import served  # noqa: E402

from index.sample import sample_papers  # noqa: E402

ADDRESSES = {"Ask": "", "Weekly": "?tab=weekly", "Compare": "?tab=compare", "Library": "?tab=library"}
ADDRESSES |= {"Model": "?tab=model", "a comparison": "?a=FBNetV3&b=SpAtten"}
QUIET = 2500  # milliseconds in which nothing more is asked for
STOPS = 10
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def weigh(browser: Any, url: str) -> tuple[int, float, float]:
    """Requests, kilobytes on the wire, and layout shift of a page that is opened for the first time."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: dict[str, int] = {}
    session.on("Network.responseReceived", lambda event: sizes.setdefault(event["requestId"], 0))
    session.on(
        "Network.loadingFinished",
        lambda event: sizes.__setitem__(event["requestId"], event["encodedDataLength"]),
    )
    page.add_init_script(SHIFTS)
    page.goto(url)
    seen = -1
    while len(sizes) != seen:
        seen = len(sizes)
        page.wait_for_timeout(QUIET)
    shifted = page.evaluate("window.shifted")
    page.context.close()
    return len(sizes), sum(sizes.values()) / 1000, shifted


def stops(browser: Any, url: str) -> list[float]:
    """Seconds from pressing Stop to the page that says so."""
    page = browser.new_page()
    taken = []
    for _ in range(STOPS):
        page.goto(url)
        page.locator("#question textarea:enabled").fill("Which papers speed up attention in hardware?")
        page.keyboard.press("Enter")
        page.locator(".turn.growing .cite").nth(1).wait_for()
        start = time.perf_counter()
        page.get_by_role("button", name="Stop").click()
        page.get_by_text("Stopped.").wait_for()
        taken.append(time.perf_counter() - start)
    page.close()
    return taken


def main() -> None:
    """Weigh every tab beside a bare Gradio page, then stop some answers."""
    import gradio as gr
    from playwright.sync_api import sync_playwright

    with gr.Blocks() as bare:
        gr.Textbox()
    _, bare_url, _ = bare.launch(prevent_thread_lock=True, quiet=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        stub = StubServer()
        stub.pause = 0.1
        stub.says = " ".join(f"Attention is sped up in hardware, says line {n} [1.1]." for n in range(90))
        home = Path(folder) / "window"
        with served(home, papers=sample_papers(), base_url=stub.url, model=MODEL) as window:
            browser = launched(playwright)
            print(f"{'page':14} {'requests':>8} {'kB':>6} {'shift':>6}")
            for name, url in {**ADDRESSES, "bare Gradio": bare_url}.items():
                requests, size, shifted = weigh(browser, url if url.startswith("http") else f"{window.url}/{url}")
                print(f"{name:14} {requests:8} {size:6.0f} {shifted:6.3f}", flush=True)
            taken = stops(browser, window.url)
            print(f"stopped after {statistics.median(taken):.2f} s (median), {max(taken):.2f} s at most, of {STOPS}")
            browser.close()
        stub.close()
    bare.close()


if __name__ == "__main__":
    main()
