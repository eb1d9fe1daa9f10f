"""Files from outside, opened and read within bounds: nothing that may block or never end is touched."""

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
    """Opens a file for reading. Raises OSError, also for a device, a pipe or a socket, and for links to them."""
    _refuse_special(path.stat().st_mode)  # before opening it: some devices react to that
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        _refuse_special(os.fstat(descriptor).st_mode)  # it may have been replaced by now
        return os.fdopen(descriptor, "rb")
    except OSError:
        os.close(descriptor)
        raise


def _refuse_special(mode: int) -> None:
    for is_kind, name in _KINDS:
        if is_kind(mode):
            raise OSError(f"it is {name}")


def read_whole(file: BinaryIO, most: int = UNPACKED) -> bytes:
    """The whole content of a file or a pipe. Raises TooLarge, without reading on, if it has more than `most` bytes."""
    data = file.read(most + 1) or b""
    if len(data) > most:
        raise TooLarge(f"is larger than {most / (1 << 20):.3g} MB: split it and add the parts")
    return data
