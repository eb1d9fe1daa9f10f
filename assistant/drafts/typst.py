"""A draft in Typst: its prose and the bibliography that it names. No Typst is run; code and what it would print is left
out."""

import re
from collections.abc import Iterator
from pathlib import Path

from assistant.drafts.bibliography import references_of_all
from assistant.drafts.draft import Draft, cited, closings

_COMMENT = re.compile(r"(?<![:/\\])//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_BIBLIOGRAPHY = re.compile(r"#bibliography\s*\(((?:[^()]|\([^()]{0,500}\)){1,500})\)")
_QUOTED = re.compile(r'"([^"\n]{1,300})"')
_CITE = re.compile(r"#cite\s*\(\s*<([^<>\s]{1,60})>[^()]*\)")
_KEY = re.compile(r"(?<![\w@])@(?P<key>[\w:.-]*\w)(?:\[[^\[\]]{0,200}\])?")
_LABEL = re.compile(r"<[\w:.-]{1,100}>")
_RAW = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_DISPLAYED = re.compile(r"\$\s[^$]*\s\$", re.DOTALL)
_HEADING = re.compile(r"^(=+)[ \t]+(.+)$", re.MULTILINE)
_ITEM = re.compile(r"^[ \t]*[-+][ \t]+", re.MULTILINE)
_CODE = re.compile(r"#(?P<name>[a-z][\w.-]*)")
_OF_CODE = frozenset("let set show import include if for while context".split())
_SHOWN = frozenset("emph strong text quote footnote smallcaps underline highlight block box align".split())
_EMPHASIS = re.compile(r"(?<![\w*])\*([^*\n]+)\*(?!\w)|(?<!\w)_([^_\n]+)_(?!\w)")
_CLOSES = {"(": ")", "[": "]", "{": "}"}


def read(text: str, file: Path) -> Draft:
    """The draft of a Typst file with this text."""
    notices: list[str] = []
    bare = _RAW.sub("", _COMMENT.sub("", text))
    found = tuple(references_of_all(_bibliographies(bare, file.parent), notices))
    known = {reference.key for reference in found}
    return Draft("\n\n".join(_blocks(bare, known)), found, ((file.name, text),), tuple(notices))


def _bibliographies(text: str, folder: Path) -> Iterator[Path]:
    for call in _BIBLIOGRAPHY.finditer(text):
        for name in _QUOTED.findall(call[1].split("style:")[0]):
            yield folder / name.lstrip("/")


def _blocks(text: str, known: set[str]) -> Iterator[str]:
    """The paragraphs, headings and items of a text, with `[@key]` for each citation; what refers to a part of the draft
    itself (`@fig-speed`) is left out."""
    labels = {label.strip("<>") for label in _LABEL.findall(_CITE.sub("", text))}
    text = _CITE.sub(lambda found: cited([found[1]]), _BIBLIOGRAPHY.sub("", text))

    def meant(found: re.Match[str]) -> str:
        if found.string[found.start() - 1 : found.start()] == "[":  # a citation by now
            return found[0]
        return "" if found["key"] in labels - known else cited([found["key"]])

    prose = _LABEL.sub("", _KEY.sub(meant, _without_code(text)))
    prose = _ITEM.sub("\n\n- ", _HEADING.sub(r"\n\n# \2\n\n", _DISPLAYED.sub(" ", prose)))
    for paragraph in re.split(r"\n[ \t]*\n", prose):
        plain = " ".join(_EMPHASIS.sub(lambda found: found[1] or found[2], paragraph.replace("~", " ")).split())
        if any(map(str.isalnum, plain)):
            yield plain.replace("\\%", "%").replace("\\$", "$").replace("\\#", "#").replace("\\@", "@")


def _without_code(text: str) -> str:
    """A text without Typst's code: definitions to the end of their line or bracket, calls with their arguments; what
    only sets its argument (`#emph[...]`) leaves that."""
    ends = closings(text, _CLOSES)
    kept: list[str] = []
    brackets: set[int] = set()  # the closing ones of what is left
    at = 0
    for found in _CODE.finditer(text):
        if found.start() < at or text[found.start() - 1 : found.start()] == "\\":
            continue
        kept.append(_apart_from(brackets, text, at, found.start()))
        at = found.end()
        if found["name"] in _OF_CODE:
            while at < len(text) and text[at] != "\n":  # what is bracketed may take several lines
                at = ends.get(at, at) + 1
            continue
        while at in ends and text[at] in "([":
            if text[at] == "[" and found["name"] in _SHOWN:
                brackets.add(ends[at])
                at += 1
                break
            at = ends[at] + 1
    return "".join([*kept, _apart_from(brackets, text, at, len(text))])


def _apart_from(places: set[int], text: str, start: int, end: int) -> str:
    return (
        "".join(sign for at, sign in enumerate(text[start:end], start) if at not in places)
        if places
        else text[start:end]
    )
