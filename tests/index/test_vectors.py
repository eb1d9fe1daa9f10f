"""Search by meaning: Chroma and the scan of the record rank alike, over all papers and over some."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from invented import invented_paper, invented_papers
from other_process import run

from index import Library
from index.storage.chroma.collection import finds

QUESTIONS = [
    "which attention is sparse and fast for speech",
    "pruning of code models with little training data",
    "retrieval for weather",
    "quantization",
    "streaming decoding of video at equal quality",
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    with Library.open(folder, "hashing") as library:
        library.add(invented_papers(400))
        library.add([invented_paper(n, abstract=f"It was edited. Number {n} is new.") for n in range(0, 60, 3)])
        library.remove([invented_paper(n).id for n in range(1, 60, 3)])
    return folder


@pytest.fixture
def by_chroma(home: Path) -> Iterator[Library]:
    with Library.open(home, "hashing") as library:
        yield library


@pytest.fixture
def by_scan(home: Path) -> Iterator[Library]:
    with Library.open(home, "hashing", exact=True) as library:
        yield library


def test_chroma_and_the_scan_rank_alike(by_chroma: Library, by_scan: Library) -> None:
    for question in QUESTIONS:
        vector = by_chroma.embedder.embed_question(question)
        near, exact = by_chroma.nearest(vector, 50), by_scan.nearest(vector, 50)
        assert len(near) == len(exact) == 50
        assert np.allclose([n[3] for n in near], [n[3] for n in exact], atol=1e-5)
        told_apart = {n[:3] for n in exact if n[3] > exact[-1][3] + 1e-5}
        assert told_apart <= {n[:3] for n in near}
        found = [[hit.paper.id for hit in library.search(question)] for library in (by_chroma, by_scan)]
        assert found[0] == found[1]


def test_within_some_papers(by_chroma: Library, by_scan: Library) -> None:
    vector = by_scan.embedder.embed_question(QUESTIONS[0])
    everything = by_scan.nearest(vector, 10_000)
    for size in (1, 7, 380):
        some = random.Random(size).sample([paper.id for paper in by_scan.papers()], size)
        for library in (by_chroma, by_scan):
            near = library.nearest(vector, 20, within=[*some, "unknown"])
            wanted = [n for n in everything if n[0] in some][:20]
            assert np.allclose([n[3] for n in near], [n[3] for n in wanted], atol=1e-5)
            assert {n[0] for n in near} <= set(some)
    assert by_chroma.nearest(vector, 20, within=[]) == []


@pytest.mark.parametrize(("first", "last"), [(20230101, 20230131), (20230101, 20241231), (0, 99999999), (20300101, 1)])
def test_within_some_days(by_chroma: Library, by_scan: Library, first: int, last: int) -> None:
    vector = by_scan.embedder.embed_question(QUESTIONS[1])
    days = by_scan.days()
    wanted = [n for n in by_scan.nearest(vector, 10_000) if first <= (days[n[0]] or 0) <= last][:20]
    for library in (by_chroma, by_scan):
        within = library.of_days(first, last)
        near = library.nearest(vector, 20, within=within)
        assert np.allclose([n[3] for n in near], [n[3] for n in wanted], atol=1e-5)
        assert {n[0] for n in near} <= set(within)
        assert len(within) == len(list(within)) == sum(first <= (day or 0) <= last for day in days.values())


@pytest.mark.parametrize(("since", "until"), [("2023-02-01", "2023-02-28"), ("2023-06-01", "2025-12-31"), (None, None)])
def test_words_within_days_find_what_those_papers_alone_would(
    by_scan: Library, since: str | None, until: str | None
) -> None:
    some = [paper.id for paper in by_scan.papers(since=since, until=until)]
    for question in QUESTIONS:
        for k in (1, 10, 300):
            within = by_scan.look_up(question, k, since, until).hits
            alone = by_scan.look_up(question, k, only=some).hits
            assert [hit.paper.id for hit in within] == [hit.paper.id for hit in alone]
            assert np.allclose([hit.score for hit in within], [hit.score for hit in alone])


def test_days_follow_what_is_added_edited_and_removed(tmp_path: Path) -> None:
    day = {"published": "2031-05-05"}
    with Library.open(tmp_path / "l", "hashing", exact=True) as library:
        library.add(invented_papers(40))
        vector = library.embedder.embed_question("whales sing in the deep sea")
        assert library.nearest(vector, 5, within=library.of_days(20310505, 20310505)) == []
        library.add([invented_paper(50, **day), invented_paper(7, abstract="Whales sing in the deep sea.", **day)])
        of_day = library.of_days(20310501, 20310531)
        assert library.nearest(vector, 5, within=of_day)[0][0] == invented_paper(7).id
        assert {hit.paper.id for hit in library.search("training data", since="2031-05-05")} == {invented_paper(50).id}
        library.remove([invented_paper(7).id])
        assert {n[0] for n in library.nearest(vector, 5, within=library.of_days(20310501, 20310531))} == {
            invented_paper(50).id
        }


def test_chunks_are_whole_sentences_of_their_paper(by_scan: Library) -> None:
    papers = {paper.id: paper for paper in by_scan.papers()}
    near = by_scan.nearest(by_scan.embedder.embed_question("anything"), 10_000)
    covered: dict[str, set[int]] = {}
    for paper_id, first, last, _ in near:
        assert not covered.setdefault(paper_id, set()) & set(range(first, last + 1))
        covered[paper_id] |= set(range(first, last + 1))
    for paper_id, numbers in covered.items():
        assert numbers == {sentence.number for sentence in papers[paper_id].sentences}
    assert covered.keys() == papers.keys()


def test_chroma_holds_ids_ranges_and_days_and_no_text(home: Path) -> None:
    out = run(
        """
