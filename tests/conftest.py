"""Every test runs in a home of its own, offline, without a key; the tests of a file run in one process."""

import os
from functools import cache
from pathlib import Path

import hypothesis
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

FIRST = ("test_quiet.py", "test_injections.py")  # these take longest, so that nothing is left waiting for them

hypothesis.settings.register_profile("unhurried", deadline=None)  # time on a loaded machine says nothing
hypothesis.settings.load_profile("unhurried")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """The number of processes for `-n auto`: files and tests that are named run in this one, and all tests in one
    process more than there are cores, since some of them mostly wait."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    return 0 if all(".py" in name for name in config.args) else (os.cpu_count() or 1) + 1


class _FilesApart(LoadScopeScheduling):
    """Keeps the tests of a file in one process, and all files with tests in a browser in one: two browsers at once make
    a small machine so slow that pages miss their time limits."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "browser" if _opens_pages(file) else file


@cache
def _opens_pages(file: str) -> bool:
    source = Path(__file__).parents[1] / file
    return "open_page" in source.read_text(encoding="utf-8")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _FilesApart:
    """Which tests run in one process."""
    return _FilesApart(config, log)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Processes whose tests open no pages give way to the one whose tests do: it takes longest."""
    if "PYTEST_XDIST_WORKER" in os.environ and not _opens_pages(item.nodeid.partition("::")[0]):
        _give_way()


@cache
def _give_way() -> None:
    if hasattr(os, "nice"):
        os.nice(5)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests that take longest begin first."""
    items.sort(key=lambda item: (not _opens_pages(item.nodeid.partition("::")[0]), item.path.name not in FIRST))


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "PAPERS_MODEL",
        "PAPERS_SMTP_URL",
        "PAPERS_MAIL_FROM",
        "PAPERS_CHROMA_URL",
        "CHROMA_API_KEY",
        "CHROMA_TENANT",
        "CHROMA_DATABASE",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PAPERS_HOME", str(tmp_path / "papers-home"))
    monkeypatch.setenv("PAPERS_EMBEDDINGS", "hashing")
    monkeypatch.setenv("PAPERS_OFFLINE", "1")
