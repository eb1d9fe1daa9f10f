"""Looks up the quotes, dates, counts and names of a clause in what it cites: notes what it finds, flags the rest.

Figures are in `figure_lookup`.
"""

import re
from collections.abc import Sequence

from assistant.checking.evidence import CitedScope, Findings
from assistant.checking.names import EVERYDAY, KnownNames, is_german, names, opening_names
from assistant.checking.quantities import quantities
from assistant.checking.record import counted, dates, days_of, without_dates
from assistant.checking.text import STOP_WORDS
from assistant.documents import Flag

_QUOTED = re.compile(r"\"([^\"]{2,1000})\"|``(.{2,1000}?)''|(?<!\w)'((?:[^']|(?<=\w)'(?=\w)){12,1000}?)'(?!\w)")
_ELLIPSIS = re.compile(r"\s*(?:\[?(?:\.\.\.|…)\]?)\s*")
SHORTEST = 2  # words: a single word in quotes is often only emphasis


def quotes(text: str) -> tuple[str, ...]:
    """The quotes of a clean text, of at least `SHORTEST` words."""
    found = (next(filter(None, match.groups())) for match in _QUOTED.finditer(text))
    return tuple(quote.strip() for quote in found if len(quote.split()) >= SHORTEST)


def stands_in(quote: str, text: str) -> bool:
    """Whether a clean text contains each part of the quote between ellipses, ignoring the case of the part's first
    letter and its closing punctuation."""
    parts = [part for part in _ELLIPSIS.split(quote.strip()) if part]
    return bool(parts) and all(_part_stands_in(part.rstrip(".,;:!?"), text) for part in parts)


def _part_stands_in(part: str, text: str) -> bool:
    return part in text or part[:1].swapcase() + part[1:] in text


def look_up_quotes(text: str, scope: CitedScope, findings: Findings) -> None:
    """Look up quotes, which must be verbatim."""
    for quote in quotes(text):
        if any(stands_in(quote, s.text) for s in scope.readable):
            findings.add(f'"{quote}"')
            continue
        holder = next((s for s in scope.elsewhere if stands_in(quote, s.text)), None)
        where = f"; it is in sentence {holder.number}" if holder else ""
        nearest = holder.shown if holder else scope.nearest(quote)
        findings.flags.append(Flag("quote", quote, f"the quote is not verbatim in {scope.place}{where}", nearest))


def look_up_record(text: str, scope: CitedScope, findings: Findings) -> str:
    """Look up dates, and the counts that a record has. Returns the text with these blanked out."""
    spoken = dates(text)
    days = days_of(scope.papers) if spoken else []
    for date in spoken:
        if any(date.within(other) for other in (*days, *(d for s in scope.readable for d in s.dates))):
            findings.add(date.text)
        else:
            known = ", ".join(day.text for day in days) or "no date"
            message = f"'{date.text}' is neither in {scope.place} nor in the record (record: {known})"
            findings.flags.append(Flag("date", date.text, message))
    text = without_dates(text)
    position, pieces = 0, []
    for count in counted(text):
        on_record = {value for paper in scope.papers if (value := count.on(paper)) is not None}
        if on_record:
            if count.count in on_record:
                findings.add(count.text)
            else:
                known = ", ".join(map(str, sorted(on_record)))
                message = f"'{count.text}' is not in the record (record: {known})"
                findings.flags.append(Flag("figure", count.text, message))
            pieces += [text[position : count.start], " " * len(count.text)]
            position = count.start + len(count.text)
    return "".join([*pieces, text[position:]])


def look_up_names(text: str, scope: CitedScope, others: Sequence[CitedScope], findings: Findings) -> None:
    """Look up names in the whole of the cited papers, because an abstract may name its method only once. A clause that
    compares may also use names from the sentence's other citations (`others`)."""
    taken = {place for q in quantities(text) for place in range(q.start, q.end)}
    known = [evidence.names for evidence in scope.evidence]
    compared = [e.names for other in others for e in other.evidence] if _COMPARES.search(text) else []
    spelled_out, german, explained = _spelled_out(text, known), is_german(text), _explained(text, known)
    missing: list[str] = []
    for name in (*names(text), *opening_names(text, known, [statement.text for statement in scope.readable])):
        if name.text.lower() in EVERYDAY or name.start in taken or name.start in explained:
            continue
        if any(name.text in each for each in known):
            if not name.plain or any(name.text in s.text for s in scope.readable):
                findings.add(name.text)
        elif name.plain and (german or name.start in spelled_out or any(each.knows_word(name.text) for each in known)):
            continue
        elif not any(name.text in each for each in compared):
            missing.append(name.text)
    if missing:
        place, nearest = "the cited papers" if len(scope.papers) > 1 else "the cited paper", scope.nearest(text)
        findings.flags += [Flag("name", name, f"'{name}' is not in {place}", nearest) for name in missing]


_COMPARES = re.compile(
    r"\b(?:than|unlike|versus|vs|compared|over|whereas|while|both|like|against|in contrast|differs?)\b", re.IGNORECASE
)
_CAPITALISED = re.compile(r"[A-Z][a-z]+(?:(?:[ -]|-(?:of|and|in)-)[A-Z][a-z]+)+")


_BRACKETED = re.compile(r"\(([A-Za-z]{2,7})\)")


def _explained(text: str, known: Sequence[KnownNames]) -> set[int]:
    """Where acronyms stand whose words are right before them: `stochastic gradient descent (SGD)`; where the acronym is
    known, its words too: `mean Average Precision (mAP)`."""
    places: set[int] = set()
    for found in _BRACKETED.finditer(text):
        letters, begin = found[1].rstrip("s").lower(), max(0, found.start() - 100)
        if found[1].islower():
            continue
        words = list(re.finditer(r"[^\W\d_]+", text[begin : found.start()]))
        content = [word for word in words if word[0].lower() not in STOP_WORDS]
        for of in (content, words):
            if "".join(word[0][0].lower() for word in of).endswith(letters):
                first = begin + of[-len(letters)].start() if any(found[1] in each for each in known) else found.start()
                places.update(range(first, found.end()))
    return places


def _spelled_out(text: str, known: Sequence[KnownNames]) -> set[int]:
    """The character positions of capitalised phrases whose acronym is in a source (`Named Entity Recognition`: NER)."""
    places: set[int] = set()
    for phrase in _CAPITALISED.finditer(text):
        acronym = "".join(letter for letter in phrase[0] if letter.isupper())
        if acronym.lower() in EVERYDAY or any(acronym in each or each.knows_word(acronym) for each in known):
            places.update(range(phrase.start(), phrase.end()))
    return places
