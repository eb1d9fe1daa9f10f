"""The form that connects a model, in a browser."""

from typing import Any

from chat_server import MODEL, StubServer

from index.sample import sample_papers


def test_the_form_shows_what_is_set_and_ask_notices_at_once(open_page: Any, serve: Any, stub: StubServer) -> None:
    stub.reset()
    window = serve(papers=sample_papers())
    page = open_page(window.url)
    page.get_by_text("Answers are sentences quoted as they stand").first.wait_for()
    page.locator("#question textarea:enabled").wait_for()
    page.get_by_role("tab", name="Model").click()
    page.get_by_role("heading", name="No model is connected").wait_for()
    page.get_by_label("Address").fill(stub.url)
    page.get_by_label("Key").fill("sk-some-key-0123456789")
    page.get_by_role("button", name="Test and connect").click()
    page.get_by_text(f"{MODEL} now answers").wait_for()
    page.get_by_role("tab", name="Ask").click()
    page.get_by_text("Answers are sentences quoted as they stand").first.wait_for(state="hidden")
    page.get_by_role("tab", name="Weekly").click()
    page.get_by_role("tab", name="Model").click()
    assert page.get_by_label("Address").input_value() == stub.url
    assert page.get_by_label("Key").input_value() == ""
    assert page.get_by_label("Key").get_attribute("placeholder").startswith("Set.")
    page.get_by_role("button", name="Disconnect").click()
    page.get_by_text("Disconnected.").wait_for()
    assert page.get_by_label("Address").input_value() == ""
    page.get_by_role("tab", name="Ask").click()
    page.get_by_text("Answers are sentences quoted as they stand").first.wait_for()
    assert window.assistant.model is None


def test_what_is_typed_stays_however_slow_the_server_is(open_page: Any, serve: Any, stub: StubServer) -> None:
    window = serve(papers=sample_papers())
    page = open_page(window.url)
    page.locator("#question textarea:enabled").wait_for()
    slow = {"offline": False, "latency": 1_000, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    page.get_by_role("tab", name="Model").click()
    page.get_by_label("Address").fill(stub.url)
    page.wait_for_timeout(3_000)
    assert page.get_by_label("Address").input_value() == stub.url
    page.get_by_role("tab", name="Library").click()
    page.get_by_role("tab", name="Model").click()
    page.wait_for_timeout(3_000)
    assert page.get_by_label("Address").input_value() == stub.url
