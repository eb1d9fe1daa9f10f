"""Makes texts comparable: the LaTeX, Unicode and typography of sources and models in one plain form."""

import re
import unicodedata
from functools import lru_cache

from index.english import FUNCTION_WORDS
from index.readable import readable
from index.safety.inert import inert

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺"
_RAISED = re.compile(f"[{_SUPERSCRIPTS}]+")
_LOWER_SUPERSCRIPTS = str.maketrans(_SUPERSCRIPTS, "0123456789-+")
_GREEK = {name.lower(): chr(code) for code in range(0x3B1, 0x3CA) for name in [unicodedata.name(chr(code)).split()[-1]]}
_GREEK_NAMES = str.maketrans({letter: name for name, letter in _GREEK.items()})
_COMMANDS = _GREEK | {
    "times": "×", "cdot": "×", "sim": "~", "approx": "~", "pm": "±", "leq": "<=", "geq": ">=", "le": "<=", "ge": ">=",
    "to": " to ", "rightarrow": " to ", "sqrt": "√", "log": "log", "infty": "infty", "ldots": "...", "varepsilon": "ε",
    "epsilon": "ε", "deg": "°", "circ": "°",
}  # fmt: skip
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_ESCAPED = re.compile(r"\\([%&\\`*_{}\[\]()<>#~|$!:.])")  # of LaTeX and of Markdown
_TIE = re.compile(r"(?<=\d)~(?=[A-Za-z])|(?<=[A-Za-z])~(?=[\d\\])")  # LaTeX's non-breaking space: 5~ms
_BRACED = re.compile(r"([\^_]?)\{([^{}]*)\}")
_MATHS = re.compile(r"\$\$?([^$]{1,200}?)\$\$?")
_IS_MATHS = re.compile(r"[\\^_{}=<>~±×√()]|^\s*[\d.,%]+\s*$|^\s*[A-Za-z]{1,2}\s*$")
_TYPOGRAPHY = str.maketrans({
    "Õ": "O", "˜": "~", "∞": "infty",
    "−": "-", "‐": "-", "‑": "-", "⁄": "/", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "‘": "'",
    "≈": "~", "∼": "~", "→": " to ", "⟶": " to ", "⟦": "[", "⟧": "]", "‹": "<", "›": ">",
})  # fmt: skip
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[\W_]+")


def _unmath(found: re.Match[str]) -> str:
    return found[1] if _IS_MATHS.search(found[1]) else found[0]


@lru_cache(maxsize=32_768)
def clean(text: str) -> str:
    r"""The text without LaTeX and typographic variants: `$1.3\times$` becomes `1.3×`, `D^{2}MoE` and `D²MoE` become
    `D^2MoE`, quotes straight, spaces single, addresses bare. Dashes of ranges stay. A text and its `inert` form
    give the same result, so a quote is found in either."""
    text = inert(readable(text))
    text = _RAISED.sub(lambda found: "^" + found[0].translate(_LOWER_SUPERSCRIPTS), text)
    text = unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY)
    if "$" in text:
        text = _MATHS.sub(_unmath, text)
    if "~" in text:
        text = _TIE.sub(" ", text)
    if "\\" in text:
        text = _ESCAPED.sub(r"\1", text.replace("\\,", " "))
        text = _COMMAND.sub(lambda found: _COMMANDS.get(found[1], ""), text)
    if "{" in text:
        text = _BRACED.sub(r"\1\2", _BRACED.sub(r"\1\2", text))
    return _SPACES.sub(" ", text.replace("^°", "°")).strip()


@lru_cache(maxsize=65_536)
def compact_name(name: str) -> str:
    """The letters and digits of a name in lower case, with Greek letters spelled out: `flashattention4` for
    `FlashAttention-4` and `Flash Attention 4`."""
    return _NOT_WORD.sub("", name.casefold().translate(_GREEK_NAMES))


_ENDINGS = "ization isation ations ation ingly ness ings ies ing ed es ly s e y".split()


def stem(word: str) -> str:
    """A word without its ending, roughly: enough to recognise its other forms."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


# adds what abstracts, and texts about them, say of any paper
STOP_WORDS = FUNCTION_WORDS | frozenset(
    """across am among during either having however much off once one out per since thus two three upon yet abstract
    achieve achieved achieves approach author authors based introduce introduced introduces method methods new novel
    papers present presented presents propose proposed proposes published result results sentence shown shows study
    uses work write""".split()
)
_WORD = re.compile(r"[^\W_]{2,}")


class _Stems(dict[str, str]):
    """Word to stem, "" for a stop word; filled on demand."""

    def __missing__(self, word: str) -> str:
        found = "" if word in STOP_WORDS else stem(word)
        if len(self) < 200_000:
            self[word] = found
        return found


_STEMS = _Stems()


def content_words(text: str) -> list[str]:
    """The stems of the words of a text that are not stop words, in order; numbers count as words."""
    stems = map(_STEMS.__getitem__, _WORD.findall(text.casefold()))
    return [word for word in stems if word]
