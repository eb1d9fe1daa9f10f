"""What happens to papers that are added: new, updated, unchanged, rejected; and whose id and values are kept."""

import datetime
import json
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest
import respx
from invented import invented_paper, invented_papers

from index import Library, Paper
from index.errors import UnknownPaper
from index.storage import store


@pytest.fixture
def library() -> Iterator[Library]:
    with Library.open() as opened:
        yield opened


def agrees(library: Library) -> bool:
    status = library.status(verify=True)
    assert status.agree == (not [n for n in status.notices if n not in library.notices])
    return bool(status.agree)


def test_papers_come_back_as_they_were_given(library: Library) -> None:
    paper = Paper(
        title="Größe und $\\mathcal{O}(n)$: a Study",
        abstract="First – with 2.5× signs. Second sentence.",
        id="cacm-12",
        authors=("Ada L.", "Čapek K."),
        organization="Example Lab",
        published="2025-02-03",
        posted="2025-02-04",
        url="https://example.org/x?y=1",
        comments=0,
        upvotes=7,
        source="hand",
    )
    assert library.add([paper]).new == ("cacm-12",)
    assert library.get("cacm-12") == paper
    assert library.papers() == [paper]
    assert [s.number for s in library.get("cacm-12").sentences] == [1, 2]


def test_adding_again_changes_nothing_and_an_edit_is_one_update(library: Library) -> None:
    papers = invented_papers(40)
    assert len(library.add(papers).new) == 40
    change = library.change()
    assert library.add(papers).unchanged == tuple(paper.id for paper in papers)
    assert library.change() == change
    report = library.add([*papers[:20], papers[20].with_(abstract="It was rewritten. Entirely."), *papers[21:]])
    assert report.updated == (papers[20].id,)
    assert len(report.unchanged) == 39
    assert library.get(papers[20].id).abstract == "It was rewritten. Entirely."
    assert agrees(library)


def test_new_values_win_and_missing_ones_keep_the_old(library: Library) -> None:
    old = invented_paper(1, organization="Lab", upvotes=3, authors=("A", "B"))
    library.add([old])
    library.add([invented_paper(1, comments=4, upvotes=9, published=None, source="")])
    now = library.get(old.id)
    assert (now.organization, now.upvotes, now.comments, now.authors) == ("Lab", 9, 4, ("A", "B"))
    assert (now.published, now.source, now.author_count) == (old.published, "invented", 2)
    assert agrees(library)


def test_a_paper_without_an_id_takes_on_the_one_that_comes_later(library: Library) -> None:
    given = invented_paper(1, upvotes=5)
    pasted = given.with_(id=None, upvotes=None, comments=2)
    library.add([pasted, *invented_papers(5, start=10)])
    assert pasted.id.startswith("title:")
    assert library.add([given]).updated == (given.id,)
    assert library.count() == 6
    assert library.get(pasted.id) == library.get(given.id)
    assert library.get(given.id) == given.with_(comments=2, ids=(given.id, pasted.id))
    assert library.get(pasted.id[:12]).id == given.id
    assert [hit.paper.id for hit in library.search(given.title, k=1)] == [given.id]
    assert library.add([pasted]).unchanged == (given.id,)
    assert agrees(library)


def test_a_later_record_without_an_id_is_the_paper_of_that_title(library: Library) -> None:
    given = invented_paper(1)
    library.add([given])
    report = library.add([Paper(title=given.title.upper() + " ", abstract=given.abstract, comments=8)])
    assert report.updated == (given.id,)
    assert library.count() == 1
    assert library.get(given.id).comments == 8


def test_two_given_ids_never_merge(library: Library) -> None:
    one, two = invented_paper(1), invented_paper(1, id="doi:10.1/x", abstract="Another text. Of the same title.")
    assert len(library.add([one, two]).new) == 2
    assert {paper.id for paper in library.papers()} == {one.id, two.id}
    without_id = two.with_(id=None, upvotes=1)
    assert library.add([without_id]).updated == (two.id,)  # of two with the title, the one with the abstract


def test_what_comes_twice_is_reported_once(library: Library) -> None:
    pasted, given = invented_paper(1).with_(id=None), invented_paper(1)
    report = library.add([pasted, pasted, given, given.with_(comments=1), *invented_papers(3, start=5)])
    assert report.new == (given.id, *(paper.id for paper in invented_papers(3, start=5)))
    assert not report.updated
    assert not report.unchanged
    assert library.count() == 4


def test_what_cannot_be_stored_is_rejected_with_place_and_reason_and_the_rest_goes_in(library: Library) -> None:
    papers = [
        invented_paper(1),
        invented_paper(2, title=""),
        invented_paper(3, abstract="  \n "),
        invented_paper(4, abstract="Half a pair: \ud83d. It cannot be stored."),
        invented_paper(5, upvotes=2**70),
        invented_paper(6, authors=("Ada", "B\udc00")),
        invented_paper(7),
    ]
    report = library.add(papers)
    assert report.new == (papers[0].id, papers[6].id)
    reasons = {reject.place: reject.reason for reject in report.rejected}
    assert [place.split(" (")[0] for place in reasons] == ["record 2", "record 3", "record 4", "record 5", "record 6"]
    for reason, word in zip(reasons.values(), ["title", "abstract", "abstract", "upvotes", "authors"], strict=True):
        assert word in reason
    json.dumps(report.to_dict()).encode()
    assert agrees(library)