import chromadb, os
folder = max(Path(os.environ["PAPERS_HOME"]).glob("chroma-*"), key=lambda path: int(path.name.removeprefix("chroma-")))
collection = chromadb.PersistentClient(str(folder)).get_collection("chunks", embedding_function=None)
got = collection.get(include=["documents", "metadatas"])
assert set(got["documents"]) == {None}
for metadata in got["metadatas"]:
    assert set(metadata) == {"paper", "first", "last", "day"}, metadata
    assert 20230101 <= metadata["day"] <= 20251231
hnsw = collection.configuration["hnsw"]
print(hnsw["space"], hnsw["max_neighbors"], hnsw["ef_construction"], hnsw["ef_search"], len(got["ids"]))
""",
        home,
    ).split()
    assert out[:4] == ["cosine", "48", "64", "1000"]
    assert int(out[4]) >= 380


HEAVY = "print(sorted({'numpy', 'tantivy', 'chromadb', 'openai', 'httpx', 'onnxruntime'} & sys.modules.keys()))"


def test_a_command_that_lives_for_a_second_never_imports_chroma(home: Path) -> None:
    out = run(
        f"""
with Library.open(embeddings="hashing", exact=True) as library:
    assert library.search("sparse attention")
    assert library.add([invented_paper(5)]).unchanged
    library.status()
{HEAVY}
""",
        home,
    )
    assert out == "['numpy', 'tantivy']\n"


def test_importing_the_floor_imports_nothing_heavy() -> None:
    code = f"import sys, index\n{HEAVY}\nfrom index import Library, Paper, Sentence, Hit\n{HEAVY}"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n['tantivy']\n"


class FindingAllBut:
    """What Chroma says of vectors, each known by its first number, when it does not find some of them."""

    def __init__(self, *lost: int) -> None:
        self.lost = lost

    def nearest(self, vectors: np.ndarray, n: int) -> list[list[tuple[int, float]]]:
        return [[(0, 0.4 if int(vector[0]) in self.lost else 1.0)] for vector in vectors]


def test_a_vector_that_an_approximate_search_does_not_find_is_no_damage_but_a_lost_part_is() -> None:
    for count in (8, 10, 57, 100):
        vectors = np.arange(count, dtype=np.float32)[:, None]
        assert finds(FindingAllBut(3), vectors)  # type: ignore[arg-type]
        assert not finds(FindingAllBut(*range(5)), vectors)  # type: ignore[arg-type]
    for few in (1, 2, 3):
        assert not finds(FindingAllBut(0), np.zeros((few, 1), np.float32))  # type: ignore[arg-type]
