"""Kills an addition of papers (SIGKILL) at moments spread over its whole time, and looks at what is left after each.

    python tests/benchmarks/killing.py FILE [--papers 1500] [--kills 10] [--batch 100]

FILE is anything that `papers add` reads. The library is a temporary folder, embedded by hashing. After each kill:
`list` and `search` work, nothing that was reported stored is gone, and adding again ends with record, words and
vectors in agreement. Prints a line for each kill, and exits with 1 if one of these does not hold.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from index import Library, Paper
from index.sources import read_file

ADDING = """
import sys
from index import Library
from index.embedding.hashing import Hashing
from index.sources import read_file
Hashing.papers_at_once = int(sys.argv[4])
with Library.open(sys.argv[2], "hashing") as library:
    print(0, flush=True)
    papers = read_file(sys.argv[1]).papers[: int(sys.argv[3])]
    print(0, flush=True)
    library.add(papers, progress=lambda stored, total: print(stored, flush=True))
"""


def add(arguments: argparse.Namespace, home: Path) -> "subprocess.Popen[str]":
    """The addition, in another process that has read its papers."""
    command = [sys.executable, "-c", ADDING, arguments.file, str(home), str(arguments.papers), str(arguments.batch)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.readline()
    return process


def look(home: Path, papers: list[Paper], reported: int) -> str:
    """What is wrong with a library after a kill; empty where nothing is."""
    with Library.open(home, "hashing") as library:
        behind = len(library.status(verify=True).notices)
        listed = {paper.id for paper in library.papers()}
        lost = [paper.id for paper in papers[:reported] if paper.id not in listed]
        unfound = [p.id for p in papers[:reported:50] if p.id not in {h.paper.id for h in library.search(p.title)}]
        report = library.add(papers)
        status = library.status(verify=True)
        again = set(report.unchanged) == listed and library.count() == len(papers)
        found = all(p.id in {h.paper.id for h in library.search(p.title)} for p in papers[::50])
        print(f"  {len(listed):5} stored, {reported:5} reported, indexes {'behind' if behind else 'level'}", end="")
    wrong = {"lost": lost, "not found": unfound, "added again wrongly": not again, "not found after": not found}
    return ", ".join(name for name, is_wrong in wrong.items() if is_wrong) or " ".join(status.notices)


def kill(process: "subprocess.Popen[str]", after: int, seconds: float) -> tuple[int, bool]:
    """Kills an addition some time after it reported so many papers. Gives what it had reported by then, and whether
    it was still at work."""
    assert process.stdout is not None
    reported = 0
    while reported < after and (line := process.stdout.readline()):
        reported = int(line)
    time.sleep(seconds)
    at_work = process.poll() is None
    process.kill()
    rest = process.communicate()[0].split()
    return max(reported, *map(int, rest), 0), at_work


def main() -> int:
    """Runs it and says what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file")
    parser.add_argument("--papers", type=int, default=1500)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--batch", type=int, default=100, help="papers in a transaction")
    arguments = parser.parse_args()
    papers = list(read_file(Path(arguments.file)).papers[: arguments.papers])
    chance = random.Random(arguments.kills)
    bad = 0
    for number in range(arguments.kills):
        with tempfile.TemporaryDirectory() as folder:
            after, seconds = len(papers) * number // (arguments.kills - 1 or 1), chance.uniform(0, 0.5)
            reported, at_work = kill(add(arguments, Path(folder)), after, seconds)
            print(f"killed {seconds:.2f} s after {after:5} papers{'' if at_work else ' (it had ended)'}:", end="")
            wrong = look(Path(folder), papers, reported)
            print(f"  {wrong or 'all well'}", flush=True)
            bad += bool(wrong)
    print(f"{arguments.kills - bad} of {arguments.kills} kills left everything whole")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
