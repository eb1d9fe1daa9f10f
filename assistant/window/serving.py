"""Serving the window: Gradio mounted in FastAPI behind our gate, on one socket, stopped gracefully."""

import asyncio
import contextlib
import inspect
import logging
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.conversations import Conversations
from assistant.settings import Settings
from assistant.window.access.bodies import Bodies
from assistant.window.access.gate import Gate
from assistant.window.access.people import People
from assistant.window.access.sessions import SignIn
from assistant.window.importing import import_gradio
from assistant.window.presence import Attendance, Presence
from index.errors import LibraryError
from index.safety.addresses import is_loopback
from index.safety.limits import UNPACKED
from index.safety.permissions import exposed
from index.safety.read_only import writable

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI
    from starlette.applications import Starlette

    from assistant.engine import Assistant
    from index.library import Library

AT_ONCE = 100  # jobs that run at the same time
WAITING = 500  # jobs that may queue
SESSIONS = 200  # open pages whose state Gradio keeps; what matters is in the conversations
CATCH_UP_SECONDS = 60  # between two looks whether Chroma is behind
STOP_SECONDS = 3  # for open streams to end when the server is stopped
NO_TELEMETRY: Any = {"auto_configure": False, "tracing": False, "metrics": False, "logs": False}  # FastAPI's
NEVER = "1000000000"  # events between two rounds of Gradio's statistics, by default made after every event


def build_app(
    assistant: "Assistant",
    conversations: Conversations,
    *,
    loopback: bool = True,
    root_path: str = "",
    people: People | None = None,
    allow_hosts: Collection[str] = (),
) -> Gate:
    """The whole window as one ASGI app."""
    import_gradio()
    from fastapi import FastAPI
    from starlette.middleware.gzip import GZipMiddleware

    from assistant.window.access.login import add_login
    from assistant.window.app import build
    from assistant.window.context import WindowContext
    from assistant.window.downloads import add_downloads
    from assistant.window.feed import add_feed
    from assistant.window.paper_downloads import add_paper_downloads

    tools = _tools(assistant)
    app = FastAPI(openapi_url=None, telemetry=NO_TELEMETRY, lifespan=tools.router.lifespan_context)
    app.router.routes.extend(tools.routes)
    sign_in = SignIn(people) if people else None
    _add_health(app)
    if sign_in:
        add_login(app, sign_in, root_path)
    app.add_middleware(GZipMiddleware, minimum_size=1000)  # Gradio packs its files, but not the page
    presence = Presence()
    app.add_middleware(Attendance, presence=presence)
    own = loopback and sign_in is None
    context = WindowContext(assistant, conversations, own=own, absent=presence.absent)
    add_feed(app, assistant)
    add_downloads(app, conversations, context.recent)
    add_paper_downloads(app, assistant.library)
    page = build(context, _may_connect(loopback, sign_in))
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", NEVER)
    for kind in {type(block) for block in page.blocks.values()}:  # else read in every session: a fifth of all work
        initialise: Any = kind.__init__
        initialise.__signature__ = inspect.signature(initialise)
    _mount(app, page, root_path, sign_in)
    return Gate(Bodies(app), loopback=loopback, root_path=root_path, allow_hosts=allow_hosts, sign_in=sign_in)


def _mount(app: "FastAPI", page: "gr.Blocks", root_path: str, sign_in: SignIn | None) -> None:
    """Puts the page at the root of the app, with nothing of Gradio's own that the page does not use."""
    import gradio as gr

    from assistant.window.theme import head, theme

    page.has_launched = True  # else Gradio does not check which files the values of a mounted app name
    page.max_threads = AT_ONCE
    page.state_session_capacity = SESSIONS
    page.queue(max_size=WAITING, default_concurrency_limit=AT_ONCE, api_open=False)
    options: dict[str, Any] = {
        "footer_links": [],
        "run_history": False,
        "show_error": False,
        "ssr_mode": False,
        "enable_monitoring": False,
        "pwa": False,
        "max_file_size": UNPACKED,
        "app_kwargs": {"docs_url": None, "redoc_url": None, "telemetry": NO_TELEMETRY},
        "root_path": root_path or None,
    }
    if sign_in:
        options["auth_dependency"] = lambda request: request.scope.get("user")
    gr.mount_gradio_app(app, page, path="/", theme=theme(), head=head(), **options)


def _tools(assistant: "Assistant") -> "Starlette":
    """The tools at /mcp. Their own check of Host and Origin is off: the gate has made it."""
    from mcp.server.transport_security import TransportSecuritySettings

    from assistant.mcp import server

    unguarded = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    return server(assistant).streamable_http_app(stateless_http=True, json_response=True, transport_security=unguarded)


