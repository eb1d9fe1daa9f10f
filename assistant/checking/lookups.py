"""Looking up what a clause says in what it cites: quotes, the record, figures, names. Each look-up notes what it
found and flags what it did not."""

import re
from collections.abc import Iterable, Sequence

from assistant.checking.binding import Weights, bind, measured_on, swapped
from assistant.checking.evidence import Statement
from assistant.checking.figures import agrees, derives, find_figure
from assistant.checking.names import EVERYDAY, Name, names
from assistant.checking.quantities import COUNT, YEAR, Quantity, quantities
from assistant.checking.quotes import quotes, stands_in
from assistant.checking.record import counted, dates, days_of, without_dates
from assistant.checking.scope import Findings, Scope
from assistant.checking.text import content_words
from assistant.documents import Flag

SMALL_COUNT = 12


def look_up_quotes(text: str, scope: Scope, findings: Findings) -> None:
    """Quotes, letter by letter."""
    for quote in quotes(text):
        if any(stands_in(quote, s.text) for s in scope.readable):
            findings.add(f'"{quote}"')
            continue
        holder = next((s for s in scope.elsewhere if stands_in(quote, s.text)), None)
        where = f"; it is in sentence {holder.number}" if holder else ""
        nearest = holder.shown if holder else scope.nearest(content_words(quote))
        findings.flags.append(
            Flag("quote", quote, f"the quote is not in {scope.place} letter by letter{where}", nearest)
        )


def look_up_record(text: str, scope: Scope, findings: Findings) -> str:
    """Dates and the counts that a record holds. Returns the text without them."""
    for date in dates(text):
        days = days_of(scope.papers)
        if any(date.within(other) for other in (*days, *(d for s in scope.readable for d in s.dates))):
            findings.add(date.text)
        else:
            known = ", ".join(day.text for day in days) or "no date"
            message = f"'{date.text}' is neither in {scope.place} nor on record (record: {known})"
            findings.flags.append(Flag("date", date.text, message))
    text = without_dates(text)
    for count in counted(text):
        on_record = {value for paper in scope.papers if (value := count.on(paper)) is not None}
        if on_record:
            if count.count in on_record:
                findings.add(count.text)
            else:
                known = ", ".join(map(str, sorted(on_record)))
                findings.flags.append(Flag("figure", count.text, f"'{count.text}' is not on record (record: {known})"))
            text = text.replace(count.text, " " * len(count.text), 1)
    return text


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

    def run(self) -> None:
        """Look up every figure of the clause, then flag the ones that are nowhere."""
        claimed = quantities(self.text)
        pending = [quantity for quantity in claimed if not self._direct(quantity)]
        for quantity in pending:
            if self._derived(quantity) or self._in_a_name(quantity) or self._on_record(quantity):
                self.findings.add(quantity.text)
            elif not self._idle(quantity):
                self.missing.append(quantity)
        self._flag_missing(any_found=len(self.matches) > 0)
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
        pairs = [(a, b) for i, a in enumerate(self.shown) for b in self.shown[i + 1 :]]
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
                    nearest = self.scope.nearest(content_words(self.text))
                    self.findings.flags.append(Flag("figure", f"{first.text}, {second.text}", message, nearest))
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
        words = content_words(self.text)
        if quantity.unit == YEAR:
            return Flag("date", quantity.text, f"'{quantity.text}' is neither in {self.scope.place} nor on record")
        if holder is not None:
            message = f"'{quantity.text}' is not in {self.scope.place}; it is in sentence {holder.number}"
            return Flag("figure", quantity.text, message, holder.shown)
        number = re.match(r"[\d.,]+", quantity.text)
        for statement in self.scope.readable:
            for cited in statement.quantities:
                if number and re.match(r"[\d.,]+", cited.text) and cited.text.startswith(number[0].rstrip(".,")) and cited.unit != quantity.unit:  # fmt: skip
                    message = f"{self.scope.place} has '{cited.text}', not '{quantity.text}'"
                    return Flag("unit", quantity.text, message, statement.shown)
        message = f"'{quantity.text}' is not in {self.scope.place}"
        return Flag("figure", quantity.text, message, self.scope.nearest(words))


_CHANGE = re.compile(
    r"\b(?:fast|slow|less|fewer|more|high|low|reduc|improv|increas|speed|spe?d|sav|cut|drop|gain|small|larg|cheap|better|worse|boost"
    r"|decreas|short|long|accelerat|differ|gap|ahead|behind|margin|as (?:much|many)|half|halv|doubl|tripl|shr[iau]nk|smaller"
    r"|magnitude|times|compress|outperform|grow|ris|rose|fall|fell|los[st]|cost)",
    re.IGNORECASE,
)
_TURNS_INTO = re.compile(r"^\D{0,12}\b(?:to|vs\.?|versus|against|compared|over|than|instead)\b[^\d.;]{0,40}$")


def _things(quantity: Quantity, text: str) -> set[str]:
    """What a count counts: the stems of the next two words that carry meaning."""
    return set(content_words(text[quantity.end : quantity.end + 40].split(".")[0])[:2])


def _holder(quantity: Quantity, statements: Iterable[Statement]) -> Statement | None:
    return next((s for s in statements if find_figure(quantity, s.quantities)), None)


def look_up_names(text: str, scope: Scope, others: Sequence[Scope], findings: Findings) -> None:
    """Names, in the whole of the cited papers: a reader sees the title, and a method is named once."""
    taken = [(q.start, q.end) for q in quantities(text)]
    for name in names(text):
        if name.text.lower() in EVERYDAY or any(start <= name.start < end for start, end in taken):
            continue
        if any(name.text in evidence.names for evidence in scope.evidence):
            if not name.plain or any(name.text in s.text for s in scope.readable):
                findings.add(name.text)
        elif name.plain and (
            _is_spelled_out(name, text, scope) or any(e.names.knows_word(name.text) for e in scope.evidence)
        ):
            continue
        elif not (_COMPARES.search(text) and any(name.text in e.names for other in others for e in other.evidence)):
            _flag_name(name, scope, findings)


_COMPARES = re.compile(
    r"\b(?:than|unlike|versus|vs|compared|over|whereas|while|both|like|against|in contrast|differs?)\b", re.I
)


_CAPITALISED = re.compile(r"[A-Z][a-z]+(?:(?:[ -]|-(?:of|and|in)-)[A-Z][a-z]+)+")


def _is_spelled_out(name: Name, text: str, scope: Scope) -> bool:
    """Whether a capitalised word is of a phrase whose acronym the source has (`Named Entity Recognition`: NER)."""
    for phrase in _CAPITALISED.finditer(text):
        if phrase.start() <= name.start < phrase.end():
            acronym = "".join(letter for letter in phrase[0] if letter.isupper())
            return acronym.lower() in EVERYDAY or any(acronym in evidence.names for evidence in scope.evidence)
    return False


def _flag_name(name: Name, scope: Scope, findings: Findings) -> None:
    place = "the cited papers" if len(scope.papers) > 1 else "the cited paper"
    findings.flags.append(Flag("name", name.text, f"'{name.text}' is not in {place}"))
