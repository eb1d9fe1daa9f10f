"""A claim's text with its markers, as each kind of document writes it."""

from collections.abc import Callable

from assistant.citations import Marker, replace_markers
from assistant.documents import Citation, Claim


def write_claim(claim: Claim, escape: Callable[[str], str], cite: Callable[[tuple[Citation, ...]], str]) -> str:
    """A claim's text, escaped, its own markers written by `cite`; brackets of a quoted paper stay as they are."""
    pieces: list[str] = []
    position = 0

    def keep(found: Marker) -> str:
        nonlocal position
        if set(found.citations) <= set(claim.citations):
            pieces.extend((escape(claim.text[position : found.start]), cite(found.citations)))
            position = found.end
        return ""

    replace_markers(claim.text, keep)
    return "".join([*pieces, escape(claim.text[position:])])