@pytest.mark.parametrize(
    "value",
    [{"authors": [None]}, {"organization": 5}, {"comments": "many"}, {"author_count": 1.5}, {"id": 7}, {"id": "a\0b"}],
)
def test_a_value_of_the_wrong_kind_costs_its_paper_and_nothing_else(library: Library, value: dict[str, Any]) -> None:
    bad, good = invented_paper(1).with_(**value), invented_paper(2)
    report = library.add([bad, good])
    assert report.new == (good.id,)
    assert f"its {next(iter(value))}" in report.rejected[0].reason
    assert agrees(library)


def test_a_paper_takes_what_people_write() -> None:
    paper = Paper(title="T", abstract="A.", authors="Ada L.", source=None, published=datetime.date(2025, 1, 2))  # type: ignore[arg-type]
    assert (paper.authors, paper.author_count, paper.source, paper.published) == (("Ada L.",), 1, "", "2025-01-02")
    with pytest.raises(ValueError, match="2025 is not a date"):
        Paper(title="T", abstract="A.", published=2025)  # type: ignore[arg-type]


def test_a_generator_is_taken_as_it_comes_and_progress_counts_what_is_stored(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_PAPERS_AT_ONCE", 500)
    heard: list[tuple[int, int, int]] = []
    report = library.add(
        (invented_paper(n) for n in range(1_100)),
        progress=lambda stored, total: heard.append((stored, total, library.count())),
    )
    assert len(report.new) == 1_100
    assert [(stored, total) for stored, total, _ in heard] == [(500, 0), (1000, 0), (1100, 0)]
    assert all(stored == there for stored, _, there in heard)
    assert agrees(library)


def test_a_preview_stores_nothing(library: Library) -> None:
    papers = invented_papers(5)
    library.add(papers[:2])
    report = library.preview([papers[0], papers[1].with_(upvotes=3), *papers[2:], Paper(title="x", abstract="")])
    assert (len(report.new), report.updated, report.unchanged) == (3, (papers[1].id,), (papers[0].id,))
    assert len(report.rejected) == 1
    assert library.papers() == sorted(papers[:2], key=lambda paper: paper.day or "", reverse=True)
    assert agrees(library)


def test_removing_and_taking_it_back(library: Library) -> None:
    papers = invented_papers(30)
    library.add(papers)
    gone = library.remove([papers[3].id, papers[4].id.removeprefix("arxiv:"), papers[3].id])
    assert gone == [papers[3], papers[4]]
    assert library.count() == 28
    assert papers[3].id not in {hit.paper.id for hit in library.search(papers[3].title, k=28)}
    assert agrees(library)
    assert len(library.add(gone).new) == 2
    assert library.search(papers[3].title, k=1)[0].paper == papers[3]
    assert agrees(library)
    with pytest.raises(UnknownPaper):
        library.remove([papers[0].id, "arxiv:9999.99999"])
    assert library.count() == 30
    library.remove([paper.id for paper in papers])
    assert library.papers() == []
    assert library.search("attention") == []
    assert agrees(library)


def test_ids_are_read_as_people_write_them(library: Library) -> None:
    arxiv, doi = invented_paper(1, id="arxiv:2604.14228"), invented_paper(2, id="doi:10.18653/v1/2020.acl-main.1")
    bare = [invented_paper(n).with_(id=None) for n in range(3, 60)]
    library.add([arxiv, doi, *bare])
    for text in (
        "2604.14228",
        "2604.14228v3",
        "arXiv:2604.14228",
        "https://arxiv.org/pdf/2604.14228v1",
        " 2604.14228 ",
    ):
        assert library.get(text) == arxiv
    for text in ("10.18653/V1/2020.acl-main.1", "https://doi.org/10.18653/v1/2020.acl-main.1"):
        assert library.get(text) == doi
    assert library.get(bare[0].id[:14]) == library.get(bare[0].id.removeprefix("title:")[:9]) == bare[0]
    with pytest.raises(UnknownPaper) as unknown:
        library.get(bare[5].title.split(":")[0])
    assert bare[5] in unknown.value.candidates
    with pytest.raises(UnknownPaper):
        library.get("")


def test_a_given_id_is_found_however_it_is_spelt(library: Library) -> None:
    given = ("2401.00001v2", "arxiv:2402.00002v1", "10.1145/ABC", "doi:10.1145/3_x.Y", "cond-mat/0102536")
    asked = (
        "2401.00001",
        "https://arxiv.org/abs/2402.00002",
        "doi:10.1145/abc",
        "10.1145/3_X.y",
        "arxiv:cond-mat/0102536v1",
    )
    library.add([invented_paper(n, id=paper_id) for n, paper_id in enumerate(given)])
    assert [library.get(text).id for text in asked] == list(given)
    for text, paper_id in zip(asked, given, strict=True):
        assert [hit.paper.id for hit in library.search(f"What is in {text}?")][:1] == [paper_id]
    later = invented_paper(0, id="2401.00001v3", upvotes=9)
    assert library.add([later]).updated == (given[0],)  # a version is no other paper
    assert (library.get("2401.00001").upvotes, library.get("2401.00001").version) == (9, 3)


def test_the_beginning_of_several_ids_names_them(library: Library) -> None:
    library.add([invented_paper(n, id=f"title:abcd{n:012d}") for n in range(3)])
    with pytest.raises(UnknownPaper) as unknown:
        library.get("title:abcd")
    assert len(unknown.value.candidates) == 3


def test_days_and_weeks(library: Library) -> None:
    monday = invented_paper(1, published="2026-04-10", posted="2026-04-13")
    sunday = invented_paper(2, published="2026-04-19", posted=None)
    undated = invented_paper(3, published=None, posted=None)
    library.add([undated, monday, sunday])
    assert [paper.id for paper in library.papers()] == [sunday.id, monday.id, undated.id]
    assert library.papers(week="2026-W16") == [sunday, monday]
    assert library.papers(since="2026-04-11") == [sunday]
    assert library.papers(week="2026-W16", since="2026-04-11") == [sunday]
    assert library.papers(week="2026-W16", until="2026-04-11") == [monday]
    assert library.papers(until="2026-04-10") == [monday]
    assert library.days() == {monday.id: 20260410, sunday.id: 20260419, undated.id: None}
    status = library.status()
    assert (status.first, status.last, status.papers) == ("2026-04-10", "2026-04-19", 3)
    for week in ("2026-W60", "W16", "2026"):
        with pytest.raises(ValueError, match="2026-W16"):
            library.papers(week=week)


def server_of_vectors(calls: list[int], fail_after: int = 10**9) -> Any:
    def answer(request: httpx.Request) -> httpx.Response:
        texts = json.loads(request.content)["input"]
        if len(calls) >= fail_after:
            return httpx.Response(401, json={"error": {"message": "no"}})
        calls.append(len(texts))
        data = [{"index": i, "embedding": [len(t), t.count("a"), t.count("e"), 1.0]} for i, t in enumerate(texts)]
        return httpx.Response(200, json={"data": data, "model": "m", "usage": {"prompt_tokens": 5, "total_tokens": 5}})

    return answer


@respx.mock
def test_only_what_is_new_in_the_text_is_embedded() -> None:
    calls: list[int] = []
    respx.post("http://localhost:9/v1/embeddings").mock(side_effect=server_of_vectors(calls))
    long = " ".join(f"Sentence {n} tells of {'many words ' * 25}and ends." for n in range(1, 7))
    paper = invented_paper(1, abstract=long)
    with Library.open(embeddings="openai:tiny", base_url="http://localhost:9/v1") as library:
        library.add([paper, *invented_papers(20, start=2)])
        assert library.embedder_name == "openai:tiny"
        paid = sum(calls)
        assert paid >= 23  # the long paper has several chunks
        library.add([paper, *invented_papers(20, start=2)])
        library.add([paper.with_(upvotes=3, published="2020-01-01")])
        assert sum(calls) == paid
        library.add([paper.with_(abstract=long.replace("Sentence 6", "Line 6"))])
        assert sum(calls) == paid + 1
        library.add(library.remove([paper.id]))
        assert sum(calls) == paid + 1
        assert agrees(library)


@respx.mock
def test_papers_are_stored_when_vectors_cannot_be_made() -> None:
    calls: list[int] = []
    route = respx.post("http://localhost:9/v1/embeddings").mock(side_effect=server_of_vectors(calls, fail_after=3))
    with Library.open(embeddings="openai:tiny", base_url="http://localhost:9/v1") as library:
        report = library.add(invented_papers(600))
        assert len(report.new) == library.count() == 600
        assert any("key" in notice and "--repair" in notice for notice in report.notices)
        assert route.call_count == 4  # not once more for the last batch
        assert library.look_up("attention", spend=False).hits
        assert not agrees(library)
        route.side_effect = server_of_vectors(calls)
        library.repair()
        assert agrees(library)


def test_a_papers_vector_is_the_mean_of_its_chunks(library: Library) -> None:
    papers = invented_papers(12)
    library.add(papers)
    ids = [papers[3].id, papers[0].id, "unknown", papers[3].id]
    vectors = library.paper_vectors(ids)
    assert vectors.shape == (4, library.embedder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), [1, 1, 0, 1], atol=1e-5)
    assert np.array_equal(vectors[0], vectors[3])
    alike = library.similar(papers[3].id, k=11)
    assert len(alike) == 11
    cosines = library.paper_vectors([paper.id for paper in alike]) @ vectors[0]
    assert list(cosines) == sorted(cosines, reverse=True)
