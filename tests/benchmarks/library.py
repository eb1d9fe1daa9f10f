"""How long a library takes: adding, adding again, listing, searching by Chroma and by the record, opening, proving.

    python tests/benchmarks/library.py FILE [--embeddings hashing] [--papers N] [--home FOLDER]

FILE is anything that `papers add` reads. Without --home the library is a temporary folder. Times are wall-clock
seconds on this machine, those of searches the median and the slowest of some tens.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from index import Library, Paper
from index.export import to_jsonl
from index.sources import read_file

_FRESH = """
import sys
from index import Library
from index.sources import read_file
papers = read_file(sys.argv[1]).papers
with Library.open(sys.argv[2], sys.argv[3], exact=True) as library:
    library.add(papers)
"""


def said(what: str, begun: float, more: str = "") -> None:
    """Prints how long something took."""
    print(f"{what:46} {time.perf_counter() - begun:8.3f} s  {more}", flush=True)


def often(what: str, call: Callable[[str], object], questions: list[str]) -> None:
    """Prints the median and the slowest of a call with each question; the first call, which opens things, apart."""
    begun = time.perf_counter()
    call(questions[0])
    first = time.perf_counter() - begun
    times = []
    for question in questions[1:]:
        begun = time.perf_counter()
        call(question)
        times.append(time.perf_counter() - begun)
    median, slowest = statistics.median(times) * 1000, max(times) * 1000
    print(f"{what:46} {median:8.1f} ms  slowest {slowest:.1f} ms, first {first * 1000:.0f} ms", flush=True)


def fresh_process(papers: list[Paper], embeddings: str) -> None:
    """Five times: another process adds 65 papers to an empty library and to one that has them."""
    new: list[float] = []
    again: list[float] = []
    for _ in range(5):
        with tempfile.TemporaryDirectory() as home:
            file = Path(home) / "65.jsonl"
            file.write_text(to_jsonl(papers[:65]), encoding="utf-8")
            for times in (new, again):
                begun = time.perf_counter()
                subprocess.run([sys.executable, "-c", _FRESH, str(file), home, embeddings], check=True)
                times.append(time.perf_counter() - begun)
    print(f"{'65 papers added by a new process, median of 5':46} {statistics.median(new):8.3f} s")
    print(f"{'the same 65 again':46} {statistics.median(again):8.3f} s")


def near(library: Library, vectors: dict[str, np.ndarray], question: str) -> object:
    """The chunks nearest to a question whose vector is made already."""
    return library.nearest(vectors[question], 200)


def measure(home: Path, papers: list[Paper], embeddings: str) -> None:
    """Everything, in one library."""
    begun = time.perf_counter()
    with Library.open(home, embeddings) as library:
        said("opened", begun)
        begun = time.perf_counter()
        report = library.add(papers)
        took = time.perf_counter() - begun
        said(f"{len(report.new)} papers added", begun, f"{len(report.new) / took:.0f} a second")
        begun = time.perf_counter()
        library.add(papers)
        said("added again", begun)
        begun = time.perf_counter()
        library.add([papers[0].with_(abstract=papers[0].abstract + " One sentence more.")])
        said("one paper edited", begun)
        library.add([papers[0]])
    questions = [paper.title for paper in papers[:: max(len(papers) // 40, 1)]]
    for exact in (False, True):
        with Library.open(home, embeddings, exact=exact) as library:
            embedder = library.embedder
            embedder.embed_question("warm")
            how = "the record" if exact else "Chroma"
            vectors = {question: embedder.embed_question(question) for question in questions}
            often(f"200 nearest chunks by {how}", partial(near, library, vectors), questions)
            often(f"search by {how}", library.search, questions)
    with Library.open(home, embeddings) as library:
        begun = time.perf_counter()
        listed = library.papers()
        said(f"{len(listed)} papers listed", begun)
        often("a paper's vector", lambda _: library.paper_vectors([papers[0].id]), questions)
        often("similar papers", lambda _: library.similar(papers[0].id), questions)
        begun = time.perf_counter()
        agree = library.status(verify=True).agree
        said("record, words and vectors compared", begun, f"agree: {agree}")
    for part in ("record.sqlite3", "words-*", "chroma-*"):
        sizes = [
            f.stat().st_size for p in home.glob(part) for f in ([p] if p.is_file() else p.rglob("*")) if f.is_file()
        ]
        print(f"{part:46} {sum(sizes) / 1e6:8.1f} MB")


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file")
    parser.add_argument("--embeddings", default="hashing")
    parser.add_argument("--papers", type=int, default=1_000_000)
    parser.add_argument("--home", type=Path)
    arguments = parser.parse_args()
    papers = list(read_file(Path(arguments.file)).papers[: arguments.papers])
    fresh_process(papers, arguments.embeddings)
    with tempfile.TemporaryDirectory() as folder:
        measure(arguments.home or Path(folder), papers, arguments.embeddings)


if __name__ == "__main__":
    main()
