"""From the command line's settings to an open library or assistant. Their notices go to stderr at once."""

from argparse import Namespace
from typing import TYPE_CHECKING

from pydantic import ValidationError

from assistant.cli.output import say_notice, say_notices
from assistant.settings import Settings
from index.safety.permissions import exposed

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from index.library import Library


def settings_of(args: Namespace) -> Settings:
    """The settings, overridden by the command line. Raises ValueError if they are invalid."""
    given = {name: getattr(args, name, None) for name in Settings.model_fields}
    try:
        return Settings.load(**given)
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False)[0]
        said = wrong["msg"].removeprefix("Value error, ")
        if not wrong["loc"]:  # of several together, which the message names
            raise ValueError(f"{said}.") from None
        name = str(wrong["loc"][0])
        variable = name if name.isupper() else f"PAPERS_{name.upper()}"
        raise ValueError(f"{variable} cannot be used: {said}.") from None


def open_library(args: Namespace) -> "Library":
    """Opens the library of the settings, for one short command. Raises LibraryError."""
    from assistant.engine import open_library

    return open_library(settings_of(args), exact=True, say=say_notice)


def open_assistant(args: Namespace, *, exact: bool = True) -> "Assistant":
    """Opens the assistant of the settings; `exact`: for one short command. Raises LibraryError."""
    from assistant.engine import Assistant

    settings = settings_of(args)
    say_notices(filter(None, [exposed(settings.env_file)]))
    return Assistant.open(settings, exact=exact, say=say_notice)
