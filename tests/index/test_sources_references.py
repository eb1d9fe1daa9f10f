r"""What reference managers and services write, by others' hands (pybtex, rispy, the csv module, json): papers come back
whole, with any signs in their titles; entries that are broken cost only themselves.
"""

# ruff: noqa: E501 - records stand as they are written

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.export import to_bibtex, to_csv
from index.export_notes import to_markdown, write_notes
from index.export_records import to_csl_json, to_ris
from index.paper import Paper
from index.sources import FORMATS, UnknownFormat, read_text

TITLES = st.lists(
    st.sampled_from(
        "Row {Once} [2] | · 71% & $x^2$ and authors of C# snake_case ~5 \\alpha Zoë Łukasz 李雷 <b> 2.7× — – “so” it’s "
        "a-b (c) : ; , 12 ^ # @ = + 'q' … §".split(" ")
    ),
    min_size=1,
    max_size=9,
).map(" ".join)
NAMES = st.lists(
    st.sampled_from(
        ["Ada Example", "Zoë Müller", "Łukasz Öztürk", "Jan van der Roe", "李雷", "Seán O'Hara", "J.-P. Ng"]
    ),
    max_size=3,
    unique=True,
).map(tuple)
PAPERS = st.builds(
    Paper,
    title=TITLES.map(lambda text: f"On {text}"),
    abstract=TITLES.map(lambda text: f"We do {text}. It is 12% faster."),
    id=st.sampled_from(["arxiv:2404.01234", "doi:10.5555/a.b_c(1)", "doi:10.1002/x<y>2.0.co;2", None]),
    authors=NAMES,
    published=st.none() | st.dates().filter(lambda day: 1500 < day.year < 2100).map(str),
)


def by_bibtexparser(papers: list[Paper]) -> str:
    """The papers as bibtexparser writes them, their texts in LaTeX by pylatexenc."""
    from bibtexparser import Library, write_string
    from bibtexparser.model import Entry, Field
    from pylatexenc.latexencode import UnicodeToLatexEncoder

    latex = UnicodeToLatexEncoder(unknown_char_policy="keep", unknown_char_warning=False).unicode_to_latex
    entries = []
    for number, paper in enumerate(papers):
        fields = {"title": f"{{{latex(paper.title)}}}", "abstract": latex(paper.abstract), **_ids(paper)}
        fields |= {"date": paper.published} if paper.published else {}
        fields |= {"author": " and ".join(map(latex, paper.authors))} if paper.authors else {}
        entries.append(Entry("article", f"key{number}", [Field(name, value) for name, value in fields.items()]))
    return str(write_string(Library(entries)))


def by_pybtex(papers: list[Paper]) -> str:
    """The papers as pybtex writes them, which makes LaTeX of their texts itself."""
    from pybtex.database import BibliographyData, Entry, Person

    entries = {}
    for number, paper in enumerate(papers):
        fields = {"title": paper.title, "abstract": paper.abstract, **_ids(paper)}
        fields |= {"date": paper.published} if paper.published else {}
        people = [Person(author) for author in paper.authors]
        entries[f"key{number}"] = Entry("article", fields, {"author": people} if people else {})
    return str(BibliographyData(entries).to_string("bibtex"))


def _ids(paper: Paper) -> dict[str, str]:
    kind, _, name = paper.id.partition(":")
    return {"doi": name} if kind == "doi" else {"eprint": name, "archivePrefix": "arXiv"} if kind == "arxiv" else {}


def by_rispy(papers: list[Paper]) -> str:
    import rispy

    records = []
    for paper in papers:
        kind, _, name = paper.id.partition(":")
        record: dict[str, Any] = {"type_of_reference": "JOUR", "title": paper.title, "abstract": paper.abstract}
        record |= {"authors": [author.split()[-1] + ", " + " ".join(author.split()[:-1]) for author in paper.authors]}
        record |= {"doi": name} if kind == "doi" else {}
        record |= {"urls": [f"https://arxiv.org/abs/{name}"]} if kind == "arxiv" else {}
        record |= {"date": paper.published.replace("-", "/")} if paper.published else {}
        records.append(record)
    return str(rispy.dumps(records))


