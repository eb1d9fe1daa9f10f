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
from index.words import stems_of

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
    ids of those that the question is about; the question's words that stand in no paper; what is to be said."""

    papers: tuple[LabelledPaper, ...] = ()
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
    carried = _carried(question, history, only)
    words = " ".join(filter(None, [searched or question, history[-1].question if carried else ""]))
    notices: tuple[str, ...] = ()
    dated = read_question(words)
    if dated.words and not (since or until) and not _any_day(library, dated.since, dated.until):
        words = dated.text
        notices = (f"No paper here is from “{dated.words}”: this answer is from all.{_latest_week(library)}",)
    found = library.look_up(words, k=k, since=since, until=until, only=only, spend=spend)
    sentences = {hit.paper.id: tuple(s.number for s in hit.sentences) for hit in found.hits}
    named = [paper for paper in found.named if _names(question, paper)]
    about = named or ([] if _OTHERS.search(question) else carried)
    papers = list({p.id: p for p in [*about, *carried, *(hit.paper for hit in found.hits)]}.values())
    own = set(stems_of(question))
    return Found(
        tuple(LabelledPaper(label, paper, cited=False) for label, paper in enumerate(papers[:k], 1)),
        sentences,
        frozenset(paper.id for paper in about),
        tuple(word for word in found.unknown_words if not searched and own.intersection(stems_of(word))),
        (*notices, *found.notices),
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


def _names(question: str, paper: Paper) -> bool:
    """Whether the question itself, rather than the conversation, holds a paper's name or most of its title."""
    own, title = set(stems_of(question)), set(stems_of(paper.title))
    name = set(stems_of(paper.short_name or paper.title))
    return name <= own or len(own & title) * 2 > len(title)


def _any_day(library: Library, since: str | None, until: str | None) -> bool:
    """Whether any paper's day lies within a window."""
    first, last = (int((day or default).replace("-", "")) for day, default in ((since, "0"), (until, "99999999")))
    return any(day is not None and first <= day <= last for day in library.days().values())


def _latest_week(library: Library) -> str:
    """Which the latest week is that has papers, in a sentence; nothing where no paper has a day."""
    latest = max((day for day in library.days().values() if day), default=None)
    if latest is None:
        return ""
    year, week, _ = datetime.date(latest // 10_000, latest // 100 % 100, latest % 100).isocalendar()
    return f" The latest week that has papers is {year}-W{week:02}."
