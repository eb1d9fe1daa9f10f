"""Where in a draft's files the sentences stand that were read from it."""

from collections.abc import Iterable

from assistant.checking.reading import BRACKETED
from assistant.documents import Claim
from assistant.drafts.draft import Draft

_ENOUGH = (48, 24, 12)  # letters of a sentence, of which one is looked for after the other
_SKIPPED = 4  # words at its beginning that may be written in another way, as by a command


def places_of(draft: Draft, claims: Iterable[Claim]) -> list[str | None]:
    """File and line of each claim, as `draft.tex:12`, by the letters and digits of its first words; None where they
    stand nowhere as they were read, as where commands lie among them."""
    files = [(name, *_letters(text)) for name, text in draft.files]
    reached = [0] * len(files)
    return [_place(files, reached, BRACKETED.sub("", claim.text).split()) for claim in claims]


def _place(files: list[tuple[str, str, list[int]]], reached: list[int], words: list[str]) -> str | None:
    """Where a sentence begins; each file is looked through from where the sentence before it stood, then whole."""
    begun = [_letters("".join(words[skipped:]))[0] for skipped in range(_SKIPPED + 1)]
    for letters, enough in ((letters, enough) for letters in begun for enough in _ENOUGH):
        if not letters or len(letters) < min(enough, _ENOUGH[-1]):
            continue
        for number, (name, text, lines) in enumerate(files):
            for start in (reached[number], 0):
                if (at := text.find(letters[:enough], start)) >= 0:
                    reached[number] = at
                    return f"{name}:{lines[at]}"
    return None


def _letters(text: str) -> tuple[str, list[int]]:
    """The letters and digits of a text, folded, and the line of each."""
    found: list[str] = []
    lines: list[int] = []
    for number, line in enumerate(text.splitlines(), 1):
        folded = [sign for sign in line.casefold() if sign.isalnum()]
        found += folded
        lines += [number] * len(folded)
    return "".join(found), lines
