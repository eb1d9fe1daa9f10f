"""The `papers` command: reads the command line, calls the engine, prints. No logic of its own.

Commands are looked up by name and imported when they run, so that short ones stay quick.
"""

import io
import os
import sys
from importlib import import_module
from importlib.metadata import version


def main(argv: list[str] | None = None) -> int:
    """Runs one command; returns its exit code (0 done, 1 something asked for was not done, 2 wrong usage)."""
    umask = os.umask(0o077)  # whatever a command or a package makes on the side is the user's alone
    try:
        return _run(sys.argv[1:] if argv is None else argv, umask)
    finally:
        os.umask(umask)


def _run(arguments: list[str], umask: int) -> int:
    """Runs one command; the files that it is asked to write are made by the caller's umask."""
    if arguments in (["--version"], ["-V"]):
        print(f"papers {version('daily-papers-assistant')}")
        return 0
    _speak_utf8()
    from assistant.cli.output import fail
    from assistant.cli.parser import parse
    from index.errors import LibraryError, UnknownPaper

    args = parse(arguments)
    args.umask = umask
    module, _, function = args.run.partition(":")
    try:
        code: int = getattr(import_module(module), function)(args)
        if not sys.stdout.closed:  # `papers mcp` closes it
            sys.stdout.flush()
        return code
    except UnknownPaper as error:
        return fail(args, str(error), error.candidates)
    except (LibraryError, ValueError) as error:
        return fail(args, str(error))
    except KeyboardInterrupt:
        fail(args, "Stopped. What was done is kept.")
        return 130
    except BrokenPipeError:  # `papers list | head`: the reader has had enough
        _drop_output()
        return 0
    except OSError as error:  # the disk that stdout goes to is full, say
        print(f"Not done: {error}.", file=sys.stderr)
        _drop_output()
        return 1


def _speak_utf8() -> None:
    """Output is UTF-8 whatever the locale, and half characters of an argument are no reason to fail."""
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115  # closed by the shell: `>&-`
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _drop_output() -> None:
    """What is still to be written to stdout goes nowhere: Python would fail again when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
