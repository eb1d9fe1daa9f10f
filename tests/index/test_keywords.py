"""Keywords and code links, from whatever names them, and out again."""

import html
import json
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.export import to_bibtex, to_csv, to_jsonl
from index.export_notes import to_markdown
from index.export_records import to_csl_json, to_ris
from index.library import Library
from index.paper import Paper
from index.sources import Reading, read_text

TIDE = {"title": "Tides", "abstract": "The tide keeps 3.1 GB warm."}
CODE = "https://github.com/tide/caches"


def one(text: str) -> Paper:
    (paper,) = read_text(text).papers
    return paper


def hub(**more: object) -> dict[str, object]:
    return {
        "id": "2604.00001",
        "title": "Tides",
        "summary": TIDE["abstract"],
        "publishedAt": "2026-04-10T00:00:00Z",
    } | more


@pytest.mark.parametrize("nested", [True, False])
@pytest.mark.parametrize("name", ["ai_keywords", "keywords", "aiKeywords"])
def test_the_hubs_own(name: str, nested: bool) -> None:
    fields = hub(**{name: ["tide caches", "serving", "Serving", "  ", 7]}, githubRepo=CODE, githubStars=4, upvotes=31)
    paper = one(json.dumps({"paper": fields, "title": "Tides"} if nested else fields))
    assert (paper.keywords, paper.code_url, paper.upvotes) == (("tide caches", "serving"), CODE, 31)


def test_a_saved_page_of_the_hub() -> None:
    props = {
        "dateString": "2026-04-14",
        "dailyPapers": [{"paper": hub(ai_keywords=["tides"], githubRepo=CODE, upvotes=9)}],
    }
    page = f'<!doctype html><html><body><div data-props="{html.escape(json.dumps(props))}"></div></body></html>'
    paper = one(page)
    assert (paper.keywords, paper.code_url, paper.upvotes, paper.posted) == (("tides",), CODE, 9, "2026-04-14")


@pytest.mark.parametrize(
    ("record", "keywords"),
    [
        ({"keywords": "tide caches, serving; long talks"}, ("tide caches, serving", "long talks")),
        ({"keywords": "tides, serving"}, ("tides", "serving")),
        ({"Author Keywords": "tides; serving", "Index Keywords": "caches; Tides"}, ("tides", "serving", "caches")),
        ({"DOI": "10.5555/1", "keyword": "tides,serving"}, ("tides", "serving")),
        ({"itemType": "preprint", "tags": [{"tag": "tides", "type": 1}, {"tag": "cs.CL"}]}, ("tides",)),
        ({"tags": ["mine"]}, ()),
        ({"keywords": [{"display_name": "Tide", "score": 0.9}], "authorships": [], "topics": [{"display_name": "Sea"}]},
         ("Tide",)),
        ({"topics": [{"display_name": "Sea"}], "authorships": []}, ("Sea",)),
        ({"paperId": "a", "fieldsOfStudy": ["Computer Science"], "s2FieldsOfStudy": [{"category": "Computer Science"}]},
         ("Computer Science",)),
        ({"entry_id": "http://arxiv.org/abs/2604.00001v1", "categories": ["cs.CL", "cs.AI"]}, ("cs.CL", "cs.AI")),
        ({"id": "2604.00001", "authors_parsed": [["Lee", "Ada", ""]], "categories": "cs.CL hep-th q-bio.NC"},
         ("cs.CL", "hep-th", "q-bio.NC")),
        ({"keywords": ["cs.CL", "node.js", "physics.comp-ph"]}, ("node.js",)),
        ({"reference-count": 1, "subject": ["Oceanography"]}, ("Oceanography",)),
        ({"keywords": {"a": 1}}, ()),
        ({"keywords": 7}, ()),
        ({"keywords": [["tides"], None, {"x": []}]}, ()),
        ({"keywords": [f"word {n}" for n in range(101)]}, tuple(f"word {n}" for n in range(100))),
        ({"keywords": ["x" * 201, "tides"]}, ("tides",)),
    ],
)  # fmt: skip
def test_json_records(record: dict[str, object], keywords: tuple[str, ...]) -> None:
    paper = one(json.dumps(TIDE | {"n": 1} | record))
    assert paper.keywords == keywords


def test_what_is_left_out_is_told() -> None:
    reading = read_text(json.dumps(TIDE | {"keywords": "a; " + "x" * 201, "code": "see the appendix", "n": 1}))
    assert [notice.split()[0] for notice in reading.notices] == ["code_url", "keywords"]


