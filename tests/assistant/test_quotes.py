"""Answers in quotes: which papers are quoted, lists of papers, lists of parts, and what is said to be missing."""

from collections.abc import Iterator, Sequence

import pytest

from assistant import Answer, Assistant
from assistant.settings import Settings
from index.paper import Paper

BRAMBLE = Paper(
    title="BrambleNet: Hedges for Graph Learning",
    abstract="Graphs are large. We present BrambleNet, which prunes edges while it learns. BrambleNet comprises three "
    "components. First, a Thorn module scores each edge. Then, a Hedge module removes the weakest edges. Finally, a "
    "Gate module restores those that were needed. It trains 3.4x faster on the Larkfield graphs.",
)
COBALT = Paper(
    title="Cobalt Codes: Storing Embeddings in Fewer Bits",
    abstract="Embeddings of LLMs take much room. We introduce a codec, termed CobaltQ, that stores each vector in 40 "
    "bytes. It needs no training. We evaluate it on three collections: Mill, Weir and Lock.",
)
ANVIL = Paper(
    title="Anvil",
    abstract="Routing of experts is slow. We propose Anvil, a router that picks experts in one step. It cuts "
    "latency by 45%.",
)
METHODS = tuple(
    Paper(
        title=f"Method {word}: {word} estimates",
        abstract=f"Estimates are noisy. We propose {word}, which uses stochastic tidal pooling to smooth them.",
    )
    for word in "Aldra Brona Cinder Dunmore Elstow Farrow Garrick Hollin Ivell Jarrow Kelso".split()
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant without a model over fourteen papers."""
    home = tmp_path_factory.mktemp("home")
    settings = Settings.load(home=home, embeddings="hashing", offline=True, base_url="", api_key="")
    with Assistant.open(settings) as opened:
        opened.library.add([BRAMBLE, COBALT, ANVIL, *METHODS])
        yield opened


def quoted(answer: Answer) -> set[str]:
    """The titles of the papers that an answer cites."""
    return {p.paper.title for p in answer.papers if p.cited}


def titles(papers: Sequence[Paper]) -> set[str]:
    """The titles of papers."""
    return {paper.title for paper in papers}


@pytest.mark.parametrize(
    ("question", "papers"),
    [
        ("What do BrambleNet and Anvil have to do with tidal pooling?", [BRAMBLE, ANVIL]),
        ("How are BrambleNet and Anvil alike in stochastic smoothing?", [BRAMBLE, ANVIL]),
        ("Summarise BrambleNet and Anvil", [BRAMBLE, ANVIL]),
        ("How many bytes does CobaltQ need?", [COBALT]),
        ("BrambleNet, Anvil and CobaltQ: what do they cut?", [BRAMBLE, ANVIL, COBALT]),
    ],
)
def test_papers_that_are_named_are_all_quoted_and_no_other(
    assistant: Assistant, question: str, papers: Sequence[Paper]
) -> None:
    assert quoted(assistant.ask(question)) == titles(papers)


def test_a_list_names_eight_papers_and_how_many_more(assistant: Assistant) -> None:
    answer = assistant.ask("Which papers use stochastic tidal pooling?")
    assert sum(line.startswith("- ") for line in answer.text.splitlines()) == 8
    assert answer.text.endswith("And 3 more.")
    assert {p.paper.title for p in answer.papers} == titles(METHODS)
    assert sum(p.cited for p in answer.papers) == 8


def test_a_list_of_what_no_paper_has_is_not_in_the_papers(assistant: Assistant) -> None:
    answer = assistant.ask("Which papers use seismic pooling of earthquakes?")
    assert not answer.answered


def test_a_long_list_names_the_last_papers_without_a_sentence(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = Settings.load(
        home=tmp_path_factory.mktemp("home"), embeddings="hashing", offline=True, base_url="", api_key=""
    )
    filler = " and it keeps every estimate within the bounds that a careful reader would expect" * 5
    long = [
        Paper(title=f"{word}: smoothing", abstract=f"We propose {word}, which uses tidal pooling{filler}.")
        for word in "Aldra Brona Cinder Dunmore Elstow Farrow".split()
    ]
    with Assistant.open(settings) as opened:
        opened.library.add(long)
        answer = opened.ask("Which papers use tidal pooling?")
    assert quoted(answer) == titles(long)
    assert len(answer.text) < 2_000
    assert any(claim.citations and claim.citations[0].sentence is None for claim in answer.claims)


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        ("What are the components of BrambleNet?", ("Thorn module", "Hedge module", "Gate module")),
        ("Which collections is CobaltQ evaluated on?", ("Mill, Weir and Lock",)),
    ],
)
def test_the_sentences_that_list_the_parts_are_quoted(
    assistant: Assistant, question: str, facts: Sequence[str]
) -> None:
    text = assistant.ask(question).text
    assert all(fact in text for fact in facts)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How fast is Anvil on Larkfield?", "Anvil does not mention “Larkfield”"),
        ("Does Anvil include deepfakes of politicians?", "Not in your papers"),
        ("What is the best recipe for ramen?", "Not in your papers"),
    ],
)
def test_what_is_asked_of_papers_that_do_not_have_it_is_said(assistant: Assistant, question: str, said: str) -> None:
    answer = assistant.ask(question)
    assert not answer.answered
    assert said in answer.text


@pytest.mark.parametrize("question", ["How fast is Anvvil?", "Does Anvil help LLMs?", "Is Anvil good for GPUs?"])
def test_slips_and_everyday_names_are_not_missing(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).answered


def test_an_answer_is_in_the_order_of_the_abstract_and_within_bounds(assistant: Assistant) -> None:
    answer = assistant.ask("How does BrambleNet prune edges and how fast does it train?")
    numbers = [claim.citations[0].sentence for claim in answer.claims if claim.citations]
    assert numbers == sorted(set(numbers), key=lambda number: number or 0)
    assert len(numbers) <= 4
