"""Guessing a password is slowed down and stalls nobody else; sessions end when they should."""

import asyncio
import hashlib
import itertools
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from served_window import Window, served

from assistant.window.access import brake, sessions
from assistant.window.access.brake import Brake
from assistant.window.access.people import People, add_person
from index.sample import sample_papers

PASSWORDS = {"Ada": "first password", "Grace": "second password"}
HTML = {"accept": "text/html"}
DAYS = itertools.count(1000.0, 24 * 3600.0)


@pytest.fixture(scope="module")
def file(homes: Path) -> Path:
    return homes / "signing-in-people"


@pytest.fixture(autouse=True)
def _quick_hashing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed in no time, but where the time it takes is what is tested."""
    if "flood" not in request.node.name:
        hashing = hashlib.scrypt
        monkeypatch.setattr(hashlib, "scrypt", lambda password, **cost: hashing(password, **{**cost, "n": 2}))


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The brakes' clock, which stands still until a test moves it. Each test begins a day after the one before it, so
    that what failed there is forgotten."""
    made = SimpleNamespace(now=next(DAYS))
    monkeypatch.setattr(brake, "time", SimpleNamespace(monotonic=lambda: made.now))
    return made


@pytest.fixture(autouse=True)
def tokens(file: Path, _quick_hashing: None) -> dict[str, str]:
    """The people's tokens, in a new file: what was opened with those of another test is at an end."""
    file.unlink(missing_ok=True)
    return {name: add_person(file, name, password) for name, password in PASSWORDS.items()}


@pytest.fixture(scope="module")
def window(homes: Path, file: Path) -> Iterator[Window]:
    add_person(file, "Ada", PASSWORDS["Ada"])
    with served(homes / "signing-in", papers=sample_papers(), people=People(file)) as made:
        yield made


def sign_in(window: Window, name: str, password: str, address: str = "192.0.2.1", **headers: str) -> httpx.Response:
    """The answer to a sign-in from an address that a proxy on this machine reports."""
    form = {"username": name, "password": password}
    return httpx.post(f"{window.url}/login", data=form, headers={"x-forwarded-for": address, **headers}, timeout=60)


def session(window: Window, name: str = "Ada", password: str = "") -> dict[str, str]:
    """The headers of a new session."""
    answer = sign_in(window, name, password or PASSWORDS[name])
    return {"cookie": f"papers_session={answer.cookies['papers_session']}"}


def let_in(window: Window, headers: dict[str, str]) -> bool:
    return httpx.get(f"{window.url}/config", headers=headers).status_code == 200


def bearer(token: str, address: str = "192.0.2.1") -> dict[str, str]:
    return {"authorization": f"Bearer {token}", "x-forwarded-for": address}


def seconds_of_a_search(window: Window, headers: dict[str, str]) -> float:
    config = httpx.get(f"{window.url}/config", headers=headers, timeout=60).json()
    number = next(each["id"] for each in config["dependencies"] if each["api_name"] == "search_papers")
    start = time.monotonic()
    with httpx.Client(base_url=f"{window.url}/gradio_api", headers=headers, timeout=60) as client:
        job = {"fn_index": number, "data": ["attention in hardware", 10, None, None], "session_hash": "s"}
        client.post("/queue/join", json=job).raise_for_status()
        assert "SpAtten" in client.get("/queue/data", params={"session_hash": "s"}).text
    return time.monotonic() - start


def test_a_flood_of_wrong_sign_ins_stalls_nobody(window: Window, tokens: dict[str, str]) -> None:
    headers = bearer(tokens["Grace"])
    seconds_of_a_search(window, headers)

    async def guess() -> list[int]:
        async with httpx.AsyncClient(base_url=window.url, timeout=120) as client:
            forms = [{"username": f"Person {n}", "password": f"wrong {n}"} for n in range(60)]
            tries = [
                client.post("/login", data=f, headers={"x-forwarded-for": f"192.0.2.{n}"}) for n, f in enumerate(forms)
            ]
            return [answer.status_code for answer in await asyncio.gather(*tries)]

    answers: list[int] = []
    flood = threading.Thread(target=lambda: answers.extend(asyncio.run(guess())))
    flood.start()
    time.sleep(0.2)
    took = seconds_of_a_search(window, headers)
    flood.join()
    assert set(answers) == {401, 429}
    assert answers.count(401) < 60  # those beyond the waiting line are not hashed
    assert took < 3


