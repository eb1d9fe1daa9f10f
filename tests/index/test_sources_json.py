"""Reading JSON: the Hub's, flat Daily Papers records, our own export, other people's; and JSON of no known kind."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.paper import Paper
from index.sources import FORMATS, Reading, UnknownFormat, read_file, read_files, read_text

HUB: dict[str, Any] = {
    "paper": {
        "id": "2604.99991",
        "authors": [{"name": "Ann Doe", "hidden": False}, {"name": "Jan Roe", "user": {"fullname": "J."}}],
        "publishedAt": "2026-04-14T17:59:01.000Z",
        "submittedOnDailyAt": "2026-04-16T00:00:00.000Z",
        "title": "Row Once:\n  Tiled Softmax",
        "summary": "We read each row once.\nIt is 1.4x faster.",
        "upvotes": 12,
        "organization": {"name": "openlab-ai", "fullname": "OpenLab"},
    },
    "publishedAt": "2026-04-14T13:00:00.000Z",
    "title": "Row Once:\n  Tiled Softmax",
    "numComments": 3,
}
FLAT: dict[str, Any] = {
    "id": "arxiv:2604.99991",
    "title": "Row Once",
    "abstract": "We read each row once.",
    "authors": ["Ann Doe", "Jan Roe"],
    "date": "2026-04-16",
    "published": "2026-04-14",
    "submitted_daily": "",
    "url": "https://huggingface.co/papers/2604.99991",
    "upvotes": 12,
    "comments": 3,
    "github": None,
    "org": "OpenLab",
    "source": "hf-daily-papers",
}
PLAIN = {"title": "Row Once", "abstract": "We read each row once.", "score": [1, 2]}


def lines(*records: object) -> str:
    return "\n".join(record if isinstance(record, str) else json.dumps(record) for record in records)


def test_the_hubs_own_json() -> None:
    reading = read_text(json.dumps([HUB, HUB["paper"]], indent=1))
    assert reading.format == "hub-json"
    nested, alone = reading.papers
    assert nested == Paper(
        title="Row Once: Tiled Softmax",
        abstract="We read each row once. It is 1.4x faster.",
        id="arxiv:2604.99991",
        authors=("Ann Doe", "Jan Roe"),
        organization="OpenLab",
        published="2026-04-14",
        posted="2026-04-16",
        url="https://huggingface.co/papers/2604.99991",
        comments=3,
        upvotes=12,
        source="hub-json",
    )
    assert alone == nested.with_(comments=None)
    assert read_text(lines(HUB, HUB)).papers == (nested, nested)
    assert read_text(json.dumps(HUB, indent=2)).papers == (nested,)


def test_flat_records_of_daily_papers() -> None:
    reading = read_text(lines(FLAT))
    assert reading.format == "daily-records"
    assert reading.papers == (
        Paper(
            title="Row Once",
            abstract="We read each row once.",
            id="arxiv:2604.99991",
            authors=("Ann Doe", "Jan Roe"),
            organization="OpenLab",
            published="2026-04-14",
            posted="2026-04-16",
            url="https://huggingface.co/papers/2604.99991",
            comments=3,
            upvotes=12,
            source="hf-daily-papers",
        ),
    )


@pytest.mark.parametrize(
    "text",
    [
        lines(PLAIN, PLAIN | {"title": "Twice"}),
        "\ufeff" + lines(PLAIN, "", PLAIN | {"title": "Twice"}, ""),
        lines(PLAIN, PLAIN | {"title": "Twice"}).replace("\n", "\r\n"),
        json.dumps([PLAIN, PLAIN | {"title": "Twice"}]),
        json.dumps({"papers": [PLAIN, PLAIN | {"title": "Twice"}], "notices": []}, indent=2),
        json.dumps({"papers": [PLAIN, PLAIN | {"title": "Twice"}], "notices": []}),
    ],
)
def test_plain_json_of_other_people(text: str) -> None:
    reading = read_text(text)
    assert reading.format == "paper-json"
    assert [p.title for p in reading.papers] == ["Row Once", "Twice"]
    assert not reading.rejects


def test_a_given_id_is_kept() -> None:
    reading = read_text(lines(PLAIN | {"id": "2604.99991v2"}, PLAIN | {"id": 17}, PLAIN))
    assert [p.id for p in reading.papers[:2]] == ["2604.99991v2", "17"]
    assert reading.papers[2].id.startswith("title:")


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        (["Ann Doe", {"name": "Jan Roe"}], ("Ann Doe", "Jan Roe")),
        ("Ann Doe, Jan Roe and Eve Poe", ("Ann Doe", "Jan Roe", "Eve Poe")),
        ("Doe, Ann; Roe, Jan", ("Doe, Ann", "Roe, Jan")),
        ("Doe, Ann", ("Doe, Ann",)),
        ("", ()),
        (None, ()),
    ],
)
def test_authors_in_any_shape(authors: object, names: tuple[str, ...]) -> None:
    assert read_text(lines(PLAIN | {"authors": authors})).papers[0].authors == names


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"abstract": "A."}, "has no title"),
        ({"title": "  ", "abstract": "A."}, "has no title"),
        ({"title": "T"}, "has no abstract"),
        ({"title": "T", "abstract": ""}, "has no abstract"),
        ({"title": 5, "abstract": "A."}, "title is not a text: 5"),
        ('{"title": "T", "upvotes": 1e999}', "has no abstract"),
        ('{"title": "T", "abstract": ', "is not valid JSON"),
        ("[" * 100_000, "is not valid JSON"),
        ("[1, 2]", "is not a JSON object"),
        ("some words", "is not valid JSON"),
        ({"paper": {"title": "T"}}, "has no abstract"),
    ],
)
def test_a_broken_record_costs_only_itself(broken: object, reason: str) -> None:
    reading = read_text(lines(PLAIN, broken, PLAIN | {"title": "Twice"}), place="mine.jsonl")
    assert [p.title for p in reading.papers] == ["Row Once", "Twice"]
    (reject,) = reading.rejects
    assert reject.place.startswith("mine.jsonl, line 2")
    assert reason in reject.reason


@pytest.mark.parametrize(
    ("odd", "notice"),
    [
        ({"published": "2026-13-01"}, "published names no whole day and was left out: line 2 (2026-13-01)"),
        ({"published": "yesterday"}, "published names no whole day"),
        ({"published": 2024}, "published names no whole day and was left out: line 2 (2024)"),
        ({"posted": "soon"}, "posted names no whole day"),
        ({"authors": 3}, "authors has entries that are no names"),
        ({"authors": [None]}, "authors has entries that are no names"),
        ({"upvotes": "many"}, "upvotes is not a whole number and was left out: line 2 (many)"),
        ({"upvotes": -1}, "upvotes is not a whole number"),
        ({"upvotes": float("inf")}, "upvotes is not a whole number"),
        ({"upvotes": float("nan")}, "upvotes is not a whole number"),
        ({"comments": True}, "comments is not a whole number"),
        ({"url": {"x": 1}}, "url is no address"),
        ({"organization": [3]}, "organization is no name"),
    ],
)
def test_a_side_field_never_costs_the_paper(odd: dict[str, object], notice: str) -> None:
    for record in (PLAIN | odd, FLAT | odd):
        reading = read_text(lines(PLAIN, record), place="mine.jsonl")
        assert [p.title for p in reading.papers] == ["Row Once", "Row Once"]
        assert not reading.rejects
        if record["title"] == PLAIN["title"] and "org" not in record:
            assert [told.startswith(f"mine.jsonl: {notice}") for told in reading.notices] == [True]


def test_an_array_that_was_cut_off() -> None:
    whole = json.dumps([PLAIN, PLAIN | {"title": "Twice"}, PLAIN], indent=1)
    reading = read_text(whole[:-40])
    assert [p.title for p in reading.papers] == ["Row Once", "Twice"]
    (reject,) = reading.rejects
    assert "what follows was not read" in reject.reason


def test_half_characters_are_mended() -> None:
    reading = read_text(
        '{"title": "Half \\ud83d and \\ud83d\\ude00", "abstract": "A \\udc00 b.", "authors": ["\\ud800"]}'
    )
    assert reading.papers[0].title == "Half \ufffd and \U0001f600"
    for text in (reading.papers[0].abstract, *reading.papers[0].authors):
        assert text.encode("utf-8")
    assert read_text('{"title": "\\ud800", "abstract": 1}').rejects[0].place.encode("utf-8")


def test_posted_fills_what_the_records_leave_open() -> None:
    reading = read_text(lines(PLAIN, FLAT, PLAIN | {"posted": "2026-04-01"}), posted="2026-04-20")
    assert [p.posted for p in reading.papers] == ["2026-04-20", "2026-04-16", "2026-04-01"]


def test_a_given_format_is_not_guessed() -> None:
    assert read_text(lines(FLAT), format="paper-json").papers[0].posted is None
    with pytest.raises(UnknownFormat, match="'rss', which is not a format"):
        read_text(lines(FLAT), format="rss")


@pytest.mark.parametrize(
    "text", ["", "   \n\n", "\ufeff", "Dear all,\n\nsee you on Friday.\n", "a,b,c\n1,2,3\n", "[1] A note"]
)
def test_unknown_text_lists_what_is_understood(text: str) -> None:
    with pytest.raises(UnknownFormat) as caught:
        read_text(text, place="letter.txt")
    assert str(caught.value).startswith("letter.txt is ")
    assert all(name in str(caught.value) for name in FORMATS)


def test_a_web_page_without_papers_is_refused() -> None:
    with pytest.raises(UnknownFormat, match="lists no papers"):
        read_text("<!DOCTYPE html>\n<html><body>Daily Papers</body></html>")


def _read_bytes(tmp_path: Path, data: bytes, name: str = "papers.txt") -> Reading:
    path = tmp_path / name
    path.write_bytes(data)
    return read_file(path)


def test_files_in_any_encoding_packed_or_not(tmp_path: Path) -> None:
    text = json.dumps(PLAIN | {"title": "Zoë's Naïve Kernel"}, ensure_ascii=False) + "\n"
    for data in (
        text.encode(),
        b"\xef\xbb\xbf" + text.encode(),
        text.encode("utf-16"),
        text.encode("utf-16-le"),
        text.encode("utf-16-be"),
        text.encode("utf-32"),
        text.encode("cp1252"),
        gzip.compress(text.encode()),
        gzip.compress(text[:20].encode()) + gzip.compress(text[20:].encode()),
        gzip.compress(text.encode()) + b"\x00" * 100,
    ):
        assert [p.title for p in _read_bytes(tmp_path, data).papers] == ["Zoë's Naïve Kernel"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (bytes(range(256)) * 40, "is not a text"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 10, "is not a text"),
        (gzip.compress(b"x" * 10_000, mtime=0)[:-12], "cut off"),
        (b"\x1f\x8bjunk", "damaged"),
        (gzip.compress(b"", mtime=0), "is empty"),
    ],
)
def test_what_is_no_text_is_said_to_be_none(tmp_path: Path, data: bytes, why: str) -> None:
    with pytest.raises(UnknownFormat, match=why):
        _read_bytes(tmp_path, data)


def test_a_folder_is_every_readable_file_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / ".hidden.jsonl").write_text(lines(PLAIN))
    (folder / "a.jsonl").write_text(lines(PLAIN, {"title": "T"}))
    (folder / "deep" / "b.jsonl.gz").write_bytes(gzip.compress(lines(FLAT).encode()))
    (folder / "notes.md").write_text("# Notes")
    (folder / "gone.jsonl").symlink_to(tmp_path / "nowhere")
    readings = list(read_files(folder))
    rejects = [reject for reading in readings for reject in reading.rejects]
    assert [p.source for reading in readings for p in reading.papers] == ["paper-json", "hf-daily-papers"]
    assert [r.place for r in rejects] == ["a.jsonl, line 2: T", "gone.jsonl", "notes.md"]
    assert "\n" not in rejects[2].reason


def test_an_empty_folder_and_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match="without files"):
        list(read_files(tmp_path))
    with pytest.raises(FileNotFoundError):
        read_file(tmp_path / "none.jsonl")


_MARKS = (
    "·|• 3 authors|Feb 30|Feb 29, 2023|Mar 5 2|12|-|1.2.3k|Upvote|Submitted by|Daily Papers|A Title|ſep 3|٣ authors"
)
_BRACKETS = ["[", "{", '{"title": "a"', "}", "]", "\\", "\0", "\n", "\n\n", "x" * 150, "https://arxiv.org/abs/1"]
_PIECES = st.sampled_from([*_MARKS.split("|"), *_BRACKETS, *map(json.dumps, (PLAIN, HUB, FLAT))])
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=300)
@given(
    text=st.text() | st.lists(_PIECES | st.text(max_size=5)).map("".join) | st.lists(_PIECES).map("\n".join),
    format=st.sampled_from([None, *FORMATS]),
)
def test_no_text_crashes_the_reader(text: str, format: str | None) -> None:
    try:
        reading = read_text(text, format=format)
    except UnknownFormat:
        return
    for paper in reading.papers:
        assert paper.title
        assert paper.abstract


@settings(max_examples=200)
@given(
    record=st.dictionaries(st.sampled_from([*FLAT, *HUB, *HUB["paper"], "posted", "author_count"]), _VALUES),
    format=st.sampled_from([None, "hub-json", "daily-records", "paper-json"]),
)
def test_no_record_crashes_the_reader(record: dict[str, object], format: str | None) -> None:
    reading = read_text(lines(PLAIN | record), format=format)
    assert len(reading.papers) + len(reading.rejects) >= 1
    for paper in reading.papers:
        json.dumps(paper.to_dict()).encode()


def test_arrays_one_after_the_other_are_all_read() -> None:
    arrays = [[{"title": f"Tide {n}", "abstract": "We measure one tide."}] for n in range(3)]
    reading = read_text("\n".join(map(json.dumps, arrays)) + "\nthe end")
    assert [paper.title for paper in reading.papers] == ["Tide 0", "Tide 1", "Tide 2"]
    assert [reject.place for reject in reading.rejects] == ["line 4"]


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda paper: {"offset": 0, "data": [{"contexts": [], "citingPaper": paper}]},
        lambda paper: {"data": [{"isInfluential": True, "citedPaper": paper}]},
        lambda paper: {"recommendedPapers": [paper]},
        lambda paper: [None, paper],
    ],
)
def test_replies_of_semantic_scholar_are_read_in_every_envelope(wrapped: Callable[[object], object]) -> None:
    paper = {"externalIds": {"ArXiv": "2001.00002"}, "title": "Tide", "abstract": "We measure one tide."}
    assert [found.id for found in read_text(json.dumps(wrapped(paper))).papers] == ["arxiv:2001.00002"]
