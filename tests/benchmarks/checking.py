"""How many planted errors the checker finds, and how many faithful sentences it flags.

    python tests/benchmarks/checking.py cited-sentences.jsonl.gz [--half tune] [--page page.txt]

FILE: JSON lines of `id`, `title`, `abstract`, `sentence`, `planted` (null for a faithful sentence). The file is
split in two by paper; rules are made on one half, the other is for the figures that are published. `--chat`:
JSON lines of `sentence` (with markers) and `title`, faithful, about the papers of `--page`. `--misses KIND` prints
the sentences of that row that the checker got wrong instead of the table.

    python tests/benchmarks/checking.py fresh-sentences.jsonl.gz --papers fresh-papers.jsonl.gz [--half tune]

With `--papers` (JSON lines of `id`, `title`, `abstract`) FILE has `paper` (an id), `sentence`, `cites` (numbers of
sentences; none cite the paper), `field`, `stratum`, `planted` and `audit` (`true` where the flag of a sentence that was
taken for faithful is right; those are left out). Seven of ten papers are the half to tune on; all are the library.
"""

import argparse
import gzip
import hashlib
import json
import random
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

from planting import CONTROLS, EVERYDAY, FIGURE, NAME, PLANTERS, Faithful

from assistant.checking import check_sentence
from assistant.documents import Check
from index.ids import normalise_title
from index.paper import Paper
from index.sources import read_file

