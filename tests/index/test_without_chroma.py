"""A machine where Chroma cannot be imported: papers are stored and found all the same, and a sentence says what is
missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PAPERS = '{"title": "Ripple caches", "abstract": "Ripple caches answer a query in 3 ms. They need 2 GB."}\n'


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = "import sys; from assistant.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.parametrize("error", ['RuntimeError("old sqlite3")', 'ImportError("a library is missing")', "SystemError"])
def test_without_chroma_papers_are_stored_and_found(tmp_path: Path, error: str) -> None:
    (tmp_path / "chromadb").mkdir()
    (tmp_path / "chromadb" / "__init__.py").write_text(f"raise {error}\n")
    (tmp_path / "papers.jsonl").write_text(PAPERS)
    added = run(tmp_path, "add", str(tmp_path / "papers.jsonl"))
    assert added.returncode == 0
    assert added.stderr.count("Chroma cannot be imported") == 1
    assert "1 new" in added.stdout + added.stderr
    assert "3 ms" in run(tmp_path, "ask", "How fast do ripple caches answer?").stdout
    assert "Ripple" in run(tmp_path, "search", "query latency").stdout
    mended = run(tmp_path, "status", "--repair")
    assert "Chroma cannot be imported" in " ".join((mended.stdout + mended.stderr).split())
    assert run(tmp_path, "reindex").returncode == 0
