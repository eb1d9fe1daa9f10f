"""Which figures of a text differ from those of an earlier version of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.checking.quantities import LABEL, YEAR, Quantity, quantities
from assistant.checking.text import clean
from index.sentences import Sentence
from index.text import stems_of

ALIKE = 0.3  # of the words of two sentences, without figures, from which one stands for the other


@dataclass(frozen=True)
class RevisedFigure:
    """A figure as it was written and as it is now, each with its sentence; one of the two may be missing."""

    before: str | None
    now: str | None
    was: Sentence | None
    sentence: Sentence | None


@dataclass(frozen=True)
class _Read:
    sentence: Sentence
    words: frozenset[str]
    figures: tuple[Quantity, ...]


def revised_figures(old: Sequence[Sentence], new: Sequence[Sentence]) -> tuple[RevisedFigure, ...]:
    """The figures of one version of a text that the other has not, in their order; those of the same unit in sentences
    of like words as one that was revised."""
    before, now = [_read(s) for s in old], [_read(s) for s in new]
    gone, come = _missing(before, now), _missing(now, before)
    revised = []
    for read, figure in gone:
        alike = [each for each in come if each[1].unit == figure.unit and _likeness(read, each[0]) >= ALIKE]
        found = max(alike, key=lambda each: _likeness(read, each[0]), default=None)
        if found is not None:
            come.remove(found)
        text, sentence = (found[1].text, found[0].sentence) if found else (None, None)
        revised.append(RevisedFigure(figure.text, text, read.sentence, sentence))
    return (*revised, *(RevisedFigure(None, figure.text, None, read.sentence) for read, figure in come))


def _read(sentence: Sentence) -> _Read:
    text = clean(sentence.text)
    figures = tuple(q for q in quantities(text) if q.unit not in (YEAR, LABEL))
    words = frozenset(stem for stem in stems_of(text) if not any(sign.isdigit() for sign in stem))
    return _Read(sentence, words, figures)


def _missing(these: Sequence[_Read], those: Sequence[_Read]) -> list[tuple[_Read, Quantity]]:
    """The figures of some sentences that others have nowhere, each once."""
    known = {_value(figure) for read in those for figure in read.figures}
    missing: dict[tuple[str, float, str], tuple[_Read, Quantity]] = {}
    for read in these:
        for figure in read.figures:
            if _value(figure) not in known:
                missing.setdefault(_value(figure), (read, figure))
    return list(missing.values())


def _value(figure: Quantity) -> tuple[str, float, str]:
    return figure.unit, round(figure.value, 9), figure.literal


def _likeness(one: _Read, other: _Read) -> float:
    return len(one.words & other.words) / (len(one.words | other.words) or 1)
