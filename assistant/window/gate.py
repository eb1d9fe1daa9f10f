"""The gate before every request: whose Host and Origin it names, who asks, and what the browser may do with the
answer. Knows nothing of papers.
"""

import asyncio
import hmac
import json
import secrets
import time
from collections.abc import Collection
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from assistant.rendering.escaping import escape_html
from assistant.settings import is_loopback
from assistant.window.people import Person, password_fits, token_owner

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SESSION_SECONDS = 14 * 24 * 3600
COOKIE = "papers_session"
FULL = "Many people are asking at this moment. Wait a little, then ask again."
OPEN_PATHS = ("/health", "/login")

# Gradio's own code needs inline scripts and eval; nothing may be loaded from, or sent to, another server.
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


def _host_of(netloc: str) -> str:
    return (urlsplit(f"//{netloc}").hostname or "").lower()


class Gate:
    """An ASGI app around another. With `people`, only they get in: by a session cookie or a bearer token."""

    def __init__(
        self,
        app: "ASGIApp",
        *,
        loopback: bool,
        root_path: str = "",
        allow_hosts: Collection[str] = (),
        people: tuple[Person, ...] = (),
    ) -> None:
        self._app = app
        self._loopback = loopback
        self._root = root_path
        self._allowed = {host.lower() for host in allow_hosts}
        self._people = people
        self._secret = secrets.token_bytes(32)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}

        async def sealed(message: "Message") -> None:
            if message["type"] == "http.response.start":
                ours = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", []), *ours]}
            await send(message)

        if refusal := self._foreign(headers):
            await _answer(sealed, 403, refusal)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if self._people and path not in OPEN_PATHS:
            name = self._who(headers)
            if name is None:
                await self._refuse(headers, path, sealed)
                return
            scope = {**scope, "user": name}
        await self._app(scope, receive, _kindly(sealed) if path.endswith("/queue/join") else sealed)

    def _foreign(self, headers: dict[str, str]) -> str | None:
        """Why a request's Host or Origin is not ours; None where they are."""
        host = _host_of(headers.get("host", ""))
        if self._loopback and not is_loopback(host) and host not in self._allowed:
            return f"This server does not answer to the name {host!r}. Allow it with --allow-host {host}"
        origin = headers.get("origin")
        if origin is None:
            return None
        theirs = urlsplit(origin)
        same = theirs.netloc.lower() == headers.get("host", "").lower()
        if same or (theirs.hostname or "").lower() in self._allowed:
            return None
        return f"A page of {origin} may not use this server."

    def _who(self, headers: dict[str, str]) -> str | None:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return token_owner(self._people, token.strip())
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return None
        name, _, rest = (cookie.value if cookie else "").partition("|")
        until, _, seal = rest.partition("|")
        fits = until.isdigit() and int(until) > time.time() and hmac.compare_digest(seal, self._seal(name, until))
        return unquote(name) if fits else None

    def _seal(self, name: str, until: str) -> str:
        return hmac.new(self._secret, f"{name}|{until}".encode(), "sha256").hexdigest()

    async def _refuse(self, headers: dict[str, str], path: str, send: "Send") -> None:
        if "text/html" in headers.get("accept", "") and path == "/":
            await _answer(send, 303, "Sign in first.", location=f"{self._root}/login")
        else:
            await _answer(send, 401, "Sign in first: a session or a bearer token is needed.")

    async def session(self, name: str, password: str) -> str | None:
        """The session cookie's value for a name and a password that fits; None, after a second, for others."""
        if not await asyncio.to_thread(password_fits, self._people, name, password):
            await asyncio.sleep(1)
            return None
        quoted, until = quote(name.strip(), safe=""), str(int(time.time()) + SESSION_SECONDS)
        return f"{quoted}|{until}|{self._seal(quoted, until)}"


def _kindly(send: "Send") -> "Send":
    """Gradio's 503 for a full queue, in words that say what to do; as 429, of which the page shows the words."""
    full = False

    async def kind(message: "Message") -> None:
        nonlocal full
        if message["type"] == "http.response.start" and message["status"] == 503:
            full = True
            await _answer(send, 429, FULL)
        elif not full:
            await send(message)

    return kind


async def _answer(send: "Send", status: int, message: str, location: str = "") -> None:
    body = json.dumps({"detail": message}).encode()
    headers = [(b"content-type", b"application/json")]
    if location:
        headers.append((b"location", location.encode()))
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def login_page(style: str, message: str = "") -> str:
    """The page that asks for a name and a password."""
    said = f'<p class="notice" role="alert">{escape_html(message)}</p>' if message else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Daily Papers · Sign in</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>'
        '<body class="login"><main><h1>Daily Papers</h1><form method="post">'
        f'{said}<label>Name<input name="username" autocomplete="username" required autofocus></label>'
        '<label>Password<input name="password" type="password" autocomplete="current-password" required></label>'
        "<button>Sign in</button></form></main></body></html>"
    )
