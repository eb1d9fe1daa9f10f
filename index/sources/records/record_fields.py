"""A record as reference managers and services write it -> paper: one map of field names, tolerant by rule.

A field may have several names, be nested or flat, a value or a list of them. What no paper is without (title, abstract)
must be there; any other field that cannot be read is left out and told, and never costs the paper.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from index.ids import title_id
from index.paper import Paper
from index.safety.limits import ABSTRACT, AUTHORS, FIELD, KEYWORDS, refuse_long_paper, refuse_longer
from index.sources.encoding import mended
from index.sources.records.field_names import (
    ABSTRACT_NAMES,
    AUTHORS_NAMES,
    COUNTS,
    LOOSE,
    ORGANIZATION,
    PLAIN,
    POSTED,
    PUBLISHED,
    TITLE,
    Record,
    inner_record,
    kind_of,
    squashed,
)  # fmt: skip
from index.sources.records.record_annotations import ai_summary_of, annotations_of, keywords_besides
from index.sources.records.record_dates import day_of
from index.sources.records.record_ids import ids_of, links_in, posted_days_of, texts_in, version_of
from index.sources.records.record_keywords import code_url_of, keywords_of, says_it_is_withdrawn
from index.sources.records.record_names import people
from index.sources.rejected import keeps_record
from index.withdrawn import WITHDRAWN

_TEXTS = (
    "rendered", "value", "text", "#text", "_", "$", "$t", "content", "title", "description", "en", "fullname", "name",
)  # fmt: skip


class Odd(NamedTuple):
    """A field that was left out: its name, why, and what stood there."""

    field: str
    why: str
    shown: str


@keeps_record
def read(
    record: Record, *, posted: str | None = None, source: str | None = None, keep_id: bool = True
) -> tuple[Paper, list[Odd]]:
    """The paper of a record, and the fields that were left out of it. `source` is the name of its format, told by the
    record where it is not given; `keep_id`: an `id` of no known kind is the paper's own. Raises ValueError with the
    reason where it is no paper."""
    kind = source or kind_of(record)
    custom = record.get("custom")
    if isinstance(custom, dict) and isinstance(custom.get("paper_id"), str):  # of our own CSL-JSON
        paper, left_out = read({**record, **custom, "custom": None}, posted=posted, source=kind)
        own_id, own_source = custom["paper_id"], custom.get("source")
        own_source = own_source if isinstance(own_source, str) else ""
        return with_own_id(paper, mended(own_id)[:FIELD]).with_(source=own_source), left_out
    flat = _flat(inner_record(record))
    odd: list[Odd] = []
    if str(flat.get("itemtype", "")).lower() in ("attachment", "note", "annotation"):
        raise ValueError(f"is a {flat['itemtype']}, not a paper")
    title = _longest_of(flat, TITLE)
    if not title:
        raise ValueError("has no title")
    ids = ids_of(flat)
    identity = next(iter(ids), None)
    abstract = _longest_of(flat, ABSTRACT_NAMES) or (_longest_of(flat, LOOSE) if identity else "")
    if not abstract:
        raise ValueError("has no abstract")
    authors = _authors(flat, odd)
    refuse_long_paper(title, abstract, authors)
    own = kind == PLAIN or "daily_papers" in flat
    given = _given_id(flat) if keep_id and kind in (PLAIN, "csv") else None
    listed_ids = tuple(texts_in(flat.get("ids"))) if kind in (PLAIN, "csv", "markdown", "csl-json") else ()
    url = _url(flat, odd)
    annotated = kind in (PLAIN, "csv", "markdown")  # by a reader, in what we export
    keywords, code = _keywords_and_code(flat, odd, own=annotated)
    tags, note = annotations_of(flat, own=annotated)
    counts = {name: _count(flat, name, names, odd, kind) for name, names in COUNTS.items()}
    published = _day(flat, ("posted", *PUBLISHED) if kind == "crossref" else PUBLISHED, "published", odd)
    return (
        Paper(
            title=title,
            abstract=abstract,
            id=given or identity,  # type: ignore[arg-type]
            authors=authors,
            published=published,
            posted=(_day(flat, POSTED, "posted", odd) if kind != "crossref" else None) or posted,
            url=url,
            organization=_organization(flat, odd),
            ids=(*ids, *listed_ids),
            version=version_of(flat, ids),
            posted_days=posted_days_of(flat),
            source=(_text(flat.get("source"))[:FIELD] if own and isinstance(flat.get("source"), str) else "") or kind,
            author_count=counts["author_count"],
            comments=counts["comments"],
            upvotes=counts["upvotes"],
            keywords=keywords_besides(keywords, tags) if "papertags" in flat else keywords,
            code_url=code,
            tags=tags,
            note=note,
            ai_summary=ai_summary_of(flat),
        ),
        odd,
    )


def _keywords_and_code(flat: Record, odd: list[Odd], *, own: bool) -> tuple[tuple[str, ...], str | None]:
    code, odd_code = code_url_of(flat)
    if odd_code is not None:
        odd.append(Odd("code_url", "is no http(s) address and was left out", shown(odd_code)))
    keywords, rest = keywords_of(flat)
    if rest:
        odd.append(Odd("keywords", f"are more than {KEYWORDS}, or too long, and some were left out", shown(rest)))
    withdrawn = (WITHDRAWN,) if says_it_is_withdrawn(flat, own=own) and WITHDRAWN not in keywords else ()
    return (*keywords, *withdrawn), code


def title_of(record: Record) -> str:
    """The title of a record; empty where it has none."""
    return _longest_of(_flat(inner_record(record)), TITLE)


def with_own_id(paper: Paper, own_id: str) -> Paper:
    """A paper under the id that its record says is its own; it keeps answering to those that the record gave it."""
    return paper.with_(id=own_id, ids=tuple(i for i in paper.ids if i != title_id(paper.title)))


def _flat(record: Record) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in record.items():
        name = squashed(key)
        if value not in (None, "", [], {}) and name not in flat and key != "_id":  # a database's, not the paper's
            flat[name] = value
    for outer in ("externalids", "ids"):
        if isinstance(flat.get(outer), dict):
            for key, value in flat[outer].items():
                if squashed(key) in ("doi", "arxiv") and value:
                    flat.setdefault(squashed(key), value)
    return flat


def _text(value: object, depth: int = 0) -> str:
    """The text of a value: itself, the first of a list, the text inside an object; else nothing."""
    if isinstance(value, str):
        return mended(value).strip()
    if depth > 4:
        return ""
    if isinstance(value, dict):
        return next((text for key in _TEXTS if (text := _text(value.get(key), depth + 1))), "")
    if isinstance(value, list | tuple):
        return next((text for part in value[:20] if (text := _text(part, depth + 1))), "")
    return ""


def _longest_of(flat: Record, names: Iterable[str]) -> str:
    """The first of the fields that holds text. An abstract may be words with their places, or parts with headings."""
    for name in names:
        value = flat.get(name)
        if value is None:
            continue
        if name == "abstractinvertedindex" or (name == "abstract" and isinstance(value, dict) and _places(value)):
            text = _from_places(value)
        elif name == "descriptions" and isinstance(value, list):
            text = _text(
                [v for v in value if isinstance(v, dict) and "abstract" in str(v.get("descriptionType")).lower()]
            )
        elif name.startswith("abstract") and isinstance(value, list):
            text = " ".join(filter(None, map(_part, value[:100])))
        else:
            text = _text(value)
        if text:
            return text
    return ""


def _part(part: object) -> str:
    label = _text(part.get("label") or part.get("@Label") or part.get("Label")) if isinstance(part, dict) else ""
    text = _text(part)
    return f"{label}: {text}" if label and text else text


def _places(value: dict[Any, Any]) -> bool:
    return bool(value) and all(isinstance(places, list) for places in value.values())


def _from_places(value: object) -> str:
    if isinstance(value, str):  # some dumps hold it as JSON in JSON
        import json

        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return ""
    if isinstance(value, dict) and isinstance(value.get("InvertedIndex"), dict):
        value = value["InvertedIndex"]
    if not isinstance(value, dict):
        return ""
    places: list[tuple[int, str]] = []
    for word, at in value.items():
        if isinstance(at, list):
            places += [(place, str(word)) for place in at if type(place) is int]
        refuse_longer("abstract", places, ABSTRACT, "words")
    return mended(" ".join(word for _, word in sorted(places)))


def _authors(flat: Record, odd: list[Odd]) -> tuple[str, ...]:
    for name in AUTHORS_NAMES:
        value = flat.get(name)
        if value is None:
            continue
        if isinstance(value, list | tuple):
            refuse_longer("authors", value, AUTHORS, "people")
        found, unread = people(value)
        if unread:
            odd.append(Odd("authors", "has entries that are no names, which were left out", shown(unread[0])))
        if found:
            return found
    return ()


def _given_id(flat: Record) -> str | None:
    value = flat.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)[:50]
    return mended(value) if isinstance(value, str) and len(value) <= FIELD else None


def _url(flat: Record, odd: list[Odd]) -> str | None:
    for link in links_in(flat):
        if link.lower().startswith(("http://", "https://")):
            return link
    value = flat.get("url")
    if value is None:
        return None
    if isinstance(value, str) and len(value) <= FIELD:
        return mended(value)
    odd.append(Odd("url", "is no address and was left out", shown(value)))
    return None


def _day(flat: Record, names: Iterable[str], told_as: str, odd: list[Odd]) -> str | None:
    """The first of the fields that names a whole day."""
    first: object = None
    for name in names:
        value = flat.get(name)
        if value is None:
            continue
        if name == "versions":
            value = value[0].get("created") if isinstance(value, list) and isinstance(value[0], dict) else None
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
            value = value[0]
        if day := day_of(value):
            return day
        first = value if first is None else first
    if first is not None:
        odd.append(Odd(told_as, "names no whole day and was left out", shown(first)))
    return None


def _organization(flat: Record, odd: list[Odd]) -> str | None:
    for name in ORGANIZATION:
        if (value := flat.get(name)) is not None:
            text = _text(value)
            if text and len(text) <= FIELD:
                return text
            odd.append(Odd("organization", "is no name and was left out", shown(value)))
    return None


def _count(flat: Record, name: str, names: Iterable[str], odd: list[Odd], kind: str) -> int | None:
    for key in names:
        value = flat.get(key)
        if isinstance(value, str) and value.strip().isdecimal() and len(value) < 16:
            value = int(value)
        if value is None or (kind != PLAIN and not isinstance(value, int | float)):
            continue  # arXiv's `comments` are words about pages
        if not isinstance(value, bool) and isinstance(value, int | float) and 0 <= value <= 2**53 and not value % 1:
            return int(value)
        odd.append(Odd(name, "is not a whole number and was left out", shown(value)))
    return None


def shown(value: object) -> str:
    """A value, short, for a message."""
    import reprlib

    text = mended(value if isinstance(value, str) else reprlib.repr(value))
    text = " ".join(text[:200].split())
    return text if len(text) <= 40 else text[:39] + "…"


def told(odds: Iterable[tuple[str, Odd]], most: int = 5) -> tuple[str, ...]:
    """Notices of what was left out, one for each field and reason: the places of the first `most` records, and how
    many more."""
    by_kind: dict[tuple[str, str], list[str]] = {}
    counts: dict[tuple[str, str], int] = {}
    for place, odd in odds:
        key = (odd.field, odd.why)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= most:
            by_kind.setdefault(key, []).append(f"{place} ({odd.shown})")
    return tuple(
        f"{field} {why}: {', '.join(places)}"
        + (f" and {counts[field, why] - most:,} more" if counts[field, why] > most else "")
        for (field, why), places in by_kind.items()
    )
