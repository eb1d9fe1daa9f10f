"""Which of the papers found a question is about by name: those named in it, and those that introduce a name in it."""

import re
from collections.abc import Iterator, Sequence

from rapidfuzz.fuzz import ratio

from assistant.ask.retrieval import Retrieved
from assistant.ask.scoring import paper_coverage
from assistant.checking.names import EVERYDAY
from assistant.documents import LabelledPaper
from assistant.question import Question
from assistant.rhetoric import is_contribution
from index.paper import Paper
from index.text import squash, stems_of

MOST_NAMED = 2  # papers that introduce one name: a name of more is a topic
ALIKE = 70  # of 100: a name spelled this much like a paper's is a slip of it
LONG_PHRASE = 3  # words that name a paper by themselves
_NAMES = re.compile(r"(?<![\w-])\w[\w^+-]{1,40}(?<!-)(?![\w-])")
_SAYS = r"(?:propos|present|introduc|develop|build|construct|design|creat|releas|term|call|nam|dubb)(?:e|es|ed|ing|s)?"
_BETWEEN = r"(?:\s(?!for\b|on\b|with\b|to\b|in\b|of\b|over\b|using\b|from\b|by\b|that\b)[\w'’-]{1,30},?){0,4}?"


def papers_meant(question: Question, found: Retrieved) -> list[LabelledPaper]:
    """The papers found that a question is about, in their order; empty if it is about no paper in particular."""
    about = [p for p in found.papers if p.paper.id in found.about]
    if about and not found.named:  # carried along by a conversation; "which of those": perhaps none of them
        every = [paper_coverage(found.intent, p.paper) for p in found.papers]
        of_about = [c for c, p in zip(every, found.papers, strict=True) if p.paper.id in found.about]
        return about if any(of_about) or not any(every) else []
    ids = {p.paper.id for p in about}
    if not found.intent.lists:
        ids |= set(_introducing(question, found))
        ids = ids or set(_by_phrase(question, found))
    return [p for p in found.papers if p.paper.id in ids]


def _introducing(question: Question, found: Retrieved) -> Iterator[str]:
    """The ids of the papers found that introduce a name in the question, which no title has for a short name."""
    titled = {squash(p.paper.short_name or "") for p in found.papers}
    for name in dict.fromkeys(_NAMES.findall(question.text)):
        if squash(name) in titled or name.casefold() in EVERYDAY or not question.has_name(name):
            continue
        introducing = [p.paper.id for p in found.papers if introduces(p.paper, name)]
        if len(introducing) <= MOST_NAMED:
            yield from introducing


def names_absent(question: Question, found: Retrieved, meant: Sequence[LabelledPaper]) -> tuple[str, ...]:
    """The names in a question that names papers which none of those papers has in its text."""
    if not found.named or not meant:
        return ()
    texts = [squash(f"{p.paper.title} {p.paper.abstract} {' '.join(p.paper.ids)}") for p in meant]
    titled = [squash(p.paper.short_name or p.paper.title) for p in meant]
    absent = []
    for name in dict.fromkeys(_NAMES.findall(question.dates.text)):
        written = squash(name)
        if name.casefold().rstrip("s") in EVERYDAY or name.casefold() in EVERYDAY or not question.has_name(name):
            continue
        misspelt = any(ratio(written, title) > ALIKE or written in title for title in titled)
        if not misspelt and not any(written in text for text in texts):
            absent.append(name)
    return tuple(absent)


def introduces(paper: Paper, name: str) -> bool:
    """Whether a paper gives this name to what it proposes: in its title, or where it says what it makes."""
    whole = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
    if re.search(whole, paper.shown_title):
        return True
    said = re.compile(rf"\({re.escape(name)}\)|\b{_SAYS}{_BETWEEN}[\s*“\"]+{whole}", re.IGNORECASE)
    behind = re.compile(rf",\s{whole}[,.]")
    return any(said.search(s.text) or (behind.search(s.text) and is_contribution(s.text)) for s in paper.sentences)


def _by_phrase(question: Question, found: Retrieved) -> Iterator[str]:
    """The id of the only paper found that has a run of at least three content words of the question where it is
    titled or says what it makes ("visual action prompts"), if no other has more of the question."""
    asked = stems_of(question.dates.text)
    runs = {tuple(asked[i : i + LONG_PHRASE]) for i in range(len(asked) - LONG_PHRASE + 1)}
    runs = {run for run in runs if all(stem in found.intent.weights for stem in run)}
    if not runs:
        return
    having = []
    for p in found.papers:
        makes = (s.text for s in p.paper.sentences if is_contribution(s.text))
        texts = [stems_of(text) for text in (p.paper.shown_title, *makes)]
        if any(tuple(t[i : i + LONG_PHRASE]) in runs for t in texts for i in range(len(t))):
            having.append(p.paper.id)
    cover = {p.paper.id: paper_coverage(found.intent, p.paper) for p in found.papers}
    if len(having) == 1 and cover[having[0]] >= max(cover.values()):
        yield having[0]
