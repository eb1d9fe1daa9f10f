"""Negations that a sentence adds to what its source says, and those that it drops."""

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.checking.wording.words import Words, aligned, words_of
from assistant.documents import Hint

_NEGATOR = re.compile(
    r"not|no|never|\w+n't|cannot|without|neither|nor|non|none|nothing|unable|fail(?:s|ed|ing|ure|ures)?|lack(?:s|ed|ing)?"
)
_DENIES = re.compile(r"not|no|never|\w+n't|cannot")  # said of a verb or of a thing
# other words that deny, or that say of a thing that it is bad or small
_NEGATIVE = re.compile(
    r"""limit|only|insuffic|inadeq|difficult|challeng|ignor|neglec|overlook|strugg|hinder|hamper|instead|rather|free$
    |independ|agnost|absen|miss|remov|elimin|avoid|prevent|restrict|beyond|poor|unlik|prohib|exclu|despite|although|however
    |fall|short|zero|bottleneck|gaps?$|scarc|rare|unsup|replac|bypass|obviat|frozen|refus|reject|den(?:y|ies|ied)$|abandon
    |discard|skip|insens|invarian|hard|few|little|less$|\w{3,}less$|unable|unclear|uncertain|unex|unre|unadd|incap|incomp
    |untrain|unseen|too$|nontriv|suffer|degrad|break|reduc|alone$|open$|suppress|differ|sub""",
    re.VERBOSE,
)
REACH = 6  # words within which a negative word may turn another


@lru_cache(maxsize=16_384)
def is_negator(word: str) -> bool:
    """Whether a lower-case word denies what follows."""
    return _NEGATOR.fullmatch(word) is not None


@lru_cache(maxsize=16_384)
def _is_negative(word: str) -> bool:
    return is_negator(word) or _NEGATIVE.match(word) is not None


def added(words: Words, sources: Sequence[Words]) -> Hint | None:
    """A negation of the sentence where its source says the same words without any."""
    for place, word in enumerate(words.all):
        if not _DENIES.fullmatch(word.text):
            continue
        denied = words.after(place, 4, 9)
        same = {w.root for w in denied}
        if len(same) < 2 or any(_is_negative(w.text) for w in denied):
            continue
        near = aligned(words, place, sources)
        if near is None or len(same & near.roots) < 2:
            continue
        if all(_affirmed(same, source) for source in sources):
            said = f"compare: '{words.quoted(place, denied[:2])}' here, no '{word.text}' there"
            return Hint("negation", word.text, said, near.text)
    return None


def _affirmed(roots: set[str], source: Words) -> bool:
    """Whether no negative word of a source stands near words with some of these roots."""
    for at in (at for root in roots for at in source.places.get(root, ())):
        if any(_is_negative(w.text) for w in source.all[max(0, at - REACH) : at + 3]):
            return False
    return True


def _is_said(root_: str, source: Words) -> bool:
    """Whether a source has a word without a negative word shortly before it."""
    places = source.places.get(root_, ())
    return any(not any(_is_negative(w.text) for w in source.all[max(0, at - REACH) : at]) for at in places)


@lru_cache(maxsize=32_768)
def _denials(text: str) -> tuple[int, ...]:
    """The places of the words of a text that deny what follows, and of the "free" of "training-free"."""
    words = words_of(text).all
    return tuple(
        place
        for place, word in enumerate(words)
        if is_negator(word.text) or (word.text == "free" and place > 0 and text[word.start - 1] == "-")
    )


def dropped(words: Words, sources: Sequence[Words]) -> Hint | None:
    """A negation of the source over words that the sentence says without any."""
    for source in sources:
        for place in _denials(source.text):
            word = source.all[place]
            free = word.text == "free"
            denied = [source.all[place - 1]] if free else source.after(place, 1 if word.text == "non" else 3)
            if not denied or any(_is_said(denied[0].root, other) for other in sources if not free):
                continue
            by_verb = _BY_VERB.match(word.text)
            subject = {w.root for w in source.all[max(0, place - 4) : place] if w.root}
            for at in words.places.get(denied[0].root, ()):
                if by_verb and not any(w.root in subject for w in words.all[max(0, at - 6) : at]):
                    continue
                if all(w.root in words.around(at) for w in denied[1:]) and _is_plain(words, at, free=free):
                    said = source.quoted(place - 1 if free else place, [word] if free else denied[:2])
                    message = f"compare: '{words.all[at].text}' here, '{said}' there"
                    return Hint("negation", words.all[at].text, message, source.text)
    return None


_BY_VERB = re.compile(r"fail|lack|unable|cannot")  # of a system, which may be another than the sentence's
_USED = re.compile(r"with|requir|need|us(?:e|es|ing)$|includ|via|through")


def _is_plain(words: Words, at: int, free: bool) -> bool:
    """Whether nothing near a word turns it; `free`: whether the sentence has the thing that the source is free of."""
    near = words.all[max(0, at - 5) : at + 4]
    if any(_is_negative(w.text) for w in near if w is not words.all[at]):
        return False
    following = words.all[at + 1].text if at + 1 < len(words.all) else ""
    before = words.all[max(0, at - 3) : at]
    return (
        not free or following in ("based", "driven", "dependent", "reliant") or any(_USED.match(w.text) for w in before)
    )
