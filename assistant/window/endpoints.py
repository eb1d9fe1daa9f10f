"""The named endpoints for `gradio_client`: the same five tools as over MCP, answering the same JSON."""

from typing import TYPE_CHECKING

from gradio import events

if TYPE_CHECKING:
    from assistant.engine import Assistant


def add_endpoints(assistant: "Assistant") -> None:
    """Declare them within the Blocks that is being built."""
    from assistant.mcp import Tools

    tools = Tools(assistant)
    for tool in (
        tools.search_papers,
        tools.ask_papers,
        tools.compare_papers,
        tools.weekly_summary,
        tools.check_text,
    ):
        events.api(tool, api_name=tool.__name__)
