"""Brings Chroma up to date in a process of its own: Chroma would hold the interpreter for seconds at a time, and keep
as much memory as all vectors take.

    python -m index.storage.catching_up FOLDER
"""

import os
import subprocess
import sys
from pathlib import Path

from index.errors import LibraryError
from index.storage.embedder import STATE
from index.storage.lock import WritingLock
from index.storage.record import Record
from index.storage.vectors import Vectors


def catch_up_apart(folder: Path) -> bool:
    """Brings the Chroma of a library's folder up to date in another process, and waits for it. Returns whether that
    went well: not every surrounding lets a program start another."""
    # -P: nothing is imported from the current folder
    command = [sys.executable, "-P", "-m", "index.storage.catching_up", str(folder)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def main(folder: Path) -> int:
    """Brings it up to date, giving way to whoever asks something meanwhile. Returns the exit code."""
    if hasattr(os, "nice"):
        os.nice(10)
    record = Record(folder / "record.sqlite3")
    made = record.state(STATE)
    vectors = Vectors(record, folder, exact=False)
    try:
        vectors.fill(made["name"], made["dimension"], WritingLock(folder, lambda _: None))
    except LibraryError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        vectors.close()
        record.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
