"""Words that say the opposite of the source's at the same place: "increase" for "reduce", "minority" for "majority".

Opposites are those of WordNet, and axes of this field, on which any word of one pole is the opposite of any of the
other: "preserve" and "destroy", "outperform" and "underperform".
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

from assistant.checking.text import stem
from assistant.checking.wording.negation import is_negator
from assistant.checking.wording.words import Words
from assistant.documents import Hint

NEAR = 6  # words to either side of an opposite that must be alike
ALIKE = 2  # at least so many
AXES = (
    ("improve enhance boost strengthen raise better",
     "degrade worsen weaken hurt harm impair deteriorate undermine damage"),
    ("increase raise grow rise boost amplify expand enlarge",
     "decrease reduce lower shrink decline drop fall diminish cut lessen"),
    ("outperform surpass exceed beat excel", "underperform trail lag"),
    ("achieve attain reach obtain meet match", "miss"),
    ("preserve maintain retain keep protect", "destroy lose discard sacrifice forget ruin abandon"),
    ("enable allow support facilitate help permit promote foster empower",
     "prevent hinder block impede hamper forbid inhibit preclude prohibit obstruct"),
    ("accelerate speed hasten expedite quicken", "slow delay decelerate"),
    ("robust resilient sturdy reliable", "fragile brittle unreliable"),
    ("superior better best higher highest faster stronger stronger larger more",
     "inferior worse worst lower lowest slower weaker smaller fewer less"),
    ("succeed successful successfully", "fail unsuccessful unsuccessfully"),
    ("stabilize stable stability", "destabilize unstable instability"),
    ("include contain incorporate add", "exclude omit remove"),
    ("solve resolve address overcome mitigate alleviate tackle", "exacerbate aggravate ignore"),
    ("safe safety secure security", "dangerous danger unsafe insecure insecurity"),
    ("simple easy straightforward", "complex complicated hard difficult intricate"),
    ("above over exceeds exceed", "below under"),
    ("accurate accuracy precise", "inaccurate inaccuracy imprecise"),
    ("minimize minimum minimal", "maximize maximum maximal"),
    ("first earliest early", "last latest late final"),
    ("agree agreement confirm consistent support", "disagree disagreement refute contradict inconsistent"),
)  # fmt: skip

PREFIXES = (
    ("over", "under"), ("pre", "post"), ("intra", "inter"), ("homo", "hetero"), ("sub", "super"), ("up", "down"),
    ("in", "out"), ("macro", "micro"), ("hyper", "hypo"), ("en", "dis"), ("", "un"), ("", "non"), ("", "dis"),
    ("", "anti"), ("single", "multi"), ("uni", "multi"),
)  # fmt: skip
TURNS = frozenset(map(stem, "reduce mitigate avoid prevent limit alleviate counter suppress overcome address".split()))


@cache
def opposites() -> dict[str, frozenset[str]]:
    """The stems of the opposites of each stem."""
    found: defaultdict[str, set[str]] = defaultdict(set)

    def add(one: str, other: str) -> None:
        found[stem(one)].add(stem(other))
        found[stem(other)].add(stem(one))

    for line in (Path(__file__).parent / "antonyms.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            add(*line.split())
    for high, low in AXES:
        for one in high.split():
            for other in low.split():
                add(one, other)
    return {word: frozenset(others) for word, others in found.items()}


def turned(words: Words, sources: Sequence[Words]) -> Hint | None:
    """A word of the sentence whose opposite stands in the source among the same words, and which itself does not."""
    said = frozenset[str]().union(*(source.stems for source in sources))
    for place, word in enumerate(words.all):
        others = _opposites_of(word.stem) if word.root else frozenset[str]()
        if others.isdisjoint(said) or not others.isdisjoint(words.stems):
            continue
        if word.stem in said or any(word.root in source.roots for source in sources):
            continue
        for source in sources:
            for there, other in enumerate(source.all) if others & source.stems else ():
                if other.stem not in others or not other.root or other.text.endswith("ly") != word.text.endswith("ly"):
                    continue
                if _alike(words, place, source, there) and _sign(words, place) == _sign(source, there):
                    return Hint(
                        "polarity", word.text, f"compare: '{word.text}' here, '{other.text}' there", source.text
                    )
    return None


def _alike(words: Words, place: int, source: Words, there: int) -> bool:
    """Whether two words stand among the same words: `ALIKE` of those near, one of them next to both."""
    if len(words.around(place, NEAR) & source.around(there, NEAR)) < ALIKE:
        return False
    (before, after), (earlier, later) = _beside(words, place), _beside(source, there)
    return bool(after & later or (before & earlier))


def _beside(words: Words, place: int) -> tuple[set[str], set[str]]:
    """The roots of the nearest content words before and after a place, in its clause."""
    clause = words.all[place].clause
    before = [w.root for w in words.all[max(0, place - 3) : place] if w.root and w.clause == clause][-1:]
    return set(before), {w.root for w in words.after(place, 1, 4)}


@lru_cache(maxsize=16_384)
def _opposites_of(word: str) -> frozenset[str]:
    """The stems of the opposites of a stem."""
    return opposites().get(word, frozenset()) | _by_prefix(word)


def _by_prefix(word: str) -> set[str]:
    """The opposites of a stem that another prefix makes: "underestimat" of "overestimat", "unlabel" of "label"."""
    found = set()
    for one, other in PREFIXES:
        for old, new in ((one, other), (other, one)):
            if word.startswith(old) and len(word) - len(old) >= 4:
                found.add(new + word[len(old) :])
    return found


def _sign(words: Words, place: int) -> bool:
    """Whether an even number of the words shortly before a place turns what is said there."""
    return sum(is_negator(w.text) or w.stem in TURNS for w in words.all[max(0, place - 4) : place]) % 2 == 0
