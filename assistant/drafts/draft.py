"""What every format of a draft is read into."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from index.errors import LibraryError
from index.safety.files import open_file, read_whole
from index.sources.encoding import decoded

_CITED = re.compile(r"(?<!\w)@([^\s\[\],;]{1,60})")
_BRACKET = re.compile(r"\\.|[()\[\]{}]", re.DOTALL)
_TOGETHER = 8  # keys in one bracket: a longer one would not be read as a citation


class DraftError(LibraryError):
    """A draft that cannot be read, and why."""


@dataclass(frozen=True)
class Reference:
    """An entry of a draft's bibliography: what it says of the paper, as far as that tells which one it is."""

    key: str
    text: str


@dataclass(frozen=True)
class Draft:
    """A draft: its prose with `[@key]` for each citation, its references, the files it was read from with their text
    (none if a format has no lines), and what could not be read, in sentences."""

    prose: str
    references: tuple[Reference, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Prose and the references that it cites as one text, as `check_text` reads it."""
        used = set(_CITED.findall(self.prose))
        entries = "\n\n".join(f"[{one.key}] {one.text}" for one in self.references if one.key in used)
        if not entries:
            return self.prose
        return f"{self.prose}\n\n# References\n\n{entries}\n"


def cited(keys: Iterable[str]) -> str:
    """Some keys as citations in the form that `check_text` reads: `[@one; @other]`."""
    return "".join(_brackets([key.strip() for key in keys if key.strip()]))


def _brackets(keys: list[str]) -> Iterator[str]:
    for start in range(0, len(keys), _TOGETHER):
        yield f"[{'; '.join(f'@{key}' for key in keys[start : start + _TOGETHER])}]"


def file_text(file: Path, most: int) -> str:
    """The text of a file of at most `most` bytes, in whatever encoding. Raises OSError, and ValueError (also TooLarge)
    for one that is larger or no text."""
    with open_file(file) as opened:
        return decoded(read_whole(opened, most))[0]


def closings(text: str, brackets: Mapping[str, str]) -> dict[int, int]:
    """Where each opening bracket closes, by their places; those that do not close are left out, and so are those behind
    a backslash."""
    opened: dict[str, list[int]] = {closing: [] for closing in brackets.values()}
    ends: dict[int, int] = {}
    for sign in _BRACKET.finditer(text):
        if sign[0] in brackets:
            opened[brackets[sign[0]]].append(sign.start())
        elif opened.get(sign[0]):
            ends[opened[sign[0]].pop()] = sign.start()
    return ends
