"""Paper ids: `arxiv:2604.14228`, `doi:10.1/x`, or `title:` and a hash of the normalised title.

Text in, id out; knows nothing of papers or storage. Every way to write an id that names the same thing has one
canonical form: an arXiv id without its version and, if old, without its subject class; a DOI in lower case.
"""

import hashlib
import re
import unicodedata
from urllib.parse import unquote

_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga|"
    "econ|eess|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|"
    "plasm-ph|q-alg|q-bio|q-fin|quant-ph|solv-int|stat|supr-con"
)  # of the ids of before April 2007
_ARXIV = rf"(\d{{4}}\.\d{{4,5}}|(?:{_ARCHIVES})(?:\.[a-z-]{{2,12}})?/\d{{7}})(?:v(\d{{1,3}}))?"
_STAMP = r"(?:\s*\[[\w.-]{1,20}\](?:\s+\d{1,2}\s+\w{3,9}\s+\d{4})?)?"  # as it is printed on the margin of a PDF
_ARXIV_ALONE = re.compile(rf"(?:arxiv\s*[:.]?\s*)?(?:abs/)?{_ARXIV}(?:\.pdf)?{_STAMP}", re.IGNORECASE)
_ARXIV_URL = re.compile(
    r"(?:arxiv\.org/(?:abs|pdf|html|format|src|e-print|ps)|(?:huggingface\.co|hf\.co)/papers"
    r"|alphaxiv\.org/(?:abs|overview|pdf)|ar5iv\.org/(?:abs|html)|semanticscholar\.org/arxiv"
    rf"|doi\.org/(?:doi:)?10\.48550/arxiv\.?)[/:]?(?:arxiv:)?{_ARXIV}(?:\.pdf)?(?:[/?#].*)?$",
    re.IGNORECASE,
)
_DOI = r"10\.\d{4,9}(?:\.\d+)*/"
_DOI_ALONE = re.compile(rf"(?:doi\s*:?\s*)?({_DOI}\S+)", re.IGNORECASE)
_DOI_URL = re.compile(
    rf"(?:doi\.org/(?:doi:)?|/doi/(?:(?:abs|full|pdf|epdf|pdfdirect|epub|book)/)?|/(?:article|chapter)/)({_DOI}[^\s?#]+)",
    re.IGNORECASE,
)
_DOI_PAGE = re.compile(r"/(?:full|abstract|pdf|epdf)$", re.IGNORECASE)
_ARXIV_DOI = re.compile(rf"10\.48550/arxiv\.{_ARXIV}", re.IGNORECASE)
_TITLE_HASH = re.compile(r"title:[0-9a-f]{1,16}")
_AROUND = " \t\n<>\"'"
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}


def normalise_title(title: str) -> str:
    """The letters and digits of a title, in lower case with single spaces: the same for all copies of a title."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return " ".join(re.findall(r"\w+", folded))


def title_id(title: str, abstract: str = "") -> str:
    """`title:` and 16 hex digits of the SHA-256 of the normalised title; with an `abstract`, of both: the id of a
    second paper of the same title."""
    text = normalise_title(title) + (f"\n{normalise_title(abstract)}" if abstract else "")
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"title:{digest[:16]}"


def id_in_url(url: str | None) -> str | None:
    """The arXiv id or DOI in a link, as a canonical id; None if it has neither."""
    if not url:
        return None
    url = unquote(url.strip(_AROUND))
    if found := _ARXIV_URL.search(url):
        return _arxiv(found[1])
    if found := _DOI_URL.search(url):
        return _doi(_DOI_PAGE.sub("", found[1]))
    return None


def version_in(text: str | None) -> int | None:
    """The version of an arXiv id in whatever spelling (`2604.14228v2`, `https://arxiv.org/abs/2604.14228v2`); None if
    it names none."""
    if not isinstance(text, str) or ("v" not in text and "V" not in text):
        return None
    text = unquote(text.strip(_AROUND))
    alone = _DOI_ALONE.fullmatch(text)
    found = _ARXIV_ALONE.fullmatch(text) or _ARXIV_URL.search(text) or (alone and _ARXIV_DOI.match(alone[1]))
    return int(found[2]) if found and found[2] else None


def canonical_id(text: str) -> str | None:
    """The canonical id that a user's text stands for: an arXiv id with or without version, a DOI, or a link to
    either; `title:` ids (whole or the beginning of one) as they are. None for anything else."""
    text = text.strip(_AROUND)
    if found := _ARXIV_ALONE.fullmatch(text.rstrip(".,;")):
        return _arxiv(found[1])
    if _TITLE_HASH.fullmatch(text):
        return text
    if "://" in text or re.match(r"(?:www\.)?[\w.]+\.(?:org|co|com)/", text):
        return id_in_url(text)
    if found := _DOI_ALONE.fullmatch(text):
        return _doi(unquote(found[1]))
    return None


def _arxiv(number: str) -> str:
    archive, slash, rest = number.lower().rpartition("/")
    return f"arxiv:{archive.partition('.')[0]}{slash}{rest}"


def _doi(doi: str) -> str | None:
    """The canonical id of a DOI, which of arXiv's is the arXiv id. What closes a sentence or a bracket around the DOI
    is no part of it; None if nothing else is there."""
    while doi and (doi[-1] in ".,;:'\"*" or (doi[-1] in _PAIRS and doi.count(doi[-1]) > doi.count(_PAIRS[doi[-1]]))):
        doi = doi[:-1]
    if "/" not in doi.rstrip("/"):
        return None
    arxiv = _ARXIV_DOI.fullmatch(doi)
    return _arxiv(arxiv[1]) if arxiv else f"doi:{doi.lower()}"
