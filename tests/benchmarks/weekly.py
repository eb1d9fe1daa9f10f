"""What digests cost and hold: ten weeks against a chat API.

    python tests/benchmarks/weekly.py hf-daily-papers.jsonl.gz http://127.0.0.1:18080/v1 [--weeks 10] [--seed 14]

Prints for each week: papers, how many of them stand in the digest or among what is left out, calls, prompt tokens,
seconds, the share of papers in a theme, how much of what is published the model wrote, and what is published
although it cites nothing or is flagged when it is checked once more. Then each week again, which should cost nothing
but what failed.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from themes import drawn, papers_by_week

from assistant.checking import check_claim
from assistant.documents import Claim, Digest
from assistant.llm import ChatModel
from assistant.settings import Settings
from assistant.weekly import weekly
from index.library import Library
from index.paper import Paper

HEAD = "week      papers found calls tokens  sec themed written flagged uncited | again: calls tokens"


def published(digest: Digest) -> Iterator[Claim]:
    """Every sentence of a digest."""
    yield from digest.overview
    yield from (claim for theme in digest.themes for claim in theme.claims)
    yield from (paper.line for paper in digest.papers)


def faults(digest: Digest) -> tuple[int, int]:
    """How many sentences are flagged when they are checked once more, and how many cite nothing."""
    papers = {p.label: p.paper for p in digest.papers}
    everyone = tuple(papers.values())
    claims = list(published(digest))
    written = (c for c in claims if not c.text.startswith("“"))
    verbatim = (c for c in claims if c.text.startswith("“"))
    flagged = sum(
        check_claim(c.text, papers, everyone).check.verdict not in ("ok", "nothing_to_check") for c in written
    )
    for claim in verbatim:
        cited = claim.citations[0]
        sentence = papers[int(cited.label)].sentences[(cited.sentence or 0) - 1].text
        flagged += claim.text[1:].partition(f"” [{cited.label}.{cited.sentence}]")[0] != sentence
    return flagged, sum(not claim.citations for claim in claims)


def accounted(digest: Digest, papers: Sequence[Paper]) -> int:
    """How many of a week's papers stand in the digest exactly once, or among what is left out."""
    of_theme = [label for theme in digest.themes for label in theme.labels] + list(digest.other)
    labels = {p.paper.id: p.label for p in digest.papers}
    left_out = {e.id for e in digest.excluded}
    return sum((p.id in left_out) != (of_theme.count(labels.get(p.id, 0)) == 1) for p in papers)


async def run(library: Library, model: ChatModel, week: str) -> tuple[Digest, float]:
    """A whole digest and the seconds it took."""
    began = time.perf_counter()
    digests = [digest async for digest in weekly(library, week=week, model=model)]
    return digests[-1], time.perf_counter() - began


def main() -> None:
    """Prints a line for each week and the sums."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("server")
    parser.add_argument("--model", default="gpt-4o")
    parser.add_argument("--embeddings", default="hashing")
    parser.add_argument("--weeks", type=int, default=10)
    parser.add_argument("--seed", type=int, default=14)
    args = parser.parse_args()
    weeks = papers_by_week(args.file)
    chosen = drawn(weeks, args.weeks, args.seed)
    with (
        tempfile.TemporaryDirectory() as home,
        Library.open(home, args.embeddings, offline=True, exact=True) as library,
    ):
        settings = Settings.load(home=home, base_url=args.server, api_key="sk-benchmark", model=args.model)
        model = ChatModel(settings)
        library.add([paper for week in chosen for paper in weeks[week]])
        print(HEAD)
        sums = [0.0] * 10
        for week in chosen:
            papers = weeks[week]
            digest, seconds = asyncio.run(run(library, model, week))
            again, _ = asyncio.run(run(library, model, week))
            flagged, uncited = faults(digest)
            themed = sum(len(theme.labels) for theme in digest.themes if len(theme.labels) >= 3)
            written = sum(not claim.text.startswith("“") for claim in published(digest))
            spent, more = digest.usage, again.usage
            row = [len(papers), accounted(digest, papers), spent.llm_calls, spent.prompt_tokens, seconds, themed]
            row += [written, flagged, uncited, more.llm_calls]
            sums = [one + other for one, other in zip(sums, row, strict=True)]
            print(line(week, row), f"{more.prompt_tokens:6}", flush=True)
        print(line("sum", sums))


def line(name: str, row: Sequence[float]) -> str:
    """A row of the table."""
    papers, found, calls, tokens, seconds, themed, written, flagged, uncited, again = row
    return (
        f"{name:9} {papers:6.0f} {found:5.0f} {calls:5.0f} {tokens:6.0f} {seconds:4.1f} {themed / papers:6.0%} "
        f"{written:7.0f} {flagged:7.0f} {uncited:7.0f} | {again:12.0f}"
    )


if __name__ == "__main__":
    main()
