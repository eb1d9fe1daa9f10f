"""Phrases of a sentence that nothing in the cited paper bears out: ", enabling zero-shot transfer to robots"."""

from collections.abc import Iterable, Iterator, Sequence

from assistant.checking.wording.words import Word, Words, root
from assistant.documents import Hint

SPECIFIC, SHARE, NEW = 2, 0.7, 0.7  # new specific words: at least so many, so large a share; and of all its words
BEGINNING = 4  # letters by which a word of the sentence is told to be one of the paper's
LEAST = 4  # content words of a phrase
_JOINS = frozenset("and while but with".split())
# what can be said of any paper: such words neither bear out a phrase nor make it new
GENERIC = frozenset(
    map(
        root,
        """ability able accuracy accurate achieve across address advance advancement affect aim analysis analyze
        application apply approach area art aspect author base baseline benchmark beneficial benefit broad
        capability capable case cause challenge challenging common compare comparison complex condition
        consistent context contribute contribution conventional cost create critical crucial current dataset
        degrade demonstrate design detail develop different difficult direction diverse domain drive effect
        effective efficient emphasize empirical enable enhance ensure evaluate example experiment explore
        facilitate fail feature field find findings first focus framework further future gain gap general
        good help high highlight hinder however identify impact implication importance important improve
        include increase indicate inefficacy insight introduce investigate involve issue key lack large lead
        learn level leverage limit limitation low maintain make many mark meaningful method model moreover
        most multiple need notable novel offer one outcome outperform overall paper particular performance
        potential practical present problem process promising propose provide quality range real recent
        reduce rely require research result reveal robust role scenario second setting several show signal
        significant simple small solution some specific state step strategy strong struggle study
        substantial suffer suggest superior support system task technique test theoretical third though
        tight traditional train two type underscore understand use utility utilize validate value variety
        various way wide widely work world""".split(),
    )
)


def new_phrase(words: Words, sources: Sequence[frozenset[str]]) -> Hint | None:
    """The first phrase whose specific words are new: no paper of the `sources` has words that begin alike. `sources`:
    the `beginnings` of each cited paper."""
    for phrase in _phrases(words):
        if len(phrase) < LEAST:
            continue
        new = [w for w in phrase if not any(w.root[:BEGINNING] in known for known in sources)]
        if len(new) < max(SPECIFIC, NEW * len(phrase)):
            continue
        specific = [w for w in phrase if _is_specific(w)]
        strange = sum(w in specific for w in new)
        if strange >= max(SPECIFIC, SHARE * len(specific)):
            said = words.text[phrase[0].start : phrase[-1].start + len(phrase[-1].text)]
            return Hint("addition", said, f"not in the abstract: '{said}'")
    return None


def _is_specific(word: Word) -> bool:
    return bool(word.root) and word.root not in GENERIC and not word.text[0].isdigit()


def specific_roots(words: Words) -> frozenset[str]:
    """The roots of the words that cannot be said of any paper: few in "It clearly outperforms earlier methods"."""
    return frozenset(word.root for word in words.all if _is_specific(word))


def beginnings(texts: Iterable[Words]) -> frozenset[str]:
    """The first letters of the content words of some texts, by which `new_phrase` tells whether a word is new."""
    return frozenset(root[:BEGINNING] for words in texts for root in words.roots)


def _phrases(words: Words) -> Iterator[Sequence[Word]]:
    """The content words of each phrase: between commas, and at "and", "while", "but", "with"."""
    phrase: list[Word] = []
    clause = 0
    for word in words.all:
        if word.clause != clause or word.text in _JOINS:
            yield phrase
            phrase, clause = [], word.clause
        if word.root:
            phrase.append(word)
    yield phrase
