"""Finds and numbers the papers that may answer a question, given the conversation.

Only searches: no model, no answer.
"""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.documents import Answer, LabelledPaper
from assistant.question import Question
from assistant.question.intent import NOTHING_ASKED, Intent, only_asks
from assistant.question.papers import discussed
from assistant.question.reference import Reference
from index.annotated import tagged
from index.dates import week_of
from index.english import CONVERSATION_WORDS
from index.library import Library
from index.paper import Paper, is_of_days, iso_date
from index.query import Terms
from index.text import stems_of

_CONVERSATION_STEMS = frozenset(stems_of(" ".join(CONVERSATION_WORDS)))
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
    tags: Collection[str] = (),
) -> Retrieved:
    """The `k` papers that fit a question best. `searched`: the question to search for, if it differs (a
    translation). A follow-up question takes along the papers that the last answer cited.

    `only`: ids of the papers to look into; `tags`: only papers with all of these. `spend`: whether a paid embedding
    call may be made.
    """
    among, by_tags = tagged(library, tags, only)
    asked = searched or question
    dates = question.dates  # those of a translation may be the translator's
    own = library.terms(asked.dates.text)
    reference = question.reference
    named = [paper for paper in own.named if among is None or paper.id in among]
    follows = bool(history) and reference.follows and (reference.points or not named)
    carried = [p for p in _carried(reference, history, among) if _within(p, since, until)] if follows else []
    last = _last_asked(library, history) if follows else None
    words = f"{asked.text} {last.text}" if last else asked.text
    if searched:
        words = f"{searched.dates.text} {dates.text}"
        since, until = (since, until) if since or until else (dates.since, dates.until)
    found = library.look_up(words, k=k, since=since, until=until, only=among, spend=spend)
    stems = _asked_stems(own)
    if not stems and last:  # "and what about QuartzNet?" asks what was asked before
        asked = last
        stems = _asked_stems(library.terms(asked.dates.text))
    about = [*named, *([] if reference.others else carried)]
    read = [i for i in only or () if among is None or i in among]
    chosen = library.papers_by_id(read).values() if read else ()  # chosen papers are read, whatever they contain
    fitting = {p.id: p for p in [*about, *carried, *(hit.paper for hit in found.hits), *chosen]}
    before = [p for p in discussed(history)[:CARRIED] if (among is None or p.id in among) and _within(p, since, until)]
    papers = {p.id: p for p in [*list(fitting.values())[:k], *before]}  # a model can always read what was cited last
    return Retrieved(
        papers=tuple(LabelledPaper(n, paper, cited=False) for n, paper in enumerate(papers.values(), 1)),
        intent=asked.intent(sorted(stems), library.words.idf),
        stems=tuple(sorted(stems)),
        sentences={hit.paper.id: tuple(s.number for s in hit.sentences) for hit in found.hits},
        about=frozenset(paper.id for paper in about),
        named=bool(named),
        unknown=() if searched else _unknown(library, question, own),
        notices=(*by_tags, *found.notices, *([latest_week(library)] if found.dropped_dates else [])),
    )


def _within(paper: Paper, since: str | None, until: str | None) -> bool:
    """Whether a paper is of the days that were chosen, if any were."""
    return not (since or until) or bool(is_of_days(paper.day, iso_date(since), iso_date(until)))


def _name_stems(terms: Terms) -> set[str]:
    """The stems of the names of papers in a question: they say nothing of what it asks about them."""
    return set(stems_of(" ".join(paper.short_name or "" for paper in terms.named)))


def _asked_stems(terms: Terms) -> set[str]:
    """The stems of a question that say what it asks, without the names of papers and without conversation's words."""
    return set(terms.weights) - _name_stems(terms) - _CONVERSATION_STEMS


def _unknown(library: Library, question: Question, own: Terms) -> tuple[str, ...]:
    """The words that decide whether the papers hold what is asked. In another language than English a stem may miss a
    form, so that a word in no paper counts only if it is a name, or if no other word is in any paper."""
    words = tuple(word for word in own.unknown if not only_asks(word))
    if question.language in ("Chinese", "Japanese"):  # one character says little: two side by side are a word
        pairs = ["".join(pair) for pair in own.phrases]
        return words if any(library.words.frequency(*pair) for pair in own.phrases) else (*words, *pairs)
    if question.language in (None, "English") or not any(map(library.words.frequency, own.weights)):
        return words
    return tuple(word for word in words if question.has_name(word))


def _last_asked(library: Library, history: Sequence[Answer]) -> Question | None:
    """The last question of a conversation that says what it asks: not "explain it more simply"."""
    for answer in reversed(history):
        question = Question(answer.question).to_search
        if not question.reference.empty and _asked_stems(library.terms(question.dates.text)):
            return question
    return Question(history[-1].question).to_search if history else None


def _carried(reference: Reference, history: Sequence[Answer], only: Collection[str] | None) -> list[Paper]:
    """The papers of the last answer that a follow-up question is about: the one it points to (`the second`,
    `[2]`, `the other one`), else those that the answer cited."""
    answers = [answer for answer in reversed(history) if answer.answered and any(p.cited for p in answer.papers)]
    if not answers:
        return []
    last = answers[0]
    cited = [p.paper for p in last.papers if p.cited]
    before = discussed(history)
    if reference.other:
        cited = before[1:2]
    elif len(cited) == 1 and reference.both:  # of the last two papers discussed
        cited = before[:2]
    elif reference.place is not None:
        enough = next((a for a in answers if sum(p.cited for p in a.papers) > max(reference.place, 1)), last)
        cited = [p.paper for p in enough.papers if p.cited][reference.place :][:1]
    elif reference.label is not None:
        cited = [p.paper for p in last.papers if p.label == reference.label]
    return [paper for paper in cited[:CARRIED] if only is None or paper.id in only]


def latest_week(library: Library) -> str:
    """A sentence that names the latest week with papers."""
    latest = max((day for day in library.days().values() if day), default=None)
    if latest is None:
        return "No paper here has a date."
    week = week_of(datetime.date(latest // 10_000, latest // 100 % 100, latest % 100))
    return f"The latest week that has papers is {week}."
