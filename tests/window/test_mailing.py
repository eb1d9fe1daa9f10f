"""A digest is mailed from the Weekly tab."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from invented import paper_about, week
from mail_server import Mailbox
from served_window import served

from assistant.window.access.people import People, add_person


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    """A mail server, and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"smtp://127.0.0.1:{port}"
    controller.stop()


def test_what_was_summed_up_is_sent(open_page: Any, serve: Any, mailbox: tuple[Mailbox, str]) -> None:
    box, url = mailbox
    papers = [*week(2), paper_about("video", 20, "2026-05-05")]
    page = open_page(f"{serve(papers=papers, smtp_url=url, mail_from='papers@example.org').url}/?week=2026-W16")
    page.locator("#digest h2").get_by_text("2026, week 16").wait_for()
    page.get_by_role("button", name="Send by mail").click()
    to = page.get_by_role("textbox", name="To", exact=True)
    to.fill("nobody")
    to.press("Enter")
    page.get_by_text("'nobody' is not a mail address").wait_for()
    to.fill("reader@example.net")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("Sent the digest of 2026-W16 to reader@example.net.").wait_for()
    (mail,) = box.mails
    assert (mail["To"], mail["From"]) == ("reader@example.net", "papers@example.org")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("was sent to reader@example.net on").wait_for()
    assert len(box.mails) == 1


def test_without_a_mail_server_nothing_is_offered(open_page: Any, serve: Any) -> None:
    page = open_page(f"{serve(papers=week(2)).url}/?week=2026-W16")
    page.locator("#digest h2").get_by_text("2026, week 16").wait_for()
    assert page.get_by_role("button", name="Send by mail").count() == 0


def test_only_the_first_person_may_send(tmp_path: Path, mailbox: tuple[Mailbox, str]) -> None:
    from gradio_client import Client

    box, url = mailbox
    add_person(tmp_path / "people", "Ada", "a long password")
    token = add_person(tmp_path / "people", "Ben", "another password")
    people = People(tmp_path / "people")
    with served(tmp_path / "home", papers=week(2), people=people, smtp_url=url, mail_from="p@example.org") as window:
        bearer = {"Authorization": f"Bearer {token}"}
        Client(window.url, headers=bearer, verbose=False)
        names = [str(f.api_name or (f.fn and f.fn.__name__)) for f in window.blocks.fns.values()]
        assert "send" in names
        number = next(k for k, f in window.blocks.fns.items() if f.fn and f.fn.__name__ == "send")
        joined = httpx.post(
            f"{window.url}/gradio_api/queue/join",
            headers=bearer,
            json={"data": [None, "reader@example.net"], "fn_index": number, "session_hash": "s", "trigger_id": None},
        )
        assert joined.status_code == 200
        with httpx.stream(
            "GET", f"{window.url}/gradio_api/queue/data", params={"session_hash": "s"}, headers=bearer, timeout=20
        ) as events:
            said = next(line for line in events.iter_lines() if "process_completed" in line)
    assert "Only the first person" in said
    assert box.mails == []
