"""The kept digests as a feed and as a folder of pages."""

import html
import re
from pathlib import Path
from typing import Any

import pytest
from atom_rules import look
from invented import paper_about, week

from assistant.cli import main
from index import Library, Paper

HOSTILE = Paper(
    title="<script>alert(1)</script> ]]> & <b>bold</b>",
    abstract="We break feeds & readers <img src=x onerror=alert(2)> by 12%. ]]> \x0b \x00 It is 3 times worse.",
    posted="2026-04-15",
    id="arxiv:2604.99999",
)


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A library with two weeks."""
    home = tmp_path / "papers-home"
    with Library.open(home, embeddings="hashing") as library:
        library.add([*week(3), HOSTILE, *(paper_about("video", n, "2026-04-07") for n in range(20, 26))])
    return home


def test_each_kept_digest_is_an_entry(filled: Path, capsys: Any) -> None:
    for which in (["--week", "2026-W15"], ["--week", "2026-W16", "--query", "Robot manipulation"]):
        assert main(["weekly", *which]) == 0
    capsys.readouterr()
    assert main(["weekly", "--format", "atom"]) == 0
    text = capsys.readouterr().out
    entries = look(text, "https://papers.example/").entries
    titles = [entry.title for entry in entries]
    assert [title.partition(",")[0] for title in titles] == ["Papers of 2026-W16"] * 2 + ["Papers of 2026-W15"]
    assert titles[1].endswith("Robot manipulation")
    whole = entries[0].content[0].value
    assert all(paper.title in html.unescape(re.sub("<[^>]+>", "", whole)) for paper in week(3))
    assert "<script" not in whole
    assert "onerror=" not in re.sub(r"&lt;.*?&gt;", "", whole)
    assert main(["weekly", "--format", "atom"]) == 0
    again = look(capsys.readouterr().out, "https://papers.example/").entries
    assert [entry.id for entry in again] == [entry.id for entry in entries]


def test_the_name_of_a_file_may_say_that_a_feed_is_meant(filled: Path, tmp_path: Path) -> None:
    assert main(["weekly", "-o", str(tmp_path / "papers.atom")]) == 0
    assert look((tmp_path / "papers.atom").read_text(encoding="utf-8"), "https://papers.example/").entries


def test_a_site_has_a_page_for_each_digest(filled: Path, tmp_path: Path, capsys: Any) -> None:
    site = tmp_path / "site"
    for which in ("2026-W15", "2026-W16"):
        assert main(["weekly", "--week", which, "--site", str(site)]) == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "feed.atom is the feed" in printed.err
    assert {file.name for file in site.iterdir()} == {"index.html", "feed.atom", "2026-W15.html", "2026-W16.html"}
    archive = (site / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'href="(2026-\w+\.html)"', archive) == ["2026-W16.html", "2026-W15.html"]
    entries = look((site / "feed.atom").read_text(encoding="utf-8"), site.as_uri() + "/").entries
    assert all((site / entry.link).is_file() for entry in entries)
    for name in ("index.html", "2026-W16.html"):
        page = (site / name).read_text(encoding="utf-8")
        assert page.startswith("<!doctype html>")
        assert "<script" not in page


def test_a_folder_that_cannot_be_written_is_named(filled: Path, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert main(["weekly", "--site", str(tmp_path / "file")]) == 1
    assert str(tmp_path / "file") in capsys.readouterr().err
