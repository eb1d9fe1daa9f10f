"""Settings: the environment, a `.env` file in the library's folder, and a caller's overrides.

Names and defaults only; makes no call. A key is held as a secret: printing the settings does not show it.
"""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from index import default_home
from index.embedding import NAMES as EMBEDDINGS
from index.safety.addresses import is_loopback, is_private, put_right
from index.safety.permissions import private_folder, write_private
from index.storage.chroma.address import DATABASE, TENANT, TOKEN, URL, ChromaServer

ENV = ".env"
OPENAI_URL = "https://api.openai.com/v1"
DEFAULT_MODEL = "gpt-6-luna"
REMOTE_WAIT, LOCAL_WAIT = 30.0, 120.0  # seconds for the first word: a local server may have to load its model


class Settings(BaseSettings):
    """The settings of a run. Environment variables win over `.env`, values given by the caller over both.

    `wait_seconds` is the wait for a model's first word, retries included; None means 30 s, or 120 s for a loopback
    server. `silence_seconds` is how long a stream may be silent after that. Raises pydantic's ValidationError for an
    invalid value, without showing it.
    """

    model_config = SettingsConfigDict(
        env_prefix="PAPERS_", env_ignore_empty=True, extra="ignore", populate_by_name=True, hide_input_in_errors=True
    )

    home: Path = Field(default_factory=default_home)
    api_key: SecretStr | None = Field(default=None, validation_alias="OPENAI_API_KEY")
    base_url: str | None = Field(default=None, validation_alias="OPENAI_BASE_URL")
    model: str | None = None
    embeddings: str = "auto"
    offline: bool = False
    chroma_url: str | None = None
    chroma_token: SecretStr | None = Field(default=None, validation_alias=TOKEN)
    chroma_tenant: str = Field(default="", validation_alias=TENANT)
    chroma_database: str = Field(default="", validation_alias=DATABASE)
    smtp_url: SecretStr | None = None
    mail_from: str | None = None
    wait_seconds: float | None = Field(default=None, gt=0)
    silence_seconds: float = Field(default=30.0, gt=0)

    @field_validator("api_key", "base_url", "model", "chroma_url", "chroma_token", mode="before")
    @classmethod
    def _blank_is_none(cls, value: object) -> object:
        return (value.strip() or None) if isinstance(value, str) else value

    @field_validator("base_url")
    @classmethod
    def _address_put_right(cls, value: str | None) -> str | None:
        return put_right(value) if value else value

    @field_validator("embeddings")
    @classmethod
    def _embeddings_exist(cls, value: str) -> str:
        if not re.fullmatch(EMBEDDINGS, value):
            raise ValueError("choose auto, minilm, hashing or openai:MODEL")
        return value

    @model_validator(mode="after")
    def _chroma_server_exists(self) -> "Settings":
        _ = self.chroma
        return self

    @classmethod
    def load(cls, **overrides: Any) -> "Settings":
        """The settings of this process; an override that is None counts as not given.

        A server named by an override or by `.env` gets the key from the same place, or none: a key is never sent to a
        server that it was not given for.
        """
        given = {name: value for name, value in overrides.items() if value is not None}
        home = Path(given.pop("home", None) or default_home()).expanduser()
        file = home / ENV
        if "base_url" in given:
            given.setdefault("api_key", "")
        elif not os.environ.get("OPENAI_BASE_URL"):
            lines = dotenv_values(file)
            if lines.get("OPENAI_BASE_URL"):
                given.setdefault("api_key", lines.get("OPENAI_API_KEY") or "")
        if not os.environ.get(URL) and (lines := dotenv_values(file)).get(URL):
            for name, key in (("chroma_token", TOKEN), ("chroma_tenant", TENANT), ("chroma_database", DATABASE)):
                given.setdefault(name, lines.get(key) or "")
        return cls(_env_file=file, home=home, **given)  # type: ignore[call-arg]  # read by pydantic-settings

    @property
    def env_file(self) -> Path:
        """The file in the library's folder that can hold settings."""
        return self.home / ENV

    @property
    def chroma(self) -> ChromaServer | None:
        """The Chroma server that holds the vectors; None if they are in the library's folder. Raises ValueError."""
        if not self.chroma_url:
            return None
        token = self.chroma_token.get_secret_value() if self.chroma_token else ""
        return ChromaServer(self.chroma_url, token, self.chroma_tenant, self.chroma_database)

    @property
    def configured(self) -> bool:
        """Whether there is a chat API to ask: a key or the address of a server is set."""
        return self.api_key is not None or self.base_url is not None

    @property
    def url(self) -> str:
        """The chat API's address."""
        return (self.base_url or OPENAI_URL).partition("?")[0].rstrip("/")

    @property
    def query(self) -> dict[str, str]:
        """What each request has after a question mark, as Azure wants its `api-version`."""
        return dict(parse_qsl(_parts(self.base_url or "").query))

    @property
    def server(self) -> str:
        """The chat API's host and port, as shown to people: without any password in the address."""
        return _parts(self.url).netloc.rpartition("@")[2] or self.url

    @property
    def has_address(self) -> bool:
        """Whether the chat API's address is one: a host, reached by http or https."""
        parts = _parts(self.url)
        return bool(parts.hostname) and parts.scheme in ("http", "https")

    @property
    def is_openai(self) -> bool:
        """Whether the chat API is OpenAI's own."""
        return _parts(self.url).hostname == "api.openai.com"

    @property
    def is_local(self) -> bool:
        """Whether the chat API runs on this machine (a loopback address)."""
        return is_loopback(_parts(self.url).hostname or "")

    @property
    def is_nearby(self) -> bool:
        """Whether the chat API runs on this machine or in a private network, where one machine does all the work."""
        return is_private(_parts(self.url).hostname or "")

    @property
    def key(self) -> str:
        """The key to send; without one, a placeholder, because some servers refuse an empty key."""
        return self.api_key.get_secret_value() if self.api_key else "no-key"

    @property
    def chosen_model(self) -> str | None:
        """The chat model: the one that is set, else the default at OpenAI; None at another server until it has been
        asked for its list."""
        return self.model or (DEFAULT_MODEL if self.is_openai else None)

    @property
    def first_word_seconds(self) -> float:
        """How long to wait for a model's first word, retries included."""
        return self.wait_seconds or (LOCAL_WAIT if self.is_local else REMOTE_WAIT)


def _parts(url: str) -> SplitResult:
    """The parts of an address; of a text that is none, none."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises ValueError where it is no number
    except ValueError:
        return urlsplit("")
    return parts


def save_connection(home: Path, *, base_url: str | None, api_key: str | None, model: str | None = None) -> None:
    """Write the chat API's address, key and model to `.env` in `home` together (None removes a line); other lines stay.
    Only the user can read the file (mode 600). Raises OSError."""
    values = {"OPENAI_BASE_URL": base_url, "OPENAI_API_KEY": api_key, "PAPERS_MODEL": model}
    file = home / ENV
    kept = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    lines = [line for line in kept if line.removeprefix("export ").split("=")[0].strip() not in values]
    for name, value in values.items():
        if value:
            escaped = value.replace("\\", "\\\\").replace("'", "\\'")
            lines.append(f"{name}='{escaped}'")
    private_folder(home)
    write_private(file, "\n".join(lines) + "\n")
