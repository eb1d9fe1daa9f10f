"""The one client for the sites; respx gives every answer, but to other processes."""

import datetime
import email.utils
import itertools
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import other_process
import pytest
import respx

from index.sources.network import client, network_state
from index.sources.network.client import FetchError, Visit

HUB = "https://huggingface.co/api/daily_papers"
ARXIV = "https://export.arxiv.org/api/query"


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What was waited, instead of waiting."""
    waited: list[float] = []
    monkeypatch.setattr(client, "_sleep", waited.append)
    return waited


@pytest.fixture
def web() -> Iterator[respx.Router]:
    with respx.mock(assert_all_called=False) as router:
        yield router


def refusal(visit: Visit, url: str = HUB) -> str:
    with pytest.raises(FetchError) as caught:
        visit.get(url)
    return str(caught.value)


@pytest.mark.parametrize(
    "failure",
    [httpx.Response(503), httpx.Response(429), httpx.ReadTimeout("slow"), httpx.ConnectError("no route")],
)
def test_a_site_in_trouble_is_asked_again(web: respx.Router, tmp_path: Path, waits: list[float], failure: Any) -> None:
    route = web.get(HUB).mock(side_effect=[failure, failure, httpx.Response(200, text="[]")])
    assert Visit(client.HUB, tmp_path).get(HUB).text == "[]"
    assert (route.call_count, waits) == (3, [1.0, 2.0])


def test_three_tries_are_enough(web: respx.Router, tmp_path: Path, waits: list[float]) -> None:
    route = web.get(HUB).respond(500)
    assert "in trouble (HTTP 500). Try again later" in refusal(Visit(client.HUB, tmp_path))
    assert (route.call_count, len(waits)) == (3, 2)


@pytest.mark.parametrize("code", [400, 401, 403, 404])
def test_a_refusal_is_not_asked_again(web: respx.Router, tmp_path: Path, waits: list[float], code: int) -> None:
    route = web.get(HUB).respond(code)
    assert f"HTTP {code}" in refusal(Visit(client.HUB, tmp_path))
    assert (route.call_count, waits) == (1, [])


def test_the_wait_that_a_site_asks_for_is_kept(web: respx.Router, tmp_path: Path, waits: list[float]) -> None:
    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=41)
    web.get(HUB).mock(
        side_effect=[
            httpx.Response(429, headers={"Retry-After": "7"}),
            httpx.Response(503, headers={"Retry-After": email.utils.format_datetime(soon, usegmt=True)}),
            httpx.Response(200, text="[]"),
        ]
    )
    Visit(client.HUB, tmp_path).get(HUB)
    assert waits[0] == 7
    assert 30 < waits[1] <= 41


@pytest.mark.parametrize("as_date", [False, True])
def test_a_long_wait_is_told_instead(web: respx.Router, tmp_path: Path, waits: list[float], as_date: bool) -> None:
    then = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=2)
    said = email.utils.format_datetime(then, usegmt=True) if as_date else "7200"
    route = web.get(HUB).respond(429, headers={"Retry-After": said})
    told = refusal(Visit(client.HUB, tmp_path))
    full = then + datetime.timedelta(minutes=1)  # it is told in whole minutes
    assert any(f"Try again after {at:%Y-%m-%d} at {at:%H}:" in told for at in (then, full))
    assert (route.call_count, waits) == (1, [])


@pytest.mark.parametrize("said", ["", "soon", "-5", "9" * 400, "Thu, 99 Foo 2026", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_a_wait_that_makes_no_sense_is_ours(web: respx.Router, tmp_path: Path, waits: list[float], said: str) -> None:
    web.get(HUB).respond(429, headers={"Retry-After": said})
    assert "Try again in a minute" in refusal(Visit(client.HUB, tmp_path))
    assert waits == [1.0, 2.0]


def test_what_has_not_changed_is_not_sent_again(web: respx.Router, tmp_path: Path) -> None:
    dated = "Sat, 28 Nov 2026 07:00:00 GMT"
    route = web.get(HUB).respond(text="[1]", headers={"ETag": '"a"', "Last-Modified": dated})
    visit = Visit(client.HUB, tmp_path, conditional=True)
    visit.note(visit.get(HUB, p=0), 1)
    again = Visit(client.HUB, tmp_path, conditional=True)
    again.get(HUB, p=0)
    assert "If-None-Match" not in route.calls.last.request.headers  # what was not stored is sent again
    network_state.keep(tmp_path, visit.fresh)
    route.respond(304)
    answer = again.get(HUB, p=0)
    assert (answer.text, answer.records) == (None, 1)
    sent = route.calls.last.request.headers
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == ('"a"', dated)
    assert "HTTP 304" in refusal(again, f"{HUB}?p=1")
    assert "If-None-Match" not in route.calls.last.request.headers
    Visit(client.HUB, tmp_path).note(answer, 1)
    assert "If-None-Match" not in httpx.Request("GET", HUB).headers


@pytest.mark.parametrize("tag", ["x" * 300, "é", "\x00"])
def test_a_tag_that_no_header_can_carry_is_not_kept(web: respx.Router, tmp_path: Path, tag: str) -> None:
    web.get(HUB).respond(text="[]", headers=[(b"ETag", tag.encode())])
    visit = Visit(client.HUB, tmp_path, conditional=True)
    visit.note(visit.get(HUB), 1)
    assert visit.fresh == {}


@pytest.mark.parametrize("kept", [7, [], {}, {"etag": 5}, {"etag": "é"}, {"records": "x"}, {"other": 1}])
def test_a_damaged_tag_is_not_sent(web: respx.Router, tmp_path: Path, kept: Any) -> None:
    (tmp_path / network_state.FILE).write_text(json.dumps({"kept": {HUB: kept}}), encoding="utf-8")
    route = web.get(HUB).respond(text="[]")
    Visit(client.HUB, tmp_path, conditional=True).get(HUB)
    assert "If-None-Match" not in route.calls.last.request.headers


def test_who_asks_unconditionally_gets_it_all(web: respx.Router, tmp_path: Path) -> None:
    network_state.keep(tmp_path, {HUB: network_state.Kept('"a"', "", 3)})
    route = web.get(HUB).respond(text="[]")
    Visit(client.HUB, tmp_path).get(HUB)
    assert "If-None-Match" not in route.calls.last.request.headers


@pytest.mark.parametrize("to", ["http://127.0.0.1:9200/", "https://example.org/", "https://huggingface.co:8443/"])
def test_a_redirect_off_the_sites_is_refused(web: respx.Router, tmp_path: Path, to: str) -> None:
    web.get(HUB).respond(302, headers={"Location": to})
    assert "another site" in refusal(Visit(client.HUB, tmp_path))
    assert len(web.calls) == 1


@pytest.mark.parametrize("url", ["https://example.org/x", "http://arxiv.org/", "https://u@arxiv.org/"])
def test_only_known_hosts_are_asked(web: respx.Router, tmp_path: Path, url: str) -> None:
    refusal(Visit(client.HUB, tmp_path), url)
    assert not web.calls


def test_threads_keep_their_distance_at_arxiv(
    web: respx.Router, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "ARXIV_GAP", 0.3)
    asked: list[float] = []

    def answer(_: httpx.Request) -> httpx.Response:
        asked.append(time.monotonic())
        return httpx.Response(200, text="<feed/>")

    web.get(ARXIV).mock(side_effect=answer)
    threads = [threading.Thread(target=Visit(client.ARXIV, tmp_path).get, args=(ARXIV,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asked.sort()
    assert asked[-1] - asked[0] >= 0.9
    assert len(asked) == 4


def test_processes_keep_their_distance_at_arxiv(tmp_path: Path) -> None:
    code = """
