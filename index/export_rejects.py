"""Rejected records out, so that they can be mended and added again: JSON lines, and BibTeX where it is broken BibTeX.

Text in, text out; knows nothing of libraries or files.
"""

import json
from collections.abc import Iterable

from index.export_records import one_line
from index.paper import Reject
from index.sources.encoding import mended


def written(rejects: Iterable[Reject]) -> dict[str, tuple[str, int]]:
    """The texts of the files to write by suffix, and how many records are in each; rejects without a text of their own
    are left out. A record of JSON says under `rejected` where it was and why; a broken entry in a line before it."""
    pieces: dict[str, list[str]] = {".jsonl": [], ".bib": []}
    for reject in rejects:
        told = one_line(f"{reject.place}: {reject.reason}")
        if not reject.record.strip():
            continue
        if reject.record.lstrip().startswith("@"):
            pieces[".bib"].append(f"% {told}\n{reject.record.strip()}\n")
        else:
            pieces[".jsonl"].append(_line(reject.record, told))
    return {suffix: ("\n".join(some) + "\n", len(some)) for suffix, some in pieces.items() if some}


def _line(record: str, told: str) -> str:
    """A record on one line; one that is no JSON stays as it is."""
    try:
        fields = json.loads(record)
    except (ValueError, RecursionError):
        return " ".join(record.split("\n"))
    return mended(json.dumps({"rejected": told} | fields, ensure_ascii=False)) if isinstance(fields, dict) else record
