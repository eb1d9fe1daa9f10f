"""The ACL Anthology's own XML -> papers and rejects: a collection of volumes of papers.

A file that declares a document type is not read: entities in it could fill the memory, and the Anthology's has none.
"""

import io
import re
from xml.etree import ElementTree

from index.paper import Paper, Reject
from index.safety.limits import RECORDS, rest_not_read
from index.sources.records import record_fields
from index.sources.records.record_dates import month_number
from index.sources.records.record_fields import Odd, told
from index.sources.rejected import reject

NAME = "acl-xml"
HUMAN = "a file of the ACL Anthology"
WHAT = "the ACL Anthology's XML (its BibTeX is read too)"


def recognises(text: str) -> bool:
    """Whether a text opens as a collection or a volume of the Anthology."""
    head = text[:5000].lstrip()
    return head.startswith("<") and re.search(r"<(?:collection|volume)\s[^>]*\bid=", head) is not None


def read(text: str, *, posted: str | None = None) -> tuple[list[Paper], list[Reject], tuple[str, ...]]:
    """The papers of all volumes, in their order, without the front matter."""
    papers: list[Paper] = []
    rejects: list[Reject] = []
    odds: list[tuple[str, Odd]] = []
    if re.search("<!(DOCTYPE|ENTITY)", text):
        return [], [Reject("the file", "declares a document type, which is not read")], ()
    collection = volume = year = month = ""
    number = 0
    try:
        for event, element in ElementTree.iterparse(io.BytesIO(_declared(text).encode()), events=("start", "end")):
            if event == "start":
                collection = element.get("id", "") if element.tag == "collection" else collection
                volume = element.get("id", "") if element.tag == "volume" else volume
                continue
            if element.tag == "meta":
                year, month = element.findtext("year") or "", element.findtext("month") or ""
            if element.tag != "paper":
                continue
            number += 1
            place = f"paper {'-'.join(filter(None, [collection, volume]))}.{element.get('id', number)}"
            if number > RECORDS:
                rejects.append(rest_not_read(place))
                break
            try:
                paper, odd = _paper(element, year, month, posted)
            except ValueError as error:
                rejects.append(reject(place, error))
            else:
                papers.append(paper)
                odds += ((place, one) for one in odd)
            element.clear()
    except ElementTree.ParseError as error:
        rejects.append(Reject("the file", f"is not valid XML from here on ({error})"))
    return papers, rejects, told(odds)


def _declared(text: str) -> str:
    """The text, which is no longer in the encoding that it may declare."""
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1)


def _paper(element: ElementTree.Element, year: str, month: str, posted: str | None) -> tuple[Paper, list[Odd]]:
    names = [(author.findtext("first") or "", author.findtext("last") or "") for author in element.findall("author")]
    address = (element.findtext("url") or "").strip()
    year, month = element.findtext("year") or year, element.findtext("month") or month
    number = month_number(month.split("-")[0])
    record: dict[str, object] = {
        "title": _text(element.find("title")),
        "abstract": _text(element.find("abstract")),
        "authors": [" ".join(part.strip() for part in name if part.strip()) for name in names],
        "doi": (element.findtext("doi") or "").strip(),
        "url": address if "://" in address else f"https://aclanthology.org/{address}/" if address else None,
        "is_retracted": element.find("retracted") is not None or element.find("removed") is not None,
        "date": element.findtext("date") or (f"{year}-{number:02d}" if number else year),
    }
    return record_fields.read(record, posted=posted, source=NAME)


def _text(element: ElementTree.Element | None) -> str:
    """The text of an element without its marks; a formula stands between dollar signs."""
    if element is None:
        return ""
    for formula in element.iter("tex-math"):
        formula.text = f"${formula.text or ''}$"
    return " ".join("".join(element.itertext()).split())
