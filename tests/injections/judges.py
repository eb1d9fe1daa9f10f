"""What is harmful in an output: markup, images, links and handlers that are not the program's own, invisible
characters, escape sequences, formulas, entries that nobody made, and a prompt that a paper can leave.

Each judge takes a text and returns what is wrong with it, in words; nothing where it is harmless. Text of a paper that
is shown as text is harmless.
"""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any
from urllib.parse import unquote

import lxml.html
from cmarkgfm.cmark import Options, markdown_to_html_with_extensions
from markdown_it import MarkdownIt

_WINDOW = frozenset(
    "a article b blockquote br button circle code details div em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr "
    "i li mark nav ol p pre q section span strong summary sup svg rect text title table thead tbody tr th td ul".split()
)
_PAGE = frozenset(
    "html head meta title style body h1 h2 p ul li b a br span svg rect text table thead tbody tr th td footer".split()
)
_MARKDOWN = frozenset(
    "p h1 h2 h3 h4 h5 h6 ul ol li strong em blockquote code pre hr br a table thead tbody tr th td s del".split()
)
# Our own forms, for a person's tags and note: each element with all the attributes that it may have.
_FORMS = {
    "form": frozenset("data-send data-paper".split()),
    "input": frozenset("type class name data-pick aria-label placeholder autocomplete maxlength".split()),
    "textarea": frozenset("name aria-label rows maxlength".split()),
}
_ATTRIBUTES = frozenset(
    "class id href title role tabindex value open start colspan scope rel target download width height viewbox x y cx "
    "cy r rx fill opacity font-size text-anchor xmlns lang align".split()
)
_META = {("charset", "utf-8"), ("name", "viewport"), ("name", "color-scheme"), ("name", "supported-color-schemes"),
         ("http-equiv", "Content-Security-Policy")}  # fmt: skip
_VOICE = "@role='alert' or contains(@class, 'notice') or contains(@class, 'aside') or contains(@class, 'tick')"
# Default-ignorable characters that are no format characters by their category.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SEEN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
_JOINS = re.compile("[\u0600-\u109f\u1780-\u18af]")  # Arabic to Myanmar, Khmer, Mongolian
_FORMULA = tuple("=+-@")
_ROLES = re.compile(r"<\|[\w-]+\|>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>")


def unseen(text: str) -> list[str]:
    """Characters that nobody sees: format, control (but line ends and tabs), private-use, variation selectors. One
    that writing needs is seen: a joiner between two letters of a script that joins them or within an emoji, a single
    selector behind a symbol."""
    if not (hidden := {char for char in set(text) if _is_hidden(char)}):
        return []
    found = [
        char
        for place, char in enumerate(text)
        if char in hidden and not _is_needed(char, text[max(place - 1, 0) : place], text[place + 1 : place + 2])
    ]
    return [f"unseen U+{ord(char):04X}" for char in dict.fromkeys(found)]


@cache
def _is_hidden(char: str) -> bool:
    if char in "\n\t" or char in _SEEN:
        return False
    return unicodedata.category(char) in ("Cf", "Cc", "Co", "Cs") or _UNSEEN.match(char) is not None


def _is_needed(char: str, before: str, after: str) -> bool:
    if char in "\ufe0e\ufe0f":
        return _is(before, "So")
    in_emoji = (_is(before, "So") or before == "\ufe0f") and _is(after, "So")
    return char in "\u200c\u200d" and bool(in_emoji or (_JOINS.match(before) and _JOINS.match(after)))


def _is(char: str, category: str) -> bool:
    return char != "" and unicodedata.category(char) == category


def _elements(html: str) -> Any:
    return lxml.html.document_fromstring(f"<!doctype html>{html}" if html.strip() else "<p></p>")


def _judge_tree(tree: Any, tags: frozenset[str], links: frozenset[str], styles: frozenset[str]) -> Iterator[str]:
    for element in tree.iter():
        if not isinstance(element.tag, str):
            yield f"{type(element).__name__}: {str(element)[:60]}"
            continue
        if element.tag in _FORMS and tags >= _WINDOW:
            if not set(element.attrib) <= _FORMS[element.tag] or element.attrib.get("type", "checkbox") != "checkbox":
                yield f"<{element.tag}>: {dict(element.attrib)}"
            continue
        if element.tag not in tags:
            yield f"<{element.tag}>: {lxml.html.tostring(element, encoding='unicode')[:100]}"
        if element.tag == "meta":
            if not {(name, value) for name, value in element.attrib.items()} & _META:
                yield f"<meta>: {dict(element.attrib)}"
            continue
        if element.tag == "style" and (element.text or "") not in styles:
            yield f"<style>: {(element.text or '')[:60]}"
        for name, value in element.attrib.items():
            known = name in _ATTRIBUTES or name.startswith(("aria-", "data-")) or (name == "style" and value in styles)
            if not known:
                yield f"attribute {name}={value[:60]!r} of <{element.tag}>"
            if name == "href" and not _is_allowed(element, value, links):
                yield f"link to {value[:80]}"


def _is_allowed(element: Any, address: str, links: frozenset[str]) -> bool:
    """Whether an address is our own, a paper's, a file in itself that is saved, or a mail address as it is written."""
    if address.startswith("data:text/plain;charset=utf-8,"):
        return "download" in element.attrib
    if address.startswith("mailto:"):
        return address == f"mailto:{element.text_content()}"
    of_a_paper = unquote(address) in map(unquote, links)
    return of_a_paper or re.match(r"[#?]|download/", address) is not None


