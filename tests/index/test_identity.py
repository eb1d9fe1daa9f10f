"""Which records are of one paper: told by ids, by versions, by titles where there is no id."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from invented import invented_paper, invented_papers

from index import Library, Paper
from index.ids import canonical_id, id_in_url, title_id, version_in
from index.same_work import same_work
from index.sources import read_text


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "home", "hashing") as library:
        yield library


def agrees(library: Library) -> bool:
    return library.status(verify=True).agree is True


SPELLINGS = {
    "arxiv:2401.00001": (
        "2401.00001", "2401.00001v2", "arXiv:2401.00001v2 [cs.CL]", "arXiv:2401.00001v1 [cs.CL] 12 Jan 2024",
        "10.48550/arXiv.2401.00001", "10.48550/ARXIV.2401.00001v3", "doi:10.48550/arXiv.2401.00001",
        "https://doi.org/10.48550/arXiv.2401.00001v1", "https://dx.doi.org/10.48550%2FarXiv.2401.00001",
        "http://export.arxiv.org/abs/2401.00001v1", "arxiv.org/pdf/2401.00001v4.pdf", "hf.co/papers/2401.00001",
        "https://www.arxiv.org/html/2401.00001v1#S1", "https://huggingface.co/papers/2401.00001?ref=x",
        "https://www.alphaxiv.org/abs/2401.00001", "arXiv: 2401.00001", "https://api.semanticscholar.org/arXiv:2401.00001",
        "<https://arxiv.org/abs/2401.00001>", "2401.00001.",
    ),
    "arxiv:cs/0101001": ("cs.CL/0101001", "CS.CL/0101001v2", "cs/0101001", "https://arxiv.org/abs/cs.CL/0101001"),
    "arxiv:hep-th/9901001": ("hep-th/9901001", "HEP-TH/9901001v3", "https://arxiv.org/pdf/hep-th/9901001v1.pdf"),
    "doi:10.1145/3292500.3330919": (
        "10.1145/3292500.3330919", "DOI:10.1145/3292500.3330919.", "doi: 10.1145/3292500.3330919;",
        "https://doi.org/10.1145/3292500.3330919?nosfx=y", "http://dx.doi.org/10.1145/3292500.3330919",
        "doi.org/10.1145%2F3292500.3330919", "https://dl.acm.org/doi/pdf/10.1145/3292500.3330919",
    ),
    "doi:10.1016/s0140-6736(05)12345-6": ("10.1016/S0140-6736(05)12345-6", "10.1016/S0140-6736(05)12345-6)."),
}  # fmt: skip


@pytest.mark.parametrize(("canonical", "text"), [(c, text) for c, texts in SPELLINGS.items() for text in texts])
def test_every_spelling_of_an_id_is_the_same(canonical: str, text: str) -> None:
    assert canonical_id(text) == canonical
    if "/" in text and "." in text.partition("/")[0] and text[0].isalpha() and "://" in text:
        assert id_in_url(text) == canonical


@pytest.mark.parametrize(
    "text", ["example.com/1234567", "2020.acl-main.1", "12.5", "10.1145/", "https://openalex.org/W4"]
)
def test_what_is_no_id_is_none(text: str) -> None:
    assert canonical_id(text) is None


def test_versions_are_read_from_every_spelling() -> None:
    for text in (
        "2401.00001v3",
        "https://arxiv.org/abs/2401.00001v3",
        "10.48550/arXiv.2401.00001v3",
        "cs.CL/0101001v3",
    ):
        assert version_in(text) == 3
    assert version_in("2401.00001") is version_in("https://github.com/a/b/v3") is version_in(None) is None


def test_a_record_with_two_ids_joins_two_papers(library: Library) -> None:
    by_doi = invented_paper(1, id="doi:10.5555/conf.1", posted="2025-01-06", upvotes=3)
    by_arxiv = invented_paper(2, id="arxiv:2501.04567", posted="2025-01-13")
    library.add([by_doi, by_arxiv, *invented_papers(5, start=10)])
    assert library.count() == 7
    both = invented_paper(2, id="10.5555/CONF.1", ids=("arxiv:2501.04567v2",), title="Another Title", upvotes=4)
    report = library.add([both])
    assert (report.new, report.updated) == ((), ("arxiv:2501.04567",))
    assert any("doi:10.5555/conf.1" in notice and "one paper" in notice for notice in report.notices)
    assert library.count() == 6
    paper = library.get("10.5555/conf.1")
    assert paper == library.get("2501.04567v7") == library.papers_by_id(["arxiv:2501.04567"])["arxiv:2501.04567"]
    assert set(paper.ids) == {"arxiv:2501.04567", "doi:10.5555/conf.1"}
    assert (paper.title, paper.upvotes, paper.posted_days) == ("Another Title", 4, ("2025-01-06", "2025-01-13"))
    assert [h.paper.id for h in library.search("Another Title")].count(paper.id) == 1
    assert len(library.sources(paper.id)) == 3
    assert agrees(library)
    assert library.add([by_arxiv.with_(title="Another Title"), both]).new == ()
    assert library.count() == 6


def test_the_arxiv_id_leads_whatever_came_first(library: Library) -> None:
    library.add([invented_paper(1, id="doi:10.5555/a.1")])
    library.add([invented_paper(1, id="doi:10.5555/a.1", url="https://arxiv.org/abs/2501.00009v2")])
    (paper,) = library.papers()
    assert (paper.id, paper.version) == ("arxiv:2501.00009", 2)
    assert library.get("doi:10.5555/a.1") == paper
    assert agrees(library)


def test_given_ids_that_no_record_joins_stay_apart(library: Library) -> None:
    one = invented_paper(1, id="arxiv:2501.00001")
    same_text = one.with_(id="doi:10.5555/b.1")
    own = one.with_(id="mine-1", url="https://example.org/1")
    assert len(library.add([one, same_text, own]).new) == 3
    assert library.count() == 3


def test_two_arxiv_papers_with_one_doi_stay_two_and_the_report_says_so(library: Library) -> None:
    one = invented_paper(1, id="arxiv:2501.00001", ids=("10.5555/volume.1",))
    other = invented_paper(2, id="arxiv:2501.00002", ids=("10.5555/volume.1",))
    report = library.add([one, other])
    assert set(report.new) == {one.id, other.id}
    assert "doi:10.5555/volume.1 stays the id of arxiv:2501.00001" in report.notices[0]
    assert library.get("10.5555/volume.1").id == one.id
    assert library.add([one, other]).unchanged == (one.id, other.id)


def test_one_paper_under_four_ids(library: Library) -> None:
    paper = Paper(
        title="TideCache: Keys that Ebb",
        abstract="TideCache drops keys that nobody reads. It halves the memory of long talks.",
        id="arxiv:2501.04567",
    )
    others = [paper.with_(id="10.48550/arXiv.2501.04567"), paper.with_(id="2501.04567v2")]
    journal = paper.with_(id="https://openalex.org/W44", url="https://doi.org/10.5555/conf.2025.99")
    assert library.add([paper, *others]).new == (paper.id,)
    assert library.count() == 1
    assert not library.sources(paper.id)  # they say the same
    assert library.add([journal]).new == (journal.id,)  # no record joins them
    assert library.get("10.5555/conf.2025.99").id == journal.id
    joint = paper.with_(ids=("doi:10.5555/conf.2025.99",))
    assert library.add([joint]).updated == (paper.id,)
    assert library.count() == 1
    assert library.get(journal.id) == library.get("10.5555/conf.2025.99") == library.get("2501.04567")
    assert agrees(library)


@pytest.mark.parametrize("at_once", [True, False])
def test_the_newest_version_stays_whatever_order_they_come_in(library: Library, at_once: bool) -> None:
    third = Paper(
        title="SlimFold", abstract="It saves 62 % of it.", id="arxiv:2501.04567", version=3, authors=("A. B",)
    )
    first = Paper(
        title="SlimFold Draft", abstract="It saves 48 % of it.", url="https://arxiv.org/abs/2501.04567v1", upvotes=7
    )
    for batch in [[third, first]] if at_once else [[third], [first]]:
        library.add(batch)
    (paper,) = library.papers()
    assert (paper.title, paper.version, paper.authors, paper.upvotes) == ("SlimFold", 3, ("A. B",), 7)
    assert {s.id for s in library.sources(paper.id)} == {"arxiv:2501.04567v3", "arxiv:2501.04567v1"}
    fourth = third.with_(version=4, abstract="It saves 70 % of it.")
    assert library.add([fourth]).updated == (paper.id,)
    assert library.add([first, third]).updated == ()
    assert library.get(paper.id).sentences[0].text == "It saves 70 % of it."
    unknown = Paper(title="SlimFold", abstract="It saves 71 % of it.", id=paper.id)
    library.add([unknown])
    assert library.get(paper.id).abstract == unknown.abstract
    assert agrees(library)


SURVEY = "A Short Course on Tides"
SPEECH = Paper(
    title=SURVEY,
    abstract="We teach harmonic analysis of sea levels to engineers. A gauge with five constituents errs by 3.1 cm.",
    authors=("L. Example", "B. Sample"),
)
GENES = Paper(
    title=SURVEY,
    abstract="This unit follows moon phases in folk songs of Brittany. Pupils name 91 % of the verses.",
    authors=("S. Other",),
)


def test_two_papers_of_one_title_are_two_and_stay_two(library: Library) -> None:
    report = library.add([SPEECH, GENES])
    second = title_id(SURVEY, GENES.abstract)
    assert report.new == (title_id(SURVEY), second)
    assert any(title_id(SURVEY) in notice and second in notice for notice in report.notices)
    assert library.count() == 2
    for _ in range(2):
        assert library.add([SPEECH, GENES]).unchanged == (title_id(SURVEY), second)
        assert library.add([GENES, SPEECH]).unchanged == (second, title_id(SURVEY))
    assert library.count() == 2
    assert {library.get(i).authors for i in report.new} == {SPEECH.authors, GENES.authors}
    assert agrees(library)


def test_a_record_without_id_joins_the_paper_of_its_title_only_where_it_is_alike(library: Library) -> None:
    given = SPEECH.with_(id="doi:10.5555/tides.1")
    library.add([given])
    assert library.add([GENES]).new == (title_id(SURVEY),)
    shorter = SPEECH.with_(abstract=SPEECH.abstract.split(". ")[0] + ".", authors=("Example, L.",))
    report = library.add([shorter])
    assert report.updated == (given.id,)
    assert any("taken for one paper" in notice for notice in report.notices)
    assert library.count() == 2


ALIKE = Paper(
    title="Müller Tides: a Model of $O(n)$ Waves",
    abstract="We present a model of tidal waves that needs no grid. It runs in $O(n \\log n)$ and is 2.7\\times faster "
    "than the grid of Ångström et al. On eight coasts the mean error falls from 5.2 cm to 3.1 cm. Code is released.",
    authors=("Ada Example", "Bernd Müller", "Chen Wei"),
    organization="Coast Lab",
)


@pytest.mark.parametrize(
    "changes",
    [
        {"authors": ("A. Example", "B. Muller", "W. Chen")},
        {"authors": ("Example, Ada", "Müller, Bernd")},
        {"authors": ("Coast Lab",)},
        {"authors": ("The Tides Team",)},
        {"authors": ("Anonymous Authors",)},
        {"authors": ("艾达", "贝恩德")},
        {"authors": ()},
        {"abstract": ALIKE.abstract.split(". ")[0] + "."},
        {"abstract": ALIKE.abstract.replace("$O(n \\log n)$", "O(n log n)").replace("2.7\\times", "2.7×")},
        {"abstract": "Tidal waves are modelled without any grid. Errors fall from 5.2 to 3.1 cm on eight coasts."},
        {"abstract": ALIKE.abstract.upper()},
        {"abstract": f"Abstract. {ALIKE.abstract} Comment: 12 pages, accepted at a workshop on seas."},
    ],
)
def test_edits_of_one_record_are_of_one_paper(changes: dict[str, object]) -> None:
    assert same_work(ALIKE, ALIKE.with_(**changes))
    assert same_work(ALIKE.with_(**changes), ALIKE)


@pytest.mark.parametrize(
    "changes",
    [
        {"authors": ("Zoe Other", "Yan Else")},
        {"authors": ("K. Example",)},
        {"abstract": "Songs of sailors name the moon in four verses out of ten. Our archive of ballads counts them.",
         "authors": ()},
    ],
)  # fmt: skip
def test_other_people_or_another_text_are_another_paper(changes: dict[str, object]) -> None:
    assert not same_work(ALIKE, ALIKE.with_(**changes))
    assert not same_work(ALIKE.with_(**changes), ALIKE)


FEED = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
<entry><id>http://arxiv.org/abs/2502.01111v3</id><published>2025-02-03T00:00:00Z</published>
<title>Reef: Slow Caches</title>
<summary>Reef keeps 71 % of the keys.</summary><author><name>Ada Example</name></author>
<arxiv:doi>10.5555/Reef.1</arxiv:doi></entry>
<entry><id>http://arxiv.org/abs/2502.01111v1</id><published>2025-02-03T00:00:00Z</published><title>Reef</title>
<summary>Reef keeps 40 % of the keys.</summary><author><name>Ada Example</name></author></entry>
</feed>"""


