"""A running Zotero's local API: `zotero:` or `zotero:COLLECTION` -> the papers of its library or of a collection.

Only this machine is asked, without a proxy, and no redirect is followed. Asked with httpx as it is, since pyzotero
brings a second HTTP client and a bibtexparser of another line than ours.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from index.paper import Paper, Reject
from index.safety.limits import FEED, FIELD, RECORDS, rest_not_read
from index.sources.encoding import mended
from index.sources.network.client import FetchError
from index.sources.records import record_fields
from index.sources.records.record_dates import day_of
from index.sources.records.record_fields import Odd, told
from index.sources.rejected import reject

if TYPE_CHECKING:
    from index.sources import Reading

NAME = "zotero"
ADDRESS = "http://127.0.0.1:23119"
SECONDS = 30.0  # for one page; Zotero may be busy with a sync
PAGE = 100  # items, as many as its API sends at once
SHOWN = 10  # collections that a message names

_SOURCE = re.compile(r"\s*zotero:(?P<name>.*?)\s*", re.IGNORECASE | re.DOTALL)
_OWN_LINK = re.compile(r"//select/library/collections/(?P<key>\w+)/?", re.IGNORECASE)
_NO_PAPERS = ("attachment", "note", "annotation")


@dataclass(frozen=True)
class Collection:
    """A collection of Zotero's: its key, and its name behind those of the collections that it is in."""

    key: str
    names: tuple[str, ...]

    @property
    def path(self) -> str:
        """The collection as one writes it: "Reading/Attention"."""
        return "/".join(self.names)


def is_zotero(text: str) -> bool:
    """Whether a text names a running Zotero: `zotero:`, with or without a collection."""
    return len(text) <= FIELD and "\n" not in text.strip() and _SOURCE.fullmatch(text) is not None


def read(source: str, *, posted: str | None = None) -> "Reading":
    """The papers of the library, or of the collection that a source names by its name, its path or its key. Notes and
    attachments are no papers. `posted` as for `read_text`. Raises FetchError."""
    from index.sources import Reading

    found = _SOURCE.fullmatch(source)
    name = found["name"] if found else source
    path, notices = "items/top", []
    if name:
        collections = _collections()
        chosen = _chosen(collections, name)
        path = f"collections/{chosen.key}/items/top"
        if inside := [one for one in collections if one.names[:-1] == chosen.names]:
            notices.append(f"{source}: the collections inside it were not read: {_listed(inside)}.")
    papers: list[Paper] = []
    rejects: list[Reject] = []
    odds: list[tuple[str, Odd]] = []
    passed_over = 0
    try:
        for number, item in enumerate(_pages(path), 1):
            place = f"{source}, record {number}"
            if number > RECORDS:
                rejects.append(rest_not_read(place))
                break
            data = item.get("data") if isinstance(item, Mapping) else None
            if not isinstance(data, Mapping):
                rejects.append(Reject(place, "is no record of Zotero's"))
            elif data.get("itemType") in _NO_PAPERS or data.get("deleted"):
                passed_over += 1
            else:
                _take(_dated(data, item), place, posted, papers, rejects, odds)
    except FetchError as error:
        if not papers:
            raise
        rejects.append(Reject(f"{source}, after {len(papers):,} papers", str(error)))
    if passed_over:
        notices.append(f"{source}: notes and attachments without a paper were passed over: {passed_over:,}.")
    notices += (f"{notice}." for notice in told(odds))
    return Reading(NAME, tuple(papers), tuple(rejects), tuple(notices))


def _take(
    record: Mapping[str, Any],
    place: str,
    posted: str | None,
    papers: list[Paper],
    rejects: list[Reject],
    odds: list[tuple[str, Odd]],
) -> None:
    title = record.get("title")
    if isinstance(title, str) and title.strip():
        place = f"{place}: {mended(title[:60])}"
    try:
        paper, odd = record_fields.read(record, posted=posted, source=NAME)
    except ValueError as error:
        rejects.append(reject(place, error))
        return
    papers.append(paper)
    odds += ((place, one) for one in odd)


def _dated(data: Mapping[str, Any], item: Mapping[str, Any]) -> Mapping[str, Any]:
    """A record's fields, with the day as Zotero itself understands it where we do not."""
    meta = item.get("meta")
    understood = meta.get("parsedDate") if isinstance(meta, Mapping) else None
    return {**data, "date": understood} if day_of(understood) and not day_of(data.get("date")) else data


def _collections() -> list[Collection]:
    """All collections but those in the trash, in Zotero's order."""
    names: dict[str, str] = {}
    parents: dict[str, str] = {}
    for _, item in zip(range(RECORDS), _pages("collections"), strict=False):
        data = item.get("data") if isinstance(item, Mapping) else None
        if not isinstance(data, Mapping) or data.get("deleted"):
            continue
        key, name, parent = data.get("key"), data.get("name"), data.get("parentCollection")
        if isinstance(key, str) and re.fullmatch(r"\w{1,50}", key, re.ASCII) and isinstance(name, str):
            names[key] = mended(name[:FIELD])
            parents[key] = parent if isinstance(parent, str) else ""
    found = []
    for key in names:
        line, at = [key], parents[key]
        while at in names and at not in line:
            line.append(at)
            at = parents[at]
        found.append(Collection(key, tuple(names[one] for one in reversed(line))))
    return found


