"""The list of the Library tab: which papers are wanted, in which order, and how they are shown."""

from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from assistant.ask.record import papers_listed
from assistant.question import Question
from assistant.render.html import render
from assistant.window.context import WindowContext
from assistant.window.filters import read_scope
from assistant.window.markup import line_html, months_html, problem_html, rows_html, sample_html
from index.errors import LibraryError
from index.paper import Outline, Paper, newest_first, outline_of

SHOWN = 50  # papers at first
FOUND = 200  # papers that a search ranks beyond those that are shown
BEST, NEWEST, OLDEST, TITLE, UPVOTES = "Best match first", "Newest first", "Oldest first", "Title", "Most upvoted"
ORDERS = [BEST, NEWEST, OLDEST, TITLE, UPVOTES]
EMPTY = "There are no papers yet. Open Add papers above, or drop a file anywhere on this page."
EVERY_SOURCE, EVERY_TAG = "Every source", "Every tag"
STARS = ["With or without", "Starred only"]


@dataclass(frozen=True)
class Wanted:
    """What the list should show: search words, order, days, source, tag, starred papers only, how many; `answer`: only
    the papers that this turn's answer lists."""

    find: str = ""
    order: str = BEST
    since: str = ""
    until: str = ""
    source: str = EVERY_SOURCE
    tag: str = EVERY_TAG
    stars: str = STARS[0]
    count: int = SHOWN
    answer: int | None = None

    @property
    def starred(self) -> bool:
        """Whether only starred papers are wanted."""
        return self.stars == STARS[1]

    @property
    def more(self) -> "Wanted":
        """The same with more papers: each time half as many again, so that a long list is not sent too often."""
        return replace(self, count=self.count + max(SHOWN, self.count // 2))


def turn_in(text: str | None) -> int | None:
    """The number of a turn in an address; None if it is none."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else None  # SQLite's integers end there


def list_values(context: WindowContext, owner: str, wanted: Wanted) -> dict[str, Any]:
    """What the tab shows of a list, by the names of its components."""
    stars = context.conversations.starred(owner)
    question, among = _of_answer(context, owner, wanted.answer)
    said = render("of_answer.html", question=question) if question else ""
    try:
        papers, further = _papers(context, wanted, among)
    except (LibraryError, ValueError) as error:
        nothing = {"chart": "", "sample": "", "more": gr.update(visible=False)}
        return nothing | {"rows": problem_html(str(error)), "of_answer": said}
    everywhere = wanted.source == EVERY_SOURCE
    kept = [p for p in papers if (everywhere or p.source == wanted.source) and (not wanted.starred or p.id in stars)]
    found = context.assistant.library.papers_by_id([p.id for p in kept[: wanted.count]])
    shown = [found[p.id] for p in kept[: wanted.count] if p.id in found]
    order = _order_said(wanted, among is not None)
    values: dict[str, Any] = {
        "chart": months_html([p.day for p in kept if p.day]),
        "sample": sample_html(sum(p.is_sample for p in papers)),
        "of_answer": said,
        "rows": rows_html(shown, stars, len(kept), further, order),
        "more": gr.update(visible=len(kept) > wanted.count),
    }
    if everywhere:
        values["source"] = gr.update(choices=[EVERY_SOURCE, *sorted({p.source for p in papers if p.source})])
    if not context.assistant.library.count():
        values["rows"] = line_html(EMPTY, "empty")
    tags = list(context.assistant.library.annotations.tags())
    gone = wanted.tag not in (EVERY_TAG, *tags)
    choices = [EVERY_TAG, *tags]
    return values | {"tag": gr.update(choices=choices, value=EVERY_TAG) if gone else gr.update(choices=choices)}


def _of_answer(context: WindowContext, owner: str, answer: int | None) -> tuple[str, tuple[Paper, ...] | None]:
    """The question of an answer that lists papers, and all that it lists; empty and None for any other."""
    turn = context.conversations.turn(owner, answer) if answer else None
    if turn is None or turn.answer is None or not turn.answer.listed:
        return "", None
    scope, library = turn.scope, context.assistant.library
    return turn.question, papers_listed(library, Question(turn.question), scope.since, scope.until, scope.tags)


def _papers(context: WindowContext, wanted: Wanted, among: tuple[Paper, ...] | None) -> tuple[list[Outline], bool]:
    """The papers of the wanted days and tag in the wanted order (the best match first is the newest first without a
    search, and the answer's own for its papers), and whether a search may find more. Raises ValueError."""
    library, days = context.assistant.library, read_scope(wanted.since, wanted.until, ())
    tags = () if wanted.tag == EVERY_TAG else (wanted.tag,)
    scope: dict[str, Any] = {"since": days.since, "until": days.until, "tags": tags}
    further = False
    if wanted.find.strip():
        most, only = wanted.count + FOUND, None if among is None else [paper.id for paper in among]
        found = library.look_up(wanted.find, k=most, only=only, spend=False, annotated=True, **scope)
        papers = [outline_of(hit.paper) for hit in found.hits]
        further = len(papers) == most
    else:
        papers = [outline_of(p) for p in library.papers(**scope)] if tags else library.outlines(days.since, days.until)
        if among is not None:
            kept = {paper.id for paper in papers}
            papers = [outline_of(paper) for paper in among if paper.id in kept]
    return _in_order(papers, wanted.order), further


def _in_order(papers: list[Outline], order: str) -> list[Outline]:
    if order == NEWEST:
        return newest_first(papers)
    if order == OLDEST:
        return sorted(papers, key=lambda p: p.day or "9999")
    if order == TITLE:
        return sorted(papers, key=lambda p: p.shown_title.casefold())
    return sorted(papers, key=lambda p: p.upvotes or 0, reverse=True) if order == UPVOTES else papers


def _order_said(wanted: Wanted, of_answer: bool) -> str:
    """The order as the line above the list says it; empty for what nobody chose."""
    names = {BEST: "best match first", NEWEST: "newest first", OLDEST: "oldest first", TITLE: "by title"}
    if wanted.order == BEST and not wanted.find.strip():
        return "in the answer's order" if of_answer else ""
    return names.get(wanted.order, "most upvoted first")
