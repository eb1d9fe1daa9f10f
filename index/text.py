"""How words are compared: text is folded, split into words and stemmed as in the word index; and a paper's names.

Knows nothing of indexes, dates or questions.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence

import tantivy

from index.paper import Paper
from index.readable import readable
from index.safety.inert import visible

_IDEOGRAPH = r"[\p{Han}\p{Hiragana}\p{Katakana}]"  # written without spaces: each is a word of its own
_WORD = rf"{_IDEOGRAPH}|[\p{{L}}\p{{N}}\p{{M}}--{_IDEOGRAPH}]+(?:\.\p{{N}}+[\p{{L}}\p{{N}}]*)*"  # "Qwen2.5" is one word
_PLAIN_WORD = re.compile(r"[A-Za-z\d]+(?:\.\d+[A-Za-z\d]*)*", re.ASCII)  # the same where all is ASCII, but faster
_LONGEST = 80
_SHORTEST_FAMILY = 4
_VERSION = re.compile(r"v?\d+(?:\.\d+)*$")
_COMMAND = re.compile(r"\\(?:text|math|operator|emph)\w*\s*\{|\\[,;:!]")
_TIMES = re.compile(r"\\times|×")
_INDEX = re.compile(r"_(?=\{[A-Za-z\d]+\})")  # `K_{max}` is one word
_MARKUP = re.compile(r"_(?=\{)|[\^{}$\\]|['’]s\b")
_NOT_PLAIN = re.compile(r"[^ -#%&(-\[\]`-z|~]")  # no sign of what the others look for
_GREEK = re.compile(r"(?<![Ͱ-Ͽ])[α-ωΑ-Ω](?![Ͱ-Ͽ])")  # a letter by itself: a symbol, not a word of Greek


def fold(text: str) -> str:
    """Text as it is matched: readable, compatibility characters unified, LaTeX markup and possessives removed
    (`$D^{2}$MoE` is `D2MoE`), Greek symbols spelled out (`π0` is `pi0`), underscores as spaces."""
    text = readable(_INDEX.sub("", text))
    if not _NOT_PLAIN.search(text):
        return text
    text = unicodedata.normalize("NFKC", visible(text))
    text = _MARKUP.sub("", _TIMES.sub("x", _COMMAND.sub("", text))).replace("_", " ")
    return _GREEK.sub(lambda found: unicodedata.name(found[0]).rsplit(" ", 1)[-1].lower(), text)


def _analyzer(tokenizer: tantivy.Tokenizer, *, stemmed: bool) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tokenizer)
    builder = builder.filter(tantivy.Filter.remove_long(_LONGEST)).filter(tantivy.Filter.ascii_fold())
    if stemmed:
        builder = builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.stemmer("english"))
    return builder.build()


STEMS = _analyzer(tantivy.Tokenizer.regex(_WORD), stemmed=True)
FORMS = _analyzer(tantivy.Tokenizer.regex(_WORD), stemmed=False)
_PLAIN_STEMS = _analyzer(tantivy.Tokenizer.whitespace(), stemmed=True)


def stems_of(text: str) -> list[str]:
    """The words of a text as the index stores them: folded, lower case, Porter stems, in order."""
    folded = fold(text)
    if folded.isascii():
        return _PLAIN_STEMS.analyze(" ".join(_PLAIN_WORD.findall(folded)))
    return STEMS.analyze(folded)


def stems_among(texts: Sequence[str], wanted: Collection[str]) -> list[tuple[set[str], int]]:
    """Which of some stems each text has, and how many words; faster than `stems_of`, as only words that begin like one
    of them are stemmed."""
    beginnings = {stem[:2] for stem in wanted}
    beginnings |= {f"{beginning[0]}y" for beginning in beginnings if beginning[1:] == "i"}  # `dying` is `die`
    among: list[tuple[set[str], int]] = []
    for folded in map(fold, texts):
        if folded.isascii():
            words = _PLAIN_WORD.findall(folded.lower())
            stems = _PLAIN_STEMS.analyze(" ".join([word for word in words if word[:2] in beginnings]))
        else:
            words = stems = STEMS.analyze(folded)
        among.append((set(stems).intersection(wanted), len(words)))
    return among


def forms_of(text: str) -> list[str]:
    """The words of a text as written, case kept; one for each of `stems_of`."""
    folded = fold(text)
    if folded.isascii():
        return [word for word in _PLAIN_WORD.findall(folded) if len(word) < _LONGEST]
    return FORMS.analyze(folded)


def squash(text: str) -> str:
    """A name as one word, however it is spaced, hyphenated and capitalised: `FBNet v5` is `fbnetv5`."""
    return "".join(forms_of(text)).casefold()


def names_of(paper: Paper) -> set[str]:
    """The names of a paper, squashed: its title, its short name, and `fbnet*` for the family of `FBNetV5`."""
    names = {squash(paper.title)}
    if short := squash(paper.short_name or ""):
        names.add(short)
        family = _VERSION.sub("", short)
        if family != short and len(family) >= _SHORTEST_FAMILY:
            names.add(f"{family}*")
    return names
