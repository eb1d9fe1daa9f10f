"""Paper ids: `arxiv:2604.14228`, `doi:10.1/x`, or `title:` and a hash of the normalised title.

Text in, id out; knows nothing of papers or storage.
"""

import hashlib
import re
import unicodedata
from urllib.parse import unquote

_ARXIV = r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})"
_ARXIV_ALONE = re.compile(rf"(?:arxiv:\s*)?({_ARXIV})(?:v\d+)?", re.IGNORECASE)
_ARXIV_URL = re.compile(
    rf"(?:arxiv\.org/(?:abs|pdf|html|format)|huggingface\.co/papers|hf\.co/papers|alphaxiv\.org/(?:abs|overview)"
    rf"|doi\.org/10\.48550/arxiv\.?)/?({_ARXIV})(?:v\d+)?(?:\.pdf)?(?:[/?#].*)?$",
    re.IGNORECASE,
)
_DOI_ALONE = re.compile(r"(?:doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_DOI_URL = re.compile(r"doi\.org/(10\.\d{4,9}/[^\s?#]+)", re.IGNORECASE)
_ARXIV_DOI = re.compile(rf"10\.48550/arxiv\.({_ARXIV})(?:v\d+)?", re.IGNORECASE)
_ARXIV_VERSION = re.compile(rf"(?:^|[/:.]){_ARXIV}v(\d{{1,3}})(?:\.pdf)?(?:[/?#].*)?$", re.IGNORECASE)
_TITLE_HASH = re.compile(r"title:[0-9a-f]{1,16}")


def normalise_title(title: str) -> str:
    """The letters and digits of a title, in lower case with single spaces: the same for all copies of a title."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return " ".join(re.findall(r"\w+", folded))


def title_id(title: str) -> str:
    """`title:` and 16 hex digits of the SHA-256 of the normalised title."""
    digest = hashlib.sha256(normalise_title(title).encode("utf-8", "surrogatepass")).hexdigest()
    return f"title:{digest[:16]}"


def id_in_url(url: str | None) -> str | None:
    """The arXiv id or DOI in a link, as a canonical id; None if it has neither."""
    if not url:
        return None
    url = unquote(url.strip())
    if found := _ARXIV_URL.search(url):
        return f"arxiv:{found[1].lower() if '/' not in found[1] else found[1]}"
    if found := _DOI_URL.search(url):
        return f"doi:{found[1].rstrip('.,;)').lower()}"
    return None


def version_in(text: str | None) -> int | None:
    """The version of an arXiv id or of a link to one (`2604.14228v2`, `https://arxiv.org/abs/2604.14228v2`)."""
    if not isinstance(text, str) or "v" not in text:
        return None
    found = _ARXIV_VERSION.search(text.strip())
    return int(found[1]) if found else None


def canonical_id(text: str) -> str | None:
    """The canonical id that a user's text stands for: an arXiv id with or without version, a DOI, or a link to
    either; `title:` ids (whole or the beginning of one) as they are. None for anything else."""
    text = text.strip()
    if found := _ARXIV_ALONE.fullmatch(text):
        return f"arxiv:{found[1]}"
    if _TITLE_HASH.fullmatch(text):
        return text
    if "://" in text or re.match(r"(?:www\.)?[\w.]+\.(?:org|co)/", text):
        return id_in_url(text)
    if found := _DOI_ALONE.fullmatch(text):
        if arxiv := _ARXIV_DOI.fullmatch(found[1]):
            return f"arxiv:{arxiv[1]}"
        return f"doi:{found[1].lower()}"
    return None
