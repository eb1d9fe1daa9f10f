"""`papers compare` with several papers, with rows of one's own, and with a set in place of names."""

import json
from pathlib import Path
from typing import Any

import pytest
from invented import week
from several import RIVALS

from assistant.cli import main
from index import Library


@pytest.fixture(autouse=True)
def _papers() -> None:
    with Library.open() as library:
        library.add(RIVALS)


def run(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["compare", *arguments, "--json"]) == code
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def ids(document: dict[str, Any]) -> list[str]:
    return [each["paper"]["id"] for each in document["papers"]]


def test_three_papers_are_compared_in_ones_own_rows(capsys: pytest.CaptureFixture[str]) -> None:
    names = ("AlderNet0", "2605.10001", "CloverNet2")
    made = run(capsys, *names, "--rows", "Data set; Open code?")
    assert ids(made) == [paper.id for paper in RIVALS[:3]]
    assert [row["aspect"] for row in made["rows"]] == ["Data set", "Open code?"]
    assert all(len(row["cells"]) == 3 for row in made["rows"])
    assert made["rows"][1]["cells"][0]["citations"] == [{"label": 1, "sentence": 6}]


def test_a_tag_a_search_and_a_theme_are_sets(capsys: pytest.CaptureFixture[str]) -> None:
    with Library.open() as library:
        library.annotations.tag([paper.id for paper in RIVALS[2:5]], add=["prune"])
        library.add(week(3))
    assert set(ids(run(capsys, "--tag", "prune"))) == {paper.id for paper in RIVALS[2:5]}
    assert len(ids(run(capsys, "--query", "pruning channels by entropy", "-k", "3"))) == 3
    assert len(ids(run(capsys, "AlderNet0", "--tag", "prune"))) == 4
    theme = run(capsys, "--week", "2026-W16", "--theme", "1")
    assert 2 <= len(ids(theme)) <= 8
    refused = run(capsys, "--week", "2026-W16", "--theme", "no such theme", code=1)["error"]["message"]
    assert "Its themes: 1 " in refused


@pytest.mark.parametrize("given", [(), ("AlderNet0",), ("--tag", "none"), ("--query", " ")])
def test_too_few_papers_are_said(capsys: pytest.CaptureFixture[str], given: tuple[str, ...]) -> None:
    assert run(capsys, *given, code=1)["error"]["message"]


def test_a_set_larger_than_eight_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with Library.open() as library:
        library.add(week(2))
        library.annotations.tag([paper.id for paper in library.papers()], add=["all"])
    made = run(capsys, "--tag", "all")
    assert len(ids(made)) == 8
    assert "18 papers have the tag: the newest 8 are compared." in made["notices"]


@pytest.mark.parametrize("name", ["made.tex", "made.csv", "made.html", "made.md", "made.json"])
def test_the_ending_of_the_file_names_the_format(capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str) -> None:
    assert main(["compare", "AlderNet0", "BrambleNet1", "CloverNet2", "DogwoodNet3", "-o", str(tmp_path / name)]) == 0
    text = (tmp_path / name).read_text()
    begins = {"tex": "% \\usepackage", "csv": "paper,Problem", "html": "<!doctype", "md": "# AlderNet0, ", "json": "{"}
    assert text.lstrip().startswith(begins[name.rpartition(".")[2]])
