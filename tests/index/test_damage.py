"""Whatever part of a library is damaged, lost or cut short: it is said in a sentence, and mends itself where it can."""

import contextlib
import random
import shutil
import sqlite3
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from invented import invented_paper, invented_papers
from other_process import run, start
from small_disk import small_disk

from index import Library
from index.backup import mend
from index.errors import LibraryError


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "papers-home"


def filled(home: Path, papers: int = 60) -> None:
    with Library.open(home, "hashing") as library:
        library.add(invented_papers(papers))
        library.repair()


def finds(library: Library, number: int) -> bool:
    paper = invented_paper(number)
    near = library.nearest(library.embedder.embed_question(f"{paper.title}\n{paper.abstract}"), 5)
    return paper.id in {i for i, *_ in near} and library.search(paper.title)[0].paper.id == paper.id


# -- Chroma's vector files


USED = {"data_level0.bin": 60 * 1804, "length.bin": 60 * 4}  # bytes of 60 vectors


def vector_file(home: Path, name: str) -> Path:
    return next(home.glob(f"chroma-*/*/{name}"))


def cut_as_a_full_disk_does(home: Path, name: str, left: float) -> None:
    """Cuts a vector file and takes its checksum after that, as a write that failed without a word did."""
    file = vector_file(home, name)
    content = file.read_bytes()
    used = USED.get(name, len(content))  # there is room for more after that
    file.write_bytes(content[: int(used * left)])
    key = f"{file.parent.name}/{name}"
    with sqlite3.connect(home / "record.sqlite3") as record:
        state = record.execute("SELECT value FROM meta WHERE key = 'chroma'").fetchone()[0]
        before, after = f'"{key}": {zlib.crc32(content)}', f'"{key}": {zlib.crc32(file.read_bytes())}'
        assert before in state
        record.execute("UPDATE meta SET value = ? WHERE key = 'chroma'", (state.replace(before, after),))
    record.close()


@pytest.mark.parametrize("left", [0.0, 0.5, 0.97])
@pytest.mark.parametrize("name", ["data_level0.bin", "length.bin", "link_lists.bin", "index_metadata.pickle"])
def test_a_vector_file_that_was_cut_is_noticed_and_made_again(home: Path, name: str, left: float) -> None:
    filled(home)
    cut_as_a_full_disk_does(home, name, left)
    with Library.open(home) as library:
        assert finds(library, 59)
        assert any("damaged" in notice for notice in library.notices)
        assert library.status(verify=True).agree is False
    with Library.open(home) as library:
        library.add(invented_papers(1))  # nothing new, and yet it mends
        status = library.status(verify=True)
        assert status.agree, status.notices
        assert all(finds(library, number) for number in (0, 30, 59))


@pytest.mark.parametrize("short", [100, 300, 500, 700])
def test_a_disk_that_fills_up_while_vectors_are_written(tmp_path: Path, short: int) -> None:
    """`short` KB less than Chroma needs."""
    filled(tmp_path / "model", 150)
    needed = sum(p.stat().st_size for p in (tmp_path / "model").glob("chroma-*/**/*") if p.is_file()) // 1024
    with small_disk(tmp_path / "disk", "16m") as at:
        home = at / "home"
        shutil.copytree(tmp_path / "model", home, ignore=shutil.ignore_patterns("chroma-*"))
        with Library.open(home) as library:  # so that its own files are there
            free = shutil.disk_usage(at).free // 1024
            (at / "filler").write_bytes(bytes(max(free - needed + short, 0) * 1024))
            with contextlib.suppress(LibraryError):
                library.repair()
            assert finds(library, 149)
            assert not any("Errno" in notice or "os error" in notice for notice in library.notices)
        (at / "filler").unlink()
        with Library.open(home) as library:
            library.add(invented_papers(1))
            library.repair()
            status = library.status(verify=True)
            assert status.agree, status.notices
            assert all(finds(library, number) for number in range(0, 150, 15))


