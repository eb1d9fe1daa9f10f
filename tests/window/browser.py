"""The Chromium that the tests drive."""

import shutil
from typing import Any

# The headless shell draws the same pages for little more than half of the processor time of a whole Chromium.
NAMES = ("chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def browser_path() -> str | None:
    """The installed Chromium that starts quickest; None without one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def resize(page: Any, width: int, height: int | None = None, dark: bool = False) -> None:
    """Gives a page another width and colour scheme, in place of opening it anew; by default the height of a desktop or
    a telephone."""
    page.set_viewport_size({"width": width, "height": height or (844 if width < 500 else 860)})
    page.emulate_media(color_scheme="dark" if dark else "light")


def launched(playwright: Any) -> Any:
    """A browser without a display."""
    return playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
