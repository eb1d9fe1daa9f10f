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


def launched(playwright: Any) -> Any:
    """A browser without a display."""
    return playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
