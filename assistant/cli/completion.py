"""What a shell needs to complete `papers`: its commands, options, and files where one is asked for."""

import argparse
from collections.abc import Iterator
from typing import Any

SHELLS = ("bash", "zsh")
_PATHS = {"FILE": "FILE", "SOURCE": "FILE", "DIR": "DIRECTORY", "FOLDER": "DIRECTORY"}


class PrintCompletion(argparse.Action):
    """`--print-completion SHELL`: prints the completion and ends the command."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: str | None = None
    ) -> None:
        """Prints it; exits with 0."""
        print(completion(parser, str(values)), flush=True)
        parser.exit()


def completion(parser: argparse.ArgumentParser, shell: str) -> str:
    """The completion of a command line for one of `SHELLS`, as a script to source."""
    import shtab

    for action in _actions(parser):
        if path := _PATHS.get(str(action.metavar)):
            action.complete = getattr(shtab, path)  # type: ignore[attr-defined]  # where shtab looks for it
    return str(shtab.complete(parser, shell))


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """What a parser and those of its commands take."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)
