"""A client made as the environment says, and a request and its whole answer: under one time limit for connection,
headers and body, one limit on size, without compression, and only from the address that was requested.

By itself httpx limits only the time of each read, so a trickle never ends, and it decompresses a piece before its
size is known.
"""

import asyncio
import os
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    import ssl

Heard = Callable[[int, int], None]
Timeout = httpx.Timeout | float


class TookTooLong(httpx.TimeoutException):
    """An answer that was not complete in time."""


class NotTaken(httpx.TransportError):
    """An answer that is too large, or compressed; the message says what the server did."""


class Unusable(httpx.TransportError):
    """No client can be made: a variable of the environment names a proxy or certificates that cannot be used. The
    message says which and what to do, without a full stop."""


@cache
def _trusted(trust_env: bool = True) -> "ssl.SSLContext":
    return httpx.create_ssl_context(trust_env=trust_env)


def open_client(*, timeout: Timeout, direct: bool, auth: Any = None) -> httpx.AsyncClient:
    """A client that follows no redirect. `direct`: use no proxy. Raises Unusable."""
    try:
        trusted = _trusted()
    except (OSError, ValueError) as error:
        if direct:  # a server on this machine mostly needs none
            return httpx.AsyncClient(verify=_trusted(False), timeout=timeout, trust_env=False, auth=auth)
        name = "SSL_CERT_FILE" if os.environ.get("SSL_CERT_FILE") else "SSL_CERT_DIR"
        reason = getattr(error, "strerror", None) or error
        raise Unusable(f"the certificates that {name} names cannot be read ({reason}): correct or unset it") from None
    try:
        return httpx.AsyncClient(verify=trusted, timeout=timeout, trust_env=not direct, auth=auth)
    except (ImportError, ValueError, OSError, httpx.InvalidURL):
        named = ", ".join(proxies()) or "The environment"
        raise Unusable(
            f"{named} names a proxy that cannot be used: "
            "write it as http://HOST:PORT or socks5://HOST:PORT, or unset it"
        ) from None


def proxies() -> list[str]:
    """The variables of the environment that name a proxy, each with its address (without any password)."""
    named = []
    for name in ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY"):
        spelt = next((spelling for spelling in (name.lower(), name) if os.environ.get(spelling)), None)
        if spelt:
            named.append(f"{spelt} ({re.sub(r'//[^/@]*@', '//', os.environ[spelt])[:80]})")
    return named


@contextmanager
def without_unusable() -> Iterator[None]:
    """Hides proxies and certificates that cannot be used, for the import of a package that makes a client."""
    hidden = {}
    try:
        open_client(timeout=1.0, direct=False)
    except Unusable:
        names = [n for n in os.environ if n.upper().endswith("_PROXY") or n in ("SSL_CERT_FILE", "SSL_CERT_DIR")]
        hidden = {name: os.environ.pop(name) for name in names}
    try:
        yield
    finally:
        os.environ.update(hidden)


async def whole_answer(
    client: httpx.AsyncClient, request: httpx.Request, *, seconds: float, largest: int, heard: Heard | None = None
) -> httpx.Response:
    """The answer to a request, complete within `seconds` and of at most `largest` bytes. Redirects are not followed.
    `heard` is told how many bytes have come so far, and out of how many (0: unknown); what it raises ends the request.
    Raises TookTooLong, NotTaken and what httpx raises."""
    request.headers["Accept-Encoding"] = "identity"
    answer = None
    try:
        async with asyncio.timeout(seconds):
            answer = await client.send(request, stream=True, auth=None, follow_redirects=False)
            body = await _body(answer, largest, heard)
    except TimeoutError:
        raise TookTooLong(f"no whole answer came within {seconds:.0f} s", request=request) from None
    finally:
        if answer is not None:
            await answer.aclose()
    whole = httpx.Response(answer.status_code, headers=answer.headers, content=body, request=request)
    whole.next_request = answer.next_request
    return whole


async def _body(answer: httpx.Response, largest: int, heard: Heard | None) -> bytes:
    if packed := answer.headers.get("Content-Encoding", "identity").strip().lower().removeprefix("identity"):
        raise NotTaken(f"sent compressed data ({packed[:20]}), which was not asked for")
    announced = answer.headers.get("Content-Length", "")
    total = int(announced) if announced.isdecimal() and len(announced) < 16 else 0
    body = bytearray()
    if total <= largest:
        async for piece in answer.aiter_raw():
            body += piece
            if heard:
                heard(len(body), total)
            if len(body) > largest:
                break
    if max(total, len(body)) > largest:
        raise NotTaken(f"sent more than {largest / (1 << 20):.3g} MB, which is too much")
    return bytes(body)


def answer_to(
    request: httpx.Request,
    *,
    seconds: float,
    largest: int,
    silence: float,
    heard: Heard | None = None,
    direct: bool = False,
) -> httpx.Response:
    """The same for synchronous code. `silence`: how many seconds may pass between two pieces; `direct`: use no
    proxy."""
    done: Future[httpx.Response] = Future()

    async def asked() -> httpx.Response:
        async with open_client(timeout=silence, direct=direct) as client:
            return await whole_answer(client, request, seconds=seconds, largest=largest, heard=heard)

    def work() -> None:
        try:
            done.set_result(asyncio.run(asked()))
        except BaseException as error:
            done.set_exception(error)

    threading.Thread(target=work, daemon=True).start()  # abandoned if a name server does not answer
    try:
        return done.result(seconds + 1)
    except TimeoutError:
        raise TookTooLong(f"no whole answer came within {seconds:.0f} s", request=request) from None


class WholeAnswers(httpx.BaseTransport):
    """A transport for an httpx.Client that sends each request as `answer_to` does."""

    def __init__(self, *, seconds: float, largest: int, silence: float, direct: bool) -> None:
        self._options: dict[str, Any] = {"seconds": seconds, "largest": largest, "silence": silence, "direct": direct}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The whole answer to a request."""
        return answer_to(request, **self._options)
