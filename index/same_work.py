"""Whether two records of one title, of which an id does not tell it, are of one paper.

They are of two where their people or their abstracts differ clearly: the title of a course or a survey is used again by
others. They are of one where they do not: an abstract is shortened, edited, typeset otherwise; people are given by
their initials, or as an organisation. `tests/benchmarks/same_title.py` measures the rule.
"""

import re
import unicodedata

from index.english import FUNCTION_WORDS
from index.ids import normalise_title
from index.paper import Paper

SHARED_WORDS = 0.4
"""The share of the shorter abstract's own words that the longer one must have, for two records of one paper."""
SHARED_WORDS_OF_THE_SAME_PEOPLE = 0.25
"""The same where the people are the same: a later version may be written anew."""

_GROUP = re.compile(
    r"\b(?:and|of|the|for|at|group|team|labs?|consortium|collaboration|research|project|institute|university|"
    r"universities|anonymous|authors?|corporation|inc|ltd|ai|et|al)\b|\d",
    re.IGNORECASE,
)
_PARTICLES = frozenset("jr sr ii iii iv phd md".split())
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")


def same_work(one: Paper, other: Paper) -> bool:
    """Whether two records of one title are of one paper, as far as their people and abstracts tell."""
    people = _same_people(one, other)
    if people is False:
        return False
    title = _words(f"{one.title} {other.title}")
    words, others = _words(one.shown_abstract) - title, _words(other.shown_abstract) - title
    fewer = min(len(words), len(others))
    if not fewer:
        return True
    return len(words & others) / fewer >= (SHARED_WORDS_OF_THE_SAME_PEOPLE if people else SHARED_WORDS)


def _same_people(one: Paper, other: Paper) -> bool | None:
    """Whether two records name the same people; None where it cannot be told: one names nobody, or an organisation,
    or writes the names in another script."""
    names = [_names(paper) for paper in (one, other)]
    if not all(names):
        return None
    latin = [all(name.isascii() for person in people for name in person) for people in names]
    if latin[0] != latin[1]:
        return None
    fewer, more = sorted(names, key=len)
    shared = sum(any(_same_person(person, another) for another in more) for person in fewer)
    return None if 0 < 2 * shared < len(fewer) else shared > 0


def _same_person(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names share a word, and the initials of the rest do not speak against it."""
    if not any(len(word) > 1 and word in other for word in one):
        return False
    initials, others = ({word[0] for word in a if word not in b} for a, b in ((one, other), (other, one)))
    return not initials or not others or bool(initials & others)


def _names(paper: Paper) -> list[tuple[str, ...]]:
    """The words of each person's name, without accents; of organisations none."""
    people = [name for name in paper.authors if name != paper.organization and not _GROUP.search(name)]
    found = (tuple(w for w in _folded(name).split() if w not in _PARTICLES) for name in people[:200])
    return [words for words in found if any(len(word) > 1 for word in words)]


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return normalise_title("".join(sign for sign in decomposed if not unicodedata.combining(sign)))


def _words(text: str) -> frozenset[str]:
    """The words of a text that say what it is about, by their first six letters; of a script without spaces, its pairs
    of signs."""
    found = set()
    for word in normalise_title(text).split():
        if _SPACELESS.search(word):
            found |= {word[at : at + 2] for at in range(len(word) - 1)}
        elif word not in FUNCTION_WORDS and not (word.isalpha() and len(word) < 3):
            found.add(word[:6])
    return frozenset(found)
