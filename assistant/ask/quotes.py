"""Answers made of verbatim sentences: which sentences of the papers found answer a question.

No model and no calls: judged by the question's words, the kind of thing it asks for (a figure, a way of doing it, a
list of papers), and what each sentence does in its abstract.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.addressed import is_addressed
from assistant.ask.lists import MOST_FOUND, fitting
from assistant.ask.meant import names_absent, papers_meant
from assistant.ask.retrieval import Retrieved
from assistant.ask.scoring import coverage, paper_coverage, score_sentences
from assistant.citations import marker, own_words, quoted
from assistant.documents import Check, Citation, Claim, LabelledPaper
from assistant.question import Question
from assistant.question.intent import FIGURE, Intent
from index.ids import normalise_title
from index.safety.inert import inert
from index.same_work import same_work
from index.sentences import Sentence

MOST = 8  # sentences of an answer
PER_PAPER = 4  # of one paper
ROOM = 1_500  # characters of sentences
LISTED = 8  # papers of a list that have a line
CLOSE, CLOSE_ALONE = 0.55, 0.3  # of the best sentence's score: anything below is not part of the answer
LITTLE, LITTLE_OF_NAMED = 0.33, 0.4  # of the question's words: if the best paper has less, and some are unknown, the
# papers have no answer
TELLING = 0.5  # the same: if no sentence of the only paper has as much, its best are shown whatever their scores
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


def choose_quotes(question: Question, found: Retrieved) -> tuple[Quote, ...]:
    """The sentences that answer a question, at most MOST and about ROOM characters: grouped by paper, the best paper
    first, in the order of the abstract. If the question is about certain papers, each of them is quoted and no
    other."""
    asked = found.intent
    named = _each_once(papers_meant(question, found))
    about = named or _each_once(found.papers)
    cover = {p.label: paper_coverage(asked, p.paper) for p in about}
    most = max(cover.values(), default=0.0)
    share = {label: covered / most if most and not named else 1.0 for label, covered in cover.items()}
    quotes = [
        Quote(p, sentence, score * (1 + share[p.label]) / 2 - (0.0 if named else 0.02 * rank))
        for rank, p in enumerate(about)
        if share[p.label] >= NEEDED
        for score, sentence in score_sentences(asked, p.paper)
    ]
    quotes = [quote for quote in quotes if not is_addressed(quote.sentence.text)] or quotes
    if len(named) > 1:
        return _in_order([quote for p in named for quote in _of_each(asked, p, quotes, len(named))])
    return _in_order(_best(asked, _with_figures(asked, quotes), alone=len(about) == 1))


def _with_figures(asked: Intent, quotes: list[Quote]) -> list[Quote]:
    """The sentences with a figure, if a figure is asked for and nothing else, and there are any."""
    if "figure" in asked.kinds and "method" not in asked.kinds:
        return [quote for quote in quotes if FIGURE.search(quote.sentence.text)] or quotes
    return quotes


def _of_each(asked: Intent, paper: LabelledPaper, quotes: list[Quote], papers: int) -> list[Quote]:
    """The sentences of one of several papers that a question names: its share of the answer, at least one."""
    own = _with_figures(asked, [quote for quote in quotes if quote.labelled is paper])
    most = max(1, min(PER_PAPER, MOST // papers))
    return _taken(sorted(own, key=lambda quote: -quote.score), most, PER_PAPER, CLOSE_ALONE, ROOM // papers)


def _best(asked: Intent, quotes: list[Quote], alone: bool) -> list[Quote]:
    """The best sentences of all."""
    quotes = sorted(quotes, key=lambda quote: -quote.score)
    if alone and not asked.weights:  # "what is FBNetV5?": nothing but the paper is asked for
        return quotes[:3]
    vague = alone and all(coverage(asked, quote.sentence.text, "") < TELLING for quote in quotes)
    return _taken(quotes, MOST, PER_PAPER, -1.0 if vague else CLOSE_ALONE if alone else CLOSE, ROOM)


def _taken(quotes: list[Quote], most: int, per_paper: int, close: float, room: int) -> list[Quote]:
    """The first of these sentences, within limits: how many, of one paper, how close to the best, and characters."""
    chosen: list[Quote] = []
    for quote in quotes:
        fits = sum(len(other.sentence.text) for other in (*chosen, quote)) <= room
        of_paper = sum(other.labelled is quote.labelled for other in chosen)
        near = quote.score >= quotes[0].score * close
        if not chosen or (len(chosen) < most and of_paper < per_paper and near and fits):
            chosen.append(quote)
    return chosen


def _in_order(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """Sentences by paper, in order of their papers' first appearance, and in that of the abstract."""
    order = list(dict.fromkeys(quote.labelled.label for quote in quotes))
    return tuple(sorted(quotes, key=lambda quote: (order.index(quote.labelled.label), quote.sentence.number)))


