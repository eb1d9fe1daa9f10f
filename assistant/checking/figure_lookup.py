"""Looks up the figures of a clause in what it cites: found, derived, missing, elsewhere, or about something else."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache, cached_property
from itertools import combinations, pairwise
from math import isclose

from assistant.checking.binding import (
    MOST_FIGURES,
    Bound,
    bind,
    compared_with,
    measured_on,
    of_a_rival,
    swapped,
    things_of,
)
from assistant.checking.evidence import CitedScope, Findings, Statement
from assistant.checking.figures import SMALL_COUNT, agrees, derives, find_figure, is_rest, is_share
from assistant.checking.names import KnownNames
from assistant.checking.order import turned_round
from assistant.checking.quantities import FRACTION, LABEL, WORDS, YEAR, Quantity, quantities
from assistant.checking.record import days_of
from assistant.checking.units import COUNT, PERCENT, unit_of
from assistant.documents import Flag, FlagKind


class FigureLookup:
    """Looks up the figures of one clause in its scope. `shown`: the cited figures that the sentence has used so far;
    a later figure may be their difference or ratio."""

    def __init__(self, text: str, scope: CitedScope, findings: Findings, shown: list[Quantity]) -> None:
        self.text = text
        self.scope = scope
        self.findings = findings
        self.shown = shown
        self.matches: list[tuple[Quantity, Statement, Quantity]] = []
        self.missing: list[Quantity] = []

    @cached_property
    def nearest(self) -> str | None:
        """The sentence of the cited papers that is most similar to the clause."""
        return self.scope.nearest(self.text)

    def run(self, copied: bool) -> None:
        """Look up every figure of the clause. Flag those not found and, unless the clause is copied from its source,
        those that the source gives for something else."""
        claimed = quantities(self.text)
        pending = [quantity for quantity in claimed if not self._direct(quantity)]
        for quantity in pending:
            if self._derived(quantity) or self._in_a_name(quantity) or self._on_record(quantity):
                self.findings.add(quantity.text)
            elif not self._idle(quantity) and all(quantity.text != other.text for other in self.missing):
                self.missing.append(quantity)
        self._flag_missing(any_found=len(self.matches) > 0)
        if not copied:
            self._flag_misbound(claimed)

    def _direct(self, claimed: Quantity) -> bool:
        compares = self._compares(claimed)
        claimed_as = self._with_its_unit(claimed)
        for statement in self.scope.readable:
            cited = find_figure(claimed_as, statement.quantities, compares)
            if cited is not None:
                self.matches.append((claimed, statement, cited))
                self.shown.append(cited)
                self.findings.add(claimed.text)
                return True
        return False

    def _with_its_unit(self, claimed: Quantity) -> Quantity:
        """A bare figure with the unit that it is meant in: that of the figure before (`A takes 3.5 hours and B 7`), or
        years (`teens (12-18)`, `participants under 20`)."""
        if claimed.unit != COUNT or claimed.worded:
            return claimed
        before = self.shown[-1] if self.shown and not self.text[claimed.end :].strip(" .,;)") else None
        unit = _UNIT.search(before.text) if before and before.unit not in (COUNT, PERCENT, YEAR, LABEL) else None
        meant = quantities(f"{claimed.text} {unit[0]}") if unit else ()
        if len(meant) == 1 and any(find_figure(meant[0], s.quantities) for s in self.scope.readable):
            return replace(meant[0], start=claimed.start, end=claimed.end)
        if not 1 <= claimed.value <= 120:
            return claimed
        if not _AGED.search(self.text, max(0, claimed.start - 40), claimed.start):
            return claimed
        years = Quantity(claimed.text, claimed.start, claimed.end, *_years(claimed))
        aged = any(find_figure(years, statement.quantities) for statement in self.scope.readable)
        return years if aged else claimed

    def _compares(self, claimed: Quantity) -> bool:
        """Whether the words around a figure express a change or a comparison."""
        return _change().search(self.text, max(0, claimed.start - 45), claimed.end + 30) is not None

    def _derived(self, claimed: Quantity) -> bool:
        before = self.text[max(0, claimed.start - 45) : claimed.start]
        said_as_rest = _REST.search(before + self.text[claimed.end : claimed.end + 30]) and not _BY.search(before)
        if claimed.unit == PERCENT and said_as_rest:
            shares = (q for statement in self.scope.cited for q in statement.quantities if q.unit == PERCENT)
            if any(is_rest(claimed, share) for share in shares):
                return True
        counts = [figure.value for figure, _, _ in self.matches if figure.unit == COUNT and figure.value]
        if claimed.unit == PERCENT and any(is_share(claimed, a, b) for a, b in combinations(counts, 2)):
            return True
        if claimed.unit == COUNT and self._is_sum(claimed):
            return True
        if (claimed.unit == COUNT and claimed.worded) or not self._compares(claimed):
            return False
        shown = self.shown[-MOST_FIGURES:]
        pairs = list(combinations(shown, 2))
        for statement in self.scope.cited:
            if claimed.unit == FRACTION:  # "half of them"
                pairs += combinations(statement.quantities[:MOST_FIGURES], 2)
                continue
            following = pairwise(statement.quantities)
            pairs += [(a, b) for a, b in following if _TURNS_INTO.search(statement.text[a.end : b.start])]
        return any(derives(claimed, a, b) for a, b in pairs)

    def _is_sum(self, claimed: Quantity) -> bool:
        """Whether a count is the sum of two that a source joins and that count its things: `30 real and 30 fake`."""
        things = things_of(self.text, claimed)
        for statement in self.scope.cited:
            for a, b in pairwise(statement.quantities):
                joined = a.unit == b.unit == COUNT and _AND_MORE.fullmatch(statement.text[a.end : b.start])
                if joined and a.value + b.value == claimed.value and things & things_of(statement.text, b):
                    return True
        return False

    def _in_a_name(self, claimed: Quantity) -> bool:
        """Whether the figure is part of a name in the source: `Qwen 2.5 7B` for `Qwen2.5-7B`."""
        written = claimed.text.replace(",", "")
        return any(written in evidence.title.digits or any(written in s.digits for s in evidence.sentences)
                   for evidence in self.scope.evidence)  # fmt: skip

    def _on_record(self, claimed: Quantity) -> bool:
        edition = _EDITION.search(self.text, max(0, claimed.start - 24), claimed.start)  # "AIME 2025"
        on_record = any(day.year == claimed.value for day in days_of(self.scope.papers))
        return claimed.unit == YEAR and on_record and not edition

    def _idle(self, claimed: Quantity) -> bool:
        """Whether a figure says nothing of the source: the number of a stage that the source does not number, a
        condition (`x = 0`), a small count that the text itself makes, or of things that the source does not count."""
        counts = [(q, s) for s in self.scope.cited for q in s.quantities]
        if claimed.unit == LABEL:
            label = claimed.literal.split()[0]
            return not any(q.literal.startswith(label) for q, _ in counts if q.unit == LABEL)
        if claimed.unit != COUNT:
            return False
        if claimed.text == "0" and _SYMBOL.search(self.text, max(0, claimed.start - 16), claimed.start):
            return True
        unity = _UNITY.search(self.text, max(0, claimed.start - 4), claimed.start) or _INVERSE.match(
            self.text, claimed.end
        )
        if claimed.text == "1" and unity:
            return True
        if claimed.text == "1" and any(_ONE.search(statement.text) for statement in self.scope.cited):
            return True
        if claimed.value > SMALL_COUNT or claimed.step < 1:
            return False
        if _counted_in_brackets(self.text, claimed):
            return True
        things = things_of(self.text, claimed)
        return claimed.worded and not any(things & things_of(s.text, q) for q, s in counts if q.unit == COUNT)

    def _flag_missing(self, any_found: bool) -> None:
        holders = [_holder(quantity, self.scope.elsewhere) for quantity in self.missing]
        moved = {holder.number for holder in holders if holder}
        if self.scope.precise and self.missing and not any_found and all(holders) and len(moved) == 1:
            holder = holders[0]
            assert holder is not None
            figures = ", ".join(quantity.text for quantity in self.missing)
            marker = " ".join(self.scope.markers)
            message = f"{figures}: not in {self.scope.place} but in sentence {holder.number}"
            self.findings.flags.append(Flag("citation", marker, message, holder.shown))
            return
        for quantity, holder in zip(self.missing, holders, strict=True):
            self.findings.flags.append(self._flag(quantity, holder))

    def _flag_misbound(self, claimed: tuple[Quantity, ...]) -> None:
        """Flag two figures that the cited text has the other way round, else each that is about something else."""
        if len(claimed) > MOST_FIGURES:
            return
        around = {bound.quantity: bound for bound in bind(self.text, claimed)}
        figures = list(
            dict.fromkeys(
                q
                for q, _, _ in self.matches
                if q.unit not in (YEAR, LABEL) and not (q.worded and q.unit != COUNT) and not self._is_setting(q)
            )
        )
        places = {figure: self._places(figure) for figure in figures}
        if turned := turned_round(self.text, figures, self.scope.readable):
            self._flag_exchanged(*turned)
            return
        gains = {
            (first, second): swapped(around[first], places[first], around[second], places[second])
            for first, second in combinations(figures, 2)
            if _exchangeable(first, second, self.text)
        }
        if gains and max(gains.values()) > 0:
            self._flag_exchanged(*max(gains, key=lambda pair: gains[pair]))
            return
        for figure in figures:
            if of_a_rival(around[figure], places[figure]):
                message = f"in {self.scope.place}, {figure.text} is about something else"
                self.findings.flags.append(Flag("figure", figure.text, message, self.nearest))
            elif not around[figure].listed and not around[figure].rivals:
                self._flag_stranger(figure)

    def _is_setting(self, figure: Quantity) -> bool:
        """Whether a figure is a setting, `γ = 0`, or the edition of something, `BraTS 2020`."""
        if figure.unit == COUNT and _EDITION_YEAR.fullmatch(figure.text):
            return True
        before = max(0, figure.start - 16)
        return figure.text in ("0", "1") and _SYMBOL.search(self.text, before, figure.start) is not None

    def _flag_exchanged(self, first: Quantity, second: Quantity) -> None:
        message = f"in {self.scope.place}, {first.text} and {second.text} seem to be the other way round"
        self.findings.flags.append(Flag("figure", f"{first.text}, {second.text}", message, self.nearest))

    def _flag_stranger(self, figure: Quantity) -> None:
        """Flag a figure that the cited sentence gives for another name, if for the claimed name it gives a different
        figure, or if it does not contain the claimed name and the claim compares with that."""
        name, compared = measured_on(self.text, figure), compared_with(self.text, figure)
        for statement in self.scope.cited if name else ():
            said = {q: measured_on(statement.text, q) for q in statement.quantities if q.unit == figure.unit}
            own = [of for q, of in said.items() if agrees(figure, q)]
            if not own or name in own or None in own:
                continue
            others = [q.text for q, of in said.items() if of == name and not agrees(figure, q)]
            versus = {compared_with(statement.text, q) for q in said if agrees(figure, q)}
            unknown = compared and None not in versus and compared not in KnownNames([statement.text])
            if others or unknown:
                other = f"; the figure for this is {others[0]}" if others else ""
                message = f"in {self.scope.place}, {figure.text} is about something else{other}"
                self.findings.flags.append(Flag("figure", figure.text, message, statement.shown))

    def _places(self, claimed: Quantity) -> list[Bound]:
        """Every cited figure of the same unit that the claimed one is, or if there is none, that it agrees with."""
        near = [bound for s in self.scope.readable for bound in bind(s.text, s.quantities)
                if bound.quantity.unit == claimed.unit and agrees(claimed, bound.quantity)]  # fmt: skip
        return [bound for bound in near if isclose(bound.quantity.value, claimed.value, rel_tol=1e-6)] or near

    def _flag(self, quantity: Quantity, holder: Statement | None) -> Flag:
        kind: FlagKind = "date" if quantity.unit == YEAR else "figure"
        if holder is not None:
            message = f"'{quantity.text}' is not in {self.scope.place}; it is in sentence {holder.number}"
            return Flag(kind, quantity.text, message, holder.shown)
        if quantity.unit == YEAR:
            return Flag("date", quantity.text, f"'{quantity.text}' is neither in {self.scope.place} nor in the record")
        numeral = _numeral(quantity)
        for statement in self.scope.readable if numeral else ():
            for cited in statement.quantities:
                if _numeral(cited) == numeral:
                    message = f"in {self.scope.place} it is '{cited.text}', not '{quantity.text}'"
                    return Flag("unit", quantity.text, message, statement.shown)
        message = f"'{quantity.text}' is not in {self.scope.place}"
        return Flag("figure", quantity.text, message, self.nearest)


@cache
def _change() -> re.Pattern[str]:
    """Words that express a change or a comparison."""
    return re.compile(
        r"\b(?:fast|slow|less|fewer|more|high|low|reduc|improv|increas|speed|sped|sav|cut|drop|gain|small|larg|cheap|better"
        r"|worse|boost|decreas|short|long|accelerat|differ|gap|ahead|behind|margin|as (?:much|many|often)|twice|half"
        r"|halv|doubl|tripl|shr[iau]nk|magnitude|times|compress|outperform|beat|surpass|exceed|grow|ris|rose|fall|fell|los[st]|cost)",
        re.IGNORECASE,
    )


_UNIT = re.compile(r"[^\W\d].*$")
_SYMBOL = re.compile(r"(?<!\w)[^\W\d]\w{0,3}['′]?\s?(?:[=<>≤≥]=?|to)\s?$")
_EDITION_YEAR = re.compile(r"(?:19|20)\d\d")
_UNITY = re.compile(r"(?:[≪≫≲≳]|<<|>>)\s?$")
_INVERSE = re.compile(r"/[^\W\d]|/√")  # 1/N
_AND_MORE = re.compile(r"\s(?:[\w-]+\s){0,3}(?:and|plus)\s")
_AGED = re.compile(
    r"\b(?:aged?|ages|teen\w*|adult\w*|child\w*|adolescents?|participants?|patients?|students?|people|women|men|boys|girls"
    r"|users|volunteers?|infants?|youths?)(?:\s(?:of|over|under|above|below|between|from|is|are|was|were|and|older|younger|than))*\s?"
    r"\(?(?:age[ds]?\s)?(?:\d{1,3}\s?(?:-|–|to|and)\s?)?$",
    re.IGNORECASE,
)
_ONE = re.compile(r"\b(?:one|single|first|unit)\b", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[^().;]{0,60}\(([^()]{5,300})\)")
_SMALL = re.compile(rf"(?<![\w.,-])(?:\d{{1,2}}|{'|'.join(w for w in WORDS if w.isalpha())})(?![\w.,%])", re.IGNORECASE)
_REST = re.compile(r"\b(?:only|just|rest|remain\w*|other|left|accura\w*|errors?|i\.e\.|that is)(?!\w)", re.IGNORECASE)
_EDITION = re.compile(r"\w*[A-Z]\w*[A-Z]\w*[\s-]$")
_BY = re.compile(r"\bby\b[^.;,]{0,20}$")  # a change, not what is left
_TURNS_INTO = re.compile(r"^\D{0,12}\b(?:to|vs\.?|versus|against|compared|over|than|instead)\b[^\d.;]{0,40}$")


_OVER = re.compile(r"/\d+")


def _years(age: Quantity) -> tuple[float, str, float]:
    """The value, unit and step of a number of years."""
    unit, size = unit_of("years")
    return age.value * size, unit, age.step * size


def _exchangeable(first: Quantity, second: Quantity, text: str) -> bool:
    """Whether two figures could be mixed up: they have one unit, and neither is part of `3/10`."""
    if first.unit != second.unit or first.value == second.value:
        return False
    if re.fullmatch(r"\s(?:out\s)?of\s(?:the\s)?", text[first.end : second.start]):  # a share of a whole
        return False
    wholes = [_OVER.match(text, figure.end) for figure in (first, second)]
    if all(wholes):  # "6/10 and 3/10": of one whole
        return len({whole[0] for whole in wholes if whole}) == 1
    return not any(wholes) and "/" not in (text[first.start - 1 : first.start], text[second.start - 1 : second.start])


def _counted_in_brackets(text: str, claimed: Quantity) -> bool:
    """Whether brackets after a count hold as many things, or counts of that sum: `three models (two large, one small)`,
    `3 tasks (reading, writing, adding)`."""
    found = _IN_BRACKETS.match(text, claimed.end)
    if not found:
        return False
    numbers = [WORDS[word] if (word := n.lower()) in WORDS else float(n) for n in _SMALL.findall(found[1])]
    if len(numbers) > 1:
        return sum(numbers) == claimed.value
    return len(re.split(r"[,;]\s(?:and\s)?|\sand\s", found[1])) == claimed.value


def _holder(quantity: Quantity, statements: Iterable[Statement]) -> Statement | None:
    return next((s for s in statements if find_figure(quantity, s.quantities)), None)


def _numeral(quantity: Quantity) -> str:
    """The digits of a figure as written, without its unit; "" for one in words."""
    found = re.match(r"\d[\d.,]*", quantity.text)
    return found[0].rstrip(".,") if found else ""
