"""How a question refers to the conversation: "and the second?", "explain it more simply", "what about those?"."""

import re
from dataclasses import dataclass

from index.english import CONVERSATION_WORDS, ORDINALS, QUESTION_WORDS

_THING = r"(?:papers?|methods?|models?|approach(?:es)?|systems?|works?|authors?|ones?|studies|study)"
_POINTER = re.compile(
    rf"""\b(?:it|its|they|them|their|theirs|both|the\s(?:first|second|third|fourth|fifth|last|same|former|latter|two))\b
      | \b(?:this|that|these|those|the|the\sother|other)\s{_THING}\b
      | \bthe\sother(?:\stwo)?\b(?!\s(?!one)\w)
      | \bwhich\s(?:one|of|is|are|was)\b
      | \b(?:this|that|these|those)(?:\W*$|\s(?:compare|differ|work|mean|use|need|save|cost|perform|help|run)s?\b)
      | \b(?:does|do|did|is|was|can|will)\s(?:this|that|these|those)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_CONTINUES = re.compile(
    r"^\W*(?:and|but|so|also|what\sabout|how\sabout|really|then|why|how\scome|compared|versus|vs)\b", re.IGNORECASE
)
_OTHERS = re.compile(
    r"""\b(?:others|(?<!what\s)else|besides|apart\sfrom|another|any\sother|other\s(?:papers|methods|models|works|approaches))\b
      | (?<!these\s)(?<!those\s)(?<!the\s)(?<!two\s)(?<!both\s)\b(?:papers|articles)\b
      | \b(?:which|what|any|all|more)\s(?:methods|models|approaches|techniques|systems|works)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_PLACES = (*ORDINALS[:5], "former", "latter", "last")
_POINTS = re.compile(rf"\bthe\s({'|'.join(_PLACES)})\b|\[(\d{{1,2}})\]|\bpaper\s(\d{{1,2}})\b", re.IGNORECASE)
_OF_TIME = re.compile(r"\bthe\s(?:first|last)\s(?:to|time|week|month|year|day|few|author|\d)", re.IGNORECASE)
_BOTH = re.compile(r"\b(?:both|the\stwo|each\sof\sthem|they|them|their)\b", re.IGNORECASE)
_OTHER_ONE = re.compile(r"\bthe\sother(?:\s(?:one|paper|method|model|system|approach))?\b(?!\s\w*s\b)", re.IGNORECASE)


@dataclass(frozen=True)
class Reference:
    """What a question takes from the conversation, if there is one: `follows`, whether it points back or says too
    little by itself; `points`, whether it has a word that points back; `place` (from 0; -1: the last) and `label`,
    the paper it points to; `both`, the two papers discussed last; `other`, the one of them that is not the last;
    `others`, whether it asks for other papers too; `empty`, whether it has no word that says what it asks about."""

    follows: bool
    points: bool
    place: int | None
    label: int | None
    both: bool
    other: bool
    others: bool
    empty: bool


def reference_in(text: str, subject: int) -> Reference:
    """Reads what a question takes from the conversation. `subject`: how many of its words say what it is about."""
    pointed = None if _OF_TIME.search(text) else _POINTS.search(text)
    place = _place(pointed[1].lower()) if pointed and pointed[1] else None
    label = int(pointed[2] or pointed[3]) if pointed and place is None else None
    points = _POINTER.search(text) is not None or pointed is not None
    follows = points or _CONTINUES.search(text) is not None or subject < 2
    others = _OTHERS.search(text) is not None
    both, other = _BOTH.search(text) is not None, _OTHER_ONE.search(text) is not None
    words = re.findall(r"[^\W_]+", text.casefold())
    speaks = any(word in CONVERSATION_WORDS for word in words) or points
    empty = speaks and all(word in CONVERSATION_WORDS or word in QUESTION_WORDS for word in words)
    return Reference(follows, points, place, label, both, other, others, empty)


def _place(word: str) -> int:
    return {"former": 0, "latter": 1, "last": -1}[word] if word not in ORDINALS else ORDINALS.index(word)