import httpx, respx
from index.sources.network import client
client.ARXIV_GAP = 0.3
def answer(_):
    print(time.time())
    return httpx.Response(200, text="<feed/>")
with respx.mock() as web:
    web.get(url__startswith="https://export.arxiv.org/").mock(side_effect=answer)
    for _ in range(3):
        client.Visit(client.ARXIV, Path("HOME")).get("https://export.arxiv.org/api/query")
""".replace("HOME", str(tmp_path))
    both = [other_process.start(code, tmp_path) for _ in range(2)]
    moments = []
    for process in both:
        out, error = process.communicate(timeout=60)
        assert process.returncode == 0, error
        moments += map(float, out.split())
    moments.sort()
    gaps = [after - before for before, after in itertools.pairwise(moments)]
    assert len(moments) == 6
    assert min(gaps) >= 0.3, gaps


def test_who_would_wait_too_long_is_told(web: respx.Router, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    web.get(ARXIV).respond(text="<feed/>")
    monkeypatch.setattr(client, "ARXIV_GAP", 100.0)
    Visit(client.ARXIV, tmp_path).get(ARXIV)
    assert "Too many requests" in refusal(Visit(client.ARXIV, tmp_path), ARXIV)


def turn(home: Path) -> float:
    """How long a turn was waited for, in seconds."""
    began = time.monotonic()
    with network_state.arxiv_turn(home, gap=0.6, most=30.0, sleep=time.sleep):
        return time.monotonic() - began


def test_a_clock_that_was_set_back_makes_nobody_wait_long(tmp_path: Path) -> None:
    (tmp_path / network_state.FILE).write_text(json.dumps({"arxiv_turn": time.time() + 86_400}), encoding="utf-8")
    assert turn(tmp_path) < 10.0
    assert 0.2 < turn(tmp_path) < 10.0


def test_a_turn_ends_with_an_error_and_is_noted(tmp_path: Path) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        network_state.arxiv_turn(tmp_path, gap=0.3, most=1.0, sleep=time.sleep),
    ):
        raise ZeroDivisionError
    assert turn(tmp_path) > 0.2


def test_one_connection_at_a_time(tmp_path: Path) -> None:
    with (
        network_state.arxiv_turn(tmp_path, gap=0.0, most=1.0, sleep=time.sleep),
        ThreadPoolExecutor() as others,
    ):
        waiting = others.submit(
            lambda: network_state.arxiv_turn(tmp_path, gap=0.0, most=0.2, sleep=time.sleep).__enter__()
        )
        assert isinstance(waiting.exception(timeout=10), network_state.NoTurn)


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"kept": 3, "answered": {"a": 5}, "arxiv_turn": "x"}', "[" * 9999])
def test_a_damaged_memory_begins_anew(tmp_path: Path, damage: str) -> None:
    (tmp_path / network_state.FILE).write_text(damage, encoding="utf-8")
    assert network_state.answered(tmp_path) == {}
    assert network_state.kept(tmp_path, HUB) is None
    assert turn(tmp_path) < 10.0
    network_state.note_answer(tmp_path, "huggingface.co")
    assert list(network_state.answered(tmp_path)) == ["huggingface.co"]


def test_the_memory_stays_small_and_private(tmp_path: Path) -> None:
    many = {f"https://huggingface.co/{n}": network_state.Kept("x", "", n) for n in range(network_state.MOST_KEPT + 5)}
    network_state.keep(tmp_path, many)
    assert network_state.kept(tmp_path, "https://huggingface.co/0") is None
    assert network_state.kept(tmp_path, "https://huggingface.co/504") == network_state.Kept("x", "", 504)
    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}


def test_a_folder_that_cannot_be_written_is_a_sentence(web: respx.Router, tmp_path: Path) -> None:
    web.get(ARXIV).respond(text="<feed/>")
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert "PAPERS_HOME" in refusal(Visit(client.ARXIV, tmp_path / "file" / "home"), ARXIV)
