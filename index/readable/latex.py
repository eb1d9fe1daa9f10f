r"""LaTeX in running text becomes the characters that it would be typeset as.

One pass over the pieces of a text. It covers what titles and abstracts use, not all of TeX; what is broken or unknown
stays readable: an unknown command becomes its own name, an argument its text.
"""

import re
import unicodedata

from index.readable.formulas import HAS_LATEX, grouped, is_formula, lowered, raised
from index.readable.pieces import as_piece, braces, formulas, pieces_of
from index.readable.symbols import ACCENTS, DROPPED, FONTS, HATS, RELATIONS, SECOND, SILENT, SYMBOLS, WORDS, symbol

_DEEPEST = 40  # braces within braces; what is deeper is taken as text
_LONGEST_FORMULA = 60  # pieces
_BARE_EXPONENT = re.compile(r"(-?\d{1,6})(?![\d.,]*\d)")
_NAME_IN_BRACES = re.compile(r"[\w-]*[A-Z][\w-]*")
_PART_OF_WORD = re.compile(r"[\w-]+")
_SIGNS_IN_BRACES = re.compile(r"[^\w\s{}]{1,3}|\s")
_LOST_COMMANDS = frozenset(["sim", "approx", "times", "pm", "deg", "le", "leq", "ge", "geq", "rightarrow", "to"])
_LOST_FONT = re.compile(r"(?:bf|it|em|tt|sc|rm|sf) ")
_DISPLAYED = re.compile(r"\$\$([^$]{1,1000})\$\$")
_QUOTED = re.compile(r"(?<![\w\\])\\([\"'])(?P<text>[^\"'\\]{2,300})\\\1(?!\w)")
_NEW_LINE = re.compile(r"n(?:$|(?=[A-Z]))")
_SPACES = {",": " ", ";": " ", ":": " ", " ": " ", ">": " ", "\\": " ", "!": "", "/": "", "-": "", "@": "", "\n": " "}
_BEGINS_SENTENCE = re.compile(r"(?:^|[.!?][)\"'”’\]}]{0,3}\s+)[\"'“‘(\[{$]{0,3}$")


