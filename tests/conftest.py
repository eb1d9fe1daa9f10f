"""Every test runs in a home of its own, offline, without a key; the tests of a file run in one process."""

import os
from pathlib import Path

import pytest

FIRST = ("test_quiet.py", "test_injections.py")  # these take longest, so that nothing is left waiting for them


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """The number of processes for `-n auto`: files and tests that are named run in this one, and all tests in one
    process more than there are cores, since some of them mostly wait."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    return 0 if all(".py" in name for name in config.args) else (os.cpu_count() or 1) + 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps the tests of a file in one process, and all tests in a browser in one: two browsers at once make a small
    machine so slow that pages miss their time limits."""
    browser = {item for item in items if "chromium" in getattr(item, "fixturenames", ())}
    for item in items:
        item.add_marker(pytest.mark.xdist_group("browser" if item in browser else item.path.stem))
    items.sort(key=lambda item: (item not in browser, item.path.name not in FIRST))


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
