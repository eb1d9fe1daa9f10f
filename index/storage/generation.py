"""The folders of an index that is made of the record: one for each generation, and what the record notes of it.

Both indexes are kept this way. The record points to the generation in use. One that is damaged, has lost something or
cannot be read is made anew in the next folder, so that nothing that a kill can break is ever in use.
"""

import shutil
import zlib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from index.storage.record import Record


def _sums_of(folder: Path, pattern: str) -> dict[str, int]:
    """The CRC-32 of each file of a folder that fits a pattern and is not hidden, by its path in the folder; empty
    where there is none."""
    sums = {}
    for path in sorted(folder.glob(pattern)):
        if path.is_file() and not path.name.startswith("."):
            total = 0
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    total = zlib.crc32(block, total)
            sums[path.relative_to(folder).as_posix()] = total
    return sums


class Generations:
    """The generations of one index: folders `NAME-1`, `NAME-2` and so on, and the record's note under NAME of the one
    in use: its generation, the change of the record that it has, the sums of its files, and what else the index
    notes. `pattern` fits the files whose sums show damage before anyone reads them."""

    def __init__(self, record: Record, folder: Path, name: str, pattern: str) -> None:
        self._record = record
        self._folder = folder
        self._name = name
        self._pattern = pattern

    def state(self) -> dict[str, Any]:
        """The note of the generation in use; empty where there is none."""
        return self._record.state(self._name)

    def change(self) -> int:
        """The change of the record that the index has; -1 where there is none."""
        return int(self.state().get("change", -1))

    def path(self, generation: int) -> Path:
        """The folder of a generation."""
        return self._folder / f"{self._name}-{generation}"

    def is_as_written(self, state: dict[str, Any]) -> bool:
        """Whether the files of a generation are those of its note."""
        return bool(_sums_of(self.path(state["generation"]), self._pattern) == state["sums"])

    def following(self) -> int:
        """The number of the next generation: beyond that in use, and whatever a kill left half made."""
        return max(int(self.state().get("generation", 0)), *self._present(), 0) + 1

    def use(self, generation: int, change: int, **more: object) -> None:
        """Notes that a generation, as its files are now, has a change of the record and is the one in use."""
        sums = _sums_of(self.path(generation), self._pattern)
        self._record.keep_state(self._name, generation=generation, change=change, **more, sums=sums)

    def clean(self, keep: Collection[int]) -> None:
        """Removes the folders of other generations. What cannot be removed because someone has it open (Windows) goes
        another time."""
        for generation in self._present():
            if generation not in keep:
                shutil.rmtree(self.path(generation), ignore_errors=True)

    def _present(self) -> list[int]:
        names = [path.name.removeprefix(f"{self._name}-") for path in self._folder.glob(f"{self._name}-*")]
        return [int(name) for name in names if name.isdigit()]
