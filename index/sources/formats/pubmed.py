"""PubMed's own format (MEDLINE, .nbib) -> papers and rejects.

A line is a tag of up to four signs, a dash and a value; what is wrapped is indented.
"""

import re

from index.paper import Paper, Reject
from index.safety.limits import RECORDS, rest_not_read
from index.sources.records import record_fields
from index.sources.records.record_dates import day_of
from index.sources.records.record_fields import Odd, told
from index.sources.records.record_names import turned
from index.sources.rejected import reject

NAME = "nbib"
HUMAN = "a PubMed file"
WHAT = "PubMed's format (MEDLINE, .nbib)"

_TAG = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,3}- ?(.*)$")
_START = re.compile(r"\s*(?:<pre>\s*)?(?:PMID|OWN|PMC) {0,3}- ?\S")


def recognises(text: str) -> bool:
    """Whether a text opens with a PubMed record."""
    return _START.match(text) is not None


def read(text: str, *, posted: str | None = None) -> tuple[list[Paper], list[Reject], tuple[str, ...]]:
    """The papers of a text, in its order."""
    papers: list[Paper] = []
    rejects: list[Reject] = []
    odds: list[tuple[str, Odd]] = []
    for number, tags in enumerate(_records(text), 1):
        place = f"PMID {tags['PMID'][0][:20]}" if tags.get("PMID") else f"record {number}"
        if number > RECORDS:
            rejects.append(rest_not_read(place))
            break
        try:
            paper, odd = _paper(tags, posted)
        except ValueError as error:
            rejects.append(reject(place, error))
            continue
        papers.append(paper)
        odds += ((place, one) for one in odd)
    return papers, rejects, told(odds)


def _records(text: str) -> list[dict[str, list[str]]]:
    records: list[dict[str, list[str]]] = []
    last: list[str] | None = None
    blank = True
    for line in text.split("\n"):
        line = line.rstrip()
        if found := _TAG.match(line):
            if found[1] == "PMID" or not records or (blank and found[1] in ("OWN", "PMC")):
                records.append({})
            last = records[-1].setdefault(found[1], [])
            last.append(found[2].strip())
        elif last and line.startswith(" "):
            last[-1] += f" {line.strip()}"
        blank = not line
    return records


def _paper(tags: dict[str, list[str]], posted: str | None) -> tuple[Paper, list[Odd]]:
    title = next((tags[tag][0] for tag in ("TI", "BTI", "TT") if tag in tags), "")
    if title.startswith("[") and title.rstrip(".").endswith("]"):  # translated
        title = title.rstrip(".")[1:-1]
    pmid = tags.get("PMID", [""])[0]
    dois = [value.removesuffix("[doi]").strip() for tag in ("AID", "LID") for value in tags.get(tag, ())
            if value.endswith("[doi]")]  # fmt: skip
    names = [*(turned(name) for name in tags.get("FAU", ())), *tags.get("CN", ())] or tags.get("AU", [])
    dates = [value for tag in ("DEP", "DP", "PHST", "EDAT") for value in tags.get(tag, ()) if tag in ("DEP", "DP")]
    record: dict[str, object] = {
        "title": title,
        "abstract": " ".join(tags.get("AB", ())),
        "authors": names,
        "doi": dois,
        "url": f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid.isdecimal() else None,
        "keywords": [*tags.get("OT", ()), *tags.get("MH", ())],
        "is_retracted": "Retracted Publication" in tags.get("PT", ()),
        "date": next((date for date in dates if day_of(date)), dates[0] if dates else None),
    }
    return record_fields.read(record, posted=posted, source=NAME)
