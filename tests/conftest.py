"""Every test runs in a home of its own, offline, without a key."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "PAPERS_MODEL",
        "PAPERS_SMTP_URL",
        "PAPERS_MAIL_FROM",
        "PAPERS_CHROMA_URL",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PAPERS_HOME", str(tmp_path / "papers-home"))
    monkeypatch.setenv("PAPERS_EMBEDDINGS", "hashing")
    monkeypatch.setenv("PAPERS_OFFLINE", "1")
