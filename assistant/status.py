"""Where things stand: the library, the model, and what leaves the machine. Spends nothing."""

import asyncio
from typing import Any

from assistant.connection import what_leaves
from assistant.llm import ChatModel
from assistant.settings import Settings
from assistant.tokens import token_counter
from index.library import Library
from index.safety.permissions import exposed


async def _model(settings: Settings) -> tuple[str | None, str]:
    """The chat model's name, and `ok`, `not configured`, or why it cannot be used."""
    if not settings.configured:
        return None, "not configured"
    chat = ChatModel(settings)
    answer = await chat.reachable()
    return chat.name or None, answer


def status_document(library: Library, settings: Settings, *, verify: bool = False) -> dict[str, Any]:
    """The document of `papers status`. `verify` compares record, words and vectors with each other. Asks the chat
    API for its list of models, which is free."""
    status = library.status(verify=verify)
    model, llm = asyncio.run(_model(settings))
    notices = list(status.notices)
    if llm == "not configured":
        notices.append(
            "No model is configured, so answers are quotes: set OPENAI_API_KEY, or OPENAI_BASE_URL for a local server."
        )
    notices.append(what_leaves(settings))
    notices += filter(None, [exposed(settings.env_file)])
    if status.embeddings.startswith("openai:"):
        notices.append("The text of added papers, and of questions where asked for, goes out to be embedded.")
    return {
        "home": str(status.home),
        "papers": status.papers,
        "first": status.first,
        "last": status.last,
        "embeddings": status.embeddings,
        "chroma": status.chroma,
        "model": model,
        "llm": llm,
        "token_counter": token_counter(),
        "agree": status.agree,
        "notices": notices,
    }
