"""Files in the encodings that people have: read right and said, or refused; never read wrong."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from texts_in_encodings import CHINESE, FRENCH, KOREAN, OPEN, RUSSIAN, SURE

from index.sources import Reading, UnknownFormat, read_file, read_files
from index.sources.encoding import decoded
from index.sources.records import json_stream

ENGLISH = "We present a new method for long texts which is faster than others. "


def forms(text: str) -> Iterator[str]:
    yield json.dumps({"title": text[:40], "abstract": text, "published": "2025-03-01"}, ensure_ascii=False)
    yield json.dumps({"title": "A study of memory", "abstract": ENGLISH * 5 + text}, ensure_ascii=False)
    yield f"@article{{a1,\n title = {{{text}}},\n year = {{2025}}\n}}\n"
    yield text


def encoded(groups: list[tuple[tuple[str, ...], tuple[str, ...]]]) -> Iterator[tuple[str, str, bytes]]:
    for texts, encodings in groups:
        for encoding in encodings:
            for text in texts:
                for form in forms(text):
                    try:
                        data = form.encode(encoding)
                    except UnicodeEncodeError:
                        continue
                    if not data.isascii() or encoding.startswith("iso2022"):
                        yield form, encoding, data


def test_the_usual_encodings_are_read_right_and_said() -> None:
    for text, encoding, data in encoded(SURE):
        got, notices = decoded(data)
        assert (got, encoding) == (text, encoding)
        assert notices[0].startswith("read as ")


def test_no_other_encoding_is_read_wrong() -> None:
    refused = 0
    for text, encoding, data in encoded(OPEN):
        try:
            got, notices = decoded(data)
        except ValueError as error:
            refused += "iconv -f" in str(error)
        else:
            assert (got, encoding) == (text, encoding)
            assert notices
    assert refused > 200


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [*CHINESE, *KOREAN, *RUSSIAN, *FRENCH])
def test_utf_16_without_its_mark(encoding: str, text: str) -> None:
    for form in list(forms(text))[:3]:
        assert decoded(form.encode(encoding)) == (form, (f"read as {encoding.upper()}",))


def read(folder: Path, data: bytes) -> Reading:
    file = folder / "papers.jsonl"
    file.write_bytes(data)
    return read_file(file)


def test_a_file_says_how_it_was_read(tmp_path: Path) -> None:
    record = next(forms(CHINESE[0]))
    reading = read(tmp_path, record.encode("gb18030"))
    assert reading.papers[0].abstract == CHINESE[0]
    assert reading.notices == ("papers.jsonl: read as GB18030.",)
    assert read(tmp_path, record.encode()).notices == ()
    assert read(tmp_path, record.encode("utf-8-sig")).notices == ()


def test_what_cannot_be_told_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match=r"papers\.jsonl is not UTF-8, .*perhaps .*iconv -f \S+ -t utf-8"):
        read(tmp_path, '{"title": "Ελλ", "abstract": "Προτείνουμε"}'.encode("cp1253"))


def test_a_broken_byte_in_a_large_file_costs_one_character(tmp_path: Path) -> None:
    data = bytearray('{"title": "Größe und Maß", "abstract": "Ein Text über Netze."}\n'.encode() * 40_000)
    data[1_200_000] = 0xFF
    text, notices = decoded(data)
    assert text.count("\ufffd") <= 2
    assert notices == (
        f"1 byte that is not UTF-8 (in line {data.count(10, 0, 1_200_000) + 1:,}) was replaced by “\ufffd”",
    )


@pytest.mark.parametrize(
    ("was", "right"),
    [
        ("Anna’s café", "Anna’s café"),
        ("Größe, Müller and Poincaré", "Größe, Müller and Poincaré"),
        ("costs £5 or €10", "costs £5 or €10"),
    ],
)
def test_what_was_read_wrongly_before_is_mended_and_said(was: str, right: str) -> None:
    text, notices = decoded(was.encode().decode("cp1252").encode())
    assert text == right
    assert "repaired in 1 line" in notices[0]


@pytest.mark.parametrize(
    "text", ["«CAFÉ» NÃO São Paulo 5 Â", "It isn’t Ã la carte", "L’École «É» ÎÏ — Å“", "Ελλ â ñ", "Âge, Ã, î°"]
)
def test_text_that_only_looks_so_stays(text: str) -> None:
    assert decoded(text.encode()) == (text, ())


def test_what_is_no_text_is_said_to_be_none() -> None:
    for data in (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, b"\0" * 500, bytes(range(256)) * 40):
        with pytest.raises(ValueError, match=r"is not a text|is uncertain"):
            decoded(data)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_a_file_read_in_parts_tells_its_encoding_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    monkeypatch.setattr(json_stream, "WHOLE", 2_000)
    monkeypatch.setattr(json_stream, "LINES", 20)
    file = tmp_path / "papers.jsonl"
    lines = [json.dumps({"title": f"A study of memory {n}", "abstract": ENGLISH}).encode() for n in range(60)]
    lines[30] = json.dumps({"title": "A study", "abstract": CHINESE[0]}, ensure_ascii=False).encode(encoding)
    lines[50] = lines[50].replace(b"faster", b"f\xffster")
    file.write_bytes(b"\n".join(lines) + b"\n")
    readings = list(read_files(file))
    assert [paper.abstract for reading in readings for paper in reading.papers][30] == CHINESE[0]
    assert [notice for reading in readings for notice in reading.notices] == [
        *(["papers.jsonl: read as GB18030."] if encoding == "gb18030" else []),
        "papers.jsonl: 1 byte that is not UTF-8 (in line 51) was replaced by “\ufffd”.",
    ]
