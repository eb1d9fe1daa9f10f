"""What the address of a server says: whether it is this machine's own, where a redirect from it would lead, and what
besides the request itself may go there."""

import ipaddress
import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    import httpx

_OPENAI = "https://api.openai.com/v1"
_NEEDED = frozenset(  # the last is how openai knows again what it asked for
    "accept accept-encoding connection content-length content-type host user-agent x-stainless-raw-response".split()
)


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    host = host.strip("[]").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def redirect_target(url: str, location: str) -> str:
    """Whom a redirect from `url` leads to, for people: the host and the scheme, not the rest of what a server may
    have written into its Location header."""
    try:
        here, there = urlsplit(url), urlsplit(urljoin(url, location))
        host = f"{there.hostname or ''}:{there.port}" if there.port else there.hostname or ""
    except ValueError:
        host = ""
    if not location or not re.fullmatch(r"[a-z0-9.:_-]{1,260}", host):
        return "an address that is none"
    if (here.scheme, here.hostname, here.port) == (there.scheme, there.hostname, there.port):
        return "another address of its own"
    return f"{host} (by {there.scheme})"


def strangers_auth(base_url: str | None, key: str) -> "Callable[[httpx.Request], httpx.Request] | None":
    """How requests to a server are signed (httpx's `auth`): with the key and without what the openai package adds from
    the environment, an organization, a project, headers of one's own, which are for the environment's own server.
    None for that one."""
    if (base_url or _OPENAI).rstrip("/") == (os.environ.get("OPENAI_BASE_URL") or _OPENAI).rstrip("/"):
        return None

    def sign(request: "httpx.Request") -> "httpx.Request":
        for name in set(request.headers) - _NEEDED:
            del request.headers[name]
        request.headers["authorization"] = f"Bearer {key}"
        return request

    return sign
