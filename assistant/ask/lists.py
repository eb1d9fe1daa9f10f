"""Answers to questions that ask which papers there are: every paper that fits, a line each."""

from dataclasses import replace

from assistant.ask.retrieval import Retrieved
from assistant.ask.scoring import paper_coverage
from assistant.documents import LabelledPaper
from assistant.question.intent import ASKING

MOST_FOUND = 60  # papers that are looked at for a list
FITS = 0.5  # of the question's words by weight: a paper with less does not fit
FITS_AS = 0.55  # of what the paper that fits best has
FITS_WELL = 0.8  # the same: these come first


def fitting(found: Retrieved) -> tuple[LabelledPaper, ...]:
    """The papers found that fit what a question asks for, the best first."""
    subject = {stem: weight for stem, weight in found.intent.weights.items() if stem not in ASKING}
    topic = replace(found.intent, weights=subject or found.intent.weights)
    cover = {p.label: paper_coverage(topic, p.paper) for p in found.papers}
    best = max(cover.values(), default=0.0)
    least = max(FITS, FITS_AS * best) * (0.5 if found.intent.either else 1.0)
    fit = [p for p in found.papers if cover[p.label] >= least]
    return tuple(sorted(fit, key=lambda p: cover[p.label] < FITS_WELL * best))


def with_those_that_fit(found: Retrieved) -> Retrieved:
    """What was found without the papers that do not fit, numbered anew; all of it if none fits."""
    papers = fitting(found)
    numbered = tuple(replace(p, label=number) for number, p in enumerate(papers, 1))
    return replace(found, papers=numbered) if numbered else found
