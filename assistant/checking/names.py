"""The names of a text: methods, models, data sets, hardware, and the acronyms of all of these.

A name is recognised by its letters: `CamelCase`, `ACRONYM`, letters with digits. There is no list of known names:
`KnownNames` is made from the texts that may contain a name, and compares folded forms, parts and initials.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.checking.text import STOP_WORDS, compact_name, stem
from assistant.checking.vocabulary import is_english, is_english_word
from index.english import NUMBER_WORDS

_TOKEN = re.compile(r"[^\W_]+(?:[-.^+_&][^\W_]+)*\+{0,2}")
_PART = re.compile(r"[^\W_]+")
_NAME_PART = re.compile(r"[^\W_]+(?:\.\d[^\W_]*)*")  # `Qwen2.5` and `7B` of `Qwen2.5-7B`
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+(?:\.\d+)?|[^\W\d_]+")
_LIKE_A_QUANTITY = re.compile(
    r"(?!\dG$|\dD?[A-Z]{2,}$)[+~]?\d[\d.,]*(?:[a-zA-Z%×]{0,3}|[-–]?(?:\d[\d.,]*)?[a-z]+)$|\d+[xX]\d+$|[1-9]D$"
)
_SYMBOL = re.compile(r"[^\W\d_]{1,2}(?:_\w+|\^[A-Z]+)$")  # T_RH, J^PC
_COUNTED = re.compile(r"(\d{1,2})-([A-Z]{2,}s?)$")  # 2-DOF
_RANKED = re.compile(r"(?:top|pass|rank|recall|precision|hits|p|r|k|n|x)[-@]?\d+$", re.I)
_LETTERS_DIGITS = re.compile(r"[^\W\d_]{2,}\d|[A-Z][-.^]?\d")
_OPERATIONS = re.compile(r"[\d.]*[KMGTPE]((?:FLOP|OP|MAC)[sS]?)")  # GFLOPs are FLOPs
_ROMAN = re.compile(r"[IVX]{1,4}$")

# everyday shorthand of the field, and of physics: "LLM", "SOTA" or "LHC" claims nothing that a source could support
EVERYDAY = frozenset(
    """ai ml dl nn nns dnn dnns llm llms lm lms vlm vlms mllm mllms nlp cv rl qa sota gpu gpus cpu cpus ram api apis ui
    id ids iid us uk eu phd tldr gt vs ok url urls it cot rgb ood ocr 2d 3d 4d sft iot uav uavs
    bsm cft cl cmb cp dm eft flrw gr gut gw ir lhc mc nlo ode odes pde pdes qcd qed qft qm sm susy uv""".split()
)


# suffixes that distinguish the models of a family, unlike "-based" or "-style"
VARIANTS = frozenset("mini nano tiny small medium base large turbo lite instruct chat preview".split())


@dataclass(frozen=True, slots=True)
class Name:
    """A name and its position. `plain`: only a capital letter shows it (`Triton`), which is weaker evidence."""

    text: str
    start: int
    plain: bool = False


def _shows(token: str) -> bool:
    """Whether a token's letters show that it is a name."""
    if len(token) < 2 or _LIKE_A_QUANTITY.match(token) or _RANKED.match(token) or _ROMAN.match(token):
        return False
    if _SYMBOL.match(token):
        return False
    letters = [c for c in token if c.isalpha()]
    if len(letters) < 2 and len(token) < 3:
        return sum(c.isupper() for c in token) == 1 and any(c.isdigit() for c in token)
    if any(c.isupper() for c in token[1:]):
        return True
    return any(c.isdigit() for c in token) and bool(token[0].isupper() or _LETTERS_DIGITS.search(token))


_PHRASE_END = re.compile(r"[.,;:()](?!\w)|[()]")


def _name_parts(token: str) -> str | None:
    """The part of a token that is a name: `LLM` of `LLM-based`, all of `FlashAttention-4`; None if there is none."""
    if "-" not in token or not _shows(token):
        return token if _shows(token) else None
    parts = token.split("-")
    while len(parts) > 1 and parts[-1].islower() and len(parts[-1]) > 2 and parts[-1] not in VARIANTS:
        parts.pop()
    while (
        len(parts) > 1
        and parts[0].islower()
        and len(parts[0]) > 3
        and (not parts[1][0].isdigit() or parts[1].upper() in ("2D", "3D", "4D"))
    ):
        parts.pop(0)
    kept = "-".join(parts)
    capitals_only = all(part.isalpha() and len(part) > 1 and (part.istitle() or part.islower()) for part in parts)
    return kept if _shows(kept) and not capitals_only else None  # not "Cross-Domain", "Plug-and-Play"


_SENTENCE_START = re.compile(r"(?:^|[.:;!?([\"*#]\s*|\n\s*|^\s*[-•]\s*|(?:\b|\()[\divx]{1,4}\)\s*)$")


def _begins(text: str, place: int) -> bool:
    """Whether a sentence, a heading or a bracket begins at a place, which explains a capital there."""
    return _SENTENCE_START.search(text[max(0, place - 6) : place]) is not None


def names(text: str) -> tuple[Name, ...]:
    """The names of a clean text, in order."""
    found = []
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token.isalpha() and token.islower():
            continue
        name = _name_parts(token)
        if name is not None:
            found.append(Name(name, match.start() + max(match[0].find(name), 0)))
        elif token.isalpha() and token.istitle() and len(token) > 2 and not _begins(text, match.start()):
            found.append(Name(token, match.start(), plain=True))
    return tuple(found)


