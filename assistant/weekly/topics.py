"""Which of some papers belong to which saved topic: by the topic's words, and by how near they are in meaning.

A topic takes a paper that has all of its words: together in the title, or again and again, also by their first letters
(RAG). Where they are said once or apart, or one is lacking while the rarest is in the title, the paper must also be
nearer to it in meaning than nearly all others are. "or" stands between two topics that are one.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.question.intent import content_stems
from index.errors import EmbeddingError
from index.paper import Paper
from index.text import stems_of
from index.topics import Topic

if TYPE_CHECKING:
    from index.library import Library

FIRST_FIT = "A paper that fits several topics stands under the first of them."
APART = 3  # further words that may stand between a topic's words where they are said together
# What a paper's words are worth, and its meaning; from LEAST on a topic takes it. Set on sixteen topics and a month of
# Daily pages, read by eye.
IN_TITLE, AGAIN, ONCE_AND_TITLED, ONCE_OF_SEVERAL, TITLED, ONCE, OFTEN = 1.0, 0.8, 0.8, 0.5, 0.4, 0.4, 0.2
MEANING = 0.2  # for each standard deviation by which a paper is nearer than the others, up to MOST
MOST, LEAST = 3.0, 0.8
FEWEST = 20  # papers whose nearness can be compared


@dataclass(frozen=True)
class _Words:
    """The stems of a paper: of its title, and of each sentence."""

    title: list[str]
    sentences: list[list[str]]


def divided(library: "Library", papers: Sequence[Paper], topics: Sequence[Topic]) -> dict[str, tuple[str, ...]]:
    """The ids of the papers of each topic, by its name, each under the first that it fits, in the order
    of the topics."""
    words = {p.id: _Words(stems_of(p.shown_title), [stems_of(s.text) for s in p.sentences]) for p in papers}
    fits = {topic.name: _fits(library, papers, words, topic) for topic in topics}
    taken: dict[str, list[str]] = {topic.name: [] for topic in topics}
    for paper in papers:
        first = next((name for name, fit in fits.items() if fit.get(paper.id, 0.0) >= LEAST), None)
        if first is not None:
            taken[first].append(paper.id)
    return {name: tuple(ids) for name, ids in taken.items()}


def _fits(library: "Library", papers: Sequence[Paper], words: Mapping[str, _Words], topic: Topic) -> dict[str, float]:
    """How well papers fit a topic, by id; none below LEAST is taken."""
    if topic.tag:
        tagged = library.annotations.having([topic.tag], [p.id for p in papers])
        papers = [p for p in papers if p.id in tagged]
    fits: dict[str, float] = {}
    for query in re.split(r"\sor\s", topic.query):
        for id, fit in _fits_query(library, papers, words, query).items():
            fits[id] = max(fit, fits.get(id, 0.0))
    return fits


def _fits_query(
    library: "Library", papers: Sequence[Paper], words: Mapping[str, _Words], query: str
) -> dict[str, float]:
    compounds = " ".join(re.findall(r"\w+(?:-\w+)+", query))  # "few-step": there "few" says something
    stems = {*content_stems(query), *stems_of(compounds)} or set(stems_of(query))
    if not stems:
        return {p.id: IN_TITLE for p in papers}
    rarest = max(sorted(stems), key=library.words.idf)
    short = "".join(word[0] for word in re.findall(r"\w+", query.casefold()))
    near = _nearness(library, papers, query)
    fits = {}
    for paper in papers:
        own = words[paper.id]
        lacking = stems - {*own.title, *(stem for sentence in own.sentences for stem in sentence)}
        if lacking and (len(lacking) > 1 or rarest not in own.title):
            continue
        said = TITLED if lacking else _said(own, stems, rarest, short)
        fits[paper.id] = said + MEANING * max(near.get(paper.id, 0.0), 0.0)
    return fits


def _said(words: _Words, stems: Collection[str], rarest: str, short: str) -> float:
    """What it is worth how a paper says all words of a topic; `short`: their first letters, which stand for them."""
    if _together(words.title, stems):
        return IN_TITLE
    spelled_out = [sentence for sentence in words.sentences if _together(sentence, stems)]
    together = len(spelled_out)
    if any(short in sentence for sentence in spelled_out):  # "retrieval-augmented generation (RAG)"
        together += sum(short in sentence and sentence not in spelled_out for sentence in words.sentences)
    often = sum(rarest in sentence for sentence in words.sentences)
    if together > 1:
        return AGAIN
    if together:
        return ONCE_AND_TITLED if rarest in words.title else ONCE_OF_SEVERAL if often > 1 else ONCE
    return TITLED if rarest in words.title else OFTEN if often > 2 else 0.0


def _together(text: Sequence[str], stems: Collection[str]) -> bool:
    """Whether a text has all stems within as many words and APART more."""
    places = [at for at, stem in enumerate(text) if stem in stems]
    reach = len(stems) + APART
    return any(
        {text[at] for at in places[begin : begin + reach] if at < first + reach}.issuperset(stems)
        for begin, first in enumerate(places)
    )


def _nearness(library: "Library", papers: Sequence[Paper], query: str) -> dict[str, float]:
    """By how many standard deviations each paper is nearer to a topic in meaning than the papers are on average, at
    most MOST; empty for few papers, and where a vector for the topic costs money or cannot be made."""
    import numpy as np

    if len(papers) < FEWEST:
        return {}
    try:
        if library.embedder.paid:
            return {}
        wanted = library.embedder.embed_question(query)
    except EmbeddingError:
        return {}
    cosines = library.paper_vectors([p.id for p in papers]) @ wanted
    spread = float(cosines.std())
    if spread < 1e-6:
        return {}
    near = np.minimum((cosines - cosines.mean()) / spread, MOST)
    return {p.id: float(value) for p, value in zip(papers, near, strict=True)}
