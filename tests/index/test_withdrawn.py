"""That a paper was withdrawn or retracted: in the words and fields in which sources say so, and no others."""

import json

import pytest

from index import Library, Paper
from index.sources import read_text
from index.withdrawn import WITHDRAWN, says_withdrawn


@pytest.mark.parametrize(
    "said",
    [
        "This paper has been withdrawn by the author due to a crucial error in equation 3",
        "This paper (arXiv:2401.00001) has been withdrawn",
        "This paper is being withdrawn due to an error",
        "This paper has now been withdrawn.",
        "This version has been withdrawn by arXiv administrators because of its license",
        "arXiv admin note: This submission has been withdrawn due to text reuse",
        "The paper has been withdrawn by the authors",
        "Withdrawn by the authors",
        "Withdrawn",
        "Paper withdrawn due to an error in Lemma 2",
        "Comment: Submission withdrawn from arXiv by the author",
        "Article retracted by the editor",
        "The authors have withdrawn this paper",
        "We withdraw this paper because of an error in Section 4",
        "I am withdrawing this paper as its main result is wrong",
        "12 pages, withdrawn",
        "Withdrawn, see arXiv:2401.00001",
        "Withdrawn due to errors, a new version will come",
        "Retracted because Theorem 3.1 is wrong. See the erratum",
    ],
)
def test_a_withdrawal_is_told_in_these_words(said: str) -> None:
    assert says_withdrawn(said)


@pytest.mark.parametrize(
    "said",
    [
        "We study why papers are retracted. Money was withdrawn, and this paper tells when.",
        "This paper tells of Vioxx, which was withdrawn from the market.",
        "This work shows that consent was withdrawn in 3% of cases.",
        "Withdrawn patients were counted apart.",
        "Retracted papers are still cited; we count them.",
        "8 pages; an earlier version was withdrawn from a conference",
        "Withdrawn from ICLR 2024, now under review",
        "This paper was not withdrawn.",
        "Withdrawn by the FDA in 2004, rofecoxib is still studied. We ask why.",
        "Withdrawn, anxious children speak less. We count their words.",
        "Withdrawn due to its risks, the drug is a warning. We tell of it.",
        "Retracted as soon as it touches, the probe lasts. It is cheap.",
        "The article was retracted by the Lancet in 2010. We count who cites it.",
        "Its co-authors have retracted the paper, yet it is cited. We ask why.",
        "A ministry wrote a report. This report was withdrawn a year later.",
        "Once a flaw was found, this version was withdrawn by the vendor.",
    ],
)
def test_other_withdrawals_are_none_of_the_paper(said: str) -> None:
    assert not says_withdrawn(said)


@pytest.mark.parametrize(
    ("title", "withdrawn"),
    [
        ("RETRACTED: Loud Birds", True),
        ("RETRACTED ARTICLE: Loud Birds", True),
        ("RETRACTED CHAPTER: Loud Birds", True),
        ("[Retracted] Loud Birds", True),
        ("WITHDRAWN—Loud Birds", True),
        ("Loud Birds [RETRACTED]", True),
        ("Loud Birds (Retracted article. See vol. 3, 2020)", True),
        ("RETRACTED Loud Birds", True),
        ("Loud Birds (withdrawn by the authors)", True),
        ("What Becomes of Trials (Withdrawn or Ended)", False),
        ("Poor Company (Retracted Papers Included)", False),
        ("Withdrawn. What patients say", False),
        ("Withdrawn – a study of quitting", False),
        ("WITHDRAWN PATIENTS", False),
        ("Retracted Papers", False),
        ("Retracted articles: who cites them?", False),
        ("Retraction Note: Loud Birds", False),
    ],
)
def test_a_title_tells_it(title: str, withdrawn: bool) -> None:
    assert Paper(title=title, abstract="Birds are loud.").is_withdrawn is withdrawn


TEXT = {"title": "Loud Birds", "abstract": "Birds are loud. They sing at night."}
SNAPSHOT = TEXT | {"id": "2401.00008", "authors": "A B", "categories": "cs.SD", "update_date": "2024-01-01"}
FIELDS = {
    "arXiv's snapshot": SNAPSHOT | {"comments": "This paper has been withdrawn by the author", "versions": []},
    "arxiv.py": TEXT
    | {"entry_id": "http://arxiv.org/abs/2401.00009v2", "comment": "Withdrawn by the authors", "authors": ["A B"]},
    "OpenAlex": TEXT | {"id": "https://openalex.org/W1", "doi": "https://doi.org/10.1000/c", "is_retracted": True},
    "Crossref": TEXT
    | {"DOI": "10.1000/a", "title": ["Loud Birds"], "updated-by": [{"DOI": "10.1000/r", "type": "retraction"}]},
    "BibTeX": "@misc{x, title={Loud Birds}, abstract={Birds are loud.}, year=2024, note={Comment: Withdrawn}}",
    "PubMed": (
        "PMID- 123\nTI  - Loud Birds\nAB  - Birds are loud. They sing.\nPT  - Journal Article\n"
        "PT  - Retracted Publication\nDP  - 2020 Jan\n\n"
    ),
    "ACL": (
        '<collection id="2020.acl"><volume id="main"><paper id="5"><title>Loud Birds</title><abstract>Birds are loud.'
        '</abstract><retracted date="2021-01-01">By the authors.</retracted><url>2020.acl-main.5</url></paper></volume>'
        "</collection>"
    ),
}


@pytest.mark.parametrize("record", FIELDS.values(), ids=FIELDS.keys())
def test_a_field_of_the_source_tells_it(record: object) -> None:
    (paper,) = read_text(record if isinstance(record, str) else json.dumps(record)).papers
    assert paper.is_withdrawn
    assert paper.keywords[-1] == WITHDRAWN


def test_a_correction_is_no_retraction_and_a_readers_note_is_no_source() -> None:
    crossref = TEXT | {"DOI": "10.1000/a", "title": ["Loud Birds"], "updated-by": [{"type": "correction"}]}
    (corrected,) = read_text(json.dumps(crossref)).papers
    assert not corrected.is_withdrawn
    crossref["updated-by"] = [{"type": ["retraction"]}]  # of no form that Crossref has
    assert not read_text(json.dumps(crossref)).papers[0].is_withdrawn
    (noted,) = read_text(json.dumps(TEXT | {"note": "Withdrawn?", "comments": 3})).papers
    assert not noted.is_withdrawn


def test_it_stays_told_when_another_record_of_the_paper_comes_and_ends_with_a_newer_version() -> None:
    paper = Paper(**TEXT, id="arxiv:2401.00001", version=2, keywords=("bioacoustics", "cs.SD"))
    with Library.open() as library:
        library.add([paper])
        library.add([paper.with_(keywords=("cs.SD", WITHDRAWN))])
        assert library.get(paper.id).keywords == ("bioacoustics", "cs.SD", WITHDRAWN)
        library.add([paper.with_(keywords=("birds",), version=None)])
        assert library.get(paper.id).is_withdrawn
        library.add([paper.with_(version=3)])
        assert not library.get(paper.id).is_withdrawn


def test_what_only_a_title_told_stays_told_when_the_plain_title_comes() -> None:
    told = Paper(title="RETRACTED: Loud Birds", abstract="Birds are loud.", id="doi:10.1000/a")
    with Library.open() as library:
        library.add([told])
        assert library.add([told]).unchanged == (told.id,)
        library.add([told.with_(title="Loud Birds")])
        assert library.get(told.id).is_withdrawn
