"""What the address of a server tells: whether it is on this machine, where a redirect from it would lead, and what may
be sent there besides the request itself."""

import ipaddress
import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

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


def is_private(host: str) -> bool:
    """Whether a host name or address is this machine or one of a private network, as far as the name tells."""
    host = host.strip("[]").lower()
    if is_loopback(host) or host.endswith((".local", ".lan", ".home", ".internal")):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return bool(host) and "." not in host  # the name of a container, or of a machine in the house


def put_right(address: str) -> str:
    """The address of a chat API as its base: a scheme where there is none, without the end of a single endpoint
    (`/chat/completions`, `/models`) and without a slash; a query (`?api-version=`) stays. What is no address at all
    stays as it is."""
    address = address.strip().strip("\"'<>").strip()
    if "://" not in address and re.match(r"[\w.\[\]:-]+(/|\?|$)", address):
        host = re.sub(r"[:/?].*", "", address) if not address.startswith("[") else address.partition("]")[0]
        address = f"{'http' if is_private(host) else 'https'}://{address}"
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if not parts.netloc:
        return address
    path = re.sub(r"/(chat/completions|completions|models|embeddings|responses)/*$", "", parts.path.rstrip("/"))
    return urlunsplit((parts.scheme, parts.netloc, path.rstrip("/"), parts.query, ""))


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
    named = put_right(os.environ.get("OPENAI_BASE_URL") or _OPENAI)
    if put_right(base_url or _OPENAI) == named:
        return None

    def sign(request: "httpx.Request") -> "httpx.Request":
        for name in set(request.headers) - _NEEDED:
            del request.headers[name]
        request.headers["authorization"] = f"Bearer {key}"
        if "api-version" in request.url.params:  # Azure
            request.headers["api-key"] = key
        return request

    return sign
