"""What the address of a server says: whether it is this machine's own, and where a redirect from it would lead."""

import ipaddress
import re
from urllib.parse import urljoin, urlsplit


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
