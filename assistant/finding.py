"""From a question, and the conversation it stands in, to the papers that may answer it, numbered.

Searches and no more: no model, no answer.
"""

import datetime
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.documents import Answer, LabelledPaper
from assistant.question import content_stems
from index.asked import read_question
from index.library import Library
from index.paper import Paper
from index.terms import read_terms

CARRIED = 4  # papers of the last answer that a follow-up question takes along

_FOLLOWS = re.compile(
    r"""^\W*(?:and|but|so|also|what\sabout|how\sabout|which\sof|really|then)\b
      | \b(?:it|its|they|them|their|theirs|this|that|these|those|both|the\s(?:first|second|third|fourth|fifth|last|same)
        |the\s(?:paper|method|model|approach|system|authors?))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_OTHERS = re.compile(r"\b(?:others?|else|more|besides|apart\sfrom|another|any|all|papers)\b", re.IGNORECASE)
_PLACES = ("first", "second", "third", "fourth", "fifth")
_POINTS = re.compile(rf"\bthe\s({'|'.join(_PLACES)})\b|\[(\d{{1,2}})\]|\bpaper\s(\d{{1,2}})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """The papers for an answer, best first and numbered, and for each (by id) the sentences that fit best; the
    ids of those that the question is about; the stems that carry the question, and its words that stand in no
    paper; what is to be said."""

    papers: tuple[LabelledPaper, ...] = ()
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
    own = read_terms(library, read_question(searched or question).text)
    carried = _carried(question, history, only)
    words = " ".join([searched or question, *([history[-1].question] if carried else [])])
    found = library.look_up(words, k=k, since=since, until=until, only=only, spend=spend)
    named = [paper for paper in own.named if only is None or paper.id in only]
    about = named or ([] if _OTHERS.search(question) else carried)
    papers = {p.id: p for p in [*about, *carried, *(hit.paper for hit in found.hits)]}
    return Found(
        papers=tuple(LabelledPaper(n, paper, cited=False) for n, paper in enumerate(list(papers.values())[:k], 1)),
        stems=tuple(own.weights),
        sentences={hit.paper.id: tuple(s.number for s in hit.sentences) for hit in found.hits},
        about=frozenset(paper.id for paper in about),
        unknown=() if searched else own.unknown,
        notices=(*found.notices, *([_latest_week(library)] if found.dropped_dates else [])),
    )


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
    if not follows_up(question, history):
        return []
    last = next((answer for answer in reversed(history) if any(p.cited for p in answer.papers)), None)
    if last is None:
        return []
    cited = [p for p in last.papers if p.cited]
    if pointed := _POINTS.search(question):
        place = _PLACES.index(pointed[1].lower()) if pointed[1] else None
        label = int(pointed[2] or pointed[3] or 0)
        cited = cited[place : place + 1] if place is not None else [p for p in last.papers if p.label == label]
    return [p.paper for p in cited[:CARRIED] if only is None or p.paper.id in only]


def _latest_week(library: Library) -> str:
    """Which the latest week is that has papers, in a sentence."""
    latest = max((day for day in library.days().values() if day), default=None)
    if latest is None:
        return "No paper here has a date."
    year, week, _ = datetime.date(latest // 10_000, latest // 100 % 100, latest % 100).isocalendar()
    return f"The latest week that has papers is {year}-W{week:02}; this answer is from all papers."
