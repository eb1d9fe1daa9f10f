"""The Chroma server of the settings: its address, its token, and what is said of a wrong one."""

import json
from pathlib import Path

import pytest
from running_chroma import free_port

from assistant.cli import main
from assistant.connection import what_leaves
from assistant.settings import Settings
from index import Library
from index.errors import LibraryError

URL = "http://127.0.0.1:8000"
TOKEN = "ck-5f2d-secret"


@pytest.mark.parametrize(
    ("given", "url"),
    [
        (URL, URL),
        (f" '{URL}/' ", URL),
        ("localhost:8000", "http://localhost:8000"),
        ("chroma:8000", "http://chroma:8000"),
        ("api.trychroma.com", "https://api.trychroma.com"),
        ("https://papers.example/chroma/api/v2/", "https://papers.example/chroma"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_address_is_put_right(monkeypatch: pytest.MonkeyPatch, given: str, url: str) -> None:
    monkeypatch.setenv("PAPERS_CHROMA_URL", given)
    server = Settings.load().chroma
    assert server
    assert server.url == url


@pytest.mark.parametrize(
    "wrong",
    [
        "ftp://a.example", "http://", "http://a.example:99999", "http://a.example:x", "http://a.example:0", "http://[::1",
        "http://a b", "http://ada:pass-word@a.example", "http://a.example?key=pass-word", "http://a.example#x",
        "http://a.example\x1b[31m", "x" * 5_000, "http://a\\b", "://", "https:///collections",
    ],
)  # fmt: skip
def test_a_wrong_address_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], wrong: str
) -> None:
    monkeypatch.setenv("PAPERS_CHROMA_URL", wrong)
    assert main(["list"]) != 0
    said = capsys.readouterr().err
    assert "PAPERS_CHROMA_URL" in said
    assert "Traceback" not in said
    assert "pass-word" not in said
    assert len(said) < 400
    with pytest.raises(LibraryError, match="PAPERS_CHROMA_URL"):
        Library.open()


def test_the_token_is_not_shown_and_not_sent_in_the_clear(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHROMA_API_KEY", TOKEN)
    monkeypatch.setenv("CHROMA_TENANT", "ours")
    monkeypatch.setenv("CHROMA_DATABASE", "papers")
    monkeypatch.setenv("PAPERS_CHROMA_URL", "https://api.trychroma.com")
    settings = Settings.load()
    server = settings.chroma
    assert server
    assert (server.token, server.tenant, server.database) == (TOKEN, "ours", "papers")
    assert TOKEN not in f"{settings!r} {settings} {server!r} {server}"
    for name, value in (
        ("PAPERS_CHROMA_URL", "http://a.example:8000"),
        ("CHROMA_API_KEY", f"{TOKEN}\r\nX-Evil: 1"),
        ("CHROMA_TENANT", "../../x"),
    ):
        with monkeypatch.context() as patched:
            patched.setenv(name, value)
            assert main(["list"]) != 0
            said = capsys.readouterr().err
            assert "CHROMA_" in said
            assert TOKEN not in said


def test_a_token_goes_only_to_the_server_that_it_was_given_for(monkeypatch: pytest.MonkeyPatch) -> None:
    home = Path(Settings.load().home)
    home.mkdir(parents=True)
    (home / ".env").write_text(f"PAPERS_CHROMA_URL={URL}\nCHROMA_DATABASE=own\n", encoding="utf-8")
    monkeypatch.setenv("CHROMA_API_KEY", TOKEN)
    server = Settings.load().chroma
    assert server
    assert (server.url, server.token, server.database) == (URL, "", "own")
    monkeypatch.setenv("PAPERS_CHROMA_URL", "https://api.trychroma.com")
    server = Settings.load().chroma
    assert server
    assert server.token == TOKEN


def test_what_goes_to_a_server_elsewhere_is_said() -> None:
    assert "Nothing leaves" in what_leaves(Settings.load(chroma_url=URL))
    alone = what_leaves(Settings.load(chroma_url="https://chroma.example"))
    assert "Nothing leaves" not in alone
    assert "chroma.example" in alone
    both = what_leaves(Settings.load(chroma_url="https://chroma.example", base_url="https://api.example.org/v1"))
    assert "chroma.example" in both
    assert "api.example.org" in both


def test_status_tells_the_server(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["chroma"], document["chroma_server"]) == ("embedded", None)
    url = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("PAPERS_CHROMA_URL", url)
    assert main(["status", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    server = document["chroma_server"]
    assert document["chroma"] == server["url"] == url
    assert server["reachable"] is False
    assert server["vectors"] is None
    assert any("cannot be reached" in notice for notice in document["notices"])
    assert main(["status"]) == 0
    assert "not reachable" in capsys.readouterr().out