SEED, ENOUGH = 12, 300
HARD = {"figure", "unit", "quote", "date", "citation"}
BARS = {
    "invented citation": 1.0, "altered quote": 1.0, "wrong date": 1.0, "figure changed": 0.98, "unit changed": 0.95,
    "system renamed": 0.97, "entity_swapped_new": 0.9, "wrong_paper_same_topic": 0.97,
    "figure bound to the wrong thing": 0.85, "the same, in written sentences only": 0.85,
    "figure of the same abstract": 0.95, "citation moved": 0.95,
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A sentence with markers, the paper it cites, and what the checker said."""

    sentence: str
    paper: Paper
    check: Check

    @property
    def flagged(self) -> bool:
        return self.check.verdict == "look"


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % Wilson score interval of a share."""
    if n == 0:
        return 0.0, 1.0
    z, share = 1.959964, hits / n
    centre = share + z * z / (2 * n)
    spread = z * ((share * (1 - share) + z * z / (4 * n)) / n) ** 0.5
    return max(0.0, (centre - spread) / (1 + z * z / n)), min(1.0, (centre + spread) / (1 + z * z / n))


def half_of(title: str) -> str:
    """Which half a paper is of: by a hash of its title."""
    return ("tune", "shut")[hashlib.sha256(normalise_title(title).encode()).digest()[0] % 2]


def part_of(paper: str) -> str:
    """Which part a fresh paper is of, by a hash of its id: seven tenths are for tuning."""
    return "tune" if hashlib.sha256(paper.encode()).digest()[0] % 10 < 7 else "shut"


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON-lines file, gzipped or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def papers_of(rows: Iterable[dict[str, Any]]) -> dict[str, Paper]:
    """The papers of the file by title; published in the month that the arXiv id names, on a day by seed."""
    chance = random.Random(SEED)
    papers: dict[str, Paper] = {}
    for row in rows:
        if row["title"] not in papers:
            number = row["id"].partition("/")[0]
            month = f"20{number[:2]}-{number[2:4]}" if "." in number else "2025-06"
            day = f"{month}-{chance.randint(1, 28):02}"
            papers[row["title"]] = Paper(title=row["title"], abstract=row["abstract"], published=day)
    return papers


def planted_cases(faithful: Sequence[Faithful], library: tuple[Paper, ...]) -> dict[str, list[Case]]:
    """For each kind of planted error, and each control, up to ENOUGH checked sentences."""
    cases: dict[str, list[Case]] = {}
    for kind, planter in {**PLANTERS, **CONTROLS}.items():
        chance = random.Random(f"{SEED} {kind}")
        made: list[tuple[str, Paper]] = []
        for row in chance.sample(faithful, len(faithful)):
            made += [(sentence, row.paper) for sentence in planter(row, chance)]
            made = list(dict.fromkeys(made))
            if len(made) >= ENOUGH:
                break
        cases[kind] = [Case(s, paper, check_sentence(s, {1: paper}, library)) for s, paper in made]
    return cases


def line(name: str, cases: Sequence[Case], hits: int, bar: str) -> str:
    """A row of the table."""
    low, high = wilson(hits, len(cases))
    share = hits / len(cases) if cases else 0.0
    return f"| {name} | {len(cases)} | {share:.1%} | {low:.1%}-{high:.1%} | {bar} |"


def print_table(groups: dict[str, list[Case]], faithful: Sequence[Case]) -> None:
    """The whole table: errors found, faithful sentences flagged."""
    print("| planted error | n | found | 95 % interval | bar |\n|---|---|---|---|---|")
    for kind, cases in groups.items():
        if kind not in CONTROLS:
            bar = f"{BARS[kind]:.0%}" if kind in BARS else "reported only"
            print(line(kind, cases, sum(c.flagged for c in cases), bar))
    with_figure = [c for c in faithful if FIGURE.search(c.sentence)]
    print("\n| faithful sentences | n | flagged | 95 % interval | bar |\n|---|---|---|---|---|")
    hard = [c for c in faithful if any(f.kind in HARD for f in c.check.flags)]
    print(line("kinds figure, unit, quote, date, citation", faithful, len(hard), "0.5%"))
    print(line("the same, of those that hold a figure", with_figure, sum(c in hard for c in with_figure), "2%"))
    print(line("all kinds", faithful, sum(c.flagged for c in faithful), "2.5%"))
    for kind in CONTROLS:
        print(line(f"all kinds, {kind}", groups[kind], sum(c.flagged for c in groups[kind]), ""))
    idle = sum(c.check.verdict == "nothing_to_check" for c in faithful)
    print(line("nothing to check", faithful, idle, "reported only"))


def timing(faithful: Sequence[Case], library: tuple[Paper, ...]) -> float:
    """Milliseconds a sentence once the papers are parsed."""
    begin = time.perf_counter()
    for case in faithful:
        check_sentence(case.sentence, {1: case.paper}, library)
    return (time.perf_counter() - begin) * 1000 / max(len(faithful), 1)


def fresh_cases(file: Path, papers: Path, part: str) -> tuple[dict[str, list[Case]], float]:
    """The cases of a part by row of the table, and the milliseconds of processor time a sentence. Faithful sentences
    are checked twice: against their whole paper, and against the sentences that they cite."""
    library = tuple(Paper(id=row["id"], title=row["title"], abstract=row["abstract"]) for row in read(papers))
    by_id = {paper.id: paper for paper in library}
    made: list[tuple[str, str, Paper]] = []
    for row in read(file):
        if part_of(row["paper"]) == part and row["audit"] != "true" and "wording" not in (row["planted"] or ""):
            paper, sentence = by_id[row["paper"]], row["sentence"].rstrip()
            precise = f"{sentence} [{', '.join(f'1.{number}' for number in row['cites']) or 1}]"
            kind = row["planted"] or f"{row['field']} {row['stratum']}"
            if not row["planted"]:
                made.append((f"faithful: {kind}", f"{sentence} [1]", paper))
                kind = f"faithful: {kind}, by sentence"
            made.append((kind, precise, paper))
    for paper in {paper.id: paper for _, _, paper in made}.values():
        check_sentence("It was made in 1066 by ACME [1].", {1: paper}, library)  # parses the paper
    begin = time.process_time()
    groups: dict[str, list[Case]] = {}
    for kind, sentence, paper in made:
        groups.setdefault(kind, []).append(Case(sentence, paper, check_sentence(sentence, {1: paper}, library)))
    return groups, (time.process_time() - begin) * 1000 / max(len(made), 1)


def print_fresh(groups: dict[str, list[Case]]) -> None:
    """The table of fresh sentences: faithful ones flagged, then planted errors found."""
    print("| sentences | n | flagged | 95 % interval | of which figure, unit, quote, date, citation |")
    print("|---|---|---|---|---|")
    for kind, cases in sorted(groups.items(), key=lambda group: ("faithful" not in group[0], group[0])):
        hard = sum(any(flag.kind in HARD for flag in case.check.flags) for case in cases)
        low, high = wilson(hard, len(cases))
        said = f"{hard / len(cases):.2%} ({low:.2%}-{high:.2%})"
        print(line(kind, cases, sum(case.flagged for case in cases), said))


def chat_cases(path: Path, page: Path) -> list[Case]:
    """Hand-written faithful sentences about the papers of a page, checked against them."""
    papers = tuple(read_file(page).papers)
    by_title = {paper.title: paper for paper in papers}
    rows = [(row["sentence"], by_title[row["title"]]) for row in read(path)]
    return [Case(sentence, paper, check_sentence(sentence, {1: paper}, papers)) for sentence, paper in rows]


def checked(file: Path, half: str) -> tuple[dict[str, list[Case]], tuple[Paper, ...]]:
    """The sentences of a half by kind (`faithful` among them), and the library of all papers of the file."""
    rows = read(file)
    papers = papers_of(rows)
    library = tuple(papers.values())
    rows = [row for row in rows if half_of(row["title"]) == half]
    names = sorted({m[0] for paper in library for m in NAME.finditer(paper.short_name or "")} - EVERYDAY)
    faithful = [Faithful(r["sentence"], papers[r["title"]], tuple(names)) for r in rows if r["planted"] is None]
    groups: dict[str, list[Case]] = {}
    for row in rows:
        sentence, paper = f"{row['sentence'].rstrip()} [1]", papers[row["title"]]
        kind = row["planted"] or "faithful"
        groups.setdefault(kind, []).append(Case(sentence, paper, check_sentence(sentence, {1: paper}, library)))
    return groups | planted_cases(faithful, library), library


def print_misses(kind: str, cases: Sequence[Case]) -> None:
    """The sentences of a kind that the checker got wrong, each with its flags."""
    for case in cases:
        if case.flagged is (kind in CONTROLS or kind.startswith("faithful")):
            print(case.sentence, [(f.kind, f.token, f.message) for f in case.check.flags], "", sep="\n")


def main() -> None:
    """Run the benchmark on one half of the file, and on the hand-written sentences where a page is given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--half", choices=("tune", "shut"), default="shut")
    parser.add_argument("--papers", type=Path)
    parser.add_argument("--page", type=Path)
    parser.add_argument("--chat", type=Path, default=Path(__file__).parent / "chat-sentences.jsonl")
    parser.add_argument("--misses", metavar="KIND")
    arguments = parser.parse_args()
    library: tuple[Paper, ...] = ()
    if arguments.papers:
        groups, milliseconds = fresh_cases(arguments.file, arguments.papers, arguments.half)
    else:
        groups, library = checked(arguments.file, arguments.half)
    if arguments.misses:
        print_misses(arguments.misses, groups[arguments.misses])
        return
    if arguments.papers:
        print_fresh(groups)
        print(f"\n{milliseconds:.2f} ms of processor time a sentence once the papers are parsed.")
        return
    faithful = groups.pop("faithful")
    count = len({case.paper.id for case in faithful})
    print(f"Half: {arguments.half}, {count} papers, library of {len(library)}, seed {SEED}.\n")
    print_table(groups, faithful)
    if arguments.page:
        chat = chat_cases(arguments.chat, arguments.page)
        print(line("hand-written in chat style", chat, sum(c.flagged for c in chat), "1 of 60"))
    print(f"\n{timing(faithful, library):.2f} ms a sentence once the papers are parsed.")


if __name__ == "__main__":
    main()
