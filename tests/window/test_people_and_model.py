"""Signing in, and connecting a model, in a real browser."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from chat_server import MODEL, StubServer

from assistant import connection
from assistant.window.access.people import People, add_person
from index.sample import sample_papers

KEY = "sk-a-secret-key"


def test_the_form(serve: Any, open_page: Any, stub: StubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "LOCAL_SERVERS", {"Ollama": stub.url})
    window = serve(papers=sample_papers()[:3])
    page = open_page(f"{window.url}/?tab=model")
    page.get_by_role("button", name=f"{MODEL} on Ollama").wait_for()
    page.get_by_label("Address").fill("http://127.0.0.1:9/v1")
    page.get_by_label("Key").fill(KEY)
    page.get_by_role("button", name="Test and connect").click()
    page.get_by_role("alert").wait_for()
    page.get_by_label("Address").fill(stub.url)
    page.get_by_role("button", name="Test and connect").click()
    page.get_by_text("It works").wait_for()
    page.get_by_role("heading", name=f"{MODEL} answers").wait_for()
    assert page.get_by_label("Key").input_value() == ""
    assert KEY not in page.content()
    assert KEY not in httpx.get(f"{window.url}/config").text
    assert window.assistant.settings.key == KEY
    page.get_by_role("button", name=f"{MODEL} on Ollama").click()
    page.get_by_text("It works").wait_for()


def test_signing_in_each_has_their_own_and_the_first_connects(serve: Any, open_page: Any, tmp_path: Path) -> None:
    file = tmp_path / "people"
    for name in ("Ada", "Grace"):
        add_person(file, name, f"{name}'s password")
    window = serve(papers=sample_papers(), people=People(file))

    def sign_in(name: str) -> Any:
        page = open_page(window.url)
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill("wrong one")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_text("Wrong name or password").wait_for()
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(f"{name}'s password")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("textbox", name="Question", exact=True).wait_for()
        return page

    ada, grace = sign_in("Ada"), sign_in("Grace")
    ada.get_by_role("textbox", name="Question", exact=True).fill("What does SpAtten do?")
    ada.get_by_role("button", name="Ask", exact=True).click()
    ada.locator(".turn .actions").wait_for()
    assert [c.title for c in window.conversations.list("Ada")] == ["What does SpAtten do?"]
    assert window.conversations.list("Grace") == []
    grace.goto(ada.url)
    grace.get_by_role("group", name="Examples").wait_for()
    assert grace.locator(".turn").count() == 0
    number = window.conversations.turns("Ada", window.conversations.list("Ada")[0].id)[0].id
    assert grace.request.get(f"{window.url}/download/answer/{number}.md").status == 404
    assert ada.request.get(f"{window.url}/download/answer/{number}.md").status == 200
    grace.goto(f"{window.url}/?tab=model")
    grace.get_by_role("button", name="Test and connect").click()
    grace.get_by_text("first person").wait_for()
    ada.goto(f"{window.url}/?tab=model")
    ada.get_by_role("button", name="Test and connect").click()
    ada.get_by_role("alert").get_by_text("Give a key").wait_for()
    ada.get_by_role("link", name="Sign out").click()
    ada.get_by_label("Password").wait_for()
    assert ada.request.get(f"{window.url}/config").status == 401
