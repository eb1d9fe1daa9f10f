"""The bodies of requests: bounded in length, with uploaded files that only their sender can use.

Gradio would read any file on the server that a value names, and keeps all uploads in one folder. Here every upload goes
to its own folder with an unguessable name, and a value may name only files that its sender uploaded.
"""

import json
import secrets
import shutil
from collections import Counter, OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.window.access.gate import TurnedAway, answer, path_of
from index.safety.limits import UNPACKED

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

UPLOAD, LOGIN = "/gradio_api/upload", "/login"
LARGEST_BODY = 10 * 2**20  # bytes of any other request: a large paste
LARGEST = {UPLOAD: UNPACKED, LOGIN: 8 * 2**10}
AT_ONCE = 8  # uploads of one person that may be in progress
KEPT = 2**30  # bytes of one person's uploads that are kept, in at most a thousand files
NOT_YOURS = "A value of this request names a file that you did not upload."


class Bodies:
    """An ASGI app around Gradio's."""

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app
        self._coming: Counter[str] = Counter()
        self._uploads: dict[str, OrderedDict[str, int]] = {}  # by person: the path of each, and its bytes

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        from starlette.requests import Request
        from starlette.responses import JSONResponse

        path, request = path_of(scope), Request(scope, receive)
        try:
            _look_at_length(request, LARGEST.get(path, LARGEST_BODY))
            if path == UPLOAD:
                uploaded = await self._keep(request)
                await JSONResponse([uploaded])(scope, receive, send)
                return
            if path.startswith("/gradio_api/") and request.method == "POST":
                body = await request.body()
                self.refuse_foreign_files(scope.get("user") or "", body)
                receive = _again(body, receive)
        except TurnedAway as refusal:
            await answer(send, refusal)
            return
        await self._app(scope, receive, send)

    async def _keep(self, request: "Request") -> str:
        """Keeps the one file of an upload and returns its path. The person's oldest files make room."""
        person = request.scope.get("user") or ""
        if self._coming[person] >= AT_ONCE:
            raise TurnedAway(429, "Several of your uploads are still running. Wait for them, then try again.")
        self._coming[person] += 1
        try:
            path = await _stored(request)
        finally:
            self._coming[person] -= 1
        theirs = self._uploads.setdefault(person, OrderedDict())
        theirs[str(path)] = path.stat().st_size
        while sum(theirs.values()) > KEPT or len(theirs) > 1_000:
            shutil.rmtree(Path(theirs.popitem(last=False)[0]).parent, ignore_errors=True)
        return str(path)

    def refuse_foreign_files(self, person: str, body: bytes) -> None:
        """Raises TurnedAway if a value names a file that the person did not upload."""
        theirs = self._uploads.get(person, OrderedDict())
        try:
            values: list[Any] = [json.loads(body)]
        except (ValueError, RecursionError):
            raise TurnedAway(400, "The body of this request is not JSON.") from None
        while values:
            value = values.pop()
            if isinstance(value, dict):
                if "path" in value and "meta" in value and str(value["path"]) not in theirs:
                    raise TurnedAway(403, NOT_YOURS)
                values += value.values()
            elif isinstance(value, list):
                values += value


def _look_at_length(request: "Request", most: int) -> None:
    """Raises TurnedAway for a body longer than `most` bytes, or of unknown length."""
    if "transfer-encoding" in request.headers:
        raise TurnedAway(411, "Send the length of the body (Content-Length), and not in chunks.")
    if int(request.headers.get("content-length", "0")) > most:
        raise TurnedAway(413, f"This is too large: {most:,} bytes can be sent at most.")


async def _stored(request: "Request") -> Path:
    """The uploaded file, in a new folder within Gradio's. Raises TurnedAway unless there is exactly one."""
    from anyio.to_thread import run_sync
    from gradio.utils import get_upload_folder
    from gradio_client.utils import strip_invalid_filename_characters
    from starlette.datastructures import UploadFile
    from starlette.exceptions import HTTPException

    wrong = TurnedAway(400, "Send one file, as multipart/form-data, in the field `files`.")
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise wrong
    try:
        async with request.form(max_files=1, max_fields=0) as form:
            given = form.get("files")
            if not isinstance(given, UploadFile):
                raise wrong
            folder = Path(get_upload_folder()) / secrets.token_urlsafe(24)
            folder.mkdir(mode=0o700, parents=True)
            path = folder / (strip_invalid_filename_characters(Path(given.filename or "").name).lstrip(".") or "upload")
            with path.open("xb") as out:
                await run_sync(shutil.copyfileobj, given.file, out)
    except HTTPException as error:  # Starlette's parser, for a malformed body
        raise TurnedAway(error.status_code, error.detail) from None
    return path


def _again(body: bytes, receive: "Receive") -> "Receive":
    """A `receive` that gives a body that was already read once more."""
    unread = True

    async def replayed() -> "Message":
        nonlocal unread
        if unread:
            unread = False
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return replayed
