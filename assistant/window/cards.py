"""Citations as small numbers with a card, and check marks: what lies under a written sentence.

A card shows the very sentence as the library has it; it opens on hover and focus by style sheet alone. A click
on the number is heard by window.js, which asks the server for the source panel.
"""

from collections.abc import Iterable, Mapping, Sequence

from assistant.citations import Marker
from assistant.documents import Check, Citation, Claim, Flag, Label, LabelledPaper
from assistant.render.claims import write_claim
from assistant.render.escape import escape_html
from assistant.render.sanitized import document_html
from assistant.window.footer import is_verbatim
from assistant.window.parts import attributes
from index.paper import Paper

SHOWN_IN_CARD = 320  # characters of an abstract where a citation names no sentence


def by_label(papers: Iterable[LabelledPaper]) -> dict[Label, Paper]:
    """The papers that labels stand for."""
    return {p.label: p.paper for p in papers}


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN_IN_CARD else text[:SHOWN_IN_CARD].rsplit(" ", 1)[0] + " …"


def _card_text(paper: Paper, numbers: Sequence[int]) -> str:
    by_number = {s.number: s.text for s in paper.sentences}
    found = [by_number[n] for n in numbers if n in by_number]
    if not numbers:
        return f"<span>{escape_html(_shortened(paper.shown_abstract))}</span>"
    return "".join(f"<q>{escape_html(text)}</q>" for text in found) or "<span>This sentence is not there.</span>"


def _citation_html(paper: Paper, label: Label, numbers: Sequence[int]) -> str:
    day = f'<span class="day">{escape_html(paper.day)}</span>' if paper.day else ""
    given = attributes(
        class_="cite", href="#source", role="button", data_do="source", data_paper=paper.id,
        data_sentences=",".join(map(str, numbers)), aria_label=f"Source {label}: {paper.shown_title}",
    )  # fmt: skip
    return (
        f'<span class="cited"><a{given}>{escape_html(str(label))}</a><span class="card" role="tooltip">'
        f"<b>{escape_html(paper.shown_title)}</b>{day}{_card_text(paper, numbers)}</span></span>"
    )


def citations_html(citations: Iterable[Citation], papers: Mapping[Label, Paper]) -> str:
    """Some citations as numbers with cards; those of one paper share a number. Unknown labels are left out."""
    grouped: dict[Label, list[int]] = {}
    for citation in citations:
        numbers = grouped.setdefault(citation.label, [])
        if citation.sentence is not None:
            numbers.append(citation.sentence)
    return "".join(_citation_html(papers[label], label, n) for label, n in grouped.items() if label in papers)


def _reason(flag: Flag) -> str:
    return f"{flag.message} (nearest: {flag.nearest})" if flag.nearest else flag.message


def check_html(check: Check) -> str:
    """The mark behind a sentence: a quiet tick, or an amber word with the reason on hover; often nothing."""
    if check.verdict == "ok":
        found = ", ".join(check.found)
        said = f"In the cited sentence: {found}" if found else "Found in the cited sentence"
        if is_verbatim(check):
            said = "The cited sentence, letter by letter"
        return f'<span class="tick" role="img" aria-label="{escape_html(said)}" title="{escape_html(said)}">✓</span>'
    if check.verdict == "nothing_to_check":
        return ""
    word, reasons = "look", [_reason(flag) for flag in check.flags]
    if check.verdict == "uncited":
        word, reasons = "no source", reasons or ["This sentence states something and cites nothing."]
    said = "".join(f"<span>{escape_html(reason)}</span>" for reason in reasons)
    return (
        f'<span class="cited"><span class="look" tabindex="0" role="note">{word}</span>'
        f'<span class="card" role="tooltip">{said}</span></span>'
    )


def written_html(text: str, claims: Sequence[Claim], papers: Mapping[Label, Paper]) -> str:
    """A written text with its citations and check marks."""

    def marker(found: Marker) -> str:
        return citations_html(found.citations, papers)

    return document_html(text, claims, marker, lambda claim: check_html(claim.check))


def claim_html(claim: Claim, papers: Mapping[Label, Paper]) -> str:
    """One claim, which is plain text, with its citations and check mark: a table cell or a digest's line. Brackets
    of a quoted paper that are no citation stay as they are."""

    written = write_claim(claim, escape_html, lambda citations: citations_html(citations, papers))
    return written.replace(' <span class="cited">', '<span class="cited">') + check_html(claim.check)
