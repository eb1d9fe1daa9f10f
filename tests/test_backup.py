"""`papers backup` and `papers restore`: what is put back is what was there, and nothing is given up unasked."""

import json
import sqlite3
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from invented import invented_paper, invented_papers
from small_disk import small_disk

sys.path.insert(0, str(Path(__file__).parent / "index"))
from other_process import start

from assistant import Assistant
from assistant.cli import main
from assistant.conversations import Conversations, QuestionScope
from assistant.documents import Answer
from assistant.weekly.cache import DigestStore, KeptEdition
from assistant.weekly.weeks import period_of_days
from index import Library
from index.errors import LibraryError


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "papers-home"


def filled(home: Path, papers: int = 25) -> None:
    with Library.open(home, "hashing") as library:
        library.add(invented_papers(papers))
    conversations = Conversations(home / "conversations.sqlite3")
    turn = conversations.ask("", None, "What is new?", QuestionScope())
    conversations.save(turn.id, Answer(question="What is new?", text="Much.", complete=True), "done")
    conversations.close()


def questions(home: Path) -> list[str]:
    conversations = Conversations(home / "conversations.sqlite3")
    asked = [turn.question for found in conversations.list("") for turn in conversations.turns("", found.id)]
    conversations.close()
    return asked


def run(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> str:
    assert main([str(argument) for argument in arguments]) == code
    shown = capsys.readouterr()
    assert "Errno" not in shown.out + shown.err
    return shown.out + shown.err


def test_papers_and_conversations_come_back_elsewhere(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(home)
    file, other = tmp_path / "kept.zip", tmp_path / "other"
    written = run(capsys, "backup", file, "--json")
    assert json.loads(written[: written.index("}") + 1]) == {"file": str(file), "papers": 25}
    assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert "Restored 25 papers" in run(capsys, "restore", file, "--home", other)
    assert questions(other) == ["What is new?"]
    with Library.open(home) as old, Library.open(other) as new:
        assert new.papers() == old.papers()
        assert new.status(verify=True).agree, new.status(verify=True).notices
        assert new.embedder_name == "hashing"
        assert new.search(invented_paper(7).title)[0].paper == invented_paper(7)
    assert {path.stat().st_mode & 0o077 for path in other.rglob("*")} == {0}


WEEK = period_of_days("2026-03-02", "2026-03-08")


def told(title: str) -> KeptEdition:
    return KeptEdition({"a": 1}, {"a": title}, ())


def test_digests_come_back_with_what_was_paid_for_and_mailed(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(home, 5)
    digests = DigestStore(home)
    digests.keep_edition(WEEK, "", told("As it was"), complete=True)
    digests.keep_reply("asked", {"text": "Paid for."})
    digests.keep_mailed(WEEK, "", "ann@example.org", accepted=True)
    run(capsys, "backup", tmp_path / "kept.zip")
    run(capsys, "restore", tmp_path / "kept.zip", "--home", tmp_path / "other")
    other = DigestStore(tmp_path / "other")
    assert other.edition(WEEK, "") == told("As it was")
    assert other.complete() == [(WEEK, "")]
    assert other.reply("asked") == {"text": "Paid for."}
    assert (sent := digests.mailed(WEEK, "", "ann@example.org"))
    assert other.mailed(WEEK, "", "ann@example.org") == sent
    assert (tmp_path / "other" / "digests.sqlite3").stat().st_mode & 0o077 == 0
    other.keep_reply("again", 1)  # it can be written as before


def test_digests_alone_are_not_given_up_unasked(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    filled(home, 5)
    DigestStore(home).keep_edition(WEEK, "", told("Of the backup"), complete=True)
    run(capsys, "backup", tmp_path / "kept.zip")
    other = tmp_path / "other"
    DigestStore(other).keep_edition(WEEK, "", told("Of this folder"), complete=True)
    assert "holds digests already" in run(capsys, "restore", tmp_path / "kept.zip", "--home", other, code=1)
    assert DigestStore(other).edition(WEEK, "") == told("Of this folder")
    run(capsys, "restore", tmp_path / "kept.zip", "--home", other, "--replace")
    assert DigestStore(other).edition(WEEK, "") == told("Of the backup")
    with zipfile.ZipFile(next(other.glob("before-restore-*.zip"))) as kept:
        assert "digests.sqlite3" in kept.namelist()


def test_a_backup_without_digests_leaves_those_that_are_there(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(home, 5)
    run(capsys, "backup", tmp_path / "kept.zip")
    DigestStore(home).keep_edition(WEEK, "", told("Made since"), complete=True)
    run(capsys, "restore", tmp_path / "kept.zip", "--replace")
    assert DigestStore(home).edition(WEEK, "") == told("Made since")


def test_papers_are_only_given_up_with_replace_and_are_kept(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(home, 20)
    file = tmp_path / "kept.zip"
    run(capsys, "backup", file)
    with Library.open(home) as library:
        library.remove([paper.id for paper in invented_papers(20)])
        library.add(invented_papers(10, start=50))
    assert "--replace" in run(capsys, "restore", file, code=1)
    with Library.open(home) as library:
        before = library.change()
        assert library.count() == 10
        said = run(capsys, "restore", file, "--replace")
        kept = next(home.glob("before-restore-*.zip"))
        assert str(kept) in said
        assert library.count() == 20  # for a library that was open, too
        assert library.change() > before
        assert library.search(invented_paper(7).title)[0].paper == invented_paper(7)
        assert library.papers_by_id([invented_paper(55).id]) == {}
    run(capsys, "restore", kept, "--home", tmp_path / "again")
    with Library.open(tmp_path / "again") as library:
        assert {paper.id for paper in library.papers()} == {paper.id for paper in invented_papers(10, start=50)}


def test_a_backup_while_others_write_is_of_one_moment(home: Path, tmp_path: Path) -> None:
    writer = start(
        "library = Library.open(embeddings='hashing')\nprint('open')\n"
        "for first in range(0, 200, 10):\n    library.add(invented_papers(10, start=first))",
        home,
    )
    assert writer.stdout is not None
    writer.stdout.readline()
    counts = []
    while writer.poll() is None or not counts:
        with Library.open(home) as library:
            counts.append(library.backup(tmp_path / f"{len(counts)}.zip"))
    _, error = writer.communicate()
    assert writer.returncode == 0, error
    assert counts == sorted(counts)
    assert all(count % 10 == 0 for count in counts)
    from index.backup import restore

    for number in {0, len(counts) // 2, len(counts) - 1}:
        restored = restore(tmp_path / f"{number}.zip", tmp_path / f"home-{number}")
        assert restored.papers == counts[number]
        with Library.open(tmp_path / f"home-{number}") as library:
            library.fill_indexes()
            assert library.status(verify=True).agree


def test_restoring_while_another_reads(home: Path, tmp_path: Path) -> None:
    filled(home, 20)
    with Assistant.open() as assistant:
        assert assistant.backup(tmp_path / "kept.zip") == 20
    errors: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            with Library.open(home) as library:
                while not done.is_set():
                    assert library.count() in (20, 25)
                    assert library.search("attention for speech")
        except BaseException as error:
            errors.append(error)

    with Library.open(home) as library:
        library.add(invented_papers(5, start=90))
    reader = threading.Thread(target=read)
    reader.start()
    try:
        assert Assistant.restore(tmp_path / "kept.zip", replace=True).papers == 20
    finally:
        done.set()
        reader.join(timeout=60)
    assert not errors


def test_a_lost_and_a_damaged_record_are_restored(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(home)
    file = tmp_path / "kept.zip"
    run(capsys, "backup", file)
    (home / "record.sqlite3").unlink()
    assert "papers restore FILE" in run(capsys, "list", code=1)
    run(capsys, "restore", file, code=1)  # there are conversations
    run(capsys, "restore", file, "--replace")
    assert len(run(capsys, "list").splitlines()) >= 25
    (home / "record.sqlite3").write_bytes(b"damaged" * 1000)
    assert "papers restore FILE --replace" in run(capsys, "list", code=1)
    assert "damaged" in run(capsys, "restore", file, code=1)
    run(capsys, "restore", file, "--replace")
    with Library.open(home) as library:
        assert library.count() == 25
        assert library.status(verify=True).agree, library.status(verify=True).notices


# -- files that are no backup, or not as they were


def rewritten(file: Path, change: Callable[[dict[str, Any], dict[str, bytes]], None]) -> Path:
    """A backup with another manifest, or other members."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    change(manifest, members)
    other = file.with_name("other.zip")
    with zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        for name, content in members.items():
            archive.writestr(name, content)
    return other


def newer_format(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    manifest.update(format=9, version="99.0")


def newer_schema(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    manifest["files"]["record.sqlite3"]["schema"] = 99


def unknown_member(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    manifest["files"]["../../evil.sqlite3"] = manifest["files"]["record.sqlite3"]
    members["../../evil.sqlite3"] = members["record.sqlite3"]


def longer_than_said(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    members["record.sqlite3"] += bytes(1 << 20)


def shorter_than_said(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    members["record.sqlite3"] = members["record.sqlite3"][:4096]


def another_text(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    members["record.sqlite3"] = members["record.sqlite3"].replace(b"language", b"lunguage")


def of_another_program(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    manifest["program"] = "another"


def without_files(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    manifest["files"] = {}


def of_wrong_kinds(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    manifest["files"] = {"record.sqlite3": {"bytes": "many", "sha256": None, "schema": []}}


def without_the_record(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    members.pop("record.sqlite3")


def larger_than_any_disk(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
    manifest["files"]["record.sqlite3"]["bytes"] = 1 << 60


CHANGES = {
    newer_format: "newer version",
    newer_schema: "newer version",
    unknown_member: "newer version",
    longer_than_said: "damaged",
    shorter_than_said: "damaged",
    another_text: "damaged",
    of_another_program: "no backup",
    without_files: "no backup",
    of_wrong_kinds: "no backup",
    without_the_record: "damaged",
    larger_than_any_disk: "free some space",
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_backup_that_is_not_right_changes_nothing(home: Path, tmp_path: Path, change: Any) -> None:
    from index.backup import restore

    filled(home, 5)
    with Library.open(home) as library:
        library.backup(tmp_path / "kept.zip")
    other = rewritten(tmp_path / "kept.zip", change)
    with pytest.raises(LibraryError, match=CHANGES[change]) as refused:
        restore(other, tmp_path / "empty")
    assert str(refused.value).endswith(".")
    assert list((tmp_path / "empty").iterdir()) == []
    assert not (tmp_path.parent / "evil.sqlite3").exists()


def with_a_trigger(database: Path) -> None:
    with sqlite3.connect(database) as sql:
        sql.execute("CREATE TRIGGER t AFTER INSERT ON papers BEGIN DELETE FROM papers; END")
    sql.close()


def with_a_view(database: Path) -> None:
    with sqlite3.connect(database) as sql:
        sql.execute("CREATE VIEW v AS SELECT * FROM papers")
    sql.close()


def with_zeros(database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[8192:20480] = bytes(12288)
    database.write_bytes(content)


def of_nothing(database: Path) -> None:
    database.write_bytes(b"")


@pytest.mark.parametrize("change", [with_a_trigger, with_a_view, with_zeros, of_nothing])
def test_a_database_that_would_act_or_is_damaged_is_refused(
    home: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    import hashlib

    from index.backup import restore

    filled(home, 5)
    with Library.open(home) as library:
        library.backup(tmp_path / "kept.zip")

    def with_other_record(manifest: dict[str, Any], members: dict[str, bytes]) -> None:
        database = tmp_path / "x.sqlite3"
        database.write_bytes(members["record.sqlite3"])
        change(database)
        content = members["record.sqlite3"] = database.read_bytes()
        manifest["files"]["record.sqlite3"] |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}

    other = rewritten(tmp_path / "kept.zip", with_other_record)
    with pytest.raises(LibraryError, match="Nothing was changed"):
        restore(other, tmp_path / "empty")
    assert list((tmp_path / "empty").iterdir()) == []


@pytest.mark.parametrize("left", [0, 3, 1000, 0.5, 0.99])
def test_a_backup_that_was_cut_short_is_said(home: Path, tmp_path: Path, left: float) -> None:
    from index.backup import restore

    filled(home, 5)
    file = tmp_path / "kept.zip"
    with Library.open(home) as library:
        library.backup(file)
    content = file.read_bytes()
    file.write_bytes(content[: int(left * len(content)) if isinstance(left, float) else left])
    with pytest.raises(LibraryError, match="Nothing was changed"):
        restore(file, tmp_path / "empty")


def test_what_is_no_backup_is_neither_read_nor_replaced(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(home, 5)
    notes = tmp_path / "notes.txt"
    notes.write_text("mine")
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("a.jpg", b"x")
    for file in (notes, tmp_path / "photos.zip"):
        before = file.read_bytes()
        assert "is no backup" in run(capsys, "restore", file, "--home", tmp_path / "x", code=1)
        assert "is no backup" in run(capsys, "backup", file, code=1)
        assert file.read_bytes() == before
    assert "is a folder" in run(capsys, "backup", tmp_path, code=1)
    assert "there is no such file" in run(capsys, "restore", tmp_path / "none.zip", code=1)
    assert "there is no such file" in run(capsys, "backup", tmp_path / "none" / "kept.zip", code=1)
    assert "it is a folder" in run(capsys, "restore", tmp_path, "--home", tmp_path / "x", code=1)
    assert "no library" in run(capsys, "backup", tmp_path / "kept.zip", "--home", tmp_path / "nowhere", code=1)
    for _ in range(2):  # an earlier backup is replaced
        run(capsys, "backup", tmp_path / "kept.zip")


def test_an_older_backup_is_brought_up_to_date(home: Path, tmp_path: Path) -> None:
    from index.backup import restore
    from index.storage.backup import write_backup

    old = tmp_path / "old.sqlite3"
    with sqlite3.connect(old) as record:
        script = Path(__file__).with_name("index") / "record_of_schema_1.sql"
        record.executescript(script.read_text(encoding="utf-8"))
    record.close()
    write_backup(tmp_path / "old.zip", {"record.sqlite3": old}, 2)
    assert restore(tmp_path / "old.zip", home).papers == 2
    with Library.open(home) as library:
        assert library.search("attention for speech", k=1)
        library.fill_indexes()
        assert library.status(verify=True).agree, library.status(verify=True).notices


def test_a_full_disk_leaves_the_earlier_backup(home: Path, tmp_path: Path) -> None:

    filled(home, 60)
    with small_disk(tmp_path / "disk", "300k") as at:
        with Library.open(tmp_path / "small", "hashing") as small:
            small.add(invented_papers(1))
            small.backup(at / "kept.zip")
        before = (at / "kept.zip").read_bytes()
        with Library.open(home) as library, pytest.raises(LibraryError, match="free some space"):
            library.backup(at / "kept.zip")
        assert [path.name for path in at.iterdir()] == ["kept.zip"]
        assert (at / "kept.zip").read_bytes() == before
