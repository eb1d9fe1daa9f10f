"""From a question, and the conversation it stands in, to the papers that may answer it, numbered.

Searches and no more: no model, no answer.
"""

import datetime
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.documents import Answer, LabelledPaper
from assistant.question.intent import content_stems, only_asks
from index.dates import read_question
from index.library import Library
from index.paper import Paper
from index.query import Terms, read_terms
from index.text import stems_of

CARRIED = 4  # papers of the last answer that a follow-up question takes along

_FOLLOWS = re.compile(
    r"""^\W*(?:and|but|so|also|what\sabout|how\sabout|which\sof|really|then)\b
      | \b(?:it|its|they|them|their|theirs|both|the\s(?:first|second|third|fourth|fifth|last|same))\b
      | \b(?:this|that|these|those|the)\s(?:papers?|methods?|models?|approach(?:es)?|systems?|works?|authors?|ones?)\b
      | \b(?:this|that|these|those)\W*$""",
    re.IGNORECASE | re.VERBOSE,
)
_OTHERS = re.compile(r"\b(?:others?|else|more|besides|apart\sfrom|another|any|all|papers)\b", re.IGNORECASE)
_PLACES = ("first", "second", "third", "fourth", "fifth")
_POINTS = re.compile(rf"\bthe\s({'|'.join(_PLACES)})\b|\[(\d{{1,2}})\]|\bpaper\s(\d{{1,2}})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """The papers for an answer, best first and numbered, and for each (by id) the sentences that fit best; the
    ids of those that the question is about; what is asked, in words and as the stems that carry it; words of the
    question that stand in no paper; what is to be said."""

    papers: tuple[LabelledPaper, ...] = ()
    asked: str = ""
    stems: tuple[str, ...] = ()
    sentences: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    about: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def find_papers(
    library: Library,
    question: str,
    history: Sequence[Answer] = (),
    *,
    searched: str | None = None,
    k: int = 8,
    since: str | None = None,
    until: str | None = None,
    only: Collection[str] | None = None,
    spend: bool = False,
) -> Found:
    """The `k` papers that fit a question best. `searched`: the question as it is to be searched for, where that
    differs (another language). A follow-up question takes along the papers that the last answer cited.

    `only`: ids of the papers to look into. `spend`: whether a paid embedding call may be made.
    """
    text = read_question(searched or question).text
    own = read_terms(library, text)
    follows = follows_up(question, history)
    named = [paper for paper in own.named if only is None or paper.id in only]
    carried = _carried(question, history, only) if follows and not named else []
    last = history[-1].question if follows else ""
    found = library.look_up(f"{searched or question} {last}", k=k, since=since, until=until, only=only, spend=spend)
    stems, asked = set(own.weights) - _name_stems(own), text
    if not stems and last:  # "and what about QuartzNet?" asks what was asked before
        asked = read_question(last).text
        before = read_terms(library, asked)
        stems = set(before.weights) - _name_stems(before)
    about = named or ([] if _OTHERS.search(question) else carried)
    chosen = library.papers_by_id(list(only)).values() if only else ()  # chosen papers are read, whatever they hold
    papers = {p.id: p for p in [*about, *carried, *(hit.paper for hit in found.hits), *chosen]}
    return Found(
        papers=tuple(LabelledPaper(n, paper, cited=False) for n, paper in enumerate(list(papers.values())[:k], 1)),
        asked=asked,
        stems=tuple(sorted(stems)),
        sentences={hit.paper.id: tuple(s.number for s in hit.sentences) for hit in found.hits},
        about=frozenset(paper.id for paper in about),
        unknown=() if searched else tuple(word for word in own.unknown if not only_asks(word)),
        notices=(*found.notices, *([latest_week(library)] if found.dropped_dates else [])),
    )


def _name_stems(terms: Terms) -> set[str]:
    """The stems of the names of the papers that a question names: they tell nothing of what it asks about them."""
    return set(stems_of(" ".join(paper.short_name or "" for paper in terms.named)))


def follows_up(question: str, history: Sequence[Answer]) -> bool:
    """Whether a question leans on the conversation: it points back, or says too little by itself."""
    if not history:
        return False
    return (
        _FOLLOWS.search(question) is not None
        or _POINTS.search(question) is not None
        or len(content_stems(question)) < 2
    )


def _carried(question: str, history: Sequence[Answer], only: Collection[str] | None) -> list[Paper]:
    """The papers of the last answer that a follow-up question is about: the one it points to (`the second`,
    `[2]`), else those that the answer cited."""
    answers = [answer for answer in reversed(history) if answer.answered and any(p.cited for p in answer.papers)]
    if not answers:
        return []
    last = answers[0]
    cited = [p for p in last.papers if p.cited]
    if len(cited) == 1 and re.search(r"\bboth\b", question, re.IGNORECASE):  # of the two last talked of
        cited += [p for answer in answers for p in answer.papers if p.cited and p.paper != cited[0].paper][:1]
    if pointed := _POINTS.search(question):
        place = _PLACES.index(pointed[1].lower()) if pointed[1] else None
        label = int(pointed[2] or pointed[3] or 0)
        cited = cited[place : place + 1] if place is not None else [p for p in last.papers if p.label == label]
    return [p.paper for p in cited[:CARRIED] if only is None or p.paper.id in only]


def latest_week(library: Library) -> str:
    """Which the latest week is that has papers, in a sentence."""
    latest = max((day for day in library.days().values() if day), default=None)
    if latest is None:
        return "No paper here has a date."
    year, week, _ = datetime.date(latest // 10_000, latest // 100 % 100, latest % 100).isocalendar()
    return f"The latest week that has papers is {year}-W{week:02}."