def by_csv(papers: list[Paper], separator: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(["Publication Date", "DOI", "Abstract", "arxiv_id", "Authors", "Title", "Pages"])
    for paper in papers:
        kind, _, name = paper.id.partition(":")
        doi, arxiv = name if kind == "doi" else "", name if kind == "arxiv" else ""
        writer.writerow([paper.published, doi, paper.abstract, arxiv, "; ".join(paper.authors), paper.title, "1-2"])
    return "\ufeff" + out.getvalue()


def by_json(papers: list[Paper]) -> list[str]:
    """The papers as Semantic Scholar, OpenAlex, Crossref and arxiv.py would tell them."""
    scholar, openalex, crossref, arxiv = [], [], [], []
    for paper in papers:
        kind, _, name = paper.id.partition(":")
        doi, number = (name, None) if kind == "doi" else (None, name if kind == "arxiv" else None)
        url = f"https://arxiv.org/abs/{number}" if number else None
        words: dict[str, list[int]] = {}
        for place, word in enumerate(paper.abstract.split()):
            words.setdefault(word, []).append(place)
        scholar.append({"paperId": "f00", "externalIds": {"ArXiv": number, "DOI": doi}, "title": paper.title,
                        "abstract": paper.abstract, "publicationDate": paper.published, "year": 2024 if paper.published else None,
                        "authors": [{"authorId": "1", "name": author} for author in paper.authors]})  # fmt: skip
        openalex.append({"id": "https://openalex.org/W1", "doi": doi and f"https://doi.org/{doi}", "title": paper.title,
                         "display_name": paper.title, "abstract_inverted_index": words, "publication_date": paper.published,
                         "primary_location": {"landing_page_url": url},
                         "authorships": [{"author": {"display_name": author}, "raw_author_name": author} for author in paper.authors]})  # fmt: skip
        parts = {"date-parts": [[int(part) for part in paper.published.split("-")]]} if paper.published else None
        crossref.append({"DOI": doi, "URL": url, "title": [paper.title], "abstract": paper.abstract, "published": parts,
                         "indexed": {"date-parts": [[2025, 1, 1]]}, "author": [{"name": author} for author in paper.authors]})  # fmt: skip
        arxiv.append({"entry_id": f"http://arxiv.org/abs/{number}v2" if number else "", "doi": doi, "title": paper.title,
                      "abstract": paper.abstract, "authors": list(paper.authors),
                      "published": paper.published and f"{paper.published} 10:00:00+00:00"})  # fmt: skip
    return [
        json.dumps({"total": 9, "offset": 0, "data": scholar}),
        json.dumps({"meta": {"count": 9}, "results": openalex, "group_by": []}, indent=2),
        json.dumps({"status": "ok", "message": {"total-results": 9, "items": crossref}}),
        "\n".join(json.dumps(record, indent=1) for record in arxiv),
    ]


def core(papers: Any) -> list[tuple[object, ...]]:
    return [(p.id, p.title, p.abstract, p.authors, p.published) for p in papers]


@settings(max_examples=40)
@given(papers=st.lists(PAPERS, min_size=1, max_size=3))
def test_what_others_write_comes_in_whole(papers: list[Paper]) -> None:
    told = [by_bibtexparser(papers), by_rispy(papers), *(by_csv(papers, sign) for sign in ",;\t"), *by_json(papers)]
    for text in told:
        reading = read_text(text)
        assert core(reading.papers) == core(papers), text
        assert not reading.rejects


@settings(max_examples=40)
@given(papers=st.lists(PAPERS, min_size=1, max_size=3))
def test_bibtex_that_pybtex_writes_comes_in_whole(papers: list[Paper]) -> None:
    as_text = str.maketrans(dict.fromkeys("{}$\\^~<>_#", "+"))  # pybtex leaves to its caller what is LaTeX's own
    plainer = [p.with_(title=p.title.translate(as_text), abstract=p.abstract.translate(as_text)) for p in papers]
    plainer = [
        p.with_(id=p.id if ":" in p.id and not p.id.startswith("title") and "<" not in p.id else None) for p in plainer
    ]
    reading = read_text(by_pybtex(plainer))
    assert core(reading.papers) == core(plainer), by_pybtex(plainer)


FULL = st.builds(
    lambda paper, **more: paper.with_(**more),
    PAPERS,
    id=st.sampled_from(["arxiv:2404.01234", "doi:10.5555/a.b", "x1", "17"]),
    organization=st.none() | TITLES,
    posted=st.none() | st.just("2024-06-03"),
    url=st.sampled_from(["https://x.example/a_b%20c?d=1&e=2#f", "https://arxiv.org/abs/2404.01234"]),
    comments=st.none() | st.integers(0, 99),
    upvotes=st.none() | st.integers(0, 99),
    source=st.just("daily-page"),
)


@settings(max_examples=40)
@given(papers=st.lists(FULL, min_size=1, max_size=3))
def test_every_format_out_reads_back_the_same(papers: list[Paper]) -> None:
    for write in (to_bibtex, to_csv, to_ris, to_csl_json, to_markdown):
        reading = read_text(write(papers))
        assert list(reading.papers) == papers, write(papers)
        assert not reading.rejects
        assert not reading.notices


def test_others_read_what_is_written() -> None:
    import rispy
    from pybtex.database import parse_string

    paper = Paper(title="Row & {Once}", abstract="We do 5%.", id="doi:10.5555/a.b", authors=("Jan van der Roe", "The Lab"),
                  published="2024-05-17", organization="Lab")  # fmt: skip
    (record,) = rispy.loads(to_ris([paper]))
    assert record["title"] == paper.title
    assert record["authors"] == ["van der Roe, Jan", "The Lab,"]
    assert (record["doi"], record["date"]) == ("10.5555/a.b", "2024/05/17/")
    (entry,) = parse_string(to_bibtex([paper]), "bibtex").entries.values()
    assert entry.fields["doi"] == "10.5555/a.b"
    assert str(entry.persons["author"][0]) == "van der Roe, Jan"
    (item,) = json.loads(to_csl_json([paper]))
    assert item["author"] == [{"family": "van der Roe", "given": "Jan"}, {"literal": "The Lab"}]
    assert item["issued"] == {"date-parts": [[2024, 5, 17]]}


BIBTEX = r"""
% a comment
@string{acl = "Association"}
@comment{jabref-meta: databaseType:bibtex;}
@inproceedings{one-2020, title = "{TIDE}: {\'E}tude of \emph{Waves} at 12\%", author = "M{\"u}ller, J{\"o}rg and {Big and Bold} and Doe, Jr., Jane and others",
  abstract = "We show $O(n^2)$ --- or {\textasciitilde}3{\%}.", month = jul, year = 2020, publisher = acl # ", Inc.", doi = {10.5555/ONE}}
@article{broken, title = {Never closed, abstract = {x}
@article{bare, title={No Abstract}, year=2020}
@misc(round, title={In Rounds}, abstract={We do.}, year=2020, month="17~" # may, eprint={2401.00001v3}, archivePrefix={arXiv})
@incollection{child, title={A Chapter}, abstract={We do more.}, crossref={parent}}
@book{parent, title={The Book}, year=2021, month=3, day=4}
"""


def test_bibtex_with_all_its_turns() -> None:
    reading = read_text(BIBTEX, place="mine.bib")
    one, rounds, child = reading.papers
    assert (one.title, one.id) == ("TIDE: Étude of Waves at 12%", "doi:10.5555/one")
    assert one.abstract == "We show $O(n^2)$ — or ~3%."
    assert one.authors == ("Jörg Müller", "Big and Bold", "Jane Doe Jr.")
    assert (rounds.id, rounds.published) == ("arxiv:2401.00001", "2020-05-17")
    assert (child.title, child.published) == ("A Chapter", "2021-03-04")
    assert [r.place for r in reading.rejects] == [
        "mine.bib, line 7",
        "mine.bib, line 8 (bare)",
        "mine.bib, line 11 (parent)",
    ]
    assert "broken entry" in reading.rejects[0].reason
    assert reading.notices == ("mine.bib: published names no whole day and was left out: line 5 (one-2020) (2020-07)",)
    assert reading.what == "a BibTeX file: 3 papers, 2 without abstract, 1 not read"


def test_ris_of_several_hands() -> None:
    text = (
        "TY  - JOUR\r\nT1  - Ripple\r\nA1  - Okafor, Nneka\r\nN2  - We do\r\n more.\r\nY1  - 2024/05/17/Spring\r\n"
        "DO  - https://doi.org/10.5555/R\r\nER  - \r\n\r\nTY  - CONF\r\nTI  - Second\r\nAB  - Yes.\r\nAU  - The Lab,\r\n"
        "PY  - 2024\r\nDA  - May 17\r\nUR  - https://arxiv.org/abs/2401.00001v2\r\nER  -\r\n"
    )
    first, second = read_text(text).papers
    assert (first.title, first.abstract, first.id) == ("Ripple", "We do more.", "doi:10.5555/r")
    assert (first.authors, first.published) == (("Nneka Okafor",), "2024-05-17")
    assert (second.id, second.authors, second.published) == ("arxiv:2401.00001", ("The Lab",), "2024-05-17")


def test_a_row_whose_cells_stand_under_the_wrong_names_is_no_paper() -> None:
    text = (
        "title,authors,year,abstract\nRipple,Nneka Okafor,2024,We wade. Then we swim.,,\n"
        "Wake,Doe, Jane,2024,We sail.\nEddy,Ada Example,2024,We turn, and turn, and turn.\nTide,Ada Example\n"
    )
    reading = read_text(text)
    assert [(paper.title, paper.abstract) for paper in reading.papers] == [("Ripple", "We wade. Then we swim.")]
    assert [(reject.place, reject.reason.partition(":")[0]) for reject in reading.rejects] == [
        ("row 3", "has 5 cells under a header of 4"),
        ("row 4", "has 6 cells under a header of 4"),
        ("row 5: Tide", "has no abstract"),
    ]


def test_names_as_bibtex_writes_them_in_one_text() -> None:
    record = {"title": "Ripple", "abstract": "We wade.", "authors": "Doe, Jane and Okafor, Nneka and Roe, Jr., Ada"}
    (paper,) = read_text(json.dumps(record)).papers
    assert paper.authors == ("Jane Doe", "Nneka Okafor", "Ada Roe Jr.")


def test_two_formats_joined_in_one_file_are_said() -> None:
    bibtex = "@article{a,\n title={Ripple}, abstract={We wade.}\n}\n"
    ris = "TY  - JOUR\nTI  - Wake\nAB  - We sail.\nER  - \n"
    for text, line in ((bibtex + ris, 4), (ris + bibtex, 1)):
        reading = read_text(text)
        assert [paper.title for paper in reading.papers] == ["Ripple"]
        (lost,) = reading.rejects
        assert (lost.place, lost.reason.partition(",")[0]) == (f"line {line}", "begins a RIS file within a BibTeX file")


def test_pubmed() -> None:
    text = (
        "PMID- 123\nOWN - NLM\nDP  - 2024 May 17\nTI  - A trial of\n      feeding.\nLID - 10.1000/abc [doi]\n"
        "AB  - AIM: to see.\n      RESULTS: 5%.\nFAU - Doe, Jane\nAU  - Doe J\nAID - S1 [pii]\n\nPMID- 124\nTI  - None.\n"
    )
    reading = read_text(text)
    (paper,) = reading.papers
    assert (paper.id, paper.title) == ("doi:10.1000/abc", "A trial of feeding.")
    assert (paper.abstract, paper.authors) == ("AIM: to see. RESULTS: 5%.", ("Jane Doe",))
    assert (paper.published, reading.rejects[0].place) == ("2024-05-17", "PMID 124")


def test_the_anthologys_xml_and_arxivs_daily_feed() -> None:
    xml = (
        "<?xml version='1.0' encoding='UTF-8'?>\n<collection id='2020.acl'><volume id='main'><meta><year>2020</year>"
        "<month>July</month></meta><frontmatter><title>x</title></frontmatter><paper id='1'><title>On <fixed-case>B</fixed-case>ig</title>"
        "<author><first>Ada</first><last>Example</last></author><abstract>We <i>do</i> <tex-math>x^2</tex-math>.</abstract>"
        "<url>2020.acl-main.1</url><doi>10.18653/v1/2020.acl-main.1</doi></paper></volume></collection>"
    )  # fmt: skip
    (paper,) = read_text(xml).papers
    assert (paper.title, paper.abstract, paper.authors) == ("On Big", "We do $x^2$.", ("Ada Example",))
    assert paper.url == "https://aclanthology.org/2020.acl-main.1/"
    feed = (
        "<rss xmlns:arxiv='http://arxiv.org/schemas/atom' xmlns:dc='http://purl.org/dc/elements/1.1/' version='2.0'>"
        "<channel><title>cs.CL updates on arXiv.org</title><item><title>Tiles</title><link>https://arxiv.org/abs/2401.00001</link>"
        "<description>arXiv:2401.00001v2 Announce Type: {kind} \nAbstract: We tile.</description>"
        "<pubDate>Mon, 01 Jan 2024 00:00:00 -0500</pubDate><dc:creator>Ada Example, Bo Sample</dc:creator></item></channel></rss>"
    )  # fmt: skip
    (new,) = read_text(feed.format(kind="new")).papers
    assert (new.id, new.abstract, new.published) == ("arxiv:2401.00001", "We tile.", "2024-01-01")
    assert new.authors == ("Ada Example", "Bo Sample")
    reading = read_text(feed.format(kind="replace"))
    assert reading.papers[0].published is None
    assert "published is not told by the feed" in reading.notices[0]


def test_arxivs_snapshot_and_other_dumps() -> None:
    snapshot = {"id": "0704.0001", "submitter": "P. N.", "authors": "C. Bal\\'azs, E. Berger", "title": "Pairs of\n  Photons",
                "comments": "37 pages", "journal-ref": None, "doi": None, "abstract": "  We pair.\n", "update_date": "2008-11-26",
                "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
                "authors_parsed": [["Bal\\'azs", "C.", ""], ["Berger", "E.", "Jr."]]}  # fmt: skip
    reading = read_text("\n".join([json.dumps(snapshot)] * 2))
    assert reading.papers[0] == Paper(title="Pairs of Photons", abstract="We pair.", id="arxiv:0704.0001", source="arxiv-json", version=1,
                                      authors=("C. Balázs", "E. Berger Jr."), published="2007-04-02")  # fmt: skip
    assert not reading.notices
    hits = {
        "took": 3,
        "hits": {"total": 1, "hits": [{"_id": "a", "_source": {"title": "T", "abstract": "A.", "doi": "10.5555/x"}}]},
    }
    solr = {
        "responseHeader": {},
        "response": {"numFound": 1, "docs": [{"title": ["T"], "abstract": "A.", "doi": ["10.5555/x"]}]},
    }
    zotero = [{"key": "K", "data": {"itemType": "preprint", "title": "T", "abstractNote": "A.", "DOI": "10.5555/x", "date": "May 17, 2024",
                                    "creators": [{"creatorType": "author", "firstName": "Ada", "lastName": "Example"},
                                                 {"creatorType": "editor", "name": "Bo"}]}}]  # fmt: skip
    for record in (hits, solr, zotero, {"config": {}, "items": [zotero[0]["data"]]}):
        (paper,) = read_text(json.dumps(record)).papers
        assert (paper.title, paper.abstract, paper.id) == ("T", "A.", "doi:10.5555/x")
    assert (paper.authors, paper.published) == (("Ada Example",), "2024-05-17")


def test_notes_go_to_a_folder_and_what_was_written_in_them_stays(tmp_path: Path) -> None:
    paper = Paper(title="Row Once", abstract="We do.", authors=("Ada Example",), published="2024-05-17")
    assert write_notes(tmp_path / "notes", [paper]) == []
    note = tmp_path / "notes" / "example2024row.md"
    assert read_text(note.read_text(encoding="utf-8")).papers == (paper,)
    assert write_notes(tmp_path / "notes", [paper]) == []
    note.write_text(note.read_text(encoding="utf-8") + "\nMine.\n", encoding="utf-8")
    assert write_notes(tmp_path / "notes", [paper]) == [note]
    assert note.read_text(encoding="utf-8").endswith("Mine.\n")


def test_every_format_has_a_name_and_can_be_asked_for() -> None:
    assert {"bibtex", "ris", "nbib", "csv", "acl-xml", "arxiv-feed", "markdown", "csl-json", "openalex"} <= set(FORMATS)
    assert read_text(BIBTEX, format="bibtex").format == "bibtex"
    with pytest.raises(UnknownFormat):
        read_text("words", format="ris")
