"""Answers made of verbatim sentences: which sentences of the papers found answer a question.

No model and no calls: judged by the question's words, the kind of thing it asks for (a figure, a way of doing it, a
list of papers), and what each sentence does in its abstract.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from assistant.addressed import is_addressed
from assistant.ask.retrieval import Retrieved
from assistant.citations import marker, quoted
from assistant.documents import Check, Citation, Claim, LabelledPaper
from assistant.question import Question
from assistant.question.intent import FIGURE, Intent
from assistant.rhetoric import figures_in, main_role, scored_sentences, telling_sentence
from index.ids import normalise_title
from index.paper import Paper
from index.safety.inert import inert
from index.same_work import same_work
from index.sentences import Sentence
from index.text import stems_of

MOST = 5  # sentences of an answer
PER_PAPER = 2  # of one paper, if the question is about several
NAMED = 4  # of a paper that the question names
CLOSE, CLOSE_ALONE = 0.65, 0.5  # of the best sentence's score: anything below is not part of the answer
NEAREST = 5  # papers named if none answers
NEEDED = 0.5  # of the best paper's share of the question's words: a paper with less is about something else;
# above it, a sentence counts for less the less its paper is about the question


@dataclass(frozen=True)
class Quote:
    """A sentence of a labelled paper that answers."""

    labelled: LabelledPaper
    sentence: Sentence
    score: float

    @property
    def claim(self) -> Claim:
        """The sentence as a claim."""
        return quoted(self.labelled.label, self.sentence)


@lru_cache(maxsize=8_192)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stems_of(text))


_BASELINE = re.compile(r"\b(?:over|than|compared|versus|vs|against|relative to|from .{1,30} to)\b", re.IGNORECASE)
_POINTS_BACK = re.compile(r"(?:it|they|these|those|this|such|here)\b", re.IGNORECASE)


def _coverage(asked: Intent, text: str, title: str) -> float:
    """The share of the question's weight that a text covers: its words, the quantities asked for, and at about a third
    of their weight the words that only the title has."""
    total = sum(asked.weights.values())
    if not total:
        return 0.0
    told = 0.0
    for stem, weight in asked.weights.items():
        if stem in _stems(text):
            told += weight
        elif stem in asked.measures and asked.measures[stem].told.search(text):
            told += weight * 0.8
        elif stem in _stems(title):
            told += weight * 0.35
    return told / total


def score_sentences(asked: Intent, paper: Paper) -> list[tuple[float, Sentence]]:
    """Each sentence of a paper and how well it answers (about 0 to 2), in their order."""
    if not paper.sentences:
        return []
    telling = telling_sentence(paper)
    scored = []
    for sentence, roles in scored_sentences(paper.sentences):
        text = sentence.text
        score = _coverage(asked, text, paper.shown_title)
        score += 0.3 * max((min(max(roles[role], 0.0) / 6, 1.0) for role in asked.roles), default=0.0)
        if figures_in(text) and asked.kinds != {"method"}:
            score += 0.35 if "figure" in asked.kinds else 0.1
            score += 0.1 if "figure" in asked.kinds and _BASELINE.search(text) else 0.0
        if sentence == telling and not asked.kinds & {"figure", "availability", "limitation", "evaluation"}:
            score += 0.25
        if (role := main_role(roles)) in ("background", "problem") and role not in asked.roles:
            score -= 0.3
        if _POINTS_BACK.match(text) or len(text.split()) < 7:
            score -= 0.1
        scored.append((score, sentence))
    return scored


def best_sentences(asked: Intent, paper: Paper) -> list[int]:
    """The numbers of a paper's sentences, best answers first."""
    scored = score_sentences(asked, paper)
    return [s.number for _, s in sorted(scored, key=lambda pair: (is_addressed(pair[1].text), -pair[0]))]


def _each_once(papers: Sequence[LabelledPaper]) -> list[LabelledPaper]:
    """Papers without further records of the same ones under other ids: nobody wants to read a sentence twice."""
    by_title: dict[str, list[LabelledPaper]] = {}
    once = []
    for labelled in papers:
        alike = by_title.setdefault(normalise_title(labelled.paper.title), [])
        if not any(same_work(labelled.paper, other.paper) for other in alike):
            alike.append(labelled)
            once.append(labelled)
    return once