# -- Chroma's SQLite file


def overwritten(file: Path) -> None:
    chance = random.Random(2)
    file.write_bytes(chance.randbytes(file.stat().st_size))


def halved(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def without_its_table(file: Path) -> None:
    with sqlite3.connect(file) as sql:
        sql.execute("DROP TABLE embeddings")
    sql.close()


@pytest.mark.parametrize("damage", [overwritten, halved, emptied, without_its_table, Path.unlink])
def test_damage_to_chromas_own_database_is_mended_by_the_next_addition(
    home: Path, damage: Callable[[Path], None]
) -> None:
    filled(home)
    damage(next(home.glob("chroma-*/chroma.sqlite3")))
    with Library.open(home) as library:
        assert finds(library, 7)
    with Library.open(home, exact=True) as library:
        library.add(invented_papers(1))
        status = library.status(verify=True)
        assert status.agree, status.notices


# -- the record


def lost(home: Path) -> None:
    for file in home.glob("record.sqlite3*"):
        file.unlink()


def of_no_bytes(home: Path) -> None:
    lost(home)
    (home / "record.sqlite3").touch()


def without_tables(home: Path) -> None:
    lost(home)
    with sqlite3.connect(home / "record.sqlite3") as record:
        record.execute("CREATE TABLE x (y)")
        record.execute("DROP TABLE x")
    record.close()


def begun_anew(home: Path) -> None:
    """An earlier version made an empty record in the place of the lost one, and Chroma stayed."""
    lost(home)
    chroma = next(home.glob("chroma-*"))
    kept = home.with_name("kept")
    chroma.rename(kept)
    shutil.rmtree(next(home.glob("words-*")))
    Library.open(home).close()
    kept.rename(chroma)


@pytest.mark.parametrize("lose", [lost, of_no_bytes, without_tables, begun_anew])
def test_a_lost_record_is_not_an_empty_library(home: Path, lose: Callable[[Path], None]) -> None:
    filled(home)
    lose(home)
    before = sorted(path.name for path in home.iterdir())
    for _ in range(2):
        with pytest.raises(LibraryError, match="record") as refused:
            Library.open(home)
        assert "papers restore FILE" in str(refused.value)
        assert "indexes made from it are there" in str(refused.value)
    assert [name for name in before if name not in {p.name for p in home.iterdir()}] == []
    assert len(list(home.glob("chroma-*"))) == 1


def test_an_empty_library_and_one_that_was_emptied_open(home: Path) -> None:
    Library.open(home).close()
    Library.open(home).close()
    with Library.open(home) as library:
        library.add(invented_papers(3))
        library.remove([paper.id for paper in library.papers()])
    with Library.open(home) as library:
        assert library.count() == 0
        assert library.status(verify=True).agree


def with_pages_overwritten(home: Path) -> None:
    """Pages in the middle of the file, as a failing disk leaves them."""
    file = home / "record.sqlite3"
    content = bytearray(file.read_bytes())
    chance = random.Random(3)
    for page in range(20, len(content) // 4096, 9):
        content[page * 4096 : page * 4096 + 200] = chance.randbytes(200)
    file.write_bytes(content)


def with_its_end_lost(home: Path) -> None:
    file = home / "record.sqlite3"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 8192 * 4096])


@pytest.mark.parametrize("damage", [with_pages_overwritten, with_its_end_lost])
def test_a_damaged_record_is_said_and_not_written_to(home: Path, damage: Callable[[Path], None]) -> None:
    filled(home)
    damage(home)
    before = (home / "record.sqlite3").read_bytes()
    for _ in range(2):  # not once only
        said: list[str] = []
        try:
            with Library.open(home, say=said.append) as library:
                with contextlib.suppress(LibraryError):
                    library.search("attention for speech")
                with pytest.raises(LibraryError, match="is damaged"):
                    library.add(invented_papers(2, start=100))
                assert library.status(verify=True).agree is False
        except LibraryError as error:  # so damaged that it cannot be opened
            said.append(str(error))
        assert "is damaged" in said[0]
        assert "papers restore FILE" in said[0]
    assert (home / "record.sqlite3").read_bytes() == before


