"""A written sentence against what it cites: the clauses, the look-ups, the verdict.

Says what was found and what was not, never that a sentence is right or wrong: wording, direction and negation are
not looked at. No model, no network; the same sentence gives the same check.
"""

from collections.abc import Mapping, Sequence

from assistant.addressed import ADDRESSED, is_addressed
from assistant.checking.clauses import Clause, clauses
from assistant.checking.evidence import evidence_of, most_similar
from assistant.checking.figure_lookup import FigureLookup
from assistant.checking.figures import SMALL_COUNT, find_figure
from assistant.checking.lookups import look_up_names, look_up_quotes, look_up_record
from assistant.checking.names import EVERYDAY, names
from assistant.checking.quantities import Quantity, quantities
from assistant.checking.quotes import quotes
from assistant.checking.record import dates, without_record
from assistant.checking.scope import Findings, Scope, scope_of
from assistant.checking.text import clean, content_words
from assistant.checking.units import COUNT
from assistant.checking.verdicts import is_remark, states_finding, states_nothing
from assistant.checking.wrong_paper import better_paper
from assistant.citations import citations_in, find_markers, without_markers
from assistant.documents import Check, Claim, Flag, Label, Verdict
from index.paper import Paper

VERBATIM_WORDS = 6
FIGURES_ENOUGH = 2  # found in the cited sentences: no other paper holds them both by chance


def check_sentence(sentence: str, cited: Mapping[Label, Paper], library: Sequence[Paper] = ()) -> Check:
    """What of a sentence's figures, names, quotes and dates stands in the very sentences it cites.

    `sentence` carries markers: `[1.4]` is sentence 4 of the paper that `cited` holds under 1, `[1]` its whole
    abstract. `library` are papers that one may have meant instead, the cited ones may be among them; pass the same
    tuple each time, what was parsed of it is kept.
    """
    findings = Findings()
    parts = clauses(_without_borrowed(sentence, cited))
    if not any(part.citations for part in parts):
        return Check(_uncited(clean(sentence)))
    scopes = [(part, scope_of(part.citations, cited, findings)) for part in parts]
    known = [scope for _, scope in scopes if scope is not None]
    _look_for_orders(sentence, known, findings)
    shown: list[Quantity] = []
    for part, scope in scopes:
        if scope is not None:
            _check_clause(part, scope, known, shown, findings)
    if known and not findings.flags and len(shown) < FIGURES_ENOUGH:
        _check_paper(without_record(clean(without_markers(sentence))), known, library, shown, findings)
    verdict: Verdict = "look" if findings.flags else "ok" if findings.found else "nothing_to_check"
    return Check(verdict, tuple(findings.found), tuple(dict.fromkeys(findings.flags)))


def _without_borrowed(sentence: str, cited: Mapping[Label, Paper]) -> str:
    """The sentence with the citations that it copies from an abstract ("LCM [23]") in brackets that are no marker;
    `clean` makes them plain again."""
    borrowed, own = [], False
    for marker in find_markers(sentence):
        written = sentence[marker.start : marker.end]
        if any(citation.label in cited or str(citation.label) in cited for citation in marker.citations):
            own = True
        elif any(written in paper.abstract for paper in cited.values()):
            borrowed.append(written)
    for written in borrowed if own else ():
        sentence = sentence.replace(written, f"⟦{written[1:-1]}⟧")
    return sentence


def check_claim(text: str, cited: Mapping[Label, Paper], library: Sequence[Paper] = ()) -> Claim:
    """A written sentence with canonical markers as a claim: its citations and its check."""
    return Claim(text, citations_in(text), check_sentence(text, cited, library))


def _look_for_orders(sentence: str, scopes: Sequence[Scope], findings: Findings) -> None:
    """Flag a sentence that is an order or an advertisement, or cites nothing but such."""
    if is_addressed(without_markers(sentence).strip(' *_"“”'), note=True):
        findings.flags.append(Flag("addressed", ADDRESSED, f"the sentence is {ADDRESSED}"))
    for scope in scopes:
        if scope.precise and any(is_addressed(statement.shown) for statement in scope.cited):
            marker, nearest = ", ".join(scope.markers), scope.cited[0].shown
            findings.flags.append(Flag("addressed", marker, f"{scope.place} is {ADDRESSED}", nearest))


def _check_clause(
    clause: Clause, scope: Scope, everyone: Sequence[Scope], shown: list[Quantity], findings: Findings
) -> None:
    text = clean(clause.text)
    copied = _is_copied(text, scope)
    if copied:
        findings.add("the source's own words")
    look_up_quotes(text, scope, findings)
    text = look_up_record(text, scope, findings)
    FigureLookup(text, scope, findings, shown).run(copied)
    if not is_remark(text):  # "the abstract does not say whether it runs on H100" may name what is not there
        look_up_names(text, scope, [other for other in everyone if other is not scope], findings)


def _is_copied(text: str, scope: Scope) -> bool:
    """Whether a clause is copied from the source, as a whole."""
    bare = text.strip(' ."')
    return len(bare.split()) >= VERBATIM_WORDS and any(bare in statement.text for statement in scope.cited)


def _check_paper(
    text: str, scopes: Sequence[Scope], library: Sequence[Paper], shown: Sequence[Quantity], findings: Findings
) -> None:
    """Flag a sentence that another paper fits clearly better, figures included."""
    if is_remark(text):
        return
    papers = list({paper.id: paper for scope in scopes for paper in scope.papers}.values())
    better = better_paper(text, papers, library)
    if better is None:
        return
    statements = evidence_of(better).sentences
    if all(find_figure(figure, [q for s in statements for q in s.quantities]) for figure in shown):
        message = f"another paper fits this sentence clearly better: {evidence_of(better).title.shown}"
        nearest = most_similar(content_words(text), statements)
        findings.flags.append(Flag("wrong_paper", better.title, message, nearest))


def _uncited(text: str) -> Verdict:
    """The verdict of a sentence that cites nothing."""
    named = any(name.text.lower() not in EVERYDAY and not name.plain for name in names(text))
    figures = any(not (q.worded and q.unit == COUNT and q.value <= SMALL_COUNT) for q in quantities(text))
    exact = bool(figures or quotes(text) or dates(text))
    if is_remark(text) or (states_nothing(text) and not exact):
        return "nothing_to_check"
    return "uncited" if named or exact or states_finding(text) else "nothing_to_check"
