"""What the address of a server tells: whether it is on this machine, where a redirect from it would lead, and what may
be sent there besides the request itself."""

import ipaddress
import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    import httpx

_OPENAI = "https://api.openai.com/v1"
_NEEDED = frozenset(  # the last marks requests for the openai package itself
    "accept accept-encoding connection content-length content-type host user-agent x-stainless-raw-response".split()
)


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine."""
    host = host.strip("[]").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def redirect_target(url: str, location: str) -> str:
    """Where a redirect from `url` leads, for display: only the host and the scheme, nothing else that a server may
    have put into its Location header."""
    try:
        here, there = urlsplit(url), urlsplit(urljoin(url, location))
        host = f"{there.hostname or ''}:{there.port}" if there.port else there.hostname or ""
    except ValueError:
        host = ""
    if not location or not re.fullmatch(r"[a-z0-9.:_-]{1,260}", host):
        return "an invalid address"
    if (here.scheme, here.hostname, here.port) == (there.scheme, there.hostname, there.port):
        return "another of its own addresses"
    return f"{host} (by {there.scheme})"


def strangers_auth(base_url: str | None, key: str) -> "Callable[[httpx.Request], httpx.Request] | None":
    """How to sign requests to a server (httpx's `auth`): with the key, and without the organization, project and custom
    headers that the openai package adds from the environment, which are meant for the environment's own server. None
    for that server."""
    if (base_url or _OPENAI).rstrip("/") == (os.environ.get("OPENAI_BASE_URL") or _OPENAI).rstrip("/"):
        return None

    def sign(request: "httpx.Request") -> "httpx.Request":
        for name in set(request.headers) - _NEEDED:
            del request.headers[name]
        request.headers["authorization"] = f"Bearer {key}"
        return request

    return sign
