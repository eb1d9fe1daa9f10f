r"""The readable form of a title or an abstract: JATS, HTML, MathML and LaTeX as the text that a reader would see.

`<jats:p>CO<sub>2</sub> fell 2.7$\times$</jats:p>` is `CO₂ fell 2.7×`. Sentences are numbered, shown, quoted, matched
and checked in this form; the record keeps the source's own text. A text without markup is returned unchanged.
"""

import re
from functools import lru_cache

from index.readable.latex import plain_latex
from index.readable.markup import without_tags
from index.readable.typography import may_lack_backslash, plain_signs

_ROUNDS = 4  # markup within markup (`&amp;lt;i&amp;gt;`, `\textbf{$x$}`) is undone layer by layer
_RUNS_OF_SPACE = re.compile(r"[ \t\u00a0]*[ \t][ \t\u00a0]*|\u00a0")


def readable(text: str) -> str:
    r"""A text without tags, entities, formula markup and LaTeX. Never raises; no word is lost: an unknown
    command stays as its name (`\ours` is `ours`), and what is not markup (`p<0.01`, `<think>`, `$5`, `{a, b}`) stays
    unchanged. Takes time linear in the length; idempotent."""
    if not _may_hold_markup(text):
        return text
    return _kept(text) if len(text) <= _LONGEST_KEPT else _readable(text)


def _may_hold_markup(text: str) -> bool:
    return (
        "\\" in text
        or "--" in text
        or "$" in text
        or "{" in text
        or "}" in text
        or "^" in text
        or "<" in text
        or "&" in text
        or "~" in text
        or "`" in text
        or may_lack_backslash(text)
    )


def _readable(text: str) -> str:
    for _ in range(_ROUNDS):
        before = text
        if "<" in text or "&" in text:
            text = without_tags(text)
        if "\\" in text or "$" in text or "{" in text or "}" in text or "^" in text:
            text = plain_latex(text)
        text = plain_signs(text)
        if text == before:
            break
        text = _RUNS_OF_SPACE.sub(" ", text).strip()
        if not _may_hold_markup(text):
            break
    return text


_LONGEST_KEPT = 4_000  # characters, so that the cache stays small
_kept = lru_cache(maxsize=8_192)(_readable)
