"""Requests with a body of a size that is taken: others are refused before they are read into the memory."""

from typing import TYPE_CHECKING

from index.limits import UNPACKED

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 16 << 20  # bytes of a request: a pasted page has ten million characters at most
LARGEST_UPLOAD = UNPACKED + (1 << 20)  # bytes of one with a file, which goes to the disk


def bounded(app: "ASGIApp") -> "ASGIApp":
    """An app that answers 413 to a larger request; one that does not say its size is broken off where it gets too
    large."""

    async def limited(scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        largest = LARGEST_UPLOAD if scope["path"].endswith("/upload") else LARGEST
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and (len(announced) > 15 or int(announced) > largest):
            said = b'{"detail": "This is too large: save it as a file of at most %d MB."}' % (UNPACKED >> 20)
            headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
            await send({"type": "http.response.start", "status": 413, "headers": headers})
            await send({"type": "http.response.body", "body": said})
            return
        came = 0

        async def counted() -> "Message":
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            return message if came <= largest else {"type": "http.disconnect"}

        await app(scope, counted, send)

    return limited
