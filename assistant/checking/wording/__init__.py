"""Compares the wording of a sentence with the sentences it cites: hints, never flags.

No parser and no model: neighbouring words and the number of negations decide. A hint names two words to compare; where
one stands no tick is shown. Rules are chosen so that few faithful sentences get one; they find half of what is turned.
"""

from functools import lru_cache

from assistant.checking.evidence import CitedScope, Evidence
from assistant.checking.wording.addition import beginnings, new_phrase
from assistant.checking.wording.comparison import other_way_round, own_names
from assistant.checking.wording.negation import added, dropped
from assistant.checking.wording.polarity import turned
from assistant.checking.wording.strength import raised
from assistant.checking.wording.words import words_of
from assistant.documents import Hint


def look_up_wording(text: str, scope: CitedScope) -> list[Hint]:
    """Where the wording of a clean clause seems to differ from the sentences it cites."""
    words, sources = words_of(text), [words_of(statement.text) for statement in scope.cited]
    known = [_beginnings(evidence) for evidence in scope.evidence]
    own = frozenset[str]().union(*(_own(evidence) for evidence in scope.evidence))
    found = (
        turned(words, sources),
        added(words, sources),
        dropped(words, sources),
        other_way_round(words, sources, own),
        raised(words, sources),
        new_phrase(words, known),
    )
    return [hint for hint in found if hint is not None]


@lru_cache(maxsize=4096)
def _beginnings(evidence: Evidence) -> frozenset[str]:
    return beginnings(words_of(statement.text) for statement in (evidence.title, *evidence.sentences))


@lru_cache(maxsize=4096)
def _own(evidence: Evidence) -> frozenset[str]:
    return own_names(evidence.title.text, " ".join(statement.text for statement in evidence.sentences))
