"""Answers that are being written belong to their conversation, whichever page is looked at."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chat_server import MODEL, StubServer
from served_window import Window, served

import assistant.answering
import assistant.ask.job
from index.sample import sample_papers

SLOW = " ".join(f"Attention is sped up in hardware, says line {number} [1.1]." for number in range(90))


@pytest.fixture(scope="module")
def window(homes: Path, stub: StubServer) -> Iterator[Window]:
    with served(homes / "answering", papers=sample_papers(), base_url=stub.url, model=MODEL) as made:
        yield made


@pytest.fixture(autouse=True)
def _slow(stub: StubServer) -> None:
    stub.reset()
    stub.pause, stub.says = 0.1, SLOW  # longer than any of these tests takes


WRITTEN, QUOTES = "says line 2", "From descriptions"


def begin(page: Any, question: str, text: str = WRITTEN) -> None:
    """Ask, and wait until the growing answer has some text: that of the model, or the quotes that stand before it."""
    box = page.get_by_role("textbox", name="Question", exact=True)
    box.fill(question)
    box.press("Enter")
    page.locator(".turn.growing", has_text=question).filter(has_text=text).wait_for()


def settled(window: Window, question: str) -> Any:
    """The last turn with a question, as it is stored when it is no longer being written."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        turns = [t for c in window.conversations.list("") for t in window.conversations.turns("", c.id)]
        found = [t for t in turns if t.question == question and t.state != "asking"]
        if found:
            return found[-1]
        time.sleep(0.1)
    raise AssertionError(f"{question!r} is still being written")


def test_a_stream_belongs_to_its_conversation(open_page: Any, window: Window, stub: StubServer) -> None:
    page = open_page(window.url)
    begin(page, "The first long question")
    page.get_by_role("button", name="New conversation").click()
    page.get_by_text("The first long question").locator("visible=true").first.wait_for()  # in the list only
    page.locator(".turn").wait_for(state="detached")
    page.locator("#conversations .writing").wait_for()
    page.wait_for_timeout(700)
    assert page.locator(".turn").count() == 0
    assert page.get_by_role("button", name="Ask", exact=True).is_visible()
    begin(page, "The second long question", QUOTES)  # a local server writes one answer at a time
    page.wait_for_timeout(500)
    assert page.locator(".turn .question").all_inner_texts() == ["The second long question"]
    page.get_by_role("link", name="The first long question").click()
    page.locator(".turn.growing", has_text="The first long question").wait_for()
    assert page.locator(".turn .question").all_inner_texts() == ["The first long question"]
    before = page.locator(".turn .cite").count()
    page.wait_for_function(f"document.querySelectorAll('.turn .cite').length > {before}")
    stop = page.get_by_role("button", name="Stop")
    assert stop.is_visible()
    stop.click()
    page.get_by_text("Stopped.").wait_for()
    assert page.locator(".turn").count() == 1
    page.get_by_role("link", name="The second long question").click()
    page.locator(".turn.growing").wait_for()
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Stopped.").wait_for()
    page.locator("#conversations .writing").wait_for(state="detached")
    assert {settled(window, f"The {n} long question").state for n in ("first", "second")} == {"stopped"}


def test_an_answer_goes_on_through_a_reload_and_in_a_second_tab(open_page: Any, window: Window) -> None:
    page = open_page(window.url)
    begin(page, "A question that is left")
    page.reload()
    page.locator(".turn.growing", has_text="says line 4").wait_for()
    other = open_page(page.url)
    other.locator(".turn.growing").wait_for()
    for tab in (page, other):
        before = tab.locator(".turn .cite").count()
        tab.wait_for_function(f"document.querySelectorAll('.turn .cite').length > {before}")
    other.get_by_role("button", name="Stop").click()
    for tab in (page, other):
        tab.get_by_text("Stopped.").wait_for()
        assert tab.get_by_role("button", name="Ask", exact=True).is_visible()
    turn = settled(window, "A question that is left")
    assert turn.state == "stopped"
    for tab in (page, other):  # what was sent is counted, though the server never said it
        facts = tab.locator(".turn .facts").inner_text()
        assert f"1 call · {turn.answer.usage.prompt_tokens + turn.answer.usage.completion_tokens:,} tokens" in facts
    assert turn.answer.usage.prompt_tokens > 500
    assert turn.answer.usage.completion_tokens > 20


