"""How well themes hold together: how often two papers of one theme share a keyword, against two of different themes.

    python tests/benchmarks/themes.py hf-daily-papers.jsonl.gz [--weeks 10] [--seed 14]

The keywords are the Daily page's own (`ai_keywords`), which nothing else here looks at. The weeks are drawn by the
seed from those in which four fifths of the papers have some; pairs are pooled over the weeks. With hashing vectors,
and with MiniLM where its model is on this machine.
"""

import argparse
import gzip
import json
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from assistant.weekly.themes import SMALLEST, group
from index.dates import week_of
from index.embedding import minilm
from index.library import Library
from index.paper import Paper
from index.sources import read_file

COVERED = 0.8  # of a week's papers have keywords


def papers_by_week(file: Path) -> dict[str, list[Paper]]:
    """The papers of a file by the week that they stand in."""
    weeks: defaultdict[str, list[Paper]] = defaultdict(list)
    for paper in read_file(file).papers:
        if paper.week_day:
            weeks[week_of(paper.week_day)].append(paper)
    return dict(weeks)


def keywords_of(file: Path) -> dict[str, frozenset[str]]:
    """The keywords of each paper that has some, lower case."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        records = map(json.loads, lines)
        return {r["id"]: frozenset(k.lower() for k in r["ai_keywords"]) for r in records if r.get("ai_keywords")}


def drawn(weeks: Collection[str], number: int, seed: int) -> list[str]:
    """Some weeks, drawn by a seed."""
    return sorted(random.Random(seed).sample(sorted(weeks), min(number, len(weeks))))


@dataclass
class Counts:
    """Pairs of papers that have keywords, of one theme and of different ones, and how many share a keyword."""

    same: int = 0
    same_sharing: int = 0
    different: int = 0
    different_sharing: int = 0

    def add(self, groups: Sequence[Sequence[str]], keywords: Mapping[str, frozenset[str]]) -> None:
        """Counts the pairs of a week's themes."""
        theme_of = {i: number for number, ids in enumerate(groups) for i in ids if i in keywords}
        for one, other in combinations(theme_of, 2):
            shares = not keywords[one].isdisjoint(keywords[other])
            if theme_of[one] == theme_of[other]:
                self.same += 1
                self.same_sharing += shares
            else:
                self.different += 1
                self.different_sharing += shares

    @property
    def lift(self) -> float:
        """How many times as often two papers of one theme share a keyword."""
        return (self.same_sharing / self.same) / (self.different_sharing / self.different)


def measure(embeddings: str, weeks: Mapping[str, Sequence[Paper]], keywords: Mapping[str, frozenset[str]]) -> None:
    """Prints a line for each week and one for all."""
    pooled, papers, placed, sizes = Counts(), 0, 0, []
    with tempfile.TemporaryDirectory() as home, Library.open(home, embeddings, offline=True, exact=True) as library:
        for week, of_week in weeks.items():
            library.add(of_week)
            groups = group(of_week, library.paper_vectors([p.id for p in of_week]))
            large = [ids for ids in groups if len(ids) >= SMALLEST]
            own = Counts()
            own.add(large, keywords)
            pooled.add(large, keywords)
            papers += len(of_week)
            placed += (in_themes := sum(map(len, large)))
            sizes.append(len(large))
            share = in_themes / len(of_week)
            counted = f"{len(of_week):4} papers {len(large):3} themes {share:4.0%} placed"
            print(f"{embeddings:8} {week} {counted} {own.lift:5.2f}")
    print(
        f"{embeddings:8} pooled   {papers:4} papers {min(sizes)}-{max(sizes)} themes {placed / papers:4.0%} placed "
        f"{pooled.lift:5.2f} times as often",
        flush=True,
    )


def main() -> None:
    """Prints the figures of each kind of vectors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--weeks", type=int, default=10)
    parser.add_argument("--seed", type=int, default=14)
    args = parser.parse_args()
    keywords, weeks = keywords_of(args.file), papers_by_week(args.file)
    covered = [w for w, papers in weeks.items() if sum(p.id in keywords for p in papers) >= COVERED * len(papers)]
    chosen = {week: weeks[week] for week in drawn(covered, args.weeks, args.seed)}
    for embeddings in ["hashing", "minilm"] if minilm.is_here() else ["hashing"]:
        measure(embeddings, chosen, keywords)


if __name__ == "__main__":
    main()
