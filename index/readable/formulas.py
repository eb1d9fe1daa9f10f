r"""Formulas of LaTeX: what of a text is one, and exponents, indices and fractions in plain characters."""

import re

HAS_LATEX = re.compile(r"[\\^_{}]")
_PROSE = re.compile(r"(?:^|[\s(,])(?!(?:log|exp|max|min|sin|cos|mod|and|or)\b)[A-Za-z]{3,}(?=[\s),.;:]|$)")
_RAISED = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_LOWERED = str.maketrans("0123456789+-−–", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋")
_EXPONENT = re.compile(r"[+\-−–]?\d{1,12}|[+\-−–]")
_ORDINAL = re.compile(r"st|nd|rd|th")
_SIMPLE = re.compile(r"[\w.,%∞′*†‡°]+")
_ENCLOSED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def grouped(text: str) -> str:
    """A text in parentheses, unless it stands as one thing without them."""
    text = text.strip()
    return text if not text or _stands_alone(text) else f"({text})"


def raised(text: str) -> str:
    """A text as an exponent: `10⁻³`, `x^T`, `e^(iI)`, `90°`, `4th`."""
    text = text.strip()
    if _EXPONENT.fullmatch(text):
        return text.translate(_RAISED)
    if text in ("∘", "°", "circ"):
        return "°"
    if not text or _ORDINAL.fullmatch(text) or text in "′″†‡":
        return text
    return f"^{text}" if _stands_alone(text) else f"^({text})"


def lowered(text: str) -> str:
    """A text as an index: `x₂`, `x_max`, `x_(t-1)`."""
    text = text.strip()
    if _EXPONENT.fullmatch(text):
        return text.translate(_LOWERED)
    if not text:
        return ""
    return f"_{text}" if _stands_alone(text) else f"_({text})"


def _stands_alone(text: str) -> bool:
    return len(text) == 1 or bool(_SIMPLE.fullmatch(text) or _ENCLOSED.fullmatch(text))


def is_formula(inner: str, after: str) -> bool:
    """Whether what stands between two `$` is a formula rather than the text between two sums of money."""
    if not inner or inner.isspace():
        return False
    spaced = (inner[0].isspace(), inner[-1].isspace())
    if HAS_LATEX.search(inner):
        bare = re.sub(r"\\[A-Za-z]+\s*(?:\{[^{}]*\})?|[_^]\{[^{}]*\}", " ", inner)
        return spaced != (False, True) or not (inner[0].isdigit() or _PROSE.search(bare))
    if inner.isalpha() and len(inner) <= 8:
        return True
    if _PROSE.search(inner) or (any(spaced) and len(inner) > 12):
        return False
    if inner[0].isdigit():  # "$5-$10", "$100K/$200K"
        return not after.isdigit() and not spaced[1] and not re.search(r"[-/–,]$", inner)
    return not any(spaced) or spaced == (True, True) or len(inner.strip()) == 1
