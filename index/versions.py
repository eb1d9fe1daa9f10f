"""Names with a version or a size in a question: "GPT-5", "Mamba 3", "Llama-3.1 70B"; not "64x64" or "8 GPUs"."""

import re
from collections.abc import Callable

from index.english import MONTHS, QUESTION_WORDS

_VERSIONED = re.compile(  # "GPT-5", "FBNet v5"; bounded, so that no text makes it slow
    r"(?<![\w-])(?!Top-)(?=[\w-]{0,40}[A-Z])[A-Za-z][\w-]{0,40}-[vV]?\d(?:[\w.]{0,40}\w)?"
    r"|\b\w{0,40}(?:[a-z][A-Z]|[A-Z]{2})\w{0,40}\s+[vV]?\d(?:\.?\d)?\b"
)
_NUMBERED = re.compile(  # "Mamba 3", "Llama-3.1 70B", "Qwen 4": a version or a size after a word with a capital
    r"(?<![\w-])(?P<name>[A-Z][\w.-]{1,40})(?:\s|-)(?P<number>[vV]?\d{1,2}(?:\.\d{1,2})?|\d{1,4}(?:\.\d)?[BM])(?![\w.%-]*[\w%])"
    r"(?!\s*(?:[%×x]|[GTC]PUs?|[KMGT]?i?B|bits?|layers?|papers?|authors?|tokens?|points?|times?|hours?|days?|weeks?"
    r"|images?|steps?|epochs?|experts?|heads?|nodes?|devices?|languages?|tasks?|data)\b)"
)
_COUNTED = frozenset(  # what is numbered, rather than named, by the number that follows
    "table tables figure fig section chapter week day month year top level stage phase step part equation eq page "
    "paper question rank round use uses using only over under with and or the in on at of by for from to is are".split()
)


def versioned_names(text: str, is_known: Callable[[str], bool]) -> list[str]:
    """The names with a version or a size in a folded text, as they are written. A number after an ordinary word with a
    capital belongs to it if papers use the word (`is_known`)."""
    found = [name[0] for name in _VERSIONED.finditer(text)]
    for name in _NUMBERED.finditer(text):
        word = name["name"]
        numbered = word.casefold() in _COUNTED | QUESTION_WORDS or word[:3].casefold() in MONTHS
        if not numbered and is_known(word) and name[0] not in found:
            found.append(name[0])
    return found
