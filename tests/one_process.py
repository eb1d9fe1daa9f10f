"""Several commands of `papers` in one process of its own, since starting one takes longer than most commands do."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_RUN = """
import json, sys
from assistant.cli import main
for command in json.loads(sys.argv[1]):
    print(end=f"\\f{main(command)}\\f", flush=True)
    print(end="\\f", file=sys.stderr, flush=True)
"""


class Done(NamedTuple):
    """What a command ended with: its exit code, and what it said."""

    returncode: int
    stdout: str
    stderr: str


def run_all(
    *commands: Sequence[str], before: Sequence[str] = (), environment: Mapping[str, str] | None = None
) -> list[Done]:
    """Runs commands one after the other. `before`: what the command line of their process begins with;
    `environment`: variables besides those of this process."""
    process = subprocess.run(
        [*before, sys.executable, "-c", _RUN, json.dumps(commands)],
        env=os.environ | dict(environment or {}),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert process.returncode == 0, process.stderr
    said = process.stdout.split("\f")[:-1]
    errors = process.stderr.split("\f")[:-1]
    return [Done(int(c), out, error) for out, c, error in zip(said[::2], said[1::2], errors, strict=True)]
