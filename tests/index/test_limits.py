"""What is too large to be a paper is rejected by name, in bounded memory and time, and the rest goes in."""

import contextlib
import gzip
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.cli import main
from index.errors import TooLarge
from index.library import Library
from index.paper import Paper
from index.safety import limits
from index.sentences import split_sentences
from index.sources import read_file, read_files, read_text
from index.sources.records import json_text

M = 1 << 20
FINE = json.dumps({"title": "Fine", "abstract": "It is fine."})


def record(**fields: Any) -> str:
    return json.dumps({"title": "Large", "abstract": "It is large."} | fields)


def packed(path: Path, *pieces: tuple[bytes, int]) -> Path:
    """A small gzip file of pieces, each repeated a number of times."""
    with gzip.open(path, "wb", compresslevel=1) as file:
        for piece, times in pieces:
            for _ in range(times):
                file.write(piece)
    return path


def added(capsys: Any, *arguments: str) -> tuple[int, list[str]]:
    """How many papers `papers add` stored, and what it rejected."""
    main(["add", *arguments, "--json"])
    report = json.loads(capsys.readouterr().out)
    return len(report["new"]), [f"{r['place']}: {r['reason']}" for r in report["rejected"]]


# -- files


BOMBS = {
    "one-letter": [(b"a" * M, 130)],
    "one-abstract-of-one-letter": [(b'{"title":"T","abstract":"', 1), (b"a" * M, 130), (b'"}', 1)],
    "half-objects": [(b'{"title":' * (M // 9), 130)],
}


def test_small_packed_files_and_words_of_megabytes_are_rejects_and_take_no_gigabytes(tmp_path: Path) -> None:
    bombs = [packed(tmp_path / f"{name}.gz", *pieces) for name, pieces in BOMBS.items()]
    assert all(bomb.stat().st_size < 8 * M for bomb in bombs)
    words = tmp_path / "words.jsonl"
    words.write_text("\n".join((record(abstract="a" * (8 * M)), record(abstract="b" * M), FINE)))
    done = within(2 << 30, "add", *map(str, bombs), str(words))
    for bomb in bombs:
        assert f"{bomb.name} is larger than 100 MB unpacked: split it" in done.stderr
    assert "words.jsonl, line 1: is larger than 2,097,152 characters" in done.stderr
    assert "words.jsonl, line 2: Large: abstract has 1,048,576 characters, and 20,000 is the most" in done.stderr
    assert "1 new, 0 updated, 0 unchanged, 5 rejected" in done.stdout


def within(memory: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs `papers` in a process with `memory` bytes of address space and one minute."""
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))"
    code = f"{limit}; from assistant.cli import main; raise SystemExit(main({list(arguments)!r}))"
    few = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # each takes address space
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env={**os.environ, **few}
    )


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[dict[str, Path]]:
    """Special files that are not regular files, by name."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "linked").symlink_to(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as made:
        here = os.getcwd()
        os.chdir(tmp_path)  # a socket's path may not be long
        made.bind("sock")
        os.chdir(here)
        yield {name: tmp_path / name for name in ("pipe", "linked", "zero", "sock")}


def test_devices_pipes_and_sockets_are_refused_at_once(endless: dict[str, Path], tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "fine.jsonl").write_text(FINE)
    began = time.monotonic()
    stored, said = added(capsys, "/dev/zero", *map(str, endless.values()), str(tmp_path / "fine.jsonl"))
    assert stored == 1
    kinds = ["a device", "a pipe", "a pipe", "a device", "a socket"]
    assert [kind in reject for kind, reject in zip(kinds, said, strict=True)] == [True] * 5
    assert time.monotonic() - began < 30


def test_within_a_folder_they_are_rejects(endless: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "fine.jsonl").write_text(FINE)
    readings = list(read_files(tmp_path))
    assert [paper.title for reading in readings for paper in reading.papers] == ["Fine"]
    assert {reject.place for reading in readings for reject in reading.rejects} == set(endless)


def test_stdin_has_an_end(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    with open("/dev/zero", encoding="latin-1") as zeros:
        monkeypatch.setattr("sys.stdin", zeros)
        assert "stdin is larger than 100 MB" in added(capsys, "-")[1][0]


def test_many_members_and_a_packed_file_in_a_packed_file(tmp_path: Path) -> None:
    many = tmp_path / "many.gz"
    many.write_bytes(gzip.compress(b"") * 50_000 + gzip.compress(FINE.encode()))
    began = time.monotonic()
    assert len(read_file(many).papers) == 1
    assert time.monotonic() - began < 20
    many.write_bytes(gzip.compress(gzip.compress(FINE.encode() * 100)))
    with pytest.raises(ValueError, match="is not a text"):
        read_file(many)


# -- records


def test_a_record_that_is_too_large_costs_itself_in_every_shape() -> None:
    large = record(abstract="word " * (M // 2))
    nested = '{"title": "T", "abstract": "A.", "more": [' + '{"a": "b\\"]"},' * (M // 5) + "1]}"
    deep = '{"title": "T", "abstract": ' + "[" * 100_000 + "]" * 100_000 + "}"
    digits = '{"title": "T", "abstract": "A.", "upvotes": ' + "9" * 10_000 + "}"
    for bad, why in ((large, "2,097,152"), (nested, "2,097,152"), (deep, "recursion"), (digits, "10000 digits")):
        for text in (
            "\n".join((FINE, bad, FINE)),
            f"[{FINE},\n{bad},\n{FINE}]",
            f'{{"papers": [{FINE},\n{bad},\n{FINE}], "notices": []}}\n',
            f'{{"papers": [{FINE}, {bad}, {FINE}], "notices": []}}\n{FINE}',
        ):
            if bad in (deep, digits) and text.startswith("{"):
                text += "\n" + " " * limits.RECORD  # a small document is read in one piece
            reading = read_text(text)
            assert {paper.title for paper in reading.papers} == {"Fine"}
            assert len(reading.papers) >= 2
            assert [why in reject.reason for reject in reading.rejects] == [True]


def test_a_small_document_is_read_as_before_when_it_stands_in_a_large_text() -> None:
    papers = [json.loads(record(title=f"Paper {n}", note="x" * 2000)) for n in range(1500)]
    for text in (json.dumps({"count": 2, "papers": papers}), json.dumps({"papers": papers, "notices": []}, indent=2)):
        assert len(text) > limits.RECORD
        assert [p.title for p in read_text(text).papers] == [p["title"] for p in papers]
        assert not read_text(text).rejects
        assert len(read_text(text + "\n" + FINE).papers) == 1501


def test_millions_of_records_end_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.monotonic()
    *_, last = read_text("[" + "{}," * 2_000_000 + "{}]", format="paper-json").rejects
    assert "at most 200,000 records" in last.reason
    assert time.monotonic() - began < 60
    monkeypatch.setattr("index.sources.records.RECORDS", 20_000)
    for text in ("{}\n" * 200_000, "x\n{}\n[]\n" * 70_000):
        reading = read_text(text, format="paper-json")
        assert len(reading.rejects) == 20_001
        assert "a source has at most" in reading.rejects[-1].reason
    monkeypatch.setattr("index.sources.records.RECORDS", 1)
    assert [paper.title for paper in read_text(f"{FINE}\n{FINE}").papers] == ["Fine"]


@pytest.mark.parametrize("text", ["\n" * 5 * M, " " * 5 * M + "x", "[" * 5 * M, '[{"a":"' + '\\"' * 2 * M, "{" * 5 * M])
def test_no_text_takes_more_time_than_its_length(text: str) -> None:
    began = time.monotonic()
    with contextlib.suppress(ValueError):
        assert not read_text(text).papers
    assert time.monotonic() - began < 10


def test_pages_and_feeds_have_an_end() -> None:
    head = "byAK and the research community\n"
    (reject,) = read_text(head + "a\n" * 1_000_000).rejects
    assert "more than 50,000 lines" in reject.reason
    with pytest.raises(TooLarge, match="10 million characters"):
        read_text(head + "An abstract of words.\n" * M)
    with pytest.raises(TooLarge, match="10 million characters"):
        read_text('<feed xmlns="http://www.w3.org/2005/Atom">' + "<entry/>" * 2 * M)
    began = time.monotonic()
    reading = read_text(head + "One line of words that stands alone\n\n" * 6_001)  # an odd number of titles and texts
    assert len(reading.papers) == 3_000
    assert time.monotonic() - began < 20


def test_a_long_abstract_on_a_page_or_in_a_feed_is_a_reject() -> None:
    page = "byAK and the research community\n\nA Title\n\n{}\n\n  • 4 authors\n·\nMar 2, 2025 7\n\n"
    reading = read_text(page.format("word " * 10_000) + page.format("It is short. " * 20).partition("\n")[2])
    assert [reject.reason for reject in reading.rejects] == ["abstract has 49,999 characters, and 20,000 is the most"]
    assert [paper.title for paper in reading.papers] == ["A Title"]
    entry = "<entry><id>http://arxiv.org/abs/2604.0000{}</id><title>T</title><summary>{}</summary></entry>"
    feed = (
        f'<feed xmlns="http://www.w3.org/2005/Atom">{entry.format(1, "x" * 30_000)}{entry.format(2, "It is.")}</feed>'
    )
    reading = read_text(feed)
    assert "30,000 characters" in reading.rejects[0].reason
    assert [paper.id for paper in reading.papers] == ["arxiv:2604.00002"]


# -- papers


TOO_LARGE = [
    ({"title": "T " * 1001}, "title has 2,0"),
    ({"abstract": "It is. " * 3000}, "abstract has 2"),
    ({"abstract": "We use a" + "b" * 1000 + "."}, "abstract has a word of more than 1,000 characters"),
    ({"abstract": "We use a" + "\u0301\u0323" * 500 + "."}, "abstract has a word of more than 1,000 characters"),
    ({"authors": ["Ann Doe"] * 20_001}, "authors has 20,001 people, and 20,000 is the most"),
    ({"authors": ["A" * 2001]}, "authors has 2,001 characters"),
    ({"organization": "O" * 2001}, "organization has 2,001"),
    ({"url": "https://example.org/" + "o" * 2000}, "url has 2,020"),
]


@pytest.mark.parametrize(("fields", "why"), TOO_LARGE)
def test_a_part_of_a_paper_that_is_too_large_is_named(fields: dict[str, Any], why: str, tmp_path: Path) -> None:
    reading = read_text(record(**fields) + "\n" + FINE)
    papers = [Paper(**json.loads(record(**fields))), Paper(**json.loads(FINE))]
    with Library.open(tmp_path / "papers", "hashing", offline=True) as library:
        of_file, of_python = library.add(reading.papers), library.add(papers)
        assert [paper.title for paper in library.papers()] == ["Fine"]
    (reject,) = (*reading.rejects, *of_file.rejected)
    assert why in reject.reason
    assert [why in reject.reason for reject in of_python.rejected] == [True]


def test_large_texts_of_real_papers_go_in(tmp_path: Path) -> None:
    chinese = "我们提出一种新的方法，它在四个数据集上都更快。" * 100
    formula = r"\frac{a_{1}+b_{2}}{c^{3}}\cdot" * 40
    address = "https://example.org/" + "a/b-c_d.e?f=g&h=" * 70
    papers = [
        Paper(title=str(n), abstract=text) for n, text in enumerate((chinese, formula, address, "Short. " * 2800))
    ]
    collaboration = Paper(
        title="A Collaboration", abstract="We measure.", authors=tuple(f"Ann Doe{n}" for n in range(6000))
    )
    with Library.open(tmp_path / "papers", "hashing", offline=True) as library:
        assert not library.add([*papers, collaboration]).rejected
        assert library.count() == 5


def test_a_number_of_too_many_digits_costs_only_its_paper(tmp_path: Path) -> None:
    papers = [Paper(title="Large", abstract="It is.", upvotes=10**5000), Paper(title="Fine", abstract="It is fine.")]
    with Library.open(tmp_path / "papers", "hashing", offline=True) as library:
        report = library.add(papers)
    assert ("upvotes is too large a number" in report.rejected[0].reason, len(report.new)) == (True, 1)


@pytest.mark.parametrize(
    "text",
    [
        " " * M + "x",
        "a " * M,
        "e.g. " * (M // 16),
        "A. " * (M // 16),
        "x" * M + "(" + "y" * M + ". We",
        "Words of a sentence, twenty of them, and then the next one comes. " * 10_000,
        ('."' * M) + " A",
        "\r\n \r\n" * (M // 2) + "x",
    ],
)
def test_making_a_paper_takes_time_in_proportion_to_its_text(text: str) -> None:
    began = time.monotonic()
    split_sentences(Paper(title="T", abstract=text).abstract)
    assert time.monotonic() - began < 10


@given(st.lists(st.sampled_from(["a", " ", "\n", "\r\n", " \n ", "\u2028", "b\t"])).map("".join))
def test_line_wraps_become_one_space(text: str) -> None:
    import re

    assert Paper(title=text, abstract="A.").title == re.sub(r"\s*[\r\n\u2028\u2029]+\s*", " ", text).strip()


@settings(max_examples=40)
@given(st.recursive(st.text() | st.integers() | st.none(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)))
def test_the_end_of_a_value_is_where_the_decoder_ends(value: Any) -> None:
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        assert json_text.end_of_value(text + ', "next"', 0) == len(text)
