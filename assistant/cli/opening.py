"""From the command line's settings to an open library or assistant. What they say at once goes to stderr."""

from argparse import Namespace
from typing import TYPE_CHECKING

from assistant.cli.output import say_notice
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from index.library import Library


def settings_of(args: Namespace) -> Settings:
    """The settings, with the command line's own on top. Raises ValueError where they make no sense."""
    return Settings.load(
        home=args.home, model=args.model, base_url=args.base_url, embeddings=args.embeddings, offline=args.offline
    )


def open_library(args: Namespace) -> "Library":
    """The library of the settings, for one short command. Raises LibraryError."""
    from assistant.engine import open_library

    return open_library(settings_of(args), exact=True, say=say_notice)


def open_assistant(args: Namespace, *, exact: bool = True) -> "Assistant":
    """The assistant of the settings; `exact`: for one short command. Raises LibraryError."""
    from assistant.engine import Assistant

    return Assistant.open(settings_of(args), exact=exact, say=say_notice)
