"""The language of a text, by its script and its most common words. No model, no calls."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

ENOUGH = 2  # the least weight of a language's common words in a Latin text; it must also exceed any other language's

_SCRIPTS = (
    ("Japanese", re.compile(r"[\u3040-\u30ff]")),
    ("Korean", re.compile(r"[\uac00-\ud7af]")),
    ("Chinese", re.compile(r"[\u4e00-\u9fff]")),
    ("Ukrainian", re.compile(r"[іїєґІЇЄҐ]")),
    ("Russian", re.compile(r"[\u0400-\u04ff]")),
    ("Arabic", re.compile(r"[\u0600-\u06ff]")),
    ("Hebrew", re.compile(r"[\u0590-\u05ff]")),
    ("Greek", re.compile(r"[\u0370-\u03ff]{3}")),
    ("Hindi", re.compile(r"[\u0900-\u097f]")),
    ("Thai", re.compile(r"[\u0e00-\u0e7f]")),
)
_COMMON = {
    "English": "the of and to in is that for it on with as are this by which what how does do be from or not we can "
    "an at than much many papers paper about who when why where use using used show list find there have has any all",
    "German": "der die das und ist ein eine einen für mit auf den dem des von zu im nicht welche welcher welches wie "
    "was werden wird sind es auch bei über gibt viel viele warum wer kann durch aus nach arbeiten papiere",
    "French": "le la les des et est un une du dans pour sur que qui quels quelles quel quelle comment avec par ce ces "
    "sont il elle au aux plus combien pourquoi articles papiers de en l d ne pas",
    "Spanish": "el la los las de y es un una en para por con que qué cómo cuál cuáles cuánto cuánta cuántos son se del "
    "al más como su artículos papeles sobre no hay",
    "Italian": "il lo la gli le di e è un una in per con che quali quale come sono dei delle della nel si più quanto "
    "quanti articoli su non del da",
    "Portuguese": "o a os as de e é um uma em para por com que quais qual como são se do da dos das mais quanto "
    "quantos artigos sobre não no na",
    "Dutch": "de het een en is van in op met voor welke wat hoe zijn dat die niet worden wordt door over veel papers "
    "waarom er om aan",
    "Polish": "i w na z jest to się nie że jak które która który ile czy są do dla przez od artykuły prace",
    "Turkish": "ve bir bu için ile hangi nasıl ne kadar mi mı olan çok makaleler olarak gibi daha",
    "Swedish": "och i att det som en på är av för med den till inte vilka vilken hur vad om kan artiklar de",
    "Vietnamese": "và của là có các những một cho trong với không được như thế nào bài báo gì bao nhiêu",
    "Indonesian": "yang dan di dari untuk dengan ini itu adalah apa bagaimana berapa makalah dalam pada tidak mana",
}
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}


@lru_cache(maxsize=4096)  # the same abstracts are found again and again
def language_of(text: str) -> str | None:
    """The English name of a text's language; None if that is unclear (a name, a few figures)."""
    letters = sum(character.isalpha() for character in text)
    for language, script in _SCRIPTS:
        if len(script.findall(text)) * 4 >= max(letters, 1):
            return language
    words = re.findall(r"[^\W\d_]+", text.lower())
    held = Counter({name: sum(_weight(word) for word in words if word in common) for name, common in _WORDS.items()})
    held["Spanish"] += 2 * ("¿" in text)
    (best, most), (_, second) = held.most_common(2)
    return best if most >= ENOUGH and most > second else None


def _weight(word: str) -> int:
    """An accented word says more than `de`, which five languages share."""
    return 1 if word.isascii() else 2


def main_language(texts: Iterable[str]) -> str:
    """The language of most of the texts; English if it is unclear for all."""
    found = Counter(filter(None, map(language_of, texts)))
    return found.most_common(1)[0][0] if found else "English"
