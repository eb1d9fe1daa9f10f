"""Commands that serve: the chat window, the people who may sign in to it, the tools over stdio."""

import sys
from argparse import Namespace
from getpass import getpass
from pathlib import Path

from assistant.cli.output import fail, say
from assistant.cli.session import open_assistant, settings_of
from index.safety.system_errors import sentence


def chat(args: Namespace) -> int:
    """`papers chat`: serves the window until it is stopped."""
    from assistant.window.serving import serve

    try:
        serve(
            settings_of(args),
            host=args.host,
            port=args.port,
            root_path=args.root_path,
            auth=Path(args.auth) if args.auth else None,
            allow_hosts=args.allow_host,
            open_to_others=args.open,
        )
    except OSError as error:  # for example, the port is taken
        return fail(args, sentence(error))
    return 0


def user(args: Namespace) -> int:
    """`papers user FILE NAME`: asks for a password (on a pipe: its first line) and adds the person to the file."""
    from assistant.window.access.people import add_person

    if sys.stdin.isatty():
        password = getpass(f"Password for {args.name}: ")
        if password != getpass("Again: "):
            return fail(args, "The two passwords differ. Nothing was written.")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    try:
        token = add_person(Path(args.file), args.name, password)
    except ValueError as error:
        return fail(args, str(error))
    except OSError as error:
        return fail(args, sentence(error, "written", args.file))
    say(f"{args.name} can sign in with `papers chat --auth {args.file}`.")
    say("For gradio_client and MCP, this bearer token (shown once):")
    print(token)
    return 0


def mcp(args: Namespace) -> int:
    """`papers mcp`: serves the tools on stdio until the caller hangs up."""
    from assistant.mcp import server

    with open_assistant(args) as assistant:
        server(assistant).run("stdio")
    return 0
