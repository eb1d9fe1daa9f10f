"""`papers tag`, `papers note` and `papers tags`, and `--tag` where papers are listed, searched and asked about."""

import io
import json
from typing import Any

import pytest

from assistant.cli import main
from assistant.evidence import evidence_lines
from index import Library
from index.paper import Paper

OWL = Paper(title="Owls at night", abstract="Owls hear mice under snow.", id="arxiv:2601.00001", published="2026-01-05")
EEL = Paper(title="Eels at sea", abstract="Eels cross the ocean in a year.", id="arxiv:2601.00002")


@pytest.fixture(autouse=True)
def _two_papers() -> None:
    with Library.open() as library:
        library.add([OWL, EEL])


def run(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    capsys.readouterr()
    assert main([*arguments, "--json"]) == code
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


@pytest.mark.parametrize("given", [("tag", "to read", "2601.00001"), ("tag", "2601.00001", "--add", "to read")])
def test_a_tag_is_given_and_shown(capsys: pytest.CaptureFixture[str], given: tuple[str, ...]) -> None:
    assert run(capsys, *given) == {"updated": [OWL.id]}
    assert run(capsys, *given) == {"updated": []}
    assert run(capsys, "show", OWL.id)["paper"]["tags"] == ["to read"]
    assert run(capsys, "tags") == {"tags": [{"name": "to read", "papers": 1}]}


@pytest.mark.parametrize(
    "taken",
    [
        ("tag", "b", "2601.00001", "--remove"),
        ("tag", "--remove", "B", "2601.00001"),
        ("tag", "2601.00001", "--remove", "b"),
        ("tag", "2601.00001", "--add", "a", "--remove", "b"),
    ],
)
def test_a_tag_is_taken_away(capsys: pytest.CaptureFixture[str], taken: tuple[str, ...]) -> None:
    run(capsys, "tag", "2601.00001", "--add", "a", "--add", "b")
    assert run(capsys, *taken) == {"updated": [OWL.id]}
    assert run(capsys, "show", OWL.id)["paper"]["tags"] == ["a"]


def test_unknown_papers_are_told_and_the_others_tagged(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "tag", "sea", "2601.00002", "2601.99999", code=1) == {"updated": [EEL.id]}
    assert "2601.99999" in run(capsys, "tag", "sea", "2601.99999", code=1)["error"]["message"]
    assert "tag" in run(capsys, "tag", "sea", code=1)["error"]["message"]


def test_tags_limit_lists_searches_and_questions(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "tag", "sea", EEL.id)
    assert [p["id"] for p in run(capsys, "list", "--tag", "SEA")["papers"]] == [EEL.id]
    found = run(capsys, "search", "owls and eels", "--tag", "sea")
    assert [hit["paper"]["id"] for hit in found["hits"]] == [EEL.id]
    assert run(capsys, "search", "sea")["hits"][0]["paper"]["id"] == EEL.id
    answer = run(capsys, "ask", "What do owls and eels do?", "--tag", "sea")
    assert [p["paper"]["id"] for p in answer["papers"]] == [EEL.id]
    assert "Only papers tagged “sea”: 1 of 2." in answer["notices"]
    assert "1 of 2 papers: tagged “sea”." in run(capsys, "ask", "How many papers are there?", "--tag", "sea")["text"]
    assert not run(capsys, "ask", "What do owls do?", "--tag", "unknown")["answered"]


def test_a_note_is_written_printed_and_taken_away(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(capsys, "note", "2601.00001", "Ask Ada.") == {"updated": [OWL.id]}
    assert run(capsys, "note", "2601.00001") == {"id": OWL.id, "note": "Ask Ada."}
    assert main(["note", "2601.00001"]) == 0
    assert capsys.readouterr().out == "Ask Ada.\n"
    monkeypatch.setattr("sys.stdin", io.StringIO("From\na pipe\n"))
    run(capsys, "note", "2601.00001", "-")
    assert run(capsys, "show", "2601.00001")["paper"]["note"] == "From\na pipe"
    assert "empty" in run(capsys, "note", "2601.00001", " ", code=1)["error"]["message"]
    run(capsys, "note", "2601.00001", "--remove")
    assert run(capsys, "show", "2601.00001")["paper"]["note"] is None


def test_neither_is_sent_to_a_model_as_the_papers(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "tag", "seaside", EEL.id)
    run(capsys, "note", EEL.id, "Remember the lighthouse.")
    with Library.open() as library:
        paper = library.get(EEL.id)
    assert paper.sentences == EEL.sentences
    sent = evidence_lines(1, paper)
    assert "seaside" not in sent
    assert "lighthouse" not in sent
