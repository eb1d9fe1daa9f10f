"""`papers rejects`: what was not accepted is kept, listed, written, mended and added again."""

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main
from index.library import Library
from index.safety import limits

TIDE = "The tide keeps 3.1 GB warm."


def lines(*records: object) -> str:
    return "".join(f"{json.dumps(record)}\n" for record in records)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command; its exit code, and its JSON document or its text."""

    def running(*arguments: str | Path) -> tuple[int, Any]:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        out = capsys.readouterr().out
        return code, json.loads(out) if "--json" in arguments else out

    return running


def listed(run: Any) -> list[dict[str, str]]:
    code, document = run("rejects", "--json")
    assert code == 0
    found: list[dict[str, str]] = document["rejects"]
    return found


def titles(run: Any) -> set[str]:
    return {paper["title"] for paper in run("list", "--json")[1]["papers"]}


def test_rejects_are_kept_with_place_reason_and_source(run: Any, tmp_path: Path) -> None:
    assert run("rejects") == (0, "")
    file = tmp_path / "tides.jsonl"
    file.write_text(
        lines({"title": "Tides", "abstract": TIDE}, {"title": "No Words"}, {"abstract": TIDE}) + "{broken\n"
    )
    assert run("add", file)[0] == 1
    found = listed(run)
    assert [reject["place"] for reject in found] == [
        "tides.jsonl, line 2: No Words", "tides.jsonl, line 3", "tides.jsonl, line 4"]  # fmt: skip
    assert [reject["reason"] for reject in found][:2] == ["has no abstract", "has no title"]
    assert {reject["source"] for reject in found} == {str(file)}
    assert set(found[0]) == {"place", "reason", "source"}
    assert "tides.jsonl, line 3: has no title" in run("rejects")[1]
    assert run("status", "--json")[1]["rejects"] == 3
    assert "3 (papers rejects)" in run("status")[1]


def test_the_same_file_again_does_not_double_them_and_a_mended_one_ends_them(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "tides.jsonl"
    file.write_text(lines({"title": "One"}, {"title": "Two"}))
    run("add", file)
    run("add", file)
    assert len(listed(run)) == 2
    file.write_text(lines({"title": "Zero", "abstract": TIDE}, {"title": "One", "abstract": TIDE}, {"title": "Two"}))
    run("add", file)
    assert [reject["place"] for reject in listed(run)] == ["tides.jsonl, line 3: Two"]


def test_a_paper_that_comes_from_elsewhere_ends_its_reject(run: Any, tmp_path: Path) -> None:
    (tmp_path / "bare.jsonl").write_text(lines({"title": "Slow Tides"}, {"title": "Fast Tides"}))
    (tmp_path / "whole.bib").write_text(f"@misc{{t, title={{{{Slow Tides}}}}, abstract={{{TIDE}}}}}\n")
    run("add", tmp_path / "bare.jsonl")
    assert run("add", tmp_path / "whole.bib")[0] == 0
    assert [reject["place"] for reject in listed(run)] == ["bare.jsonl, line 2: Fast Tides"]


def test_a_dry_run_a_missing_file_and_a_site_keep_nothing(run: Any, tmp_path: Path) -> None:
    (tmp_path / "bare.jsonl").write_text(lines({"title": "Slow Tides"}))
    assert run("add", "--dry-run", tmp_path / "bare.jsonl")[0] == 1
    assert run("add", tmp_path / "nothing.bib", "2604.00001")[0] == 1
    assert listed(run) == []


def test_what_is_in_no_known_format_is_kept_until_it_is_read(run: Any, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Ada, the tide is late.")
    run("add", letter)
    (reject,) = listed(run)
    assert reject["reason"].endswith("is in no known format")
    letter.write_text(lines({"title": "Tides", "abstract": TIDE}))
    run("add", letter)
    assert listed(run) == []


def test_a_folder_keeps_the_rejects_of_its_files(run: Any, tmp_path: Path) -> None:
    for place in ("a", "b"):
        (tmp_path / "refs" / place).mkdir(parents=True)
        (tmp_path / "refs" / place / "same.jsonl").write_text(lines({"title": f"Paper {place}"}))
    run("add", tmp_path / "refs")
    run("add", tmp_path / "refs")
    assert [reject["place"] for reject in listed(run)] == ["same.jsonl, line 1: Paper a", "same.jsonl, line 1: Paper b"]


BARE = {
    "refs.bib": "@string{tide = {Tide}}\n@article{a, title = tide # {s One}, author = {Lee, Ada and Roe, Bo}, "
    "doi = {10.5555/one}, year = 2026, month = may, day = 4}\n",
    "refs.ris": "TY  - JOUR\nTI  - Tides Two\nAU  - Lee, Ada\nDO  - 10.5555/two\nDA  - 2026/05/04/\nER  - \n",
    "refs.nbib": "PMID- 11\nTI  - Tides Three\nFAU - Lee, Ada\nLID - 10.5555/three [doi]\nDP  - 2026 May 4\n",
    "refs.csv": "Title,Abstract,Authors,DOI,Date\nTides Four,,Ada Lee; Bo Roe,10.5555/four,2026-05-04\n",
    "note.md": "---\ntitle: Tides Five\nauthors:\n  - Ada Lee\ndoi: 10.5555/five\ndate: 2026-05-04\n---\n",
    "acl.xml": "<collection id='2026.tide'><volume id='1'><paper id='1'><title>Tides Six</title><author><first>Ada"
    "</first><last>Lee</last></author><doi>10.5555/six</doi><date>2026-05-04</date></paper></volume></collection>",
    "csl.json": lines({"title": "Tides Seven", "author": [{"family": "Lee", "given": "Ada"}], "DOI": "10.5555/seven",
                       "issued": {"date-parts": [[2026, 5, 4]]}}),
    "zotero.json": json.dumps([{"key": "A", "data": {"itemType": "preprint", "title": "Tides Eight", "abstractNote": "",
        "creators": [{"creatorType": "author", "lastName": "Lee", "firstName": "Ada"}], "DOI": "10.5555/eight",
        "date": "2026-05-04"}}]),
    "atom.xml": '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/2604.00009v1</id><title>'
    "Tides Nine</title><published>2026-05-04T00:00:00Z</published><author><name>Ada Lee</name></author></entry></feed>",
    "hub.jsonl": lines({"paper": {"id": "2604.00010", "title": "Tides Ten", "authors": [{"name": "Ada Lee"}],
                                  "publishedAt": "2026-05-04T00:00:00.000Z"}}),
    "openalex.json": json.dumps({"results": [{"display_name": "Tides Eleven", "doi": "https://doi.org/10.5555/eleven",
        "authorships": [{"author": {"display_name": "Ada Lee"}}], "publication_date": "2026-05-04"}]}),
    "page.md": "# Daily Papers\n\n### [Tides Twelve](https://huggingface.co/papers/2604.00012)\n\n· 1 author\n\n"
    "May 4, 2026\n",
}  # fmt: skip


@pytest.mark.parametrize("name", BARE)
def test_a_record_without_abstract_is_written_mended_and_added(run: Any, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(BARE[name])
    assert run("add", tmp_path / name)[0] == 1
    out = tmp_path / "mend.jsonl"
    assert run("rejects", "--export", out)[0] == 0
    (record,) = map(json.loads, out.read_text().splitlines())
    assert "abstract" in record["rejected"]
    assert name in record["rejected"]
    _mend(record)
    out.write_text(lines(record))
    assert run("add", out)[0] == 0
    (paper,) = run("list", "--json")[1]["papers"]
    assert paper["title"].startswith("Tides")
    assert paper["abstract"] == TIDE
    assert paper["id"].startswith(("doi:10.5555/", "arxiv:2604."))
    assert paper["published"] == "2026-05-04"
    assert paper["authors"][:1] == ["Ada Lee"] or name == "page.md"
    assert listed(run) == []


def _mend(record: dict[str, Any]) -> None:
    inner = next((record[name] for name in ("data", "paper") if name in record), record)
    inner[next(name for name in ("abstractNote", "summary", "abstract") if name in inner)] = TIDE


def test_what_is_broken_is_written_as_it_stood(run: Any, tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text(
        f"@article{{good, title={{Good}}, abstract={{{TIDE}}}}}\n\n"
        f"@article{{open, title={{Open, abstract={{{TIDE}}}\n}}\n\n"
        f"@article{{odd, title {{Odd}}, abstract={{{TIDE}}}}}\n\n@article{{bare, title={{Bare}}}}\n"
    )
    (tmp_path / "tides.jsonl").write_text(
        lines({"title": "Fine", "abstract": TIDE}) + f'{{"title": "Cut", "abstract": "{TIDE}"\n'
    )
    run("add", tmp_path / "refs.bib", tmp_path / "tides.jsonl")
    assert titles(run) == {"Good", "Fine"}
    out = tmp_path / "mend.jsonl"
    run("rejects", "--export", out)
    bib = tmp_path / "mend.jsonl.bib"
    assert bib.read_text().count("% refs.bib, line ") == 2
    bib.write_text(bib.read_text().replace("{Open,", "{Open},").replace("title {Odd}", "title={Odd}"))
    text = out.read_text().replace('"abstract": ""', f'"abstract": "{TIDE}"')
    out.write_text("".join(f"{line}}}\n" if '"Cut"' in line else f"{line}\n" for line in text.splitlines()))
    assert run("add", out, bib)[0] == 0
    assert titles(run) == {"Good", "Fine", "Open", "Odd", "Bare", "Cut"}


def test_they_are_cleared_after_they_were_written(run: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bare.jsonl").write_text(lines({"title": "One"}, {"title": "Two"}))
    run("add", tmp_path / "bare.jsonl")
    out = tmp_path / "no" / "mend.jsonl"
    assert run("rejects", "--export", out, "--clear")[0] == 1  # nothing is lost where it cannot be written
    assert len(listed(run)) == 2
    out.parent.mkdir()
    assert main(["rejects", "--export", str(out), "--clear"]) == 0
    assert "Cleared: 2 rejected records." in capsys.readouterr().err
    assert listed(run) == []
    assert len(out.read_text().splitlines()) == 2
    assert run("rejects", "--clear", "--json") == (0, {"rejects": []})


def test_how_many_are_kept_is_bounded(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.REJECTS == 10_000
    monkeypatch.setattr("index.storage.rejects.REJECTS", 3)
    monkeypatch.setattr("index.storage.rejects.REJECTS_TEXT", 200)
    for number in range(5):
        file = tmp_path / f"{number}.jsonl"
        file.write_text(lines({"title": f"Paper {number}", "note": "x" * 100}))
        run("add", file)
    assert [reject["place"][0] for reject in listed(run)] == ["2", "3", "4"]
    out = tmp_path / "mend.jsonl"
    run("rejects", "--export", out)
    assert len(out.read_text().splitlines()) == 1  # of the others only place and reason are known


def test_odd_text_is_kept_and_shown(run: Any, tmp_path: Path) -> None:
    (tmp_path / "odd.jsonl").write_text('{"title": "Half \\ud800 sign \\u001b[31m", "x": [[[1]]]}\n{"title": 7}\n[1]\n')
    run("add", tmp_path / "odd.jsonl")
    assert len(listed(run)) == 3
    assert "\x1b" not in run("rejects")[1]
    assert run("rejects", "--export", tmp_path / "mend.jsonl")[0] == 0


def test_a_library_keeps_what_its_own_check_refuses(run: Any, tmp_path: Path) -> None:
    (tmp_path / "long.jsonl").write_text(lines({"title": "Long", "abstract": "a" * 1500}))
    run("add", tmp_path / "long.jsonl")
    (reject,) = listed(run)
    assert reject["source"] == str(tmp_path / "long.jsonl")
    with Library.open() as library:
        assert json.loads(library.rejects()[0].record)["title"] == "Long"
