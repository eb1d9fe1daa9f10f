"""A library that may be read but not written is searched, listed and asked; what would change it says why it cannot."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from invented import invented_paper, invented_papers
from one_process import Done, run_all
from small_disk import small_disk

from index import Library

PAPERS = "import sys; from assistant.cli import main; sys.exit(main())"
AS_OTHERS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"]  # a root that permissions bind
Run = Callable[..., list[Done]]


def filled(home: Path, papers: int = 30) -> Path:
    with Library.open(home, "hashing") as library:
        library.add(invented_papers(papers))
    return home


def mounted(home: Path, at: Path) -> Path | None:
    """The folder mounted again, read-only, where this process may mount; else None."""
    at.mkdir()
    for command in (["mount", "--bind", str(home), str(at)], ["mount", "-o", "remount,bind,ro", str(at)]):
        if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
            unmount(at)
            return None
    return at


def unmount(at: Path) -> None:
    subprocess.run(["umount", str(at)], capture_output=True, check=False)


@pytest.fixture
def read_only_disk(tmp_path: Path) -> Iterator[Path]:
    home = filled(tmp_path / "home")
    if (at := mounted(home, tmp_path / "disk")) is None:
        pytest.skip("this process may not mount a folder read-only")
    yield at
    unmount(at)


def without_write_permission(home: Path) -> list[str]:
    """Takes away the permission to write; gives what a command must begin with to be bound by that."""
    for path in (home, *home.rglob("*")):
        path.chmod(0o500 if path.is_dir() else 0o400)
    if os.name != "posix" or os.geteuid():
        return []
    trial = [*AS_OTHERS, "touch", str(home / "x")]
    if not shutil.which("setpriv") or subprocess.run(trial, capture_output=True, check=False).returncode == 0:
        pytest.skip("permissions do not bind root here")
    return AS_OTHERS


@pytest.fixture(params=["disk", "permission"])
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Run]:
    """Runs commands on a read-only library of 30 papers."""
    before: list[str] = []
    if request.param == "disk":
        home = request.getfixturevalue("read_only_disk")
    else:
        home = filled(tmp_path / "closed")
        before = without_write_permission(home)

    def papers(*commands: list[str]) -> list[Done]:
        return run_all(*([*command, "--home", str(home)] for command in commands), before=before)

    yield papers
    for path in (home, *home.rglob("*")):
        if request.param != "disk":
            path.chmod(0o700)


def plain(text: str) -> bool:
    return not any(raw in text for raw in ("Errno", "os error", "Traceback", "damaged", "sqlite3", "readonly database"))


def test_it_is_listed_searched_shown_and_asked(run: Run) -> None:
    paper = invented_paper(7)
    searched, listed, shown, asked = run(
        ["search", paper.title, "--json"],
        ["list", "--json"],
        ["show", paper.id],
        ["ask", f"What does {paper.title.split(':')[0]} do?", "--no-llm"],
    )
    for done in (searched, listed, shown, asked):
        assert done.returncode == 0, done.stderr
        assert plain(done.stdout + done.stderr)
    assert json.loads(searched.stdout)["hits"][0]["paper"]["id"] == paper.id
    assert len(json.loads(listed.stdout)["papers"]) == 30
    assert paper.title.split(":")[0] in asked.stdout


def test_its_state_and_a_week_are_told(run: Run) -> None:
    status, weekly = run(
        ["status", "--verify", "--json"],
        ["weekly", "--since", "2023-01-01", "--until", "2025-12-31", "--no-llm"],
    )
    assert status.returncode == 0, status.stdout
    assert any("read-only" in notice for notice in json.loads(status.stdout)["notices"])
    assert weekly.returncode == 0, weekly.stderr
    assert plain(weekly.stderr + status.stdout)


def test_what_would_change_it_says_why_it_cannot(run: Run, tmp_path: Path) -> None:
    (tmp_path / "more.bib").write_text("@article{a, title={A New One}, abstract={It is new. It works.}}")
    for done in run(["add", str(tmp_path / "more.bib")], ["remove", "arxiv:2408.00007"], ["reindex"]):
        assert done.returncode == 1
        assert "read-only" in done.stderr
        assert "Searching, listing and asking work" in done.stderr
        assert plain(done.stdout + done.stderr)


_THEN = """
from index.storage import record_file, store
store._PAPERS_AT_ONCE, record_file._CACHE = 12, 1
store.Store._embed = lambda *_, **how: os._exit(9)
library.add([invented_paper(number) for number in range(20, 32)])
"""


@pytest.mark.parametrize(("then", "beside"), [("os._exit(9)", "wal"), (_THEN, "journal")])
def test_what_a_writer_that_was_killed_left_beside_the_record_is_read(tmp_path: Path, then: str, beside: str) -> None:
    """Its last changes, or how to undo what it had begun."""
    home = tmp_path / "home"
    killed = "import os, sys; from index import Library; from invented import invented_paper, invented_papers\n"
    killed += f"library = Library.open(sys.argv[1], 'hashing'); library.add(invented_papers(12))\n{then}"
    paths = os.pathsep.join([str(Path(__file__).parents[1]), str(Path(__file__).parents[2])])
    environment = {**os.environ, "PYTHONPATH": paths}
    subprocess.run([sys.executable, "-c", killed, str(home)], env=environment, check=False)
    assert (home / f"record.sqlite3-{beside}").stat().st_size
    if (at := mounted(home, tmp_path / "disk")) is None:
        pytest.skip("this process may not mount a folder read-only")
    try:
        with Library.open(at) as library:
            assert library.count() == 12
            assert library.search(invented_paper(3).title)[0].paper == invented_paper(3)
    finally:
        unmount(at)


def test_a_library_of_the_first_version_is_read_from_a_copy(tmp_path: Path) -> None:
    import sqlite3

    home = tmp_path / "home"
    home.mkdir()
    with sqlite3.connect(home / "record.sqlite3") as record:
        record.executescript(Path(__file__).with_name("record_of_schema_1.sql").read_text(encoding="utf-8"))
    record.close()
    if (at := mounted(home, tmp_path / "disk")) is None:
        pytest.skip("this process may not mount a folder read-only")
    try:
        with Library.open(at) as library:
            assert library.count() == 2
            assert library.search("attention for speech", k=1)
    finally:
        unmount(at)
    assert [path.name for path in home.iterdir()] == ["record.sqlite3"]


def test_a_full_disk_does_not_stop_a_search(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "2m") as at:
        home = filled(at / "home", 20)
        with (at / "filler").open("wb", buffering=0) as filler:
            try:
                while filler.write(bytes(1 << 12)):
                    pass
            except OSError:
                pass
        reading = (["search", invented_paper(7).title], ["list"], ["ask", "What is new?", "--no-llm"])
        for done in run_all(*([*arguments, "--home", str(home)] for arguments in reading)):
            assert done.returncode == 0, done.stderr
            assert plain(done.stderr)
        (tmp_path / "more.bib").write_text("@article{a, title={A New One}, abstract={It is new. It works.}}")
        command = [sys.executable, "-c", PAPERS, "add", str(tmp_path / "more.bib"), "--home", str(home)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 1
        assert "the disk" in done.stderr
        assert "full" in done.stderr
        assert "free some space" in done.stderr
        assert plain(done.stderr)
        (at / "filler").unlink()
        command[-3] = str(tmp_path / "more.bib")
        assert subprocess.run(command, capture_output=True, timeout=120, check=False).returncode == 0
