"""`papers topic` and `papers weekly` by topic and by tag, as a person and a script use them."""

import json
from pathlib import Path
from typing import Any

import pytest
from invented import week

from assistant.cli import main
from index import Library


@pytest.fixture
def filled() -> None:
    with Library.open(embeddings="hashing", exact=True) as library:
        library.add(week(2))


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    assert main([*arguments, "--json"]) == code
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_topics_are_added_replaced_listed_and_removed(filled: None, capsys: pytest.CaptureFixture[str]):
    assert main(["topic", "add", "Long videos", "--query", "long video generation"]) == 0
    assert main(["topic", "add", "mine", "--tag", "mine"]) == 0
    assert capsys.readouterr().out == "Added: Long videos (long video generation)\nAdded: mine (tagged “mine”)\n"
    assert main(["topic", "add", "long videos"]) == 0
    printed = capsys.readouterr()
    assert printed.out == "Replaced: long videos\n"
    assert printed.err == "It was: Long videos (long video generation)\n"
    listed = [
        {"name": "long videos", "query": "long videos", "tag": None},
        {"name": "mine", "query": "", "tag": "mine"},
    ]
    assert run_json(capsys, "topic", "list") == {"topics": listed}
    assert run_json(capsys, "topic", "remove", "MINE") == {"removed": listed[1]}
    assert main(["topic", "list"]) == 0
    assert capsys.readouterr().out == "long videos\n"
    error = run_json(capsys, "topic", "remove", "mine", code=1)["error"]
    assert error["message"] == "No topic is called “mine”. The topics are “long videos”."
    assert main(["topic", "add", " "]) == 1
    assert "needs a name" in capsys.readouterr().err


def test_a_week_by_topics_and_by_tag(filled: None, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    message = run_json(capsys, "weekly", "--topics", code=1)["error"]["message"]
    assert message == "No topic is saved yet: `papers topic add NAME` saves one."
    assert main(["topic", "add", "videos", "--query", "long video generation"]) == 0
    assert main(["topic", "add", "proofs", "--query", "formal mathematics"]) == 0
    capsys.readouterr()
    digest = run_json(capsys, "weekly", "--topics")
    assert [(t["name"], len(t["labels"])) for t in digest["topics"]] == [("videos", 2), ("proofs", 2)]
    assert len(digest["outside"]) == 6
    assert len(digest["papers"]) == 10
    assert main(["weekly", "--topic", "proofs"]) == 0
    page = capsys.readouterr().out
    assert "*10 papers: 2 in 1 topic, 8 outside.*" in page
    assert "## proofs (2)" in page
    assert "8 papers are not on this topic." in page
    ids = [p["paper"]["id"] for p in digest["papers"]][:3]
    assert main(["tag", "mine", *ids]) == 0
    capsys.readouterr()
    assert sorted(p["paper"]["id"] for p in run_json(capsys, "weekly", "--tag", "Mine")["papers"]) == sorted(ids)
    assert main(["weekly", "--site", str(tmp_path / "site")]) == 0
    pages = {path.name for path in (tmp_path / "site").glob("*.html")}
    assert len(pages) == 5  # the archive, all papers, by topic, one topic, a tag
    with pytest.raises(SystemExit):
        main(["weekly", "--topics", "--topic", "proofs"])
