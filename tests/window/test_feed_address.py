"""The feed at the window's address."""

from pathlib import Path

import httpx
from atom_rules import look
from invented import week
from served_window import served

from assistant.window.access.people import People, add_person


def test_the_window_serves_the_feed(tmp_path: Path) -> None:
    with served(tmp_path / "home", papers=week(2)) as window:
        empty = httpx.get(f"{window.url}/feed.atom")
        assert empty.headers["content-type"].startswith("application/atom+xml")
        assert look(empty.text, window.url).entries == []
        window.assistant.weekly("2026-W16")
        entry = look(httpx.get(f"{window.url}/feed.atom").text, window.url).entries[0]
        assert entry.link == f"{window.url}/?week=2026-W16"


def test_with_accounts_the_feed_needs_a_token(tmp_path: Path) -> None:
    token = add_person(tmp_path / "people", "Ada", "a long password")
    with served(tmp_path / "home", papers=week(2), people=People(tmp_path / "people")) as window:
        feed = f"{window.url}/feed.atom"
        assert httpx.get(feed).status_code == 401
        assert httpx.get(feed, params={"token": "wrong"}).status_code == 401
        assert httpx.get(feed, headers={"Authorization": f"Bearer {token}"}).status_code == 200
        answered = httpx.get(feed, params={"token": token})
        assert answered.status_code == 200
        assert token not in answered.text
        assert httpx.get(f"{window.url}/config", params={"token": token}).status_code == 401
