"""The engine for others: gradio_client and the MCP client, against a served window."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from gradio_client import Client
from mcp import Client as McpClient
from mcp.client.streamable_http import streamable_http_client
from served_window import Window, served

from assistant.window.access.people import People, add_person
from index.sample import sample_papers

NAMES = {"search_papers", "ask_papers", "compare_papers", "weekly_summary", "check_text"}


@pytest.fixture(scope="module")
def window(homes: Path) -> Iterator[Window]:
    with served(homes / "endpoints", papers=sample_papers()) as made:
        yield made


def test_the_named_endpoints_answer_the_json_of_the_commands(window: Window) -> None:
    client = Client(window.url, verbose=False)
    assert {name.lstrip("/") for name in client.view_api(return_format="dict")["named_endpoints"]} == NAMES
    found = client.predict("sparse attention in hardware", 3, api_name="/search_papers")
    assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3]
    assert found["query"] == "sparse attention in hardware"
    answer = client.predict("Which papers speed up attention in hardware, and by how much?", api_name="/ask_papers")
    assert answer["mode"] == "quotes"
    cited = {paper["label"] for paper in answer["papers"] if paper["cited"]}
    assert {citation["label"] for claim in answer["claims"] for citation in claim["citations"]} == cited
    unknown = client.predict("no such paper", "neither this", api_name="/compare_papers")
    assert unknown["error"]["message"]


async def test_the_tools_over_mcp(window: Window) -> None:
    async with McpClient(f"{window.url}/mcp") as session:
        assert {tool.name for tool in (await session.list_tools()).tools} == NAMES
        result = await session.call_tool("search_papers", {"query": "SpAtten", "k": 1})
        assert "SpAtten" in result.content[0].text  # type: ignore[union-attr]


async def test_with_accounts_both_need_them(tmp_path: Path) -> None:
    token = add_person(tmp_path / "people", "Ada", "a long password")
    with served(tmp_path / "home", papers=sample_papers()[:3], people=People(tmp_path / "people")) as window:
        with pytest.raises(Exception, match=r"401|403|[Cc]redentials|[Aa]uth"):
            Client(window.url, verbose=False)
        for client in (
            Client(window.url, auth=("Ada", "a long password"), verbose=False),
            Client(window.url, headers={"Authorization": f"Bearer {token}"}, verbose=False),
        ):
            assert client.predict("attention", 1, api_name="/search_papers")["hits"]
        bearer = {"Authorization": f"Bearer {token}"}
        async with (
            httpx2.AsyncClient(headers=bearer) as http,
            McpClient(streamable_http_client(f"{window.url}/mcp", http_client=http)) as session,
        ):
            assert {tool.name for tool in (await session.list_tools()).tools} == NAMES


@pytest.mark.parametrize(
    ("name", "values"),
    [("search_papers", ["SpAtten", 1, None, None]), ("ask_papers", ["What is SpAtten?", 8, None, None, False])],
)
def test_values_keep_their_places(tmp_path: Path, name: str, values: list[Any]) -> None:
    with served(tmp_path / "home", papers=sample_papers()) as window:
        event = httpx.post(f"{window.url}/gradio_api/call/{name}", json={"data": values}).json()
        answer = httpx.get(f"{window.url}/gradio_api/call/{name}/{event['event_id']}", timeout=30).text
    assert "event: complete" in answer
    assert "SpAtten" in answer
