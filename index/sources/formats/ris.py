"""RIS, as Zotero, EndNote, Mendeley, Scopus, PubMed and publishers write it -> papers and rejects.

A line is a tag of two signs, a dash and a value; what is wrapped stands on lines without a tag.
"""

import re

from index.paper import Paper, Reject
from index.safety.limits import RECORDS, rest_not_read
from index.sources.records import record_fields
from index.sources.records.record_dates import day_of
from index.sources.records.record_fields import Odd, told
from index.sources.records.record_names import turned
from index.sources.rejected import reject

NAME = "ris"
HUMAN = "a RIS file"
WHAT = "RIS (.ris), as Zotero, EndNote, Scopus, PubMed and `papers export` write it"

_TAG = re.compile(r"([A-Z][A-Z0-9]) {0,2}-(?: +(.*)|\t(.*)|)$")
_START = re.compile(r"TY {0,2}- ?\s*\S")
_OWN = re.compile(r"(posted|organization|comments|upvotes|author_count|code_url|source|id): (.*)", re.DOTALL)
_ANNOTATION = re.compile(r"(tags|note|ai_summary): (.*)", re.DOTALL)
_TITLES, _ABSTRACTS, _PEOPLE = ("TI", "T1", "CT", "BT"), ("AB", "N2"), ("AU", "A1")
_DAYS, _LINKS = ("DA", "Y1", "PY", "YR"), ("UR", "L1", "L2", "LK")
_DOI = re.compile(r"\b10\.\d{4,9}/\S+")


def recognises(text: str) -> bool:
    """Whether a text opens with a record's type, behind no more than a few lines of something else."""
    lines = [line.strip() for line in text[:5000].lstrip("\ufeff").splitlines() if line.strip()][:12]
    return any(_START.match(line) for line in lines)


def read(text: str, *, posted: str | None = None) -> tuple[list[Paper], list[Reject], tuple[str, ...]]:
    """The papers of a text, in its order."""
    papers: list[Paper] = []
    rejects: list[Reject] = []
    odds: list[tuple[str, Odd]] = []
    for number, (place, tags) in enumerate(_records(text), 1):
        if number > RECORDS:
            rejects.append(rest_not_read(place))
            break
        try:
            paper, odd = _paper(tags, posted)
        except ValueError as error:
            title = next((tags[tag][0] for tag in _TITLES if tag in tags), "")[:60]
            rejects.append(reject(f"{place}: {title}" if title else place, error))
            continue
        papers.append(paper)
        odds += ((place, one) for one in odd)
    return papers, rejects, told(odds)


def _records(text: str) -> list[tuple[str, dict[str, list[str]]]]:
    records: list[tuple[str, dict[str, list[str]]]] = []
    tags: dict[str, list[str]] | None = None
    last: list[str] | None = None
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip("\r").strip("\ufeff")
        found = _TAG.match(line)
        if found is None:
            if last and line.strip() and tags is not None:
                last[-1] += f"\n{line.strip()}"
            continue
        tag, value = found[1], (found[2] or found[3] or "").strip()
        if tag == "TY" or (tag != "ER" and tags is None):
            tags = {}
            records.append((f"line {number}", tags))
        if tag == "ER":
            tags, last = None, None
        elif tags is not None:
            last = tags.setdefault(tag, [])
            last.append(value)
    return records


def _paper(tags: dict[str, list[str]], posted: str | None) -> tuple[Paper, list[Odd]]:
    own = {found[1]: found[2] for tag in ("C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8") for value in tags.get(tag, ())
           if (found := _OWN.match(value))}  # fmt: skip
    annotated = {found[1]: found[2] for tag in ("U1", "U2", "N1") for value in tags.get(tag, ())
                 if (found := _ANNOTATION.match(value))}  # fmt: skip
    record: dict[str, object] = {
        "title": _first(tags, _TITLES),
        "abstract": _first(tags, _ABSTRACTS),
        "authors": [turned(name) for tag in _PEOPLE for name in tags.get(tag, ()) if name],
        "doi": _doi(tags),
        "urls": [word for tag in _LINKS for value in tags.get(tag, ()) for word in value.split()],
        "date": _day(tags),
        "keywords": tags.get("KW"),
        "paper_tags": annotated.get("tags"),
        "paper_note": annotated.get("note"),
        "ai_summary": annotated.get("ai_summary"),
        **{name: value for name, value in own.items() if name not in ("id", "source")},
    }
    paper, odd = record_fields.read(record, posted=posted, source=NAME)
    paper = record_fields.with_own_id(paper, own["id"]) if own.get("id") else paper
    return paper.with_(source=own["source"]) if own.get("source") else paper, odd


def _first(tags: dict[str, list[str]], names: tuple[str, ...]) -> str:
    return next((value for name in names for value in tags.get(name, ()) if value), "")


def _doi(tags: dict[str, list[str]]) -> list[str]:
    """The DOI and the arXiv id: in their own field, or in one that some writers use for it."""
    values = [value for tag in ("DO", "DI", "M3", "AN", "N1", "M1") for value in tags.get(tag, ())]
    found = [match[0] for value in values if (match := _DOI.search(value))]
    return [*found, *(value for value in values if value.lower().startswith("arxiv:"))]


def _day(tags: dict[str, list[str]]) -> str:
    """The first date that names a day; else the first there is. `2024/05/17/` may lack parts; a day without its year
    (`17 May`) takes the year of another field."""
    values = [value.strip().strip("/") for tag in _DAYS for value in tags.get(tag, ()) if value.strip()]
    year = next((found[0] for value in values if (found := re.match(r"[12]\d{3}", value))), "")
    for value in values:
        for shape in (
            value,
            re.sub(r"^(\d{4}/\d{1,2}/\d{1,2})/.*$", r"\1", value),
            f"{value} {year}",
            f"{value}, {year}",
        ):
            if day_of(shape):
                return shape
    return values[0] if values else ""
