"""Where a Chroma server is, and what it knows us by."""

import os
import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit, urlunsplit

from index.safety.addresses import is_private

URL, TOKEN, TENANT, DATABASE = "PAPERS_CHROMA_URL", "CHROMA_API_KEY", "CHROMA_TENANT", "CHROMA_DATABASE"
_LONGEST = 2_000
_FORM = "write it as http://HOST:PORT or https://HOST"


@dataclass(frozen=True)
class ChromaServer:
    """A Chroma server: its address (`http://127.0.0.1:8000`; a path before `/api` may follow), and the token, tenant
    and database that Chroma's own client takes from CHROMA_API_KEY, CHROMA_TENANT and CHROMA_DATABASE. Without a tenant
    or a database: the token's own, or Chroma's default. The token is not part of what is printed. Raises ValueError."""

    url: str
    token: str = field(default="", repr=False)
    tenant: str = ""
    database: str = ""

    def __post_init__(self) -> None:
        parts = _read(self.url)
        object.__setattr__(self, "url", urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", "")))
        for name in ("token", "tenant", "database"):
            object.__setattr__(self, name, getattr(self, name).strip())
        if not re.fullmatch(r"[!-~]{0,2000}", self.token):
            raise ValueError(f"{TOKEN} may only hold ASCII letters, digits and punctuation")
        if self.token and parts.scheme == "http" and not is_private(parts.hostname or ""):
            raise ValueError(f"{TOKEN} would cross the network unencrypted: name the server by https in {URL}")
        if not all(re.fullmatch(r"[\w.-]{0,512}", name) for name in (self.tenant, self.database)):
            raise ValueError(f"{TENANT} and {DATABASE} may only hold letters, digits, '-', '_' and '.'")

    @property
    def host(self) -> str:
        """The host's name or address."""
        return urlsplit(self.url).hostname or ""

    @property
    def shown(self) -> str:
        """Host and port, and the path if there is one, as shown to people."""
        return self.url.partition("://")[2]


def _read(url: str) -> SplitResult:
    """The parts of an address; http where a private one has no scheme, https where another has none. Raises ValueError
    with a message that does not repeat a password."""
    text = url.strip().strip("\"'<>")
    if len(text) > _LONGEST or re.search(r"[\s\x00-\x1f\x7f-\xa0\\]", text):
        raise ValueError(f"{URL} is no address: {_FORM}")
    if "://" not in text:
        host = text.partition("]")[0] if text.startswith("[") else re.split(r"[:/?#]", text)[0]
        text = f"{'http' if is_private(host) else 'https'}://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError(f"{URL} is no address, or its port is none: {_FORM}") from None
    if "@" in parts.netloc:
        raise ValueError(f"{URL} may hold no user or password: put the token into {TOKEN}")
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise ValueError(f"{URL} is no address: {_FORM}")
    if not re.fullmatch(r"[\w.:%-]+", parts.hostname):
        raise ValueError(f"{URL} has no valid host: {_FORM}")
    if parts.query or parts.fragment:
        raise ValueError(f"{URL} may hold nothing after a '?' or a '#': {_FORM}")
    path = re.sub(r"/api/v[12](?=/|$).*", "", parts.path)
    return parts._replace(path=path)


def server_of_environment() -> ChromaServer | None:
    """The server that the environment names; None if it names none. Raises ValueError."""
    url = os.environ.get(URL, "").strip()
    if not url:
        return None
    return ChromaServer(url, *(os.environ.get(name, "") for name in (TOKEN, TENANT, DATABASE)))
