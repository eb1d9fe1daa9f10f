"""What stands beneath everything that was written: what was checked, what is not, and what it cost."""

from collections.abc import Sequence

from assistant.citations import THE_SENTENCE_ITSELF
from assistant.documents import Check, Claim, Usage
from assistant.render.escape import escape_html
from assistant.window.parts import count_of

NOT_CHECKED = "Not checked: wording, direction, negation."


def is_verbatim(check: Check) -> bool:
    """Whether a checked sentence is the cited one, letter by letter."""
    return check.found == (THE_SENTENCE_ITSELF,)


def checks_line(claims: Sequence[Claim]) -> str:
    """One line that says what was checked and what is not; empty without claims."""
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


def usage_line(usage: Usage, model: str | None) -> str:
    """Calls, tokens and cost of a run, in one line."""
    if not usage.llm_calls and not usage.embedding_calls:
        return "Nothing was spent."
    tokens = f"{usage.prompt_tokens + usage.completion_tokens:,} tokens"
    calls = count_of(usage.llm_calls, "call")
    cost = "price not known" if usage.cost_usd is None else "free" if not usage.cost_usd else f"${usage.cost_usd:.4f}"
    return " · ".join(part for part in (model, calls, tokens, cost) if part)


def facts_html(claims: Sequence[Claim], usage: Usage, model: str | None) -> str:
    """Both lines."""
    lines = (checks_line(claims), usage_line(usage, model))
    return f'<div class="facts">{"".join(f"<p>{escape_html(line)}</p>" for line in lines if line)}</div>'
