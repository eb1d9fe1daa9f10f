"""A feed from arXiv's API (Atom): text -> papers and rejects.

Ids come with versions and titles with line breaks; an error comes as an entry titled "Error" that looks like a paper.
A feed that declares a document type is refused: its entities could fill the memory, and arXiv's feeds have none.
"""

import re
from xml.etree import ElementTree

from index.ids import canonical_id, version_in
from index.paper import Paper, Reject
from index.safety.limits import RECORDS, refuse_long_paper, rest_not_read
from index.sources.records.record_keywords import keywords_of
from index.sources.rejected import kept_record
from index.withdrawn import WITHDRAWN, says_withdrawn

NAME = "arxiv-atom"
WHAT = "a feed of arXiv's API (Atom)"
NO_PAPER = "contains no paper: arXiv knows none with that id"

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"


def recognises(text: str) -> bool:
    """Whether a text begins as an Atom feed."""
    head = text[:2000]
    return head.lstrip().startswith("<") and "<feed" in head and _ATOM[1:-1] in head


def read(text: str, *, posted: str | None = None) -> tuple[list[Paper], list[Reject]]:
    """The papers of a feed in order, with the versions taken off their ids, and rejects."""
    if re.search("<!(DOCTYPE|ENTITY)", text):
        return [], [Reject("the feed", "declares a document type, so it was not read")]
    try:
        feed = ElementTree.fromstring(text.strip())
    except ElementTree.ParseError as error:
        return [], [Reject("the feed", f"is not valid XML ({error})")]
    papers: list[Paper] = []
    rejects: list[Reject] = []
    for number, entry in enumerate(feed.iter(f"{_ATOM}entry"), 1):
        if number > RECORDS:
            rejects.append(rest_not_read(f"entry {number}"))
            break
        try:
            papers.append(_paper(entry, posted))
        except ValueError as error:
            place = f"entry {number}: {_text(entry, 'title')[:60]}".rstrip(": ")
            rejects.append(Reject(place, str(error), record=kept_record(_fields(entry))))
    if not papers and not rejects:
        rejects.append(Reject("the feed", NO_PAPER))
    return papers, rejects


def _paper(entry: ElementTree.Element, posted: str | None) -> Paper:
    title, abstract = _text(entry, "title"), _text(entry, "summary")
    identity = canonical_id(_text(entry, "id"))
    if title == "Error" and not identity:
        raise ValueError(f"arXiv answers: {abstract[:200]}")
    if not identity or not identity.startswith("arxiv:"):
        raise ValueError("has no arXiv id")
    for name, value in (("title", title), ("abstract", abstract)):
        if not value:
            raise ValueError(f"has no {name}")
    authors = tuple(name for author in entry.iter(f"{_ATOM}author") if (name := _text(author, "name")))
    refuse_long_paper(title, abstract, authors)
    return Paper(
        title=title,
        abstract=abstract,
        id=identity,
        authors=authors,
        published=_text(entry, "published"),
        posted=posted,
        keywords=_keywords(entry),
        ids=(_text(entry, f"{_ARXIV}doi"),),
        version=version_in(_text(entry, "id")),
        url=f"https://arxiv.org/abs/{identity.removeprefix('arxiv:')}",
        source=NAME,
    )


def _keywords(entry: ElementTree.Element) -> tuple[str, ...]:
    """The categories, and that the paper was withdrawn where the comment says so."""
    found, _ = keywords_of({"categories": [element.get("term") for element in entry.iter(f"{_ATOM}category")]})
    withdrawn = says_withdrawn(_text(entry, f"{_ARXIV}comment"))
    return (*found, WITHDRAWN) if withdrawn else found


def _fields(entry: ElementTree.Element) -> dict[str, object]:
    """What an entry says that is no paper's."""
    names = (("title", "title"), ("abstract", "summary"), ("published", "published"))
    people = [_text(author, "name") for author in entry.iter(f"{_ATOM}author")]
    fields: dict[str, object] = {name: _text(entry, its) for name, its in names}
    return fields | {"id": canonical_id(_text(entry, "id")), "authors": people, "source": NAME}


def _text(element: ElementTree.Element, name: str) -> str:
    return (element.findtext(name if name.startswith("{") else _ATOM + name) or "").strip()
