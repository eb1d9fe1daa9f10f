"""What a model calls a group of papers, a few words without citations: whether the papers themselves bear it out.

A heading says something of all its papers, so that one paper, whatever its abstract asks for, cannot write it: its
figures and names, and most of its other words, must stand in more than one of them. Where there is but one paper all
of it must stand there. Orders and advertisements bear out nothing.
"""

from collections.abc import Mapping

from assistant.addressed import is_addressed
from assistant.checking.evidence import Statement, evidence_of
from assistant.checking.names import EVERYDAY, names
from assistant.checking.sentence import check_sentence
from assistant.checking.text import clean, content_words
from assistant.citations import marker
from assistant.documents import Citation, Label
from index.paper import Paper

SHARED, ALONE = 0.5, 0.8  # of a heading's words that must stand in two papers, or in the only one


def is_borne_out(heading: str, papers: Mapping[Label, Paper]) -> bool:
    """Whether a heading holds nothing that its papers, by label, do not say together."""
    citing = f"{heading} {marker(Citation(label) for label in papers)}"
    if check_sentence(citing, papers).verdict not in ("ok", "nothing_to_check"):
        return False
    least = min(2, len(papers))
    text = clean(heading)
    kept = [
        [s for s in (e.title, *e.sentences) if not is_addressed(s.shown)] for e in map(evidence_of, papers.values())
    ]
    words = set(content_words(text))
    held = {word for word in words if sum(_holds(word, statements) for statements in kept) >= least}
    named = {w for name in names(text) if name.text.lower() not in EVERYDAY for w in content_words(name.text)}
    exact = {word for word in words if any(map(str.isdigit, word))} | named
    return exact <= held and len(held) >= (SHARED if least > 1 else ALONE) * len(words)


def _holds(word: str, statements: list[Statement]) -> bool:
    return any(word in statement.words for statement in statements)
