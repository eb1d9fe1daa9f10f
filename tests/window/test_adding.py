"""Links pasted into the window, without a browser."""

from pathlib import Path

import respx

from assistant.conversations import Conversations
from assistant.engine import Assistant
from assistant.settings import Settings
from assistant.window.adding import add_from
from assistant.window.desk import Desk
from index.library import Library


async def test_a_pasted_link_is_fetched_with_progress_and_rejects(tmp_path: Path) -> None:
    papers = [
        {"paper": {"id": "2604.00001", "title": "One & Only", "summary": "It is the one."}},
        {"paper": {"id": "2604.00002", "title": "No abstract"}},
    ]
    with Library.open(tmp_path / "home", "hashing", offline=True) as library, respx.mock() as web:
        web.get("https://huggingface.co/api/daily_papers").respond(json=papers)
        conversations = Conversations(tmp_path / "conversations.sqlite3")
        desk = Desk(Assistant(library, Settings.load(home=tmp_path / "home", offline=False)), conversations)
        shown = [html async for html, _ in add_from(desk, "https://huggingface.co/papers/date/2026-04-16", None, False)]
        conversations.close()
        assert [(paper.title, paper.posted) for paper in library.papers()] == [("One & Only", "2026-04-16")]
    assert "Fetching 1 of 1" in shown[0]
    assert "1 new" in shown[-1]
    assert "line 2</b> has no abstract" in shown[-1]