def test_guessing_is_slowed_down_by_name_and_address(window: Window, clock: SimpleNamespace) -> None:
    answers = [sign_in(window, "Ada", f"wrong {n}") for n in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    page = sign_in(window, "Ada", "wrong", **HTML)
    assert page.status_code == 429
    assert "Too many tries. Wait 1 second, then try again." in page.text
    assert sign_in(window, "Ada", PASSWORDS["Ada"]).status_code == 429  # a right guess is not told either
    assert sign_in(window, "Ada", PASSWORDS["Ada"], "192.0.2.2").status_code == 200
    assert sign_in(window, "Grace", PASSWORDS["Grace"]).status_code == 200
    clock.now += 1
    assert sign_in(window, "Ada", PASSWORDS["Ada"]).status_code == 200


def test_many_guesses_at_once_do_not_slip_through(window: Window, clock: SimpleNamespace) -> None:
    async def guess() -> list[int]:
        async with httpx.AsyncClient(base_url=window.url, timeout=60) as client:
            tries = [client.post("/login", data={"username": "Ada", "password": f"no {n}"}) for n in range(15)]
            return sorted(answer.status_code for answer in await asyncio.gather(*tries))

    assert asyncio.run(guess()) == [401] * 5 + [429] * 10


def test_guessing_at_many_names_from_an_address_is_slowed_down(window: Window, clock: SimpleNamespace) -> None:
    assert [sign_in(window, f"Person {n}", "x", "2001:db8::1").status_code for n in range(20)] == [401] * 20
    assert sign_in(window, "Another", "x", "2001:db8::2").status_code == 429  # of the same network
    assert sign_in(window, "Another", "x", "2001:db8:1::2").status_code == 401


def test_guessing_at_a_name_from_everywhere_does_not_lock_its_person_out(
    window: Window, clock: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sign_in(window, "Ada", PASSWORDS["Ada"], "192.0.2.9").status_code == 200
    monkeypatch.setattr(sessions, "password_fits", lambda person, password: password in PASSWORDS.values())  # at once
    answers = [sign_in(window, "Ada", "x", f"198.51.100.{n}").status_code for n in range(55)]
    assert answers == [401] * 50 + [429] * 5
    assert sign_in(window, "Ada", PASSWORDS["Ada"], "203.0.113.1").status_code == 429  # never seen here before
    assert sign_in(window, "Ada", PASSWORDS["Ada"], "192.0.2.9").status_code == 200
    for n in range(25):
        sign_in(window, f"Person {n}", "x", "192.0.2.9")
    assert sign_in(window, "Nobody", "x", "192.0.2.9").status_code == 429
    assert sign_in(window, "Ada", PASSWORDS["Ada"], "192.0.2.9").status_code == 200


def test_guessing_at_tokens_is_slowed_down(window: Window, tokens: dict[str, str], clock: SimpleNamespace) -> None:
    url = f"{window.url}/config"
    answers = [httpx.get(url, headers=bearer(f"wrong{n}")) for n in range(21)]
    assert [answer.status_code for answer in answers] == [401] * 20 + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert httpx.get(url, headers=bearer("wrong", "192.0.2.2")).status_code == 401
    assert let_in(window, bearer(tokens["Ada"]))
    assert httpx.post(f"{window.url}/mcp", json={}, headers=bearer("wrong")).status_code == 429


def test_a_brake_doubles_forgets_and_stays_small(clock: SimpleNamespace) -> None:
    made = Brake(2, 60)
    waits = []
    for _ in range(10):
        waits.append(made.wait("key"))
        clock.now += waits[-1]
        made.failed("key")
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32, 60, 60]
    made.worked("key")
    assert made.wait("key") == 60
    clock.now += brake.FORGOTTEN + 1
    assert made.wait("key") == 0
    made.failed("key")
    assert made.wait("key") == 0
    for _ in range(3):
        made.failed("old")
    for number in range(brake.REMEMBERED):
        made.failed(str(number))
        if number == brake.REMEMBERED - 2:
            assert made.wait("old") > 0
    assert made.wait("old") == 0


def test_a_name_that_nobody_has_takes_as_long() -> None:
    hashed: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assistant.window.access.people.password_hash", lambda password, salt: hashed.append(salt) or "x")
        assert not sessions.password_fits(None, "x")
    assert len(hashed) == 1


def test_a_session_has_an_end(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    lasting = session(window)
    monkeypatch.setattr(sessions, "SESSION_SECONDS", 1.0)
    short = session(window)
    assert let_in(window, short)
    time.sleep(1.1)
    assert not let_in(window, short)
    assert let_in(window, lasting)


def test_signing_out_ends_the_session_on_the_server(window: Window) -> None:
    ended, other = session(window), session(window)
    away = httpx.get(f"{window.url}/logout", headers=ended)
    assert (away.status_code, away.headers["location"]) == (303, "/login")
    assert "papers_session=" in away.headers["set-cookie"]
    assert not let_in(window, ended)
    assert let_in(window, other)
    again = httpx.get(f"{window.url}/logout", headers={**ended, **HTML})
    assert (again.status_code, again.headers["location"]) == (303, "/login")


def test_a_new_password_ends_what_the_old_one_opened(window: Window, file: Path, tokens: dict[str, str]) -> None:
    old, others = session(window), session(window, "Grace")
    token = add_person(file, "Ada", "a newer password")
    assert not let_in(window, old)
    assert not let_in(window, bearer(tokens["Ada"]))
    assert let_in(window, bearer(token))
    assert let_in(window, others)
    assert sign_in(window, "Ada", PASSWORDS["Ada"]).status_code == 401
    assert let_in(window, session(window, "Ada", "a newer password"))


def test_who_is_gone_from_the_file_is_out_and_who_is_new_gets_in(
    window: Window, file: Path, tokens: dict[str, str]
) -> None:
    gone = session(window, "Grace")
    file.write_text(file.read_text().splitlines()[0] + "\n")
    assert not let_in(window, gone)
    assert not let_in(window, bearer(tokens["Grace"]))
    assert sign_in(window, "Grace", PASSWORDS["Grace"]).status_code == 401
    assert let_in(window, bearer(tokens["Ada"]))
    assert let_in(window, bearer(add_person(file, "Linus", "a third password")))


@pytest.mark.parametrize("text", ["", "{", json.dumps({"name": "Ada"}), None])
def test_a_file_that_breaks_meanwhile_changes_nothing_and_is_said(
    window: Window, file: Path, tokens: dict[str, str], capfd: Any, text: str | None
) -> None:
    kept, good = session(window), file.read_text()
    file.write_text(text) if text is not None else file.unlink()
    assert let_in(window, kept)
    assert let_in(window, bearer(tokens["Grace"]))
    said = capfd.readouterr().err
    assert said.count("Who may sign in stays as it was") == 1
    assert str(file) in said
    file.write_text(good.splitlines()[0] + "\n")
    assert let_in(window, kept)
    assert not let_in(window, bearer(tokens["Grace"]))


def test_a_person_has_so_many_sessions(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "SESSIONS_EACH", 2)
    others = session(window, "Grace")
    mine = [session(window) for _ in range(3)]
    assert [let_in(window, each) for each in mine] == [False, True, True]
    assert let_in(window, others)


@pytest.mark.parametrize("form", [
    b"", b"username=Ada", b"username=%ff%00&password=%ED%A0%80", b"username=Ada&username=x&password=%00",
    b'--b\r\nContent-Disposition: form-data; name="password"; filename="x"\r\n\r\nx\r\n--b--\r\n', b"--b",
    b"\xff" * 8000,
])  # fmt: skip
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "text/plain"])
def test_an_odd_sign_in_is_no_error_of_the_server(window: Window, form: bytes, kind: str) -> None:
    answer = httpx.post(f"{window.url}/login", content=form, headers={"content-type": kind}, timeout=60)
    assert answer.status_code in (400, 401, 429)
