"""What a folder's files were when they were written, as numbers to compare: damage shows before anyone reads them."""

import zlib
from pathlib import Path

Sums = dict[str, int]


def sums_of(folder: Path, pattern: str) -> Sums:
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
