"""What `papers fetch` brings; respx gives every answer."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx

from index.sources.network import client, fetch, network_state
from index.sources.network.arxiv_api import search_query
from index.sources.network.client import FetchError

DAILY = "https://huggingface.co/api/daily_papers"
ARXIV = "https://export.arxiv.org/api/query"
TODAY = datetime.date(2026, 4, 19)


def record(number: int) -> dict[str, Any]:
    return {"paper": {"id": f"2604.{number:05}", "title": f"Paper {number}", "summary": f"It is number {number}."}}


def entry(number: int, day: str = "2026-04-10") -> str:
    return (
        f"<entry><id>http://arxiv.org/abs/2604.{number:05}v1</id><published>{day}T00:00:00Z</published>"
        f"<title>Paper {number}</title><summary>It is number {number}.</summary></entry>"
    )


def feed(*entries: str, total: int | None = None) -> str:
    said = "" if total is None else f"<opensearch:totalResults>{total}</opensearch:totalResults>"
    opensearch = 'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {opensearch}>{said}{"".join(entries)}</feed>'


@pytest.fixture(autouse=True)
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[respx.Router]:
    monkeypatch.setattr(client, "ARXIV_GAP", 0.0)
    monkeypatch.setattr(client, "_sleep", lambda _: None)
    monkeypatch.setattr(fetch, "today_utc", lambda: TODAY)
    with respx.mock(assert_all_called=False) as router:
        yield router


def search(home: Path, **asked: str | None) -> fetch.Fetched:
    return fetch.arxiv_search(home, **{"query": None, "category": "cs.CL", "since": None, **asked}, offline=False)


def test_the_latest_day_that_has_papers(web: respx.Router, tmp_path: Path) -> None:
    web.get(DAILY, params={"date": "2026-04-17"}).respond(json=[record(1)])
    web.get(DAILY).respond(json=[])
    fetched = fetch.daily(tmp_path, offline=False)
    assert [(paper.id, paper.posted) for paper in fetched.papers] == [("arxiv:2604.00001", "2026-04-17")]
    assert "2026-04-17" in fetched.notices[-1]


def test_what_is_stored_is_not_sent_again(web: respx.Router, tmp_path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.headers.get("If-None-Match") == f'"{request.url.params["p"]}"':
            return httpx.Response(304)
        count = {"0": 100, "1": 20}[request.url.params["p"]]
        records = [record(int(request.url.params["p"]) * 100 + n) for n in range(count)]
        return httpx.Response(200, json=records, headers={"ETag": f'"{request.url.params["p"]}"'})

    route = web.get(DAILY).mock(side_effect=answer)
    first = fetch.daily(tmp_path, week="2026-W16", offline=False)
    assert len(first.papers) == len(fetch.daily(tmp_path, week="2026-W16", offline=False).papers) == 120
    fetch.remember(tmp_path, first)
    calls = route.call_count
    again = fetch.daily(tmp_path, week="2026-W16", offline=False)
    assert (again.papers, again.rejects) == ((), ())
    assert "nothing new for 2026-W16" in again.notices[0]
    assert route.call_count == calls + 2


def test_a_day_without_papers_before_is_looked_at_again(web: respx.Router, tmp_path: Path) -> None:
    tags = {"2026-04-19": [], "2026-04-18": [], "2026-04-17": [record(1)]}

    def answer(request: httpx.Request) -> httpx.Response:
        if "If-None-Match" in request.headers:
            return httpx.Response(304)
        return httpx.Response(200, json=tags[request.url.params["date"]], headers={"ETag": '"x"'})

    web.get(DAILY).mock(side_effect=answer)
    fetch.remember(tmp_path, fetch.daily(tmp_path, offline=False))
    assert "nothing new for 2026-04-17" in fetch.daily(tmp_path, offline=False).notices[0]


def test_no_papers_on_a_day_is_said(web: respx.Router, tmp_path: Path) -> None:
    web.get(DAILY).respond(json=[])
    with pytest.raises(FetchError, match="no Daily Papers for 2026-04-18"):
        fetch.daily(tmp_path, day="2026-04-18", offline=False)


def test_a_search_is_read_page_by_page(web: respx.Router, tmp_path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        start = int(request.url.params["start"])
        return httpx.Response(200, text=feed(*map(entry, range(start, min(start + 100, 230))), total=230))

    route = web.get(ARXIV).mock(side_effect=answer)
    fetched = search(tmp_path, query="slow caches", since="2026-04-01")
    assert len({paper.id for paper in fetched.papers}) == len(fetched.papers) == 230
    assert (route.call_count, fetched.notices) == (3, ())
    asked = route.calls.last.request.url.params
    assert asked["search_query"] == 'cat:cs.CL AND all:"slow caches" AND submittedDate:[202604010000 TO 202604192359]'
    assert (asked["sortBy"], asked["sortOrder"]) == ("submittedDate", "descending")


def test_more_than_a_thousand_are_said(web: respx.Router, tmp_path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        start = int(request.url.params["start"])
        return httpx.Response(200, text=feed(*map(entry, range(start, start + 100)), total=4321))

    web.get(ARXIV).mock(side_effect=answer)
    fetched = search(tmp_path)
    assert len(fetched.papers) == 1000
    assert "4,321" in fetched.notices[0]


def test_a_server_that_ignores_the_first_day_ends_there(web: respx.Router, tmp_path: Path) -> None:
    route = web.get(ARXIV).respond(text=feed(entry(2), entry(1, "2026-03-31"), total=9000))
    assert [paper.id for paper in search(tmp_path, since="2026-04-01").papers] == ["arxiv:2604.00002"]
    assert route.call_count == 1


def test_no_papers_are_no_failure(web: respx.Router, tmp_path: Path) -> None:
    web.get(ARXIV).respond(text=feed(total=0))
    fetched = search(tmp_path)
    assert (fetched.papers, fetched.rejects, fetched.notices) == ((), (), ("arXiv has no papers on this.",))


def test_what_came_before_a_failure_is_kept_and_asked_again(web: respx.Router, tmp_path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.params["start"] == "0":
            return httpx.Response(200, text=feed(*map(entry, range(100)), total=230), headers={"ETag": '"a"'})
        return httpx.Response(503)

    web.get(ARXIV).mock(side_effect=answer)
    fetched = search(tmp_path)
    assert len(fetched.papers) == 100
    assert "in trouble" in fetched.rejects[0].reason
    assert not fetched.fresh


def test_an_unchanged_search_is_said(web: respx.Router, tmp_path: Path) -> None:
    route = web.get(ARXIV).respond(text=feed(entry(1), total=1), headers={"ETag": '"a"'})
    fetch.remember(tmp_path, search(tmp_path))
    route.respond(304)
    assert "nothing new" in search(tmp_path).notices[0]


def test_papers_by_id_come_a_hundred_at_a_time(web: respx.Router, tmp_path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        numbers = [int(one[5:]) for one in request.url.params["id_list"].split(",")]
        return httpx.Response(200, text=feed(*(entry(n) for n in numbers if n != 7)))

    route = web.get(ARXIV).mock(side_effect=answer)
    fetched = fetch.arxiv_papers(tmp_path, [f"2604.{n:05}" for n in range(150)] * 2, offline=False)
    assert (len(fetched.papers), route.call_count) == (149, 2)
    assert route.calls[0].request.url.params["max_results"] == "100"
    assert [(reject.place, reject.reason) for reject in fetched.rejects] == [
        ("export.arxiv.org, 2604.00007", "arXiv sent no paper with this id: check it")
    ]


def test_offline_nobody_is_asked(web: respx.Router, tmp_path: Path) -> None:
    for ask in (
        lambda: fetch.daily(tmp_path, offline=True),
        lambda: fetch.arxiv_papers(tmp_path, ["2604.00001"], offline=True),
        lambda: fetch.arxiv_search(tmp_path, query="x", category=None, since=None, offline=True),
    ):
        with pytest.raises(FetchError, match="PAPERS_OFFLINE=1"):
            ask()
    assert not web.calls
    assert network_state.answered(tmp_path) == {}


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ('a" OR all:"b', 'all:"a OR all: b"'),
        ("a\\", 'all:"a"'),
        ("a\r\nb\x00", 'all:"a b"'),
        ("a&start=0", 'all:"a&start=0"'),
    ],
)
def test_a_query_stays_a_phrase(query: str, sent: str) -> None:
    assert search_query(query=query, category=None, since=None, today=TODAY) == sent


@pytest.mark.parametrize(
    "asked",
    [{"query": '""'}, {"query": "x" * 9000}, {"category": "cs.CL OR all:x"}, {"category": ""}, {"category": "cs.*"}],
)
def test_what_cannot_be_asked_is_a_sentence(asked: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        search_query(**{"query": None, "category": None, **asked}, since=None, today=TODAY)