def opening_names(text: str, known: Sequence["KnownNames"], written: Sequence[str]) -> tuple[Name, ...]:
    """The words of an English text that begin a sentence or a bracket and are not English: `Cityscapes is`. Those that
    the `known` names hold and that none of the texts `written` has are left out: nothing follows from them, and the
    list of English words is read only where something may."""
    found = []
    for match in _TOKEN.finditer(text):
        word = match[0]
        if not (word.isalpha() and word.istitle() and len(word) > 3 and _begins(text, match.start())):
            continue
        if word.lower() not in STOP_WORDS and (not _is_known(word, known) or any(word in one for one in written)):
            found.append(Name(word, match.start(), plain=True))
    foreign = [name for name in found if not is_english_word(name.text)]
    return tuple(foreign) if foreign and is_english(text) else ()


def _is_known(word: str, known: Sequence["KnownNames"]) -> bool:
    return any(word in each or each.knows_word(word) for each in known)


_GERMAN = frozenset(
    "der die das den dem ein eine einen und mit von auf für ist wird werden als um im zur bei nicht".split()
)


def is_german(text: str) -> bool:
    """Whether a text is German, where every noun has a capital."""
    return len(_GERMAN.intersection(text.lower().split())) >= 2


def _is_long(word: str) -> bool:
    """Whether a word may be one of the two that a name of two letters stands for (`GR`, `CY` for `Calabi-Yau`)."""
    return word.lower() not in STOP_WORDS and (len(word) >= 4 or (word.istitle() and len(word) == 3))


def _singular(folded: str) -> str:
    return folded[:-1] if len(folded) > 3 and folded.endswith("s") else folded


class KnownNames:
    """The names in some texts; `in` finds a name in any spelling."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._folded: set[str] = set()
        self._stems: set[str] = set()
        self._initials: list[str] = []
        self._all_initials: list[str] = []
        self._pairs: set[str] = set()
        for text in texts:
            self._read(text)

    def _read(self, text: str) -> None:
        tokens = [match[0] for match in _TOKEN.finditer(text)]
        parts: list[str] = []
        for token in tokens:
            self._folded.add(_singular(compact_name(token)))
            if unit := _OPERATIONS.match(token):
                self._folded.add(_singular(unit[1].lower()))
            pieces = _NAME_PART.findall(token)
            for i in range(len(pieces)):
                self._folded.update(
                    _singular(compact_name("".join(pieces[i:j]))) for j in range(i + 1, min(i + 5, len(pieces) + 1))
                )
            for piece in pieces:
                camel = _CAMEL.findall(piece)
                if len(camel) > 1:  # `DeltaNet` is part of `GatedDeltaNet`
                    runs = ("".join(camel[i:j]) for i in range(len(camel)) for j in range(i + 1, i + 5))
                    self._folded.update(_singular(run.lower()) for run in runs if len(run) > 2)
                parts += camel if len(camel) > 1 else [piece]
        folded = [compact_name(token) for token in tokens]
        for size in (2, 3, 4):
            self._folded.update(_singular("".join(folded[i : i + size])) for i in range(len(folded) - size + 1))
        self._stems.update(stem(_singular(part.lower())) for part in parts)
        for phrase in _PHRASE_END.split(text):
            words = [word for piece in _PART.findall(phrase) for word in _CAMEL.findall(piece) or [piece]]
            self._all_initials.append("".join(word[0].lower() for word in words))
            self._initials.append("".join(word[0].lower() for word in words if word.lower() not in STOP_WORDS))
            long = [word[0].lower() if _is_long(word) else "" for word in words]
            self._pairs.update(a + b for a, b in pairwise(long) if a and b)

    def __contains__(self, name: str) -> bool:
        if counted := _COUNTED.match(name):
            number = int(counted[1])
            words = {counted[1], *NUMBER_WORDS[number : number + 1]}
            return compact_name(name) in self._folded or (bool(words & self._folded) and counted[2] in self)
        if name.endswith("s") and name[:-1].isupper():
            name = name[:-1]  # `DMs`
        folded = _singular(compact_name(name))
        if folded in self._folded:
            return True
        if len(folded) >= 4 and any(known.startswith(folded) for known in self._folded):
            return True
        parts = _NAME_PART.findall(name)
        versioned = all(part.isdigit() for part in parts[1:])  # the 5 of `FBNetV5` may be part of anything
        if not versioned and all(_singular(compact_name(part)) in self._folded for part in parts):
            return True
        return self._abbreviates(folded, name)

    def _abbreviates(self, folded: str, name: str) -> bool:
        """Whether the letters are the initials of consecutive words (`FA4` of `FlashAttention-4`, `CoT`,
        `DOF`), and if they are two, of long words."""
        if len(folded) == 2:
            return name.isupper() and folded in self._pairs
        initials = self._initials if name.rstrip("s").isupper() and len(folded) > 3 else self._all_initials
        return 3 <= len(folded) <= 7 and any(folded in letters for letters in (*self._initials, *initials))

    def knows_word(self, word: str) -> bool:
        """Whether the texts contain a word in any form, also as a part of a name."""
        lower = word.lower()
        return stem(_singular(lower)) in self._stems or _singular(lower) in self._folded or stem(lower) in self._stems


def without_names(text: str, called: Iterable[str]) -> str:
    """A text with "it" for what some papers are called: what is in a name ("Nemotron 3") is said of no other."""
    for name in sorted(called, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "it", text)
    return text
