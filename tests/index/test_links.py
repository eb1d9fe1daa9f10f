"""Links to the supported sites; respx gives every answer."""

import datetime
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import respx

from index.sources import Reading, read_text
from index.sources.network.links import FetchError, links, read_link

DAILY = "https://huggingface.co/api/daily_papers"
ARXIV = "https://export.arxiv.org/api/query"
ENTRY = """<entry><id>http://arxiv.org/abs/2604.00001v3</id><published>2026-04-01T17:59:59Z</published>
<title>Slim Caches\n  for Long &amp; Slow Talks</title><summary>  We shrink the cache\n by 3.1x. </summary>
<author><name>Ada Li</name></author><author><name>Bo Roe</name></author></entry>"""


def feed(*entries: str, head: str = "") -> str:
    body = "".join(entries)
    return f'<?xml version="1.0"?>{head}<feed xmlns="http://www.w3.org/2005/Atom"><title>q</title>{body}</feed>'


def record(number: int, **outer: Any) -> dict[str, Any]:
    paper = {"id": f"2604.{number:05}", "title": f"Paper {number}", "summary": f"It is number {number}."}
    return {"paper": paper | {"publishedAt": "2026-04-10T00:00:00.000Z"}, **outer}


@pytest.fixture(autouse=True)
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[respx.Router]:
    monkeypatch.setattr("index.sources.network.client.ARXIV_GAP", 0.0)
    monkeypatch.setattr("index.sources.network.client._sleep", lambda _: None)
    with respx.mock(assert_all_called=False) as router:
        yield router


def read(url: str, **options: Any) -> Reading:
    return read_link(url, offline=False, **options)


def refusal(url: str) -> str:
    with pytest.raises(FetchError) as caught:
        read(url)
    return str(caught.value)


@pytest.mark.parametrize("url", ["papers/date/2026-04-16", "papers?date=2026-04-16", "papers/date/2026-04-16/?x=1#top"])
def test_a_day_is_asked_for_by_its_date(web: respx.Router, url: str) -> None:
    told = record(2) | {"submittedOnDailyAt": "2026-04-15T01:00:00.000Z"}
    route = web.get(DAILY, params={"date": "2026-04-16"}).respond(json=[record(1), told, {"paper": {"id": "x"}}])
    reading = read(f"https://huggingface.co/{url}")
    assert [paper.id for paper in reading.papers] == ["arxiv:2604.00001", "arxiv:2604.00002"]
    assert [paper.posted for paper in reading.papers] == ["2026-04-16", "2026-04-15"]
    assert [reject.reason for reject in reading.rejects] == ["has no title"]
    assert reading.rejects[0].place.startswith("https://huggingface.co/papers")
    request = route.calls[0].request
    assert "daily-papers" in request.headers["User-Agent"]
    assert set(request.extensions["timeout"].values()) == {5.0}
    assert request.headers["Accept-Encoding"] == "identity"


def test_a_week_is_read_to_its_last_page(web: respx.Router) -> None:
    asked = {"week": "2026-W16"}
    web.get(DAILY, params={**asked, "p": "0"}).respond(json=[record(n) for n in range(100)])
    web.get(DAILY, params={**asked, "p": "1"}).respond(json=[record(n) for n in range(100, 163)])
    web.get(DAILY, params={**asked, "p": "2"}).respond(json=[])
    reading = read("https://huggingface.co/papers/week/2026-W16")
    assert len({paper.id for paper in reading.papers}) == len(reading.papers) == 163
    assert {paper.posted for paper in reading.papers} == {None}


def test_a_site_that_ignores_the_page_number_ends(web: respx.Router) -> None:
    route = web.get(DAILY).respond(json=[record(n) for n in range(50)])
    assert len(read("https://huggingface.co/papers/week/2026-W16").papers) == 50
    assert route.call_count == 2