def judge_window(html: str, links: frozenset[str], canaries: Sequence[str] = ()) -> list[str]:
    """HTML that the window puts into its page. `canaries`: words that no notice or mark of ours may say."""
    tree = _elements(f"<body>{html}")
    found = [*_judge_tree(tree, _WINDOW | {"html", "body"}, links, frozenset()), *unseen(tree.text_content())]
    values = " ".join(value for element in tree.iter() for value in element.attrib.values())
    found += unseen(values)
    for element in tree.xpath(f"//*[{_VOICE}]") if canaries else ():
        if any(canary in element.text_content().casefold() for canary in canaries):
            found.append(f"our voice says {element.text_content()[:80]!r}")
    return found


def judge_page(html: str, links: frozenset[str], styles: frozenset[str]) -> list[str]:
    """A whole HTML page for a browser or a mail program. `styles`: the styles of a harmless page."""
    tree = _elements(html)
    values = " ".join(value for element in tree.iter() for value in element.attrib.values())
    return [*_judge_tree(tree, _PAGE, links, styles), *unseen(tree.text_content() + values)]


def styles_of(html: str) -> frozenset[str]:
    """The style sheets and inline styles of a page."""
    tree = _elements(html)
    return frozenset([*tree.xpath("//@style"), *(element.text or "" for element in tree.iter("style"))])


@cache
def _renderer() -> MarkdownIt:
    made = MarkdownIt("gfm-like", {"html": True})
    made.linkify.set({"fuzzy_link": False})  # a bare name of a host is no address by GitHub's rules
    return made


def _rendered(text: str) -> Iterator[str]:
    """Markdown as two permissive renderers make HTML of it: raw HTML on, bare addresses made links."""
    yield _renderer().render(text)
    yield markdown_to_html_with_extensions(text, Options.CMARK_OPT_UNSAFE, extensions=["table", "autolink"])


def judge_markdown(text: str, links: frozenset[str]) -> list[str]:
    """Markdown, by what renderers make of it."""
    found = unseen(text)
    for html in _rendered(text):
        found += _judge_tree(_elements(f"<body>{html}"), _MARKDOWN | {"html", "body"}, links, frozenset())
    return list(dict.fromkeys(found))


def _strings(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The texts of a document; a paper's own record, and what was asked, are passed over."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item, path)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in ("paper", "question", "query", "candidates"):
                yield from _strings(item, f"{path}.{name}")


def judge_json(document: str, links: frozenset[str]) -> list[str]:
    """A JSON document, each of whose texts somebody may take for Markdown."""
    found: dict[str, None] = {}
    for path, text in dict.fromkeys(_strings(json.loads(document))):
        found.update((f"{path}: {wrong}", None) for wrong in _markdown_once(text, links))
    return list(found)


@cache
def _markdown_once(text: str, links: frozenset[str]) -> tuple[str, ...]:
    return tuple(judge_markdown(text, links))


def judge_terminal(text: str) -> list[str]:
    """Text for a terminal: no control characters but line ends, nothing unseen."""
    return unseen(text.replace("\t", "\x1b"))


def judge_csv(text: str) -> list[str]:
    """CSV: no cell that a spreadsheet runs, however its sign is written or hidden."""
    found = unseen(text)
    for cell in (cell for row in csv.reader(io.StringIO(text)) for cell in row):
        seen = "".join(char for char in cell if not unseen(char))
        if unicodedata.normalize("NFKC", seen).lstrip().startswith(_FORMULA):
            found.append(f"formula {cell[:60]!r}")
    return found


_BIBTEX_LINE = re.compile(r"@misc\{[a-z0-9-]+,|  [a-zA-Z]+ = \{.*\},|  month = [a-z]{3},|\}|")
_TEX = re.compile(r"\\(?!text(?:backslash|braceleft|braceright|asciitilde|asciicircum|less|greater)\{\}|[$&%#_])")


def judge_bibtex(text: str) -> list[str]:
    """BibTeX: one field a line, its braces in pairs, no macro."""
    found = unseen(text)
    for line in text.split("\n"):
        depths = [line[: end + 1].count("{") - line[: end + 1].count("}") for end in range(len(line))]
        inside = depths[line.find("{") : line.rfind("}")]
        broken = "= {" in line and (depths[-1] != 0 or min(inside) < 1)
        if not _BIBTEX_LINE.fullmatch(line) or broken or _TEX.search(line):
            found.append(f"line {line[:80]!r}")
    return found


def judge_prompt(text: str, paper_lines: frozenset[str]) -> list[str]:
    """What a model is sent: nothing unseen, no role of a chat, no numbered sentence that no paper has (`paper_lines`:
    those that they have), and no end of a fence but its own."""
    found = unseen(text)
    found += [f"role {role!r}" for role in dict.fromkeys(_ROLES.findall(text))]
    for line in text.splitlines():
        numbered = re.match(r"\d+\.\d+ (.*)", line)
        if numbered and letters(numbered[1]) not in paper_lines:
            found.append(f"forged sentence {line[:60]!r}")
    plain = unicodedata.normalize("NFKC", text).casefold()
    for fence in dict.fromkeys(re.findall(r"^<([\w-]+)>$", text, re.MULTILINE)):
        if len(re.findall(rf"<\s*/\s*{re.escape(fence.casefold())}\s*>", plain)) != 1:
            found.append(f"the fence <{fence}> ends more than once")
    return found


def letters(text: str) -> str:
    """A sentence by its letters and digits: what `judge_prompt` knows it by."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())
