"""Papers out: BibTeX that parses, CSV that a spreadsheet cannot run, JSONL that reads back exactly."""

import csv
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.export import to_bibtex, to_csv, to_jsonl
from index.export_notes import to_markdown
from index.export_records import to_csl_json, to_ris
from index.paper import Paper
from index.sources import read_text

ROW = Paper(
    title="Row Once: 71% of the Peak & {Tiled} $O(n^2)$ Softmax_v2",
    abstract="We read each row once.",
    authors=("Ann Doe", "Jan van der Roe", "Kernel and Compiler Group"),
    published="2026-04-14",
    url="https://arxiv.org/abs/2604.99991v2",
)
BARE = Paper(title="Pruned or Small?", abstract="Both.")


def bibtex_entries(text: str) -> dict[str, dict[str, str]]:
    """A strict reader of BibTeX: entries with keys, fields in balanced braces or bare words, nothing in between."""
    entries: dict[str, dict[str, str]] = {}
    at = 0
    while at < len(text.rstrip()):
        head = re.compile(r"@misc\{([^\s{},\"'#%~\\=]+),\n").match(text, at)
        assert head, text[at : at + 50]
        assert head[1] not in entries
        fields: dict[str, str] = {}
        at = head.end()
        while text[at] != "}":
            name = re.compile(r"  (\w+) = ").match(text, at)
            assert name, text[at : at + 50]
            start = at = name.end()
            depth = 0
            while depth or text[at] != ",":
                depth += (text[at] == "{") - (text[at] == "}")
                assert depth >= 0
                at += 1
            assert name[1] not in fields
            fields[name[1]] = text[start:at]
            at += 2
        entries[head[1]] = fields
        at = text.find("@", at) if "@misc{" in text[at:] else len(text)
    return entries


def test_bibtex() -> None:
    entries = bibtex_entries(to_bibtex([ROW, BARE]))
    assert list(entries) == ["doe2026row", "prunedsmall"]
    assert entries["doe2026row"] == {
        "title": r"{{Row Once: 71\% of the Peak \& \textbraceleft{}Tiled\textbraceright{} "
        r"\$O(n\textasciicircum{}2)\$ Softmax\_v2}}",
        "author": "{Ann Doe and Jan van der Roe and {Kernel and Compiler Group}}",
        "year": "{2026}",
        "month": "apr",
        "day": "{14}",
        "eprint": "{2604.99991}",
        "archivePrefix": "{arXiv}",
        "url": "{https://arxiv.org/abs/2604.99991v2}",
        "version": "{2}",
        "abstract": "{We read each row once.}",
    }
    assert entries["prunedsmall"] == {"title": "{{Pruned or Small?}}", "abstract": "{Both.}"}


def test_bibtex_of_a_doi_and_an_organisation() -> None:
    paper = Paper(
        title="FastNetV3: A Net", abstract="A.", id="doi:10.1/a_{b}", organization="Open & Lab", posted="2020-06-03"
    )
    assert bibtex_entries(to_bibtex([paper])) == {
        "fastnetv3-2020": {
            "title": "{{FastNetV3: A Net}}",
            "author": r"{{Open \& Lab}}",
            "organization": r"{Open \& Lab}",
            "year": "{2020}",
            "month": "jun",
            "doi": "{10.1/a_%7Bb%7D}",
            "url": "{https://doi.org/10.1/a_%7Bb%7D}",
            "abstract": "{A.}",
            "posted": "{2020-06-03}",
        }
    }


def test_bibtex_keys_never_repeat() -> None:
    papers = [ROW.with_(id=f"x{number}") for number in range(30)]
    keys = list(bibtex_entries(to_bibtex(papers)))
    assert keys[:3] == ["doe2026row", "doe2026row-a", "doe2026row-b"]
    assert keys[26:29] == ["doe2026row-z", "doe2026row-aa", "doe2026row-ab"]
    assert len(set(keys)) == 30


def test_bibtex_key_of_names_beyond_ascii() -> None:
    keys = bibtex_entries(to_bibtex([BARE.with_(authors=(name,)) for name in ("Zoë Müller", "Ng, Andrew", "李雷")]))
    assert list(keys) == ["mullerpruned", "ngpruned", "prunedsmall"]


def test_csv() -> None:
    rows = list(
        csv.DictReader(io.StringIO(to_csv([ROW.with_(abstract='Quotes ", commas\nand lines', upvotes=3), BARE])))
    )
    assert rows[0]["title"] == ROW.title
    assert rows[0]["abstract"] == 'Quotes ", commas and lines'
    assert rows[0]["authors"] == "Ann Doe; Jan van der Roe; Kernel and Compiler Group"
    assert (rows[0]["upvotes"], rows[0]["author_count"], rows[1]["upvotes"]) == ("3", "3", "")
    assert list(rows[0]) == list(ROW.to_dict())


