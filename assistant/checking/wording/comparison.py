"""Comparisons that a sentence tells the other way round: who is better than whom.

Parties are told by words: the names and phrases to either side of "outperforms", "than" or "over". The paper's own
system and "existing methods" are parties too, since an abstract seldom says that its own system loses.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from assistant.checking.wording.words import Words
from assistant.documents import Hint

REACH = 9  # words to either side in which a party is looked for
_BEATS = re.compile(r"outperform|surpass|exceed|beat(?:s|en|ing)?$|outpac|outscor")
_OVER = re.compile(r"than$|over$|outperform|surpass|exceed|beat(?:s|en|ing)?$|outpac|outscor")
_OTHERS = re.compile(
    r"baselines?$|previous|prior$|existing$|traditional$|conventional$|sota$|compet(?:itors?|ing)$|peers$|earlier$|standard$"
)
_OWN = re.compile(r"our$|proposed$")
_THE_OWN = re.compile(
    r"(?:the|this|our) (?:proposed )?(?:method|approach|framework|model|system|paper|algorithm|study)$"
)
_STATE = ("state", "of", "the", "art")
_PRESENTS = re.compile(
    r"\b(?:propos|introduc|present|develop|call|term|dubb?|nam)(?:e|es|ed|ing)?\s(?:\w+\s){0,3}?([A-Z][\w-]*[A-Z0-9][\w-]*)"
)
_TITLE = re.compile(r"^([\w^-]{2,30})\s?:\s")


@lru_cache(maxsize=4096)
def own_names(title: str, abstract: str) -> frozenset[str]:
    """The names that a paper gives to its own system, in lower case: before the title's colon, after "we propose"."""
    found = [m[1] for m in _TITLE.finditer(title)] + [m[1] for m in _PRESENTS.finditer(abstract)]
    return frozenset(part.lower() for name in found for part in re.findall(r"[^\W_]+", name)[:1] if len(part) > 1)


@lru_cache(maxsize=16_384)
def _kind_of(word: str) -> str:
    """With which kind of word a text compares; "" if the word does not compare."""
    found = _OVER.match(word)
    return "" if found is None else "beats" if _BEATS.match(word) else found[0]


def _beaten(words: Words) -> Iterator[tuple[int, Sequence[str]]]:
    """Where a text says that something is better, and the words after it, which name what is worse."""
    for place, word in enumerate(words.all):
        if _kind_of(word.text) == "beats":
            yield place, [w.text for w in words.all[place + 1 : place + 1 + REACH] if w.clause == word.clause]


def _others_win(sources: Sequence[Words]) -> bool:
    """Whether a source itself says that existing methods are better than something."""
    before = ([w.text for w in s.all[max(0, place - 2 * REACH) : place]] for s in sources for place, _ in _beaten(s))
    return any(_is_other(side[:4]) for side in before)


def _is_own(side: Sequence[str], own: frozenset[str]) -> bool:
    """Whether a party is the paper's own system: it is first named as such."""
    named = any(word in own or _OWN.match(word) for word in side[:3])
    return named or any(_THE_OWN.match(" ".join(side[:length])) for length in (2, 3))


def _is_other(side: Sequence[str]) -> bool:
    """Whether a party is existing methods, by its first words."""
    return any(_OTHERS.match(w) for w in side[:4]) or tuple(side[:4]) == _STATE


def other_way_round(words: Words, sources: Sequence[Words], own: frozenset[str]) -> Hint | None:
    """A comparison of the sentence that the source tells the other way round."""
    nearest = sources[0].text if sources else None
    for place, right in _beaten(words):
        if _is_own(right, own) and not any(_is_own(other, own) for source in sources for _, other in _beaten(source)):
            return _hint(words, place, nearest, "here the paper's own system loses")
        subject = [w.text for w in words.all[: min(4, place)]]
        first = not any(_kind_of(w.text) == "beats" for w in words.all[:place])
        if first and _is_other(subject) and not _is_other(right) and not _others_win(sources):
            return _hint(words, place, nearest, "here other methods win")
    return _swapped(words, sources)


def _swapped(words: Words, sources: Sequence[Words]) -> Hint | None:
    """Two parties that stand on the other sides of the same kind of comparison in the source, and nowhere as here."""
    for place, kind, left, right in _compared(words):
        turned = None
        for source in sources:
            for _, other, before, after in _compared(source):
                if left & before or right & after:
                    break
                if kind == other and left & after and right & before:
                    turned = turned or source
            else:
                continue
            break
        else:
            if turned is not None:
                return _hint(words, place, turned.text, "the other way round there")
    return None


def _compared(words: Words) -> Iterator[tuple[int, str, set[str], set[str]]]:
    """Where a text compares, with which kind of word, and the roots on its left and its right only."""
    for place, word in enumerate(words.all):
        kind = _kind_of(word.text)
        following = words.all[place + 1].text if place + 1 < len(words.all) else "0"
        if not kind or following[0].isdigit():
            continue
        left = {w.root for w in words.all[max(0, place - REACH) : place] if w.root and w.clause == word.clause}
        right = {w.root for w in words.all[place + 1 : place + 1 + REACH] if w.root and w.clause == word.clause}
        yield place, kind, left - right, right - left


def _hint(words: Words, place: int, nearest: str | None, why: str) -> Hint:
    word = words.all[place].text
    return Hint("comparison", word, f"compare what stands around '{word}': {why}", nearest)