@pytest.mark.parametrize("damage", [with_pages_overwritten, with_its_end_lost])
def test_what_can_be_read_of_a_damaged_record_is_saved(home: Path, damage: Callable[[Path], None]) -> None:
    filled(home, 200)
    damage(home)
    before = (home / "record.sqlite3").read_bytes()
    said = [mend(home)]
    with Library.open(home, say=said.append) as library:
        library.repair()
        saved = library.papers()
        assert 40 <= len(saved) <= 200
        assert all(paper == invented_papers(200)[int(paper.id.rpartition(".")[2])] for paper in saved)
        assert f"{len(saved)} papers could be read" in " ".join(said)
    (kept,) = (path for path in home.glob("record.sqlite3.damaged-*") if not path.name.endswith("-wal"))
    assert kept.read_bytes() == before
    assert kept.stat().st_mode & 0o077 == 0
    with Library.open(home) as library:
        assert library.notices == ()
        status = library.status(verify=True)
        assert status.agree, status.notices
        assert library.embedder_name == "hashing"
        assert len(library.add(invented_papers(200)).new) == 200 - len(saved)
        assert library.status(verify=True).agree
        assert finds(library, 7)


def test_a_record_of_which_nothing_can_be_read_is_left_as_it_is(home: Path) -> None:
    filled(home, 5)
    overwritten(home / "record.sqlite3")
    before = (home / "record.sqlite3").read_bytes()
    for attempt in (mend, Library.open):
        with pytest.raises(LibraryError, match="papers restore FILE --replace"):
            attempt(home)
    assert (home / "record.sqlite3").read_bytes() == before


def test_text_that_is_not_what_was_stored_is_found(home: Path) -> None:
    filled(home, 20)
    file = home / "record.sqlite3"
    name = invented_paper(7).title.split(":")[0].encode()
    content = file.read_bytes()
    assert name in content
    file.write_bytes(content.replace(b"We describe " + name, b"We describe " + name[::-1]))
    with Library.open(home) as library:
        status = library.status(verify=True)
        assert status.agree is False
        assert any("is not what was stored" in n and invented_paper(7).id in n for n in status.notices)


def test_a_record_that_was_left_whole_is_not_read_through_again(home: Path) -> None:
    filled(home)
    seen = (home / "record.seen").read_text()
    for _ in range(2):
        with Library.open(home) as library:
            library.search("attention")
    assert (home / "record.seen").read_text() == seen
    assert (home / "record.seen").stat().st_mode & 0o077 == 0


def test_words_that_a_killed_writer_had_still_to_write_are_found_by_the_next_reader(home: Path) -> None:
    filled(home, 20)
    run(
        """
from index.storage.library_words import LibraryWords
library = Library.open()
LibraryWords.fill = lambda self: None
library.add([invented_paper(50)])
import os; os._exit(9)
""",
        home,
        9,
    )
    with Library.open(home) as library:
        assert library.words.holding([invented_paper(50).title.split(":")[0].lower()]) == {invented_paper(50).id}
        assert "word" not in " ".join(library.status(verify=True).notices)


def test_a_reader_does_not_wait_for_a_writer_that_has_words_to_write(home: Path) -> None:
    filled(home, 20)
    holder = start(
        """
library = Library.open()
with library._store._lock():
    with library._record.transaction() as change:
        library._record.put(invented_paper(50), None, change)
    print("held")
    time.sleep(20)
""",
        home,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    said: list[str] = []
    with Library.open(home, say=said.append) as library:
        assert library.search(invented_paper(7).title)
        assert said == []
    holder.kill()
    holder.communicate()
