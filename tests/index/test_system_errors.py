"""What the system says about a file reaches people in plain words, with the file and the next step."""

import errno
import io
import os
import sqlite3
import sys
from pathlib import Path

import pytest

from assistant.cli import main
from index.safety.system_errors import sentence, what, why

CODES = [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EACCES, errno.EROFS, errno.EMFILE, errno.ENAMETOOLONG]
CODES += [errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.ELOOP, errno.EIO, errno.ENOMEM, errno.ESTALE, errno.EPERM]


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_words_with_a_next_step(code: int) -> None:
    said = sentence(OSError(code, os.strerror(code), "/a/b.txt"), "written")
    assert said.startswith("/a/b.txt cannot be written: ")
    assert said.endswith(".")
    assert "; " in said
    assert "Errno" not in said
    assert os.strerror(code) not in said


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("An IO error occurred: 'No space left on device (os error 28)'", "the disk is full"),
        ("Internal error: error returned from database: (code: 13) database or disk is full", "the disk is full"),
        ("[Errno 24] Too many open files: '/x'", "too many files are open"),
        ("failed to open: Permission denied", "you have no permission"),
        ("something else entirely.", "something else entirely"),
    ],
)
def test_the_texts_of_other_libraries_are_understood(text: str, found: str) -> None:
    assert why(ValueError(text)).startswith(found)
    assert why(OSError(text)).startswith(found)


def test_sqlite_says_what_it_means(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite3").write_bytes(b"no database at all" * 100)
    with pytest.raises(sqlite3.DatabaseError) as damaged:
        sqlite3.connect(tmp_path / "a.sqlite3").execute("SELECT * FROM sqlite_master")
    assert why(damaged.value).startswith("it is damaged")
    with pytest.raises(sqlite3.OperationalError) as missing:
        sqlite3.connect(tmp_path / "none" / "a.sqlite3")
    assert "check their permissions" in why(missing.value)


def test_an_error_without_a_file_is_still_a_sentence() -> None:
    assert sentence(OSError(errno.ENOSPC, "x")) == "The disk is full; free some space and try again."
    assert sentence(OSError("it is a pipe: give a file")) == "It is a pipe: give a file."
    assert sentence(OSError(9_999, "Odd thing")) == "Odd thing."


def test_an_unknown_code_goes_away_and_a_known_one_is_said_without_advice() -> None:
    assert what(OSError(-2, "Name or service not known")) == "name or service not known"
    assert what(ValueError("[Errno -3] Temporary failure in name resolution")) == "Temporary failure in name resolution"
    assert what(OSError(errno.ECONNREFUSED, "Connection refused")) == "nothing answers there"
    assert what(ValueError("")) == ""


def plain(text: str) -> bool:
    return not any(raw in text for raw in ("Errno", "os error", "strerror", "Traceback", "Error:", "sqlite3."))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export", "-o", "{tmp}/none/papers.bib"], "there is no such file or folder"),
        (["export", "-o", "{tmp}"], "it is a folder"),
        (["export", "-o", "{tmp}/" + "n" * 300], "its name is too long"),
        (["check", "{tmp}/missing.md"], "there is no such file or folder"),
        (["check", "{tmp}"], "it is"),
        (["add", "{tmp}/missing.bib"], "there is no such file or folder"),
        (["add", "{tmp}/" + "n" * 300 + ".bib"], "its name is too long"),
        (["user", "{tmp}/none/people", "Ada"], "there is no such file or folder"),
        (["status", "--home", "{tmp}/file/below"], "a part of its path is a file"),
        (["list", "--home", "{tmp}/file"], "there is something of that name already"),
        (["search", "x", "--home", "{tmp}/" + "n" * 300], "its name is too long"),
        (["list", "--home", "/proc/none"], ""),
    ],
)
def test_no_command_shows_a_raw_error(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    said: str,
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(sys, "stdin", io.StringIO("a long enough password\n"))
    assert main([part.replace("{tmp}", str(tmp_path)) for part in arguments]) == 1
    shown = capsys.readouterr()
    assert said in shown.out + shown.err
    assert plain(shown.out + shown.err), shown
