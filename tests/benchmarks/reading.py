"""How fast each format is read, and in how much memory: records per second and peak memory at 100,000 invented records.

    python tests/benchmarks/reading.py [--records 100000] [FORMAT ...]

Each format is read in a process of its own; the memory is that of the process, with the file's text in it.
"""

import argparse
import csv
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "index")]

from invented import invented_papers  # noqa: E402

from index.export import to_bibtex, to_csv, to_jsonl  # noqa: E402
from index.export_notes import to_markdown  # noqa: E402
from index.export_records import to_csl_json, to_ris  # noqa: E402
from index.paper import Paper  # noqa: E402
from index.sources import read_files  # noqa: E402


def snapshot(papers: Sequence[Paper]) -> str:
    """The papers as arXiv's metadata snapshot has them."""
    people = [["Example", "Ada", ""]]
    records = ({"id": p.id.removeprefix("arxiv:"), "title": p.title, "abstract": p.abstract, "comments": "9 pages",
                "authors_parsed": people, "versions": [{"created": p.published}]} for p in papers)  # fmt: skip
    return "".join(json.dumps(record) + "\n" for record in records)


def scholar(papers: Sequence[Paper]) -> str:
    """The papers as one reply of Semantic Scholar."""
    data = [{"paperId": "f", "externalIds": {"ArXiv": p.id.removeprefix("arxiv:")}, "title": p.title,
             "abstract": p.abstract, "publicationDate": p.published} for p in papers]  # fmt: skip
    return json.dumps({"total": len(data), "data": data})


def pubmed(papers: Sequence[Paper]) -> str:
    """The papers as PubMed has them."""
    return "\n".join(
        f"PMID- {number}\nDP  - {p.published}\nTI  - {p.title}\nAB  - {p.abstract}\nFAU - Example, Ada\n"
        for number, p in enumerate(papers)
    )


def semicolons(papers: Sequence[Paper]) -> str:
    """The papers as somebody's table."""
    out = io.StringIO()
    rows = ((p.published, p.abstract, p.id, p.title) for p in papers)
    csv.writer(out, delimiter=";").writerows([("Date", "Abstract", "arXiv", "Title"), *rows])
    return out.getvalue()


WRITERS: dict[str, Callable[[Sequence[Paper]], str]] = {
    "jsonl": to_jsonl, "csv": to_csv, "table": semicolons, "bibtex": to_bibtex, "ris": to_ris, "nbib": pubmed,
    "csl-json": to_csl_json, "markdown": to_markdown, "arxiv-json": snapshot, "semantic-scholar": scholar,
}  # fmt: skip


def read(path: Path) -> None:
    """Reads a file and prints what that took."""
    began = time.perf_counter()
    papers = sum(len(reading.papers) for reading in read_files(path))
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{papers:8,} papers  {papers / took:8,.0f} a second  {peak:6,.0f} MB")


def main() -> None:
    """Writes each format's file, and reads it in a new process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("formats", nargs="*", metavar="FORMAT", choices=[[], *WRITERS], default=[])
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.read:
        read(args.read)
        return
    papers = invented_papers(args.records)
    with tempfile.TemporaryDirectory() as folder:
        for name in args.formats or WRITERS:
            path = Path(folder) / name
            path.write_text(WRITERS[name](papers), encoding="utf-8")
            command = [sys.executable, __file__, "--read", str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            size = path.stat().st_size >> 20
            print(f"{name:17} {size:4} MB  {done.stdout.strip() or done.stderr.strip()[-300:]}", flush=True)
            path.unlink()


if __name__ == "__main__":
    main()
