"""What LaTeX's commands stand for. The common ones are here; `pylatexenc` knows the rest and is asked only then."""

import unicodedata
from functools import lru_cache

_GREEK = {}
for _code in (*range(0x391, 0x3AA), *range(0x3B1, 0x3CA)):
    if _code not in (0x3A2, 0x3C2):  # a gap; final sigma
        _name = unicodedata.name(chr(_code)).split()[-1].lower().replace("lamda", "lambda")
        _GREEK[_name.capitalize() if _code < 0x3B0 else _name] = chr(_code)

SYMBOLS: dict[str, str] = _GREEK | {
    "varepsilon": "ε", "vartheta": "ϑ", "varphi": "φ", "varrho": "ϱ", "varsigma": "ς", "varpi": "ϖ",
    "times": "×", "cdot": "·", "pm": "±", "mp": "∓", "div": "÷", "sim": "∼", "approx": "≈", "simeq": "≃", "cong": "≅",
    "leq": "≤", "le": "≤", "leqslant": "≤", "geq": "≥", "ge": "≥", "geqslant": "≥", "neq": "≠", "ne": "≠",
    "equiv": "≡", "ll": "≪", "gg": "≫", "lesssim": "≲", "gtrsim": "≳", "lt": "<", "gt": ">", "propto": "∝",
    "to": "→", "rightarrow": "→", "leftarrow": "←", "leftrightarrow": "↔", "Rightarrow": "⇒", "Leftarrow": "⇐",
    "longrightarrow": "⟶", "mapsto": "↦", "uparrow": "↑", "downarrow": "↓", "nearrow": "↗", "searrow": "↘",
    "in": "∈", "notin": "∉", "subset": "⊂", "subseteq": "⊆", "supset": "⊃", "cup": "∪", "cap": "∩", "setminus": "∖",
    "emptyset": "∅", "forall": "∀", "exists": "∃", "neg": "¬", "land": "∧", "lor": "∨", "wedge": "∧", "vee": "∨",
    "infty": "∞", "partial": "∂", "nabla": "∇", "sum": "∑", "prod": "∏", "int": "∫", "oint": "∮", "ell": "ℓ",
    "hbar": "ℏ", "Re": "Re", "Im": "Im", "circ": "∘", "bullet": "•", "star": "⋆", "ast": "*", "oplus": "⊕",
    "otimes": "⊗", "odot": "⊙", "perp": "⊥", "parallel": "∥", "mid": "|", "vert": "|", "Vert": "‖", "langle": "⟨",
    "rangle": "⟩", "lceil": "⌈", "rceil": "⌉", "lfloor": "⌊", "rfloor": "⌋", "lbrace": "{", "rbrace": "}",
    "ldots": "...", "dots": "...", "cdots": "...", "prime": "′", "dagger": "†", "ddagger": "‡", "degree": "°",
    "checkmark": "✓", "triangle": "△", "Box": "□", "square": "□", "blacksquare": "■", "angle": "∠", "top": "⊤",
    "S": "§", "P": "¶", "copyright": "©", "pounds": "£", "euro": "€", "texteuro": "€", "textdegree": "°",
    "ss": "ß", "o": "ø", "O": "Ø", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "l": "ł", "L": "Ł",
    "i": "i", "j": "j", "textbackslash": "\\", "backslash": "\\", "textasciitilde": "~", "textasciicircum": "^",
    "textunderscore": "_", "textgreater": ">", "textless": "<", "textbar": "|", "textendash": "–", "textemdash": "—",
    "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“", "textquotedblright": "”",
    "textregistered": "®", "texttrademark": "™", "textmu": "μ", "textpm": "±", "texttimes": "×",
    "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "eg": "e.g.", "ie": "i.e.", "etal": "et al.", "etc": "etc.",
    "wrt": "w.r.t.", "cf": "cf.", "vs": "vs.", "aka": "a.k.a.", "iid": "i.i.d.", "quad": " ", "qquad": " ",
    "newline": " ", "par": " ", "item": " ", "space": " ", "nbsp": " ", "colon": ":", "And": "&", "not": "̸",
    "lbrack": "[", "rbrack": "]", "hyp": "-",
}  # fmt: skip

