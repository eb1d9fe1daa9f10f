"""What all rendered documents share: claims cut at their markers, cited sentences, and lines on checks and cost."""

from collections.abc import Callable, Iterable, Sequence

from assistant.citations import THE_SENTENCE_ITSELF, Marker, replace_markers
from assistant.documents import Check, Citation, Claim, LabelledPaper, Usage
from index.english import count_of
from index.paper import Paper

CARD_LENGTH = 320  # characters of an abstract where a citation names no sentence
NOT_CHECKED = "✓ means figures and names found; wording is compared and may get a hint, but is not proved."


def claim_parts(claim: Claim) -> list[str | tuple[Citation, ...]]:
    """A claim's text cut at its own markers, each of which becomes the tuple of its citations; brackets that a quoted
    paper has stay in the text."""
    parts: list[str | tuple[Citation, ...]] = []
    position = 0

    def cut(found: Marker) -> str:
        nonlocal position
        if set(found.citations) <= set(claim.citations):
            parts.extend((claim.text[position : found.start], found.citations))
            position = found.end
        return ""

    replace_markers(claim.text, cut)
    return [*parts, claim.text[position:]]


def write_claim(claim: Claim, escape: Callable[[str], str], cite: Callable[[tuple[Citation, ...]], str]) -> str:
    """A claim's text, escaped, its own markers written by `cite`."""
    return "".join(escape(part) if isinstance(part, str) else cite(part) for part in claim_parts(claim))


def name_of(labelled: LabelledPaper) -> str:
    """A paper's short name, else its title."""
    return labelled.paper.short_name or labelled.paper.shown_title


def numbered_sentences(paper: Paper, numbers: Iterable[int]) -> list[str]:
    """The sentences with these numbers, in this order; unknown numbers are left out."""
    by_number = {s.number: s.text for s in paper.sentences}
    return [by_number[n] for n in numbers if n in by_number]


def shortened(text: str) -> str:
    """A text cut after the last whole word that fits on a card."""
    return text if len(text) <= CARD_LENGTH else text[:CARD_LENGTH].rsplit(" ", 1)[0] + " …"


def is_verbatim(check: Check) -> bool:
    """Whether a checked sentence is exactly the cited one."""
    return check.found == (THE_SENTENCE_ITSELF,)


def checks_line(claims: Sequence[Claim]) -> str:
    """One line on what was checked and what was not; empty if there is nothing to check."""
    verdicts = [claim.check.verdict for claim in claims]
    checked = sum(v in ("ok", "look") for v in verdicts)
    if not checked and "uncited" not in verdicts:
        return ""
    verbatim = sum(is_verbatim(claim.check) for claim in claims)
    found = sum(len(claim.check.found) for claim in claims) - verbatim
    parts = [f"{count_of(checked, 'sentence')} checked"]
    if verbatim:
        parts.append(f"{verbatim} of them verbatim")
    if found:
        parts.append(f"{count_of(found, 'figure or name', 'figures and names')} found in the cited sentences")
    if look := verdicts.count("look"):
        parts.append(f"{look} to look at")
    if uncited := verdicts.count("uncited"):
        parts.append(f"{uncited} without a source")
    return f"{', '.join(parts)}. {NOT_CHECKED}"


def spent_line(usage: Usage, model: str | None) -> str:
    """Calls, tokens and cost of a run, in one line."""
    if not usage.llm_calls and not usage.embedding_calls:
        return "Nothing was spent."
    tokens = f"{usage.prompt_tokens + usage.completion_tokens:,} tokens"
    calls = count_of(usage.llm_calls, "call")
    cost = "price not known" if usage.cost_usd is None else "free" if not usage.cost_usd else f"${usage.cost_usd:.4f}"
    return " · ".join(part for part in (model, calls, tokens, cost) if part)
