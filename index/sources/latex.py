r"""LaTeX of a bibliography -> text: accents and signs become letters, braces that hold capitals go, formulas stay.

What is marked up for BibTeX alone is taken off; the paper's own formulas (`$x^2$`) and commands that nobody knows are
the source's text and are kept.
"""

import re
from functools import cache, lru_cache
from typing import Any

_FORMULA = re.compile(r"(\$\$[^$]{1,2000}\$\$|(?<!\\)\$(?:[^$\\]|\\.){1,1000}\$|\\\([^)]{1,1000}?\\\))")
_ACCENT = re.compile(
    r"""\\(?:[`'^"~=.]|[cvuHkdbrtho](?=[\s{\\]))\s*(?:\{\s*(?:\\?[A-Za-z]+)?\s*\}|\\[ij](?![A-Za-z])|[A-Za-z])"""
)
_STYLED = re.compile(
    r"\\(?:text(?:it|bf|sc|tt|rm|sf|sl|up|md|normal)?|emph|mbox|ensuremath|mathrm|uppercase|lowercase)\s*\{([^{}]*)\}|(?<![A-Za-z}])\{([^{}]*)\}"
)
_LINKED = re.compile(r"\\url\s*\{([^{}]*)\}|\\href\s*\{[^{}]*\}\s*\{([^{}]*)\}")
_SWITCH = re.compile(r"\\(?:it|bf|em|sc|tt|rm|sf|sl|itshape|bfseries|small|par|newline|noopsort|relax)(?![A-Za-z])\s*")
_WORD = re.compile(r"\\([A-Za-z]+)(?:\s*\{\}|\s+(?=[^\s])|(?![A-Za-z]))")
_UNKNOWN = re.compile(r"(\\[A-Za-z]+)\{([^{}]*)\}")
_SIGN = re.compile(r"\\([%&$#_{}])")
_LIGATURES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"))
_KEPT = {
    "textbraceleft": "{", "textbraceright": "}", "lbrace": "{", "rbrace": "}", "textasciicircum": "^", "textbar": "|",
    "textasciitilde": "~", "textless": "<", "textgreater": ">", "textbackslash": "\\", "textquotesingle": "'",
    "textperiodcentered": "·",
    "textendash": "–", "textemdash": "—", "ldots": "…", "dots": "…", "textdollar": "$", "textunderscore": "_",
}  # fmt: skip
_HELD = {sign: chr(0xE000 + number) for number, sign in enumerate("{}$\\~-`'")}  # signs that are text, while marks go
_FREED = {ord(held): sign for sign, held in _HELD.items()}


def plain(text: str) -> str:
    r"""The text that a field of a bibliography stands for, single-spaced. Never raises."""
    if not re.search(r"[\\{}~]|--|``|''|[\ue000-\ue007]", text):
        return " ".join(text.split())
    text = re.sub("[\ue000-\ue007]", "", text)
    parts = _FORMULA.split(text)  # every other one is a formula
    for number, part in enumerate(parts):
        parts[number] = _holding(part) if number % 2 else _without_marks(part)
    return " ".join(re.sub(r"[{}]", "", "".join(parts)).translate(_FREED).split())


def _holding(text: str) -> str:
    return "".join(_HELD.get(sign, sign) for sign in text)


def _without_marks(text: str) -> str:
    text = _SIGN.sub(lambda found: _HELD.get(found[1], found[1]), text.replace("\\\\", " "))
    text = text.replace("-{}", _HELD["-"]).replace("`{}", _HELD["`"]).replace("'{}", _HELD["'"])
    if "\\" in text:
        text = _ACCENT.sub(lambda found: _letters(found[0]), text)
        text = _LINKED.sub(lambda found: found[1] or found[2] or "", text)
        text = _WORD.sub(_word, _SWITCH.sub("", text))
        for _ in range(6):  # styles within styles
            text, changed = _STYLED.subn(lambda found: found[1] or found[2] or "", text)
            if not changed:
                break
        text = _UNKNOWN.sub(lambda found: f"{found[1]}{_HELD['{']}{found[2]}{_HELD['}']}", text)
        text = re.sub(r"\\[,;:!/ @-]", lambda found: " " if found[0] in "\\ \\," else "", text)
    for mark, sign in _LIGATURES:
        text = text.replace(mark, sign)
    # a tie is a space; before a number it says "about"
    return re.sub(r"(?<![^\s(])~(?=[\d$.])", _HELD["~"], text).replace("~", " ")


def _word(found: re.Match[str]) -> str:
    r"""A command that is a letter or a sign (`\ss`, `\textasciitilde{}`); another one stays as it is."""
    name = found[1]
    sign = _KEPT.get(name) or _known(name)
    if sign is None:
        return found[0]
    space = " " if found[0][-1].isspace() and not sign.isalpha() else ""
    return _holding(sign) + space


@cache
def _converter() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(strict_latex_spaces=False, keep_comments=True)


@lru_cache(maxsize=4096)
def _known(name: str) -> str | None:
    from pylatexenc.latex2text import get_default_latex_context_db

    spec = get_default_latex_context_db().get_macro_spec(name)
    sign = spec.simplify_repl if spec and isinstance(spec.simplify_repl, str) else ""
    return sign if len(sign) == 1 else None


@lru_cache(maxsize=4096)
def _letters(accent: str) -> str:
    try:
        made = str(_converter().latex_to_text(accent))
    except Exception:  # of a parser of many kinds of faults; the text is then shown as it came
        return accent
    return made or accent
