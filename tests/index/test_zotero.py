"""A running Zotero, played by a server on loopback."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from zotero_server import Zotero, item, zotero_server

from index.sources import Reading
from index.sources.network.client import FetchError
from index.sources.network.links import links, read_link

TIDES = {"title": "Tide Caches", "abstractNote": "We keep the tide in a cache of 3.1 GB.", "date": "2026-03-04"}


@pytest.fixture
def zotero(monkeypatch: pytest.MonkeyPatch) -> Iterator[Zotero]:
    played = Zotero(
        collections={
            "AAAA1111": ("Reading", None),
            "BBBB2222": ("Attention", "AAAA1111"),
            "CCCC3333": ("Attention", None),
            "DDDD4444": ("Slow  Talks/drafts", None),
        },
        items=[
            item("ITEM0001", collections=("AAAA1111",), **TIDES),
            item("ITEM0002", "preprint", ("BBBB2222",), title="Drift", abstractNote="Drift is slow.",
                 DOI="10.48550/arXiv.2604.00002", url="http://arxiv.org/abs/2604.00002"),
            item("ITEM0003", "conferencePaper", ("CCCC3333", "DDDD4444"), title="No Words"),
        ],
    )  # fmt: skip
    with zotero_server(played) as address:
        monkeypatch.setattr("index.sources.network.zotero.ADDRESS", address)
        yield played


def read(source: str) -> Reading:
    return read_link(source, offline=True)  # this machine is asked even then


def refusal(source: str) -> str:
    with pytest.raises(FetchError) as caught:
        read(source)
    return str(caught.value)


def titles(source: str) -> list[str]:
    return [paper.title for paper in read(source).papers]


def test_the_library_without_what_is_no_paper(zotero: Zotero) -> None:
    people = [
        {"creatorType": "author", "firstName": "Ada", "lastName": "Lee"},
        {"creatorType": "editor", "firstName": "Ed", "lastName": "Itor"},
        {"creatorType": "author", "name": "Tide Group"},
    ]
    zotero.items[0]["data"] |= {"creators": people, "DOI": "10.5555/Tide.7"}
    zotero.items += [
        item("NOTE0001", "note", note="<p>Read this</p>"),
        item("FILE0001", "attachment", title="Scan.pdf", abstractNote="no"),
        item("FILE0002", "attachment", parentItem="ITEM0001", title="Full Text PDF"),
        item("GONE0001", deleted=1, **TIDES),
    ]
    reading = read("zotero:")
    tides, drift = reading.papers
    assert (tides.id, tides.authors, tides.published) == ("doi:10.5555/tide.7", ("Ada Lee", "Tide Group"), "2026-03-04")
    assert (drift.id, drift.source) == ("arxiv:2604.00002", "zotero")
    assert [(r.place, r.reason) for r in reading.rejects] == [("zotero:, record 3: No Words", "has no abstract")]
    assert reading.notices == ("zotero:: notes and attachments without a paper were passed over: 3.",)
    assert reading.what == "a Zotero library: 2 papers, 1 without abstract"


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("many", [0, 99, 100, 101, 250])
def test_all_pages_are_read(zotero: Zotero, many: int, told: bool) -> None:
    zotero.items = [item(f"K{n:07}", title=f"Paper {n}", abstractNote=f"It is number {n}.") for n in range(many)]
    zotero.total_told = told
    assert titles("zotero:") == [f"Paper {n}" for n in range(many)]


def test_what_came_before_it_broke_off_is_kept(zotero: Zotero) -> None:
    zotero.items = [item(f"K{n:07}", title=f"Paper {n}", abstractNote=f"It is number {n}.") for n in range(150)]
    zotero.pages = 1
    reading = read("zotero:")
    assert len(reading.papers) == 100
    assert [r.place for r in reading.rejects] == ["zotero:, after 100 papers"]
    assert "100 of 150" in reading.rejects[0].reason


@pytest.mark.parametrize("source", ["zotero:Reading", "Zotero: reading ", "zotero:READING", "zotero:AAAA1111",
                                    "zotero:aaaa1111", "zotero://select/library/collections/AAAA1111"])  # fmt: skip
def test_a_collection_by_name_or_key(zotero: Zotero, source: str) -> None:
    reading = read(source)
    assert [paper.title for paper in reading.papers] == ["Tide Caches"]
    assert "the collections inside it were not read: zotero:Reading/Attention." in reading.notices[0]


@pytest.mark.parametrize("source", ["zotero:reading/attention", "zotero:Reading / Attention", "zotero:BBBB2222"])
def test_a_collection_inside_another(zotero: Zotero, source: str) -> None:
    assert titles(source) == ["Drift"]


def test_a_name_that_holds_spaces_and_slashes(zotero: Zotero) -> None:
    assert read("zotero:slow talks/Drafts").rejects[0].place == "zotero:slow talks/Drafts, record 1: No Words"


def test_several_collections_of_a_name_are_named_with_their_keys(zotero: Zotero) -> None:
    said = refusal("zotero:attention")
    assert "2 collections" in said
    assert "zotero:BBBB2222 (Reading/Attention), zotero:CCCC3333 (Attention)" in said


def test_a_name_in_one_case_comes_before_the_same_in_another(zotero: Zotero) -> None:
    zotero.collections |= {"EEEE5555": ("READING", None)}
    assert titles("zotero:Reading") == ["Tide Caches"]
    assert "2 collections" in refusal("zotero:reading")


def test_an_unknown_collection_is_told_with_the_nearest(zotero: Zotero) -> None:
    assert "no collection called 'Readings'. Nearest: zotero:Reading." in refusal("zotero:Readings")
    assert "It has zotero:Reading, zotero:Reading/Attention" in refusal("zotero:xylophone")
    zotero.collections = {}
    assert "It has none" in refusal("zotero:xylophone")
    assert "group libraries are not read" in refusal("zotero://select/groups/12/collections/AAAA1111")


def test_collections_that_are_in_each_other_end(zotero: Zotero) -> None:
    zotero.collections |= {"XXXX0001": ("One", "XXXX0002"), "XXXX0002": ("Two", "XXXX0001")}
    assert titles("zotero:One") == []


@pytest.mark.parametrize(
    ("status", "said"),
    [(403, "Settings > Advanced"), (404, "version 7"), (500, "HTTP 500"), (302, "not followed"), (204, "HTTP 204")],
)
def test_what_zotero_refuses_is_a_sentence_with_the_next_step(zotero: Zotero, status: int, said: str) -> None:
    zotero.status, zotero.location = status, "http://127.0.0.1:1/elsewhere"
    assert said in refusal("zotero:")
    assert said in refusal("zotero:Reading")


@pytest.mark.parametrize("body", [b"<html>another program</html>", b'{"a": 1}', b"[" * 100_000, b""])
def test_another_program_at_its_port(zotero: Zotero, body: bytes) -> None:
    zotero.body = body
    assert "no local API of Zotero's" in refusal("zotero:")


def test_records_of_any_shape_cost_only_themselves(zotero: Zotero) -> None:
    odd = [None, 7, {"data": []}, {"data": {"itemType": ["x"], "title": 3}}, {"data": {"title": "T" * 5000}}]
    zotero.items = [item("ITEM0001", **TIDES, meta=7, extra=None, tags="x", creators={"a": 1})]
    zotero.body = json.dumps([*odd, *zotero.items]).encode()
    zotero.total_told = False
    reading = read("zotero:")
    assert [paper.title for paper in reading.papers] == ["Tide Caches"]
    assert len(reading.rejects) == 5


def test_without_a_running_zotero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.sources.network.zotero.ADDRESS", "http://127.0.0.1:9")
    assert "does not run on this machine" in refusal("zotero:")


def test_no_proxy_is_used(zotero: Zotero, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert len(titles("zotero:")) == 2


def test_the_day_is_the_one_that_zotero_understood(zotero: Zotero) -> None:
    zotero.items = [item("ITEM0001", **TIDES | {"date": "4/3/2026"}, meta={"parsedDate": "2026-03-04"})]
    assert read("zotero:").papers[0].published == "2026-03-04"


def test_what_is_a_source_and_what_is_text() -> None:
    assert links("zotero:\nZotero:My Reading List\n2604.00001 10.1145/1.2") == [
        "zotero:", "Zotero:My Reading List", "2604.00001", "10.1145/1.2"]  # fmt: skip
    assert links("zotero:Reading\nWe keep the tide.") == []
    assert links("My zotero: it is large") == []


def test_a_file_of_that_name_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zotero: Zotero) -> None:
    from assistant.cli import main

    monkeypatch.chdir(tmp_path)
    Path("zotero:").write_text('{"title": "Own", "abstract": "It is a file."}\n')
    assert main(["add", "zotero:"]) == 0
    assert zotero.asked == []
    assert main(["add", "zotero:Reading"]) == 0
    assert zotero.asked