def test_without_a_day_the_latest_that_has_papers_is_read(web: respx.Router) -> None:
    web.get(DAILY, params={"date": "2026-04-17"}).respond(json=[record(1)])
    web.get(DAILY).respond(json=[])
    sunday = datetime.date(2026, 4, 19)
    assert [p.posted for p in read("https://huggingface.co/papers", today=sunday).papers] == ["2026-04-17"]
    assert "no Daily Papers for 2026-04-18" in refusal("https://huggingface.co/papers/date/2026-04-18")


def test_a_paper_of_the_hub(web: respx.Router) -> None:
    web.get("https://huggingface.co/api/papers/2604.00007").respond(json=record(7)["paper"] | {"upvotes": 4})
    (paper,) = read("https://huggingface.co/papers/2604.00007v2").papers
    assert (paper.id, paper.upvotes, paper.published) == ("arxiv:2604.00007", 4, "2026-04-10")


@pytest.mark.parametrize("path", ["abs/2604.00001", "abs/2604.00001v3", "pdf/2604.00001v1.pdf", "html/2604.00001"])
@pytest.mark.parametrize("site", ["https://arxiv.org/", "http://www.arxiv.org/"])
def test_a_paper_of_arxiv_loses_version_and_line_wraps(web: respx.Router, site: str, path: str) -> None:
    web.get(ARXIV, params={"id_list": "2604.00001"}).respond(text=feed(ENTRY))
    (paper,) = read(site + path).papers
    assert (paper.id, paper.title) == ("arxiv:2604.00001", "Slim Caches for Long & Slow Talks")
    assert (paper.abstract, paper.published) == ("We shrink the cache by 3.1x.", "2026-04-01")
    assert (paper.authors, paper.link) == (("Ada Li", "Bo Roe"), "https://arxiv.org/abs/2604.00001")


def test_an_old_arxiv_id(web: respx.Router) -> None:
    web.get(ARXIV, params={"id_list": "hep-th/9901001"}).respond(
        text=feed(ENTRY.replace("2604.00001v3", "hep-th/9901001v1"))
    )
    assert read("https://arxiv.org/abs/hep-th/9901001v1").papers[0].id == "arxiv:hep-th/9901001"


def test_what_is_wrong_in_a_feed_is_a_reject() -> None:
    error = "<entry><id>http://arxiv.org/api/errors#x</id><title>Error</title><summary>incorrect id</summary></entry>"
    bare = ENTRY.replace("We shrink the cache\n by 3.1x.", "").replace("00001", "00002")
    reading = read_text(feed(error, ENTRY, bare))
    assert reading.format == "arxiv-atom"
    assert len(reading.papers) == 1
    assert [reject.reason for reject in reading.rejects] == ["arXiv answers: incorrect id", "has no abstract"]
    assert "knows none" in read_text(feed()).rejects[0].reason
    assert "not valid XML" in read_text(feed(ENTRY)[:-9]).rejects[0].reason


def test_entities_are_not_expanded() -> None:
    laughs = '<!DOCTYPE f [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    (reject,) = read_text(feed(ENTRY.replace("Slim", "&b;"), head=laughs)).rejects
    assert "document type" in reject.reason


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/papers",
        "https://huggingface.co/models",
        "https://huggingface.co/papers/trending",
        "https://huggingface.co.evil.org/papers",
        "https://huggingface.co@127.0.0.1/papers",
        "http://169.254.169.254/papers/date/2026-04-16",
        "https://arxiv.org/list/cs.CL/recent",
        "https://arxiv.org/abs/../../etc",
        "https://[bad/papers",
    ],
)
def test_other_links_ask_nobody(web: respx.Router, url: str) -> None:
    said = refusal(url)
    assert "huggingface.co/papers" in said or "Check it" in said
    assert not web.calls


