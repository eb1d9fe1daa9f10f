"""Words of other languages than English as search terms: which only ask, and the forms in which papers hold the rest.

The index stems every text as if it were English. A word of another language is therefore looked up by its own
language's stem (Snowball's, in tantivy), as the beginning of what the index holds; a Korean word without the
particles at its end. Chinese and Japanese are indexed by characters, so they need no forms.
"""

from functools import cache
from typing import Protocol

import tantivy

from index.text import forms_of

_STEMMERS = frozenset(
    "Arabic Dutch French German Greek Italian Portuguese Russian Spanish Swedish Turkish Danish Finnish Hungarian "
    "Norwegian Romanian".split()
)
_STOP_LISTS = frozenset("Dutch French German Italian Portuguese Russian Spanish Swedish Danish Finnish".split())
_ENDING = 4  # letters of an inflection after the stem
_FORMS = 12  # of one word that are searched for
_LEAST = 3  # letters of a stem that is looked up by its beginning; Korean: syllables
_ACCENTED = {  # of the stop lists: the words of a question come without accents
    "German": "über für können könnte könnten würde würden wäre hätte während müssen dürfen möchte gegenüber",
    "French": "à été être même déjà là après où très",
    "Spanish": "también está están él sí ningún",
    "Portuguese": "não são está estão também até é à já",
    "Italian": "è perché così già",
    "Swedish": "är på från för också när då så",
}
_ASKING = {  # besides a language's own stop list: words that ask, and those for "paper" and "method"
    "Spanish": "cuánto cuánta cuántos cuántas cómo qué cuál cuáles quién dónde cuándo hace hacen usa usan "
    "utiliza artículo artículos trabajo trabajos estudio sobre hay según logra explica dime puede más "
    "sencillo simple",
    "Portuguese": "quanto quanta quantos quantas como que qual quais quem onde quando faz usa usam utiliza artigo "
    "artigos trabalho trabalhos sobre há segundo explica pode mais simples",
    "French": "combien comment quel quelle quels quelles quoi qui où quand fait utilise utilisent article "
    "articles papier papiers travail travaux selon explique peut plus simple est-ce",
    "Italian": "quanto quanta quanti quante come che quale quali chi dove quando fa usa usano articolo articoli "
    "lavoro lavori secondo spiega può più semplice",
    "German": "wie viel viele wieviel wieviele welche welcher welches was wer wo wann warum macht nutzt nutzen "
    "verwendet arbeit arbeiten papier papiere artikel laut erkläre kann mehr einfacher wird werden "
    "gibt es",
    "Dutch": "hoeveel hoe welke wat wie waar wanneer waarom gebruikt gebruiken artikel artikelen meer wordt",
    "Russian": "сколько как какой какая какие каких что кто где когда почему насколько использует используют "
    "статья статьи статьях работа работы метод больше",
    "Swedish": "hur mycket många vilken vilka vad vem var när varför använder artikel artiklar mer",
    "Korean": "얼마나 얼마 무엇 무엇을 무엇인가 어떤 어떻게 왜 누가 언제 어디 몇 논문 논문은 논문이 "
    "논문에서 있나 있는가 하나 하는가 했나 되나 인가 인가요 무엇인가요 대해 대한 위한 어느 "
    "알려줘 설명해줘 설명해 줘 더 간단히 쉽게 자세히",
    "Chinese": "的 了 是 在 什 么 麼 多 少 如 何 哪 些 吗 嗎 呢 有 怎 样 樣 和 与 與 几 幾 "
    "论 論 文 为 為 能 会 这 這 那 它 请 請",
    "Japanese": "何 論 文 いくつ どの",
}


class Stems(Protocol):
    """The words that an index holds."""

    def stems_starting(self, prefix: str) -> list[tuple[str, int]]:
        """The stems that begin with a prefix, and how many papers hold each."""


@cache
def _asking(language: str) -> frozenset[str]:
    words = f"{_ASKING.get(language, '')} {_ACCENTED.get(language, '')}".split()
    return frozenset((*words, *(form.casefold() for word in words for form in forms_of(word))))


@cache
def _analyzer(language: str, stop: bool) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).filter(tantivy.Filter.lowercase())
    kept = tantivy.Filter.stopword(language.lower()) if stop else tantivy.Filter.stemmer(language.lower())
    return builder.filter(kept).build()


def only_asks_in(language: str, word: str) -> bool:
    """Whether a word of a question in this language says nothing of its subject: a function word, or one that asks.
    Of Japanese, every character of hiragana."""
    lower = word.casefold()
    if lower in _asking(language) or (language == "Japanese" and "\u3040" <= lower[:1] <= "\u309f"):
        return True
    return language in _STOP_LISTS and not _analyzer(language, True).analyze(lower)


def forms_in(language: str, word: str, index: Stems) -> list[str]:
    """The stems under which the index holds forms of a word of this language, the most frequent first."""
    if language == "Korean":
        return _without_particles(word.casefold(), index)
    if language not in _STEMMERS:
        return []
    for stem in _analyzer(language, False).analyze(word.casefold()):
        start = _folded(stem)
        if len(start) >= _LEAST:
            held = [(n, found) for found, n in index.stems_starting(start) if len(found) - len(start) <= _ENDING]
            return [found for _, found in sorted(held, reverse=True)[:_FORMS]]
    return []


def _without_particles(word: str, index: Stems) -> list[str]:
    """The forms of a Korean word: those that share its longest beginning, of at least half of its syllables."""
    for length in range(len(word), (len(word) - 1) // 2, -1):
        held = [(n, found) for found, n in index.stems_starting(word[:length]) if len(found) - length <= _ENDING]
        if held and (length > 1 or len(word) <= 3):
            return [found for _, found in sorted(held, reverse=True)[:_FORMS]]
    return []


def _folded(stem: str) -> str:
    """A stem without accents, as the index folds it, but not stemmed as English."""
    return "".join(forms_of(stem)).casefold()
