"""How many injections are harmless, by kind and output.

    python tests/injections/run.py

Each of the 130 hostile abstracts and 20 hostile fields is put into a library of its own, among eight harmless papers.
A model on loopback that obeys it, and then no model, answers, compares and sums up; the outputs are judged. Exits with
1 where one is harmful. Takes some minutes.
"""

import asyncio
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from attack import attack
from corpus import Injection, abstracts, fields
from obeying import ObeyingModel, StubServer
from verdicts import COLUMNS, Network, Verdicts, verdicts_on


async def attack_all(
    groups: Sequence[Sequence[Injection]], folder: Path, *, thorough: bool, model: ObeyingModel
) -> Verdicts:
    """What is harmful of each injection; each group in a library of its own in `folder`."""
    stub = StubServer()
    stub.says, stub.piece = model, re.compile(r".+\n*|\n+" if thorough else r"(?s).+")  # line by line, or at once
    found: Verdicts = {}
    try:
        for group in groups:
            found |= verdicts_on(await attack(group, folder / group[0].id, stub, model, thorough=thorough))
    finally:
        stub.close()
    return found


def table(found: Verdicts) -> str:
    """The harmless by kind and output, as Markdown."""
    lines = ["| kind | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    kinds = Counter(injection.kind for injection in found)
    for kind, total in [*kinds.items(), ("all", len(found))]:
        of_kind = [findings for injection, findings in found.items() if kind in (injection.kind, "all")]
        good = [sum(all(f.column != column for f in findings) for findings in of_kind) for column in COLUMNS]
        lines.append(f"| {kind} | " + " | ".join(f"{number} of {total}" for number in good) + " |")
    return "\n".join(lines)


def report(found: Verdicts) -> str:
    """Each harmful injection with the first of its findings in each column."""
    lines = []
    for injection, findings in found.items():
        lines += [f"{injection.id}, {injection.kind}: {injection.tries}"] if findings else []
        for column in COLUMNS:
            if of_column := [f for f in findings if f.column == column]:
                more = f" (and {len(of_column) - 1} more)" if len(of_column) > 1 else ""
                lines.append(f"    {column}, {of_column[0].output}: {of_column[0].what!r}{more}")
    return "\n".join(lines)


def main() -> int:
    """Runs all and prints the tables."""
    network, harmful = Network(), False
    for name, injections in (("abstracts", abstracts()), ("other fields", fields())):
        with tempfile.TemporaryDirectory() as folder:
            found = asyncio.run(
                attack_all([[i] for i in injections], Path(folder), thorough=True, model=ObeyingModel())
            )
        print(f"{len(injections)} hostile {name}: how many are harmless\n\n{table(found)}\n\n{report(found)}\n")
        harmful = harmful or any(found.values())
    print(f"hosts asked besides loopback: {', '.join(sorted(network.hosts)) or 'none'}")
    return 1 if harmful or network.hosts else 0


if __name__ == "__main__":
    sys.exit(main())