RELATIONS = frozenset("×·±∓÷∼≈≃≅≤≥≠≡≪≫≲≳<>∝→←↔⇒⇐⟶↦∈∉⊂⊆⊃∪∩∖∧∨⊕⊗⊙⊥∥")  # spaced the same on both sides

WORDS = frozenset(  # commands typeset as their own name
    "log ln exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh max min sup inf lim limsup liminf det dim "
    "ker deg gcd arg argmax argmin Pr hom mod bmod pmod lg softmax sgn sign tr Tr rank diag var cov KL".split()
)

SILENT = frozenset(  # switches of font, size and spacing, which show nothing
    "rm bf it em sf tt sc sl cal mit bfseries itshape scshape ttfamily sffamily rmfamily normalfont upshape mdseries "
    "left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm middle displaystyle textstyle "
    "scriptstyle limits nolimits tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge centering "
    "noindent xspace allowbreak nobreakdash nobreak linebreak pagebreak newpage protect relax unboldmath boldmath "
    "maketitle bigskip medskip smallskip hfill null ignorespaces unskip strut".split()
)

FONTS = frozenset(  # commands that say how their argument looks
    "textbf textit textrm textsf texttt textsc textsl textup textmd textnormal emph text mathrm mathbf mathit mathsf "
    "mathtt mathcal mathscr mathfrak mathbb mathds mathnormal boldsymbol bm bs pmb mbox hbox fbox operatorname "
    "underline uline uppercase lowercase ensuremath vec mathop mathbin mathrel underbrace overbrace overrightarrow "
    "textsuperscript textsubscript mathstrut smash boxed sout st ul so hl".split()
)

DROPPED = {  # commands whose arguments are not text, and how many they have
    "cite": 1, "citep": 1, "citet": 1, "citealp": 1, "citealt": 1, "citeauthor": 1, "citeyear": 1, "parencite": 1,
    "textcite": 1, "autocite": 1, "nocite": 1, "footcite": 1, "Cite": 1, "citeyearpar": 1, "label": 1, "ref": 1,
    "eqref": 1, "cref": 1, "Cref": 1, "autoref": 1, "pageref": 1, "color": 1, "vspace": 1, "hspace": 1, "vskip": 0,
    "includegraphics": 1, "begin": 1, "end": 1, "bibliography": 1, "usepackage": 1, "documentclass": 1, "phantom": 1,
    "hphantom": 1, "vphantom": 1, "thanks": 0, "footnotemark": 0, "setlength": 2, "newcommand": 0, "orcid": 1,
    "pagestyle": 1, "thispagestyle": 1, "fontsize": 2,
}  # fmt: skip

SECOND = {"textcolor": 1, "colorbox": 1, "fcolorbox": 2, "scalebox": 1, "resizebox": 2, "raisebox": 1, "rotatebox": 1,
          "parbox": 1, "foreignlanguage": 1, "texorpdfstring": 1, "multicolumn": 2, "hyperref": 0}  # fmt: skip
"""Commands that show their last argument alone, and how many come before it."""

ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331",
}  # fmt: skip
"""Accents over or under the letter that follows."""

HATS = {
    "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "bar": "\u0304",
    "overline": "\u0304", "dot": "\u0307", "ddot": "\u0308", "check": "\u030c", "breve": "\u0306", "acute": "\u0301",
    "grave": "\u0300", "mathring": "\u030a",
}  # fmt: skip
"""The same in formulas; `\\vec` and others show their letter alone."""


@lru_cache(maxsize=1)
def _others() -> dict[str, str]:
    try:
        from pylatexenc.latex2text import get_default_latex_context_db
    except ImportError:
        return {}
    known: dict[str, str] = {}
    context = get_default_latex_context_db()
    for category in context.categories():
        for name, macro in context.d[category]["macros"].items():
            text = macro.simplify_repl
            if isinstance(text, str) and "%" not in text and len(text) <= 3 and name != "today":
                known.setdefault(name, text)
    return known


def symbol(name: str) -> str | None:
    """What a command without arguments shows; None if it is unknown."""
    found = SYMBOLS.get(name)
    return _others().get(name) if found is None else found
