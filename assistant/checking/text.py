"""Text made comparable: LaTeX, Unicode and typography as sources and models write them, in one plain shape.

Knows nothing of papers, quantities or names.
"""

import re
import unicodedata
from functools import lru_cache

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
_TIE = re.compile(r"(?<=\d)~(?=[A-Za-z])|(?<=[A-Za-z])~(?=[\d\\])")  # LaTeX's space that does not break: 5~ms
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
    r"""The text without LaTeX and typographic variety: `$1.3\times$` is `1.3×`, `D^{2}MoE` and `D²MoE` are
    `D^2MoE`, quotes are straight, spaces single, addresses bare. Dashes of ranges stay. The same of a text and of what
    `inert` makes of it, so that a quote is found in either."""
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
    """The letters and digits of a name, lower case, Greek letters by their names: what `FlashAttention-4` and
    `Flash Attention 4` share."""
    return _NOT_WORD.sub("", name.casefold().translate(_GREEK_NAMES))


_ENDINGS = "ization isation ations ation ingly ness ings ies ing ed es ly s e y".split()


def stem(word: str) -> str:
    """A word without its ending, roughly: enough to find a word again in another form of it."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


STOP_WORDS = frozenset(
    """a about above across after all also am among an and any are as at be because been before being between both
    but by can could did do does during each either for from further had has have having he her here his how however
    i if in into is it its itself just may more most much must no nor not of off on once only or other our out over
    own per same she should since so some such than that the their them then there these they this those through thus
    to too under until up upon us very via was we were what when where whether which while who whose why will with
    within without would yet you your paper papers study work authors approach method methods propose proposes proposed
    present presents presented introduce introduces introduced show shows shown using use uses used based new novel
    result results one two three achieve achieves achieved abstract sentence published
    authors author write""".split()
)
_WORD = re.compile(r"[^\W_]{2,}")


class _Stems(dict[str, str]):
    """Word to stem, "" for a word that carries no meaning; filled as words come."""

    def __missing__(self, word: str) -> str:
        found = "" if word in STOP_WORDS else stem(word)
        if len(self) < 200_000:
            self[word] = found
        return found


_STEMS = _Stems()


def content_words(text: str) -> list[str]:
    """The stems of the words that carry the meaning of a text, in order; figures are among them."""
    stems = map(_STEMS.__getitem__, _WORD.findall(text.casefold()))
    return [word for word in stems if word]
