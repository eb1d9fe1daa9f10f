"""A written sentence cut into clauses, each with the citations that stand for it.

`A gives 2x [1.4] and B 3x [2.1].` is two clauses. A marker stands for the words before it; after a preposition
("In [1.4], ...") or at the very beginning it stands for the words that follow.
"""

import re
from dataclasses import dataclass

from assistant.citations import Marker, find_markers
from assistant.documents import Citation

_LEADS = re.compile(
    r"(?:^|\b(?:in|by|of|from|per|see|to|for|like|unlike|than|as|with|paper|papers)|;)[\s(]*$", re.IGNORECASE
)
_WORDS = re.compile(r"\w{2,}")


@dataclass(frozen=True)
class Clause:
    """Words and what they cite."""

    text: str
    citations: tuple[Citation, ...]


def clauses(sentence: str) -> tuple[Clause, ...]:
    """The clauses of a written sentence, in order. Without a marker: one, which cites nothing. Words after the
    last marker belong to its clause; words between a leading and a closing marker to both."""
    found: list[Clause] = []
    waiting = ""  # words that belong to the clause to come
    leading: tuple[Citation, ...] = ()  # a marker that stands for the words after it
    position = 0
    for marker in _merged(find_markers(sentence), sentence):
        before = waiting + sentence[position : marker.start]
        position = marker.end
        if not _LEADS.search(before):
            found.append(Clause(before.strip(), tuple(dict.fromkeys(leading + marker.citations))))
            waiting, leading = "", ()
        elif leading:
            found.append(Clause(before.strip(), leading))
            waiting, leading = "", marker.citations
        else:
            waiting, leading = before, marker.citations
    rest = waiting + sentence[position:]
    if leading or not found:
        return (*found, Clause(rest.strip(), leading))
    last = found[-1]
    return (*found[:-1], Clause((last.text + rest).strip(), last.citations))


def _merged(markers: list[Marker], sentence: str) -> list[Marker]:
    """Markers with no words between them (`[1.4][2.1]`, `[1.4], [2.1]`) as one."""
    merged: list[Marker] = []
    for marker in markers:
        if merged and not _WORDS.search(sentence[merged[-1].end : marker.start].replace("and", "")):
            last = merged.pop()
            marker = Marker(last.start, marker.end, tuple(dict.fromkeys(last.citations + marker.citations)))
        merged.append(marker)
    return merged
