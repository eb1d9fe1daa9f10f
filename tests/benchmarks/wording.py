"""How many turned wordings get a hint, how many keep their tick, and how many faithful sentences get a hint.

    python tests/benchmarks/wording.py fresh-sentences.jsonl.gz fresh-papers.jsonl.gz [--half tune]

The files and the halves are those of `checking.py --papers`. Sentences cite by number where the file says which.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

from checking import Case, line, part_of, read

from assistant.checking import check_sentence
from index.paper import Paper


def cases(file: Path, papers: Path, part: str) -> dict[str, list[Case]]:
    """The checked sentences of a part: faithful ones by field, turned ones by kind."""
    by_id = {row["id"]: Paper(id=row["id"], title=row["title"], abstract=row["abstract"]) for row in read(papers)}
    groups: dict[str, list[Case]] = {}
    for row in read(file):
        kind = row["planted"] or f"faithful: {row['field']}"
        wanted = kind.startswith(("faithful", "wording"))
        if wanted and part_of(row["paper"]) == part and row["audit"] != "true":
            paper = by_id[row["paper"]]
            sentence = f"{row['sentence'].rstrip()} [{', '.join(f'1.{number}' for number in row['cites']) or 1}]"
            groups.setdefault(kind, []).append(Case(sentence, paper, check_sentence(sentence, {1: paper})))
    return groups


def main() -> None:
    """Print the table: hints by kind, then ticks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("papers", type=Path)
    parser.add_argument("--half", choices=("tune", "shut"), default="shut")
    arguments = parser.parse_args()
    groups = cases(arguments.file, arguments.papers, arguments.half)
    print("| sentences | n | with a hint | 95 % interval | goal |\n|---|---|---|---|---|")
    for kind, group in sorted(groups.items()):
        print(line(kind, group, sum(bool(case.check.hints) for case in group), ""))
    print("\n| sentences | n | with a tick | 95 % interval | goal |\n|---|---|---|---|---|")
    faithful = [case for kind, group in groups.items() if kind.startswith("faithful") for case in group]
    turned = [case for kind, group in groups.items() if not kind.startswith("faithful") for case in group]
    print(line("faithful", faithful, sum(case.check.ticked for case in faithful), ""))
    print(line("turned", turned, sum(case.check.ticked for case in turned), "35 % at most"))


if __name__ == "__main__":
    main()
