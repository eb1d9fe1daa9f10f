"""Settings: where they come from, which key goes to which server, and that a key is never shown."""

import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.settings import DEFAULT_MODEL, Settings, save_connection


def test_nothing_set_means_no_chat_api(tmp_path: Path) -> None:
    settings = Settings.load(home=tmp_path)
    assert not settings.configured
    assert settings.offline  # the tests' own environment


def test_a_key_alone_means_openai_and_its_small_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-abc")
    settings = Settings.load()
    assert settings.configured
    assert settings.server == "api.openai.com"
    assert settings.chosen_model == DEFAULT_MODEL
    assert settings.first_word_seconds == 30


def test_a_server_without_a_key_is_a_local_one_and_gets_a_word_that_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:11434/v1/")
    settings = Settings.load()
    assert settings.configured
    assert settings.is_local
    assert settings.key
    assert settings.chosen_model is None
    assert settings.first_word_seconds == 120
    assert settings.url == "http://localhost:11434/v1"


def test_the_environment_wins_over_the_file_and_given_values_over_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("PAPERS_MODEL=from-file\nOPENAI_API_KEY=sk-file\nUNKNOWN=1\n")
    assert Settings.load(home=tmp_path).model == "from-file"
    assert Settings.load(home=tmp_path).key == "sk-file"
    monkeypatch.setenv("PAPERS_MODEL", "from-environment")
    assert Settings.load(home=tmp_path).model == "from-environment"
    assert Settings.load(home=tmp_path, model="given").model == "given"


def test_a_key_is_never_sent_to_a_server_it_was_not_given_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-for-openai")
    (tmp_path / ".env").write_text("OPENAI_BASE_URL=http://other.example/v1\n")
    assert Settings.load(home=tmp_path).key != "sk-for-openai"
    assert Settings.load(home=tmp_path, base_url="http://third.example/v1").key != "sk-for-openai"
    monkeypatch.setenv("OPENAI_BASE_URL", "http://mine.example/v1")
    assert Settings.load(home=tmp_path).key == "sk-for-openai"


def test_keys_and_passwords_are_not_shown(tmp_path: Path) -> None:
    settings = Settings.load(
        home=tmp_path, api_key="sk-secret", smtp_url="smtp://me:pass@host", base_url="http://u:pw@h/v1"
    )
    assert "sk-secret" not in repr(settings) + str(settings)
    assert "pass@" not in repr(settings)
    assert "pw" not in settings.server
    with pytest.raises(ValidationError) as error:
        Settings.load(home=tmp_path, api_key=["sk-secret"])
    assert "sk-secret" not in str(error.value)


def test_a_saved_connection_is_read_back_and_is_the_users_alone(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PAPERS_MAIL_FROM=me@example.org\nOPENAI_API_KEY=sk-old\n")
    save_connection(tmp_path, base_url="http://127.0.0.1:1234/v1", api_key="sk-it's\\new", model="small")
    settings = Settings.load(home=tmp_path)
    assert (settings.url, settings.key, settings.model) == ("http://127.0.0.1:1234/v1", "sk-it's\\new", "small")
    assert settings.mail_from == "me@example.org"
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    save_connection(tmp_path, base_url="http://elsewhere/v1", api_key=None)
    assert "sk-it" not in (tmp_path / ".env").read_text()
