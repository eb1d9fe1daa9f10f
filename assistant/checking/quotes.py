"""Quoted words of a sentence, which must stand in the source letter by letter."""

import re

_QUOTED = re.compile(r"\"([^\"]{2,1000})\"|``(.{2,1000}?)''|(?<!\w)'((?:[^']|(?<=\w)'(?=\w)){12,1000}?)'(?!\w)")
_ELLIPSIS = re.compile(r"\s*(?:\[?(?:\.\.\.|…)\]?)\s*")
SHORTEST = 2  # words: a single quoted word is emphasis as often as a quote


def quotes(text: str) -> tuple[str, ...]:
    """The quotes of a clean text that are long enough to be a source's words."""
    found = (next(filter(None, match.groups())) for match in _QUOTED.finditer(text))
    return tuple(quote.strip() for quote in found if len(quote.split()) >= SHORTEST)


def stands_in(quote: str, text: str) -> bool:
    """Whether each part of the quote between ellipses stands in the clean text, but for the case of its first
    letter and a full stop or comma that closes the quoting sentence."""
    parts = [part for part in _ELLIPSIS.split(quote.strip()) if part]
    return bool(parts) and all(_part_stands_in(part.rstrip(".,;:!?"), text) for part in parts)


def _part_stands_in(part: str, text: str) -> bool:
    return part in text or part[:1].swapcase() + part[1:] in text
