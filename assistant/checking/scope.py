"""The scope of figures: a qualifier that the source puts on a figure ("up to 40 %") and that the sentence drops.

A qualifier is read strictly in the source, where it stands right at the figure, and generously in the sentence, where
any word of its kind nearby will do. A source that also gives the figure bare bears out a bare figure. A dropped
"on average" is no flag: nearly every figure of a benchmark is an average.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.checking.evidence import CitedScope, Findings
from assistant.checking.figures import agrees
from assistant.checking.quantities import FRACTION, LITERAL, MAGNITUDE, YEAR, Quantity, quantities
from assistant.documents import Flag

BEFORE, AFTER = 60, 45  # characters around a figure of the sentence in which a qualifier counts as kept
NEAR = 48  # characters of the source around a figure in which its qualifier may stand
EXACT = 3  # significant digits of a figure from which "about" is only a habit: "approximately 46.7 %"


@dataclass(frozen=True)
class Qualifier:
    """A kind of qualifier. `before` and `after`: how the source writes it next to a figure; `kept`: what in the
    sentence keeps its sense."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    kept: re.Pattern[str]


_CEILING = r"""(?:up\sto|upto|as\s(?:much|many|high|low|few|little|large|long|fast)\sas|at\s(?:most|best)
    |no\smore\sthan|(?:a|the)\smaximum\sof)"""
_CEILING_KEPT = r"""max|peak|best|top|upper|can\b|could|may\b|might|reach|rang|within|under\b|below|less\b|fewer|high
    |largest|lowest|limit|bound|potential|possib|cap(?:s|ped|ping)?\b|most\b"""
_FLOOR = r"""(?:at\sleast|(?:more|greater|higher|larger|better|longer)\sthan|exceed(?:s|ed|ing)?|in\sexcess\sof
    |(?:no|not)\s(?:less|fewer)\sthan|upwards?\sof)"""
_FLOOR_KEPT = r"more|over|min|beyond|surpass|lower|from|start|above|exceed|larg|great|long|up\sto"
# "over" is a preposition too: "454 objects over 3 games", "a gain over 20 baselines"
_OVER = r"""(?:^|[,(:]\s?|\b(?:by|of|with|to|than|from|has|have|is|are|and
        |(?:compris|contain|includ|cover|span|reach|achiev|attain|total|retain|maintain|deliver|encompass)
         (?:es|s|ing|ed|e)?)\s)(?P<said>over)\s"""
_OVER_SHARE = r"(?<!gain)(?<!gains)(?<!ments)(?<!ment)(?<!ups)(?<!up)(?<!tions)(?<!tion)\s(?P<share>over)\s"
_ABOUT = r"(?:about|around|roughly|approx(?:imately|\.)?|circa|nearly|almost|close\sto)"
_TILDE = r"(?<!\d)(?<!\d\s)(?<!\d[x×%])(?<!\d[x×%]\s)~"  # not that of a range
_ABOUT_KEPT = r"over|more|less|under|up\sto|near|order|estimat|some|mere|just|a\sfew"
_SOME = r"(?:(?:on|in|for|at|under)\s(?:some|certain|several|a\sfew|selected)|in\sthe\sbest\scase|sometimes)"
_SOME_KEPT = r"some|certain|several|few|select|one|specific|particular|case|up\sto|can|may"
_OPEN = r"(?:preliminary|potentially|possibly|tentative|projected|extrapolat\w+)"
_OPEN_KEPT = r"""prelim|potential|possib|may\b|might|could|can\b|early|initial|suggest|pilot|tentative|project
    |extrapolat|promis|expect|estimat|hint|up\sto|indicat|likely|aim|would|seem|appear"""
_LINK = r"\s(?:(?:an?|the)\s)?(?:[a-z]+(?:al|ive|ing)\s)?[+~≈]?\s?"  # "up to a remarkable 40 %"
_NEVER = r"(?!)"


def _qualifier(before: str, after: str, kept: str) -> Qualifier:
    return Qualifier(*(re.compile(pattern, re.IGNORECASE | re.VERBOSE) for pattern in (before, after, kept)))


