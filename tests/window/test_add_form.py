"""Links pasted into the window, without a browser."""

import gzip
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import respx
from zotero_server import Zotero, item, zotero_server

from assistant.conversations import Conversations
from assistant.engine import Assistant
from assistant.settings import Settings
from assistant.window.add_form import add_from
from assistant.window.context import WindowContext
from index.library import Library
from index.paper import Paper


async def test_a_pasted_link_is_fetched_with_progress_and_rejects(tmp_path: Path) -> None:
    papers = [
        {"paper": {"id": "2604.00001", "title": "One & Only", "summary": "It is the one."}},
        {"paper": {"id": "2604.00002", "title": "No abstract"}},
    ]
    with Library.open(tmp_path / "home", "hashing", offline=True) as library, respx.mock() as web:
        web.get("https://huggingface.co/api/daily_papers").respond(json=papers)
        conversations = Conversations(tmp_path / "conversations.sqlite3")
        context = WindowContext(Assistant(library, Settings.load(home=tmp_path / "home", offline=False)), conversations)
        shown = [
            html async for html, _ in add_from(context, "https://huggingface.co/papers/date/2026-04-16", None, False)
        ]
        conversations.close()
        assert [(paper.title, paper.posted) for paper in library.papers()] == [("One & Only", "2026-04-16")]
    assert "Fetching 1 of 1" in shown[0]
    assert "1 paper added" in shown[-1]
    assert "line 2</b> has no abstract" in shown[-1]


@pytest.fixture
def context(tmp_path: Path) -> Iterator[WindowContext]:
    with Library.open(tmp_path / "home", "hashing", offline=True) as library:
        conversations = Conversations(tmp_path / "conversations.sqlite3")
        yield WindowContext(Assistant(library, Settings.load(home=tmp_path / "home")), conversations)
        conversations.close()


async def said(context: WindowContext, text: str, file: Path | None) -> str:
    return [html async for html, _ in add_from(context, text, file and str(file), False)][-1]


async def test_a_file_or_paste_that_is_too_large_or_no_file_is_said(context: WindowContext, tmp_path: Path) -> None:
    with gzip.open(tmp_path / "bomb.gz", "wb", compresslevel=1) as bomb:
        for _ in range(300):
            bomb.write(b"a" * (1 << 20))
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    assert "bomb.gz is larger than 100 MB unpacked" in await said(context, "", tmp_path / "bomb.gz")
    assert "t is a pipe" in await said(context, "", tmp_path / "pipe")
    assert "t is a device" in await said(context, "", tmp_path / "zero")
    assert "paste has more than 100 million characters" in await said(context, "a" * (101 << 20), None)


async def test_a_record_of_a_paste_that_is_too_large_is_a_reject(context: WindowContext) -> None:
    papers = ({"title": "Long", "abstract": "a" * (8 << 20)}, {"title": "Fine", "abstract": "It is fine."})
    report = await said(context, "\n".join(map(json.dumps, papers)), None)
    assert "1 paper added" in report
    assert "larger than 2,097,152 characters" in report


async def test_pasted_ids_and_dois_are_fetched(context: WindowContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.sources.network.client.ARXIV_GAP", 0.0)
    context.assistant.settings.offline = False
    work = {"DOI": "10.1145/1.2", "title": ["Knobs"], "abstract": "We tune knobs.", "reference-count": 3}
    entry = "<entry><id>http://arxiv.org/abs/2604.00001v1</id><title>One</title><summary>It is one.</summary></entry>"
    with respx.mock() as web:
        web.get("https://export.arxiv.org/api/query").respond(
            text=f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'
        )
        web.get("https://api.crossref.org/works/10.1145%2F1.2").respond(json={"message": work})
        report = await said(context, "arXiv: 2604.00001v1\n10.1145/1.2\n", None)
    assert "2 papers added" in report


async def test_a_pasted_listing_without_abstracts_is_completed(
    context: WindowContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.sources.network.client.ARXIV_GAP", 0.0)
    page = "# Daily Papers\n\n### [One](https://huggingface.co/papers/2604.00001)\n\n· 2 authors\n\nApr 14, 2026\n"
    entry = "<entry><id>http://arxiv.org/abs/2604.00001v1</id><title>One</title><summary>It is one.</summary></entry>"
    assert "PAPERS_OFFLINE=1" in await said(context, page, None)
    context.assistant.settings.offline = False
    with respx.mock() as web:
        web.get("https://export.arxiv.org/api/query").respond(
            text=f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'
        )
        report = await said(context, page, None)
    assert "1 paper added" in report
    assert "1 came from arXiv" in report


async def test_a_running_zotero_is_read_by_its_owner_only(
    context: WindowContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    tides = item("ITEM0001", collections=("AAAA1111",), title="Tides", abstractNote="The tide is slow.")
    with zotero_server(Zotero({"AAAA1111": ("My Reading", None)}, [tides])) as address:
        monkeypatch.setattr("index.sources.network.zotero.ADDRESS", address)
        shared = replace(context, own=False)
        assert "on its own machine only" in await said(shared, "zotero:", None)
        assert context.assistant.library.count() == 0
        assert "1 paper added" in await said(context, "zotero:my reading", None)


async def test_what_was_merged_and_why_is_told(context: WindowContext) -> None:
    library = context.assistant.library
    owl = Paper(title="Owls at night", abstract="Owls hear mice under snow.", id="arxiv:2601.00001")
    eel = Paper(title="Eels at sea", abstract="Eels cross the ocean in a year.")
    doi = Paper(title="Owls by night", abstract="Owls hear mice.", id="doi:10.5555/owl")
    library.add([owl, eel, doi])
    now = [
        {
            "title": "Owls at night",
            "abstract": "Owls hear mice and voles.",
            "ids": ["arxiv:2601.00001", "doi:10.5555/owl"],
        },
        {"title": "Eels at Sea", "abstract": "Eels cross the ocean in a year.", "doi": "10.5555/eel"},
    ]
    report = await said(context, "\n".join(map(json.dumps, now)), None)
    assert "2 papers were there already" in report
    assert "It is the paper that was there: the same id, arxiv:2601.00001." in report
    assert "“Owls by night” (doi:10.5555/owl) is now a part of it." in report
    assert "It is the paper that was there: the same title" in report
