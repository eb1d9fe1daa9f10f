"""`papers fetch`, and `papers add` of ids, DOIs and listings without abstracts, as a person and a script use them."""

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx

from assistant.cli import fetching, main
from index.sources.network import client, fetch

DAILY = "https://huggingface.co/api/daily_papers"
ARXIV = "https://export.arxiv.org/api/query"


def record(number: int) -> dict[str, Any]:
    return {"paper": {"id": f"2604.{number:05}", "title": f"Paper {number}", "summary": f"It is number {number}."}}


def feed(*numbers: str) -> str:
    entries = (
        f"<entry><id>http://arxiv.org/abs/{n}v1</id><title>Paper {n}</title><summary>It is {n}.</summary></entry>"
        for n in numbers
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{"".join(entries)}</feed>'


@pytest.fixture(autouse=True)
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[respx.Router]:
    monkeypatch.setattr(client, "ARXIV_GAP", 0.0)
    monkeypatch.setattr(client, "_sleep", lambda _: None)
    monkeypatch.setattr(fetch, "today_utc", lambda: datetime.date(2026, 4, 17))
    monkeypatch.setenv("PAPERS_OFFLINE", "0")
    with respx.mock(assert_all_called=False) as router:
        yield router


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    assert main([*arguments, "--json"]) == code
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_the_daily_papers_come_once(web: respx.Router, capsys: Any) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if "If-None-Match" in request.headers:
            return httpx.Response(304)
        return httpx.Response(200, json=[record(1), record(2), {"paper": {"id": "x"}}], headers={"ETag": '"a"'})

    web.get(DAILY).mock(side_effect=answer)
    report = run_json(capsys, "fetch", "daily", code=1)
    assert report.keys() == {"new", "updated", "unchanged", "rejected", "notices"}
    assert len(report["new"]) == 2
    assert report["rejected"][0]["reason"] == "has no title"
    again = run_json(capsys, "fetch", "daily")
    assert (again["new"], again["unchanged"]) == ([], [])
    assert "nothing new for 2026-04-17" in again["notices"][0]
    assert [paper["posted"] for paper in run_json(capsys, "list")["papers"]] == ["2026-04-17"] * 2


def test_what_could_not_be_stored_is_sent_again(
    web: respx.Router, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index.errors import LibraryError
    from index.library import Library

    def broken(*_: Any, **__: Any) -> None:
        raise LibraryError("The disk is full: free some space.")

    route = web.get(DAILY).respond(json=[record(1)], headers={"ETag": '"a"'})
    with monkeypatch.context() as patched:
        patched.setattr(Library, "add", broken)
        assert "disk is full" in run_json(capsys, "fetch", "daily", code=1)["notices"][-1]
    assert len(run_json(capsys, "fetch", "daily")["new"]) == 1
    assert "If-None-Match" not in route.calls.last.request.headers


def test_a_week_and_a_day_are_asked_for(web: respx.Router, capsys: Any) -> None:
    route = web.get(DAILY).respond(json=[record(1)])
    run_json(capsys, "fetch", "daily", "--week", "2026-W16")
    assert route.calls.last.request.url.params["week"] == "2026-W16"
    run_json(capsys, "fetch", "daily", "--date", "2026-04-16")
    assert route.calls.last.request.url.params["date"] == "2026-04-16"


def test_arxiv_by_search_and_by_ids(web: respx.Router, capsys: Any) -> None:
    route = web.get(ARXIV).respond(text=feed("2604.00001", "2604.00002"))
    search = ["fetch", "arxiv", "--query", "slow caches", "--category", "cs.CL", "--since", "2026-04-01"]
    assert len(run_json(capsys, *search)["new"]) == 2
    report = run_json(capsys, "fetch", "arxiv", "--id", "2604.00002v3", "--id", "arXiv:2604.00009", code=1)
    assert route.calls.last.request.url.params["id_list"] == "2604.00002,2604.00009"
    assert report["unchanged"] == ["arxiv:2604.00002"]
    assert "2604.00009" in report["rejected"][0]["place"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["fetch"],
        ["fetch", "arxiv"],
        ["fetch", "arxiv", "--since", "2026-04-01"],
        ["fetch", "arxiv", "--id", "10.1145/1.2"],
        ["fetch", "arxiv", "--id", "2604.00001", "--query", "x"],
        ["fetch", "daily", "--date", "2026-04-16", "--week", "2026-W16"],
        ["fetch", "daily", "--watch", "--json"],
    ],
)
def test_wrong_usage_exits_with_two(arguments: list[str], capsys: Any) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


def test_a_category_that_is_none_is_a_sentence(web: respx.Router, capsys: Any) -> None:
    document = run_json(capsys, "fetch", "arxiv", "--category", "cs.CL OR all:x", code=1)
    assert "not a category" in document["error"]["message"]
    assert not web.calls


@pytest.mark.parametrize("what", [["daily"], ["arxiv", "--category", "cs.CL"], ["arxiv", "--id", "2604.00001"]])
def test_offline_nothing_is_fetched(
    web: respx.Router, capsys: Any, monkeypatch: pytest.MonkeyPatch, what: list[str]
) -> None:
    monkeypatch.setenv("PAPERS_OFFLINE", "1")
    report = run_json(capsys, "fetch", *what, code=1)
    assert "PAPERS_OFFLINE=1" in report["rejected"][0]["reason"]
    assert not web.calls


def test_watching_says_what_is_new_and_outlives_a_failure(
    web: respx.Router, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = iter(
        [httpx.Response(200, json=[record(1)])]
        + [httpx.Response(500)] * client.TRIES
        + [httpx.Response(200, json=[record(1), record(2)])]
    )
    web.get(DAILY).mock(side_effect=lambda _: next(days))
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(fetching, "_sleep", wait)
    assert main(["fetch", "daily", "--watch"]) == 130
    out, error = capsys.readouterr()
    assert [line for line in out.splitlines() if line.startswith("New")] == [
        "New: arxiv:2604.00001  Paper 1",
        "New: arxiv:2604.00002  Paper 2",
    ]
    assert "in trouble (HTTP 500)" in error
    assert waited == [3600.0] * 3


def test_ids_and_dois_are_added(web: respx.Router, capsys: Any) -> None:
    work = {"DOI": "10.1145/1.2", "title": ["Knobs"], "abstract": "We tune knobs.", "reference-count": 3}
    bare = {**work, "DOI": "10.1145/1.3", "abstract": None}
    web.get(ARXIV).respond(text=feed("2604.00001"))
    web.get("https://api.crossref.org/works/10.1145%2F1.2").respond(json={"message": work})
    web.get("https://api.crossref.org/works/10.1145%2F1.3").respond(json={"message": bare})
    report = run_json(capsys, "add", "2604.00001v2", "https://doi.org/10.1145/1.2", "10.1145/1.3", code=1)
    assert sorted(report["new"]) == ["arxiv:2604.00001", "doi:10.1145/1.2"]
    assert "has no abstract at Crossref" in report["rejected"][0]["reason"]


def test_a_file_of_that_name_comes_first(
    web: respx.Router, capsys: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("2604.00001").write_text(json.dumps({"title": "A file", "abstract": "It is one."}), encoding="utf-8")
    Path("10.1145").mkdir()
    Path("10.1145/1.2").write_text(json.dumps({"title": "Another", "abstract": "It is one too."}), encoding="utf-8")
    assert len(run_json(capsys, "add", "2604.00001", "10.1145/1.2")["new"]) == 2
    assert not web.calls


def test_adding_is_unconditional(web: respx.Router, capsys: Any) -> None:
    route = web.get(DAILY).respond(json=[record(1)], headers={"ETag": '"a"'})
    run_json(capsys, "fetch", "daily", "--date", "2026-04-16")
    report = run_json(capsys, "add", "https://huggingface.co/papers/date/2026-04-16")
    assert "If-None-Match" not in route.calls.last.request.headers
    assert len(report["unchanged"]) == 1


def test_the_abstracts_that_a_listing_lacks_are_fetched(
    web: respx.Router, capsys: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.md"
    cards = (
        f"### [Paper {n}](https://huggingface.co/papers/2604.0000{n})\n\n· 2 authors\n\nApr 14, 2026\n" for n in (1, 2)
    )
    page.write_text("# Daily Papers\n\n" + "\n".join(cards), encoding="utf-8")
    web.get(ARXIV).respond(text=feed("2604.00001"))
    with monkeypatch.context() as patched:
        patched.setenv("PAPERS_OFFLINE", "1")
        offline = run_json(capsys, "add", str(page), code=1)
    assert (offline["new"], len(offline["rejected"]), len(web.calls)) == ([], 2, 0)
    assert any("2 papers have no abstract" in n and "PAPERS_OFFLINE=1" in n for n in offline["notices"])
    report = run_json(capsys, "add", str(page), code=1)
    assert report["new"] == ["arxiv:2604.00001"]
    assert [reject.keys() for reject in report["rejected"]] == [{"place", "reason"}]
    assert any("1 came from arXiv" in notice for notice in report["notices"])


def test_the_status_says_when_each_site_last_answered(web: respx.Router, capsys: Any) -> None:
    def said() -> list[str]:
        return [notice for notice in run_json(capsys, "status")["notices"] if "last answered" in notice]

    assert said() == []
    web.get(DAILY).respond(json=[record(1)])
    web.get(ARXIV).respond(503)
    run_json(capsys, "fetch", "daily")
    run_json(capsys, "fetch", "arxiv", "--id", "2604.00001", code=1)
    (notice,) = said()
    today = datetime.datetime.now(datetime.UTC)
    assert notice.startswith(f"huggingface.co last answered on {today:%Y-%m-%d} at {today:%H}:")
    assert notice.endswith(" UTC.")
