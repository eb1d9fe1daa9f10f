"""A library stays whole through kills, two writers, readers during a write, damage, and new versions."""

import random
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest
from invented import invented_paper, invented_papers
from other_process import run, start

from index import Library, Paper
from index.errors import LibraryError
from index.ids import title_id
from index.storage import schema

ADDING = """
with Library.open() as library:
    library.add(invented_papers({count}, start={first}), progress=lambda stored, total: print(stored))
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "papers-home"


def assert_agrees(library: Library) -> None:
    status = library.status(verify=True)
    assert status.agree, status.notices


def found_by_words_and_meaning(library: Library, paper_id: str) -> bool:
    paper = library.get(paper_id)
    near = library.nearest(library.embedder.embed_question(f"{paper.title}\n{paper.abstract}"), 5)
    return paper_id in {i for i, *_ in near} and library.words.holding([paper.title.split(":")[0].lower()]) == {
        paper_id
    }


@pytest.mark.parametrize("moment", [0.0, 0.5, 0.95])
def test_a_kill_loses_nothing_that_was_reported(home: Path, moment: float) -> None:
    count = 320
    process = start(ADDING.format(count=count, first=0), home)
    assert process.stdout is not None
    reported = 0
    while reported < moment * count + 1 and (line := process.stdout.readline()):
        reported = int(line)
    process.kill()
    rest = process.communicate(timeout=30)[0].split()  # reported before the kill, read after it
    reported = max(reported, *map(int, rest), 0)
    papers = invented_papers(count)
    with Library.open() as library:
        stored = {paper.id for paper in library.papers()}
        assert {paper.id for paper in papers[:reported]} <= stored
        assert all(found_by_words_and_meaning(library, paper.id) for paper in papers[:reported:37])
        report = library.add(papers)
        assert set(report.unchanged) == stored
        assert library.count() == count
        assert_agrees(library)
        assert all(found_by_words_and_meaning(library, paper.id) for paper in papers[::37])
    assert len(list(home.glob("chroma-*"))) <= 2
    assert len(list(home.glob("words-*"))) == 1


def test_two_processes_that_add_at_once_both_end_whole(home: Path) -> None:
    Library.open().close()
    both = [start(ADDING.format(count=200, first=first), home) for first in (0, 150)]
    for process in both:
        _, error = process.communicate(timeout=60)
        assert process.returncode == 0, error
    with Library.open() as library:
        assert {paper.id for paper in library.papers()} == {paper.id for paper in invented_papers(350)}
        assert_agrees(library)


def test_a_second_writer_waits_and_says_for_whom(home: Path) -> None:
    with Library.open() as library:
        library.add(invented_papers(3))
    holder = start(
        """
from index import default_home
from index.storage.lock import WritingLock
with WritingLock(default_home(), print)():
    print("held")
    time.sleep(1.5)
""",
        home,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    heard: list[str] = []
    with Library.open(say=heard.append) as library:
        assert library.search("attention")  # readers do not wait
        assert holder.poll() is None
        report = library.add(invented_papers(5))
    assert heard == [f"Waiting for process {holder.pid}, which is writing to this library."]
    assert report.notices == tuple(heard)
    assert holder.wait(timeout=10) == 0
    assert (len(report.new), len(report.unchanged)) == (2, 3)


def test_an_open_reader_finds_what_another_process_wrote(home: Path) -> None:
    with Library.open() as library:
        library.add(invented_papers(60))
        assert found_by_words_and_meaning(library, invented_paper(7).id)
        assert "chromadb" in sys.modules
        for first in (60, 75):
            run(ADDING.format(count=15, first=first), home)
            assert library.count() == first + 15
            assert all(found_by_words_and_meaning(library, invented_paper(n).id) for n in (first, first + 14, 7))
        run(f"Library.open().remove(['{invented_paper(7).id}'])", home)
        vector = library.embedder.embed_question(invented_paper(7).abstract)
        assert invented_paper(7).id not in {i for i, *_ in library.nearest(vector, 40)}
        assert library.words.holding([invented_paper(7).title.split(":")[0].lower()]) == set()
        library.add(invented_papers(3, start=200))  # and writes on top of it
        assert_agrees(library)


def test_a_reader_finds_what_no_index_has_yet(home: Path) -> None:
    """A writer that was killed between the record and Chroma."""
    with Library.open() as library:
        library.add(invented_papers(40))
        library.nearest(library.embedder.embed_question("attention"), 5)
        run(
            """
