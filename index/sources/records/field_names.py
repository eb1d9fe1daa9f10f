"""What the fields of a paper are called by those who write records, and who writes which: one map of names.

Knows nothing of what stands in a field.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

TITLE = ("title", "papertitle", "articletitle", "documenttitle", "displayname", "titles", "primarytitle", "bibtitle")
ABSTRACT_NAMES = (
    "abstract", "abstracttext", "abstractnote", "paperabstract", "abstracts", "abstractinvertedindex", "descriptions",
    "notesabstract",
)  # fmt: skip
LOOSE = ("summary", "description")
"""Names under which an abstract stands beside a paper's id, and anything in records of something else."""
AUTHORS_NAMES = (
    "authorsparsed", "authors", "author", "authorships", "creators", "creator", "authornames", "authorslist",
    "firstauthors", "authorfullnames",
)  # fmt: skip
ARXIV = ("arxivid", "arxiv", "eprint", "entryid", "arxivnumber", "arxivurl")
DOI = ("doi", "doinumber", "doiurl", "articledoi")
URL = (
    "url", "link", "urls", "links", "absurl", "paperurl", "articleurl", "landingpageurl", "entryid", "pdfurl",
    "htmlurl", "primarylocation", "locations",
)  # fmt: skip
PUBLISHED = (
    "published", "publicationdate", "publisheddate", "publishedat", "datepublished", "publishedonline", "issued",
    "publishedprint", "pubdate", "date", "firstpublicationdate", "versions", "submitted", "submissiondate",
    "submitteddate", "submittedon", "publicationyear", "pubyear", "year", "updatedate",
)  # fmt: skip
POSTED = ("posted", "submittedondailyat")
ORGANIZATION = ("organization", "organisation", "institution", "org")
COUNTS = {
    "author_count": ("authorcount", "numauthors"),
    "comments": ("comments", "numcomments"),
    "upvotes": ("upvotes",),
}
_INNER = ("paper", "_source", "source", "attributes", "data", "bib", "message", "article")
_TITLES = frozenset(TITLE)
_OF_PAPERS = frozenset((*TITLE, *ABSTRACT_NAMES))
_TEXTS_OR_DOI = frozenset((*ABSTRACT_NAMES, *LOOSE, *DOI))
_KINDS = {
    "arxiv-json": ("authors_parsed", "entry_id"),
    "openalex": ("abstract_inverted_index", "authorships"),
    "semantic-scholar": ("externalIds", "paperId", "corpusId", "corpusid"),
    "zotero-json": ("itemType", "abstractNote"),
    "crossref": ("container-title-short", "reference-count", "is-referenced-by-count", "published-print",
                 "published-online", "indexed"),
    "csl-json": ("issued", "container-title", "citation-key", "DOI"),
}  # fmt: skip
NAMES = {
    "csl-json": ("a CSL-JSON file", "CSL-JSON, as Zotero, Pandoc and `papers export` write it"),
    "zotero-json": ("a Zotero file", "Zotero's own JSON and Better BibTeX's, with `items`"),
    "semantic-scholar": ("a reply of Semantic Scholar", "records of Semantic Scholar, with or without `data`"),
    "openalex": ("a reply of OpenAlex", "records of OpenAlex, with or without `results`"),
    "crossref": ("a reply of Crossref", "records of Crossref, with or without `message`"),
    "arxiv-json": ("a list of arXiv papers", "arXiv's metadata snapshot, and what arxiv.py writes (`entry_id`)"),
}
PLAIN = "paper-json"

Record = Mapping[str, Any]


def kind_of(record: Record) -> str:
    """Who writes such records: a key of NAMES, else PLAIN. Told by fields that the others do not have."""
    names = inner_record(record).keys()
    return next((kind for kind, keys in _KINDS.items() if not names.isdisjoint(keys)), PLAIN)


def might_be_paper(record: Record) -> bool:
    """Whether a record has a field for a title or for an abstract, whatever stands in it."""
    return _has(record, _OF_PAPERS) or any(_has(nested, _OF_PAPERS) for nested in _nested(record))


def squashed(name: object) -> str:
    """A field's name as it is compared: `Publication Date`, `publication_date` and `publicationDate` are one."""
    return _squashed(name if isinstance(name, str) and len(name) <= 100 else str(name)[:100])


@lru_cache(maxsize=4096)
def _squashed(name: str) -> str:
    return "".join(sign for sign in name.lower() if sign.isalnum())


def inner_record(record: Record) -> Record:
    """A record without the envelope of its own (`{"key": .., "data": {..}}`); the outer fields that it lacks stay."""
    for _ in range(3):
        nested = next(filter(_is_record, _nested(record)), None)
        if nested is None or (_is_record(record) and "paper" not in record):
            break
        record = {**record, **{key: value for key, value in nested.items() if value is not None}}
        record = {key: value for key, value in record.items() if value is not nested}
    return record


def _is_record(value: Record) -> bool:
    return _has(value, _TITLES) and _has(value, _TEXTS_OR_DOI)


def _nested(record: Record) -> list[dict[str, Any]]:
    """The objects in a record that may hold the paper's fields."""
    if record.keys().isdisjoint(_INNER):
        return []
    return [nested for name in _INNER if isinstance(nested := record.get(name), dict)]


def _has(record: Record, names: frozenset[str]) -> bool:
    return any(squashed(key) in names for key in record)