@pytest.mark.parametrize(
    "text",
    ["=HYPERLINK(1)", "+1", "-Net: A Net", "@Net", "＝1+1", "＋1", "－1", "＠SUM(1)", "﹢1", "'=1", "''@x", "x", "'x"],
)
@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\u200b", "\ufeff ", "\u2060\u3000", "\u202e"])
def test_csv_runs_no_formula_in_any_column_and_keeps_the_text(text: str, before: str) -> None:
    hostile = before + text
    paper = Paper(
        title=f"{hostile} t", abstract=f"{hostile} a", id=hostile, authors=(hostile,), organization=hostile,
        url=hostile, source=hostile,
    )  # fmt: skip
    (row,) = csv.DictReader(io.StringIO(to_csv([paper])))
    for column in ("title", "abstract", "id", "authors", "organization", "url", "source"):
        cell = row[column]
        assert not re.match(r"[\s\u200b\ufeff\u2060\u202e]*[=+\-@＝＋－＠﹢]", cell)
        seen = re.sub("[\u200b\ufeff\u2060\u202e]", "", str(getattr(paper, column) if column != "authors" else hostile))
        guarded = re.match(r"'+\s*[=+\-@＝＋－＠﹢]", cell)
        assert (cell[1:] if guarded else cell) == seen


def test_what_is_invisible_leaves_with_no_export_but_jsonl() -> None:
    paper = BARE.with_(title="Pru\u200bned\U000e0041 \u202eor", authors=("A\u00adnn\ue000",), organization="L\u2060ab")
    for text in (to_csv([paper]), to_bibtex([paper])):
        assert not re.search("[\u200b\u202e\u00ad\u2060\ue000\U000e0041]", text)
        assert "Pruned or" in text
    assert read_text(to_jsonl([paper])).papers == (paper,)


def test_bibtex_fields_hold_what_they_are_given() -> None:
    escape = r"}}, @misc{evil, title = {x\\ \input{/etc/passwd} % # \" } @string{"
    paper = Paper(title=escape, abstract="A.", authors=(escape, "B"), organization=escape, url=f"https://x.example/{escape}",
                  id=f"doi:10.1/{escape}")  # fmt: skip
    (fields,) = bibtex_entries(to_bibtex([paper])).values()
    assert set(fields) == {"title", "author", "organization", "doi", "url", "abstract"}
    assert "\\input" not in fields["title"]


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
_OPTIONAL = st.none() | _TEXT
_DAY = st.none() | st.dates().map(lambda day: day.isoformat())
_COUNT = st.none() | st.integers(0, 10**9)
_PAPERS = st.builds(
    Paper,
    title=_TEXT.filter(lambda text: text.strip() != ""),
    abstract=_TEXT.filter(lambda text: text.strip() != ""),
    id=_OPTIONAL,
    authors=st.lists(_TEXT, max_size=3).map(tuple),
    author_count=_COUNT,
    organization=_OPTIONAL,
    published=_DAY,
    posted=_DAY,
    url=_OPTIONAL,
    comments=_COUNT,
    upvotes=_COUNT,
    source=st.text(st.characters(exclude_categories=["Cs"])),
)


@settings(max_examples=80)
@given(papers=st.lists(_PAPERS, min_size=1, max_size=3))
def test_jsonl_reads_back_exactly(papers: list[Paper]) -> None:
    reading = read_text(to_jsonl(papers))
    assert reading.papers == tuple(papers)
    assert not reading.rejects


@settings(max_examples=80)
@given(papers=st.lists(_PAPERS, max_size=3))
def test_bibtex_and_csv_of_any_papers_are_well_formed(papers: list[Paper]) -> None:
    assert len(bibtex_entries(to_bibtex(papers))) == len(papers)
    assert len(list(csv.DictReader(io.StringIO(to_csv(papers), newline="")))) == len(papers)


def test_half_a_character_does_not_stop_an_export() -> None:
    broken = BARE.with_(title="Half \ud800")
    for export in (to_jsonl, to_csv, to_bibtex):
        assert "Half" in export([broken]).encode().decode()


def test_jsonl_keeps_all_ids_days_and_versions_and_other_formats_the_ids() -> None:
    paper = ROW.with_(
        ids=("arxiv:2604.99991", "doi:10.5555/row.1", "title:0123456789abcdef"),
        keywords=("soft max", "tiling"),
        code_url="https://github.com/example/row",
        version=3,
        posted_days=("2026-04-17", "2026-04-24"),
        source="hub-json",
    )
    assert list(read_text(to_jsonl([paper])).papers) == [paper]
    for write in (to_csv, to_csl_json, to_markdown):
        (again,) = read_text(write([paper])).papers
        assert again.with_(title=paper.title) == paper, write
    for write in (to_bibtex, to_ris):
        (again,) = read_text(write([paper])).papers
        assert again.ids == paper.ids[:2]
        assert (again.keywords, again.posted) == (paper.keywords, paper.posted)


def test_bibtex_prints_letters_and_signs_as_commands_and_reads_them_back() -> None:
    title, people = "π0: Δ ≠ x⁴ in 30°", ("Łukasz Émile Ørsted", "Đo Mały", "Işık Wąs")
    paper = Paper(title=title, abstract="We test α here. It works. So it is.", authors=people, id="arxiv:2605.10000")
    entry = to_bibtex([paper])
    printed = [line for line in entry.splitlines() if line.lstrip().startswith(("title", "author"))]
    assert all(re.sub("[°⁴]", "", line).isascii() for line in printed)
    assert r"{\L}ukasz {\'{E}}mile {\O}rsted" in entry
    (read,) = read_text(entry).papers
    assert (read.title, read.authors) == (title, people)
