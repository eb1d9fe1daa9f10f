"""The list of conversations, and Back: what is open is closed, and one is where one was."""

import datetime
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from browser import resize
from served_window import Window, served

from index.sample import sample_papers

MANY = 130


@pytest.fixture(scope="module")
def window(homes: Path) -> Iterator[Window]:
    home = homes / "list"
    with served(home, papers=sample_papers()) as made:
        long = "about " + "a very long matter " * 6
        now = datetime.datetime.now(datetime.UTC)
        made.assistant.ask("warm up", llm=False)
        with closing(sqlite3.connect(home / "conversations.sqlite3")) as db, db:
            for number in range(MANY):
                days = number if number < 3 else 40 if number < 100 else 300
                changed = (now - datetime.timedelta(days=days, seconds=number)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
                row = (f"c{number}", f"Question {number:03d} {long}", changed)
                db.execute("INSERT INTO conversations(id, owner, title, changed) VALUES(?, '', ?, ?)", row)
                db.execute(
                    "INSERT INTO turns(conversation, question, scope, state) VALUES(?, 'Why?', '{}', 'stopped')",
                    row[:1],
                )
        yield made


def test_a_long_list_scrolls_by_itself(open_page: Any, window: Window) -> None:
    page = open_page(window.url)
    rail = page.locator("#conversations")
    rail.get_by_role("link").first.wait_for()
    for width, height in ((1280, 800), (1440, 900), (1280, 500)):
        resize(page, width, height)
        box = rail.bounding_box()
        assert box["height"] > height * 0.4
        assert box["y"] + box["height"] <= height
    assert rail.get_by_role("link").count() == 100
    page.get_by_role("button", name="New conversation").wait_for()
    names = rail.get_by_role("heading").all_inner_texts()
    assert names[:2] == ["Today", "Yesterday"]
    assert names[2] == "Last week"
    assert str(datetime.datetime.now(datetime.UTC).year) in names[3] or len(names) > 3
    rail.hover()
    for _ in range(12):
        page.mouse.wheel(0, 4000)
        page.wait_for_timeout(150)
    page.wait_for_function(f"document.querySelectorAll('#conversations li').length === {MANY}")
    assert page.evaluate("scrollY") == 0
    assert "a very long matter a very long matter" in rail.get_by_role("link").last.inner_text()


def test_menus_close_on_escape_and_elsewhere(open_page: Any, window: Window) -> None:
    page = open_page(window.url)
    rows = page.locator("#conversations li")
    for leave in (lambda: page.keyboard.press("Escape"), lambda: page.locator(".welcome").first.click()):
        rows.first.hover()
        rows.first.locator("summary").click()
        page.get_by_role("button", name="Rename").first.wait_for()
        leave()
        page.get_by_role("button", name="Rename").first.wait_for(state="hidden")
    rows.first.hover()
    rows.first.locator("summary").click()
    rows.nth(6).hover()  # the open menu covers the rows between
    rows.nth(6).locator("summary").click()
    assert page.locator("details.menu[open]").count() == 1


def test_a_search_that_finds_nothing_says_so(open_page: Any, window: Window) -> None:
    page = open_page(window.url)
    page.locator("#conversations li").first.wait_for()
    page.get_by_label("Search conversations").fill("zzzz nothing")
    page.get_by_text("No conversation has these words.").wait_for()


def test_back_closes_the_source_and_stays(open_page: Any, window: Window) -> None:
    page = open_page(window.url)
    box = page.get_by_role("textbox", name="Question", exact=True)
    box.fill("Which papers speed up attention in hardware?")
    box.press("Enter")
    page.locator(".turn .actions").wait_for()
    address = page.url
    page.locator(".turn .cite").first.click()
    page.locator("#source h2").wait_for()
    page.locator(".turn .cite").nth(1).click()
    page.wait_for_timeout(300)
    page.go_back()
    page.locator("#source").wait_for(state="hidden")
    assert page.url == address
    assert page.locator(".turn").count() == 1
    page.locator(".turn .cite").first.click()
    page.locator("#source h2").wait_for()
    page.keyboard.press("Escape")
    page.locator("#source").wait_for(state="hidden")
    assert page.url == address


def test_a_paper_opened_twice_is_one_step_and_back_leads_to_where_one_was(open_page: Any, window: Window) -> None:
    page = open_page(window.url)
    page.set_viewport_size({"width": 1280, "height": 500})
    page.locator("#question textarea:enabled").wait_for()
    page.get_by_role("tab", name="Library").click()
    rows = page.locator(".rows .title a")
    rows.first.wait_for()
    listed = page.url
    last = rows.last
    last.scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    before = page.evaluate("scrollY")
    assert before > 100
    steps = page.evaluate("history.length")
    for _ in range(2):
        page.locator(".rows .title a").last.click()
        page.locator(".paper-page h1").wait_for()
        page.wait_for_function("scrollY === 0")
        assert "paper=" in page.url
        assert page.evaluate("history.length") == steps + 1
        page.go_back()
        page.locator(".rows .title a").last.wait_for()
        page.wait_for_function(f"Math.abs(scrollY - {before}) < 60")
        assert page.url == listed


def test_back_leads_to_where_one_was_however_slow_the_server_is(open_page: Any, window: Window) -> None:
    page = open_page(f"{window.url}/?tab=library")
    page.set_viewport_size({"width": 1280, "height": 500})
    page.locator(".rows .title a").last.scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    before = page.evaluate("scrollY")
    assert before > 100
    page.locator(".rows .title a").last.click()
    page.wait_for_function("scrollY === 0")

    def late(route: Any) -> None:
        time.sleep(3)
        route.continue_()

    page.route("**/queue/join*", late)
    page.go_back()
    page.locator(".rows .title a").last.wait_for()
    page.wait_for_function(f"Math.abs(scrollY - {before}) < 60")
    page.unroute("**/queue/join*")


def test_a_paper_that_is_drawn_before_its_address_comes_opens_at_its_top(open_page: Any, window: Window) -> None:
    page = open_page(window.url)
    page.add_init_script(
        """let late;
        const delayed = (made) => ({ ...made, address: (query) => setTimeout(made.address, 500, query) });
        const set = (made) => { late = delayed(made); };
        Object.defineProperty(window, "papersHistory", { get: () => late, set });"""
    )
    page.goto(f"{window.url}/?tab=library")
    page.set_viewport_size({"width": 1280, "height": 500})
    page.locator(".rows .title a").last.click()
    page.wait_for_function("location.search.includes('paper=')")
    page.wait_for_function("scrollY === 0")


def test_a_link_to_a_comparison_shows_it(open_page: Any, window: Window) -> None:
    first, second = window.assistant.library.papers()[:2]
    query = urlencode({"tab": "compare", "a": first.id, "b": second.id})
    page = open_page(f"{window.url}/?{query}")
    page.locator("#comparison table").wait_for()
    assert page.locator("#comparison .cite").count() > 2
