"""The Weekly tab: which days and topic, contents, map and files at the top, and what a stop leaves."""

import email
import email.policy
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import resize
from chat_server import MODEL, StubServer
from served_window import Window, served

from index.sample import sample_papers

WIDTHS = [(1280, False), (390, True)]


@pytest.fixture(scope="module")
def window(homes: Path) -> Iterator[Window]:
    with served(homes / "weekly", papers=sample_papers()) as made:
        yield made


def opened(open_page: Any, window: Window, query: str, width: int = 1280, dark: bool = False) -> Any:
    """The page of a digest, whole."""
    page = open_page(f"{window.url}/{query}", width, dark)
    page.locator("#digest .facts").wait_for()
    page.locator("#digest .files").wait_for()
    return page


def sum_up(page: Any) -> None:
    page.get_by_role("button", name="Sum up").click()


def test_contents_lead_to_the_themes(open_page: Any, window: Window) -> None:
    page = opened(open_page, window, "?week=2026-W16")
    links = page.get_by_role("navigation", name="Contents").get_by_role("link")
    titles = page.locator("#digest section h3")
    assert links.all_inner_texts() == titles.all_inner_texts()
    assert links.last.inner_text() == "Other papers"
    address = page.url
    for width, dark in WIDTHS:
        resize(page, width, dark=dark)
        page.evaluate("scrollTo(0, 0)")
        links.last.click()
        page.wait_for_function("scrollY > 200")
        assert titles.last.evaluate("e => e === document.activeElement")
        top = titles.last.evaluate("e => e.getBoundingClientRect().top")
        assert 53 <= top <= 500  # beneath the bar
        assert page.url == address
    assert page.locator("#digest section").count() == links.count()  # it was not drawn anew


def test_the_map_and_the_files_stand_above_the_themes(open_page: Any, window: Window) -> None:
    page = opened(open_page, window, "?week=2026-W16")
    for width, dark in WIDTHS:
        resize(page, width, dark=dark)
        first = page.locator("#digest section").first.bounding_box()["y"]
        for part in (".files", ".contents", ".map"):
            assert page.locator(f"#digest {part}").bounding_box()["y"] < first
        assert page.locator("#digest .files").bounding_box()["y"] < 500
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1280, 390])
def test_a_finger_hits_the_dot_it_means(open_page: Any, window: Window, width: int) -> None:
    page = opened(open_page, window, "?week=2026-W16", width)
    dots = page.locator("#digest .map a")
    boxes = [dot.bounding_box() for dot in dots.all()]
    assert len(boxes) == 11
    assert all(min(box["width"], box["height"]) >= 24 for box in boxes)
    centres = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes]
    assert min(math.dist(a, b) for n, a in enumerate(centres) for b in centres[:n]) >= 24
    titles = [dot.get_attribute("aria-label") for dot in dots.all()]
    x, y = centres[6]
    page.locator("#digest .map").scroll_into_view_if_needed()
    x, y = (dots.nth(6).bounding_box()[side] + dots.nth(6).bounding_box()[size] / 2
            for side, size in (("x", "width"), ("y", "height")))  # fmt: skip
    page.mouse.click(x + 8, y + 7)
    page.locator(".paper-page h1").get_by_text(titles[6], exact=True).wait_for()


def test_a_digest_is_saved_as_a_page_and_as_a_mail(open_page: Any, window: Window) -> None:
    page = opened(open_page, window, "?week=2026-W16")
    files = page.locator("#digest .files")
    with page.expect_download() as saved:
        files.get_by_role("link", name="HTML").click()
    assert saved.value.suggested_filename == "week-2026-W16.html"
    whole = saved.value.path().read_text(encoding="utf-8")
    assert whole.startswith("<!")
    assert whole.count("<li id=") == 11
    with page.expect_download() as saved:
        files.get_by_role("link", name="Mail").click()
    assert saved.value.suggested_filename == "week-2026-W16.eml"
    mail = email.message_from_bytes(saved.value.path().read_bytes(), policy=email.policy.default)
    assert "2026-W16" in mail["Subject"]
    assert mail["X-Unsent"] == "1"
    assert {part.get_content_type() for part in mail.walk()} >= {"text/plain", "text/html"}
    assert "ClawGUI" in mail.get_body(("plain",)).get_content()
    with page.expect_download() as saved:
        files.get_by_role("link", name="Markdown").click()
    assert saved.value.suggested_filename == "week-2026-W16.md"


def test_a_week_is_chosen_by_its_days_and_count(open_page: Any, window: Window) -> None:
    page = open_page(f"{window.url}/?tab=weekly")
    box = page.get_by_role("combobox", name="Week")
    page.wait_for_function("document.querySelector('.week input')?.value")
    assert box.input_value() == "2026-W16 · 13–19 Apr 2026 · 11 papers"
    box.click()
    assert page.get_by_role("option").count() == len(window.assistant.library.weeks())
    page.keyboard.type("feb")  # takes the place of what stood there
    page.get_by_role("option", name="2026-W07 · 9–15 Feb 2026 · 3 papers").wait_for()
    assert page.get_by_role("option").count() == 2
    page.get_by_role("option", name="2026-W07").click()
    sum_up(page)
    page.wait_for_url("**/?week=2026-W07")
    page.locator("#digest h2").get_by_text("2026, week 07").wait_for()


TYPED = [
    ("10 mar 2026", "?week=2026-W11", "2026, week 11"),
    ("2-8 mar", "?week=2026-W10", "2026, week 10"),
    ("2026w7", "?week=2026-W07", "2026, week 07"),
    ("2026-04-01 to 2026-04-13", "?since=2026-04-01&until=2026-04-13", "2026-04-01 to 2026-04-13"),
    ("2026-02-12", "?week=2026-W07", "2026, week 07"),
    ("April 2026", "?since=2026-04-01&until=2026-04-30", "2026-04-01 to 2026-04-30"),
    ("12 may", "?week=2025-W20", "2025, week 20"),
]


