"""A Chromium, a stub model and windows that the tests of a session share."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from browser import browser_path, launched
from chat_server import StubServer
from served_window import served

from assistant.window.importing import import_gradio

import_gradio()  # before the tests' own imports of parts of the window, which would take longer


@pytest.fixture(scope="session", autouse=True)
def _certificates_read_once() -> Iterator[None]:
    """The tests' own clients share what httpx reads for each: all certificates, in 50 ms of processor time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("httpx._transports.default.create_ssl_context", cache(httpx.create_ssl_context))
        yield


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A headless Chromium, for modules without asynchronous tests (playwright holds the thread's event loop). Without
    one the test is skipped; with PAPERS_REQUIRE_BROWSER=1 it fails."""
    from playwright.sync_api import sync_playwright

    if browser_path() is None:
        reason = "no Chromium is installed (Debian: apt-get install chromium-headless-shell)"
        if os.environ.get("PAPERS_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()


class Guard:
    """Notes what a page must never do: raise an error, or ask for what is not there, or anyone but this machine."""

    def __init__(self, page: Any) -> None:
        self.problems: list[str] = []
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("request", self._asked)
        page.on("response", self._answered)
        page.on("dialog", self._opened)
        page.on("console", self._said)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.problems.append(f"request: {request.url}")

    def _answered(self, response: Any) -> None:
        """Notes what the gate refuses, except the progress of an upload, which the page does not need."""
        if response.status in (404, 411, 413) and "/upload_progress?" not in response.url:
            self.problems.append(f"{response.status}: {response.url}")

    def _opened(self, dialog: Any) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _said(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.problems.append(f"console: {message.text}")


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Any]:
    """Serves windows over libraries of the test's own, until its pages are closed."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(served(tmp_path / "home", **options))


@contextmanager
def _opening(chromium: Any) -> Iterator[Any]:
    opened: list[tuple[Any, Guard]] = []

    def open_at(url: str, width: int = 1280, dark: bool = False) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 844 if width < 500 else 860},
            color_scheme="dark" if dark else "light",
            permissions=["clipboard-read", "clipboard-write"],
        )
        page = context.new_page()
        page.set_default_timeout(40_000)
        opened.append((context, Guard(page)))
        page.goto(url)
        return page

    yield open_at
    for context, guard in opened:
        context.close()
        assert guard.problems == []


@pytest.fixture
def open_page(chromium: Any, serve: Any) -> Iterator[Any]:
    """Opens a page with a width and colour scheme; at the end of the test, `Guard` must have noted nothing."""
    with _opening(chromium) as open_at:
        yield open_at


@pytest.fixture(scope="module")
def open_page_for_all(chromium: Any) -> Iterator[Any]:
    """As `open_page`, for pages that the tests of a module share: each leaves them as it found them."""
    with _opening(chromium) as open_at:
        yield open_at


@pytest.fixture(scope="session")
def stub() -> Iterator[StubServer]:
    """The stub model of the session."""
    server = StubServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the homes of the windows that several tests share."""
    return tmp_path_factory.mktemp("homes")