@pytest.mark.parametrize("path", ["date/2026-13-01", "week/2026-W60", "date/"])
def test_days_that_do_not_exist_ask_nobody(web: respx.Router, path: str) -> None:
    assert refusal(f"https://huggingface.co/papers/{path}")
    assert not web.calls


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1:9200/",
        "https://example.org/",
        "http://export.arxiv.org/api/query",
        "https://huggingface.co:8443/x",
        "https://u:p@huggingface.co/x",
        "file:///etc/passwd",
    ],
)
def test_redirects_stay_within_the_sites(web: respx.Router, to: str) -> None:
    web.get(DAILY).respond(302, headers={"Location": to})
    refusal("https://huggingface.co/papers/date/2026-04-16")
    assert len(web.calls) == 1


def test_a_redirect_within_the_sites_is_followed_and_circles_end(web: respx.Router) -> None:
    web.get(ARXIV).respond(301, headers={"Location": "https://arxiv.org/api/query"})
    web.get("https://arxiv.org/api/query").respond(text=feed(ENTRY))
    assert len(read("https://arxiv.org/abs/2604.00001").papers) == 1
    web.get(DAILY).respond(302, headers={"Location": DAILY})
    assert "circles" in refusal("https://huggingface.co/papers/date/2026-04-16")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx.Response(429, headers={"Retry-After": "40"}), "Try again in 40 s"),
        (httpx.Response(429), "Try again in a minute"),
        (httpx.Response(503), "in trouble (HTTP 503)"),
        (httpx.Response(404), "Check the id or the day"),
        (httpx.Response(403), "refuses (HTTP 403)"),
        (
            httpx.Response(200, headers={"Content-Encoding": "br"}, stream=httpx.ByteStream(b"")),
            "sent compressed data (br)",
        ),
        (httpx.Response(200, text="<html>hello</html>"), "something other than papers"),
        (httpx.ConnectError("no such host"), "cannot be reached (no such host)"),
        (httpx.ReadTimeout("slow"), "silent for 5 s"),
    ],
)
def test_failures_are_sentences(web: respx.Router, answer: Any, said: str) -> None:
    web.get(DAILY).mock(**{"side_effect" if isinstance(answer, Exception) else "return_value": answer})
    assert said in refusal("https://huggingface.co/papers/date/2026-04-16")


def test_arxiv_throttles_in_plain_text(web: respx.Router) -> None:
    web.get(ARXIV).respond(text="Rate exceeded.")
    assert "Rate exceeded." in refusal("https://arxiv.org/abs/2604.00001")


def test_too_much_is_given_up(web: respx.Router, monkeypatch: pytest.MonkeyPatch) -> None:
    web.get(DAILY).respond(json=[record(n) for n in range(40)])
    monkeypatch.setattr("index.sources.network.client.LARGEST", 1000)
    assert "too much" in refusal("https://huggingface.co/papers/date/2026-04-16")


def test_offline_nobody_is_asked(web: respx.Router) -> None:
    with pytest.raises(FetchError, match="PAPERS_OFFLINE=1"):
        read_link("https://arxiv.org/abs/2604.00001", offline=True)
    assert not web.calls


def test_links_are_told_from_texts_that_hold_links() -> None:
    assert links(" https://a.org/x\nHTTP://b.org ") == ["https://a.org/x", "HTTP://b.org"]
    assert links("see https://a.org") == links("") == links("https://") == []


# -- bare ids and DOIs

CROSSREF = "https://api.crossref.org/works/"
WORK = {
    "DOI": "10.1145/3292500.3330701",
    "title": ["Tuning <i>Knobs</i>"],
    "abstract": "<jats:p>We tune 12 knobs.</jats:p>",
    "author": [{"given": "Ada", "family": "Li"}],
    "issued": {"date-parts": [[2019, 7, 25]]},
    "reference-count": 3,
}


@pytest.mark.parametrize(
    "text",
    [
        "2604.00001",
        "2604.00001v3",
        "arXiv:2604.00001",
        "arxiv:2604.00001v1",
        "10.48550/arXiv.2604.00001",
        "https://doi.org/10.48550/arXiv.2604.00001",
        "doi:10.48550/arxiv.2604.00001v2",
    ],
)
def test_a_bare_arxiv_id_is_asked_of_arxiv(web: respx.Router, text: str) -> None:
    web.get(ARXIV, params={"id_list": "2604.00001"}).respond(text=feed(ENTRY))
    assert links(text) == [text]
    assert [paper.id for paper in read(text).papers] == ["arxiv:2604.00001"]


