"""The named endpoints for `gradio_client`: the same five tools as over MCP, answering the same JSON."""

from typing import TYPE_CHECKING

from gradio import events

if TYPE_CHECKING:
    from assistant.engine import Assistant


def add_endpoints(assistant: "Assistant") -> None:
    """Declare them within the Blocks that is being built."""
    from assistant.mcp import Tools

    for tool in Tools(assistant).all():
        events.api(tool, api_name=tool.__name__)