def test_what_is_typed_is_searched(open_page: Any, window: Window) -> None:
    page = open_page(f"{window.url}/?tab=weekly")
    page.wait_for_function("document.querySelector('.week input')?.value")
    for typed, address, heading in TYPED:
        page.get_by_role("combobox", name="Week").click()
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
        sum_up(page)
        page.wait_for_url(f"**/{address}")
        page.locator("#digest h2").get_by_text(heading, exact=True).wait_for()


def test_what_is_typed_last_counts_however_slow_the_server_is(open_page: Any, window: Window) -> None:
    page = open_page(f"{window.url}/?tab=weekly")
    page.wait_for_function("document.querySelector('.week input')?.value")
    week = page.get_by_role("combobox", name="Week")
    slow = {"offline": False, "latency": 1_500, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    week.fill("2026-04-01 to 2026-04-13")
    page.keyboard.press("Tab")
    sum_up(page)
    page.wait_for_url("**/?since=2026-04-01&until=2026-04-13")
    week.click()
    page.keyboard.type("2026-02-12")
    page.wait_for_timeout(2_000)
    assert week.input_value() == "2026-02-12"  # the days that were summed up did not empty it afterwards
    page.keyboard.press("Tab")
    sum_up(page)
    page.wait_for_url("**/?week=2026-W07")


def test_several_weeks_are_offered(open_page: Any, window: Window) -> None:
    page = open_page(f"{window.url}/?tab=weekly")
    page.wait_for_function("document.querySelector('.week input')?.value")
    page.get_by_role("combobox", name="Week").click()
    page.keyboard.type("april")
    page.keyboard.press("Tab")
    sum_up(page)
    page.get_by_text("fits 2 weeks").wait_for()
    page.get_by_role("button", name="2023-W15 · 10–16 Apr 2023 · 1 paper").click()
    page.get_by_text("fits 2 weeks").wait_for(state="detached")
    sum_up(page)
    page.wait_for_url("**/?week=2023-W15")


def test_days_and_a_topic_are_given_and_the_address_holds_them(open_page: Any, window: Window) -> None:
    page = open_page(f"{window.url}/?tab=weekly")
    page.wait_for_function("document.querySelector('.week input')?.value")
    page.get_by_label("or since").fill("2026-02-01")
    page.wait_for_function("document.querySelector('.week input').value === ''")  # what counts is what is shown
    page.get_by_label("until", exact=True).fill("2026-04-13")
    page.get_by_label("Only papers about").fill("attention")
    sum_up(page)
    page.wait_for_url("**/?since=2026-02-01&until=2026-04-13&about=attention")
    page.get_by_text("are about “attention”").wait_for()
    shown = page.locator("#digest .papers > li").all_inner_texts()
    again = opened(open_page, window, "?since=2026-02-01&until=2026-04-13&about=attention")
    assert again.locator("#digest .papers > li").all_inner_texts() == shown
    assert again.get_by_label("or since").input_value() == "2026-02-01"
    assert again.get_by_label("until", exact=True).input_value() == "2026-04-13"
    assert again.get_by_label("Only papers about").input_value() == "attention"
    page.get_by_label("until", exact=True).fill("soon")
    sum_up(page)
    page.get_by_role("alert").get_by_text("Write a day as").wait_for()


def test_a_link_with_a_week_and_a_topic_shows_it(open_page: Any, window: Window) -> None:
    page = opened(open_page, window, "?week=2026-W16&about=distillation")
    assert page.get_by_role("combobox", name="Week").input_value().startswith("2026-W16")
    assert page.get_by_label("Only papers about").input_value() == "distillation"
    assert 1 <= page.locator("#digest .papers > li").count() < 11
    page.get_by_role("tab", name="Library").click()
    page.wait_for_url("**/?tab=library")
    page.go_back()
    page.get_by_label("Only papers about").wait_for()
    assert page.get_by_label("Only papers about").input_value() == "distillation"


@pytest.mark.parametrize(
    "query", ["?week=nonsense", "?since=x", "?since=2026-04-10&until=2026-04-01", "?week=2026-W99"]
)
def test_a_link_to_days_that_are_none_says_so(open_page: Any, window: Window, query: str) -> None:
    page = open_page(f"{window.url}/{query}")
    page.get_by_role("alert").first.wait_for()
    assert page.locator("#digest .files").count() == 0


def test_a_stop_says_what_is_kept(open_page: Any, homes: Path, stub: StubServer) -> None:
    stub.reset()
    stub.wait = 1.5
    with served(homes / "stopped", papers=sample_papers(), base_url=stub.url, model=MODEL) as window:
        page = open_page(f"{window.url}/?tab=weekly")
        page.get_by_text(re.compile(r"at most \d+ calls?")).wait_for()
        sum_up(page)
        page.get_by_text(re.compile(r"Writing: \d of \d calls? done")).wait_for()
        page.get_by_role("button", name="Stop").click()
        said = page.get_by_role("status").get_by_text("Stopped.")
        said.wait_for()
        page.get_by_role("button", name="Sum up").wait_for()
        page.get_by_role("status").get_by_text("Nothing was written yet").wait_for()
        assert page.get_by_text("It ended early").count() == 0
        assert page.get_by_text("Writing:").count() == 0
        assert page.locator("#digest .papers > li").count() == 11  # what was shown stays
        page.context.close()
    stub.reset()
