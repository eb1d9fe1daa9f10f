"""Addresses as people paste them are put right; a server's list of models advises, and the call decides."""

import json
from pathlib import Path
from typing import Any

import httpx
import openai  # noqa: F401  # loaded beforehand: its half second is not the wait that is tested
import pytest
import respx
from chat_server import CHAT, KEY, URL, answer, refusal, settings

from assistant.connection import connect
from assistant.engine import Assistant
from assistant.llm import BadKey, ChatModel, LLMError, NotConfigured, UnknownModel, Words
from assistant.settings import Settings
from index.safety.addresses import is_private

ASKED = [{"role": "user", "content": "How fast is it?"}]
LIST = f"{URL}/models"


async def said_by(chat: ChatModel) -> str:
    return "".join([part.text async for part in chat.stream(ASKED) if isinstance(part, Words)])


@respx.mock
@pytest.mark.parametrize(
    "address",
    [
        f"{URL}/chat/completions",
        f"{URL}/chat/completions/",
        f"{URL}/models",
        f"{URL}/",
        f"  '{URL}'  ",
        "api.example.org/v1",
        "https://api.example.org",
        "api.example.org/",
    ],
)
async def test_addresses_are_put_right(tmp_path: Path, address: str) -> None:
    respx.post(CHAT).mock(return_value=answer("Words."))
    respx.post("https://api.example.org/chat/completions").mock(return_value=httpx.Response(404, text="Not Found"))
    assert await said_by(ChatModel(settings(tmp_path, base_url=address))) == "Words."


@respx.mock
async def test_an_api_that_has_no_v1_is_asked_there_and_a_missing_one_is_remembered(tmp_path: Path) -> None:
    bare = respx.post("https://api.example.org/chat/completions").mock(return_value=answer("Words."))
    assert await said_by(ChatModel(settings(tmp_path, base_url="https://api.example.org"))) == "Words."
    bare.mock(return_value=httpx.Response(200, text="<html>A page</html>"))
    with_v1 = respx.post(CHAT).mock(return_value=answer("Words."))
    assert await said_by(ChatModel(settings(tmp_path, base_url="https://api.example.org"))) == "Words."
    assert await said_by(ChatModel(settings(tmp_path, base_url="https://api.example.org"))) == "Words."
    assert (bare.call_count, with_v1.call_count) == (2, 2)


@respx.mock
async def test_a_query_stays_and_the_key_goes_as_azure_wants_it(tmp_path: Path) -> None:
    base = "https://x.example.org/openai/deployments/m"
    route = respx.post(f"{base}/chat/completions").mock(return_value=answer("Words."))
    chosen = settings(tmp_path, base_url=f"{base}/chat/completions?api-version=2024-10-21")
    assert await said_by(ChatModel(chosen)) == "Words."
    assert route.calls.last.request.url.params["api-version"] == "2024-10-21"
    assert route.calls.last.request.headers["api-key"] == KEY


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("127.0.0.1:11434", "http://127.0.0.1:11434"),
        ("localhost:1234/v1", "http://localhost:1234/v1"),
        ("nas:8080/v1", "http://nas:8080/v1"),
        ("[::1]:8080/v1", "http://[::1]:8080/v1"),
    ],
)
def test_a_server_nearby_without_a_scheme_is_asked_by_http(tmp_path: Path, address: str, url: str) -> None:
    assert Settings.load(home=tmp_path, base_url=address).url == url


@pytest.mark.parametrize(
    ("host", "near"),
    [("192.168.1.5", True), ("10.0.0.1", True), ("nas.local", True), ("ollama", True), ("8.8.8.8", False)],
)
def test_what_is_nearby(host: str, near: bool) -> None:
    assert is_private(host) is near


@respx.mock
@pytest.mark.parametrize(
    ("listed", "wanted", "ok"),
    [
        ({"data": [{"id": "llama3.2:latest"}]}, "llama3.2", True),
        ({"data": [{"id": "llama3.2"}]}, "llama3.2:latest", True),
        ([{"id": "m-1"}], "m-1", True),
        (["m-1", "m-2"], "m-1", True),
        ({"models": [{"name": "m-1"}]}, "m-1", True),
        ({"object": "list", "data": None, "models": [{"model": "m-1"}]}, "m-1", True),
        ({"data": [{"id": "models/g-1"}]}, "g-1", True),
        ({"data": [{"id": "m-1"}]}, "m-2", False),
        ({"data": []}, "m-1", False),
        ("<html>hello</html>", "m-1", False),
        ([1, None, {}], "m-1", False),
        ("", "m-1", False),
        ("[" * 50_000, "m-1", False),
    ],
)
async def test_the_list_is_read_leniently(tmp_path: Path, listed: Any, wanted: str, ok: bool) -> None:
    given = {"text": listed} if isinstance(listed, str) else {"json": listed}
    respx.get(LIST).mock(return_value=httpx.Response(200, **given))
    assert (await ChatModel(settings(tmp_path, model=wanted)).reachable() == "ok") is ok


@respx.mock
@pytest.mark.parametrize(
    "listing",
    [
        httpx.Response(404, text="404 page not found"),
        httpx.Response(200, text="<html>A page</html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"data": [{"id": "another"}]}),
        httpx.Response(500, text="oops"),
    ],
)
async def test_the_call_decides_and_not_the_list(tmp_path: Path, listing: httpx.Response) -> None:
    respx.get(LIST).mock(return_value=listing)
    route = respx.post(CHAT).mock(return_value=answer("hello"))
    with Assistant.open(Settings.load(home=tmp_path)) as assistant:
        await connect(assistant, f"{URL}/chat/completions", KEY, "m-1")
        assert assistant.model is not None
        assert json.loads(route.calls.last.request.content)["model"] == "m-1"
        assert Settings.load(home=tmp_path).url == URL


@respx.mock
@pytest.mark.parametrize(
    ("refused", "kind"),
    [(refusal(401, "bad key"), BadKey), (refusal(404, "model 'm-1' not found"), (NotConfigured, UnknownModel))],
)
async def test_a_list_that_anyone_may_read_proves_no_key(tmp_path: Path, refused: httpx.Response, kind: Any) -> None:
    respx.get(LIST).mock(return_value=httpx.Response(200, json={"data": [{"id": "m-1"}]}))
    respx.post(CHAT).mock(return_value=refused)
    with Assistant.open(Settings.load(home=tmp_path)) as assistant:
        with pytest.raises(LLMError) as caught:
            await connect(assistant, URL, KEY, "m-1")
        assert isinstance(caught.value, kind)
        assert str(caught.value) != "ok"
        assert not (tmp_path / ".env").exists()
