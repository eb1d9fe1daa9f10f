"""How well search finds: nDCG@10 and recall@100 on test collections, through the library as users have it.

    python tests/benchmarks/retrieval.py FOLDER...

A folder in BEIR's layout: corpus.jsonl, queries.jsonl, qrels.tsv. A document without text has its title for an
abstract, an empty one is skipped. Words alone, hashing vectors, and MiniLM where its model is on this machine.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ranx import Qrels, Run, evaluate

sys.path.insert(0, str(Path(__file__).parents[2]))

from index import search
from index.embedding import minilm
from index.errors import EmbeddingError
from index.library import Library
from index.paper import Paper

METRICS = ["ndcg@10", "recall@100"]


class WordsAlone:
    """A library whose vectors cannot be had."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @property
    def embedder(self) -> Any:
        """None to be had."""
        raise EmbeddingError("Words alone.")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library, name)


def records(file: Path) -> Iterator[dict[str, Any]]:
    """The records of a JSONL file."""
    with file.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def papers(folder: Path) -> list[Paper]:
    """The documents of a collection."""
    documents = (
        (d["_id"], d.get("title", "").strip(), d.get("text", "").strip()) for d in records(folder / "corpus.jsonl")
    )
    return [
        Paper(id=i, title=title or text[:80], abstract=text or title) for i, title, text in documents if title or text
    ]


def judged(folder: Path) -> dict[str, dict[str, int]]:
    """What is relevant to each query."""
    relevant: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        if int(grade) > 0:
            relevant.setdefault(query, {})[document] = int(grade)
    return relevant


def measured(shelf: search.Searchable, queries: dict[str, str], relevant: dict[str, dict[str, int]]) -> str:
    """The figures of one way of search."""
    found = {q: {hit.paper.id: hit.score for hit in search.look_up(shelf, queries[q], k=100).hits} for q in relevant}
    run = {query: scores or {"none": 0.0} for query, scores in found.items()}
    scores = evaluate(Qrels(relevant), Run(run), METRICS)
    return "  ".join(f"{metric} {scores[metric]:.4f}" for metric in METRICS)


def main() -> None:
    """Prints a line for each collection and way of search."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    for folder in parser.parse_args().folders:
        queries = {q["_id"]: q["text"] for q in records(folder / "queries.jsonl")}
        relevant = judged(folder)
        for embeddings in ["hashing", "minilm"] if minilm.is_here() else ["hashing"]:
            with tempfile.TemporaryDirectory() as home, Library.open(Path(home), embeddings, offline=True) as library:
                library.add(papers(folder))
                if embeddings == "hashing":
                    print(
                        f"{folder.name:12} words alone  {measured(WordsAlone(library), queries, relevant)}", flush=True
                    )
                print(f"{folder.name:12} {embeddings:12} {measured(library, queries, relevant)}", flush=True)


if __name__ == "__main__":
    main()
