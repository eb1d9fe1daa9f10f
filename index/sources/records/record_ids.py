"""What a record says of a paper's identity: its ids, its version, its links; and its days on Daily pages.

The fields of the record come under their squashed names (see `index.sources.records.field_names`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from index.ids import canonical_id, id_in_url, version_in
from index.safety.limits import FIELD
from index.sources.encoding import mended
from index.sources.records.field_names import ARXIV, DOI, URL
from index.sources.records.record_dates import day_of

_DOI_SITE = re.compile(r"^\s*(?:https?://(?:dx\.|www\.)?doi\.org/|(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)

Fields = Mapping[str, Any]


def ids_of(flat: Fields) -> list[str]:
    """All arXiv ids and DOIs that a record has for the paper, arXiv's first, those in fields of their own before those
    in links."""
    found: list[str | None] = []
    for name in (*ARXIV, *DOI):
        for value in texts_in(flat.get(name)):
            bare = _DOI_SITE.sub("", value) if name in DOI else value
            identity = canonical_id(bare if bare == value else unquote(bare)) or id_in_url(value)
            if name != "eprint" or _is_arxiv(flat):
                found.append(identity)
    found += map(canonical_id, texts_in(flat.get("id")))  # arXiv's own metadata have it there
    found += map(id_in_url, links_in(flat))
    found += map(canonical_id, _preprints(flat))
    ids = [identity for identity in dict.fromkeys(found) if identity and not identity.startswith("title:")]
    return sorted(ids, key=lambda identity: not identity.startswith("arxiv:"))


def _preprints(flat: Fields) -> Iterator[str]:
    """The DOIs that Crossref relates to a record as those of the same paper, before or after its review."""
    relation = flat.get("relation")
    related = relation if isinstance(relation, Mapping) else {}
    for name in ("has-preprint", "is-preprint-of"):
        parts = related.get(name)
        for part in parts[:5] if isinstance(parts, list) else []:
            if isinstance(part, Mapping) and part.get("id-type") == "doi" and isinstance(part.get("id"), str):
                yield part["id"][:FIELD]


def version_of(flat: Fields, ids: Iterable[str]) -> int | None:
    """The version that a record names: in a field, in the spelling of an arXiv id or a link to one, or as the last of
    a list."""
    value = flat.get("version")
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1000:
        return value
    if isinstance(value, str) and (found := re.fullmatch(r"v?(\d{1,3})", value.strip())):
        return int(found[1]) or None
    spelt = (text for name in ("id", *ARXIV, *DOI) for text in texts_in(flat.get(name)))
    if named := next(filter(None, map(version_in, (*spelt, *links_in(flat)))), None):
        return named
    versions = flat.get("versions")
    if isinstance(versions, list) and any(identity.startswith("arxiv:") for identity in ids):
        names = [str(part.get("version")) for part in versions[:1000] if isinstance(part, Mapping)]
        return max((int(name[1:]) for name in names if re.fullmatch(r"v\d{1,3}", name)), default=None)
    return None


def _is_arxiv(flat: Fields) -> bool:
    return "arxiv" in str(flat.get("archiveprefix") or flat.get("eprinttype") or "arxiv").lower()


def posted_days_of(flat: Fields) -> tuple[str, ...]:
    """The days on Daily pages, as `papers export` lists them."""
    return tuple(filter(None, map(day_of, texts_in(flat.get("posteddays")))))


def texts_in(value: object) -> list[str]:
    """The texts of a field, one or a list of them: none that is too long."""
    values = value if isinstance(value, list | tuple) else [value]
    return [v.strip() for v in values[:20] if isinstance(v, str) and len(v) <= FIELD]


def links_in(flat: Fields) -> Iterator[str]:
    """The links of a record, from every field that has some."""
    for name in URL:
        value = flat.get(name)
        for part in (value if isinstance(value, list | tuple) else [value])[:20]:
            if isinstance(part, Mapping):
                part = part.get("landing_page_url") or part.get("href") or part.get("url") or part.get("value")
            if isinstance(part, str) and len(part) <= FIELD:
                yield mended(part.strip())
