"""Connecting a model from the window: tested live, kept for the user alone, shown to nobody."""

from pathlib import Path

import pytest
from chat_server import MODEL, StubServer

from assistant import connection
from assistant.connection import connect, disconnect, local_servers, what_leaves
from assistant.engine import Assistant
from assistant.llm import LLMError
from assistant.settings import Settings

KEY = "sk-a-secret-key"


@pytest.fixture(autouse=True)
def _quick(stub: StubServer) -> None:
    stub.reset()


async def test_what_works_is_used_and_kept(tmp_path: Path, stub: StubServer) -> None:
    with Assistant.open(Settings.load(home=tmp_path)) as assistant:
        assert await connect(assistant, stub.url, KEY, MODEL) == (MODEL,)
        assert assistant.model is not None
        file = tmp_path / ".env"
        assert file.stat().st_mode & 0o777 == 0o600
        again = Settings.load(home=tmp_path)
        assert (again.base_url, again.key, again.model) == (stub.url, KEY, MODEL)


async def test_another_address_forgets_the_key_and_the_same_keeps_it(tmp_path: Path, stub: StubServer) -> None:
    with Assistant.open(Settings.load(home=tmp_path)) as assistant:
        await connect(assistant, stub.url, KEY, MODEL)
        await connect(assistant, stub.url, "", MODEL)
        assert assistant.settings.key == KEY
        await connect(assistant, stub.url.replace("127.0.0.1", "localhost"), "", MODEL)
        assert assistant.settings.api_key is None
        assert KEY not in (tmp_path / ".env").read_text()


async def test_what_does_not_work_changes_nothing(tmp_path: Path, stub: StubServer) -> None:
    with Assistant.open(Settings.load(home=tmp_path)) as assistant:
        for url, key, model in (("http://127.0.0.1:9/v1", KEY, ""), ("", "", ""), (stub.url, KEY, "no-such-model")):
            with pytest.raises(LLMError) as error:
                await connect(assistant, url, key, model)
            assert KEY not in str(error.value)
        assert assistant.model is None
        assert not (tmp_path / ".env").exists()


async def test_a_local_server_is_noticed(stub: StubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "LOCAL_SERVERS", {"Ollama": stub.url, "LM Studio": "http://127.0.0.1:9/v1"})
    assert [(server.name, server.models) for server in await local_servers()] == [("Ollama", (MODEL,))]


def test_what_leaves_the_machine_is_said(tmp_path: Path) -> None:
    assert "Nothing leaves" in what_leaves(Settings.load(home=tmp_path))
    local = what_leaves(Settings.load(home=tmp_path, base_url="http://127.0.0.1:1/v1"))
    assert "Nothing leaves" not in local
    assert "forwards" in local
    remote = what_leaves(Settings.load(home=tmp_path, base_url="https://api.example.org/v1", api_key=KEY))
    assert "api.example.org" in remote
    assert KEY not in remote


async def test_disconnecting_forgets_address_key_and_model(
    tmp_path: Path, stub: StubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Assistant.open(Settings.load(home=tmp_path)) as assistant:
        await connect(assistant, stub.url, KEY, MODEL)
        assert disconnect(assistant) is None
        assert assistant.model is None
        assert KEY not in (tmp_path / ".env").read_text()
        assert not Settings.load(home=tmp_path).configured
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        assert disconnect(assistant) == "OPENAI_API_KEY"
