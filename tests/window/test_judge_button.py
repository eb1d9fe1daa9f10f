"""The button under an answer that has its wording judged, in a real browser."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chat_server import StubServer
from invented import ANSWERABLE
from served_window import Window, served
from test_tabs import ask, check_page

QUESTION = "How much faster is SwiftRow than the vendor kernel?"
DIFFERS = {"claim": 1, "verdict": "not", "words": "slower", "source": "faster"}


@pytest.fixture(scope="module")
def window(homes: Path, stub: StubServer) -> Iterator[Window]:
    with served(homes / "judged", papers=ANSWERABLE, base_url=stub.url) as made:
        yield made


@pytest.fixture
def model(stub: StubServer) -> Iterator[StubServer]:
    """A model that writes that SwiftRow is slower, and finds so when it judges."""

    def says(request: dict[str, Any]) -> str:
        prompt = "\n".join(message["content"] for message in request["messages"])
        if "judgements" in prompt:
            return json.dumps({"judgements": [DIFFERS]})
        number = next(line.split()[0] for line in prompt.splitlines() if "2.4x faster" in line and line[0].isdecimal())
        return f"SwiftRow is 2.4x slower than the vendor kernel [{number}]."

    stub.reset()
    stub.says = says
    yield stub
    stub.reset()


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_an_answer_is_judged_once_and_keeps_its_hints(
    window: Window, open_page: Any, model: StubServer, width: int, dark: bool
) -> None:
    page = open_page(window.url, width, dark)
    ask(page, QUESTION)
    button = page.get_by_role("button", name="Judge the wording (1 call, about ")
    assert button.count() == 1
    check_page(page, width)
    before = model.calls
    button.click()
    page.get_by_text("judged not supported, compare: 'slower' here, 'faster' there").wait_for()
    assert model.calls == before + 1
    page.get_by_text("Published balanced accuracy of such judges is 72-77 %.").wait_for()
    page.get_by_text("2 calls").wait_for()
    assert page.locator(".turn").count() == 1
    assert page.locator(".turn .tick").count() == 0
    assert button.count() == 0
    check_page(page, width)
    page.reload()
    page.get_by_text("judged not supported").wait_for()
    conversation = window.conversations.list("")[0]
    (turn,) = window.conversations.turns("", conversation.id)
    assert turn.answer
    assert turn.answer.usage.llm_calls == 2


def test_a_server_that_fails_leaves_the_answer_and_the_button(
    window: Window, open_page: Any, model: StubServer
) -> None:
    page = open_page(window.url)
    ask(page, QUESTION)
    model.status = 401
    page.get_by_role("button", name="Judge the wording").click()
    page.get_by_text("Nothing was judged.").first.wait_for()
    assert page.get_by_role("button", name="Judge the wording").count() == 1
    assert page.locator(".turn").count() == 1


def test_quotes_have_no_such_button(serve: Any, open_page: Any) -> None:
    page = open_page(serve(papers=ANSWERABLE).url)
    ask(page, QUESTION)
    assert page.get_by_role("button", name="Judge the wording").count() == 0
