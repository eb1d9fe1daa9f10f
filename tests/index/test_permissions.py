"""Only its owner can read the library's folder: it is made so, closed where it was open, and that is said."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from invented import invented_papers

from assistant.cli import main
from assistant.settings import Settings, save_connection
from index import Library
from index.safety.permissions import write_private


@pytest.fixture(autouse=True)
def _no_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A library as earlier versions left it, with some of the user's own files in it."""
    home = tmp_path / "old"
    with Library.open(home) as library:
        library.add(invented_papers(5))
    outside = tmp_path / "outside"
    outside.touch(0o644)
    (home / "link").symlink_to(outside)
    (home / "notes").mkdir()
    (home / "notes" / "mine.txt").touch()
    (home / ".env").touch(0o644)
    (home / ".hidden").mkdir()
    for path in (home, *home.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    return home


def test_an_old_library_is_closed_and_that_is_said_once(old: Path) -> None:
    said: list[str] = []
    for _ in range(2):
        with Library.open(old, say=said.append) as library:
            assert library.count() == 5
    assert open_to_others(old) == {".env", ".hidden", "link"}  # the user's own, and what a link leads to
    assert (old.parent / "outside").stat().st_mode & 0o777 == 0o644
    assert said == [f"Others could read {old} until now. It is closed to them (chmod 700)."]


def test_open_files_in_a_closed_folder_are_closed_where_they_are_written(old: Path) -> None:
    old.chmod(0o700)
    with Library.open(old) as library:
        library.add(invented_papers(8))
        assert library.notices == ()
    assert {name.split("/")[0] for name in open_to_others(old)} == {".env", ".hidden", "notes", "link"}


def test_a_folder_that_everybody_shares_stays_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    for _ in range(2):
        with Library.open(tmp_path) as library:
            library.add(invented_papers(3))
            (notice,) = library.notices
            assert notice.startswith(f"Others can read {tmp_path}, and it cannot be closed to them")
    assert tmp_path.stat().st_mode & 0o7777 == 0o1777
    assert open_to_others(tmp_path) == {"."}


def test_the_hosts_umask_stays_and_everything_is_closed(tmp_path: Path) -> None:
    with Library.open(tmp_path / "deep" / "home") as library:
        library.add(invented_papers(30))
        assert open_to_others(library.path) == set()
        library.add(invented_papers(60))
        library.remove([library.papers()[0].id])
        library.reindex("hashing")
        assert open_to_others(library.path) == set()
    assert os.umask(0) == 0
    assert tmp_path.joinpath("deep").stat().st_mode & 0o777 == 0o777  # not ours


def test_the_command_gives_the_umask_back_and_its_output_the_users(tmp_path: Path) -> None:
    with Library.open() as library:
        library.add(invented_papers(3))
    for umask, permissions in ((0o022, 0o644), (0, 0o666), (0o077, 0o600)):
        os.umask(umask)
        file = tmp_path / f"{umask}.bib"
        assert main(["export", "-o", str(file)]) == 0
        assert os.umask(0) == umask
        assert file.stat().st_mode & 0o777 == permissions


@pytest.mark.parametrize("permissions", [0o644, 0o640, 0o604])
def test_settings_that_others_can_read_are_said(permissions: int, capsys: pytest.CaptureFixture[str]) -> None:
    home = Settings.load().home
    with Library.open() as library:
        library.add(invented_papers(3))
    save_connection(home, base_url=None, api_key="sk-secret-0123456789")
    file = home / ".env"
    command = f"`chmod 600 {file}`"
    for arguments in (["status"], ["ask", "What is new?", "--no-llm"]):
        assert main(arguments) == 0
        captured = capsys.readouterr()
        assert "chmod" not in captured.out + captured.err
    file.chmod(permissions)
    assert main(["status", "--json"]) == 0
    assert command in capsys.readouterr().out
    for arguments in (["ask", "What is new?", "--no-llm"], ["weekly", "--no-llm"]):
        assert main(arguments) == 0
        captured = capsys.readouterr()
        assert command in captured.err
        assert "chmod" not in captured.out


def test_a_private_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "notes.json"
    file.touch(0o644)
    write_private(file, "ä\n")
    assert file.read_bytes() == b"\xc3\xa4\n"
    assert file.stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_private(file, b"new")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"\xc3\xa4\n"]
