"""Untrusted text without characters that readers do not see, and without anything a renderer would make live.

Titles, abstracts and what a model writes are data. The rules disarm a construct and keep its words:
`![x](https://a.example/y)` becomes `! [x] (a.example/y)`, `<b>` becomes `‹b›`. Applying them twice changes nothing
more.
"""

import re

# Characters that show nothing, or only a space: unusual white space, fillers and the blank Braille cell become a space,
# the rest is removed.
_BLANK = re.compile(r"\r(?!\n)|[\x0b\x0c\x1c-\x1f\x85\u115f\u1160\u2028\u2029\u2800\u3164\uffa0]")
_UNSEEN = re.compile(
    "[\x00-\x08\r\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ud800-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U0001fffe\U0001ffff\U000e0000-\U0010ffff]"
)
_JOINERS, _STYLES = "\u200c\u200d", "\ufe0e\ufe0f"
_SYMBOL = re.compile("[\u00a9\u00ae\u203c-\u27ff\u2900-\u3299\ufe0f\U0001f000-\U0001faff]")  # what emoji are made of
_JOINING = re.compile("[\u0600-\u109f\u1780-\u18af]")  # Arabic to Myanmar, Khmer, Mongolian: their letters join

_ADDRESS = re.compile(r"(?<![a-z])(?:https?|ftps?)://+(?:www\.)*|(?<![a-z0-9])(?:www\.)+(?=\w)", re.IGNORECASE)
_SCHEME = re.compile(r"://+|//+(?=\w)")  # also in an address without a protocol: `//a.example/y`
_MAIL = re.compile(r"(?<=[\w.+-])@(?=[\w.-]*\.[\w-]*[a-z])", re.IGNORECASE)
_TAG = re.compile(r"<([a-z/!?][^<>]*+)>", re.IGNORECASE)
_OPEN_TAG = re.compile(r"<(?=[a-z/!?|])", re.IGNORECASE)  # `<|im_end|>` ends a chat message
_ROLE = re.compile(r"\[(?=/?INST\])")
_JOINED = re.compile(r"(?<=!)(?=\[)|(?<=\])(?=\()|(?<=[^\d\[]\])(?=:)")  # parts of an image, a link, a link definition
_DEFINED = re.compile(r"^([\s>*+\-\d.)]*+\[(?:[^\[\]\\]|\\.)*+\]):", re.MULTILINE | re.DOTALL)


def _joined(found: re.Match[str]) -> str:
    """An invisible character if the text needs it: a joiner between two joining letters or within an emoji, or the one
    sign after a symbol that says how to draw it. Otherwise nothing."""
    text, start, end = found.string, found.start(), found.end()
    sign, before, after = found[0], text[max(start - 1, 0) : start], text[end : end + 1]
    symbol = _SYMBOL.match(before) is not None
    if sign in _STYLES:
        return sign if (symbol and before != "\ufe0f") or after == "\u20e3" else ""
    joins = (symbol and _SYMBOL.match(after)) or (_JOINING.match(before) and _JOINING.match(after))
    return sign if sign in _JOINERS and joins else ""


def visible(text: str) -> str:
    """A text as its readers see it: without control characters (except tab and line feed), zero-width characters,
    direction marks, tags, variation selectors, surrogates and private-use characters."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSEEN.sub(_joined, _BLANK.sub(" ", text))


def unlinked(text: str) -> str:
    """A text in which no Markdown or mail reader finds an address to turn into a link: addresses lose `https://` and
    `www.`, and the `@` of a mail address gets spaces around it."""
    if "//" in text or "@" in text or "www." in text.lower():
        return _MAIL.sub(" @ ", _SCHEME.sub(lambda found: f"{found[0].rstrip(chr(47))}/ /", _ADDRESS.sub("", text)))
    return text


def inert(text: str) -> str:
    """A text that is safe for any reader, even one that takes it for Markdown or HTML: visible, without addresses,
    links, images or tags. Formulas, comparisons (`p<0.01`, `a < b`), code and citation markers stay as they are."""
    text = unlinked(visible(text))
    if "<" in text:
        text = _OPEN_TAG.sub("‹", _TAG.sub(r"‹\1›", text))
    if "[" in text:
        text = _DEFINED.sub(r"\1 :", _JOINED.sub(" ", _ROLE.sub("[ ", text)))
    return text
