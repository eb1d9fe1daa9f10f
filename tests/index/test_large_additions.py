"""What is new is written once where much is added at once, whatever others read meanwhile, and a kill loses nothing."""

import shutil
from pathlib import Path

import other_process
import pytest
from invented import invented_paper, invented_papers

from index import Library
from index.storage import store

_LARGE = "from index.storage import record_file, store; store._PAPERS_AT_ONCE = 40\n"
_KILLED = """
import os
library = Library.open(None, "hashing")
library.add(invented_papers(40))
record_file._CACHE = 1  # so that the file is half changed by then
store.Store._embed = lambda *_, **how: os._exit(9)
library.add([invented_paper(number) for number in range(100, 140)])
"""


def test_what_is_new_is_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_PAPERS_AT_ONCE", 40)
    log, logged = tmp_path / "record.sqlite3-wal", []
    with Library.open(tmp_path, "hashing") as library:
        library.add(invented_papers(160), lambda *_: logged.append(log.stat().st_size if log.exists() else 0))
        assert len(logged) == 4
        assert max(logged) < (tmp_path / "record.sqlite3").stat().st_size / 10
        library.add([invented_paper(200)])
        assert log.stat().st_size  # one paper goes to the log, beside whatever others read
        assert library.status(verify=True).agree


def test_others_read_while_much_is_added(tmp_path: Path) -> None:
    adder = other_process.start(_LARGE + "Library.open(None, 'hashing').add(invented_papers(600))", tmp_path)
    counts, found = [0], 0
    with Library.open(tmp_path, "hashing") as patient:
        while adder.poll() is None:
            with Library.open(tmp_path, "hashing") as library:
                counts.append(library.count())
                found += bool(library.search(invented_paper(3).title, k=1))
            counts.append(patient.count())
        assert adder.returncode == 0, adder.stderr and adder.stderr.read()
        assert counts == sorted(counts)
        assert len(set(counts)) > 3
        assert found > 3
        assert patient.count() == 600
        assert patient.status(verify=True).agree


@pytest.mark.parametrize("asked_for", ["the library itself", "a copy of its folder"])
def test_a_kill_while_much_is_written_leaves_what_was_there(tmp_path: Path, asked_for: str) -> None:
    home = tmp_path / "library"
    other_process.run(_LARGE + _KILLED, home, exit_code=9)
    assert (home / "record.sqlite3-journal").stat().st_size > 512  # how to undo it
    if asked_for == "a copy of its folder":
        home = Path(shutil.copytree(home, tmp_path / "copy"))
    with Library.open(home) as library:
        assert library.count() == 40
        library.add([invented_paper(number) for number in range(100, 140)])
        assert library.count() == 80
        assert library.status(verify=True).agree
