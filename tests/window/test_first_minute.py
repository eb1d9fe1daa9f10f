"""The whole path in a real browser, with the bundled sample, in quotes and with a model."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chat_server import MODEL, StubServer
from served_window import Window, served

from index.sample import sample_papers

QUESTION = "Which papers speed up attention in hardware, and by how much?"


def ask(page: Any, question: str = QUESTION) -> Any:
    """Ask, and wait until the answer is whole; returns the turn."""
    before = page.locator(".turn .actions").count()
    box = page.get_by_role("textbox", name="Question", exact=True)
    box.fill(question)
    box.press("Enter")
    page.locator(".turn .actions").nth(before).wait_for()
    return page.locator(".turn").last


def wait_until_written(page: Any, sentences: int) -> None:
    """Wait until the model has written some sentences about hardware, after the quotes that stand at once."""
    page.wait_for_function(
        "count => document.querySelector('.turn.growing')?.innerText.split('sped up in hardware').length > count",
        arg=sentences,
    )


def test_from_an_empty_library_to_a_cited_sentence(serve: Any, open_page: Any) -> None:
    window = serve()
    page = open_page(window.url)
    page.get_by_role("button", name="Start with the sample").click()
    examples = page.get_by_role("group", name="Examples").get_by_role("button")
    examples.first.wait_for()
    assert window.assistant.library.count() == len(sample_papers())
    turn = ask(page)
    assert "Connect a model" in turn.inner_text()
    citation = turn.locator(".cite").first
    citation.hover()
    card = turn.locator(".card").first
    card.wait_for()
    sentence = card.locator("q").inner_text()
    citation.click()
    mark = page.locator("#source mark")
    mark.wait_for()
    assert mark.inner_text() == sentence
    assert sentence in " ".join(paper.abstract for paper in sample_papers())
    page.keyboard.press("Escape")
    page.locator("#source").wait_for(state="hidden")
    assert citation.evaluate("link => link === document.activeElement")


def test_what_is_pasted_is_taken_and_what_is_not_is_told(serve: Any, open_page: Any) -> None:
    window = serve()
    page = open_page(window.url)
    good = '{"title": "A Paper: On Pasting", "abstract": "Pasting works in 3 of 4 windows."}'
    page.get_by_label("Paste").first.fill(f'{good}\n{{"title": "Without an abstract"}}\n')
    page.get_by_role("button", name="Add what is pasted").first.click()
    page.get_by_text("1 paper at hand").wait_for()
    page.get_by_role("tab", name="Library").click()
    page.get_by_role("link", name="A Paper: On Pasting").wait_for()


def test_what_is_not_understood_is_a_sentence(serve: Any, open_page: Any) -> None:
    window = serve()
    page = open_page(window.url)
    page.get_by_label("Paste").first.fill("just some words")
    page.get_by_role("button", name="Add what is pasted").first.click()
    said = page.get_by_role("alert").filter(has_text="Understood")
    said.wait_for()
    assert "daily" in said.inner_text().lower()
    page.get_by_label("Paste").first.fill("https://example.org/papers\nhttps://arxiv.org/abs/2604.00001")
    page.get_by_role("button", name="Add what is pasted").first.click()
    page.get_by_text("2 could not be added").wait_for()
    rejected = page.locator(".report").first.inner_text()
    assert "Supported are huggingface.co/papers" in rejected
    assert "PAPERS_OFFLINE=1" in rejected
    page.get_by_role("button", name="Start with the sample").click()
    page.get_by_role("group", name="Examples").wait_for()


@pytest.fixture(scope="module")
def window(homes: Path, stub: StubServer) -> Iterator[Window]:
    with served(homes / "model", papers=sample_papers(), base_url=stub.url, model=MODEL) as made:
        yield made


@pytest.fixture(autouse=True)
def _quick(stub: StubServer) -> None:
    stub.reset()


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_an_answer_streams_and_is_checked(
    open_page: Any, window: Window, stub: StubServer, width: int, dark: bool
) -> None:
    stub.wait, stub.pause = 3.0, 0.05
    page = open_page(window.url, width, dark)
    box = page.get_by_role("textbox", name="Question", exact=True)
    box.fill(QUESTION)
    box.press("Enter")
    page.locator(".turn.growing .found").wait_for()  # what was found stands there before the first word
    page.locator(".turn.growing .prose-text").wait_for()
    page.locator(".turn .actions").wait_for()
    turn = page.locator(".turn")
    look = turn.locator(".look").first
    look.hover()
    assert "97.3" in turn.locator(".look + .card").first.inner_text()
    facts = turn.locator(".facts").inner_text()
    assert "to look at" in facts
    assert "✓ means figures and names found" in facts
    assert "1 call · 1,100 tokens" in facts
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert f"?chat={window.conversations.list('')[0].id}" in page.url


def test_stop_keeps_the_text_and_ends_the_call(open_page: Any, window: Window, stub: StubServer) -> None:
    stub.pause, stub.says = 0.05, "Attention is sped up in hardware [1.1]. " * 60
    page = open_page(window.url)
    box = page.get_by_role("textbox", name="Question", exact=True)
    box.fill(QUESTION)
    box.press("Enter")
    wait_until_written(page, 3)
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("What was written so far is kept").wait_for()
    page.wait_for_timeout(500)
    assert stub.cut_off == 1
    assert page.locator(".turn .cite").count() >= 2
    stub.reset()
    page.get_by_role("button", name="Ask again").click()
    page.locator(".turn .look").wait_for()
    assert page.locator(".turn").count() == 1


def test_a_failing_server_is_a_sentence_and_the_box_goes_on(open_page: Any, window: Window, stub: StubServer) -> None:
    stub.status = 401
    page = open_page(window.url)
    turn = ask(page)
    assert "key" in turn.locator(".aside").first.inner_text().lower()
    assert turn.locator(".cite").count() >= 1  # the quotes follow
    stub.reset()
    turn = ask(page, "What does SpAtten do?")
    assert turn.locator(".cite").count() >= 1


def test_a_full_queue_is_said_in_the_chat_and_the_question_stays(
    open_page: Any, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(window.url)
    page.get_by_role("group", name="Examples").wait_for()
    queue = window.blocks._queue
    box = page.get_by_role("textbox", name="Question", exact=True)
    box.fill(QUESTION)
    with monkeypatch.context() as full:
        full.setattr(queue, "max_size", 0)
        box.press("Enter")
        page.locator("#live").get_by_text("Wait a little, then ask again").wait_for()
        assert page.get_by_text("currently busy").count() == 0
    assert box.input_value() == QUESTION
    box.press("Enter")
    page.locator(".turn .actions").wait_for()


def test_what_a_week_costs_is_said_before_it_is_written(open_page: Any, window: Window, stub: StubServer) -> None:
    page = open_page(f"{window.url}/?tab=weekly")
    said = page.get_by_text(re.compile(r"at most \d+ calls? and [\d,]+ tokens"))
    said.wait_for()
    assert MODEL in said.inner_text()
    assert stub.calls == 0


def test_a_second_tab_shows_what_is_saved_and_says_why_it_waits(
    open_page: Any, window: Window, stub: StubServer
) -> None:
    stub.pause, stub.says = 0.05, "Attention is sped up in hardware [1.1]. " * 40
    page = open_page(window.url)
    box = page.get_by_role("textbox", name="Question", exact=True)
    box.fill(QUESTION)
    box.press("Enter")
    wait_until_written(page, 3)
    page.wait_for_timeout(1200)  # a growing answer is saved once a second
    second = open_page(page.url)
    second.locator(".turn .cite").first.wait_for()
    box = second.get_by_role("textbox", name="Question", exact=True)
    box.fill("And then?")
    box.press("Enter")
    second.get_by_text("is still being written").wait_for()
    assert box.input_value() == "And then?"
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("What was written so far is kept").wait_for()
    stub.reset()
    box.press("Enter")
    second.locator(".turn .actions").nth(1).wait_for()
