"""Folders that may be read but not written: without the permission, on a read-only disk. What is in them is read as it
is, and what a program has to change for its own sake it changes in a copy that is gone when it ends.
"""

import contextlib
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from index.safety.permissions import private_folder

CONTENT = ("", "-wal", "-journal")  # an SQLite file's newest changes may stand in the others, or how to undo them
SQLITE = (*CONTENT, "-shm")


def is_read_only(file: Path) -> bool:
    """Whether a file that is there, or else its folder, cannot be changed: SQLite needs to write to both."""
    if not file.parent.is_dir():
        return False
    return not os.access(file.parent, os.W_OK) or (file.exists() and not os.access(file, os.W_OK))


def writable(file: Path) -> Path:
    """The path at which an SQLite file can be changed: its own, or that of a copy where it is read-only. The copy is
    the same one for the whole process."""
    return copy_of(file) if is_read_only(file) else file


@cache
def copy_of(file: Path) -> Path:
    """A copy of an SQLite file, with the changes not yet in it, for as long as this process runs. Raises OSError."""
    folder = Path(tempfile.mkdtemp(dir=_own_folder()))
    for beside in CONTENT:
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(f"{file}{beside}", folder / f"{file.name}{beside}")
    return folder / file.name


def lent(folder: Path) -> Path:
    """A temporary folder with links to the files of one that is read-only, for readers that lock what they read by a
    file of their own; gone when this process ends."""
    here = Path(tempfile.mkdtemp(dir=_own_folder()))
    for file in folder.iterdir():
        if file.is_file() and not file.name.endswith(".lock"):
            try:
                (here / file.name).symlink_to(file.absolute())
            except OSError:  # Windows allows it to few
                shutil.copyfile(file, here / file.name)
    return here


@cache
def _holder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="papers-read-only-", ignore_cleanup_errors=True)


def _own_folder() -> Path:
    folder = Path(_holder().name)
    private_folder(folder)
    return folder
