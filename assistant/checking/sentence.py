"""Checks a written sentence against what it cites: splits it into clauses, looks things up, gives a verdict.

The check says what was found and what was not, never that a sentence is right or wrong: of wording, direction and
negation it gives hints only. It uses no model and no network, and is deterministic.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.addressed import ADDRESSED, is_addressed
from assistant.checking.evidence import CitedScope, Findings, Statement, evidence_of, most_similar, scope_of
from assistant.checking.figure_lookup import FigureLookup
from assistant.checking.figures import SMALL_COUNT, find_figure
from assistant.checking.lookups import look_up_names, look_up_quotes, look_up_record, quotes
from assistant.checking.names import EVERYDAY, names
from assistant.checking.quantities import Quantity, quantities
from assistant.checking.record import dates, without_record
from assistant.checking.scope import look_up_scope
from assistant.checking.text import clean, content_words
from assistant.checking.together import look_up_in_each
from assistant.checking.units import COUNT
from assistant.checking.wording import look_up_wording
from assistant.checking.wording.addition import specific_roots
from assistant.checking.wording.words import words_of
from assistant.checking.wrong_paper import better_paper
from assistant.citations import Marker, citations_in, find_markers, marker, without_markers
from assistant.documents import Check, Citation, Claim, Flag, Label, Verdict
from assistant.written_markers import all_markers
from index.paper import Paper

VERBATIM_WORDS = 6
WORDED = 12  # the most clauses of a sentence whose qualifiers and wording are looked at
SPECIFIC_ENOUGH = 3  # words that are not said of any paper; a vaguer sentence fits many
FIGURES_ENOUGH = 2  # figures found in the cited sentences: no other paper has both by chance


@dataclass(frozen=True)
class Clause:
    """A piece of a sentence and what it cites."""

    text: str
    citations: tuple[Citation, ...]


def check_sentence(sentence: str, cited: Mapping[Label, Paper], library: Sequence[Paper] = ()) -> Check:
    """Look up a sentence's figures, names, quotes and dates in the sentences it cites.

    `sentence` contains markers: `[1.4]` is sentence 4 of the paper with label 1 in `cited`, `[1]` its whole
    abstract. `library` holds papers that may have been meant instead, and may include the cited ones; pass the
    same tuple each time, because its index is cached. Citations in other shapes ("[Paper 1, sentence 4]") are read too;
    one that could be read in another way is never `ok`.
    """
    sentence, certain = _in_canonical_form(sentence, cited)
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
            look_up_in_each(clean(part.text), part.citations, cited, findings)
    if known and not findings.flags and len(shown) < FIGURES_ENOUGH:
        _check_paper(without_record(clean(without_markers(sentence))), known, library, shown, findings)
    verdict: Verdict = "look" if findings.flags else "ok" if findings.found and certain else "nothing_to_check"
    hints = tuple(dict.fromkeys(findings.hints))
    return Check(verdict, tuple(findings.found), tuple(dict.fromkeys(findings.flags)), hints)


def _in_canonical_form(sentence: str, cited: Mapping[Label, Paper]) -> tuple[str, bool]:
    """The sentence with canonical markers, and whether they can be read in one way only."""
    sizes = {int(label): len(paper.sentences) for label, paper in cited.items() if str(label).isdecimal()}
    found = all_markers(sentence, sizes)
    for each in reversed(found):
        if find_markers(written := sentence[each.start : each.end]) != [Marker(0, len(written), each.citations)]:
            sentence = sentence[: each.start] + marker(each.citations) + sentence[each.end :]
    return sentence, not any(each.ambiguous for each in found)


def _without_borrowed(sentence: str, cited: Mapping[Label, Paper]) -> str:
    """Put citations copied from an abstract ("LCM [23]") in ⟦⟧, so that they are not read as markers; `clean` restores
    the brackets."""
    borrowed, own = [], False
    for found in find_markers(sentence):
        written = sentence[found.start : found.end]
        if any(citation.label in cited or str(citation.label) in cited for citation in found.citations):
            own = True
        elif any(written in paper.abstract for paper in cited.values()):
            borrowed.append(written)
    for written in borrowed if own else ():
        sentence = sentence.replace(written, f"⟦{written[1:-1]}⟧")
    return sentence


def check_claim(text: str, cited: Mapping[Label, Paper], library: Sequence[Paper] = ()) -> Claim:
    """Check a sentence with canonical markers and return it as a claim."""
    return Claim(text, citations_in(text), check_sentence(text, cited, library))


def _look_for_orders(sentence: str, scopes: Sequence[CitedScope], findings: Findings) -> None:
    """Flag a sentence that is an order or an advertisement, or that cites one by sentence number."""
    if is_addressed(without_markers(sentence).strip(' *_"“”'), note=True):
        findings.flags.append(Flag("addressed", ADDRESSED, f"the sentence is {ADDRESSED}"))
    for scope in scopes:
        if scope.precise and any(is_addressed(statement.shown) for statement in scope.cited):
            marker, nearest = ", ".join(scope.markers), scope.cited[0].shown
            findings.flags.append(Flag("addressed", marker, f"a cited sentence is {ADDRESSED}", nearest))


def _check_clause(
    clause: Clause, scope: CitedScope, everyone: Sequence[CitedScope], shown: list[Quantity], findings: Findings
) -> None:
    text = clean(clause.text)
    copied = _is_copied(text, scope)
    if copied:
        findings.add("the source's own words")
    look_up_quotes(text, scope, findings)
    text = look_up_record(text, scope, findings)
    FigureLookup(text, scope, findings, shown).run(copied)
    if not copied and len(everyone) <= WORDED:
        look_up_scope(text, scope, findings)
        findings.hints += look_up_wording(text, scope)
    if not is_remark(text):  # "the abstract does not say whether it runs on H100" may name what is not there
        look_up_names(text, scope, [other for other in everyone if other is not scope], findings)


def _is_copied(text: str, scope: CitedScope) -> bool:
    """Whether the whole clause is copied from the source."""
    bare = text.strip(' ."')
    return len(bare.split()) >= VERBATIM_WORDS and any(bare in statement.text for statement in scope.cited)


def _check_paper(
    text: str, scopes: Sequence[CitedScope], library: Sequence[Paper], shown: Sequence[Quantity], findings: Findings
) -> None:
    """Flag a sentence that fits another paper clearly better, provided that paper has all its figures too."""
    if is_remark(text) or len(specific_roots(words_of(text))) < SPECIFIC_ENOUGH:
        return
    papers = list({paper.id: paper for scope in scopes for paper in scope.papers}.values())
    better = better_paper(text, papers, library)
    if better is None:
        return
    statements = evidence_of(better).sentences
    if all(find_figure(figure, [q for s in statements for q in s.quantities]) for figure in shown):
        message = f"this sentence fits another paper clearly better: {evidence_of(better).title.shown}"
        nearest = most_similar(content_words(text), statements)
        findings.flags.append(Flag("wrong_paper", better.shown_title, message, nearest))


def _uncited(text: str) -> Verdict:
    """The verdict of a sentence that cites nothing."""
    named = any(name.text.lower() not in EVERYDAY and not name.plain for name in names(text))
    figures = any(not (q.worded and q.unit == COUNT and q.value <= SMALL_COUNT) for q in quantities(text))
    exact = bool(figures or quotes(text) or dates(text))
    if is_remark(text) or (states_nothing(text) and not exact):
        return "nothing_to_check"
    return "uncited" if named or exact or states_finding(text) else "nothing_to_check"


_LEADS = re.compile(
    r"(?:^|\b(?:in|by|of|from|per|see|to|for|like|unlike|than|as|with|paper|papers)|;)[\s(]*$", re.IGNORECASE
)
_WORDS = re.compile(r"\w{2,}")


def clauses(sentence: str) -> tuple[Clause, ...]:
    """The clauses of a written sentence, in order: `A gives 2x [1.4] and B 3x [2.1].` is two.

    A marker covers the words before it, but after a preposition ("In [1.4], ...") or at the very beginning the words
    that follow. A sentence without a marker is one clause that cites nothing. Words after the last marker belong to
    its clause; words between a leading and a closing marker belong to both.
    """
    done: list[Clause] = []
    waiting = ""  # words that belong to the next clause
    leading: tuple[Citation, ...] = ()  # from a marker that covers the words after it
    position = 0
    for found in _merged(find_markers(sentence), sentence):
        before = waiting + sentence[position : found.start]
        position = found.end
        if not _LEADS.search(before):
            done.append(Clause(before.strip(), tuple(dict.fromkeys(leading + found.citations))))
            waiting, leading = "", ()
        elif leading:
            done.append(Clause(before.strip(), leading))
            waiting, leading = "", found.citations
        else:
            waiting, leading = before, found.citations
    rest = waiting + sentence[position:]
    if leading or not done:
        return (*done, Clause(rest.strip(), leading))
    last = done[-1]
    return (*done[:-1], Clause((last.text + rest).strip(), last.citations))


def _merged(markers: list[Marker], sentence: str) -> list[Marker]:
    """Merge markers with no words between them (`[1.4][2.1]`, `[1.4], [2.1]`)."""
    merged: list[Marker] = []
    for found in markers:
        if merged and not _WORDS.search(sentence[merged[-1].end : found.start].replace("and", "")):
            last = merged.pop()
            found = Marker(last.start, found.end, tuple(dict.fromkeys(last.citations + found.citations)))
        merged.append(found)
    return merged


@cache
def _remark() -> re.Pattern[str]:
    """Phrases that talk about the answer or its sources."""
    return re.compile(
        r"""^(?:here\s(?:is|are)|below|the\sfollowing|in\s(?:short|summary|sum)[:,]?$|sources?:|references?:?$|note:)
    |\b(?:the|these|those|none\sof\sthe|given|provided|cited|available)\s(?:\w+\s)?(?:papers?|abstracts?|sources?|evidence|sentences?|excerpts?)
      \s(?:(?:of|for|on)\s\S+\s)?(?:\w+\s)?(?:do|does|did)(?:\snot|n't)\b
    |\b(?:is|are)\snot\s(?:stated|given|mentioned|reported|said|covered|specified|addressed)\b
    |\bnot\s(?:stated|mentioned)\sin\b|\bno\smention\sof\b|\b(?:not|un)\s?clear\sfrom\b
    |\b(?:not\s(?:directly\s)?comparable|(?:cannot|can't)\sbe\s(?:directly\s)?compared)\b
    |\b(?:no|none\sof\sthe)\s(?:\w+\s)?(?:papers?|abstracts?|sources?)\b
    |\bI\s(?:could|can|did|do|was)(?:\snot|n't)\b|\b(?:can(?:not|'t)\sanswer|no\sanswer)\b""",
        re.VERBOSE | re.IGNORECASE,
    )


@cache
def _finding() -> re.Pattern[str]:
    """Words that say what was done, shown or found."""
    return re.compile(
        r"""\b(?:outperform|surpass|exceed|beat|achiev|reach|attain|improv|reduc|increas|decreas|lower|boost|accelerat|speed|cut|sav
    |show|demonstrat|find|found|prove|introduc|propos|present|develop|enabl|use|combin|train|evaluat|generat|match|lead|yield
    |provid|offer|support|learn|predict|appli|apply|build|built|releas|contain|requir|need|rel(?:y|ies)|optimi[sz]|search
    |faster|better|worse|slower|higher|smaller|larger|cheaper|state-of-the-art|first\sto)\w*\b""",
        re.VERBOSE | re.IGNORECASE,
    )


@lru_cache(maxsize=4096)
def is_remark(text: str) -> bool:
    """Whether a clean text talks about the answer or its sources rather than about what a paper found."""
    return bool(_remark().search(text))


def states_nothing(text: str) -> bool:
    """Whether a clean text is a heading, a lead-in, a question or a remark, which needs no citation."""
    bare = text.strip(" *#_:-•|")
    if not bare or text.rstrip(" *").endswith((":", "?")) or is_remark(text):
        return True
    words = len(bare.split())
    return not bare.endswith((".", "!")) and (words <= 4 or (words <= 8 and not _finding().search(bare)))


def states_finding(text: str) -> bool:
    """Whether a clean text says that something was done, shown or found."""
    return bool(_finding().search(text))


SHARED, ALONE = 0.5, 0.8  # share of a heading's words that two papers, or the only one, must contain


def is_borne_out(heading: str, papers: Mapping[Label, Paper]) -> bool:
    """Whether the papers of a group support the heading that a model gave it. `papers` are by label.

    No single paper may dictate the heading, whatever its abstract asks for: the heading's figures and names, and at
    least `SHARED` of its words, must appear in two of the papers or more. If there is only one paper, it must contain
    the figures and names and at least `ALONE` of the words. Orders and advertisements do not count as support.
    """
    citing = f"{heading} {marker(Citation(label) for label in papers)}"
    if check_sentence(citing, papers).verdict not in ("ok", "nothing_to_check"):
        return False
    least = min(2, len(papers))
    text = clean(heading)
    kept = [
        [s for s in (e.title, *e.sentences) if not is_addressed(s.shown)] for e in map(evidence_of, papers.values())
    ]
    words = set(content_words(text))
    held = {word for word in words if sum(_holds(word, statements) for statements in kept) >= least}
    named = {w for name in names(text) if name.text.lower() not in EVERYDAY for w in content_words(name.text)}
    exact = {word for word in words if any(map(str.isdigit, word))} | named
    return exact <= held and len(held) >= (SHARED if least > 1 else ALONE) * len(words)


def _holds(word: str, statements: list[Statement]) -> bool:
    return any(word in statement.words for statement in statements)
