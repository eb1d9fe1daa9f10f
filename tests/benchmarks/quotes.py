"""How much of what was asked for stands in answers made of quotes: wanted facts, length, what is said to be missing.

    python tests/benchmarks/quotes.py FILE [--half tune] [--questions Q.jsonl] [--show]

FILE: the papers, in any form that `papers add` reads. Q holds a question a line: `question`, `wanted` (facts that must
stand in the answer), or `any` and `least` (so many of them), `answerable`, `kind`, and `shelf`: the papers that it is
asked about, whose `ids` are a line of Q as well. Without a shelf it is asked about the whole of FILE. Choose rules with
`--half tune`; the other half is for the published figures only. `--show`: the answers that lack something.
"""

import argparse
import json
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from assistant import Answer, Assistant
from assistant.settings import Settings
from index.paper import Paper
from index.sources import read_file

Asked = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """One question: how many facts were wanted and found, and how the answer came out."""

    kind: str
    answerable: bool
    wanted: int
    found: int
    answered: bool
    length: int


def squashed(text: str) -> str:
    """A text in small letters, without markers of citations and with single spaces."""
    plain = re.sub(r"--|[–—]", "-", re.sub(r"\s?\[[\d.]+\]", "", text).replace("\\", ""))
    return " ".join(plain.casefold().split())


def outcome(asked: Asked, answer: Answer) -> tuple[Outcome, list[str]]:
    """What an answer is worth, and the wanted facts that it lacks."""
    wanted = asked.get("any") or asked["wanted"]
    text = squashed(answer.text)
    lacking = [fact for fact in wanted if squashed(fact) not in text]
    found, least = len(wanted) - len(lacking), asked.get("least", len(wanted))
    found = min(found, least) if answer.answered else 0
    whole = Outcome(asked["kind"], asked["answerable"], least, found, answer.answered, len(squashed(answer.text)))
    return whole, lacking if found < least else []


def outcomes(papers: Iterable[Paper], questions: list[Asked], show: bool) -> Iterator[Outcome]:
    """Asks the questions about a library of these papers."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings.load(home=Path(home), embeddings="hashing", offline=True, base_url="", api_key="")
        with Assistant.open(settings) as assistant:
            assistant.library.add(papers)
            for asked in questions:
                answer = assistant.ask(asked["question"])
                result, lacking = outcome(asked, answer)
                if show and (lacking or result.answered != result.answerable):
                    print(f"\n== {asked['kind']}: {asked['question']}\n   lacks {lacking}\n{answer.text}")
                yield result


def report(name: str, results: list[Outcome]) -> str:
    """A line of figures."""
    here = [r for r in results if r.answerable]
    wanted, found = sum(r.wanted for r in here), sum(r.found for r in here)
    whole = sum(r.found == r.wanted and r.answered for r in here)
    missed = sum(not r.answered for r in here)
    away = [r for r in results if not r.answerable]
    length = sum(r.length for r in here) / max(len(here), 1)
    return (
        f"{name:12} facts {found}/{wanted}  whole answers {whole}/{len(here)}  characters {length:.0f}  "
        f"most {max((r.length for r in here), default=0)}  "
        f"said to be missing: {sum(not r.answered for r in away)}/{len(away)} rightly, {missed}/{len(here)} wrongly"
    )


def main() -> None:
    """Asks and prints the figures, of each kind and of all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--questions", type=Path, default=Path(__file__).parent / "quote-questions.jsonl")
    parser.add_argument("--half", choices=["tune", "shut"])
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    lines = [json.loads(line) for line in args.questions.read_text(encoding="utf-8").splitlines()]
    shelves = {line["shelf"]: line["ids"] for line in lines if "ids" in line}
    by_shelf: dict[str | None, list[Asked]] = defaultdict(list)
    for asked in lines:
        if "question" in asked and (not args.half or asked["half"] == args.half):
            by_shelf[asked.get("shelf")].append(asked)
    papers = {paper.id: paper for paper in read_file(args.file).papers}
    results: list[Outcome] = []
    for shelf, questions in by_shelf.items():
        ids = shelves[shelf] if shelf else list(papers)
        results += outcomes([papers[id] for id in ids], questions, args.show)
    for kind in dict.fromkeys(r.kind for r in results):
        print(report(kind, [r for r in results if r.kind == kind]))
    print(report("all", results))


if __name__ == "__main__":
    main()
