"""The `papers` command: reads the command line, calls the engine, prints. No logic of its own.

Commands are looked up by name and imported when they run, so that short ones stay quick.
"""

import os
import sys
from importlib import import_module
from importlib.metadata import version


def main(argv: list[str] | None = None) -> int:
    """Runs one command; returns its exit code (0 done, 1 something asked for was not done, 2 wrong usage)."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments in (["--version"], ["-V"]):
        print(f"papers {version('daily-papers-assistant')}")
        return 0
    from assistant.cli.parser import parse

    args = parse(arguments)
    module, _, function = args.run.partition(":")
    try:
        code: int = getattr(import_module(module), function)(args)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print("Stopped. What was done is kept.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `papers list | head`: the reader has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
