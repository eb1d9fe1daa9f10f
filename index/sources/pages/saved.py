"""A page that a browser saved as HTML: the records that the page itself carries, else its lines with their links."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from index.sources.pages.carriers import Line, Link

_OPENING = re.compile(
    r"\s*+(?:<\?xml[^>]*>\s*+)?(?:<!--.*?-->\s*+)*+<(?:!doctype html|html|head|body|main|div)\b", re.I | re.S
)
_PROPS = re.compile(r"data-props=(\"[^\"]*\"|'[^']*')")
_BLOCKS = frozenset(
    "address article aside blockquote br button dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li"
    " main nav ol p pre section summary table tbody td th thead time tr ul".split()
)
_UNSEEN = frozenset("head script style noscript svg template iframe object select option".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_HUB = "https://huggingface.co/"


def recognises(text: str) -> bool:
    """Whether a text opens as a page's HTML."""
    return _OPENING.match(text) is not None


def own_records(text: str) -> tuple[list[dict[str, Any]], str | None]:
    """The records of papers that a page of the Hub carries for its own script, and the day (YYYY-MM-DD) that the page
    is of; no records where it carries none."""
    for found in _PROPS.finditer(text):
        try:
            props = json.loads(html.unescape(found[1][1:-1]))
            records = list(_records(props))
        except (ValueError, RecursionError):
            continue
        if isinstance(props, dict) and records:
            day = props.get("dateString")
            is_day = isinstance(day, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", day)
            return records, day if is_day else None
    return [], None


def _records(value: Any) -> Iterator[dict[str, Any]]:
    """The outermost objects that are a paper of the Hub, or hold one under `paper`."""
    if isinstance(value, list):
        for item in value:
            yield from _records(item)
    elif isinstance(value, dict):
        if _is_paper(value) or _is_paper(value.get("paper")):
            yield value
        else:
            for item in value.values():
                yield from _records(item)


def _is_paper(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("title"), str)
        and ("summary" in value or "ai_summary" in value)
    )


def own_paper(text: str) -> dict[str, Any] | None:
    """The one paper that a page is about, by the fields that publishers and arXiv give to search engines
    (`citation_title` and its kin); None where there is no title or no abstract among them."""
    if "citation_title" not in text:
        return None
    from selectolax.lexbor import LexborHTMLParser

    fields: dict[str, list[str]] = {}
    for meta in LexborHTMLParser(text).css("meta[name][content]"):
        name, content = meta.attributes.get("name") or "", (meta.attributes.get("content") or "").strip()
        if content:
            fields.setdefault(name.lower().removeprefix("citation_"), []).append(content)
    one = {name: values[0] for name, values in fields.items()}
    abstract = one.get("abstract") or one.get("dc.description") or one.get("dcterms.abstract")
    if not one.get("title") or not abstract:
        return None
    number, doi = one.get("arxiv_id"), one.get("doi")
    day = re.match(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", one.get("date") or one.get("publication_date") or "")
    return {
        "title": one["title"],
        "abstract": abstract,
        "id": f"arxiv:{number}" if number else f"doi:{doi.lower()}" if doi else None,
        "authors": [_given_name_first(name) for name in fields.get("author", [])],
        "published": "-".join(part.zfill(2) for part in day.groups()) if day else None,
    }


def _given_name_first(name: str) -> str:
    """`Example, Ada` -> `Ada Example`."""
    family, comma, given = name.partition(", ")
    return f"{given} {family}" if comma else name


def lines_of(text: str) -> list[Line]:
    """The lines of a page as a browser would show them, with the links that stand in them; pictures, scripts and what
    is hidden left out."""
    from selectolax.lexbor import LexborHTMLParser

    root = LexborHTMLParser(text).body
    page = _Lines()
    if root is not None:
        page.read(root)
    page.end()
    return page.lines


class _Lines:
    """The lines of a page while its elements are read."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._pieces: list[tuple[str, str | None]] = []
        self._heading = False

    def read(self, root: Any) -> None:
        """Reads an element and all that it holds, without recursion: a page may be nested as deep as it likes."""
        waiting: list[tuple[Any, str | None, bool]] = [(root, None, False)]
        while waiting:
            node, address, closing = waiting.pop()
            tag = node.tag
            if closing:
                self.end(heading=tag in _HEADINGS)
                continue
            if tag == "-text":
                if content := node.text_content:
                    self._pieces.append((content, address))
                continue
            if tag in _UNSEEN or "hidden" in node.attributes or node.attributes.get("aria-hidden") == "true":
                continue
            if tag == "a" and (target := node.attributes.get("href")):
                address = urljoin(_HUB, target)
            if tag in _BLOCKS:
                self.end()
                waiting.append((node, address, True))
            waiting += [(child, address, False) for child in reversed(list(node.iter(include_text=True)))]

    def end(self, *, heading: bool = False) -> None:
        """Ends a line."""
        text = " ".join("".join(piece for piece, _ in self._pieces).split())
        if text:
            number = len(self.lines) + 1
            links = [
                Link(" ".join(piece.split()), address) for piece, address in self._pieces if address and piece.strip()
            ]
            self.lines.append(Line(text, number, number, links, heading))
        self._pieces = []
