"""Markdown's footnotes and reference links as the citations that they are: `[^1]` is `[1]`, and `[Rao 2026][rao]` leads
where its line `[rao]: https://...` does."""

import re
from collections.abc import Callable

_FOOTNOTE = re.compile(
    r"^\[\^(?P<label>[^\[\]\s]{1,60})\]:[^\S\n]+(?P<text>\S.*(?:\n(?!\s*\n|\s*\[)[^\n]*\S.*){0,9})", re.MULTILINE
)
_FOOTNOTE_MARK = re.compile(r"[^\S\n]?\[\^(?P<label>[^\[\]\s]{1,60})\](?P<colon>:[^\S\n])?")
_LINE = re.compile(
    r"^[^\S\n]{0,3}\[(?P<label>[^\[\]\n^]{1,60})\]:[^\S\n]+<?(?P<url>https?://[^\s<>()]+).*$", re.MULTILINE
)
_LABEL = re.compile(r"\[(?P<label>[^\[\]\n]{1,60})\](?![:(])")
_LINKED = re.compile(r"\[(?P<text>[^\[\]\n]{1,300})\]\[(?P<label>[^\[\]\n]{0,60})\]")


def as_citations(text: str, names_a_work: Callable[[str], bool]) -> str:
    """A text with its footnotes as labels and its reference links as links. A footnote that names no work is a remark:
    its mark goes, its words stay."""
    if "[^" in text:
        works = {note["label"]: names_a_work(note["text"]) for note in _FOOTNOTE.finditer(text)}
        text = _FOOTNOTE_MARK.sub(lambda mark: _label(mark, works), text)
    urls = {line["label"].casefold(): line["url"] for line in _LINE.finditer(text)}
    used = {(link["label"] or link["text"]).casefold() for link in _LINKED.finditer(text) if _leads(link, urls)}
    text = _LINKED.sub(lambda link: f"[{link['text']}]({url})" if (url := _leads(link, urls)) else link[0], text)
    used -= {label["label"].casefold() for label in _LABEL.finditer(text)}  # cited by the label, too
    return _LINE.sub(lambda line: "" if line["label"].casefold() in used else line[0], text) if used else text


def _label(mark: re.Match[str], works: dict[str, bool]) -> str:
    is_work = works.get(mark["label"])
    if is_work is None:  # no footnote of this text
        return mark[0]
    return mark[0].replace("[^", "[", 1) if is_work else ""


def _leads(link: re.Match[str], urls: dict[str, str]) -> str | None:
    """Where a reference link leads; None for `[1][2]`, which cites by labels."""
    label, text = link["label"].casefold(), link["text"].casefold()
    return urls.get(label or text) if not label or text not in urls else None
