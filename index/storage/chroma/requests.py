"""Requests to a Chroma server, by version 2 of its HTTP API.

Chroma's own client would cost every command 1.3 s and 80 MB for its import, and waits without end for a server that is
silent. Here each request has one time limit and one limit on the size of its answer, and whatever goes wrong is a
ChromaError with a sentence for people: what a server sends is not trusted, and the token is never repeated.
"""

import asyncio
import contextlib
import json
import re
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from index.safety.addresses import is_loopback
from index.safety.inert import inert
from index.storage.chroma.address import DATABASE, TENANT, TOKEN, URL, ChromaServer
from index.storage.chroma.collection import ChromaError

if TYPE_CHECKING:
    import httpx

ANSWER_SECONDS = 2.0  # for what a person waits for, and before anything is written
WRITE_SECONDS = 15.0  # for a few hundred vectors, by a server that has just answered
_LARGEST = 64 << 20  # bytes of an answer: 300 vectors of 4,096 numbers are 25 MB
_SHOWN = 200  # characters of a server's own message
_REASONS = {  # by what a failed connection is called
    "All connection attempts failed": f"nothing answers there; check {URL}, and that the server runs",
    "Name or service not known": f"its name is not known; check {URL}",
    "CERTIFICATE_VERIFY_FAILED": "its certificate is not one that this machine trusts (SSL_CERT_FILE names others)",
    "SSL": f"it does not speak https; check {URL}",
}
_DEFAULT_TENANT, _DEFAULT_DATABASE = "default_tenant", "default_database"


class ServerError(ChromaError):
    """A Chroma server could not be reached, refused or failed, or what answers is none."""


class NoCollection(ServerError):
    """The server does not have what was asked for."""


class CollectionExists(ServerError):
    """The server has a collection of that name already."""


class ChromaRequests:
    """Sends requests to one server. Any thread may."""

    def __init__(self, server: ChromaServer) -> None:
        self.server = server
        self._one = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: httpx.AsyncClient | None = None
        self._base = ""

    def send(self, method: str, path: str, body: object = None, *, seconds: float = 0.0) -> Any:
        """The answer to a request within the server's database (`/collections/...`), read as JSON, in so many seconds
        (0: ANSWER_SECONDS). Raises ServerError."""
        if not self._base:
            self._base = self._database()
        return self._send(method, self._base + path, body, seconds or ANSWER_SECONDS)

    def _database(self) -> str:
        """The path of the database: the one set, else the token's own, else Chroma's default."""
        tenant, database = self.server.tenant, self.server.database
        if self.server.token and not (tenant and database):
            told = self._send("GET", "/auth/identity", None, ANSWER_SECONDS)
            named = told.get("databases") if isinstance(told, dict) else None
            databases = [str(each) for each in named if each != "*"] if isinstance(named, list) else []
            own = str(told.get("tenant") or "") if isinstance(told, dict) else ""
            tenant = tenant or own.replace("*", "")
            if not database and len(databases) > 1:
                raise ServerError(f"The token opens several databases of {self._who}: name one in {DATABASE}.")
            database = database or (databases[0] if databases else "")
        tenant, database = quote(tenant or _DEFAULT_TENANT, safe=""), quote(database or _DEFAULT_DATABASE, safe="")
        return f"/tenants/{tenant}/databases/{database}"

    def _send(self, method: str, path: str, body: object, seconds: float) -> Any:
        import httpx

        from index.safety.http import NotTaken, TookTooLong, Unusable

        try:
            content = None if body is None else json.dumps(body, allow_nan=False).encode()
        except ValueError as error:
            raise ServerError(f"Nothing was asked of {self._who[:1].lower()}{self._who[1:]}: {error}.") from None
        try:
            response = self._whole(method, path, content, seconds)
        except (TookTooLong, httpx.TimeoutException, TimeoutError):
            raise ServerError(f"{self._who} did not answer within {seconds:g} s.") from None
        except NotTaken as error:
            raise ServerError(f"{self._who} {error}.") from None
        except Unusable as error:
            raise ServerError(f"{self._who} cannot be asked: {error}.") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, RuntimeError, ValueError) as error:
            raise ServerError(f"{self._who} cannot be reached: {self._reason(error)}.") from None
        return self._read(response)

    @property
    def _who(self) -> str:
        return f"The Chroma server at {self.server.shown}"

    def _whole(self, method: str, path: str, content: bytes | None, seconds: float) -> "httpx.Response":
        import httpx

        from index.safety.http import TookTooLong, open_client, whole_answer

        async def asked() -> "httpx.Response":
            if self._client is None:
                direct = is_loopback(request.url.host)
                self._client = open_client(timeout=httpx.Timeout(None), direct=direct)  # `whole_answer` has the limit
            return await whole_answer(self._client, request, seconds=seconds, largest=_LARGEST)

        headers = {"Content-Type": "application/json"}
        if self.server.token:
            headers["X-Chroma-Token"] = self.server.token
        request = httpx.Request(method, f"{self.server.url}/api/v2{path}", content=content, headers=headers)
        sent = asyncio.run_coroutine_threadsafe(asked(), self._running())
        try:
            return sent.result(seconds + 1)
        except TimeoutError:
            sent.cancel()
            raise TookTooLong("no answer", request=request) from None

    def _running(self) -> asyncio.AbstractEventLoop:
        """The loop that connections live in, in a thread of its own."""
        with self._one:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=_run, args=(self._loop,), name="chroma-server", daemon=True).start()
            return self._loop

    def _read(self, response: "httpx.Response") -> Any:
        try:
            answer = json.loads(response.content)
        except (ValueError, RecursionError):
            answer = None
        if response.is_success and answer is not None:
            return answer
        error = answer.get("error") if isinstance(answer, dict) else None
        message = self._clean(answer.get("message", "")) if isinstance(answer, dict) else ""
        code = response.status_code
        if code in (401, 403):
            raise ServerError(f"{self._who} refused us ({code}): check {TOKEN}, {TENANT} and {DATABASE}.")
        if error is None or response.is_success:
            raise ServerError(f"What answers at {self.server.shown} is no Chroma server ({code}): check {URL}.")
        said = f"{self._who} failed ({code}{': ' if message else ''}{message})."
        if code == 404:
            raise NoCollection(said)
        if code == 409:
            raise CollectionExists(said)
        raise ServerError(said)

    def _reason(self, error: Exception) -> str:
        """Why a server cannot be reached, in plain words where they are known."""
        said = str(error)
        for known, words in _REASONS.items():
            if known in said:
                return words
        return self._clean(re.sub(r"^\[[^\]]{0,40}\] ", "", said) or type(error).__name__)

    def _clean(self, text: object) -> str:
        """What a server or a library said, for display: short, on one line, without the token."""
        shown = " ".join(str(text)[:10_000].split())
        if self.server.token:
            shown = shown.replace(self.server.token, "...")
        return inert(shown[:_SHOWN]).removesuffix(".") or type(text).__name__

    def close(self) -> None:
        """Closes the connections; another request opens new ones."""
        with self._one:
            loop, self._loop, client, self._client = self._loop, None, self._client, None
        if loop is None:
            return
        if client is not None:
            with contextlib.suppress(Exception):  # whatever a connection that is gone says
                asyncio.run_coroutine_threadsafe(client.aclose(), loop).result(1)
        loop.call_soon_threadsafe(loop.stop)


def _run(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    loop.close()
