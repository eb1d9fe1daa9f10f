"""How a question refers to the conversation: "and the second?", "what about those?"."""

import re
from dataclasses import dataclass

from index.english import ORDINALS

_FOLLOWS = re.compile(
    r"""^\W*(?:and|but|so|also|what\sabout|how\sabout|which\sof|really|then)\b
      | \b(?:it|its|they|them|their|theirs|both|the\s(?:first|second|third|fourth|fifth|last|same))\b
      | \b(?:this|that|these|those|the)\s(?:papers?|methods?|models?|approach(?:es)?|systems?|works?|authors?|ones?)\b
      | \b(?:this|that|these|those)\W*$""",
    re.IGNORECASE | re.VERBOSE,
)
_OTHERS = re.compile(r"\b(?:others?|else|more|besides|apart\sfrom|another|any|all|papers)\b", re.IGNORECASE)
_PLACES = ORDINALS[:5]
_POINTS = re.compile(rf"\bthe\s({'|'.join(_PLACES)})\b|\[(\d{{1,2}})\]|\bpaper\s(\d{{1,2}})\b", re.IGNORECASE)
_BOTH = re.compile(r"\bboth\b", re.IGNORECASE)


@dataclass(frozen=True)
class Reference:
    """What a question takes from the conversation, if there is one: `follows`, whether it points back or says too
    little by itself; `place` (from 0) and `label`, the paper it points to; `both`, the two papers discussed last;
    `others`, whether it asks for other papers too."""

    follows: bool
    place: int | None
    label: int | None
    both: bool
    others: bool


def reference_in(text: str, alone: bool) -> Reference:
    """Reads what a question takes from the conversation. `alone`: whether its words are enough by themselves."""
    pointed = _POINTS.search(text)
    place = _PLACES.index(pointed[1].lower()) if pointed and pointed[1] else None
    label = int(pointed[2] or pointed[3]) if pointed and place is None else None
    follows = _FOLLOWS.search(text) is not None or pointed is not None or not alone
    return Reference(follows, place, label, _BOTH.search(text) is not None, _OTHERS.search(text) is not None)
