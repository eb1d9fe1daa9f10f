"""What a clause says of several papers together must stand in each: `Both take 3.5 GPU hours [1.3][2.2].`

Looked at where a clause clearly speaks of all that it cites, and says one thing of them: one figure or one name. Two
figures may belong to one paper each.
"""

import re
from collections.abc import Mapping, Sequence

from assistant.checking.evidence import CitedScope, Findings, scope_of
from assistant.checking.figure_lookup import FigureLookup
from assistant.checking.names import EVERYDAY, KnownNames, names, without_names
from assistant.checking.quantities import quantities
from assistant.checking.units import COUNT
from assistant.documents import Citation, Flag, FlagKind, Label
from index.paper import Paper

_KIND = (
    r"(?:abstracts?|algorithms?|approach(?:es)?|articles?|frameworks?|methods?|models?|papers?|stud(?:y|ies)|systems?|teams?"
    r"|techniques?|works?)\b"
)
_OF_EACH = re.compile(
    rf"\W*(?:(?:both|all|each)\s(?:of\s(?:them|these|those)\b|(?:(?:of\s)?(?:the|these)\s)?(?:\w+\s)?{_KIND})"
    r"|all\s(?:two|three|four|five|six|seven|eight)\b)",
    re.IGNORECASE,
)
_BOTH = re.compile(r"\W*both\s(?!(?:[\w.-]+,?\s){1,6}?(?:and|or)\s)", re.IGNORECASE)  # not "both speed and size"
_ALIKE = re.compile(r"\b(?:both|each|all|alike)\b", re.IGNORECASE)
_APART = re.compile(
    r"\b(?:respectively|whereas|while|but|unlike|neither|former|latter|or|versus|vs|together|total|in\ssum)\b|[:;]",
    re.IGNORECASE,
)


def look_up_in_each(text: str, citations: Sequence[Citation], cited: Mapping[Label, Paper], findings: Findings) -> None:
    """Flag the one figure, and the one name, of a clean clause that is said of several papers together, where one of
    them does not have it; what is in none of them is flagged elsewhere."""
    labels = dict.fromkeys(citation.label for citation in citations)
    if len(labels) < 2 or not _ALIKE.search(text) or _APART.search(text):
        return
    scopes = [scope_of((c for c in citations if c.label == label), cited, Findings()) for label in labels]
    each = [scope for scope in scopes if scope is not None]
    called = [paper.short_name for scope in each for paper in scope.papers if paper.short_name]
    if not _is_of_each(text, called):
        return
    text = without_names(text, called)
    flagged = {flag.token for flag in findings.flags}
    kinds: tuple[FlagKind, ...] = ("figure", "name")
    for kind, (said, missing) in zip(kinds, (_figure(text, each), _name(text, each)), strict=True):
        if said not in flagged and 0 < len(missing) < len(each):
            place = " and ".join("".join(scope.markers) for scope in missing)
            message = f"'{said}' is said of each paper, but is not in {place}"
            findings.flags.append(Flag(kind, said, message, missing[0].nearest(text)))


def _is_of_each(text: str, called: Sequence[str]) -> bool:
    """Whether a clause speaks of all the papers that it cites; some of them are `called` by a name."""
    if _OF_EACH.match(text) or _BOTH.match(text):
        return True
    return len([name for name in called if name in text]) > 1


def _figure(text: str, each: Sequence[CitedScope]) -> tuple[str, list[CitedScope]]:
    """The one figure of a clause, beside counts in words, and the scopes that lack it; none if it has several."""
    said = dict.fromkeys(q.text for q in quantities(text) if not (q.worded and q.unit == COUNT))
    return next(iter(said), ""), [s for s in each if _lacks_figure(text, s)] if len(said) == 1 else []


def _lacks_figure(text: str, scope: CitedScope) -> bool:
    own = Findings()
    FigureLookup(text, scope, own, []).run(copied=True)
    return bool(own.flags)


def _name(text: str, each: Sequence[CitedScope]) -> tuple[str, list[CitedScope]]:
    """The one name of a clause that is not a cited paper's own, and the scopes whose papers lack it."""
    own = KnownNames([evidence.title.text for scope in each for evidence in scope.evidence])
    found = (n.text for n in names(text) if not n.plain and n.text.lower() not in EVERYDAY)
    said = dict.fromkeys(name for name in found if name not in own)
    lacking = [s for s in each if not any(name in e.names for name in said for e in s.evidence)]
    return next(iter(said), ""), lacking if len(said) == 1 else []
