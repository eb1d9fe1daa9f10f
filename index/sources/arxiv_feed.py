"""arXiv's daily feeds (rss.arxiv.org, RSS or Atom) -> papers and rejects.

An item's text opens with its id and the kind of announcement. The feed's day is the day of the announcement: of a new
paper the day it appeared, of a replaced one not.
"""

import html
import re
from xml.etree import ElementTree

from index.ids import canonical_id, id_in_url
from index.paper import Paper, Reject
from index.safety.limits import FEED, RECORDS, rest_not_read
from index.sources import record_fields
from index.sources.record_fields import Odd, told
from index.sources.record_names import listed
from index.sources.rejected import reject

NAME = "arxiv-feed"
HUMAN = "a daily feed of arXiv's"
WHAT = "arXiv's daily feeds (rss.arxiv.org), RSS or Atom"

_OPENING = re.compile(
    r"\s*(?:arXiv:(?P<id>\S+)\s+)?(?:Announce Type:\s*(?P<kind>[\w-]+)\s+)?(?:Abstract:\s*)?", re.IGNORECASE
)
_IN_TITLE = re.compile(r"\s*\(arXiv:([^\s)]+)[^)]*\)\s*$")
_OAI = re.compile(r"^oai:arXiv\.org:", re.IGNORECASE)


def recognises(text: str) -> bool:
    """Whether a text opens as a feed, and is one of arXiv's announcements."""
    head = text[:20_000].lstrip()
    if not head.startswith("<") or not re.search(r"<(?:rss|rdf:RDF|feed)\b", head[:3000]):
        return False
    if "<feed" in head[:3000]:
        return "oai:arXiv.org" in head or "Announce Type:" in head or "rss.arxiv.org" in head[:3000]
    return "arxiv.org" in head.lower()


def read(text: str, *, posted: str | None = None) -> tuple[list[Paper], list[Reject], tuple[str, ...]]:
    """The papers of a feed, in its order."""
    if len(text) > FEED:
        return [], [Reject("the feed", f"has more than {FEED >> 20} million characters")], ()
    if re.search("<!(DOCTYPE|ENTITY)", text):
        return [], [Reject("the feed", "declares a document type, which is not read")], ()
    try:
        feed = ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1).strip())
    except ElementTree.ParseError as error:
        return [], [Reject("the feed", f"is not valid XML ({error})")], ()
    papers: list[Paper] = []
    rejects: list[Reject] = []
    odds: list[tuple[str, Odd]] = []
    items = [element for element in feed.iter() if _name(element) in ("item", "entry")]
    for number, item in enumerate(items, 1):
        place = f"item {number}"
        if number > RECORDS:
            rejects.append(rest_not_read(place))
            break
        try:
            paper, odd = _paper(item, posted)
        except ValueError as error:
            rejects.append(reject(place, error))
            continue
        papers.append(paper)
        odds += ((place, one) for one in odd)
    if not items:
        rejects.append(Reject("the feed", "announces no paper: on weekends and holidays it is empty"))
    return papers, rejects, told(odds)


def _paper(item: ElementTree.Element, posted: str | None) -> tuple[Paper, list[Odd]]:
    texts: dict[str, list[str]] = {}
    for element in item:
        texts.setdefault(_name(element), []).append((element.text or element.get("href") or "").strip())
    title = (texts.get("title") or [""])[0]
    text = (texts.get("description") or texts.get("summary") or [""])[0]
    if re.search(r"</?p>", text):  # the feeds of before 2024 held HTML
        text = html.unescape(re.sub(r"</?(?:p|br)\s*/?>", " ", text))
    opening = _OPENING.match(text)
    in_title = _IN_TITLE.search(title)
    places = [
        in_title[1] if in_title else "",
        opening["id"] if opening and opening["id"] else "",
        *(_OAI.sub("", value) for key in ("id", "guid") for value in texts.get(key, ())),
        *texts.get("link", ()),
    ]
    identity = next((found for place in places if (found := canonical_id(place) or id_in_url(place))), None)
    if not identity or not identity.startswith("arxiv:"):
        raise ValueError("has no arXiv id")
    kind = (texts.get("announce_type") or [opening["kind"] if opening and opening["kind"] else ""])[0]
    people = "; ".join(re.sub(r"<[^>]*>", "", html.unescape(value)) for value in texts.get("creator", ()))
    record: dict[str, object] = {
        "title": _IN_TITLE.sub("", title).rstrip(".") if in_title else title,
        "abstract": text[opening.end() :] if opening else text,
        "authors": list(listed(people if ";" in people else people.replace(", ", "; "), "authors")),
        "arxiv": next(place for place in places if canonical_id(place) or id_in_url(place)),
        "doi": texts.get("DOI", []),
        "url": f"https://arxiv.org/abs/{identity.removeprefix('arxiv:')}",
        "categories": texts.get("category"),
        "date": (texts.get("pubDate") or texts.get("published") or texts.get("date") or [""])[0],
    }
    replaced = kind.lower().startswith("replace")
    if replaced:
        record.pop("date")
    paper, odd = record_fields.read(record, posted=posted, source=NAME)
    if replaced:
        odd.append(Odd("published", "is not told by the feed for a paper that was replaced", identity))
    return paper, odd


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
