"""Papers out in every format and in again: how many come back the same, field by field, but for spaces.

    python tests/benchmarks/round_trip.py FILE [FORMAT ...]

FILE holds papers in any format that is read. Exit code 1 where a paper, a title, an abstract or the people of a paper
are lost or changed.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from index.export import to_bibtex, to_csv, to_jsonl  # noqa: E402
from index.export_notes import to_markdown  # noqa: E402
from index.export_records import to_csl_json, to_ris  # noqa: E402
from index.paper import Paper  # noqa: E402
from index.sources import read_file, read_text  # noqa: E402

WRITERS: dict[str, Callable[[Sequence[Paper]], str]] = {
    "jsonl": to_jsonl, "csv": to_csv, "bibtex": to_bibtex, "ris": to_ris, "csl-json": to_csl_json,
    "markdown": to_markdown,
}  # fmt: skip
NEVER_LOST = frozenset(["title", "abstract", "authors"])


def compared(papers: Sequence[Paper], name: str) -> bool:
    """Prints what a format lost of the papers; whether nothing of NEVER_LOST was."""
    reading = read_text(WRITERS[name](papers))
    print(f"{name}: {len(reading.papers):,} of {len(papers):,} papers, {len(reading.rejects):,} rejects")
    whole = len(reading.papers) == len(papers)
    if not whole:
        print(f"  {reading.rejects[:3]}")
        return False
    for field in Paper(title="", abstract="").to_dict():
        pairs = zip(papers, reading.papers, strict=True)
        changed = [(a, b) for a, b in pairs if _spaced(getattr(a, field)) != _spaced(getattr(b, field))]
        if changed:
            before, after = changed[0]
            shown = f"{getattr(before, field)!r:.300} -> {getattr(after, field)!r:.300}"
            print(f"  {field}: {len(changed):,} changed, as {before.id}: {shown}")
            whole = whole and field not in NEVER_LOST
    return whole


def _spaced(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


def main() -> int:
    """Every format, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("formats", nargs="*", metavar="FORMAT", choices=[[], *WRITERS], default=[])
    args = parser.parse_args()
    papers = read_file(args.file).papers
    lost = [name for name in args.formats or WRITERS if not compared(papers, name)]
    return 1 if lost else 0


if __name__ == "__main__":
    raise SystemExit(main())
