"""Naming papers, and telling a request for a comparison from an ordinary question."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from invented import COMPARABLE, QUIET, SCOUT, TWIN, WIDE

from assistant.compare import find_paper
from assistant.documents import Answer, Check, Citation, Claim, LabelledPaper
from assistant.question import Question
from assistant.question.pairs import looks_named, papers_to_compare
from index.errors import UnknownPaper
from index.library import Library
from index.paper import Paper

COE = Paper(
    title="Chain-of-Experts: Experts That Talk",
    abstract="We propose Chain-of-Experts (CoE), in which experts talk to each other. It needs 2.0x less memory.",
    id="arxiv:2404.00004",
)
DARTS = Paper(
    title="PC-DARTS: Partial Channels", abstract="We propose PC-DARTS. It searches in a day.", id="arxiv:1907.1"
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path, "hashing") as opened:
        opened.add([*COMPARABLE, COE, DARTS])
        yield opened


@pytest.mark.parametrize(
    ("name", "paper"),
    [
        ("arxiv:2402.00002", WIDE),
        ("2402.00002v3", WIDE),
        ("https://arxiv.org/abs/2402.00002", WIDE),
        ("WideScout: Searching Large Vision Networks Layer by Layer", WIDE),
        ("WideScout", WIDE),
        ("wide scout", WIDE),
        ("“WideScout”?", WIDE),
        ("the paper WideScout", WIDE),
        ("Vision Networks Layer by Layer", WIDE),
        ("Pocket Telescope", TWIN),
        ("layer large networks", WIDE),  # its words, in any order
        ("pcdarts", DARTS),
        ("CoE", COE),  # the name that the abstract gives
        ("LeafSort", QUIET),
    ],
)
def test_a_paper_answers_to_its_names(library: Library, name: str, paper: Paper) -> None:
    found = find_paper(library, name)
    assert found.paper.id == paper.id
    assert found.notice is None


@pytest.mark.parametrize("name", ["WideSocut", "Wide-Scuot", "WidScout"])
def test_a_typo_is_read_and_said(library: Library, name: str) -> None:
    found = find_paper(library, name)
    assert found.paper.id == WIDE.id
    assert found.notice == f"“{name}” was read as “WideScout”."


def test_a_name_of_two_papers_gives_both_to_pick_from(library: Library) -> None:
    with pytest.raises(UnknownPaper, match="fits 2 papers") as caught:
        find_paper(library, "TinyScout")
    assert {p.id for p in caught.value.candidates} == {SCOUT.id, TWIN.id}


@pytest.mark.parametrize("name", ["DARTS", "WideScout2", "quantum gravity", "2501.00009"])
def test_what_is_not_in_the_library_is_not_guessed(library: Library, name: str) -> None:
    with pytest.raises(UnknownPaper):
        find_paper(library, name)


def test_the_nearest_are_shown_for_an_unknown_name(library: Library) -> None:
    with pytest.raises(UnknownPaper) as caught:
        find_paper(library, "WideScout2")
    assert caught.value.candidates[0].id == WIDE.id


def claim(*labels: int) -> Claim:
    return Claim("x", tuple(Citation(label, 1) for label in labels), Check("ok"))


ANSWER = Answer(
    "Which?",
    claims=(claim(3), claim(1, 3)),
    papers=(LabelledPaper(1, SCOUT), LabelledPaper(2, WIDE, cited=False), LabelledPaper(3, QUIET)),
)


@pytest.mark.parametrize(
    ("name", "paper"),
    [
        ("the first paper you cited", QUIET),  # in the order of the text
        ("the second paper you cited", SCOUT),
        ("the last paper", SCOUT),
        ("the 2nd one", SCOUT),
        ("paper 2", WIDE),  # by its label
        ("[3]", QUIET),
    ],
)
def test_papers_of_the_last_answer_are_named_by_their_place(library: Library, name: str, paper: Paper) -> None:
    later = Answer("And now?", text="Nothing was found.", answered=False)
    assert find_paper(library, name, [ANSWER, later]).paper == paper


def test_a_place_that_the_answer_does_not_have_is_said(library: Library) -> None:
    with pytest.raises(UnknownPaper, match="last answer"):
        find_paper(library, "the fifth paper", [ANSWER])
    with pytest.raises(UnknownPaper, match="last answer"):
        find_paper(library, "the second paper you cited")


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Compare WideScout with PC-DARTS", ("WideScout", "PC-DARTS")),
        ("Please compare WideScout and PC-DARTS in terms of memory.", ("WideScout", "PC-DARTS")),
        ("How does PC-DARTS differ from WideScout?", ("PC-DARTS", "WideScout")),
        ("What is the difference between WideScout and PC-DARTS?", ("WideScout", "PC-DARTS")),
        ("WideScout vs. PC-DARTS", ("WideScout", "PC-DARTS")),
        ("/compare widescout | pc-darts", ("widescout", "pc-darts")),
        ("Compare 2402.00002 to 1907.1", None),
        ("Compare arxiv:2402.00002 to 1907.05737", ("arxiv:2402.00002", "1907.05737")),
        ("which papers compare quantization with pruning", None),
        ("compare quantization with pruning", None),
        ("How do mixtures of experts differ from dense models?", None),
        ("GPU vs FPGA", None),
        ("What are the trade-offs of CPU vs GPU inference?", None),
        ("What does WideScout search for?", None),
        ("How is the memory of WideScout reduced compared to before?", None),
    ],
)
def test_requests_are_told_from_questions_by_their_words(question: str, names: tuple[str, str] | None) -> None:
    asked = Question(question).pairs
    readings = [reading.names for reading in asked.readings] if asked else []
    pairs = [names for names in readings if (asked and asked.command) or all(map(looks_named, names))]
    assert next(iter(pairs), None) == names


@pytest.mark.parametrize(
    "question", ["compare widescout with leafsort", "WideScout vs LeafSort", "/compare WideScout and LeafSort"]
)
def test_the_two_papers_are_looked_up(library: Library, question: str) -> None:
    wanted = papers_to_compare(library, Question(question).pairs)
    assert wanted is not None
    assert [named.paper.id for named in wanted.papers] == [WIDE.id, QUIET.id]


def test_two_papers_of_the_conversation_are_compared_as_them(library: Library) -> None:
    wanted = papers_to_compare(library, Question("Compare the first two papers you cited").pairs, [ANSWER])
    assert wanted is not None
    assert [named.paper for named in wanted.papers] == [QUIET, SCOUT]


@pytest.mark.parametrize(
    "question",
    [
        "How does WideScout differ from earlier methods?",
        "Compare WideScout with dense search",
        "What is the difference between WideScout and NASNet?",
        "Which papers compare scans with leaves?",
    ],
)
def test_a_question_that_names_one_paper_stays_a_question(library: Library, question: str) -> None:
    assert papers_to_compare(library, Question(question).pairs) is None


def test_a_paper_that_is_missing_from_a_plain_request_is_said(library: Library) -> None:
    with pytest.raises(UnknownPaper, match="NASNet"):
        papers_to_compare(library, Question("Compare WideScout with NASNet").pairs)
    with pytest.raises(UnknownPaper, match="fits 2 papers"):
        papers_to_compare(library, Question("Compare TinyScout with WideScout").pairs)
    with pytest.raises(UnknownPaper, match="herbs"):
        papers_to_compare(library, Question("/compare herbs | WideScout").pairs)


def test_an_id_that_was_given_is_a_name(library: Library) -> None:
    library.add([WIDE.with_(id="my-own.7", title="Another: Title")])
    assert find_paper(library, "my-own.7").paper.title == "Another: Title"
    hashed = Paper(title="Hashes: As Names", abstract="We propose a hash. It is short.")
    library.add([hashed])
    assert find_paper(library, hashed.id).paper.id == find_paper(library, hashed.id[:12]).paper.id == hashed.id
