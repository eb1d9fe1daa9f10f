"""Files from outside, opened and read within bounds: nothing that may block or has no end is touched."""

import os
import stat
from pathlib import Path
from typing import BinaryIO

from index.errors import TooLarge
from index.safety.limits import UNPACKED

_KINDS = (
    (stat.S_ISDIR, "a folder: give a file"),
    (stat.S_ISFIFO, "a pipe: send it to stdin and give - instead"),
    (stat.S_ISSOCK, "a socket: give a file"),
    (stat.S_ISCHR, "a device: give a file"),
    (stat.S_ISBLK, "a device: give a file"),
)


def open_file(path: Path) -> BinaryIO:
    """A file, open for reading. Raises OSError, also for a device, a pipe or a socket, and for links to them."""
    _refuse_what_is_no_file(path.stat().st_mode)  # before it is opened: some devices act on that
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        _refuse_what_is_no_file(os.fstat(descriptor).st_mode)  # it may be another one by now
        return os.fdopen(descriptor, "rb")
    except OSError:
        os.close(descriptor)
        raise


def _refuse_what_is_no_file(mode: int) -> None:
    for is_kind, name in _KINDS:
        if is_kind(mode):
            raise OSError(f"it is {name}")


def read_whole(file: BinaryIO, most: int = UNPACKED) -> bytes:
    """All that a file or a pipe holds. Raises TooLarge, having read no more than that, where it is more than `most`
    bytes."""
    data = file.read(most + 1) or b""
    if len(data) > most:
        raise TooLarge(f"is larger than {most / (1 << 20):.3g} MB: split it and give the parts")
    return data
