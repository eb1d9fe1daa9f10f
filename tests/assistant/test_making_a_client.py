"""Whatever the environment sets, a client of the chat API is made or refused in one sentence; nothing ends in a
traceback."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import respx
from chat_server import CHAT, answer, settings

from assistant.cli import main
from assistant.engine import Assistant
from assistant.llm import ChatModel, LLMError, Words
from assistant.settings import Settings
from index.paper import Paper

ASKED = [{"role": "system", "content": "Answer."}, {"role": "user", "content": "How fast is it?"}]
PROGRAM = "import sys; from assistant.cli import main; sys.exit(main())"
ASK = ["ask", "How fast do ripple caches answer?"]
PAPER = Paper(title="Ripple caches", abstract="Ripple caches answer a query in 3 ms. They need 2 GB.")


async def failure(model: ChatModel) -> str:
    with pytest.raises(LLMError) as caught:
        async for _ in model.stream(ASKED):
            pass
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize("name", ["ALL_PROXY", "all_proxy", "HTTPS_PROXY"])
@pytest.mark.parametrize("proxy", ["socks://127.0.0.1:9", "ftp://127.0.0.1:9", "http://[::bad", "sock5://me:pw@h:1"])
async def test_a_proxy_that_cannot_be_used_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, proxy: str
) -> None:
    monkeypatch.setenv(name, proxy)
    said = await failure(ChatModel(settings(tmp_path)))
    assert name in said
    assert "me:pw" not in said


async def test_a_proxy_where_nothing_listens_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.llm.client.PAUSES", ())
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    assert "ALL_PROXY (socks5://127.0.0.1:9)" in await failure(ChatModel(settings(tmp_path)))


async def test_a_server_on_this_machine_needs_no_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.llm.client.PAUSES", ())
    monkeypatch.setenv("ALL_PROXY", "socks://127.0.0.1:9")
    assert "ALL_PROXY" not in await failure(ChatModel(settings(tmp_path, base_url="http://127.0.0.1:9/v1")))


@pytest.mark.parametrize("address", ["http://[bad/v1", "not an address", "http://host:port/v1", "file:///etc/x", "://"])
async def test_an_address_that_is_none_is_named(tmp_path: Path, address: str) -> None:
    chosen = settings(tmp_path, base_url=address)
    assert "OPENAI_BASE_URL" in await failure(ChatModel(chosen))
    with Assistant.open(chosen) as assistant:  # the library opens, and answers in quotes
        assistant.library.add([PAPER])
        answered = assistant.ask("How fast do ripple caches answer?")
    assert answered.mode == "quotes"
    assert any("OPENAI_BASE_URL" in notice for notice in answered.notices)


@pytest.mark.parametrize("name", ["OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_CUSTOM_HEADERS"])
@pytest.mark.parametrize("value", ["org\x07", "орг", "x-a: “b”"])
async def test_other_variables_that_cannot_be_sent_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert name in await failure(ChatModel(settings(tmp_path)))


@respx.mock
@pytest.mark.parametrize("name", ["OPENAI_API_TYPE", "OPENAI_API_VERSION", "OPENAI_WEBHOOK_SECRET", "OPENAI_ADMIN_KEY"])
async def test_variables_of_other_programs_do_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    respx.post(CHAT).mock(return_value=answer("Words."))
    monkeypatch.setenv(name, "azure")
    words = [part.text async for part in ChatModel(settings(tmp_path)).stream(ASKED) if isinstance(part, Words)]
    assert words == ["Words."]


def surroundings(home: Path, broken: dict[str, str]) -> dict[str, str]:
    """The environment without proxies and certificates, with a key, a library with one paper, and what is broken."""
    with Assistant.open(Settings.load(home=home)) as assistant:
        assistant.library.add([PAPER])
    kept = {k: v for k, v in os.environ.items() if "proxy" not in k.lower() and not k.startswith("SSL_")}
    return kept | {"OPENAI_API_KEY": "sk-1234567890", "PAPERS_HOME": str(home), "PAPERS_OFFLINE": ""} | broken


@pytest.mark.parametrize("certificates", ["/no/such/file.pem", "/etc/passwd"])
def test_a_question_is_answered_in_quotes_whatever_the_certificates_are(tmp_path: Path, certificates: str) -> None:
    """In a process of its own, since certificates are read once in each."""
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, *ASK],
        env=surroundings(tmp_path, {"SSL_CERT_FILE": certificates}),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0
    assert "Traceback" not in run.stderr
    assert "SSL_CERT_FILE" in run.stderr
    assert "3 ms" in run.stdout


@pytest.mark.parametrize(
    "broken",
    [
        {"ALL_PROXY": "socks5://127.0.0.1:9"},
        {"ALL_PROXY": "socks://127.0.0.1:9/"},
        {"OPENAI_BASE_URL": "http://[bad"},
    ],
)
def test_a_question_is_answered_in_quotes_whatever_the_environment_sets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], broken: dict[str, str]
) -> None:
    given = surroundings(tmp_path, broken)
    for name in os.environ.keys() - given.keys():
        monkeypatch.delenv(name)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert main(ASK) == 0
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert next(iter(broken)) in said.err
    assert "3 ms" in said.out


def test_the_window_opens_whatever_the_environment_sets(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    broken = {"SSL_CERT_FILE": "/no/such/file.pem", "ALL_PROXY": "socks://127.0.0.1:9/", "OPENAI_BASE_URL": "http://[x"}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "chat", "--port", str(port)],
        env=os.environ | broken,
        stderr=subprocess.PIPE,
        text=True,
    ) as window:
        try:
            assert window.stderr
            said = [window.stderr.readline(), window.stderr.readline()]
            assert f"http://127.0.0.1:{port}/" in said[1]
        finally:
            window.kill()
