"""Finds and numbers the papers that may answer a question, given the conversation.

Only searches: no model, no answer.
"""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.documents import Answer, LabelledPaper
from assistant.question import Question
from assistant.question.intent import NOTHING_ASKED, Intent, only_asks
from assistant.question.reference import Reference
from index.dates import week_of
from index.library import Library
from index.paper import Paper
from index.query import Terms, read_terms
from index.text import stems_of

CARRIED = 4  # papers of the last answer that a follow-up question takes along


@dataclass(frozen=True)
class Retrieved:
    """The papers for an answer, best first and numbered, and for each (by id) the sentences that fit best; the
    ids of those that the question is about, and whether it names them itself; what it asks for, and the stems that
    carry it; words of the question that appear in no paper; notices."""

    papers: tuple[LabelledPaper, ...] = ()
    intent: Intent = NOTHING_ASKED
    stems: tuple[str, ...] = ()
    sentences: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    about: frozenset[str] = frozenset()
    named: bool = False
    unknown: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def find_papers(
    library: Library,
    question: Question,
    history: Sequence[Answer] = (),
    *,
    searched: Question | None = None,
    k: int = 8,
    since: str | None = None,
    until: str | None = None,
    only: Collection[str] | None = None,
    spend: bool = False,
) -> Retrieved:
    """The `k` papers that fit a question best. `searched`: the question to search for, if it differs (a
    translation). A follow-up question takes along the papers that the last answer cited.

    `only`: ids of the papers to look into. `spend`: whether a paid embedding call may be made.
    """
    asked = searched or question
    own = read_terms(library, asked.dates.text)
    follows = bool(history) and question.reference.follows
    named = [paper for paper in own.named if only is None or paper.id in only]
    carried = _carried(question.reference, history, only) if follows and not named else []
    last = history[-1].question if follows else ""
    found = library.look_up(f"{asked.text} {last}", k=k, since=since, until=until, only=only, spend=spend)
    stems = set(own.weights) - _name_stems(own)
    if not stems and last:  # "and what about QuartzNet?" asks what was asked before
        asked = Question(last)
        before = read_terms(library, asked.dates.text)
        stems = set(before.weights) - _name_stems(before)
    about = named or ([] if question.reference.others else carried)
    chosen = library.papers_by_id(list(only)).values() if only else ()  # chosen papers are read, whatever they contain
    papers = {p.id: p for p in [*about, *carried, *(hit.paper for hit in found.hits), *chosen]}
    return Retrieved(
        papers=tuple(LabelledPaper(n, paper, cited=False) for n, paper in enumerate(list(papers.values())[:k], 1)),
        intent=asked.intent(sorted(stems), library.words.idf),
        stems=tuple(sorted(stems)),
        sentences={hit.paper.id: tuple(s.number for s in hit.sentences) for hit in found.hits},
        about=frozenset(paper.id for paper in about),
        named=bool(named),
        unknown=() if searched else tuple(word for word in own.unknown if not only_asks(word)),
        notices=(*found.notices, *([latest_week(library)] if found.dropped_dates else [])),
    )


def _name_stems(terms: Terms) -> set[str]:
    """The stems of the names of papers in a question: they say nothing of what it asks about them."""
    return set(stems_of(" ".join(paper.short_name or "" for paper in terms.named)))


def _carried(reference: Reference, history: Sequence[Answer], only: Collection[str] | None) -> list[Paper]:
    """The papers of the last answer that a follow-up question is about: the one it points to (`the second`,
    `[2]`), else those that the answer cited."""
    answers = [answer for answer in reversed(history) if answer.answered and any(p.cited for p in answer.papers)]
    if not answers:
        return []
    last = answers[0]
    cited = [p for p in last.papers if p.cited]
    if len(cited) == 1 and reference.both:  # of the last two papers discussed
        cited += [p for answer in answers for p in answer.papers if p.cited and p.paper != cited[0].paper][:1]
    if reference.place is not None:
        cited = cited[reference.place : reference.place + 1]
    elif reference.label is not None:
        cited = [p for p in last.papers if p.label == reference.label]
    return [p.paper for p in cited[:CARRIED] if only is None or p.paper.id in only]


def latest_week(library: Library) -> str:
    """A sentence that names the latest week with papers."""
    latest = max((day for day in library.days().values() if day), default=None)
    if latest is None:
        return "No paper here has a date."
    week = week_of(datetime.date(latest // 10_000, latest // 100 % 100, latest % 100))
    return f"The latest week that has papers is {week}."