@pytest.mark.parametrize(
    ("text", "keywords", "code"),
    [
        ("@misc{t, title={Tides}, abstract={The tide.}, keywords={Tide caches, {N}LP \\& more}, code={" + CODE + "}}",
         ("Tide caches", "NLP & more"), CODE),
        ("@misc{t, title={Tides}, abstract={The tide.}, keywords={Computer Science - Machine Learning, tides}}",
         ("tides",), None),
        ("@misc{t, title={Tides}, abstract={The tide.}, keywords={Computer Science - Machine Learning}}",
         ("Computer Science - Machine Learning",), None),
        ("TY  - JOUR\nTI  - Tides\nAB  - The tide.\nKW  - tides\nKW  - Neoplasms, Experimental\nER  - \n",
         ("tides", "Neoplasms, Experimental"), None),
        ("TY  - JOUR\nTI  - Tides\nAB  - The tide.\nKW  - tides\n      serving\nER  - \n", ("tides", "serving"), None),
        ("PMID- 1\nTI  - Tides\nAB  - The tide.\nMH  - *Tides/physiology\nOT  - serving\n",
         ("serving", "Tides/physiology"), None),
        ("Title,Abstract,Keywords,Code Link\nTides,The tide.,tides; serving,github.com/tide/caches\n",
         ("tides", "serving"), CODE),
        ("---\ntitle: Tides\nabstract: The tide.\nkeywords: [tides, serving]\ncode: https://x.example/a\n---\n",
         ("tides", "serving"), "https://x.example/a"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/2604.00001v1</id><title>Tides</title>'
         '<summary>The tide.</summary><category term="cs.CL"/><category term="cs.AI"/></entry></feed>',
         ("cs.CL", "cs.AI"), None),
    ],
)  # fmt: skip
def test_text_formats(text: str, keywords: tuple[str, ...], code: str | None) -> None:
    paper = one(text)
    assert (paper.keywords, paper.code_url) == (keywords, code)


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "file:///etc/passwd", "tide/caches", "https://", "https://x y.example", 7, ["ftp://x.example"],
     "https://x.example/\"onload=", "https://" + "x" * 3000, {"url": "data:text/html,x"}],
)  # fmt: skip
def test_a_code_link_is_an_http_address_or_none(address: object) -> None:
    for record in (TIDE | {"code_url": address}, {"paper": hub(githubRepo=address)}):
        assert one(json.dumps(record)).code_url is None


def test_categories_do_not_take_the_place_of_keywords() -> None:
    tides = Paper(**TIDE, id="arxiv:2604.00001", keywords=("cs.CL",))
    with Library.open() as library:
        for keyword, kept in (("cs.CL", "cs.CL"), ("tides", "tides"), ("cs.AI", "tides"), ("seas", "seas")):
            library.add([tides.with_(keywords=(keyword,))])
            library.add([tides.with_(keywords=())])
            assert library.papers()[0].keywords == (kept,)


_WORD = st.text(st.characters(categories=["L", "N"], max_codepoint=0x2FF), min_size=1, max_size=8)
_PHRASE = st.lists(_WORD, min_size=1, max_size=3).map(" ".join)
_KEYWORD = st.one_of(_PHRASE, st.tuples(_PHRASE, _PHRASE).map(", ".join), st.tuples(_WORD, _WORD).map("-".join))
_EXPORTS: list[Callable[[Iterable[Paper]], str]] = [to_bibtex, to_csv, to_jsonl, to_markdown, to_csl_json, to_ris]


def _read(write: Callable[[Iterable[Paper]], str], paper: Paper) -> Reading:
    return read_text(write([paper]))


@settings(max_examples=60)
@given(
    keywords=st.lists(_KEYWORD, max_size=5, unique_by=str.casefold),
    code=st.sampled_from([None, CODE, f"{CODE}_a#b?c=d&e=%7B"]),
)
def test_every_export_reads_back_the_same(keywords: list[str], code: str | None) -> None:
    paper = Paper(
        **TIDE, id="arxiv:2604.00001", keywords=tuple(keywords), code_url=code, source="x", organization="Lab",
        posted="2026-04-14", published="2026-04-13", comments=1, upvotes=2, author_count=3,
    )  # fmt: skip
    for write in _EXPORTS:
        (read,) = _read(write, paper).papers
        assert (read.keywords, read.code_url) == (paper.keywords, paper.code_url), write.__name__
