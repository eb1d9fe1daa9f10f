"""A served window for tests: its app on a port of its own, in a thread."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from assistant.conversations import Conversations
from assistant.engine import Assistant
from assistant.settings import Settings
from assistant.window.serving import build_app


class Window:
    """What is served: its address, and the assistant and conversations behind it."""

    def __init__(self, url: str, app: Any, assistant: Assistant, conversations: Conversations) -> None:
        self.url = url
        self.app = app
        self.assistant = assistant
        self.conversations = conversations

    @property
    def blocks(self) -> Any:
        """Gradio's blocks, behind the gate and the check of request bodies."""
        return self.app._app._app.routes[-1].app.get_blocks()


@contextmanager
def served(home: Path, *, papers: Any = (), assistant: Any = None, **options: Any) -> Iterator[Window]:
    """A window over a library in `home` with some papers; `options` are settings and options of `build_app`."""
    names = ("loopback", "root_path", "people", "allow_hosts")
    app_options = {name: options.pop(name) for name in names if name in options}
    settings = Settings.load(home=home, embeddings="hashing", offline=True, **options)
    assistant = assistant or Assistant.open(settings)
    if papers:
        assistant.library.add(papers)
    conversations = Conversations(home / "conversations.sqlite3")
    app = build_app(assistant, conversations, **app_options)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", http="h11", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    try:
        yield Window(f"http://127.0.0.1:{listening.getsockname()[1]}", app, assistant, conversations)
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()
        conversations.close()
        assistant.close()