@cache
def qualifiers() -> tuple[Qualifier, ...]:
    """The kinds of qualifiers: a ceiling, a floor, an estimate, a part of the cases, a result that is not final."""
    least = r"\+(?!/)|\s?or\s(?:more|higher|better|above|greater)\b"
    most = r"\s?(?:at\s(?:most|best)|or\s(?:less|fewer|below)|max(?:imum)?)\b"
    return (
        _qualifier(rf"\b{_CEILING}{_LINK}$", most, rf"\b(?:{_CEILING}|{_CEILING_KEPT})|[<≤]"),
        _qualifier(
            rf"(?:\b{_FLOOR}{_LINK}|{_OVER}|{_OVER_SHARE}|(?<!\w)[>≥]=?\s?)$",
            least,
            rf"\b(?:{_FLOOR}|{_FLOOR_KEPT})|[>≥+]",
        ),
        _qualifier(rf"(?P<about>\b{_ABOUT}\s|{_TILDE}\s?)$", _NEVER, rf"\b(?:{_ABOUT}|{_ABOUT_KEPT})|[~≈∼<>±+]"),
        _qualifier(_NEVER, rf"(?:\s[\w-]+){{0,3}}\s{_SOME}\b", rf"\b(?:{_SOME_KEPT})"),
        _qualifier(rf"\b{_OPEN}\b[^.,;:\d]{{0,40}}$", _NEVER, rf"\b(?:{_OPEN_KEPT})"),
    )


@dataclass(frozen=True)
class Qualified:
    """A figure of a source, and its qualifier if it has one; `words`: both as written."""

    quantity: Quantity
    kind: Qualifier | None
    words: str = ""


@lru_cache(maxsize=8192)
def qualified(text: str) -> tuple[Qualified, ...]:
    """The figures of a clean text, each with its qualifier if it has one."""
    return tuple(_qualified(quantity, text) for quantity in quantities(text) if quantity.unit not in (YEAR, LITERAL))


def _qualified(quantity: Quantity, text: str) -> Qualified:
    start = max(0, quantity.start - NEAR)
    before, after = text[start : quantity.start], text[quantity.end : quantity.end + NEAR]
    after = ("+" if quantity.text.endswith("+") else "") + re.split(r"[.;,:](?!\d)", after)[0]
    for kind in qualifiers():
        found = kind.before.search(before)
        if found and _is_meant(found, quantity):
            at = start + found.start(found.lastgroup or 0)
            return Qualified(quantity, kind, text[at : quantity.end].strip(" ,("))
        if found := kind.after.match(after):
            return Qualified(quantity, kind, f"{quantity.text.rstrip('+')}{found[0]}")
    return Qualified(quantity, None)


def _is_meant(found: re.Match[str], quantity: Quantity) -> bool:
    """Whether words before a figure qualify it: "over" may be a preposition ("454 objects over 3 games"), and "about"
    tells nothing of a half, nor of a figure with many digits."""
    if found.lastgroup == "share":
        return quantity.own_unit and quantity.unit != "time"
    digits = f"{quantity.value:.9e}".partition("e")[0].replace(".", "").rstrip("0")
    habit = quantity.unit in (FRACTION, MAGNITUDE) or len(digits) >= EXACT
    return not (habit and found.lastgroup == "about")


def look_up_scope(text: str, scope: CitedScope, findings: Findings) -> None:
    """Flag each figure of a clean clause that what it cites gives only with a qualifier, which the clause drops."""
    cited = [(one, statement) for statement in scope.readable for one in qualified(statement.text)]
    if not any(one.kind for one, _ in cited):
        return
    for claimed in quantities(text):
        same = [(one, statement) for one, statement in cited if _is_same(claimed, one.quantity)]
        if not same or any(one.kind is None for one, _ in same):
            continue
        around = text[max(0, claimed.start - BEFORE) : claimed.end + AFTER]
        if not any(one.kind.kept.search(around) for one, _ in same if one.kind):
            one, statement = same[0]
            message = f"the source says '{one.words}', not '{claimed.text}'"
            findings.flags.append(Flag("scope", claimed.text, message, statement.shown))


def _is_same(claimed: Quantity, cited: Quantity) -> bool:
    return claimed.unit == cited.unit and claimed.unit not in (YEAR, LITERAL) and agrees(claimed, cited)
