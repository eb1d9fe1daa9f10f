"""The library's list: orders are what they say, and how many papers a search found."""

from typing import Any

from index.paper import Paper

DAYS = ("2026-02-01", None, "2024-05-06", "2026-10-01", None, "2025-01-01")
OWLS = [
    Paper(title=f"Owl study {n}", abstract=f"{'Owls hear owls. ' * (n + 1)}Owls hunt mice at night.", published=day)
    for n, day in enumerate(DAYS)
]


def days_shown(page: Any) -> list[str]:
    return [line.inner_text()[:10] for line in page.locator("#rows .meta").all()]


def choose(page: Any, order: str) -> None:
    page.get_by_label("Order").click()
    page.get_by_role("option", name=order).click()


def test_newest_and_oldest_first_are_what_they_say_in_a_search_too(serve: Any, open_page: Any) -> None:
    page = open_page(f"{serve(papers=OWLS).url}/?tab=library")
    page.locator("#rows .count").wait_for()
    newest = ["2026-10-01", "2026-02-01", "2025-01-01", "2024-05-06", "", ""]
    assert days_shown(page) == newest
    page.get_by_label("Find").fill("owls hunt mice")
    page.locator("#rows .count", has_text="best match first").wait_for()
    choose(page, "Newest first")
    page.locator("#rows .count", has_text="newest first").wait_for()
    assert days_shown(page) == newest
    choose(page, "Oldest first")
    page.locator("#rows .count", has_text="oldest first").wait_for()
    assert days_shown(page) == [*newest[3::-1], "", ""]


def test_a_search_says_how_many_there_are_and_shows_more(serve: Any, open_page: Any) -> None:
    many = [Paper(title=f"Owl {n}", abstract=f"Owls hear {n} mice under the snow.") for n in range(330)]
    page = open_page(f"{serve(papers=many).url}/?tab=library")
    page.get_by_text("Showing 50 of 330 papers").wait_for()
    page.get_by_label("Find").fill("owls hear mice")
    page.get_by_text("Showing 50 of 250 papers or more").wait_for()
    for shown in (100, 150, 225):
        page.get_by_role("button", name="Show more").click()
        page.get_by_text(f"Showing {shown} of").wait_for()
    page.get_by_role("button", name="Show more").click()
    page.locator("#rows li").nth(329).wait_for()
    assert page.locator("#rows li").count() == 330


def test_more_papers_come_as_one_scrolls(serve: Any, open_page: Any) -> None:
    many = [Paper(title=f"Owl {n}", abstract=f"Owls hear {n} mice under the snow.") for n in range(130)]
    page = open_page(f"{serve(papers=many).url}/?tab=library")
    page.get_by_text("Showing 50 of 130 papers").wait_for()
    for shown in (100, 130):
        page.wait_for_timeout(300)
        assert page.locator("#rows li").count() < shown  # not before one scrolls
        page.mouse.move(600, 400)
        page.mouse.wheel(0, 20_000)
        page.locator("#rows li").nth(shown - 1).wait_for()
    page.locator("#rows .count").get_by_text("130 papers", exact=True).wait_for()


def test_an_answer_that_lists_some_papers_opens_them_all(serve: Any, open_page: Any) -> None:
    owls = [Paper(title=f"Owl {n}", abstract=f"Owls hear {n} mice under snow.") for n in range(12)]
    eels = [Paper(title=f"Eel {n}", abstract=f"Eels cross {n} seas.") for n in range(3)]
    window = serve(papers=[*owls, *eels])
    page = open_page(window.url)
    page.get_by_role("textbox", name="Question").fill("How many papers contain the word snow?")
    page.keyboard.press("Enter")
    page.get_by_text("Showing 8 of 12").wait_for()
    page.get_by_role("button", name="Show all 12").click()
    page.get_by_text("The papers of the answer to “How many papers contain the word snow?”").wait_for()
    assert page.locator("#rows li").count() == 12
    assert "answer=" in page.url
    page.reload()
    page.locator("#rows .count", has_text="12 papers").wait_for()
    page.get_by_role("link", name="All papers").click()
    page.locator("#rows .count", has_text="15 papers").wait_for()
    assert not page.get_by_text("The papers of the answer to").is_visible()


def test_an_empty_library_says_how_to_fill_it(open_page: Any, serve: Any) -> None:
    page = open_page(f"{serve().url}/?tab=library")
    page.locator("#rows").get_by_text("There are no papers yet. Open Add papers above").wait_for()
