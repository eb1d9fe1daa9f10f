"""A link to a supported site, a bare arXiv id or a DOI -> its papers: the Hub's Daily Papers by its JSON API, arXiv's
papers by its Atom API, a DOI's paper by Crossref's API; and `zotero:`, a Zotero that runs on this machine.

The address to request is built here from what the link names, and nothing else is ever fetched, not even through a
redirect: someone who can paste a link must not be able to probe our network. Parsing the reply is left to
`index.sources`.
"""

import datetime
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from index import default_home
from index.ids import canonical_id
from index.paper import iso_date
from index.sources import Reading, read_text
from index.sources.formats import arxiv_atom
from index.sources.network import arxiv_api, crossref, hub, zotero
from index.sources.network.client import ARXIV, BY_HAND, CROSSREF, HUB, FetchError, Visit
from index.sources.records import HUB_JSON

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["SITES", "FetchError", "links", "offline_error", "read_link", "today_utc"]

SITES = (
    "huggingface.co/papers, /papers/date/2026-04-16, /papers/week/2026-W16 and /papers/2604.14228; "
    "arxiv.org/abs, /pdf and /html with an id; an arXiv id, a DOI or its doi.org address; zotero: or zotero:COLLECTION"
)
_HUB_SITES, _ARXIV_SITES = ("huggingface.co", "hf.co"), ("arxiv.org", "export.arxiv.org")
_DOI_SITES = ("doi.org", "dx.doi.org")


def links(text: str) -> list[str]:
    """The links, arXiv ids, DOIs and `zotero:` sources (one a line, since names have spaces) in a text that consists
    of nothing else, to whatever site; none if it contains anything else."""
    words: list[str] = []
    for line in text.splitlines():
        if zotero.is_zotero(line):
            words.append(line.strip())
        else:
            words += re.sub(r"\b(arxiv|doi):[ \t]+(?=\d)", r"\1:", line, flags=re.IGNORECASE).split()
    return words if all(zotero.is_zotero(word) or _is_link(word) or _bare(word) for word in words) else []


def read_link(
    url: str,
    *,
    offline: bool,
    posted: str | None = None,
    today: datetime.date | None = None,
    home: Path | None = None,
) -> Reading:
    """The papers behind a link, an arXiv id, a DOI or `zotero:`, and what could not be read. `posted` as for
    `read_text`, by default the day that the link names; `today` (UTC) is the day that a link to the Daily page without
    a day stands for; `home`: the library's folder, by default the one that PAPERS_HOME names. `offline` does not keep
    a Zotero on this machine from being read. Raises FetchError, TooLarge."""
    if zotero.is_zotero(url):
        return zotero.read(url.strip(), posted=posted)
    kind, value = _named(url)
    if offline:
        raise offline_error()
    home = home or default_home()
    if kind == "arxiv":
        text = arxiv_api.feed(Visit(ARXIV, home), id_list=value) or ""
        return read_text(text, place=url, format=arxiv_atom.NAME, posted=posted)
    if kind == "doi":
        return crossref.read(Visit(CROSSREF, home), value, place=url, posted=posted)
    visit = Visit(HUB, home)
    if kind == "paper":
        listed = hub.paper(visit, value)
    elif kind == "week":
        listed = hub.week(visit, value)
    else:
        listed = hub.day(visit, value) if value else hub.latest_day(visit, today or today_utc())
    return hub_reading(listed.records, place=url, posted=posted or listed.day)


def hub_reading(records: "Sequence[object]", *, place: str, posted: str | None) -> Reading:
    """The papers of records of the Hub's."""
    lines = "\n".join(json.dumps(record) for record in records)
    return read_text(lines, place=place, format=HUB_JSON, posted=posted)


def offline_error() -> FetchError:
    """What is said where nothing may be fetched."""
    return FetchError(f"Nothing is fetched with PAPERS_OFFLINE=1: unset it, or {BY_HAND}.")


def today_utc() -> datetime.date:
    """The day by which the sites date their papers."""
    return datetime.datetime.now(datetime.UTC).date()


def _is_link(word: str) -> bool:
    return re.match(r"https?://.", word, re.IGNORECASE) is not None


def _bare(word: str) -> str | None:
    """The canonical id of a bare arXiv id or DOI; None for anything else."""
    identity = None if "://" in word else canonical_id(word)
    return identity if identity and identity.startswith(("arxiv:", "doi:")) else None


def _named(url: str) -> tuple[str, str]:
    """What a link names: a "day" ("" for today), a "week", the id of a "paper" on the Hub or on "arxiv", or a
    "doi"."""
    identity = _bare(url.strip()) or ""
    host = first = ""
    try:
        if not identity:
            parts = urlsplit(url.strip())
            path = unquote(parts.path).strip("/")
            first, _, rest = path.partition("/")
            host = (parts.hostname or "").removeprefix("www.")
            if host in _HUB_SITES and first == "papers":
                if not rest:
                    return "day", iso_date(parse_qs(parts.query).get("date", [""])[0]) or ""
                view, _, value = rest.partition("/")
                if view == "date" and (day := iso_date(value)):
                    return "day", day
                if view == "week" and (found := re.fullmatch(r"(\d{4})-W(\d\d)", value)):
                    datetime.date.fromisocalendar(int(found[1]), int(found[2]), 1)
                    return "week", value
            identity = canonical_id(path if host in _DOI_SITES else rest.removesuffix(".pdf")) or ""
    except ValueError as error:
        raise FetchError(f"The day or week in the link does not exist ({error}). Check it.") from None
    kind, _, number = identity.partition(":")
    if kind == "arxiv":
        if host in _HUB_SITES and first == "papers":
            return "paper", number
        if host in ("", *_DOI_SITES) or (host in _ARXIV_SITES and first in ("abs", "pdf", "html")):
            return "arxiv", number
    elif kind == "doi" and host in ("", *_DOI_SITES):
        return "doi", number
    raise FetchError(f"This link cannot be fetched: {BY_HAND}. Supported are {SITES}.")
