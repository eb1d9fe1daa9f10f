"""Where in a draft's files the sentences stand that were read from it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.checking.reading import BRACKETED
from assistant.documents import Claim
from assistant.drafts.draft import Draft

_ENOUGH = (48, 24, 12)  # letters of a sentence, of which one is looked for after the other
_SKIPPED = 4  # words at its beginning that may be written in another way, as by a command


@dataclass(frozen=True)
class _File:
    """A file by its letters and digits, folded: the line of each, and where words begin."""

    name: str
    letters: str
    lines: list[int]
    begins: frozenset[int]


def places_of(draft: Draft, claims: Iterable[Claim]) -> list[str | None]:
    """File and line of each claim, as `draft.tex:12`, by the letters and digits of its first words; None where they
    stand nowhere as they were read, as where commands lie among them."""
    files = [_read(name, text) for name, text in draft.files]
    reached = [0] * len(files)
    return [_place(files, reached, BRACKETED.sub("", claim.text).split()) for claim in claims]


def _place(files: list[_File], reached: list[int], words: list[str]) -> str | None:
    """Where a sentence begins; each file is looked through from where the sentence before it stood, then whole."""
    begun = [_folded("".join(words[skipped:])) for skipped in range(_SKIPPED + 1)]
    for letters, enough in ((letters, enough) for letters in begun for enough in _ENOUGH):
        if not letters or len(letters) < min(enough, _ENOUGH[-1]):
            continue
        for number, file in enumerate(files):
            for start in (reached[number], 0):
                if (at := file.letters.find(letters[:enough], start)) >= 0:
                    reached[number] = at
                    return f"{file.name}:{file.lines[at]}"
    return _place_of_few_letters(files, reached, begun[0]) if len(begun[0]) < _ENOUGH[-1] else None


def _place_of_few_letters(files: list[_File], reached: list[int], letters: str) -> str | None:
    """Where a short sentence stands in whole words, after the sentence before it: its letters alone may be anywhere."""
    for number, file in enumerate(files):
        at = file.letters.find(letters, reached[number]) if letters else -1
        while at >= 0 and not (at in file.begins and at + len(letters) in file.begins):
            at = file.letters.find(letters, at + 1)
        if at >= 0:
            reached[number] = at
            return f"{file.name}:{file.lines[at]}"
    return None


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _read(name: str, text: str) -> _File:
    letters: list[str] = []
    lines: list[int] = []
    begins: set[int] = set()
    for number, line in enumerate(text.splitlines(), 1):
        for word in re.split(r"\W+", line.casefold()):
            begins.add(len(letters))
            letters += filter(str.isalnum, word)
            lines += [number] * (len(letters) - len(lines))
    return _File(name, "".join(letters), lines, frozenset({*begins, len(letters)}))
