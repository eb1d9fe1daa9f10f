"""The gate before every request: checks its Host and Origin, its path and who sends it, and limits what the browser
may do with the answer. Knows nothing of papers.
"""

import json
import re
from collections.abc import Collection
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from assistant.window.access.sessions import SignIn, TooManyTries
from index.safety.addresses import is_loopback

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "papers_session"
FULL = "Many people are asking right now. Wait a little, then ask again."
OPEN_PATHS = ("/health", "/login")
FEED = "/feed.atom"  # programs that read feeds send no header of their own: there a token may stand in the address
PAGES = ("/", "/logout")  # from here a browser is redirected to the form

# What the page, gradio_client and MCP clients request. Gradio has further routes, which nothing here needs: they read
# files, fetch addresses, or run what is not queued.
USED = re.compile(
    r"/|/(health|login|logout|mcp/?|config|theme\.css|favicon\.ico|manifest\.json|robots\.txt|feed\.atom)"
    r"|/(download|assets|static|svelte)(/[^/\0]{1,200}){1,6}"
    r"|/gradio_api/(info|queue/(join|data)|call/\w{1,64}(/\w{1,64})?|run/predict|cancel|reset|upload|startup-events|heartbeat/\w{1,64})"
)
UNCHANGING = re.compile(r"/(assets|static|svelte)/.*|/theme\.css|/favicon\.ico")  # contains nobody's text

_NAMED = r"(?P<name>[\w.-]{0,253}|\[[0-9a-f:.]{1,45}\])(:\d{1,5})?"  # a host and its port
_HOST = re.compile(_NAMED, re.IGNORECASE | re.ASCII)
_ORIGIN = re.compile(rf"null|[a-z][a-z0-9+.-]*://(?P<netloc>{_NAMED})", re.IGNORECASE | re.ASCII)

# Gradio's own code needs inline scripts and eval; nothing may be loaded from or sent to another server.
HEADERS = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
        " img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:;"
        " object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


class TurnedAway(Exception):
    """A request that goes no further: the status and the sentence of the answer."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers


def path_of(scope: "Scope") -> str:
    """The path of a request, without the prefix that a proxy serves the window under."""
    return str(scope["path"].removeprefix(scope.get("root_path", "")))


def address_of(scope: "Scope") -> str:
    """The address that a request comes from; behind a trusted proxy, the one that the proxy names."""
    return str(scope["client"][0]) if scope.get("client") else ""


class Gate:
    """An ASGI app around another. With `sign_in`, only people it knows get in: by session cookie or bearer token."""

    def __init__(
        self,
        app: "ASGIApp",
        *,
        loopback: bool,
        root_path: str = "",
        allow_hosts: Collection[str] = (),
        sign_in: SignIn | None = None,
    ) -> None:
        self._app = app
        self._loopback = loopback
        self._root = root_path
        self._allowed = {host.lower() for host in allow_hosts}
        self._sign_in = sign_in

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        path = path_of(scope)
        sealed = _sealed(send, keep=bool(UNCHANGING.fullmatch(path)))
        try:
            self._look_at_names(scope)
            if self._sign_in and path not in OPEN_PATHS:
                scope = {**scope, "user": self._who(self._sign_in, scope, path)}
            _look_at_address(scope, path)
        except TurnedAway as refusal:
            await answer(sealed, refusal)
            return
        await self._app(scope, receive, _kindly(sealed) if path.endswith("/queue/join") else sealed)

    def _look_at_names(self, scope: "Scope") -> None:
        """Raises TurnedAway if Host or Origin is malformed or not ours."""
        host = _header(scope, b"host") or ""
        if not (named := _HOST.fullmatch(host)):
            raise TurnedAway(400, "The Host header of this request cannot be read.")
        name = named["name"].strip("[]").lower()
        if self._loopback and not is_loopback(name) and name not in self._allowed:
            message = f"This server does not answer to the name {name!r}. Allow it with --allow-host {name}"
            raise TurnedAway(403, message)
        for key, value in scope["headers"]:  # from a proxy; Gradio builds addresses from it
            if key == b"x-forwarded-host" and not all(
                _HOST.fullmatch(part.strip()) for part in value.decode("latin-1").split(",")
            ):
                raise TurnedAway(400, "The X-Forwarded-Host header of this request cannot be read.")
        origin = _header(scope, b"origin")
        if origin is None:
            return
        if not (theirs := _ORIGIN.fullmatch(origin)):
            raise TurnedAway(400, "The Origin header of this request cannot be read.")
        same = (theirs["netloc"] or "").lower() == host.lower() != ""
        if not same and (theirs["name"] or "").strip("[]").lower() not in self._allowed:
            raise TurnedAway(403, f"A page from {origin} may not use this server.")

    def _who(self, sign_in: SignIn, scope: "Scope", path: str) -> str:
        """The name of the person who asks. Raises TurnedAway if nobody is signed in."""
        from starlette.requests import HTTPConnection

        scheme, _, token = (_header(scope, b"authorization") or "").partition(" ")
        if path == FEED and (given := parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token")):
            scheme, token = "bearer", given[0]
        try:
            if scheme.lower() == "bearer":
                name = sign_in.by_token(token.strip(), address_of(scope))
            else:
                name = sign_in.by_session(HTTPConnection(scope).cookies.get(COOKIE, ""))
        except TooManyTries as error:
            raise TurnedAway(429, str(error), **{"retry-after": str(error.seconds)}) from None
        if name is not None:
            return name
        if "text/html" in (_header(scope, b"accept") or "") and path in PAGES:
            raise TurnedAway(303, "Sign in first.", location=f"{self._root}/login")
        message = "Sign in first: a session or a bearer token is needed."
        raise TurnedAway(401, message, **{"www-authenticate": "Bearer"})


def _header(scope: "Scope", name: bytes) -> str | None:
    """A header's value. Raises TurnedAway if it is given twice: two readers might take different ones."""
    found = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    if len(found) > 1:
        raise TurnedAway(400, f"The header {name.decode().title()} is given {len(found)} times.")
    return found[0] if found else None


def _look_at_address(scope: "Scope", path: str) -> None:
    """Raises TurnedAway for an address that we do not serve."""
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    if not USED.fullmatch(path) or asked.keys() & {"page", "deep_link"}:  # Gradio's, for apps of several pages
        raise TurnedAway(404, "There is nothing at this address.")


def _sealed(send: "Send", *, keep: bool) -> "Send":
    """`send`, with our headers added; with `keep` the browser may cache the answer."""
    ours = HEADERS if keep else HEADERS | {"cache-control": "no-store"}
    added = [(name.encode(), value.encode()) for name, value in ours.items()]

    async def sealed(message: "Message") -> None:
        if message["type"] == "http.response.start":
            theirs = [(name, value) for name, value in message.get("headers", []) if name.lower().decode() not in ours]
            message = {**message, "headers": [*theirs, *added]}
        await send(message)

    return sealed


def _kindly(send: "Send") -> "Send":
    """Gradio's 503 for a full queue in words that say what to do; as a 429, whose words the page shows."""
    full = False

    async def kind(message: "Message") -> None:
        nonlocal full
        if message["type"] == "http.response.start" and message["status"] == 503:
            full = True
            await answer(send, TurnedAway(429, FULL))
        elif not full:
            await send(message)

    return kind


async def answer(send: "Send", refusal: TurnedAway) -> None:
    """Answer a request that goes no further."""
    body = json.dumps({"detail": str(refusal)}).encode()
    headers = {"content-type": "application/json", "content-length": str(len(body)), **refusal.headers}
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": refusal.status, "headers": sent})
    await send({"type": "http.response.body", "body": body})
