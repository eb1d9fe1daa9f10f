"""A turn of a conversation as HTML: the question, what was found, the answer as far as it goes, and beneath it
what it rests on, what was checked, what it cost, and what can be done with it."""

from collections.abc import Iterable, Sequence

from assistant.conversations import Turn
from assistant.documents import Answer, LabelledPaper
from assistant.render.escape import escape_html
from assistant.window.cards import by_label, written_html
from assistant.window.digests import comparison_table, digest_article
from assistant.window.footer import facts_html
from assistant.window.panel import paper_link
from assistant.window.parts import button, count_of, download, notices_html

ENDED_EARLY = {
    "stopped": "Stopped. What had come by then is kept.",
    "failed": "Something went wrong in here; the terminal that serves this window says what. Ask again.",
}


def found_line(answer: Answer) -> str:
    """What the search found, shown with the papers' titles while the answer is awaited."""
    return f"Reading {count_of(len(answer.papers), 'paper')}" if answer.papers else "Searching your papers"


def _paper_list(papers: Sequence[LabelledPaper]) -> str:
    items = "".join(f'<li value="{p.label}">{paper_link(p.paper)}</li>' for p in papers)
    return f'<ol class="papers">{items}</ol>' if items else ""


def _papers_html(answer: Answer) -> str:
    used = [p for p in answer.papers if p.cited and answer.answered]
    others = [p for p in answer.papers if p not in used]
    blocks = []
    if used:
        count = f"{count_of(len(used), 'paper')} used"
        blocks.append(f"<details><summary>{count}</summary>{_paper_list(used)}</details>")
    if others:
        title = f"{len(others)} also relevant, not used" if used else f"{count_of(len(others), 'nearest paper')}"
        opened = "" if any(p.cited for p in answer.papers) else " open"
        blocks.append(f"<details{opened}><summary>{title}</summary>{_paper_list(others)}</details>")
    return f'<div class="sources">{"".join(blocks)}</div>' if blocks else ""


def follow_ups(answer: Answer) -> list[str]:
    """Questions that the answer's own papers suggest; no model is asked."""
    named = [p.paper.short_name for p in answer.papers if p.paper.short_name and p.cited]
    other = [p.paper.short_name for p in answer.papers if p.paper.short_name and not p.cited]
    made = []
    if len(named) > 1:
        made.append(f"Compare {named[0]} with {named[1]}")
    if named:
        made.append(f"What are the limits of {named[0]}?")
    if other:
        made.append(f"What does {other[0]} propose?")
    return made


def suggestions_html(questions: Iterable[str], title: str) -> str:
    """Questions to click on."""
    buttons = "".join(button(question, "ask", style=None, text=question) for question in questions)
    return f'<div class="suggestions" role="group" aria-label="{escape_html(title)}">{buttons}</div>' if buttons else ""


def _scope_line(turn: Turn) -> str:
    scope = turn.scope
    parts = [f"since {scope.since}" if scope.since else "", f"until {scope.until}" if scope.until else ""]
    if scope.only:
        parts.append(f"only {count_of(len(scope.only), 'chosen paper')}")
    said = ", ".join(part for part in parts if part)
    return f'<p class="scope">Asked of papers {escape_html(said)}</p>' if said else ""


def _actions_html(turn: Turn) -> str:
    address = f"download/answer/{turn.id}"
    actions = [
        button("Copy", "copy", from_=f"{address}.md"),
        download("Markdown", f"{address}.md"),
        download("BibTeX", f"{address}.bib"),
        button("Edit", "amend", turn=turn.id, text=turn.question),
        button("Ask again", "again", turn=turn.id, text=turn.question),
        button("↑", "rate", label="Good answer", pressed=turn.thumb == 1, turn=turn.id, thumb=1),
        button("↓", "rate", label="Bad answer", pressed=turn.thumb == -1, turn=turn.id, thumb=-1),
    ]
    return f'<div class="actions">{"".join(actions)}</div>'


def _below_html(turn: Turn, answer: Answer, last: bool) -> str:
    more = suggestions_html(follow_ups(answer), "Go on asking") if last and answer.answered else ""
    return f"{_papers_html(answer)}{facts_html(answer.claims, answer.usage, answer.model)}{_actions_html(turn)}{more}"


def answer_html(answer: Answer) -> str:
    """The words of an answer, or its comparison or digest, with citations and check marks."""
    if answer.comparison:
        return comparison_table(answer.comparison)
    if answer.digest:
        return digest_article(answer.digest)
    return f'<div class="prose-text">{written_html(answer.text, answer.claims, by_label(answer.papers))}</div>'


def turn_html(turn: Turn, last: bool = False) -> str:
    """A turn; while its state is `asking` it is marked as growing. `last` adds questions to go on with."""
    answer = turn.answer or Answer(turn.question, complete=False)
    growing = turn.state == "asking"
    blocks = [f'<h2 class="question">{escape_html(turn.question)}</h2>{_scope_line(turn)}']
    if growing and not answer.text:
        blocks.append(f'<p class="found">{found_line(answer)}</p>{_paper_list(answer.papers)}')
    if answer.text:
        blocks.append(answer_html(answer))
    blocks.append(notices_html(answer.notices))
    if turn.state in ENDED_EARLY:
        blocks.append(f'<p class="aside">{ENDED_EARLY[turn.state]}</p>')
    if not growing:
        blocks.append(_below_html(turn, answer, last))
    busy = ' aria-busy="true"' if growing else ""
    return f'<article class="turn{" growing" if growing else ""}" id="turn-{turn.id}"{busy}>{"".join(blocks)}</article>'
