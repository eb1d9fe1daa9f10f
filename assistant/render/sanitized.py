"""Written Markdown as safe HTML, with citations and check marks in their places.

What a model or a paper wrote is data: whatever goes in, no link, image or HTML of theirs comes out. Knows nothing of
papers: functions that it is given write the citations and check marks.
"""

import html
import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from assistant.citations import Marker, replace_markers
from assistant.documents import Claim
from assistant.render.escape import escape_html, escape_markdown
from index.safety.inert import visible

if TYPE_CHECKING:
    from markupsafe import Markup

WriteMarker = Callable[[Marker], str]
WriteCheck = Callable[[Claim], str]

_SLOT = re.compile(
    "\ue000(\\d+)\ue001"
)  # where a claim ends: its number between two characters that no visible text has
_QUOTED = re.compile("^“[^”]*")
_BRACKET = "\ue004"  # an opening bracket of a quoted paper, which is no citation
_HELD = re.compile("\ue002(\\d+)\ue003")


def _text(tokens: Sequence[Any], index: int, options: Any, env: dict[str, Any]) -> str:
    """markdown-it's rule for a run of text: citations and slots become HTML, all else is escaped."""
    held: list[str] = []

    def hold(made: str) -> str:
        held.append(made)
        return f"\ue002{len(held) - 1}\ue003"

    text = tokens[index].content
    text = replace_markers(text, lambda m: hold(env["marker"](m) or escape_html(text[m.start : m.end])))
    text = re.sub(r" +(?=\ue002)", "", text)  # no space between a citation and its word
    text = _SLOT.sub(lambda slot: hold(env["check"](int(slot[1]))), text)
    return _HELD.sub(lambda slot: held[int(slot[1])], html.escape(text)).replace(_BRACKET, "[")


def _code(tokens: Sequence[Any], index: int, options: Any, env: dict[str, Any]) -> str:
    """markdown-it's rule for inline code and code blocks: the text as it is, without our own characters."""
    tag = "code" if tokens[index].type == "code_inline" else "pre"
    text = _SLOT.sub("", tokens[index].content).replace(_BRACKET, "[")
    return f"<{tag}>{escape_html(text)}</{tag}>"


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.disable(["link", "image", "autolink", "reference", "html_block", "html_inline"])
    rules = cast(Any, parser.renderer).rules
    rules["text"] = _text
    rules["fence"] = rules["code_block"] = rules["code_inline"] = _code
    rules["softbreak"] = lambda tokens, index, options, env: " "
    return parser


def _with_slots(text: str, claims: Sequence[Claim]) -> str:
    """The text with a numbered slot after each of its claims, and quoted sentences escaped, as they are not Markdown. A
    claim that is not found gets no slot."""
    pieces: list[str] = []
    position = 0
    for number, claim in enumerate(claims):
        words = visible(claim.text).split()
        found = re.compile(r"\s+".join(map(re.escape, words))).search(text, position) if words else None
        if found:
            written = _QUOTED.sub(lambda quoted: escape_markdown(quoted[0]).replace("\\[", _BRACKET), found[0])
            pieces += [text[position : found.start()], written, f"\ue000{number}\ue001"]
            position = found.end()
    return "".join([*pieces, text[position:]])


def document_html(text: str, claims: Sequence[Claim], marker: WriteMarker, check: WriteCheck) -> "Markup":
    """A whole written text as HTML blocks; `claims` are its checked sentences in order."""
    from markupsafe import Markup

    slotted = _with_slots(visible(text), claims)
    return Markup(_parser().render(slotted, {"marker": marker, "check": lambda number: check(claims[number])}))
