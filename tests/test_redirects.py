"""A server that answers with a redirect: what was meant for it goes to nobody else, and a notice says so."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.cli import main
from assistant.connection import connect
from assistant.engine import open_library
from assistant.llm import LLMError
from assistant.settings import Settings
from index.embedding import open_embedder
from index.errors import EmbeddingError
from index.safety.addresses import redirect_target
from index.sample import sample_papers

STATUSES = (301, 302, 303, 307, 308)


class Origin:
    """A server on loopback that keeps the paths it was asked for, those that it was sent something for, and the keys it
    was shown. `answer` gives a status and a Location for a path."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.posted: list[str] = []
        self.keys: list[str | None] = []
        self.headers: list[dict[str, str]] = []
        self.body = b""
        self.answer: Callable[[str], tuple[int, str | None]] = lambda _: (200, None)
        origin = self

        class RedirectHandler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("content-length", 0)))
                origin.asked.append(self.path)
                origin.keys.append(self.headers.get("authorization"))
                origin.headers.append(dict(self.headers))
                status, location = origin.answer(self.path)
                self.send_response(status)
                if location:
                    self.send_header("location", location)
                self.send_header("content-length", str(len(origin.body)))
                self.end_headers()
                self.wfile.write(origin.body)

            def do_POST(self) -> None:
                origin.posted.append(self.path)
                self.do_GET()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), RedirectHandler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"http://{self.host}/v1"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def origin() -> Iterator[Origin]:
    made = Origin()
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def other() -> Iterator[Origin]:
    with origin() as made:
        yield made


@pytest.fixture
def named(other: Origin) -> Iterator[Origin]:
    """The server that is named, which redirects everything to the other one."""
    with origin() as made:
        made.answer = lambda path: (307, f"http://{other.host}{path}")
        yield made


@pytest.fixture
def assistant(tmp_path: Path, named: Origin) -> Iterator[Assistant]:
    settings = Settings.load(home=tmp_path, base_url=named.url, api_key="sk-secret-0123456789", model="m")
    with Assistant.open(settings) as made:
        made.library.add(sample_papers())
        yield made


@pytest.mark.parametrize("status", STATUSES)
def test_no_prompt_follows_a_redirect(status: int, assistant: Assistant, named: Origin, other: Origin) -> None:
    named.answer = lambda path: (status, f"http://{other.host}{path}")
    first, second = assistant.library.papers()[:2]
    documents = (
        assistant.ask("Which papers speed up attention in hardware?"),
        assistant.compare(first.id, second.id),
        assistant.weekly(),
    )
    assert len(named.asked) >= len(documents)
    assert other.asked == []
    for document in documents:
        assert document.mode == "quotes"
        said = " ".join(document.notices)
        assert f"{named.host} answers with a redirect to {other.host}" in said
        assert "which is not followed: set OPENAI_BASE_URL" in said


@pytest.mark.parametrize("status", STATUSES)
async def test_neither_list_nor_key_follows_one(
    status: int, assistant: Assistant, named: Origin, other: Origin, capsys: pytest.CaptureFixture[str]
) -> None:
    named.answer = lambda path: (status, f"http://{other.host}{path}")
    assert assistant.model is not None
    assert "redirect" in await assistant.model.reachable()
    with pytest.raises(LLMError, match=f"redirect to {other.host}"):
        await connect(assistant, named.url, "sk-another-0123456789", "m")
    assert not (assistant.settings.home / ".env").exists()
    assert other.asked == []