def choose_quotes(found: Retrieved) -> tuple[Quote, ...]:
    """The sentences that answer a question, at most a handful: grouped by paper, the best paper
    first. If the question is about certain papers, only they are quoted."""
    asked = found.intent
    cover = {p.label: _coverage(asked, f"{p.paper.title} {p.paper.abstract}", "") for p in found.papers}
    about = [p for p in found.papers if p.paper.id in found.about]
    if not about or (any(cover.values()) and not any(cover[p.label] for p in about)):  # "which of those": none of them
        about = list(found.papers)
    about = _each_once(about)
    most = max((cover[p.label] for p in about), default=0.0)
    share = {p.label: cover[p.label] / most if most else 1.0 for p in about}
    quotes = [
        Quote(p, sentence, score * (1 + share[p.label]) / 2 - 0.02 * rank)
        for rank, p in enumerate(about)
        if share[p.label] >= NEEDED
        for score, sentence in score_sentences(asked, p.paper)
    ]
    quotes = [quote for quote in quotes if not is_addressed(quote.sentence.text)] or quotes
    if "figure" in asked.kinds and "method" not in asked.kinds:  # a figure is asked for and nothing else
        quotes = [quote for quote in quotes if FIGURE.search(quote.sentence.text)] or quotes
    quotes.sort(key=lambda quote: -quote.score)
    if not quotes:
        return ()
    alone = len({quote.labelled.label for quote in quotes}) == 1
    most, per_paper = (NAMED, NAMED) if alone else (MOST, 1 if asked.several else PER_PAPER)
    floor = quotes[0].score * (CLOSE_ALONE if alone else CLOSE)
    if alone and not asked.weights:  # "what is FBNetV5?": nothing but the paper is asked for
        floor = quotes[:3][-1].score
    chosen: list[Quote] = []
    for quote in quotes:
        of_paper = sum(other.labelled is quote.labelled for other in chosen)
        if len(chosen) < most and of_paper < per_paper and quote.score >= floor:
            chosen.append(quote)
    order = list(dict.fromkeys(quote.labelled.label for quote in chosen))
    return tuple(sorted(chosen, key=lambda quote: (order.index(quote.labelled.label), quote.sentence.number)))


@dataclass(frozen=True)
class Quoted:
    """An answer in quotes: its Markdown, its sentences, and whether it answers."""

    text: str
    claims: tuple[Claim, ...]
    answered: bool = True


def in_quotes(question: Question, found: Retrieved, without: Collection[Citation] = ()) -> Quoted:
    """The answer to a question in the papers' own words, one line per paper. If a name or a term of the
    question appears in no paper, the nearest papers instead. `without`: sentences already cited, which are not
    repeated if there are others."""
    if missing := missing_terms(question, found):
        return not_in_papers(found, missing)
    quotes = choose_quotes(found)
    quotes = tuple(quote for quote in quotes if quote.claim.citations[0] not in without) or quotes
    if not quotes:
        return not_in_papers(found)
    lead = "In the papers' own words:"
    if "figure" in found.intent.kinds and not any(FIGURE.search(q.sentence.text) for q in quotes):
        lead = "No figure was found for this. In the papers' own words:"
    lines = []
    for _, of_paper in groupby(quotes, key=lambda quote: quote.labelled.label):
        group = list(of_paper)
        paper = group[0].labelled.paper
        lines.append(f"- {inert(paper.short_name or paper.title)}: {' '.join(quote.claim.text for quote in group)}")
    claims = (Claim(lead, (), Check("nothing_to_check")), *(quote.claim for quote in quotes))
    return Quoted("\n".join([lead, "", *lines]), claims)


def not_in_papers(found: Retrieved, missing: Sequence[str] = ()) -> Quoted:
    """Says that the papers have no answer, and lists the nearest."""
    words = " and ".join(f"“{word}”" for word in missing[:3])
    appear = "appear" if len(missing) > 1 else "appears"
    lead = f"Not in your papers: {words} {appear} in none of them." if missing else "Not in your papers."
    claims = [Claim(lead, (), Check("nothing_to_check"))]
    lines = [lead]
    if found.papers:
        lines += ["", "The nearest are:", ""]
        claims.append(Claim("The nearest are:", (), Check("nothing_to_check")))
    for labelled in found.papers[:NEAREST]:
        citation = Citation(labelled.label)
        day = f" ({labelled.paper.day})" if labelled.paper.day else ""
        item = f"{inert(labelled.paper.shown_title)}{day} {marker([citation])}"
        lines.append(f"- {item}")
        claims.append(Claim(item, (citation,), Check("nothing_to_check")))
    return Quoted("\n".join(lines), tuple(claims), answered=False)


def missing_terms(question: Question, found: Retrieved) -> tuple[str, ...]:
    """The names and terms that a question asks about and no paper contains: those of its unknown words that are names;
    if there are none, and it is about no paper by name, all of them if they are at least half of its words."""
    unknown = [w for w in found.unknown if not any(w != other and w in other for other in found.unknown)]
    if names := tuple(word for word in unknown if question.has_name(word)):
        return names
    known = len(found.stems) - len(found.unknown)
    return tuple(unknown) if not found.about and known <= len(unknown) else ()
