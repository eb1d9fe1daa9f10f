"""A listing whose papers have no abstract, completed from arXiv; respx gives every answer."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import respx

from index.sources import Reading, read_text
from index.sources.network import client
from index.sources.network.abstracts import with_abstracts

ARXIV = "https://export.arxiv.org/api/query"
PAGE = """# Daily Papers

### [Slim Caches](https://huggingface.co/papers/2604.00001)

· 2 authors

Apr 14, 2026

### [Tall Caches](https://huggingface.co/papers/2604.00002)

Tall caches are tall. They hold more than slim ones do, and on two GPUs they are 3.1x faster than any before them.

· 4 authors

Apr 14, 2026

### [Wide Caches](https://huggingface.co/papers/2604.00003)

· 7 authors

Apr 15, 2026
"""


def entry(number: str) -> str:
    return (
        f"<entry><id>http://arxiv.org/abs/{number}v2</id><published>2026-04-13T00:00:00Z</published>"
        f"<title>Caches {number}</title><summary>It is about {number}.</summary><author><name>Ada Li</name></author>"
        "</entry>"
    )


def feed(*numbers: str) -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{"".join(map(entry, numbers))}</feed>'


@pytest.fixture(autouse=True)
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[respx.Router]:
    monkeypatch.setattr(client, "ARXIV_GAP", 0.0)
    monkeypatch.setattr(client, "_sleep", lambda _: None)
    with respx.mock(assert_all_called=False) as router:
        yield router


@pytest.fixture
def listing() -> Reading:
    return read_text(PAGE, place="page.md", posted="2026-04-16")


def test_a_listing_says_which_papers_lack_their_abstract(listing: Reading) -> None:
    assert [paper.id for paper in listing.papers] == ["arxiv:2604.00002"]
    assert listing.without_abstract == ("2604.00001", "2604.00003")
    assert {reject.reason for reject in listing.rejects} == {"has no abstract on this page"}
    assert "2 without abstract" in listing.what


def test_what_arxiv_has_takes_the_place_of_the_rejects(web: respx.Router, listing: Reading, tmp_path: Path) -> None:
    route = web.get(ARXIV).respond(text=feed("2604.00003", "2604.00001"))
    asked: list[tuple[int, int]] = []
    whole = with_abstracts(listing, home=tmp_path, offline=False, progress=lambda *done: asked.append(done))
    assert route.calls.last.request.url.params["id_list"] == "2604.00001,2604.00003"
    assert (whole.rejects, whole.without_abstract) == ((), ())
    assert len(whole.papers) == 3
    slim = next(paper for paper in whole.papers if paper.id == "arxiv:2604.00001")
    assert (slim.abstract, slim.authors, slim.author_count) == ("It is about 2604.00001.", ("Ada Li",), 2)
    assert (slim.published, slim.posted) == ("2026-04-13", "2026-04-16")
    assert slim.url == "https://huggingface.co/papers/2604.00001"
    assert "2 papers have no abstract on this page: 2 came from arXiv." in whole.notices
    assert asked == [(0, 2)]


def test_what_arxiv_lacks_stays_a_reject(web: respx.Router, listing: Reading, tmp_path: Path) -> None:
    web.get(ARXIV).respond(text=feed("2604.00003", "2604.09999"))
    rest = with_abstracts(listing, home=tmp_path, offline=False)
    assert [paper.id for paper in rest.papers] == ["arxiv:2604.00002", "arxiv:2604.00003"]
    assert rest.without_abstract == ("2604.00001",)
    assert "1 came from arXiv. Save the page" in rest.notices[-1]


def test_a_failure_is_said_and_keeps_the_rest(web: respx.Router, listing: Reading, tmp_path: Path) -> None:
    web.get(ARXIV).mock(side_effect=httpx.ConnectError("no route"))
    rest = with_abstracts(listing, home=tmp_path, offline=False)
    assert (rest.papers, rest.rejects) == (listing.papers, listing.rejects)
    assert "0 came from arXiv. export.arxiv.org cannot be reached" in rest.notices[-1]


def test_offline_says_how_many_are_missing(web: respx.Router, listing: Reading, tmp_path: Path) -> None:
    rest = with_abstracts(listing, home=tmp_path, offline=True)
    assert (rest.papers, rest.rejects) == (listing.papers, listing.rejects)
    assert "2 papers have no abstract" in rest.notices[-1]
    assert "PAPERS_OFFLINE=1" in rest.notices[-1]
    assert not web.calls


def test_a_long_listing_is_asked_for_in_parts(web: respx.Router, tmp_path: Path) -> None:
    numbers = [f"2604.{n:05}" for n in range(150)]
    cards = (f"### [Paper {n}](https://huggingface.co/papers/{n})\n\n· 2 authors\n\nApr 14, 2026\n" for n in numbers)
    route = web.get(ARXIV).mock(
        side_effect=lambda request: httpx.Response(200, text=feed(*request.url.params["id_list"].split(",")))
    )
    whole = with_abstracts(read_text("# Daily Papers\n\n" + "\n".join(cards)), home=tmp_path, offline=False)
    assert (len(whole.papers), whole.rejects, route.call_count) == (150, (), 2)
