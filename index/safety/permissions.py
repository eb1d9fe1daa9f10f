"""Folders and files that only their owner can open: private from the first byte, whatever the umask, and closed if an
earlier version or somebody else left them open. Knows nothing of what is in them.
"""

import contextlib
import os
import shlex
import stat
import tempfile
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def private_folder(folder: Path) -> str | None:
    """Creates a folder that only its owner may enter (its parents as the umask says). An existing one that others may
    enter is closed to them with its contents, except hidden files, which are not ours, and except a folder shared with
    everybody, such as /tmp. Returns a sentence if others could enter it. Raises OSError if it cannot be created."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _is_open(folder):
        return None
    if not folder.stat().st_mode & stat.S_ISVTX:
        _close(folder)
    if _is_open(folder):
        return f"Others can read {folder}, and it cannot be closed to them: choose a folder of your own (PAPERS_HOME)."
    for path in folder.iterdir():
        if not path.name.startswith("."):
            close_to_others(path)
    return f"Others could read {folder} until now. It is closed to them (chmod 700)."


def close_to_others(path: Path) -> None:
    """Takes away others' permissions on a file, or on a folder and everything in it. Links are not followed; what
    disappears meanwhile or belongs to somebody else is skipped."""
    _close(path)
    for folder, folders, files in os.walk(path):
        for name in (*folders, *files):
            _close(Path(folder, name))


def private_file(file: Path) -> Path:
    """Creates an empty file that only its owner may read, or closes an existing one to others. An existing file is not
    opened: that would release SQLite's locks on it. Raises OSError."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    _close(file)
    return file


def write_private(file: Path, content: str | bytes) -> None:
    """Writes a file that only its owner may read, atomically: an existing one is replaced in one step. Text is written
    as UTF-8. The folder must exist. Raises OSError."""
    descriptor, written = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")  # mode 600, whatever the umask
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(content if isinstance(content, bytes) else content.encode())
        os.replace(written, file)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(written)
        raise


def exposed(file: Path) -> str | None:
    """A sentence if the permissions of a file that may contain secrets let others read it; None if they do not, or if
    there is no such file."""
    if not file.exists() or not _is_open(file):
        return None
    return f"The permissions of {file} let others read it: `chmod 600 {shlex.quote(str(file))}` keeps it to yourself."


def _is_open(path: Path) -> bool:
    return os.name == "posix" and bool(path.stat().st_mode & _OTHERS)


def _close(path: Path) -> None:
    with contextlib.suppress(OSError):
        mode = path.lstat().st_mode
        if os.name == "posix" and mode & _OTHERS and not stat.S_ISLNK(mode):
            path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
