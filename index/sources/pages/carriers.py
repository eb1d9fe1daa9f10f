"""A page in whatever carried it - a browser's copy, Markdown with its links inside or at the end, a notebook's export,
HTML - as lines of plain text with the links that stand in them.

Takes the carrier's marks off and reads nothing into what is left: which line is a title is decided elsewhere.
"""

import html
import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field

_DEFINITION = re.compile(r"^[ \t]*\[(?P<name>[^\]\n]{1,40})\]:[ \t]*<?(?P<address>[^\s>]+)>?.*$", re.MULTILINE)
_LISTED = re.compile(r"^[ \t]*(?P<name>\d+)\.[ \t]+(?P<address>(?:https?|file)://\S+)[ \t]*$", re.MULTILINE)
_NUMBERED = re.compile(r"\[(\d{1,4})\](?=[^\s(])((?:(?!\[\d{1,4}\])[^\n])+)")
_REFERENCES = re.compile(r"^[ \t]*(?:visible links|references):?[ \t]*$", re.IGNORECASE | re.MULTILINE)
_TARGET = re.compile(
    r"\(\s*<?(?P<address>(?:[^\s()<>]|\((?:[^\s()]|\([^\s()]*\))*\))*)>?(?:\s+[\"'(][^\n]*?[\"')])?\s*\)"
)
_NAMED = re.compile(r"\[(?P<name>[^\[\]\n]{0,40})\]")
_ADDRESS = re.compile(r"<?(?P<address>https?://[^\s<>]+)>?")
_HEADING = re.compile(r"#{1,6}\s+")
_LIST_MARK = re.compile(r"(?:[-*+•]|>+)\s+(?=\S)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~$&%])")
_STRONG = re.compile(r"(?<![\w*])(\*\*(?=\S)[^*\n]+(?<=\S)\*\*|__(?=\S)[^_\n]+(?<=\S)__)(?![\w*])")
_EMPHASIS = re.compile(r"(?<![\w*\\])([*_])(?=[^\s*_])([^*_\n]*?[^\s*_\\])\1(?![\w*])")
_BREAK = re.compile(r"<br ?/?>[ \t]*\n?", re.IGNORECASE)
_LIST_NUMBER = re.compile(r"\d{1,3}[.)] ")
_QUOTED = re.compile(r"^[ \t]*>(?:[ \t]?>)*[ \t]?", re.MULTILINE)
_SPLIT_TITLE = 300  # characters of a link's text that tools wrap like any other text
_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_RULE = re.compile(r"[-*_=]{3,}|\|?[\s|:-]{3,}")
_MARKDOWN = re.compile(r"\]\(\s*<?(?:https?:|/|#)|\]\[\w+\]|^#{1,6} \S", re.MULTILINE)


@dataclass(frozen=True)
class Link:
    """A piece of a line and the address that it leads to."""

    text: str
    address: str


@dataclass
class Line:
    """A line of a page. `number` counts from 1 in the source; `paragraph` is shared by lines with nothing between."""

    text: str
    number: int
    paragraph: int
    links: list[Link] = field(default_factory=list)
    heading: bool = False


def is_markdown(text: str) -> bool:
    """Whether a text has the marks of Markdown: links or headings."""
    return _MARKDOWN.search(text) is not None


def unquoted(text: str) -> str:
    """A text that was quoted as a whole (`> ` before each line), without these marks."""
    said = [line for line in text.splitlines() if line.strip()]
    return _QUOTED.sub("", text) if 10 * sum(line.lstrip()[0] == ">" for line in said) >= 9 * len(said) else text


def lines_of(text: str) -> list[Line]:
    """The lines of a text page, its marks taken off and its links set beside what they stand on."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _as_definitions(text)
    marked = is_markdown(text)
    if marked:
        text = _BREAK.sub("\n", text)
    definitions = _Definitions(text)
    lines: list[Line] = []
    paragraph = 0
    for number, pieces in _pieces_by_line(text, definitions):
        pieces = _without_marks_around_links(pieces) if marked else pieces
        joined = "".join(piece for piece, _ in pieces).strip().strip("\u200b\ufeff")
        if not joined.strip("\\ ") or (marked and (_RULE.fullmatch(joined) or _DEFINITION.fullmatch(joined))):
            paragraph += 1
            continue
        alone = _ADDRESS.fullmatch(joined)
        if alone and (not lines or lines[-1].paragraph != paragraph):  # beneath what it belongs to
            if lines:
                lines[-1].links.append(Link(lines[-1].text, alone["address"]))
            paragraph += 1
            continue
        line = Line("", number, paragraph)
        for piece, address in pieces:
            shown = _plain(piece) if marked else piece
            if address and (seen := " ".join(shown.split())):
                line.links.append(Link(_without_list_mark(seen) if marked else seen, address))
            line.text += shown
        line.text = " ".join(line.text.split())
        if marked and (heading := _HEADING.match(line.text)):
            line.heading, line.text = True, line.text[heading.end() :]
        if marked:
            line.text = _without_list_mark(line.text)
            counted = _LIST_NUMBER.match(line.text)
            if counted and line.links and line.text.startswith(line.links[0].text, counted.end()):
                line.text = line.text[counted.end() :]
        if line.text:
            lines.append(line)
    return lines


def as_text(lines: list[Line]) -> str:
    """Lines as a plain text page, an empty line between paragraphs."""
    text, before = "", 0
    for line in lines:
        text += ("\n" if line.paragraph != before else "") + line.text + "\n"
        before = line.paragraph
    return text


def _without_list_mark(text: str) -> str:
    mark = _LIST_MARK.match(text)
    return text[mark.end() :] if mark else text


class _Definitions:
    """The addresses that stand in a text by name, `[29]: https://...`. Where pages follow one another a name may be
    given twice: a link means the next one after it."""

    def __init__(self, text: str) -> None:
        self._named: dict[str, list[tuple[int, str]]] = {}
        for found in _DEFINITION.finditer(text):
            address = html.unescape(found["address"])
            self._named.setdefault(found["name"].casefold(), []).append((found.start(), address))

    def address(self, name: str, at: int) -> str | None:
        """The address that a name stands for at a place of the text; None where it stands for none."""
        given = self._named.get(name.strip().casefold())
        return given[min(bisect(given, (at,)), len(given) - 1)][1] if given else None


def _as_definitions(text: str) -> str:
    """A text whose links are numbers before their text, with a list at the end (lynx), in Markdown's own way."""
    if _DEFINITION.search(text) or not _REFERENCES.search(text) or not _LISTED.search(text):
        return text
    text = _NUMBERED.sub(r"[\2][\1]", text)
    return _REFERENCES.sub("", _LISTED.sub(r"[\g<name>]: \g<address>", text))