def test_in_a_feed_the_newest_version_stays_and_its_doi_leads_to_it(library: Library) -> None:
    papers = read_text(FEED).papers
    assert [p.version for p in papers] == [3, 1]
    library.add(papers)
    (paper,) = library.papers()
    assert (paper.title, paper.sentences[0].text) == ("Reef: Slow Caches", "Reef keeps 71 % of the keys.")
    assert library.get("10.5555/reef.1") == paper


@pytest.mark.parametrize(
    "record",
    [
        {"paperId": "9" * 40, "externalIds": {"ArXiv": "2502.01111", "DOI": "10.5555/Reef.1", "CorpusId": 1}},
        {"ids": {"openalex": "https://openalex.org/W1", "doi": "https://doi.org/10.5555/reef.1"}, "authorships": [],
         "locations": [{"landing_page_url": "http://arxiv.org/abs/2502.01111v2"}]},
        {"DOI": "10.5555/REEF.1", "indexed": {}, "relation": {"has-preprint": [
            {"id-type": "doi", "id": "10.48550/arXiv.2502.01111"}]}},
        {"entry_id": "http://arxiv.org/abs/2502.01111v4", "doi": "10.5555/reef.1"},
        {"id": "2502.01111", "doi": "10.5555/reef.1", "authors_parsed": [["Example", "Ada", ""]],
         "versions": [{"version": "v1"}, {"version": "v2"}]},
    ],
)  # fmt: skip
def test_services_hand_over_every_id(record: dict[str, object]) -> None:
    (paper,) = read_text(json.dumps({"title": "Reef", "abstract": "It keeps 71 % of the keys.", **record})).papers
    assert paper.ids == ("arxiv:2502.01111", "doi:10.5555/reef.1")
    spelt = json.dumps(record)
    assert paper.version == next((n for n in (4, 2) if f"v{n}" in spelt), None)


