"""The papers in a prompt: numbered, with numbered sentences, cut to a token budget."""

from collections.abc import Collection, Mapping, Sequence

from assistant.documents import LabelledPaper
from assistant.tokens import count_tokens
from index.paper import Paper
from index.safety.inert import inert

MAX_TITLE = 300  # characters of a title that are sent


def evidence_lines(label: int, paper: Paper, numbers: Collection[int] | None = None) -> str:
    """A paper as a model reads it: `[1] Title (2026-03-05)`, then its sentences as `1.1 ...`; if `numbers`
    is given, only those."""
    day = f" ({paper.day})" if paper.day else ""
    lines = [f"[{label}] {inert(paper.shown_title[:MAX_TITLE])}{day}"]
    lines += [f"{label}.{s.number} {s.text}" for s in paper.sentences if numbers is None or s.number in numbers]
    return "\n".join(lines)


def fit_evidence(
    papers: Sequence[LabelledPaper], wanted: Mapping[int, Sequence[int]], room: int, only_wanted: bool = False
) -> dict[int, tuple[int, ...]]:
    """Which sentences of which papers to show within `room` tokens: label -> sentence numbers.

    All of them if they fit. Otherwise sentences are dropped, the least wanted first: `wanted` lists those of each
    paper, best first (`only_wanted`: no others are shown), and papers further down lose theirs sooner. In the end whole
    papers are dropped, from the last.
    """
    title_cost = {p.label: count_tokens(evidence_lines(p.label, p.paper, ()) + "\n\n") + 1 for p in papers}
    costs = {
        (p.label, s.number): count_tokens(f"{p.label}.{s.number} {s.text}\n")
        for p in papers
        for s in p.paper.sentences
        if not only_wanted or s.number in wanted.get(p.label, ())
    }
    place = {p.label: rank for rank, p in enumerate(papers)}
    order = {label: {number: at for at, number in enumerate(numbers)} for label, numbers in wanted.items()}

    def dispensable(key: tuple[int, int]) -> tuple[float, int]:
        label, number = key
        at = order.get(label, {}).get(number, number + len(order.get(label, {})))
        return (at + place[label] / 2, label) if at else (-1.0 / (1 + place[label]), label)

    total = sum(title_cost.values()) + sum(costs.values())
    keys = sorted(costs, key=dispensable)
    while keys and total > room:
        label, number = keys.pop()
        total -= costs[label, number]
        if not any(other == label for other, _ in keys):
            total -= title_cost[label]
    return {p.label: kept for p in papers if (kept := tuple(sorted(n for label, n in keys if label == p.label)))}
