"""Another process, for tests of two processes with one library."""

import os
import subprocess
import sys
from pathlib import Path

_TESTS = Path(__file__).parents[1]
_PREAMBLE = """
import sys, time
from pathlib import Path
from index import Library
from index.embedding.hashing import Hashing
from invented import invented_paper, invented_papers
Hashing.papers_at_once = 40  # many transactions of a few papers
"""


def start(code: str, home: Path) -> "subprocess.Popen[str]":
    """Starts code in another process, whose library is `home`; Library and the invented papers are imported for it."""
    path = os.pathsep.join([str(_TESTS), str(_TESTS.parent)])
    environment = {**os.environ, "PAPERS_HOME": str(home), "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", _PREAMBLE + code]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(code: str, home: Path, exit_code: int = 0) -> str:
    """Runs code in another process to its end; returns what it printed. It must end with `exit_code`."""
    process = start(code, home)
    out, error = process.communicate(timeout=60)
    assert process.returncode == exit_code, error
    return out
