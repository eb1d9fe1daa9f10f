"""A Chroma server beside Chroma in a folder and an exact scan of the record: filling it, and the nearest chunks.

    python tests/benchmarks/chroma_server.py FILE [--home FOLDER] [--url URL] [--questions 100]

FILE is anything that `papers add` reads; its papers are embedded by hashing. Without --home the library is a temporary
folder, without --url a server is started on this machine. Times are wall-clock milliseconds, the median and the 99th
percentile, and those of this process's processor; the server gives 300 results, the others 600. The share found is of
the 300 that are nearest by the scan.
"""

import argparse
import contextlib
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from running_chroma import running_chroma

from index import Library
from index.sources import read_file
from index.storage.chroma.address import ChromaServer

_MOST = 300


def asked(what: str, library: Library, vectors: list[np.ndarray], n: int) -> list[set[tuple[str, int, int]]]:
    """Prints how long the `n` nearest chunks of each vector take. Returns the nearest 300 of each."""
    library.nearest(vectors[0], n)  # opens what is to be opened
    times, found = [], []
    busy = time.process_time()
    for vector in vectors:
        begun = time.perf_counter()
        near = library.nearest(vector, n)
        times.append(1000 * (time.perf_counter() - begun))
        found.append({each[:3] for each in near[:_MOST]})
    busy = 1000 * (time.process_time() - busy) / len(vectors)
    p99 = statistics.quantiles(times, n=100)[98]
    print(f"{what:34} {statistics.median(times):7.1f} / {p99:7.1f} ms, {busy:6.1f} CPU ms here", flush=True)
    return found


def measure(home: Path, file: Path, url: str, questions: int) -> None:
    """Everything, in one library."""
    papers = read_file(file).papers
    with Library.open(home, "hashing") as library:
        if not library.count():
            library.add(papers)
        titles = [paper.title for paper in papers[:: len(papers) // questions + 1]]
        vectors = [library.embedder.embed_question(title) for title in titles]
        by_folder = asked("Chroma in a folder, 600 nearest", library, vectors, 600)
    with Library.open(home, "hashing", exact=True) as library:
        by_scan = asked("the record scanned, 600 nearest", library, vectors, 600)
    with Library.open(home, "hashing", chroma=ChromaServer(url)) as library:
        begun, busy = time.perf_counter(), time.process_time()
        library.fill_indexes()
        took, busy = time.perf_counter() - begun, time.process_time() - busy
        status = library.status()
        assert status.server
        count = status.server.vectors or 1
        each = f"{1000 * took / count:.2f} ms a vector, {1000 * busy / count:.2f} CPU ms of it here"
        print(f"{f'{count:,} vectors sent':34} {took:7.1f} s, {each}", flush=True)
        by_server = asked("a Chroma server, 300 nearest", library, vectors, 600)
        begun = time.perf_counter()
        agree = library.status(verify=True).agree
        print(f"{'compared with the record':34} {time.perf_counter() - begun:7.1f} s, agree: {agree}")
        if status.notices or library.server_notice:
            print(*status.notices, library.server_notice, sep="\n")
    for name, found in (("the folder", by_folder), ("the server", by_server)):
        share = statistics.mean(len(a & b) / max(len(b), 1) for a, b in zip(found, by_scan, strict=True))
        print(f"{f'found by {name}':34} {100 * share:7.1f} %")


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--url")
    parser.add_argument("--questions", type=int, default=100)
    arguments = parser.parse_args()
    with contextlib.ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        url = arguments.url or closing.enter_context(running_chroma(folder / "server"))
        measure(arguments.home or folder / "library", arguments.file, url, arguments.questions)


if __name__ == "__main__":
    main()
