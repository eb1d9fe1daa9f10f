"""Letters and signs beyond ASCII as commands that LaTeX prints in its own fonts, in any engine and without a package.

Knows nothing of ASCII's own special characters.
"""

import re
import unicodedata
from functools import lru_cache

_MATH = re.compile(  # what needs no package in mathematics, and is read back as it was
    "[ΓΔΘΛΞΠΣΥΦΨΩα-νξπ-ω±ℓ↔-↙⇐⇒⇔∀∂∃∅∇∈∉∋∏∑∓∘∝∞∠∥∧-∬∼≃≅≈≍≠≡≤≥≪≫≺≻⊂⊃⊆⊇⊎⊑⊒⊓⊔⊕-⊙⊢-⊥⋀-⋃⋆⋮⋯⋱⌈-⌋△♢⟨⟩⟵-⟺]"
)
_ACCENTS = dict(zip("\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0323\u0327\u0328\u0331",
                    "`'^~=u.\"rHvdckb", strict=True))  # fmt: skip
_LETTERS = {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ı": "i"}
_PRINTED = "\u00a0-\u00ff€™†‡•‰"  # as they stand, by every engine
_T1 = {"đ": "dj", "Đ": "DJ", "ð": "dh", "Ð": "DH", "þ": "th", "Þ": "TH", "ŋ": "ng", "Ŋ": "NG"}  # with T1 only


def in_commands(text: str) -> str:
    """A text with its letters and signs beyond ASCII as commands in braces, which BibTeX takes for one letter each;
    what LaTeX has no command for stays as it is."""
    if text.isascii():
        return text
    return "".join(sign if sign.isascii() else _command(sign) for sign in unicodedata.normalize("NFC", text))


def in_any_font(text: str) -> str:
    """The same as `in_commands`, but signs that LaTeX's fonts do not have are told by name, `[hugging face]`. Letters
    of other scripts stay: they need an engine and a font that know them."""
    return re.sub(rf"[^\x00-\x7f{_PRINTED}]", lambda found: _named(found[0]), in_commands(text))


@lru_cache(maxsize=2_048)
def _command(sign: str) -> str:
    if name := _LETTERS.get(sign) or _T1.get(sign):
        return rf"{{\{name}}}"
    letter = unicodedata.normalize("NFD", sign)
    base, mark = letter[0], letter[1:]
    if base.isascii() and (accent := _ACCENTS.get(mark)):
        dotless = rf"\{base}" if base in "ij" and accent not in "dckb" else base
        return rf"{{\{accent}{{{dotless}}}}}"
    if _MATH.fullmatch(sign):
        from pylatexenc.latexencode import get_builtin_uni2latex_dict

        return f"{{{get_builtin_uni2latex_dict()[ord(sign)]}}}"
    return sign


def _named(sign: str) -> str:
    kind = unicodedata.category(sign)
    plain = unicodedata.normalize("NFKC", sign)
    raised = {"<super>": "^", "<sub>": "_"}.get(unicodedata.decomposition(sign).partition(" ")[0])
    if raised:
        return rf"{{\ensuremath{{{raised}{plain.replace('−', '-')}}}}}"
    if plain.isascii():  # a letter of mathematics, a ligature
        return plain
    if kind.startswith("L"):
        return sign
    if kind.startswith(("M", "C")):  # an accent without a letter, or nothing to see
        return ""
    return rf"{{[}}{unicodedata.name(sign, 'sign').lower()}{{]}}"  # bare, it might be an option of what is before
