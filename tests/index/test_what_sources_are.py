"""What a source was, in words, in every format; papers and rejects add up to its records."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.cli import main
from index.sources import FORMATS, read_files, read_text
from index.sources.formats import Count, in_words

TIDE = "Tides keep a cache of 3.1 GB warm."


def lines(*records: dict[str, object]) -> str:
    return "\n".join(map(json.dumps, records))


def atom(*entries: str) -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{"".join(entries)}</feed>'


def hub(number: int, **more: object) -> dict[str, object]:
    return {"paper": {"id": f"2604.0000{number}", "title": f"Tides {number}", **more}}


SOURCES = {
    "daily-page": (
        "# Daily Papers\n\n"
        f"### [Tide Caches](https://huggingface.co/papers/2604.00001)\n\n{TIDE}\n\n· 2 authors\n\nApr 14, 2026\n\n"
        "### [No Words](https://huggingface.co/papers/2604.00002)\n\n· 3 authors\n\nApr 14, 2026\n",
        "a Daily Papers page",
    ),
    "daily-records": (
        lines(
            {"title": "Tides", "abstract": TIDE, "date": "2026-04-14", "org": "Harbour"},
            {"title": "No Words", "date": "2026-04-14", "org": "Harbour"},
        ),
        "records of Daily Papers",
    ),
    "hub-json": (lines(hub(1, summary=TIDE), hub(2)), "the Hub's own JSON"),
    "paper-json": (lines({"title": "Tides", "abstract": TIDE}, {"title": "No Words"}), "JSON records"),
    "arxiv-atom": (
        atom(
            f"<entry><id>http://arxiv.org/abs/2604.00001v1</id><title>Tides</title><summary>{TIDE}</summary></entry>",
            "<entry><id>http://arxiv.org/abs/2604.00002v1</id><title>No Words</title></entry>",
        ),
        "a feed of arXiv's",
    ),
    "arxiv-feed": (
        '<rss xmlns:a="http://arxiv.org/schemas/atom"><channel><link>http://rss.arxiv.org/rss/cs.CL</link>'
        "<item><title>Tides</title><link>https://arxiv.org/abs/2604.00001</link>"
        f"<description>arXiv:2604.00001v1 Announce Type: new Abstract: {TIDE}</description></item>"
        "<item><title>No Words</title><link>https://arxiv.org/abs/2604.00002</link></item></channel></rss>",
        "a daily feed of arXiv's",
    ),
    "acl-xml": (
        f"<collection id='2026.tide'><volume id='1'><paper id='1'><title>Tides</title><abstract>{TIDE}</abstract>"
        "</paper><paper id='2'><title>No Words</title></paper></volume></collection>",
        "a file of the ACL Anthology",
    ),
    "bibtex": (
        f"@article{{tide, title={{Tides}}, abstract={{{TIDE}}}}}\n@article{{none, title={{No Words}}}}\n",
        "a BibTeX file",
    ),
    "ris": (
        f"TY  - JOUR\nTI  - Tides\nAB  - {TIDE}\nER  - \n\nTY  - JOUR\nTI  - No Words\nER  - \n",
        "a RIS file",
    ),
    "nbib": (
        f"PMID- 11\nTI  - Tides\nAB  - {TIDE}\n\nPMID- 12\nTI  - No Words\n",
        "a PubMed file",
    ),
    "markdown": (f"---\ntitle: Tides\nabstract: {TIDE}\n---\n\n---\ntitle: No Words\ndoi: 10.5555/x.1\n---\n", "notes"),
    "csv": (f'title,abstract\nTides,"{TIDE}"\nNo Words,\n', "a table"),
    "csl-json": (
        json.dumps([{"title": "Tides", "abstract": TIDE, "issued": {}}, {"title": "No Words", "issued": {}}]),
        "a CSL-JSON file",
    ),
    "zotero-json": (
        json.dumps([{"itemType": "preprint", "title": "Tides", "abstractNote": TIDE},
                    {"itemType": "preprint", "title": "No Words", "abstractNote": ""}]),
        "a Zotero file",
    ),
    "semantic-scholar": (
        json.dumps({"data": [{"paperId": "a", "title": "Tides", "abstract": TIDE},
                             {"paperId": "b", "title": "No Words", "abstract": None}]}),
        "a reply of Semantic Scholar",
    ),
    "openalex": (
        json.dumps({"results": [
            {"display_name": "Tides", "abstract_inverted_index": {"Tides": [0], "come.": [1]}, "authorships": []},
            {"display_name": "No Words", "abstract_inverted_index": None, "authorships": []}]}),
        "a reply of OpenAlex",
    ),
    "crossref": (
        json.dumps({"message": {"items": [{"title": ["Tides"], "abstract": TIDE, "reference-count": 1},
                                          {"title": ["No Words"], "reference-count": 0}]}}),
        "a reply of Crossref",
    ),
    "arxiv-json": (
        lines({"entry_id": "http://arxiv.org/abs/2604.00001v1", "title": "Tides", "summary": TIDE},
              {"entry_id": "http://arxiv.org/abs/2604.00002v1", "title": "No Words", "summary": ""}),
        "a list of arXiv papers",
    ),
}  # fmt: skip


def test_every_format_has_an_example() -> None:
    assert set(SOURCES) == set(FORMATS)


@pytest.mark.parametrize("name", SOURCES)
def test_each_format_is_named_and_its_counts_add_up(name: str) -> None:
    text, human = SOURCES[name]
    reading = read_text(text)
    assert (reading.format, len(reading.papers), len(reading.rejects)) == (name, 1, 1)
    assert reading.what == f"{human}: 1 paper, 1 without abstract"


@pytest.mark.parametrize(
    ("name", "many"),
    [
        ("bibtex", "3 BibTeX files"),
        ("csv", "3 tables"),
        ("markdown", "3 files of notes"),
        ("daily-page", "3 Daily Papers pages"),
        ("acl-xml", "3 files of the ACL Anthology"),
        ("openalex", "3 replies of OpenAlex"),
        ("paper-json", "3 files of JSON records"),
        ("hub-json", "3 files of the Hub's own JSON"),
    ],
)
def test_several_files_are_named_together(name: str, many: str) -> None:
    assert in_words(name, Count(3, 1200, 0, 2)) == f"{many}: 1,200 papers, 2 not read"


def added(capsys: pytest.CaptureFixture[str], arguments: Sequence[str]) -> list[str]:
    assert main(["add", *arguments]) == 1
    return [line for line in capsys.readouterr().err.splitlines() if line.endswith(".")]


def test_each_source_of_the_command_line_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "refs").mkdir()
    for place in ("one.bib", "refs/two.bib", "refs/three.bib"):
        (tmp_path / place).write_text(SOURCES["bibtex"][0])
    (tmp_path / "refs/four.ris").write_text(SOURCES["ris"][0])
    (tmp_path / "refs/letter.txt").write_text("Dear Ada, the tide is late.")
    said = added(capsys, [str(tmp_path / "one.bib"), str(tmp_path / "refs")])
    assert said == [
        f"{tmp_path}/one.bib: a BibTeX file: 1 paper, 1 without abstract.",
        f"{tmp_path}/refs: a RIS file: 1 paper, 1 without abstract.",
        f"{tmp_path}/refs: 2 BibTeX files: 2 papers, 2 without abstract.",
    ]


def test_a_file_that_is_read_in_parts_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.sources.records.json_stream.WHOLE", 2000)
    monkeypatch.setattr("index.sources.records.json_stream.LINES", 20)
    file = tmp_path / "many.jsonl"
    file.write_text(lines(*({"title": f"Tides {n}", "abstract": TIDE} for n in range(90)), {"title": "No Words"}))
    readings = list(read_files(file))
    assert len(readings) > 1
    assert sum((reading.count for reading in readings), Count()) == Count(1, 90, 1, 0)