def test_status_says_it(named: Origin, other: Origin, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--base-url", named.url, "--json"]) == 0
    assert f"redirect to {other.host}" in capsys.readouterr().out
    assert other.asked == []


@pytest.mark.parametrize("status", STATUSES)
def test_no_text_to_embed_follows_one(status: int, named: Origin, other: Origin) -> None:
    named.answer = lambda path: (status, f"http://{other.host}{path}")
    with pytest.raises(EmbeddingError, match=f"redirected to {other.host} .*OPENAI_BASE_URL"):
        open_embedder("openai:m", api_key="k", base_url=named.url).embed(["a secret"])
    assert named.asked
    assert other.asked == []


def test_one_to_another_address_of_the_same_server_is_not_followed_either(assistant: Assistant, named: Origin) -> None:
    named.answer = lambda path: (307, f"/elsewhere{path}")
    said = " ".join(assistant.ask("Which papers speed up attention in hardware?").notices)
    assert f"{named.host} answers with a redirect to another of its own addresses" in said
    with pytest.raises(EmbeddingError, match="another of its own addresses"):
        open_embedder("openai:m", api_key="k", base_url=named.url).embed(["a secret"])
    assert set(named.posted) == {"/v1/chat/completions", "/v1/embeddings"}


def test_one_that_comes_after_a_failure_is_not_followed(assistant: Assistant, named: Origin, other: Origin) -> None:
    answers = iter([(500, None), (429, None)])
    last = (308, f"http://{other.host}/v1/chat/completions")
    named.answer = lambda path: next(answers, last) if path == "/v1/chat/completions" else last
    said = " ".join(assistant.ask("Which papers speed up attention in hardware?").notices)
    assert len(named.posted) == 3
    assert other.asked == []
    assert f"redirect to {other.host}" in said


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("https://api.example.org/v2/chat/completions?key=k", "api.example.org (by https)"),
        ("//user:secret@evil.example:81/", "evil.example:81 (by http)"),
        ("https://papers.example/v1/chat/completions", "papers.example (by https)"),
        ("/v2/", "another of its own addresses"),
        ("http://papers.example:80/v1", "papers.example:80 (by http)"),
        ("", "an invalid address"),
        ("http://[click](javascript:alert(1))/", "an invalid address"),
        ("http://<b>evil</b>/", "an invalid address"),
        ("http://evil.example:99999/", "an invalid address"),
        ("http://[::1]:80/", "::1:80 (by http)"),
        ("javascript:alert(1)", "an invalid address"),
    ],
)
def test_of_where_it_leads_only_host_and_scheme_are_told(location: str, target: str) -> None:
    assert redirect_target("http://papers.example/v1/chat/completions", location) == target


# -- what else could take them elsewhere


@pytest.fixture
def proxied(other: Origin, monkeypatch: pytest.MonkeyPatch) -> None:
    """All proxies that an environment can name are the other server."""
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://{other.host}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("proxied")
async def test_a_server_of_this_machine_is_asked_through_no_proxy(
    assistant: Assistant, named: Origin, other: Origin
) -> None:
    named.answer = lambda _: (401, None)
    assert "refuses the API key" in " ".join(assistant.ask("What is new in attention?").notices)
    assert assistant.model is not None
    assert "refuses the API key" in await assistant.model.reachable()
    with pytest.raises(EmbeddingError, match="refused"):
        open_embedder("openai:m", api_key="k", base_url=named.url).embed(["a secret"])
    assert set(named.posted) == {"/v1/chat/completions", "/v1/embeddings"}
    assert "/v1/models" in named.asked
    assert other.asked == []


@pytest.mark.parametrize("of_the_environment", [False, True])
def test_what_the_environment_adds_goes_to_its_own_server_only(
    assistant: Assistant, named: Origin, monkeypatch: pytest.MonkeyPatch, of_the_environment: bool
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-secret")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Gateway: gateway-secret\nAuthorization: Bearer gateway-secret")
    if of_the_environment:
        monkeypatch.setenv("OPENAI_BASE_URL", named.url)
    named.answer = lambda _: (401, None)
    assistant.ask("What is new in attention?")
    with pytest.raises(EmbeddingError):
        open_embedder("openai:m", api_key="k", base_url=named.url).embed(["a secret"])
    assert len(named.posted) == 2
    for sent in (headers for headers in named.headers if "Content-Length" in headers or "content-length" in headers):
        told = str(sent)
        assert {"org-secret" in told, "project-secret" in told, "gateway-secret" in told} == {of_the_environment}
        assert of_the_environment or "X-Stainless-OS" not in sent


def test_a_key_is_not_sent_to_a_server_that_it_was_not_given_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-environment")
    with origin() as server:
        server.answer = lambda _: (401, None)
        settings = Settings.load(home=tmp_path, base_url=server.url, embeddings="openai:m")
        with open_library(settings) as library:
            assert any("refused" in notice for notice in library.add(sample_papers()[:1]).notices)
    assert server.keys == ["Bearer none"]


@pytest.mark.parametrize("body", ["<html>Sign in</html>", "[]", '{"data": 3}', '{"object": "list"}'])
async def test_what_is_no_list_of_models_is_said(body: str, assistant: Assistant, named: Origin) -> None:
    named.answer = lambda _: (200, None)
    named.body = body.encode()
    assert assistant.model is not None
    assert "sent no list of models" in await assistant.model.reachable()
