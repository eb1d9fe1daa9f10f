"""Where things stand and how to change it: the status of library and model, what leaves the machine, the local
servers that run, and connecting a model.

Spends nothing, but for one small call when a model is connected. Writes through `settings.save_connection`; a key is
never shown, logged or sent to an address that it was not given for.
"""

import asyncio
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import httpx
from pydantic import SecretStr

from assistant.llm import BadKey, ChatModel, LLMError, NotConfigured, UnknownModel
from assistant.settings import Settings, save_connection
from assistant.tokens import token_counter
from index.library import Library
from index.safety.addresses import is_loopback, put_right
from index.safety.http import whole_answer
from index.safety.permissions import exposed

if TYPE_CHECKING:
    from assistant.engine import Assistant

LOOK_SECONDS = 0.5  # for a local server to begin its answer; twice as long to finish it
LARGEST_LIST = 1 << 20  # bytes of its list of models
LOCAL_SERVERS = {
    "Ollama": "http://127.0.0.1:11434/v1",
    "LM Studio": "http://127.0.0.1:1234/v1",
    "vLLM": "http://127.0.0.1:8000/v1",
    "llama.cpp": "http://127.0.0.1:8080/v1",
}


@dataclass(frozen=True)
class LocalServer:
    """A server on this machine that lists models."""

    name: str
    url: str
    models: tuple[str, ...]


async def _listed(client: httpx.AsyncClient, name: str, url: str) -> LocalServer | None:
    try:
        request = client.build_request("GET", f"{url}/models")
        answer = await whole_answer(client, request, seconds=2 * LOOK_SECONDS, largest=LARGEST_LIST)
        models = tuple(str(entry["id"]) for entry in answer.raise_for_status().json()["data"])
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None
    return LocalServer(name, url, models) if models else None


async def local_servers() -> tuple[LocalServer, ...]:
    """The servers that answer at the usual local addresses."""
    async with httpx.AsyncClient(timeout=LOOK_SECONDS, trust_env=False) as client:
        looks = [_listed(client, name, url) for name, url in LOCAL_SERVERS.items()]
        return tuple(server for server in await asyncio.gather(*looks) if server)


def what_leaves(settings: Settings) -> str:
    """What leaves this machine with these settings, and where it goes, in a sentence for each server."""
    server = settings.chroma
    if server is None or is_loopback(server.host):
        return _to_the_model(settings)
    vectors = (
        f"To the Chroma server at {server.shown} go the vectors of your papers and of your questions, and the papers' "
        "ids and days."
    )
    return f"{_to_the_model(settings)} {vectors}" if settings.configured else f"{vectors} Answers are quotes from them."


def _to_the_model(settings: Settings) -> str:
    if not settings.configured:
        return "Nothing leaves this machine: answers are quotes from your papers."
    if settings.is_local:
        return (
            f"Your questions and the abstracts they are answered from go to {settings.server}, on this machine. "
            "Whether they stay on it is up to the server there: a proxy forwards them, and so does a model in a cloud."
        )
    return (
        f"To {settings.server} go your questions, the conversation's last answers, and the abstracts they are "
        "answered from; if you ask for a judge, the sentences to judge and those that they cite. Nothing else, and "
        "nowhere else."
    )


async def connect(assistant: "Assistant", base_url: str, api_key: str, model: str) -> tuple[str, ...]:
    """Test an address, a key and a model by one small call: the list of models, which some servers show to anyone, only
    advises. If they work, use them from now on and save them together in the library's folder. An empty address means
    OpenAI; an empty key keeps the current one, but only if the address stays the same. Returns the models listed.
    Raises LLMError with a sentence for people, and then saves nothing."""
    now = assistant.settings
    base_url = put_right(base_url) if base_url.strip() else ""
    if not api_key and (base_url or None) == now.base_url and now.api_key:
        api_key = now.api_key.get_secret_value()
    tried = now.model_copy(
        update={
            "base_url": base_url or None,
            "api_key": SecretStr(api_key) if api_key else None,
            "model": model or None,
        }
    )
    if not tried.configured:
        raise NotConfigured("Give a key, or the address of a server of your own.")
    chat = ChatModel(tried)
    try:
        listed = await chat.models()
    except BadKey:
        raise
    except LLMError:
        if not chat.name:
            raise
        listed = ()
    try:
        await chat.resolve()
        await chat.works()
    except UnknownModel as unknown:
        known = f" It lists {', '.join(listed[:5])}." if listed else ""
        raise NotConfigured(f"{unknown}{known}") from None
    tried = tried.model_copy(update={"model": chat.name})
    save_connection(now.home, base_url=tried.base_url, api_key=api_key or None, model=tried.model)
    assistant.use(tried)
    return listed


def disconnect(assistant: "Assistant") -> str | None:
    """Uses no model from now on, and removes address, key and model from the library's folder. Returns what will be
    connected when the window is next started, because the environment names it; None if nothing. Raises OSError."""
    now = assistant.settings
    save_connection(now.home, base_url=None, api_key=None, model=None)
    assistant.use(now.model_copy(update={"base_url": None, "api_key": None, "model": None}))
    named = [name for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY") if os.environ.get(name)]
    return " and ".join(named) or None


async def _model_status(settings: Settings) -> tuple[str | None, str]:
    """The chat model's name, and `ok`, `not configured`, or why it cannot be used."""
    if not settings.configured:
        return None, "not configured"
    chat = ChatModel(settings)
    answer = await chat.reachable()
    return chat.name or None, answer


def status_document(library: Library, settings: Settings, *, verify: bool = False) -> dict[str, Any]:
    """The document of `papers status`. `verify`: compare record, words and vectors with each other. Asks the
    chat API for its list of models, which is free."""
    from index.sources.network.network_state import answered

    status = library.status(verify=verify)
    model, llm = asyncio.run(_model_status(settings))
    notices = list(status.notices)
    if llm == "not configured":
        notices.append(
            "No model is configured, so answers are quotes: set OPENAI_API_KEY, or OPENAI_BASE_URL for a local server."
        )
    notices.append(what_leaves(settings))
    notices += filter(None, [exposed(settings.env_file)])
    notices += [
        f"{host} last answered on {when:%Y-%m-%d} at {when:%H:%M} UTC." for host, when in answered(library.path).items()
    ]
    if status.embeddings.startswith("openai:"):
        notices.append("The text of added papers, and of questions where asked for, goes out to be embedded.")
    return {
        "home": str(status.home),
        "papers": status.papers,
        "first": status.first,
        "last": status.last,
        "embeddings": status.embeddings,
        "chroma": status.chroma,
        "chroma_server": asdict(status.server) if status.server else None,
        "model": model,
        "llm": llm,
        "token_counter": token_counter(),
        "agree": status.agree,
        "rejects": status.rejects,
        "disk": status.disk,
        "notices": notices,
    }