def list_quotes(found: Retrieved, most: int) -> tuple[Quote, ...]:
    """The best sentence of each of the first `most` papers that fit a question which lists papers."""
    listed = []
    for p in fitting(found):
        scored = [Quote(p, sentence, score) for score, sentence in score_sentences(found.intent, p.paper)]
        safe = [quote for quote in scored if not is_addressed(quote.sentence.text)] or scored
        listed += [max(_with_figures(found.intent, safe), key=lambda quote: quote.score)] if safe else []
    return tuple(_with_figures(found.intent, listed)[:most])


def _lines(quotes: Sequence[Quote]) -> tuple[list[str], list[Claim]]:
    """A line of the answer for each paper, and the claims in it. Beyond ROOM characters a paper is only named."""
    lines: list[str] = []
    claims: list[Claim] = []
    room = ROOM
    for label, of_paper in groupby(quotes, key=lambda quote: quote.labelled.label):
        group = list(of_paper)
        name = inert(group[0].labelled.paper.short_name or group[0].labelled.paper.title)
        room -= sum(len(quote.sentence.text) for quote in group)
        if lines and room < 0:
            named = (Citation(label),)
            said = [Claim(f"{name} {marker(named)}", named, Check("nothing_to_check"))]
            lines.append(f"- {said[0].text}")
        else:
            said = [quote.claim for quote in group]
            lines.append(f"- {name}: {' '.join(claim.text for claim in said)}")
        claims += said
    return lines, claims


@dataclass(frozen=True)
class Quoted:
    """An answer in quotes: its Markdown, its sentences, and whether it answers."""

    text: str
    claims: tuple[Claim, ...]
    answered: bool = True


def in_quotes(question: Question, found: Retrieved, without: Collection[Citation] = (), most: int = LISTED) -> Quoted:
    """The answer to a question in the papers' own words, one line per paper. If a name or a term of the
    question appears in no paper, the nearest papers instead. `without`: sentences already cited, which are not
    repeated if there are others. `most`: papers that a list names in a line each; of more it says how many."""
    if missing := missing_terms(question, found):
        return not_in_papers(found, missing)
    meant = papers_meant(question, found)
    if absent := names_absent(question, found, meant):
        return not_in_papers(found, absent, meant)
    lists = found.intent.lists and not meant
    quotes = list_quotes(found, most) if lists else choose_quotes(question, found)
    quotes = tuple(quote for quote in quotes if quote.claim.citations[0] not in without) or quotes
    if not quotes:
        return not_in_papers(found, found.unknown)
    cited = {quote.claim.citations[0].label for quote in quotes}
    lead = f"{own_words(p.paper for p in found.papers if p.label in cited)}:"
    if "figure" in found.intent.kinds and not any(FIGURE.search(q.sentence.text) for q in quotes):
        lead = f"No figure was found for this. {lead}"
    lines, said = _lines(quotes)
    claims = (Claim(lead, (), Check("nothing_to_check")), *said)
    if lists and (more := len(fitting(found)) - len(quotes)) > 0:
        least = "at least " if len(found.papers) >= MOST_FOUND else ""
        lines += ["", f"And {least}{more} more."]
    return Quoted("\n".join([lead, "", *lines]), claims)


def not_in_papers(found: Retrieved, missing: Sequence[str] = (), of: Sequence[LabelledPaper] = ()) -> Quoted:
    """Says that the papers have no answer, and lists the nearest. `of`: the papers that a question names, if the
    missing words are missing in those."""
    words = " and ".join(f"“{word}”" for word in missing[:3])
    appear = "appear" if len(missing) > 1 else "appears"
    where = " or ".join(inert(p.paper.short_name or p.paper.shown_title) for p in of)
    said = f"{words} {appear} in none of them" if not of else f"{where} does not mention {words}"
    lead = f"Not in your papers: {said}." if missing else "Not in your papers."
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
    else all of them, if they are at least half of its words and it is about no paper by name, or if no paper has as
    much of the question as one that answers it would."""
    unknown = tuple(w for w in found.unknown if not any(w != other and w in other for other in found.unknown))
    if names := tuple(word for word in unknown if question.has_name(word)):
        return names
    if not unknown or (found.about and not found.named):  # "on which data set was it tested?" asks of what was cited
        return ()
    if not found.about and len(found.stems) - len(found.unknown) <= len(unknown):
        return unknown
    best = max((paper_coverage(found.intent, p.paper) for p in found.papers), default=0.0)
    if papers_meant(question, found):
        return unknown if len(unknown) > 1 and best < LITTLE_OF_NAMED else ()
    return unknown if best < LITTLE else ()
