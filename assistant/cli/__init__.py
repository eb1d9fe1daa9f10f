"""The `papers` command: reads the command line, calls the engine, prints. No logic of its own.

Commands are looked up by name and imported when they run, so that short ones stay quick.
"""

import io
import os
import sqlite3
import sys
from importlib import import_module
from importlib.metadata import version


def main(argv: list[str] | None = None) -> int:
    """Runs one command; returns its exit code (0 done, 1 something asked for was not done, 2 wrong usage)."""
    umask = os.umask(0o077)  # other files that a command or package creates are private to the user
    try:
        return _run(sys.argv[1:] if argv is None else argv, umask)
    finally:
        os.umask(umask)


def _run(arguments: list[str], umask: int) -> int:
    """Runs one command; the output files that it is asked for follow the caller's umask."""
    if arguments in (["--version"], ["-V"]):
        print(f"papers {version('daily-papers-assistant')}")
        return 0
    _speak_utf8()
    from assistant.cli.output import fail
    from assistant.cli.parser import parse
    from index.errors import LibraryError, UnknownPaper

    try:
        args = parse(arguments)
    except BrokenPipeError:  # `papers --print-completion bash | head`
        _drop_output()
        return 0
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
    except BrokenPipeError:  # `papers list | head`: the reader has closed the pipe
        _drop_output()
        return 0
    except (OSError, sqlite3.Error) as error:  # for example, the disk that stdout goes to is full
        from index.safety.system_errors import sentence

        said = f"Not done. {sentence(error)}"
        try:
            code = fail(args, said)
            sys.stdout.flush()
            return code
        except OSError:
            print(said, file=sys.stderr)
            _drop_output()
            return 1


def _speak_utf8() -> None:
    """Makes output UTF-8 whatever the locale; invalid characters in an argument must not make it fail."""
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115  # closed by the shell: `>&-`
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _drop_output() -> None:
    """Discards what is still to be written to stdout: otherwise Python would fail again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