def test_the_hubs_keywords_and_code_are_kept() -> None:
    record = {"paper": {"id": "2502.01111", "title": "Reef", "summary": "It keeps keys.", "upvotes": 3,
                        "ai_keywords": ["caches", "keys"],
                        "githubRepo": "https://github.com/example/reef"}}  # fmt: skip
    (paper,) = read_text(json.dumps([record])).papers
    assert (paper.keywords, paper.code_url) == (("caches", "keys"), "https://github.com/example/reef")
    record["paper"] |= {"ai_keywords": "none", "githubRepo": 5}
    (paper,) = read_text(json.dumps([record])).papers  # a side field never costs the paper
    assert (paper.id, paper.code_url) == ("arxiv:2502.01111", None)


def test_a_paper_stands_in_every_week_in_which_it_was_posted(library: Library) -> None:
    paper = invented_paper(1, posted="2026-04-17", published="2026-04-10")
    library.add([paper, invented_paper(2, posted=None, published="2026-04-18")])
    assert library.add([paper.with_(posted="2026-04-24")]).updated == (paper.id,)
    assert [p.id for p in library.papers(week="2026-W17")] == [paper.id]
    assert len(library.papers(week="2026-W16")) == 2
    assert library.papers(week="2026-W15") == []
    assert library.weeks() == {"2026-W17": 1, "2026-W16": 2}
    assert library.week_days() == {"2026-04-17": 1, "2026-04-18": 1, "2026-04-24": 1}
    assert library.get(paper.id).posted == "2026-04-17"
    assert library.add([paper]).unchanged == (paper.id,)