from index.storage.store import Store
library = Library.open()
Store.fill_vectors = lambda self: None
library.remove([invented_paper(3).id])
library.add([invented_paper(41), invented_paper(4, abstract="Whales sing in the deep sea. Whales!")])
""",
            home,
        )
        new, edited, gone = invented_paper(41), invented_paper(4), invented_paper(3)
        assert found_by_words_and_meaning(library, new.id)
        near = library.nearest(library.embedder.embed_question("singing whales of the deep sea"), 3)
        assert near[0][:3] == (edited.id, 1, 2)
        everything = library.nearest(library.embedder.embed_question(gone.abstract), 100)
        assert gone.id not in {i for i, *_ in everything}
        assert len(everything) == 40
        assert_agrees(library)  # what Chroma does not have yet is searched in the record
        assert library.add([new]).unchanged == (new.id,)
        assert_agrees(library)


def replace_content(path: Path, content: bytes) -> None:
    """Puts a new file in the place of one: an index that is just being let go may still have the old one in memory, and
    would die of it (SIGBUS) if it became shorter under its hands."""
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(content)
    new.replace(path)


def damage_files(folder: Path) -> None:
    chance = random.Random(1)
    for path in [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size > 40]:
        replace_content(path, chance.randbytes(path.stat().st_size))


def lose_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def cut_files(folder: Path) -> None:
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        replace_content(path, path.read_bytes()[: path.stat().st_size // 2])


def lose_largest(folder: Path) -> None:
    max(
        (p for p in folder.rglob("*") if p.is_file() and p.parent != folder.parent), key=lambda p: p.stat().st_size
    ).unlink()


@pytest.mark.parametrize("damage", [damage_files, lose_folder, cut_files, lose_largest])
@pytest.mark.parametrize("index", ["chroma", "words"])
def test_damage_is_noticed_searched_around_and_mended(home: Path, index: str, damage: object) -> None:
    with Library.open() as library:
        library.add(invented_papers(60))
    folder = next(home.glob(f"{index}-*"))
    assert callable(damage)
    damage(folder)
    with Library.open() as library:
        assert found_by_words_and_meaning(library, invented_paper(7).id)
        status = library.status(verify=True)
        assert status.agree is False
        assert status.notices
        library.repair()
        assert_agrees(library)
        assert found_by_words_and_meaning(library, invented_paper(7).id)
    damage(next(home.glob(f"{index}-*")))
    with Library.open() as library:
        assert library.add(invented_papers(60)).new == ()  # adding repairs it too, even with nothing to add
        assert_agrees(library)


def test_a_library_of_one_chunk_stays_whole_when_it_is_looked_at(home: Path) -> None:
    paper = Paper(title="One", abstract="It is short.")
    with Library.open() as library:
        library.add([paper])
        for _ in range(3):
            library.nearest(library.embedder.embed_question("short"), 3)
            assert_agrees(library)
        library.remove([paper.id])
        assert library.nearest(library.embedder.embed_question("short"), 3) == []
        assert not library.notices


def test_vectors_of_another_length_ask_for_reindexing(home: Path) -> None:
    """A library whose vectors an earlier version made with more numbers."""
    with Library.open() as library:
        library.add(invented_papers(20))
    with sqlite3.connect(home / "record.sqlite3") as record:
        record.execute("UPDATE vectors SET vector = CAST(vector || substr(vector, 1, 512) AS BLOB)")
        record.execute("UPDATE meta SET value = replace(value, '384', '512') WHERE key = 'embedder'")
    record.close()
    with Library.open() as library:
        found = library.look_up("attention xyzzyqwert")
        assert found.hits
        assert any("`papers reindex`" in notice for notice in found.notices)
        assert any("`papers reindex`" in notice for notice in library.add([invented_paper(21)]).notices)
        assert not library.status(verify=True).agree
        library.reindex()
        assert library.add([invented_paper(20)]).new
        assert found_by_words_and_meaning(library, invented_paper(7).id)
        assert_agrees(library)


def test_vectors_lost_by_the_record_are_made_again(home: Path) -> None:
    with Library.open() as library:
        library.add(invented_papers(20))
    with sqlite3.connect(home / "record.sqlite3") as record:
        record.execute("DELETE FROM vectors WHERE number % 3 = 0")
    record.close()
    with Library.open() as library:
        assert not library.status(verify=True).agree
        assert library.search("attention")
        library.repair()
        assert_agrees(library)


def test_a_record_of_a_newer_version_is_refused_untouched(home: Path) -> None:
    Library.open().close()
    with sqlite3.connect(home / "record.sqlite3") as record:
        record.execute("PRAGMA user_version = 99")
    record.close()
    before = sorted((p.name, p.stat().st_size) for p in home.iterdir())
    with pytest.raises(LibraryError, match="newer version"):
        Library.open()
    assert {name for name, _ in before} <= {p.name for p in home.iterdir()}
    assert not list(home.glob("*.before-*"))


def test_an_older_record_is_migrated_after_a_copy(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open() as library:
        library.add(invented_papers(25))
    later = (*schema.STEPS, "ALTER TABLE papers ADD COLUMN venue TEXT;\nUPDATE papers SET venue = 'unknown';")
    monkeypatch.setattr(schema, "STEPS", later)
    with Library.open() as library:
        assert library.papers() == Library.open(home).papers()
        assert library.count() == 25
        assert_agrees(library)
    copy = next(home.glob(f"record.sqlite3.before-{len(later)}"))
    assert copy.stat().st_mode & 0o077 == 0
    with sqlite3.connect(copy) as old:
        assert old.execute("PRAGMA user_version").fetchone() == (len(later) - 1,)
        assert old.execute("SELECT count(*) FROM papers").fetchone() == (25,)
    old.close()


def test_a_migration_that_fails_leaves_the_record_as_it_was(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open() as library:
        library.add(invented_papers(25))
    broken = (*schema.STEPS, "ALTER TABLE papers ADD COLUMN venue TEXT;\nUPDATE nothing SET venue = 1;")
    with monkeypatch.context() as patched:
        patched.setattr(schema, "STEPS", broken)
        with pytest.raises(LibraryError):
            Library.open()
    with Library.open() as library:
        assert library.papers() == sorted(
            sorted(invented_papers(25), key=lambda p: p.title), key=lambda p: p.day or "", reverse=True
        )
        assert_agrees(library)


def test_a_file_that_is_no_record_is_a_plain_error(home: Path) -> None:
    home.mkdir()
    (home / "record.sqlite3").write_bytes(b"this is not a database" * 100)
    with pytest.raises(LibraryError, match="cannot be read"):
        Library.open()


def test_threads_search_while_another_adds(home: Path) -> None:
    import threading

    with Library.open() as library:
        library.add(invented_papers(50))
        errors: list[BaseException] = []
        done = threading.Event()

        def search() -> None:
            try:
                while not done.is_set():
                    assert library.search("sparse attention for speech", k=5)
                    assert library.papers()
                    assert found_by_words_and_meaning(library, invented_paper(7).id)
            except BaseException as error:
                errors.append(error)
                raise

        threads = [threading.Thread(target=search) for _ in range(4)]
        for thread in threads:
            thread.start()
        for first in range(100, 300, 50):
            library.add(invented_papers(50, start=first))
        done.set()
        for thread in threads:
            thread.join(timeout=30)
        assert not errors
        assert library.count() == 250
        assert_agrees(library)


def test_a_record_of_the_first_version_opens_and_loses_nothing(home: Path) -> None:
    """`record_of_schema_1.sql` was written by the first version, and stays as it is: whatever comes later must open
    it. Its word index and Chroma are gone."""
    home.mkdir()
    with sqlite3.connect(home / "record.sqlite3") as record:
        record.executescript(Path(__file__).with_name("record_of_schema_1.sql").read_text(encoding="utf-8"))
    record.close()
    with Library.open() as library:
        sparse, caching = sorted(library.papers(), key=lambda paper: paper.id)
        assert (sparse.id, sparse.authors, sparse.posted) == ("arxiv:2501.00001", ("Ada L.", "Čapek K."), "2025-01-03")
        assert (caching.id, caching.organization) == ("arxiv:2502.00002", "Cloud Lab")
        assert library.get(title_id(caching.title)) == caching
        assert library.search("attention for speech", k=1)[0].paper == sparse
        assert library.search("caching weather", k=1)[0].paper == caching
        assert library.add([sparse, caching]).unchanged == (sparse.id, caching.id)
        assert_agrees(library)
        (former,) = [i for i in caching.ids if i.startswith("title:")]
        assert (caching.ids, former) == ((caching.id, former), title_id(caching.title))
        assert (sparse.keywords, sparse.code_url, sparse.posted_days) == ((), None, ("2025-01-03",))
        assert library.papers(week="2025-W01") == [sparse]
    with sqlite3.connect(home / f"record.sqlite3.before-{len(schema.STEPS)}") as old:
        assert old.execute("PRAGMA user_version").fetchone() == (1,)
        assert old.execute("SELECT count(*) FROM papers").fetchone() == (2,)
    old.close()


def test_other_spellings_and_links_of_an_older_record_lead_to_its_papers(home: Path) -> None:
    home.mkdir()
    with sqlite3.connect(home / "record.sqlite3") as record:
        record.executescript(Path(__file__).with_name("record_of_schema_1.sql").read_text(encoding="utf-8"))
        record.execute(
            "UPDATE papers SET id = '2501.00001v2', url = 'https://doi.org/10.5555/Sparse.1' WHERE number = 1"
        )
    record.close()
    with Library.open() as library:
        (sparse,) = [p for p in library.papers() if p.id == "2501.00001v2"]
        assert sparse.ids == ("2501.00001v2", "arxiv:2501.00001", "doi:10.5555/sparse.1")
        assert library.get("10.5555/sparse.1") == library.get("2501.00001") == sparse
        assert library.count() == 2


def test_a_library_of_the_text_as_it_came_is_renumbered_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from index import paper as papers
    from index.storage import record, renumbering

    marked = Paper(
        title="A $D^{2}$Net", abstract="<p>It is $2.1\\times$ faster.</p><p>It is free.</p>", published="2025-01-01"
    )
    with monkeypatch.context() as earlier:
        for module in (papers, record):
            earlier.setattr(module, "readable", lambda text: text)
        earlier.setattr(renumbering, "FORM", 1)
        with Library.open(home, "hashing") as library:
            library.add([marked, *invented_papers(25)])
    said: list[str] = []
    with Library.open(home, "hashing", say=said.append) as library:
        assert said[-1] == (
            "1 paper made readable; a copy of the old record is kept beside it. Sentences of 1 paper have new numbers."
        )
        (found,) = [paper for paper in library.papers() if paper.id == marked.id]
        assert found == marked
        assert [s.text for s in found.sentences] == ["It is 2.1× faster.", "It is free."]
        assert library._record.sentences(marked.id) == found.sentences
        assert library.search("D2Net", k=1)[0].paper == marked
        assert_agrees(library)
    with sqlite3.connect(home / "record.sqlite3.before-readable") as old:
        assert old.execute("SELECT count(*) FROM sentences WHERE text LIKE '%<p>%'").fetchone() == (1,)
    old.close()
    said.clear()
    with Library.open(home, "hashing", say=said.append) as library:
        assert_agrees(library)
    assert said == []


def test_a_word_index_of_an_earlier_form_is_made_again_and_that_is_told(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.storage.library_words._TOLD", 20)
    told: list[str] = []
    with Library.open(home, "hashing", say=told.append) as library:
        library.add(invented_papers(50))
    assert not [said for said in told if "word index" in said]
    with sqlite3.connect(home / "record.sqlite3") as sql:
        sql.execute("""UPDATE meta SET value = json_set(value, '$.form', 1) WHERE key = 'words'""")
    sql.close()
    with Library.open(home, say=told.append) as library:
        assert library.search(invented_paper(7).title)[0].paper == invented_paper(7)
        assert not library.notices
    assert [said for said in told if "word index" in said] == [
        "Making the word index again: 50 papers ...",
        "Making the word index again: 20 of 50 papers ...",
        "Making the word index again: 40 of 50 papers ...",
    ]
    again = len(told)
    Library.open(home, say=told.append).close()
    assert not [said for said in told[again:] if "word index" in said]
