"""Who gets in, by which name, and what the browser is told it may do."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from served_window import Window, served

from assistant.window.people import People, add_person, password_fits, read_people, token_owner
from index.sample import sample_papers

HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def window(homes: Path) -> Iterator[Window]:
    with served(homes / "gate", papers=sample_papers()[:3]) as made:
        yield made


@pytest.fixture(scope="module")
def guarded(homes: Path) -> Iterator[tuple[Window, str]]:
    """A window with two people, and the token of the second."""
    file = homes / "people"
    add_person(file, "Ada", "first password")
    token = add_person(file, "Grace", "second password")
    with served(homes / "guarded", papers=sample_papers()[:3], people=People(file)) as made:
        yield made, token


def test_health_and_headers(window: Window) -> None:
    assert httpx.get(f"{window.url}/health").json() == {"status": "ok"}
    page = httpx.get(window.url, headers=HTML)
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "img-src 'self' data: blob:" in policy
    assert "connect-src 'self'" in policy


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "papers.example:7860", ""])
def test_a_host_that_is_not_ours_is_refused(window: Window, host: str) -> None:
    answer = httpx.get(f"{window.url}/health", headers={"host": host})
    assert answer.status_code == 403
    assert "--allow-host" in answer.json()["detail"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1"])
def test_a_page_of_others_may_not_use_the_server(window: Window, origin: str) -> None:
    answer = httpx.post(f"{window.url}/gradio_api/queue/join", headers={"origin": origin}, json={})
    assert answer.status_code == 403


def test_our_own_origin_and_loopback_names_are_let_in(window: Window) -> None:
    port = window.url.rpartition(":")[2]
    for name in ("localhost", "127.0.0.1", "[::1]"):
        headers = {"host": f"{name}:{port}", "origin": f"http://{name}:{port}"}
        assert httpx.get(f"{window.url}/health", headers=headers).status_code == 200


def test_an_allowed_host_is_let_in(tmp_path: Path) -> None:
    with served(tmp_path, allow_hosts=["papers.example"]) as window:
        headers = {"host": "papers.example", "origin": "https://papers.example"}
        assert httpx.get(f"{window.url}/health", headers=headers).status_code == 200


def test_nobody_gets_in_without_signing_in(guarded: tuple[Window, str]) -> None:
    window, _ = guarded
    assert httpx.get(f"{window.url}/health").status_code == 200
    away = httpx.get(window.url, headers=HTML)
    assert (away.status_code, away.headers["location"]) == (303, "/login")
    for path in ("/config", "/gradio_api/info", "/mcp", "/download/answer/1.md", "/gradio_api/queue/data"):
        assert httpx.get(window.url + path).status_code == 401
    assert httpx.post(f"{window.url}/mcp", json={}).status_code == 401
    assert httpx.post(f"{window.url}/gradio_api/queue/join", json={}).status_code == 401
    forged = {"cookie": "papers_session=Ada|99999999999|" + "0" * 64}
    assert httpx.get(f"{window.url}/config", headers=forged).status_code == 401


def test_signing_in_by_form_and_by_token(guarded: tuple[Window, str]) -> None:
    window, token = guarded
    with httpx.Client(base_url=window.url) as client:
        wrong = client.post("/login", data={"username": "Ada", "password": "nonsense"}, headers=HTML)
        assert wrong.status_code == 401
        assert "do not fit" in wrong.text
        right = client.post("/login", data={"username": "Ada", "password": "first password"}, headers=HTML)
        assert (right.status_code, right.headers["location"]) == (303, "/")
        cookie = right.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert client.get("/config").status_code == 200
    assert httpx.get(f"{window.url}/config", headers={"authorization": f"Bearer {token}"}).status_code == 200
    assert httpx.get(f"{window.url}/config", headers={"authorization": "Bearer nonsense"}).status_code == 401


def test_a_full_queue_is_said_kindly(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    config = httpx.get(f"{window.url}/config").json()
    number = next(f["id"] for f in config["dependencies"] if f["api_name"] == "search_papers")
    monkeypatch.setattr(window.blocks._queue, "max_size", 0)
    job = {"data": ["attention"], "fn_index": number, "session_hash": "x"}
    answer = httpx.post(f"{window.url}/gradio_api/queue/join", json=job)
    assert answer.status_code == 429
    assert "ask again" in answer.json()["detail"]


def test_the_file_of_people_holds_no_password(tmp_path: Path) -> None:
    file = tmp_path / "people"
    token = add_person(file, "Ada", "a long password")
    assert file.stat().st_mode & 0o777 == 0o600
    text = file.read_text()
    assert "a long password" not in text
    assert token not in text
    people = read_people(file)
    assert password_fits(people[0], "a long password")
    assert not password_fits(people[0], "another password")
    assert not password_fits(None, "a long password")
    assert token_owner(people, token) == "Ada"
    newer = add_person(file, "Ada", "a newer password")
    assert len(read_people(file)) == 1
    assert token_owner(read_people(file), token) is None
    assert token_owner(read_people(file), newer) == "Ada"


@pytest.mark.parametrize(("name", "password"), [("", "long enough"), ("A\nda", "long enough"), ("Ada", "short")])
def test_a_bad_name_or_password_is_refused(tmp_path: Path, name: str, password: str) -> None:
    with pytest.raises(ValueError, match="has"):
        add_person(tmp_path / "people", name, password)


@pytest.mark.parametrize(
    "text", ["", "not json", json.dumps({"name": "x"}), '{"name": "x", "salt": "z", "password": "", "token": ""}']
)
def test_a_file_that_is_none_of_ours_is_said_to_be(tmp_path: Path, text: str) -> None:
    file = tmp_path / "people"
    file.write_text(text)
    with pytest.raises(ValueError, match="papers user"):
        read_people(file)
