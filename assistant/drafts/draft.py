"""What every format of a draft is read into."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.errors import LibraryError

_CITED = re.compile(r"(?<!\w)@([^\s\[\],;]{1,60})")
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
