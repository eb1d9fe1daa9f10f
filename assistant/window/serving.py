"""Serving the window: Gradio mounted in FastAPI behind our gate, on one socket, stopped gracefully."""

import asyncio
import contextlib
import inspect
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.conversations import Conversations
from assistant.settings import Settings, is_loopback
from assistant.window.bodies import bounded
from assistant.window.gate import COOKIE, SESSION_SECONDS, Gate, login_page
from assistant.window.people import Person, read_people
from index.errors import LibraryError
from index.limits import UNPACKED

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI, Request
    from mcp.server.fastmcp import FastMCP

    from assistant.engine import Assistant

AT_ONCE = 100  # jobs that run at the same time
WAITING = 500  # jobs that may wait
SESSIONS = 200  # open pages whose state is kept; what matters is in the conversations
STOP_SECONDS = 3  # what open streams get to end when the server is stopped
LARGEST_UPLOAD = f"{UNPACKED >> 20}mb"
NEVER = "1000000000"  # events until Gradio makes statistics of all its events, as it would after each of them


def build_app(
    assistant: "Assistant",
    conversations: Conversations,
    *,
    loopback: bool = True,
    root_path: str = "",
    people: tuple[Person, ...] = (),
    allow_hosts: Collection[str] = (),
) -> Gate:
    """The whole window as one ASGI app."""
    import gradio as gr
    from fastapi import FastAPI

    from assistant.window.app import build
    from assistant.window.desk import Desk
    from assistant.window.downloads import add_downloads
    from assistant.window.theme import head, theme

    tools = _tools(assistant)
    app = FastAPI(openapi_url=None, lifespan=lambda _: tools.session_manager.run())
    app.router.routes.extend(tools.streamable_http_app().routes)
    gate = Gate(bounded(app), loopback=loopback, root_path=root_path, allow_hosts=allow_hosts, people=people)
    _add_health(app)
    if people:
        _add_login(app, gate, root_path)
    add_downloads(app, conversations)
    page = build(Desk(assistant, conversations), _may_connect(loopback, people))
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", NEVER)
    for kind in {type(block) for block in page.blocks.values()}:  # read anew in every session: a fifth of all work
        initialise: Any = kind.__init__
        initialise.__signature__ = inspect.signature(initialise)
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
        "max_file_size": LARGEST_UPLOAD,
        "app_kwargs": {"docs_url": None, "redoc_url": None},
        "root_path": root_path or None,
    }
    if people:
        options["auth_dependency"] = lambda request: request.scope.get("user")
    gr.mount_gradio_app(app, page, path="/", theme=theme(), head=head(), **options)
    return gate


def _tools(assistant: "Assistant") -> "FastMCP":
    """The tools at /mcp. Their own look at Host and Origin is off: the gate has had one."""
    from mcp.server.transport_security import TransportSecuritySettings

    from assistant.mcp import server

    unguarded = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    tools = server(
        assistant, stateless_http=True, json_response=True, log_level="WARNING", transport_security=unguarded
    )
    tools.streamable_http_app()  # makes the session manager
    return tools


def _may_connect(loopback: bool, people: tuple[Person, ...]) -> "Callable[[gr.Request], bool]":
    """Who may change the model: everybody on a loopback server without sign-in, else the file's first person."""

    def allowed(request: "gr.Request") -> bool:
        return request.username == people[0].name if people else loopback

    return allowed


def _add_health(app: "FastAPI") -> None:
    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}


def _add_login(app: "FastAPI", gate: Gate, root_path: str) -> None:
    from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

    from assistant.window.theme import style

    @app.get("/login")
    def form() -> HTMLResponse:
        return HTMLResponse(login_page(style()))

    async def sign_in(request: "Request") -> Response:
        given = await request.form()
        session = await gate.session(str(given.get("username", "")), str(given.get("password", "")))
        from_page = "text/html" in request.headers.get("accept", "")
        if session is None:
            message = "This name and password do not fit. Try again."
            return (
                HTMLResponse(login_page(style(), message), 401) if from_page else JSONResponse({"detail": message}, 401)
            )
        answer = RedirectResponse(f"{root_path}/", 303) if from_page else JSONResponse({"success": True})
        answer.set_cookie(
            COOKIE, session, max_age=SESSION_SECONDS, httponly=True, samesite="lax", path=root_path or "/",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return answer

    @app.get("/logout")
    def sign_out() -> RedirectResponse:
        answer = RedirectResponse(f"{root_path}/login", 303)
        answer.delete_cookie(COOKIE, path=root_path or "/")
        return answer

    app.add_route("/login", sign_in, methods=["POST"])


def _listening(host: str, port: int) -> socket.socket:
    """A listening socket. Raises OSError with a sentence where the port is taken."""
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
    """One question in quotes to nobody: what the first visitor would wait for is loaded then."""
    with contextlib.suppress(LibraryError):
        assistant.ask("What is new?", llm=False)


class _Stopping(logging.Filter):
    """Leaves out what uvicorn says of streams that are still open when it is stopped: that is as it should be."""

    def filter(self, record: logging.LogRecord) -> bool:
        cancelled = record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError)
        return not cancelled and "graceful shutdown exceeded" not in record.getMessage()


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

    Raises ValueError where others would get in unasked (another host than loopback without `auth` or
    `open_to_others`) or the file of people will not do, OSError where the port is taken, LibraryError.
    """
    loopback = is_loopback(host)
    if not loopback and auth is None and not open_to_others:
        raise ValueError(
            f"On {host} everybody who reaches this machine could use the window. Make a file of people with "
            "`papers user FILE NAME` and give it with --auth FILE, or say --open."
        )
    people = read_people(auth) if auth else ()
    listening = _listening(host, port)
    with listening:
        print("Opening the window …", file=sys.stderr, flush=True)
        import uvicorn

        from assistant.engine import Assistant

        assistant = Assistant.open(settings)
        conversations = Conversations(settings.home / "conversations.sqlite3")
        conversations.recover()
        try:
            app = build_app(
                assistant, conversations, loopback=loopback, root_path=root_path, people=people, allow_hosts=allow_hosts
            )
            threading.Thread(target=_warm_up, args=(assistant,), daemon=True).start()
            for notice in assistant.library.notices:
                print(notice, file=sys.stderr)
            shown = f"[{host}]" if ":" in host else host
            print(f"Daily Papers: http://{shown}:{port}{root_path}/  (Ctrl-C stops it)", file=sys.stderr, flush=True)
            config = uvicorn.Config(
                app,
                log_level="warning",
                timeout_graceful_shutdown=STOP_SECONDS,
                proxy_headers=True,
                server_header=False,
            )
            logging.getLogger("uvicorn.error").addFilter(_Stopping())
            for number in (signal.SIGINT, signal.SIGTERM):  # uvicorn hears them, and raises them again when it is done
                signal.signal(number, lambda *_: None)
            uvicorn.Server(config).run(sockets=[listening])
        finally:
            conversations.close()
            assistant.close()
