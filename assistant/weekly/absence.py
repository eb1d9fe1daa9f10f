"""Whether some papers name a subject at all, however they write it.

That errs on one side, since digests say of what is not named that it came or went: a phrase counts as named where its
words only stand in one sentence, or where a word is only its first letters.
"""

import re
from collections.abc import Sequence

from index.paper import Paper
from index.text import stems_of

ENDING = 2  # last words of a longer phrase, which name its subject alone: "tree search" of "Monte Carlo tree search"


def named_in(phrase: str, papers: Sequence[Paper]) -> bool:
    """Whether some paper has a phrase, as it is written in others, or the end of a longer one: in any spelling, its
    words in one sentence in any form and order, its first letters, or what its own letters stand for."""
    words = phrase.split()
    forms = {phrase, " ".join(words[-ENDING:]) if len(words) > ENDING else phrase}
    if any(_spelled_in(form, papers) or _shortened_in(form, papers) or _apart_in(form, papers) for form in forms):
        return True
    letters = [capitals.lower() for capitals in re.findall("[A-Z]{3,}", phrase)]
    return any(each in _first_letters(_text(p)) for p in papers for each in letters)


def _spelled_in(phrase: str, papers: Sequence[Paper]) -> bool:
    """Whether some paper has a phrase in any spelling: "pre-training" or "pre training" for "pretraining"."""
    sought = _without_signs(phrase)
    return any(sought in _without_signs(_text(p)) for p in papers)


def _shortened_in(phrase: str, papers: Sequence[Paper]) -> bool:
    """Whether some paper has the first letters of a phrase as a word: "VLAs" or "MoE", of two words "GS" or "3DGS"."""
    letters = _first_letters(phrase)
    if len(letters) < 2:
        return False
    short = (
        rf"(?i:(?<![a-z]){letters}s?(?![a-z]))" if len(letters) > 2 else rf"(?<![a-z]){letters.upper()}s?(?![A-Za-z])"
    )
    return any(re.search(short, _text(p)) for p in papers)


def _apart_in(phrase: str, papers: Sequence[Paper]) -> bool:
    """Whether some sentence has all words of a phrase."""
    wanted = set(stems_of(phrase))
    return any(
        wanted <= set(stems_of(text)) for p in papers for text in (p.shown_title, *(s.text for s in p.sentences))
    )


def _first_letters(text: str) -> str:
    return "".join(word[0] for word in re.findall(r"[^\W_]+", text.lower()))


def _text(paper: Paper) -> str:
    return f"{paper.shown_title} {paper.shown_abstract}"


def _without_signs(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))