@pytest.mark.parametrize(
    "text",
    [
        "10.1145/3292500.3330701",
        "doi:10.1145/3292500.3330701",
        "https://doi.org/10.1145/3292500.3330701",
        "http://dx.doi.org/10.1145/3292500.3330701",
    ],
)
def test_a_doi_is_asked_of_crossref(web: respx.Router, text: str) -> None:
    route = web.get(url__startswith=CROSSREF).respond(json={"status": "ok", "message": WORK})
    assert links(text) == [text]
    (paper,) = read(text).papers
    assert (paper.id, paper.published, paper.authors) == ("doi:10.1145/3292500.3330701", "2019-07-25", ("Ada Li",))
    assert "12 knobs" in paper.abstract
    assert str(route.calls.last.request.url) == CROSSREF + "10.1145%2F3292500.3330701"


def test_a_doi_without_abstract_is_a_reject_that_says_so(web: respx.Router) -> None:
    web.get(url__startswith=CROSSREF).respond(json={"message": {**WORK, "abstract": None}})
    reading = read("10.1145/3292500.3330701")
    assert not reading.papers
    assert "has no abstract at Crossref" in reading.rejects[0].reason


@pytest.mark.parametrize(
    "answer",
    [
        "<html>no</html>",
        "[]",
        "7",
        '{"message": [1, 2]}',
        '{"message": "10.1145/3292500.3330701"}',
        '{"message": {"DOI": 7, "title": ["x"]}}',
        "[" * 100_000,
        json.dumps({"message": {**WORK, "DOI": "10.1/other"}}),
    ],
)
def test_a_crossref_answer_that_is_not_the_paper_is_refused(web: respx.Router, answer: str) -> None:
    web.get(url__startswith=CROSSREF).respond(text=answer)
    assert "api.crossref.org answered with" in refusal("10.1145/3292500.3330701")


def test_crossref_cannot_choose_which_paper_it_describes(web: respx.Router) -> None:
    more = {"custom": {"paper_id": "arxiv:1706.03762"}, "URL": "https://arxiv.org/abs/1706.03762", "id": "arxiv:1"}
    web.get(url__startswith=CROSSREF).respond(json={"message": {**WORK, **more}})
    assert [paper.id for paper in read("10.1145/3292500.3330701").papers] == ["doi:10.1145/3292500.3330701"]


@pytest.mark.parametrize("doi", ["10.1145/../../../members", "10.1145/a?rows=1000", "10.1145/a#b", "10.1145/a%2f..%2f"])
def test_a_doi_stays_within_its_place_in_the_address(web: respx.Router, doi: str) -> None:
    route = web.get(url__startswith=CROSSREF).respond(404)
    refusal(doi)
    sent = route.calls.last.request.url.raw_path.decode()
    assert sent.startswith("/works/10.1145%2F")
    assert sent.count("/") == 2
    assert "?" not in sent


@pytest.mark.parametrize(
    "text", ["see 2604.00001", "10.5 percent", "2604.00001 is good", "title:0123456789abcdef", "5"]
)
def test_texts_that_hold_ids_are_no_links(text: str) -> None:
    assert links(text) == []


def test_ids_and_links_may_stand_together() -> None:
    assert links("2604.00001\narXiv: 2604.00002v1\ndoi: 10.1145/1.2\nhttps://a.org/x\n") == [
        "2604.00001",
        "arXiv:2604.00002v1",
        "doi:10.1145/1.2",
        "https://a.org/x",
    ]


def test_a_doi_in_a_foreign_link_asks_nobody(web: respx.Router) -> None:
    assert "cannot be fetched" in refusal("https://evil.org/doi.org/10.1145/1.2")
    assert not web.calls