def _chosen(collections: list[Collection], text: str) -> Collection:
    """The one collection of that key, name or path. Raises FetchError where there is none, or several."""
    if text.startswith("//"):
        link = _OWN_LINK.fullmatch(text)
        if link is None:
            raise FetchError(
                f"zotero:{text[:80]} cannot be read: give zotero: for the library or zotero:NAME for a collection. "
                "Items one by one and group libraries are not read."
            )
        text = link["key"]
    fitting = [one for one in collections if one.key == text]
    for alike in (str, _compared):
        names = ((one, (one.key, one.names[-1], one.path)) for one in collections)
        fitting = fitting or [one for one, its in names if alike(text) in map(alike, its)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        many = ", ".join(f"zotero:{one.key} ({one.path})" for one in fitting[:SHOWN])
        raise FetchError(f"Zotero has {len(fitting)} collections called {text[:80]!r}: give one of {many}.")
    by_name = {_compared(name): one for one in collections for name in (one.path, one.names[-1])}
    near = [by_name[name] for name in get_close_matches(_compared(text), by_name, n=3, cutoff=0.6)]
    known = _listed(list(dict.fromkeys(near)) or collections)
    has = f"Nearest: {known}" if near else f"It has {known}" if collections else "It has none; add zotero: itself"
    raise FetchError(f"Zotero has no collection called {text[:80]!r}. {has}.")


def _compared(name: str) -> str:
    parts = unicodedata.normalize("NFKC", name).casefold().split("/")
    return "/".join(" ".join(part.split()) for part in parts)


def _listed(collections: list[Collection]) -> str:
    rest = len(collections) - SHOWN
    paths = ", ".join(f"zotero:{one.path}" for one in collections[:SHOWN])
    return f"{paths} and {rest:,} more" if rest > 0 else paths


def _pages(path: str) -> Iterator[Any]:
    """The items of all pages of a list. Raises FetchError."""
    start, before = 0, None
    while True:
        batch, total = _page(path, start)
        if not batch or batch == before:  # the number of the page was ignored
            break
        yield from batch
        start, before = start + len(batch), batch
        if start >= total if total is not None else len(batch) < PAGE:
            return
    if total is not None and start < total:
        raise FetchError(f"Zotero sent {start:,} of {total:,} records and then none. Try again in a minute.")


def _page(path: str, start: int) -> tuple[list[Any], int | None]:
    """The items of a page, and how many there are on all pages if Zotero says so. Raises FetchError."""
    import httpx

    from index.safety.http import NotTaken, answer_to

    params: dict[str, str | int] = {"format": "json", "limit": PAGE, "start": start}
    request = httpx.Request("GET", f"{ADDRESS}/api/users/0/{path}", params=params, headers={"Zotero-API-Version": "3"})
    try:
        answer = answer_to(request, seconds=SECONDS, largest=FEED, silence=SECONDS, direct=True)
    except NotTaken as error:
        raise FetchError(f"Zotero {error}: export the collection from Zotero, and add the file.") from None
    except httpx.TimeoutException:
        raise FetchError(f"Zotero was silent for {SECONDS:.0f} s. Let it finish what it does, and try again.") from None
    except httpx.ConnectError:
        raise FetchError(
            f"Zotero does not run on this machine (nothing answers at {ADDRESS}): start it, and try again."
        ) from None
    except httpx.HTTPError as error:
        raise FetchError(f"Zotero broke off ({error}). Restart it, and try again.") from None
    if answer.status_code != 200:
        raise _refused(answer.status_code)
    try:
        batch = json.loads(answer.content.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        batch = None
    if not isinstance(batch, list):
        raise _refused(404)
    said = answer.headers.get("Total-Results", "")
    return batch, int(said) if re.fullmatch(r"\d{1,9}", said, re.ASCII) else None


def _refused(code: int) -> FetchError:
    if code == 403:
        return FetchError(
            "Zotero lets no other program read it. In Zotero, open Settings > Advanced, tick “Allow other applications "
            "on this computer to communicate with Zotero”, and try again."
        )
    if code == 404:
        return FetchError(
            f"What answers at {ADDRESS} has no local API of Zotero's: update Zotero to version 7 or newer, or export "
            "your library and add the file."
        )
    if 300 <= code < 400:
        return FetchError(f"What answers at {ADDRESS} points elsewhere, which is not followed: it is not Zotero.")
    return FetchError(f"Zotero is in trouble (HTTP {code}). Restart it, and try again.")