def test_the_call_ends_when_nobody_has_been_there_for_a_while(
    open_page: Any, window: Window, stub: StubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assistant.answering, "ABSENT", 1.0)
    page = open_page(window.url)
    begin(page, "A question whose page is closed")
    page.goto("about:blank")
    turn = settled(window, "A question whose page is closed")
    assert turn.state == "stopped"
    assert turn.answer.claims
    time.sleep(0.3)
    assert stub.cut_off >= 1


def test_an_edited_question_keeps_its_older_version(open_page: Any, window: Window, stub: StubServer) -> None:
    stub.reset()
    page = open_page(window.url)
    box = page.get_by_role("textbox", name="Question", exact=True)
    for number, question in enumerate(("What speeds up attention?", "What is it tested on?")):
        box.fill(question)
        box.press("Enter")
        page.locator(".turn .actions").nth(number).wait_for()
    first = page.locator(".turn").first
    first.get_by_role("button", name="Edit").click()
    field = page.get_by_role("textbox", name="Edit the question")
    assert field.input_value() == "What speeds up attention?"
    field.press("Escape")
    assert first.get_by_role("heading", name="What speeds up attention?").is_visible()
    first.get_by_role("button", name="Edit").click()
    field.fill("What speeds up attention in hardware?")
    field.press("Enter")
    page.get_by_text("2 of 2").wait_for()
    page.locator(".turn .actions").nth(1).wait_for()
    asked = page.locator(".turn .question")
    assert asked.all_inner_texts() == ["What speeds up attention in hardware?", "What is it tested on?"]
    page.get_by_role("button", name="Older version").click()
    page.get_by_text("1 of 2").wait_for()
    assert asked.all_inner_texts() == ["What speeds up attention?", "What is it tested on?"]
    page.locator(".turn").first.get_by_role("button", name="Ask again").click()
    page.get_by_text("3 of 3").wait_for()
    page.locator(".turn .actions").nth(1).wait_for()
    assert asked.all_inner_texts() == ["What speeds up attention?", "What is it tested on?"]
    page.reload()
    page.get_by_text("3 of 3").wait_for()
    assert asked.all_inner_texts() == ["What speeds up attention?", "What is it tested on?"]


def test_a_server_that_hangs_is_told_below_the_quotes(
    open_page: Any, window: Window, stub: StubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assistant.ask.job, "SAID_AFTER", 1.0)
    stub.wait = 6.0
    page = open_page(window.url)
    box = page.get_by_role("textbox", name="Question", exact=True)
    box.fill("Which papers speed up attention in hardware?")
    box.press("Enter")
    said = page.locator(".turn.growing").get_by_text("has not answered for")
    said.wait_for()
    first = said.inner_text()
    assert "s left" in first
    assert page.locator(".turn.growing .cite").count() > 0
    page.wait_for_function(
        "before => { const line = document.querySelector('.turn .notice, .turn .aside');"
        " return line && line.textContent.trim() !== before.trim(); }",
        arg=first,
    )
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Stopped.").wait_for()
    assert page.get_by_text("has not answered for").count() == 0
    assert "1 call" in page.locator(".turn .facts").inner_text()


def test_an_answer_that_is_there_at_once_ends(open_page: Any, serve: Any) -> None:
    page = open_page(serve(papers=sample_papers()).url)
    box = page.get_by_role("textbox", name="Question", exact=True)
    for number in range(8):
        box.fill("How many papers are there?")
        box.press("Enter")
        page.locator(".turn .actions").nth(number).wait_for(timeout=8_000)
        assert page.locator(".turn.growing").count() == 0
        page.get_by_role("button", name="Ask", exact=True).wait_for()


def test_a_second_question_waits_for_the_first(open_page: Any, window: Window) -> None:
    page = open_page(window.url)
    begin(page, "One at a time")
    box = page.get_by_role("textbox", name="Question", exact=True)
    box.fill("And another")
    box.press("Enter")
    page.get_by_text("is still being written").wait_for()
    assert box.input_value() == "And another"
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("Stopped.").wait_for()
    assert page.locator(".turn").count() == 1
