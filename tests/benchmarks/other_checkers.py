"""Our check beside two public checkers of cited sentences and two trivial floors, on the same sentences in one run.

    python tests/benchmarks/other_checkers.py fresh-sentences.jsonl.gz fresh-papers.jsonl.gz [--part shut]

SENTENCES: JSON lines of `paper` (an id), `sentence`, `cites` (numbers of sentences), `field`, `stratum` and `planted`
(null for a faithful sentence). PAPERS: any file of papers with those ids; it is also the library of our check. A
sentence cites the whole abstract, and the sentences of `cites` where they are what is wrong; each checker is given the
text that is cited. The public ones are installed into a temporary environment from the package index and run without
a model, as their documentation says:

- anchorcite: a sentence is flagged where `anchor_claim` finds no anchor;
- corroborate: where `check_answer` reports a critical finding.

The floors: `numbers` flags a sentence with a number that is not in the abstract, digit by digit; `coverage` one of
which less than 60 % of the words of four letters or more are in the abstract.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import venv
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

from checking import half_of, read, wilson

from assistant.checking import check_sentence
from index.paper import Paper
from index.sources import read_file

VERSIONS = ("anchorcite==0.1.0", "corroborate==0.1.0")
THEIRS = """
import json, sys
from anchorcite import anchor_claim
from corroborate import check_answer
for line in sys.stdin:
    sentence, abstract = json.loads(line)
    found = check_answer(query="", retrieved_chunks=[abstract], answer=sentence)
    print(json.dumps([anchor_claim(sentence, abstract) is None, bool(found.critical)]))
"""
WRONG_SENTENCE = ("wrong sentence", "figure of another sentence")  # planted errors in which sentence is cited
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
WORD = re.compile(r"[^\W\d_]{4,}")


def by_numbers(sentence: str, abstract: str) -> bool:
    """Whether a number of the sentence is not in the abstract."""
    return not set(NUMBER.findall(sentence)) <= set(NUMBER.findall(abstract))


def by_coverage(sentence: str, abstract: str) -> bool:
    """Whether less than 60 % of the sentence's longer words are in the abstract."""
    words, known = WORD.findall(sentence.lower()), set(WORD.findall(abstract.lower()))
    return sum(word in known for word in words) < 0.6 * len(words)


def by_theirs(pairs: Sequence[tuple[str, str]]) -> list[list[bool]]:
    """What anchorcite and corroborate say of each sentence and its abstract: whether it is flagged."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder, "Scripts" if sys.platform == "win32" else "bin", "python")
        subprocess.run([python, "-m", "pip", "install", "-q", *VERSIONS], check=True)
        lines = "\n".join(json.dumps(pair) for pair in pairs)
        run = subprocess.run([python, "-c", THEIRS], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def main() -> None:
    """Reads the two files, asks all five, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sentences", type=Path)
    parser.add_argument("papers", type=Path)
    parser.add_argument("--part", choices=("tune", "shut"), help="only the papers of one half")
    args = parser.parse_args()
    papers: dict[str, Paper] = {paper.id: paper for paper in read_file(args.papers).papers}
    rows = [row for row in read(args.sentences) if row["paper"] in papers]
    rows = [row for row in rows if args.part in (None, half_of(papers[row["paper"]].title))]
    if not rows:
        sys.exit("None of the sentences is of these papers.")
    library = tuple(papers.values())
    pairs: list[tuple[str, str]] = []
    ours: list[bool] = []
    for row in rows:
        paper = papers[row["paper"]]
        cites = row["cites"] if (row["planted"] or "").startswith(WRONG_SENTENCE) else []
        cited = [sentence.text for sentence in paper.sentences if sentence.number in cites]
        pairs.append((row["sentence"], " ".join(cited) or paper.shown_abstract))
        marker = "".join(f" [1.{number}]" for number in cites) or " [1]"
        ours.append(check_sentence(f"{row['sentence'].rstrip('.')}{marker}.", {1: paper}, library).verdict == "look")
    flagged: dict[str, list[list[bool]]] = defaultdict(list)
    for row, pair, our, theirs in zip(rows, pairs, ours, by_theirs(pairs), strict=True):
        what = row["planted"] or f"faithful: {row['field']}, {row['stratum']}"
        flagged[what].append([our, *theirs, by_numbers(*pair), by_coverage(*pair)])
    print("| | sentences | ours | anchorcite | corroborate | numbers | coverage |\n|---|---|---|---|---|---|---|")
    for what, said in sorted(flagged.items(), key=lambda item: (not item[0].startswith("faithful"), item[0])):
        shares = []
        for column in zip(*said, strict=True):
            low, high = wilson(sum(column), len(column))
            shares.append(f"{sum(column) / len(column):.1%} ({100 * low:.0f}–{100 * high:.0f})")
        print(f"| {what} | {len(said)} | {' | '.join(shares)} |")


if __name__ == "__main__":
    main()
