"""How fast each format is read, and in how much memory: records per second and peak memory at 100,000 invented records.

    python tests/benchmarks/reading.py [--records 100000] [FORMAT ...]

Each format is read in a process of its own; the memory is that of the process, with the file's text in it.
"""

import argparse
import csv
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

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


def openalex(papers: Sequence[Paper]) -> str:
    """The papers as one reply of OpenAlex, the abstract as words with their places."""
    works = []
    for p in papers:
        places: dict[str, list[int]] = {}
        for place, word in enumerate(p.abstract.split(" ")):
            places.setdefault(word, []).append(place)
        works.append({"display_name": p.title, "publication_date": p.published, "abstract_inverted_index": places,
                      "ids": {"doi": f"https://doi.org/10.48550/{p.id.replace(':', '.')}"},
                      "authorships": [{"author": {"display_name": "Ada Example"}}]})  # fmt: skip
    return json.dumps({"results": works})


def crossref(papers: Sequence[Paper]) -> str:
    """The papers as one reply of Crossref, with the markup of JATS."""
    items = [{"DOI": f"10.48550/{p.id.replace(':', '.')}", "title": [p.title],
              "abstract": f"<jats:p>{p.abstract}</jats:p>", "author": [{"given": "Ada", "family": "Example"}],
              "indexed": {}} for p in papers]  # fmt: skip
    return json.dumps({"message": {"items": items}})


def hub(papers: Sequence[Paper]) -> str:
    """The papers as the Hub's own JSON."""
    return json.dumps([{"paper": {"id": p.id.removeprefix("arxiv:"), "title": p.title, "summary": p.abstract,
                                  "publishedAt": f"{p.published}T10:00:00.000Z", "authors": [{"name": "Ada Example"}],
                                  "upvotes": 3}, "numComments": 1} for p in papers])  # fmt: skip


def acl(papers: Sequence[Paper]) -> str:
    """The papers as one volume of the ACL Anthology."""
    inside = "\n".join(
        f'<paper id="{number}"><title>{p.title}</title><author><first>Ada</first><last>Example</last></author>'
        f"<abstract>{p.abstract}</abstract><doi>10.18653/v1/2024.acl-long.{number}</doi></paper>"
        for number, p in enumerate(papers, 1)
    )
    return f"<?xml version='1.0'?>\n<collection id='2024.acl'><volume id='long'>{inside}</volume></collection>"


def atom(papers: Sequence[Paper]) -> str:
    """The papers as arXiv's API has them; a feed has an end at ten million characters."""
    inside = "".join(
        f"<entry><id>http://arxiv.org/abs/{p.id.removeprefix('arxiv:')}v1</id><title>{p.title}</title>"
        f"<published>{p.published}T10:00:00Z</published><summary>{p.abstract}</summary>"
        "<author><name>Ada Example</name></author></entry>"
        for p in papers[:10_000]
    )
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{inside}</feed>'


def page(papers: Sequence[Paper]) -> str:
    """The papers as a pasted Daily page; a page has an end at 50,000 lines."""
    return "byAK and the research community\n\n" + "".join(
        f"{p.title}\n\n{p.abstract}\n\n  • 4 authors\n·\nMar 2, 2025 7\n\n" for p in papers[:5_000]
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
    "openalex": openalex, "crossref": crossref, "hub-json": hub, "acl-xml": acl, "arxiv-atom": atom, "daily-page": page,
}  # fmt: skip


def read(path: Path) -> None:
    """Reads a file and prints what that took."""
    began = time.perf_counter()
    papers = sum(len(reading.papers) for reading in read_files(path))
    took = time.perf_counter() - began
    # not ru_maxrss, in which the process that started this one is counted
    peak = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024
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
