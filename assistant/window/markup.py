"""Written Markdown as safe HTML, with citations and check marks put where they stand.

What a model or a paper wrote is data: there are no links, no images and no HTML in what comes out, whatever
goes in. Knows nothing of papers: how a citation looks is a function it is given.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, cast

from assistant.citing import Marker, replace_markers
from assistant.documents import Claim
from assistant.rendering.escaping import escape_html

WriteMarker = Callable[[Marker], str]
WriteCheck = Callable[[Claim], str]

_PRIVATE = re.compile("[\ue000-\uf8ff]")
_SLOT = re.compile("\ue000(\\d+)\ue001")  # where a claim ends: its number between two characters that no text may hold
_HELD = re.compile("\ue002(\\d+)\ue003")


def _written(text: str, marker: WriteMarker, check: Callable[[int], str] | None = None) -> str:
    """A run of text: citations and slots become HTML, all else is escaped. A marker that `marker` writes nothing for
    stays as it stands."""
    held: list[str] = []

    def hold(made: str) -> str:
        held.append(made)
        return f"\ue002{len(held) - 1}\ue003"

    text = replace_markers(text, lambda found: hold(marker(found) or escape_html(text[found.start : found.end])))
    text = re.sub(r" +(?=\ue002)", "", text)  # a citation clings to its word
    if check:
        text = _SLOT.sub(lambda slot: hold(check(int(slot[1]))), text)
    return _HELD.sub(lambda slot: held[int(slot[1])], escape_html(text))


def _text(tokens: Sequence[Any], index: int, options: Any, env: dict[str, Any]) -> str:
    """markdown-it's rule for a run of text."""
    return _written(tokens[index].content, env["marker"], env["check"])


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.disable(["link", "image", "autolink", "reference", "html_block", "html_inline"])
    rules = cast(Any, parser.renderer).rules
    rules["text"] = _text
    rules["fence"] = lambda tokens, index, options, env: f"<pre>{escape_html(tokens[index].content)}</pre>"
    rules["softbreak"] = lambda tokens, index, options, env: " "
    return parser


def _with_slots(text: str, claims: Sequence[Claim]) -> str:
    """The text with a numbered slot behind each of its claims; a claim that is not found there gets none."""
    position = 0
    for number, claim in enumerate(claims):
        words = _PRIVATE.sub("", claim.text).split()
        found = re.compile(r"\s+".join(map(re.escape, words))).search(text, position) if words else None
        if found:
            slot = f"\ue000{number}\ue001"
            text = text[: found.end()] + slot + text[found.end() :]
            position = found.end() + len(slot)
    return text


def document_html(text: str, claims: Sequence[Claim], marker: WriteMarker, check: WriteCheck) -> str:
    """A whole written text as HTML blocks; `claims` are its checked sentences in their order."""
    slotted = _with_slots(_PRIVATE.sub("", text), claims)
    return str(_parser().render(slotted, {"marker": marker, "check": lambda number: check(claims[number])}))


def line_html(text: str, marker: WriteMarker) -> str:
    """A line of plain text as inline HTML: its citations written by `marker`, all else as it stands."""
    return _written(_PRIVATE.sub("", text), marker)
