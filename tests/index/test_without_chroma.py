"""A machine where Chroma cannot be imported: papers are stored and found all the same, and a sentence says what is
missing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PAPERS = '{"title": "Ripple caches", "abstract": "Ripple caches answer a query in 3 ms. They need 2 GB."}\n'


RUN = """
import json, sys
from assistant.cli import main
for command in json.loads(sys.argv[1]):
    code = main(command)
    print(code, end="\\f", flush=True)
    print(end="\\f", file=sys.stderr, flush=True)
"""


def run(folder: Path, *commands: list[str]) -> list[tuple[int, str, str]]:
    """The exit code of each command, what it said to stdout and what to stderr; all are run in one process."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps(commands)],
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    outs, errors = done.stdout.split("\f")[:-1], done.stderr.split("\f")[:-1]
    return [(int(out[-1]), out[:-1], error) for out, error in zip(outs, errors, strict=True)]


@pytest.mark.parametrize("error", ['RuntimeError("old sqlite3")', 'ImportError("a library is missing")', "SystemError"])
def test_without_chroma_papers_are_stored_and_found(tmp_path: Path, error: str) -> None:
    (tmp_path / "chromadb").mkdir()
    (tmp_path / "chromadb" / "__init__.py").write_text(f"raise {error}\n")
    (tmp_path / "papers.jsonl").write_text(PAPERS)
    added, asked, searched, mended, reindexed = run(
        tmp_path,
        ["add", str(tmp_path / "papers.jsonl")],
        ["ask", "How fast do ripple caches answer?"],
        ["search", "query latency"],
        ["status", "--repair"],
        ["reindex"],
    )
    assert added[0] == 0
    assert added[2].count("Chroma cannot be imported") == 1
    assert "1 new" in added[1] + added[2]
    assert "3 ms" in asked[1]
    assert "Ripple" in searched[1]
    assert "Chroma cannot be imported" in " ".join((mended[1] + mended[2]).split())
    assert reindexed[0] == 0
