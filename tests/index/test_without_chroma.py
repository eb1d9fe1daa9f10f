"""A machine where Chroma cannot be imported: papers are stored and found all the same, and a sentence says what is
missing."""

from pathlib import Path

import pytest
from one_process import run_all

PAPERS = '{"title": "Ripple caches", "abstract": "Ripple caches answer a query in 3 ms. They need 2 GB."}\n'


@pytest.mark.parametrize("error", ['RuntimeError("old sqlite3")', 'ImportError("a library is missing")', "SystemError"])
def test_without_chroma_papers_are_stored_and_found(tmp_path: Path, error: str) -> None:
    (tmp_path / "chromadb").mkdir()
    (tmp_path / "chromadb" / "__init__.py").write_text(f"raise {error}\n")
    (tmp_path / "papers.jsonl").write_text(PAPERS)
    added, asked, searched, mended, reindexed = run_all(
        ["add", str(tmp_path / "papers.jsonl")],
        ["ask", "How fast do ripple caches answer?"],
        ["search", "query latency"],
        ["status", "--repair"],
        ["reindex"],
        environment={"PYTHONPATH": str(tmp_path)},
    )
    assert "Traceback" not in "".join(done.stderr for done in (added, asked, searched, mended, reindexed))
    assert added.returncode == 0
    assert added.stderr.count("Chroma cannot be imported") == 1
    assert "1 new" in added.stdout + added.stderr
    assert "3 ms" in asked.stdout
    assert "Ripple" in searched.stdout
    assert "Chroma cannot be imported" in " ".join((mended.stdout + mended.stderr).split())
    assert reindexed.returncode == 0
