"""Files of JSON lines that are larger than what is read whole (arXiv's metadata snapshot has millions): read line by
line in bounded memory, packed (.gz) or not. Knows nothing of what a record holds.
"""

import gzip
import json
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from index.errors import TooLarge
from index.safety.limits import RECORD
from index.sources.encoding import decoded, with_replacements

WHOLE = 16 << 20  # bytes, unpacked: a file of no more is read whole
LINES = 2000  # that are read at once
_FEW = 20  # invalid bytes in as many lines: damage, rather than another encoding
_MOST_BYTES = 4 * RECORD  # of one line: UTF-8 has up to four bytes a character
_GZIP = b"\x1f\x8b"


def is_streamed(file: BinaryIO) -> bool:
    """Whether a file is of JSON lines in UTF-8 and larger than WHOLE. Reads its beginning."""
    head = file.read(2)
    if head == _GZIP:
        file.seek(0)
        file = gzip.GzipFile(fileobj=file)  # type: ignore[assignment]
        head = b""
    try:
        first = head + file.readline(_MOST_BYTES)
        second = file.readline(_MOST_BYTES)
        if not (_is_object(first.removeprefix(b"\xef\xbb\xbf")) and _is_object(second)):
            return False
        left = WHOLE - len(first) - len(second)
        while left > 0 and (piece := file.read(min(left, 1 << 20))):
            left -= len(piece)
        return left <= 0 and bool(file.read(1))
    except (OSError, EOFError, zlib.error):
        return False


def texts(file: BinaryIO) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """How many lines come before, the text of the next so many lines, and notices on how they were read. A line that
    is longer than any record is cut. Raises ValueError for packed data that are damaged and for lines whose encoding is
    uncertain, TooLarge for a line of hundreds of megabytes."""
    packed = file.read(2) == _GZIP
    file.seek(0)
    lines = gzip.GzipFile(fileobj=file) if packed else file
    before, batch = 0, []
    size = 0
    try:
        while line := lines.readline(_MOST_BYTES + 1):
            if len(line) > _MOST_BYTES:
                line = line[: RECORD + 2] + b"\n"  # still too long for a record, and told as such
                _pass_over_line(lines)
            batch.append(line)
            size += len(line)
            if len(batch) == LINES or size > WHOLE:
                yield before, *_decoded(batch, before)
                before, batch, size = before + len(batch), [], 0
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        if batch:
            yield before, *_decoded(batch, before)
        raise ValueError(f"is gzip data that is damaged or was cut off ({error}); what came before was read") from None
    if batch:
        yield before, *_decoded(batch, before)


def _decoded(batch: list[bytes], before: int) -> tuple[str, tuple[str, ...]]:
    data = b"".join(batch)
    try:
        text, notices = decoded(data, before)
    except ValueError as error:
        text, notice = with_replacements(data, before + next(n for n, line in enumerate(batch, 1) if _broken(line)))
        if text.count("\ufffd") > _FEW:
            raise ValueError(f"{error}; the first {before:,} lines were read") from None
        notices = (notice,)
    return text, tuple(f"{notice}." for notice in notices)


def _broken(line: bytes) -> bool:
    return "\ufffd" in line.decode("utf-8", "replace")


def _pass_over_line(lines: gzip.GzipFile | BinaryIO) -> None:
    passed = 0
    while (piece := lines.readline(1 << 20)) and not piece.endswith(b"\n"):
        passed += len(piece)
        if passed > 300 << 20:
            raise TooLarge("holds a line of hundreds of megabytes, which is no record")


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line.decode("utf-8")), dict)
    except (ValueError, RecursionError):
        return False