class _Walk:
    """The pieces of one text, and where each brace and each formula ends."""

    def __init__(self, text: str) -> None:
        self.pieces = pieces_of(text)
        self.ends, self.loose = braces(self.pieces, _DEEPEST)
        self.formulas = formulas(self.pieces, text)
        self.depth = 0  # of commands that take commands

    def text(self, start: int, end: int, maths: bool) -> str:
        """The pieces from `start` to before `end` as they are shown."""
        shown: list[str] = []
        place = start
        while place < end:
            place = self._one(place, end, maths, shown)
        return "".join(shown)

    def _one(self, place: int, end: int, maths: bool, shown: list[str]) -> int:
        """Writes what begins at a place to `shown`, and says where the next begins."""
        piece = self.pieces[place]
        kind = piece.lastgroup
        if piece["command"]:
            return self._command(place, end, maths, shown)
        if kind == "sign":
            return self._sign(place, end, maths, shown)
        if kind == "dollar":
            close = self.formulas.get(place)
            if close is not None and close < end:
                shown.append(self.text(place + 1, close, True).strip() if not maths else "")
                return close + 1
            shown.append("" if maths else piece[0])
        elif kind == "open":
            return self._group(place, end, maths, shown)
        elif kind == "close":
            if place in self.loose and place and self.pieces[place - 1]["address"]:
                shown.append(" ")
            elif not maths and not (place in self.loose and self._touches_word(place)):
                shown.append(piece[0])
        elif kind == "script":
            return self._script(place, end, maths, shown)
        else:
            shown.append(piece[0])
        return place + 1

    def _touches_word(self, place: int) -> bool:
        piece = self.pieces[place]
        around = piece.string[max(piece.start() - 1, 0) : piece.start()] + piece.string[piece.end() : piece.end() + 1]
        return any(letter.isalnum() for letter in around)

    def _group(self, place: int, end: int, maths: bool, shown: list[str]) -> int:
        """Braces that are not an argument: removed in a formula and around signs, a font or a part of a word; otherwise
        they are the text's own."""
        close = self.ends.get(place)
        if close is None or close >= end:
            if not maths and not (place in self.loose and self._touches_word(place)):
                shown.append("{")
            return place + 1
        inner = self.text(place + 1, close, maths)
        raw = self.pieces[place].string[self.pieces[place].end() : self.pieces[close].start()]
        if not maths and raw in _LOST_COMMANDS:
            shown.append(SYMBOLS.get(raw, "°"))
        elif not maths and (font := _LOST_FONT.match(raw)):
            shown.append(inner[font.end() :])
        elif place and self.pieces[place - 1]["address"]:  # of \href, whose command was lost
            address = self.pieces[place - 1][0]
            shown.append("" if _bare(inner) in _bare(address) else f" ({inner})")
        elif maths or self._is_dressing(place, close, raw):
            shown.append(inner)
        else:
            shown.append(f"{{{inner}}}")
        return close + 1

    def _is_dressing(self, place: int, close: int, raw: str) -> bool:
        if not raw or _SIGNS_IN_BRACES.fullmatch(raw) or raw.startswith("\\") or _NAME_IN_BRACES.fullmatch(raw):
            return True
        string, start, end = self.pieces[place].string, self.pieces[place].start(), self.pieces[close].end()
        beside = string[max(start - 1, 0) : start] + string[end : end + 1]
        return any(letter.isalpha() for letter in beside) and _PART_OF_WORD.fullmatch(raw) is not None

    def _argument(self, place: int, end: int, maths: bool) -> tuple[str | None, int]:
        """The argument that begins at a place, and where the next begins: a group, else (in a formula) a sign."""
        while place < end and self.pieces[place].lastgroup == "text" and self.pieces[place][0].isspace():
            place += 1
        close = self.ends.get(place)
        if close is not None and close < end:
            return self.text(place + 1, close, maths), close + 1
        return None, place

    def _optional(self, place: int, end: int) -> tuple[str | None, int]:
        """The argument in brackets at a place, cut out of its piece of text."""
        if place < end and self.pieces[place].lastgroup == "text" and (text := self.pieces[place][0]).startswith("["):
            inner, bracket, rest = text[1:].partition("]")
            if bracket:
                if rest:
                    self.pieces[place] = as_piece(rest)
                    return inner, place
                return inner, place + 1
        return None, place

    def _one_sign(self, place: int, end: int, maths: bool) -> tuple[str, int]:
        """The next sign if it is not a group: one character, or one command with what belongs to it."""
        if place >= end or self.depth > _DEEPEST:
            return "", place
        piece = self.pieces[place]
        if piece.lastgroup == "text" and len(piece[0]) > 1:
            self.pieces[place] = as_piece(piece[0][1:])
            return piece[0][0], place
        if piece["command"] or piece.lastgroup in ("text", "sign"):
            shown: list[str] = []
            self.depth += 1
            following = self._one(place, end, maths, shown)
            self.depth -= 1
            return "".join(shown), following
        return "", place

    # -- the kinds of pieces

    def _script(self, place: int, end: int, maths: bool, shown: list[str]) -> int:
        mark = self.pieces[place][0]
        write = raised if mark == "^" else lowered
        argument, following = self._argument(place + 1, end, True) if place + 1 in self.ends else (None, place + 1)
        if argument is not None:
            shown.append(write(argument))
            return following
        if maths:
            sign, following = self._one_sign(place + 1, end, True)
            shown.append(write(sign) if sign else "")
            return following
        piece = self.pieces[place + 1] if place + 1 < end else None
        before = shown[-1][-1:] if shown and shown[-1] else self.pieces[place].string[: self.pieces[place].start()][-1:]
        if mark == "^" and piece is not None and (before.isalnum() or before in ")]"):
            if piece.lastgroup == "text" and (found := _BARE_EXPONENT.match(piece[0])):
                shown.append(raised(found[1]))
                rest = piece[0][found.end() :]
                if rest:
                    self.pieces[place + 1] = as_piece(rest)
                return place + 1 if rest else place + 2
            if piece["command"] in ("circ", "degree", "deg", "prime", "dagger"):
                shown.append(raised(SYMBOLS.get(piece["command"], "°")) + piece["gap"])
                return place + 2
        shown.append(mark)
        return place + 1

    def _sign(self, place: int, end: int, maths: bool, shown: list[str]) -> int:
        sign = self.pieces[place]["sign"]
        if sign in ACCENTS and not maths:
            letter, following = self._accented(place + 1, end)
            if letter:
                shown.append(unicodedata.normalize("NFC", letter[0] + ACCENTS[sign] + letter[1:]))
                return following
        if sign in "()[]" and sign:
            return self._bracket(place, end, maths, shown)
        if sign == "|" and maths:
            shown.append("‖")
        elif sign == "":
            shown.append("\\")
        else:
            shown.append(_SPACES.get(sign, sign))
        return place + 1

    def _accented(self, place: int, end: int) -> tuple[str, int]:
        """The letter under an accent, with what follows it in its group; empty if there is none."""
        if place >= end:
            return "", place
        if (close := self.ends.get(place)) is not None and close < end:
            inner = self.text(place + 1, close, False)
            return (inner, close + 1) if inner[:1].isalpha() else ("", place)
        piece = self.pieces[place]
        if piece["command"] in ("i", "j"):
            return piece["command"], place + 1
        if piece.lastgroup == "text" and piece[0][0].isalpha():
            return self._one_sign(place, end, False)
        return "", place

    def _bracket(self, place: int, end: int, maths: bool, shown: list[str]) -> int:
        r"""A formula between `\(` and `\)` or `\[` and `\]`; otherwise an escaped bracket."""
        opening = self.pieces[place]["sign"]
        closing = {"(": ")", "[": "]"}.get(opening)
        if closing and not maths:
            for after in range(place + 1, min(end, place + _LONGEST_FORMULA)):
                if self.pieces[after]["sign"] == closing:
                    inner = self.pieces[place].string[self.pieces[place].end() : self.pieces[after].start()]
                    if is_formula(inner, "") and (opening == "(" or HAS_LATEX.search(inner)):
                        shown.append(self.text(place + 1, after, True).strip())
                        return after + 1
                    break
        shown.append("" if maths and not closing else opening)
        return place + 1

    def _command(self, place: int, end: int, maths: bool, shown: list[str]) -> int:
        piece = self.pieces[place]
        name, gap, following = piece["command"], piece["gap"], place + 1
        if name in ("url", "path", "nolinkurl", "href"):
            return self._link(place, end, maths, shown)
        if name in DROPPED:
            return self._dropped(place, end, maths, shown)
        if name in SECOND:
            _, following = self._optional(following, end)
            for _ in range(SECOND[name]):
                _, following = self._argument(following, end, maths)
            argument, following = self._argument(following, end, maths)
            shown.append(argument or "")
            return following
        if name in ("frac", "dfrac", "tfrac", "sfrac", "nicefrac"):
            above, following = self._argument_or_sign(following, end, maths)
            below, following = self._argument_or_sign(following, end, maths)
            mixed = " " if shown and shown[-1][-1:].isdigit() and above[:1].isdigit() else ""  # 1\frac{1}{2}
            shown.append(mixed + (f"{grouped(above)}/{grouped(below)}" if below else above))
            return following
        if name == "sqrt":
            root, following = self._optional(following, end)
            inner, following = self._argument_or_sign(following, end, maths)
            shown.append(f"{root or ''}√{grouped(inner)}")
            return following
        if name == "footnote":
            argument, following = self._argument(following, end, maths)
            shown.append(f" ({argument})" if argument else "")
            return following
        if name in HATS or (name in ACCENTS and following < end):
            letter, following = self._hatted(following, end, name in HATS)
            if letter:
                accent = HATS.get(name) or ACCENTS[name]
                one = len(letter) == 1 and letter.isalpha()
                mark = accent if one or (name in ACCENTS and letter[0].isalpha()) else ""
                shown.append(unicodedata.normalize("NFC", letter[0] + mark + letter[1:]))
                return following
            if name in HATS:
                shown.append(gap)
                return following
            following = place + 1
        if name in SILENT:
            glued = shown and shown[-1][-1:].isalnum() and gap
            shown.append(gap if glued else "")
            return following
        if name in WORDS and not (name == "deg" and self._is_degree(place, end)):
            next_ = self.pieces[following] if following < end else None
            if shown and shown[-1][-1:].isalpha():
                shown.append(" ")
            letter_next = next_ is not None and (next_["command"] or next_[0][:1].isalnum())
            shown.append(name + (" " if letter_next or (gap and next_ is not None and not maths) else ""))
            return following
        return self._shown(place, end, maths, shown)

    def _dropped(self, place: int, end: int, maths: bool, shown: list[str]) -> int:
        name, following = self.pieces[place]["command"], place + 1
        for _ in range(3):
            inner, following = self._optional(following, end)
            if inner is None:
                break
        for _ in range(DROPPED[name]):
            _, following = self._argument(following, end, maths)
        if name not in ("begin", "end", "color"):
            _drop_tie(shown)
        shown.append(self.pieces[place]["gap"] if following == place + 1 else "")
        return following

    def _is_degree(self, place: int, end: int) -> bool:
        """Whether `\\deg` is the sign behind a figure: `5.15{\\deg}`."""
        before = self.pieces[place].string[: self.pieces[place].start()].rstrip("{ $^")[-1:]
        return before.isdigit()

    def _hatted(self, place: int, end: int, maths: bool) -> tuple[str, int]:
        argument, following = self._argument(place, end, maths)
        if argument is not None:
            return argument, following
        if place < end and (self.pieces[place]["command"] or self.pieces[place][0][0].isalpha()):
            # "\hat Y"; "\v s" too, but "\c" of a path is none
            if not maths and not self.pieces[place - 1]["gap"]:
                return "", place
            return self._one_sign(place, end, maths)
        return "", place

    def _argument_or_sign(self, place: int, end: int, maths: bool) -> tuple[str, int]:
        argument, following = self._argument(place, end, maths)
        return (argument, following) if argument is not None else self._one_sign(following, end, maths)

    def _shown(self, place: int, end: int, maths: bool, shown: list[str]) -> int:
        """A command that shows a sign, or its argument, or, if unknown, its own name."""
        piece = self.pieces[place]
        name, gap, following = piece["command"], piece["gap"], place + 1
        sign = "°" if name == "deg" else symbol(name)
        if sign is not None:
            after = piece.string[piece.end() : piece.end() + 2]
            if after == "{}" and not gap:
                following += 2  # \LaTeX{}
            elif sign.isspace():
                gap = ""
            elif sign in RELATIONS:
                tight = maths and not (shown and shown[-1][-1:].isspace()) and not piece["star"]
                gap = "" if tight and shown and "".join(shown[-1:]) else gap
            elif sign in "⌈⌊⟨√∑∏∫":
                gap = ""
            elif gap and maths and not after[:1].isalnum() and not after.startswith("\\"):
                gap = ""  # "\alpha )"
            elif sign.endswith(".") and after[:1] == ".":
                sign = sign[:-1]
            shown.append(sign + piece["star"] + gap)
            return following
        argument, after_argument = self._argument(following, end, maths) if not gap else (None, following)
        if argument is None and name in FONTS:  # its brace is not closed, or a single sign follows
            return following
        if argument:
            parts = [argument]
            while after_argument in self.ends and after_argument < end:  # \shortstack{a}{b}
                another, after_argument = self._argument(after_argument, end, maths)
                parts.append(another or "")
            shown.append(" ".join(filter(None, parts)))
            return after_argument
        before = piece.string[: piece.start()][-1:]
        if argument is None and not maths and _NEW_LINE.match(name):
            shown.append(f" {name[1:]}{piece['star']}{gap}")
        elif argument is None and not maths and (before.isalnum() or before in ":.\\/_"):
            shown.append(f"\\{name}{piece['star']}{gap}")  # a path
        else:
            if _BEGINS_SENTENCE.search(piece.string[max(piece.start() - 10, 0) : piece.start()]):
                name = name[0].upper() + name[1:]  # so that it still starts a sentence
            glue = " " if before.isalnum() and shown and shown[-1][-1:].isalnum() else ""
            shown.append(f"{glue}{name}{piece['star']}{gap if argument is None else ''}")
        return after_argument if argument is not None else following

    def _link(self, place: int, end: int, maths: bool, shown: list[str]) -> int:
        following = place + 1
        close = self.ends.get(following)
        if close is None or close >= end:
            shown.append(self.pieces[place]["gap"])
            return following
        string = self.pieces[place].string
        address = re.sub(r"\\([%#&_~{}])", r"\1", string[self.pieces[following].end() : self.pieces[close].start()])
        address = address.strip()
        following = close + 1
        if self.pieces[place]["command"] == "href":
            said, following = self._argument(following, end, maths)
            if said and _bare(address) not in _bare(said):
                address = f"{said} ({address})"
            elif said:
                address = said
        if shown and shown[-1].endswith("~"):
            _drop_tie(shown)
            shown.append(" ")
        shown.append(address)
        return following


def _bare(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?|[/.\s]+$", "", address.strip().lower())


def _drop_tie(shown: list[str]) -> None:
    """Takes away the tie or space before what is not shown."""
    while shown and not shown[-1]:
        shown.pop()
    if shown:
        shown[-1] = shown[-1].rstrip("~ ")


def plain_latex(text: str) -> str:
    """The text with every command, brace and formula of LaTeX as what it shows. Braces and `$` that are not LaTeX
    stay."""
    if "\\" in text:
        text = _QUOTED.sub(lambda found: f"{found[1]}{found['text']}{found[1]}", text)
    if "$$" in text:
        text = _DISPLAYED.sub(r"$\1$", text)
    walk = _Walk(text)
    return walk.text(0, len(walk.pieces), False)
