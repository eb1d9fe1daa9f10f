"""What another program finds besides the tools (MCP): what the tools say of themselves, resources and prompts."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, MCPError
from pydantic import AnyUrl
from several import RIVALS

from assistant import Assistant
from assistant.mcp import server
from assistant.settings import Settings
from index.paper import Paper

HOSTILE = Paper(
    title="[Click](https://evil.example) <img src=x>",
    abstract="We measure nothing. See https://evil.example for more.",
    id="doi:10.1145/3458817.3476195",
    posted="2026-04-14",
)
DATED = RIVALS[0].with_(posted_days=("2026-04-15",))
OLD = Paper(title="An Old Paper", abstract="It is old.", id="arxiv:cs/9901001")
ODD = Paper(title="Ödd näming of thïngs", abstract="One sentence.", url="https://example.org/a?b=c#d")


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    settings = Settings.load(home=tmp_path_factory.mktemp("mcp"), embeddings="hashing", offline=True)
    with Assistant.open(settings) as opened:
        opened.library.add([DATED, *RIVALS[1:4], HOSTILE, OLD, ODD])
        yield opened


async def text_of(client: Client, uri: str) -> str:
    (content,) = (await client.read_resource(uri)).contents
    return str(content.text)  # type: ignore[union-attr]


async def test_every_tool_says_that_it_only_reads(assistant: Assistant) -> None:
    async with Client(server(assistant)) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    hints = {name: tool.annotations for name, tool in tools.items()}
    assert all(hint and hint.read_only_hint for hint in hints.values())
    assert {name for name, hint in hints.items() if hint and hint.open_world_hint} == {
        "ask_papers", "compare_papers", "weekly_summary",
    }  # fmt: skip
    assert tools["ask_papers"].title == "Ask papers"


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_every_listed_resource_can_be_read(assistant: Assistant, mode: Any) -> None:
    async with Client(server(assistant), mode=mode) as client:
        listed = (await client.list_resources()).resources
        weeks = {each.uri for each in listed if each.mime_type == "text/markdown"}
        assert weeks == {f"papers://week/{week}" for week in assistant.library.weeks()}
        papers = [each for each in listed if each.mime_type == "application/json"]
        assert {each.name for each in papers} == {paper.id for paper in assistant.library.papers()}
        for each in papers:
            assert str(AnyUrl(each.uri)) == each.uri  # clients that parse an address keep it
            assert json.loads(await text_of(client, each.uri))["paper"]["id"] == each.name
        assert not any("](" in str(each.title) or "<img" in str(each.title) for each in listed)


@pytest.mark.parametrize(
    "uri",
    ["papers://2605.10001", "papers://2605.10001v2", "papers://arxiv%3A2605.10001", "papers://arxiv:2605.10001",
     "papers://https%3A%2F%2Farxiv.org%2Fabs%2F2605.10001"],
)  # fmt: skip
async def test_a_paper_is_read_by_whatever_names_it(assistant: Assistant, uri: str) -> None:
    async with Client(server(assistant)) as client:
        shown = json.loads(await text_of(client, uri))
    assert shown["paper"]["id"] == RIVALS[1].id
    assert [each["number"] for each in shown["sentences"]] == list(range(1, len(RIVALS[1].sentences) + 1))


@pytest.mark.parametrize("uri", ["papers://cs/9901001", "papers://doi:10.1145/3458817.3476195",
                                 "papers://10.1145%2F3458817.3476195"])  # fmt: skip
async def test_an_id_may_have_a_slash(assistant: Assistant, uri: str) -> None:
    async with Client(server(assistant)) as client:
        assert json.loads(await text_of(client, uri))["paper"]["id"] in (OLD.id, HOSTILE.id)


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("papers://2605.99999", "No paper in this library"),
        ("papers://..%2F..%2Fetc%2Fpasswd", "No paper in this library"),
        ("papers:///etc/passwd", "No paper in this library"),
        ("papers://%00", "No paper in this library"),
        ("papers://" + "x" * 60_000, "characters"),
        ("papers://" + "x" * 100_000, "Unknown resource"),
        ("papers://week/2026-W99", "2026-W99"),
        ("papers://week/next", "next"),
        ("files://etc/passwd", "Unknown resource|not found"),
    ],
)
async def test_what_is_not_there_is_said_to_be(assistant: Assistant, uri: str, said: str) -> None:
    async with Client(server(assistant)) as client:
        with pytest.raises(MCPError, match=said):
            await client.read_resource(uri)
        assert (await client.list_resources()).resources  # it goes on


async def test_a_week_is_read_in_the_papers_own_sentences_and_costs_nothing(assistant: Assistant) -> None:
    async with Client(server(assistant)) as client:
        digest = await text_of(client, "papers://week/2026-W16")
        empty = await text_of(client, "papers://week/2020-W02")
    assert "AlderNet0" in digest
    assert "](https://evil" not in digest
    assert "AlderNet0" not in empty


async def test_templates_are_completed(assistant: Assistant) -> None:
    async with Client(server(assistant)) as client:
        week, paper = sorted(
            (await client.list_resource_templates()).resource_templates, key=lambda t: "week" not in t.uri_template
        )
        for template, argument, typed, expected in (
            (week.uri_template, "week", "2026-w16", ["2026-W16"]),
            (week.uri_template, "week", "1999", []),
            (paper.uri_template, "id", "2605.10001", ["2605.10001"]),
        ):
            ref = {"type": "ref/resource", "uri": template}
            found = await client.complete(ref, {"name": argument, "value": typed})  # type: ignore[arg-type]
            assert found.completion.values == expected


@pytest.mark.parametrize(
    ("name", "given", "tool"),
    [
        ("ask", {"question": "What is {{new}}?"}, "ask_papers"),
        ("compare", {"papers": "AlderNet0; BrambleNet1"}, "compare_papers"),
        ("weekly", {"week": "2026-W16"}, "weekly_summary"),
        ("weekly", {}, "weekly_summary"),
    ],
)
async def test_each_job_has_a_prompt_that_names_its_tool(
    assistant: Assistant, name: str, given: dict[str, str], tool: str
) -> None:
    async with Client(server(assistant)) as client:
        assert {prompt.name for prompt in (await client.list_prompts()).prompts} == {"ask", "compare", "weekly"}
        (message,) = (await client.get_prompt(name, given)).messages
        assert tool in {tool.name for tool in (await client.list_tools()).tools}
    text = message.content.text  # type: ignore[union-attr]
    assert f"`{tool}`" in text
    assert all(value in text for value in given.values())


async def test_an_empty_library_has_no_resources(tmp_path: Path) -> None:
    with Assistant.open(Settings.load(home=tmp_path / "empty", embeddings="hashing", offline=True)) as opened:
        async with Client(server(opened)) as client:
            assert (await client.list_resources()).resources == []
            with pytest.raises(MCPError, match="No paper"):
                await client.read_resource("papers://2605.10001")
