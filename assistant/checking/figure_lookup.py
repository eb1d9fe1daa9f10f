"""Looking up the figures of a clause in what it cites: found, derived, missing, elsewhere, or of something else."""

import re
from collections.abc import Iterable
from functools import cached_property

from assistant.checking.binding import MOST_FIGURES, Weights, bind, measured_on, swapped
from assistant.checking.evidence import Statement
from assistant.checking.figures import SMALL_COUNT, agrees, derives, find_figure
from assistant.checking.quantities import YEAR, Quantity, quantities
from assistant.checking.record import days_of
from assistant.checking.scope import Findings, Scope
from assistant.checking.text import content_words
from assistant.checking.units import COUNT
from assistant.documents import Flag


class FigureLookup:
    """The figures of one clause against its scope. `shown`: cited figures that the sentence has named so far, which
    a difference may be made of."""

    def __init__(self, text: str, scope: Scope, findings: Findings, shown: list[Quantity]) -> None:
        self.text = text
        self.scope = scope
        self.findings = findings
        self.shown = shown
        self.matches: list[tuple[Quantity, Statement, Quantity]] = []
        self.missing: list[Quantity] = []

    @cached_property
    def nearest(self) -> str | None:
        """The cited statement that shares most words with the clause."""
        return self.scope.nearest(content_words(self.text))

    def run(self, copied: bool) -> None:
        """Look up every figure of the clause, then flag the ones that are nowhere and, unless the clause is copied
        from its source, those that are said of something else."""
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
        for statement in self.scope.readable:
            cited = find_figure(claimed, statement.quantities, compares)
            if cited is not None:
                self.matches.append((claimed, statement, cited))
                self.shown.append(cited)
                self.findings.add(claimed.text)
                return True
        return False

    def _compares(self, claimed: Quantity) -> bool:
        """Whether the words around a figure speak of a change or a comparison."""
        return _CHANGE.search(self.text, max(0, claimed.start - 45), claimed.end + 30) is not None

    def _derived(self, claimed: Quantity) -> bool:
        if (claimed.unit == COUNT and claimed.worded) or not self._compares(claimed):
            return False
        shown = self.shown[-MOST_FIGURES:]
        pairs = [(a, b) for i, a in enumerate(shown) for b in shown[i + 1 :]]
        for statement in self.scope.cited:
            following = zip(statement.quantities, statement.quantities[1:], strict=False)
            pairs += [(a, b) for a, b in following if _TURNS_INTO.search(statement.text[a.end : b.start])]
        return any(derives(claimed, a, b) for a, b in pairs)

    def _in_a_name(self, claimed: Quantity) -> bool:
        """A version: `Qwen 2.5 7B` where the source writes `Qwen2.5-7B`."""
        written = claimed.text.replace(",", "")
        return any(written in evidence.title.digits or any(written in s.digits for s in evidence.sentences)
                   for evidence in self.scope.evidence)  # fmt: skip

    def _on_record(self, claimed: Quantity) -> bool:
        return claimed.unit == YEAR and any(day.year == claimed.value for day in days_of(self.scope.papers))

    def _idle(self, claimed: Quantity) -> bool:
        """A small count that the writer may have made: no figure unless the source counts the same thing."""
        if not (claimed.unit == COUNT and claimed.worded and claimed.value <= SMALL_COUNT):
            return False
        things = _things(claimed, self.text)
        counts = ((q, s) for s in self.scope.cited for q in s.quantities if q.unit == COUNT)
        return not any(things & _things(quantity, statement.text) for quantity, statement in counts)

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
        """Flag two figures that the cited text has the other way round."""
        if len(claimed) > MOST_FIGURES:
            return
        around = {bound.quantity: bound.words for bound in bind(self.text, claimed)}
        figures = list(
            dict.fromkeys(quantity for quantity, _, _ in self.matches if quantity.unit != YEAR and not quantity.worded)
        )
        for i, first in enumerate(figures):
            for second in figures[i + 1 :]:
                if first.unit != second.unit or first.value == second.value:
                    continue
                its, others = self._places(first), self._places(second)
                if swapped(around[first], its, around[second], others):
                    message = f"{self.scope.place} seems to bind {first.text} and {second.text} the other way round"
                    self.findings.flags.append(Flag("figure", f"{first.text}, {second.text}", message, self.nearest))
                    return

        for figure in figures:
            self._flag_stranger(figure)

    def _flag_stranger(self, figure: Quantity) -> None:
        """Flag a figure said of a name of which the cited text says another, while it says this one of another name."""
        name = measured_on(self.text, figure)
        for statement in self.scope.cited if name else ():
            said = {q: measured_on(statement.text, q) for q in statement.quantities if q.unit == figure.unit}
            own = [of for q, of in said.items() if agrees(figure, q)]
            others = [q.text for q, of in said.items() if of == name and not agrees(figure, q)]
            if own and others and name not in own and None not in own:
                message = f"{self.scope.place} says {others[0]} of this, and {figure.text} of something else"
                self.findings.flags.append(Flag("figure", figure.text, message, statement.shown))

    def _places(self, claimed: Quantity) -> list[Weights]:
        """The surroundings of every cited figure that a claimed one agrees with."""
        return [bound.words for s in self.scope.readable for bound in bind(s.text, s.quantities)
                if bound.quantity.unit == claimed.unit and agrees(claimed, bound.quantity)]  # fmt: skip

    def _flag(self, quantity: Quantity, holder: Statement | None) -> Flag:
        if quantity.unit == YEAR:
            return Flag("date", quantity.text, f"'{quantity.text}' is neither in {self.scope.place} nor on record")
        if holder is not None:
            message = f"'{quantity.text}' is not in {self.scope.place}; it is in sentence {holder.number}"
            return Flag("figure", quantity.text, message, holder.shown)
        numeral = _numeral(quantity)
        for statement in self.scope.readable if numeral else ():
            for cited in statement.quantities:
                if _numeral(cited) == numeral:
                    message = f"{self.scope.place} has '{cited.text}', not '{quantity.text}'"
                    return Flag("unit", quantity.text, message, statement.shown)
        message = f"'{quantity.text}' is not in {self.scope.place}"
        return Flag("figure", quantity.text, message, self.nearest)


_CHANGE = re.compile(
    r"\b(?:fast|slow|less|fewer|more|high|low|reduc|improv|increas|speed|sped|sav|cut|drop|gain|small|larg|cheap|better"
    r"|worse|boost|decreas|short|long|accelerat|differ|gap|ahead|behind|margin|as (?:much|many)|half|halv|doubl|tripl"
    r"|shr[iau]nk|magnitude|times|compress|outperform|grow|ris|rose|fall|fell|los[st]|cost)",
    re.IGNORECASE,
)
_TURNS_INTO = re.compile(r"^\D{0,12}\b(?:to|vs\.?|versus|against|compared|over|than|instead)\b[^\d.;]{0,40}$")


def _things(quantity: Quantity, text: str) -> set[str]:
    """What a count counts: the stems of the next two words that carry meaning."""
    return set(content_words(text[quantity.end : quantity.end + 40].split(".")[0])[:2])


def _holder(quantity: Quantity, statements: Iterable[Statement]) -> Statement | None:
    return next((s for s in statements if find_figure(quantity, s.quantities)), None)


def _numeral(quantity: Quantity) -> str:
    """The digits of a figure as written, without its unit; "" for one in words."""
    found = re.match(r"\d[\d.,]*", quantity.text)
    return found[0].rstrip(".,") if found else ""
