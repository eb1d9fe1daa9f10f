"""A record's keywords and the address of its code, under whatever names.

Categories and fields of study are no keywords; they stand in for them where a record has nothing else.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from index.safety.limits import FIELD, KEYWORD, KEYWORDS
from index.sources.encoding import mended
from index.withdrawn import says_withdrawn

KEYWORD_NAMES = (
    "keywords", "keyword", "aikeywords", "authorkeywords", "indexkeywords", "keywordsplus", "keywordlist", "indexterms",
    "meshterms", "meshheadings",
)  # fmt: skip
CATEGORIES = (
    "concepts", "topics", "primarytopic", "subject", "subjects", "fieldsofstudy", "s2fieldsofstudy", "categories",
    "category", "primarycategory", "primaryclass",
)  # fmt: skip
CODE = (
    "codeurl", "githubrepo", "githuburl", "githublink", "github", "codelink", "coderepository", "code", "repourl",
    "officialcode",
)  # fmt: skip
MARKS = "*# "  # around a keyword, which are no part of it
_TEXTS = ("tag", "keyword", "display_name", "displayName", "name", "category", "term", "@term", "descriptor_name",
          "value", "text", "#text")  # fmt: skip
_FIELDS_OF_ARXIV = (
    "Computer Science|Mathematics|Statistics|Physics|Quantitative Biology|Quantitative Finance|Economics|"
    "Electrical Engineering and Systems Science|Astrophysics|Condensed Matter|High Energy Physics|Nonlinear Sciences"
)
_CATEGORY = re.compile(
    r"(?:cs|math|stat|eess|econ|q-bio|q-fin|physics|astro-ph|cond-mat|nlin)\.[A-Za-z]{2,5}(?:-[a-z]{2,4})?|"
    r"(?:hep|math|quant|nucl|astro)-(?:th|ph|ex|lat)|gr-qc|cond-mat|"
    rf"(?:{_FIELDS_OF_ARXIV}) - .*|FOS: .*"
)
_COMMENTS = ("comment", "comments")
_NOTICES = ("retraction", "withdrawal", "removal")  # Crossref's, of those that a work is updated by
_ADDRESS = re.compile(r"https?://[^\s\"'<>\\^`{|}]+", re.IGNORECASE)
_WITHOUT_SCHEME = re.compile(r"(?:www\.)?(?:github\.com|gitlab\.com|huggingface\.co|bitbucket\.org)/[^\s\"'<>]+")


def keywords_of(flat: Mapping[str, Any]) -> tuple[tuple[str, ...], str | None]:
    """The keywords of a record by its squashed names, each once, at most KEYWORDS of KEYWORD characters each; and the
    first that was left out for that. What a text lists is divided by semicolons, else by commas."""
    names = (*KEYWORD_NAMES, *(("tags",) if "itemtype" in flat else ()))  # elsewhere tags are the reader's own
    found = [text for name in names for text in _texts(flat.get(name))]
    own = [text for text in found if not _CATEGORY.fullmatch(text)]
    chosen = own or found or [text for name in CATEGORIES for text in _texts(flat.get(name), spaces=True)]
    each: dict[str, str] = {}
    for text in chosen:
        each.setdefault(text.casefold(), text)
    once = list(each.values())
    kept = [text for text in once if len(text) <= KEYWORD][:KEYWORDS]
    return tuple(kept), next((text for text in once if text not in set(kept)), None) if len(kept) < len(once) else None


def says_it_is_withdrawn(flat: Mapping[str, Any], *, own: bool) -> bool:
    """Whether a record says by its squashed names that its paper was withdrawn or retracted: a mark, a notice of
    Crossref's, a comment. `own`: its `note` is a reader's, not the source's."""
    notices = flat.get("updatedby")
    kinds = [each.get("type") for each in notices if isinstance(each, Mapping)] if isinstance(notices, list) else []
    told = [flat.get(name) for name in (*_COMMENTS, *(() if own else ("note",)))]
    return (
        flat.get("isretracted") is True
        or any(kind in _NOTICES for kind in kinds)
        or any(isinstance(text, str) and says_withdrawn(text) for text in told)
    )


def newer_keywords(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    """The keywords of a paper that comes again: the new ones, unless only the old ones are more than categories."""
    told = [any(not _CATEGORY.fullmatch(word) for word in words) for words in (old, new)]
    return old if not new or (told[0] and not told[1]) else new


def code_url_of(flat: Mapping[str, Any]) -> tuple[str | None, object]:
    """The http(s) address of a paper's code, and else what stood there instead, if anything."""
    odd: object = None
    for name in CODE:
        value = flat.get(name)
        if isinstance(value, list | tuple) and value:
            value = value[0]
        if isinstance(value, Mapping):
            value = value.get("url") or value.get("link")
        if isinstance(value, str) and len(value) <= FIELD:
            value = mended(value.strip())
            if _WITHOUT_SCHEME.fullmatch(value):
                value = f"https://{value}"
            if _ADDRESS.fullmatch(value):
                return value, None
        odd = odd if odd is not None else value
    return None, odd


def joined(keywords: Iterable[str]) -> str:
    """Keywords as one text that `keywords_of` divides again: by commas, or by semicolons where one holds a comma."""
    keywords = list(keywords)
    if any("," in word for word in keywords):
        return "; ".join(keywords) + (";" if len(keywords) == 1 else "")
    return ", ".join(keywords)


def _texts(value: object, *, spaces: bool = False) -> Iterator[str]:
    """The single keywords of a value. `spaces`: categories (`cs.CL cs.AI`) are divided by them."""
    if isinstance(value, str):
        parts = re.split(r"[;\n]", value) if re.search(r"[;\n]", value) else value.split(",")
        if spaces and all(_CATEGORY.fullmatch(word) for word in value.split()):
            parts = value.split()
        yield from filter(None, map(_clean, parts[: 4 * KEYWORDS]))
    elif isinstance(value, Mapping):
        yield from _texts([value])
    elif isinstance(value, list | tuple):
        for part in value[: 4 * KEYWORDS]:
            if isinstance(part, Mapping):
                part = next((part[name] for name in _TEXTS if isinstance(part.get(name), str)), "")
            if isinstance(part, str):
                yield from filter(None, map(_clean, re.split(r"[;\n]", part)))


def _clean(text: str) -> str:
    return " ".join(mended(text).split()).strip(MARKS)