def _pieces_by_line(text: str, definitions: _Definitions) -> Iterator[tuple[int, list[tuple[str, str | None]]]]:
    """Each line, with its number, as pieces of text, each with the address that it leads to. Pictures are left out. A
    title that was wrapped within its link is one line."""
    number, passed = 1, 0
    line: list[tuple[str, str | None]] = []
    for piece, address in _pieces(text, definitions):
        if address and len(piece) <= _SPLIT_TITLE and not any(part in ("", "\\") for part in piece.split("\n")):
            line.append((piece.replace("\n", " "), address))
            passed += piece.count("\n")
            continue
        first, *rest = piece.split("\n")
        line.append((first, address))
        for more in rest:
            yield number, line
            number, passed = number + 1 + passed, 0
            line = [(more, address)]
    yield number, line


def _without_marks_around_links(pieces: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    """The pieces of a line without the emphasis that stands around a link: `**[title](address)**`."""
    for at in range(1, len(pieces) - 1):
        (before, _), (_, address), (after, _) = pieces[at - 1 : at + 2]
        mark = re.search(r"(?:\*{1,3}|_{1,3})$", before)
        if address and mark and after.startswith(mark[0]):
            pieces[at - 1], pieces[at + 1] = (before[: mark.start()], None), (after[len(mark[0]) :], None)
    return pieces


def _pieces(text: str, definitions: _Definitions) -> Iterator[tuple[str, str | None]]:
    at = 0
    for start, end, inner, address in _outer_links(text, definitions):
        yield text[at:start], None
        yield inner, address
        at = end
    yield text[at:], None


def _outer_links(text: str, definitions: _Definitions) -> list[tuple[int, int, str, str | None]]:
    """The links of a text that stand in no other, in order: start, end, inner text without pictures, address. A
    picture is a link without text."""
    found: list[tuple[int, int, str, str | None]] = []
    opened: list[int] = []
    at = 0
    for mark in re.finditer(r"\\.|[\[\]]", text, re.DOTALL):
        if mark.start() < at or len(mark[0]) == 2:
            continue
        if mark[0] == "[":
            opened.append(mark.start())
            continue
        if not opened:
            continue
        start = opened.pop()
        if target := _TARGET.match(text, mark.end()):
            address = target["address"]
        elif target := _NAMED.match(text, mark.end()):
            name = target["name"] or text[start + 1 : mark.start()]
            if (given := definitions.address(name, mark.end())) is None:
                continue
            address = given
        else:
            continue
        picture = text[start - 1 : start] == "!"
        if opened and not picture:
            start = _line_opening(text, opened, start, mark.start())
        inside: list[tuple[int, int, str, str | None]] = []
        while found and found[-1][0] >= start:
            inside.insert(0, found.pop())
        inner = "" if picture else _without(text, start + 1, mark.start(), inside)
        found.append((start - picture, target.end(), inner, None if picture else html.unescape(address)))
        at = target.end()
    return found


def _line_opening(text: str, opened: list[int], start: int, end: int) -> int:
    """Where a link begins whose text has a bracket that nothing closes: at the bracket that opens its line."""
    line_start = text.rfind("\n", 0, start) + 1
    rest = text[end + 1 : (text.find("\n", end) + 1 or len(text))].partition(")")[2]
    if opened[-1] < line_start or "](" in rest:
        return start
    first = len(opened) - 1
    while first and opened[first - 1] >= line_start:
        first -= 1
    if text[line_start : opened[first]].strip("#-*+> \t"):
        return start
    opening = opened[first]
    del opened[first:]
    return opening


def _without(text: str, start: int, end: int, inside: list[tuple[int, int, str, str | None]]) -> str:
    """A stretch of a text in which the links stand as their own inner text."""
    whole, at = "", start
    for inner_start, inner_end, inner, _ in inside:
        whole += text[at:inner_start] + inner
        at = inner_end
    return whole + text[at:end]


def _plain(text: str) -> str:
    """Markdown's inline marks taken off: emphasis, code, escapes, entities."""
    text = re.sub(r"\\$", "", text.rstrip()) if text.rstrip().endswith("\\") else text
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub(r"\2", _STRONG.sub(lambda found: found[0][2:-2], text))
    if "`" in text:
        text = _CODE.sub(r"\1", text)
    return html.unescape(_ESCAPED.sub(r"\1", text))