def _may_connect(loopback: bool, sign_in: SignIn | None) -> "Callable[[gr.Request], bool]":
    """Who may change the model: anyone on a loopback server without sign-in, else the first person in the file."""

    def allowed(request: "gr.Request") -> bool:
        return request.username == sign_in.first if sign_in else loopback

    return allowed


def _add_health(app: "FastAPI") -> None:
    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}


def _listening(host: str, port: int) -> socket.socket:
    """A listening socket. Raises OSError with a sentence if the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as error:
        made.close()
        raise OSError(
            f"Cannot serve on {host}:{port} ({error.strerror}). Try another port: --port {port + 1}"
        ) from None
    return made


def _warm_up(assistant: "Assistant") -> None:
    """Ask one question in quotes, so that the first visitor does not wait for what it loads."""
    with contextlib.suppress(LibraryError):
        assistant.ask("What is new?", llm=False)


@contextlib.contextmanager
def _private_uploads() -> Iterator[None]:
    """An upload folder of this window's own, in place of Gradio's, which all users of the machine share. Gradio
    reads it from the environment when it is imported."""
    with tempfile.TemporaryDirectory(prefix="papers-uploads-", ignore_cleanup_errors=True) as folder:
        os.environ["GRADIO_TEMP_DIR"] = folder
        yield


class _Stopping(logging.Filter):
    """Drops what uvicorn logs about streams still open when it is stopped: that is expected."""

    def filter(self, record: logging.LogRecord) -> bool:
        cancelled = record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError)
        return not cancelled and "graceful shutdown exceeded" not in record.getMessage()


def _keep_up(library: "Library", stopped: threading.Event) -> None:
    """Brings Chroma up to date with what was added, away from anyone who waits. To be run in a thread."""
    seen = -1
    while not stopped.wait(CATCH_UP_SECONDS):
        with contextlib.suppress(LibraryError):
            if library.on_server or library.change() != seen:  # a server may have been away, or have lost what it had
                seen = library.change()
                library.catch_up()


def _run(app: Gate, listening: socket.socket) -> None:
    """Answers requests until the process is told to stop."""
    import uvicorn

    config = uvicorn.Config(
        app,
        log_level="warning",
        timeout_graceful_shutdown=STOP_SECONDS,
        proxy_headers=True,
        http="h11",  # it limits the headers of a request; httptools does not
        server_header=False,
    )
    logging.getLogger("uvicorn.error").addFilter(_Stopping())
    for number in (signal.SIGINT, signal.SIGTERM):  # uvicorn handles them, and raises them again at its end
        signal.signal(number, lambda *_: None)
    uvicorn.Server(config).run(sockets=[listening])


def serve(
    settings: "Settings",
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    root_path: str = "",
    auth: Path | None = None,
    allow_hosts: Collection[str] = (),
    open_to_others: bool = False,
) -> None:
    """Open the window and serve it until it is stopped.

    Raises ValueError if anyone could get in (a host other than loopback without `auth` or `open_to_others`) or
    the file of people is unusable, OSError if the port is taken, LibraryError.
    """
    loopback = is_loopback(host)
    if not loopback and auth is None and not open_to_others:
        raise ValueError(
            f"On {host} anyone who can reach this machine could use the window. Make a file of people with "
            "`papers user FILE NAME` and pass it as --auth FILE, or pass --open."
        )
    people = People(auth) if auth else None
    listening = _listening(host, port)
    with listening, _private_uploads():
        print("Opening the window …", file=sys.stderr, flush=True)
        import_gradio()

        from assistant.engine import Assistant

        assistant = Assistant.open(settings)
        kept_in = settings.home / "conversations.sqlite3"
        if writable(kept_in) != kept_in:
            print(f"{settings.home} is read-only: conversations are not kept after this.", file=sys.stderr)
        conversations = Conversations(writable(kept_in))
        conversations.recover()
        stopped = threading.Event()
        try:
            app = build_app(
                assistant, conversations, loopback=loopback, root_path=root_path, people=people, allow_hosts=allow_hosts
            )
            threading.Thread(target=_warm_up, args=(assistant,), daemon=True).start()
            threading.Thread(target=_keep_up, args=(assistant.library, stopped), daemon=True).start()
            exposures = [exposed(file) for file in (settings.env_file, auth) if file]
            for notice in (*assistant.library.notices, *filter(None, exposures)):
                print(notice, file=sys.stderr)
            shown = f"[{host}]" if ":" in host else host
            print(f"Daily Papers: http://{shown}:{port}{root_path}/  (Ctrl-C stops it)", file=sys.stderr, flush=True)
            _run(app, listening)
        finally:
            stopped.set()
            conversations.close()
            assistant.close()
