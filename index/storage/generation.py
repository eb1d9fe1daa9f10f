"""The folders of an index built from the record, one per generation, and the record's note of the one in use.

Both indexes are kept this way. An index that is damaged, incomplete or unreadable is rebuilt in the next folder, and
the record points to that once it is complete, so a killed rebuild is never used.
"""

import shutil
import zlib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from index.storage.record import Record


def _stamps_of(folder: Path, pattern: str) -> dict[str, list[int]]:
    """The size and the time of the last change (in nanoseconds) of each file in a folder that matches a pattern and is
    not hidden, keyed by its path in the folder; empty if there is no such file."""
    stamps = {}
    for path in sorted(folder.glob(pattern)):
        if path.is_file() and not path.name.startswith("."):
            told = path.stat()
            stamps[path.relative_to(folder).as_posix()] = [told.st_size, told.st_mtime_ns]
    return stamps


def _sum_of(path: Path) -> int:
    """The CRC-32 of a file."""
    total = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            total = zlib.crc32(block, total)
    return total


class Generations:
    """The generations of one index: folders `NAME-1`, `NAME-2` and so on. The record's note under NAME describes the
    one in use: its generation, the last change of the record it includes, the checksums of its files and the sizes and
    times that they had then, and whatever else the index adds. `pattern` matches the files whose checksums reveal
    damage before anyone reads them."""

    def __init__(self, record: Record, folder: Path, name: str, pattern: str) -> None:
        self._record = record
        self._folder = folder
        self._name = name
        self._pattern = pattern

    def state(self) -> dict[str, Any]:
        """The note on the generation in use; empty if there is none."""
        return self._record.state(self._name)

    def change(self) -> int:
        """The last change of the record that the index includes; -1 if there is no index."""
        return int(self.state().get("change", -1))

    def path(self, generation: int) -> Path:
        """The folder of a generation."""
        return self._folder / f"{self._name}-{generation}"

    def is_as_written(self, state: dict[str, Any]) -> bool:
        """Whether the files of a generation match the checksums in its note. Reads them all."""
        folder = self.path(state["generation"])
        return bool(state["sums"] == {name: _sum_of(folder / name) for name in _stamps_of(folder, self._pattern)})

    def is_untouched(self, state: dict[str, Any]) -> bool:
        """Whether the files of a generation have the sizes and times in its note; if not (they may have been copied),
        whether they match the checksums."""
        return self._stamps(state) == state.get("stamps") or self.is_as_written(state)

    def confirm(self, state: dict[str, Any]) -> None:
        """Notes the sizes and times of files that match their checksums, so that they need not be read again (they may
        have been copied). For the holder of the writing lock."""
        if state and (stamps := self._stamps(state)) != state.get("stamps") and self.is_as_written(state):
            self._record.keep_state(self._name, **{**state, "stamps": stamps})

    def _stamps(self, state: dict[str, Any]) -> dict[str, list[int]]:
        return _stamps_of(self.path(state["generation"]), self._pattern)

    def following(self) -> int:
        """The number of the next generation: past the one in use and any that a kill left half written."""
        return max(int(self.state().get("generation", 0)), *self._present(), 0) + 1

    def use(self, generation: int, change: int, **more: object) -> None:
        """Makes a generation, with its files as they are now, the one in use, up to date with `change`. Only files that
        are new in it are read."""
        before, folder = self.state(), self.path(generation)
        stamps = _stamps_of(folder, self._pattern)
        told = before.get("stamps", {}) if before.get("generation") == generation else {}
        sums = {
            name: before["sums"][name] if told.get(name) == stamp else _sum_of(folder / name)
            for name, stamp in stamps.items()
        }
        self._record.keep_state(self._name, generation=generation, change=change, **more, sums=sums, stamps=stamps)

    def clean(self, keep: Collection[int]) -> None:
        """Removes the folders of all other generations. One that cannot be removed because it is open (on Windows) is
        removed another time."""
        for generation in self._present():
            if generation not in keep:
                shutil.rmtree(self.path(generation), ignore_errors=True)

    def _present(self) -> list[int]:
        names = [path.name.removeprefix(f"{self._name}-") for path in self._folder.glob(f"{self._name}-*")]
        return [int(name) for name in names if name.isdigit()]
