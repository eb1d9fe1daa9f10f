"""The command line: commands, options, and their help."""

import argparse
import calendar
import contextlib
import datetime
import json
import re
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

from assistant.cli.completion import SHELLS, PrintCompletion
from index.embedding import NAMES as EMBEDDINGS
from index.ids import canonical_id

_JSON_HELP = "print one JSON document to stdout"
_FORMS = ("md", "note", "apa", "ieee", "bibtex", "ris")
_FORMS_HELP = (
    "apa, ieee: with references in that style; note: with the cited sentences under each paper; bibtex, ris: only the "
    "references"
)
_JUDGE_HELP = "one more call: have the model judge the wording; this only adds hints"


def day(text: str) -> str:
    """A day as YYYY-MM-DD; `2026-03` and `2026` mean their first day. Raises ArgumentTypeError for anything else."""
    padded = text + "-01" * (3 - len(text.split("-"))) if re.fullmatch(r"\d{4}(-\d{2})?", text) else text
    try:
        return datetime.date.fromisoformat(padded).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day of the form YYYY-MM-DD") from None


def arxiv_number(text: str) -> str:
    """The number of an arXiv paper, given as an id, a link or a DOI. Raises ArgumentTypeError for anything else."""
    scheme, _, number = (canonical_id(text) or "").partition(":")
    if scheme != "arxiv":
        raise argparse.ArgumentTypeError(f"{text!r} is not an arXiv id such as 2604.14228")
    return number


def last_day(text: str) -> str:
    """Like `day`, but `2026-03` and `2026` mean their last day."""
    if re.fullmatch(r"\d{4}", text):
        return day(f"{text}-12-31")
    if re.fullmatch(r"\d{4}-\d{2}", text):
        first = datetime.date.fromisoformat(day(text))
        return first.replace(day=calendar.monthrange(first.year, first.month)[1]).isoformat()
    return day(text)


def week(text: str) -> str:
    """An ISO week as `2026-W16`. Raises ArgumentTypeError for anything else."""
    if found := re.fullmatch(r"(\d{4})-?[Ww](\d{1,2})", text):
        with contextlib.suppress(ValueError):
            datetime.date.fromisocalendar(int(found[1]), int(found[2]), 1)
            return f"{int(found[1])}-W{int(found[2]):02d}"
    raise argparse.ArgumentTypeError(f"{text!r} is not an ISO week such as 2026-W16")


def year(text: str) -> int:
    """A year from 1900 to 2099. Raises ArgumentTypeError for anything else."""
    if not re.fullmatch(r"(?:19|20)\d\d", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a year such as 2026")
    return int(text)


def embeddings(text: str) -> str:
    """The name of an embedding model. Raises ArgumentTypeError for anything else."""
    if not re.fullmatch(EMBEDDINGS, text):
        raise argparse.ArgumentTypeError(f"{text!r} is not auto, minilm, hashing or openai:MODEL")
    return text


def positive(text: str) -> int:
    """A positive whole number. Raises ArgumentTypeError for anything else."""
    if not re.fullmatch(r"[1-9]\d{0,5}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive whole number")
    return int(text)


def _settings_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("settings (otherwise from the environment, or the .env in the library's folder)")
    group.add_argument("--home", metavar="DIR", help="the library's folder (PAPERS_HOME)")
    group.add_argument("--model", metavar="NAME", help="the chat model (PAPERS_MODEL)")
    group.add_argument("--base-url", metavar="URL", help="an OpenAI-compatible server (OPENAI_BASE_URL)")
    group.add_argument(
        "--api-key",
        metavar="KEY",
        help="its key (OPENAI_API_KEY); with --base-url the environment's key is not sent. Others on this machine may "
        "see a command line: prefer .env",
    )
    names = "auto, minilm, openai:MODEL or hashing (PAPERS_EMBEDDINGS)"
    group.add_argument("--embeddings", type=embeddings, metavar="E", help=names)
    offline = "download no tables or models, fetch no links (PAPERS_OFFLINE)"
    group.add_argument("--offline", action="store_true", default=None, help=offline)


class _Parser(argparse.ArgumentParser):
    """A parser that also prints its errors as a JSON document on stdout where one was asked for."""

    wants_json = False

    def error(self, message: str) -> NoReturn:
        """Reports what is wrong and exits with 2."""
        if _Parser.wants_json:
            json.dump({"error": {"message": message, "candidates": []}}, sys.stdout, ensure_ascii=False, indent=2)
            print()
        super().error(message)


Commands = Callable[..., argparse.ArgumentParser]


def _window(command: Commands) -> None:
    chat = command("chat", "assistant.cli.serving:chat", "open the chat window (the default)", document=False)
    chat.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")
    chat.add_argument("--port", type=positive, default=7860, help="default: 7860")
    chat.add_argument("--root-path", default="", metavar="PATH", help="the path a reverse proxy serves it under")
    chat.add_argument("--auth", metavar="FILE", help="ask for a name and password, from a file made by `papers user`")
    chat.add_argument("--allow-host", action="append", default=[], metavar="NAME", help="another Host name to accept")
    chat.add_argument("--open", action="store_true", help="serve other machines without --auth")
    user = command("user", "assistant.cli.serving:user", "add a person to a file for chat --auth", document=False)
    user.add_argument("file", metavar="FILE")
    user.add_argument("name", metavar="NAME")
    command("mcp", "assistant.cli.serving:mcp", "serve the tools to other assistants over stdio (MCP)", document=False)


def _papers(command: Commands) -> None:
    add = command("add", "assistant.cli.papers:add", "add papers from files, folders, stdin, links or Zotero")
    add.add_argument(
        "source",
        nargs="+",
        metavar="SOURCE",
        help="a file (also .gz), a folder, - for stdin, a link: huggingface.co/papers (or its page of a day, "
        "week or paper) or an arXiv paper, an arXiv id, a DOI, or zotero: or zotero:COLLECTION for a running Zotero",
    )
    add.add_argument("--format", metavar="F", help="the format of the source, if it is not recognised")
    add.add_argument("--year", type=year, help="the year for dates printed without one")
    add.add_argument("--posted", type=day, metavar="D", help="the day the papers were on a Daily page")
    add.add_argument("--dry-run", action="store_true", help="show what would be added, but add nothing")

    rejects = command("rejects", "assistant.cli.rejects:rejects", "list the records that were not accepted")
    rejects.add_argument("--export", metavar="FILE", help="write them, so that they can be mended and added again")
    rejects.add_argument("--clear", action="store_true", help="forget them (after writing them, with --export)")

    listing = command("list", "assistant.cli.papers:list_papers", "list the papers, newest first")
    _dates(listing)
    listing.add_argument("--week", type=week, metavar="W", help="an ISO week such as 2026-W16")
    _tags(listing)

    show = command("show", "assistant.cli.papers:show", "show a paper and its numbered sentences")
    show.add_argument("id", metavar="ID")
    show.add_argument("--sources", action="store_true", help="also the records that the paper was merged of")

    remove = command("remove", "assistant.cli.papers:remove", "remove papers")
    remove.add_argument("id", nargs="+", metavar="ID")

    search = command("search", "assistant.cli.papers:search", "find papers, without calling a model")
    search.add_argument("query", metavar="QUERY")
    search.add_argument("-k", type=positive, default=10, metavar="N", help="how many papers (default: 10)")
    _dates(search)
    _tags(search)

    export = command(
        "export",
        "assistant.cli.papers:export",
        "write papers as BibTeX, RIS, CSL-JSON, CSV, JSONL or notes",
        document=False,
    )
    export.add_argument("id", nargs="*", metavar="ID", help="default: all papers")
    export.add_argument("--format", choices=["bibtex", "ris", "csl-json", "csv", "jsonl", "markdown"], default="bibtex")
    export.add_argument("-o", dest="output", metavar="FILE", help="markdown: a folder (NOTES/) takes a note a paper")


def _annotations(command: Commands) -> None:
    tag = command("tag", "assistant.cli.annotations:tag", "give papers tags, or take them away")
    tag.add_argument("name", nargs="+", metavar="TAG ID", help="a tag and the papers' ids; with --add only their ids")
    tag.add_argument("--add", action="append", default=[], metavar="T", help="a tag to give them; may be given again")
    tag.add_argument(
        "--remove", action="append", nargs="?", const="", default=[], metavar="T", help="take TAG, or this one, away"
    )
    note = command("note", "assistant.cli.annotations:note", "write a note to a paper, or print the one that it has")
    note.add_argument("id", metavar="ID")
    note.add_argument("text", nargs="?", metavar="TEXT", help="in place of the note that it has; - for stdin")
    note.add_argument("--remove", action="store_true", help="take the note away")
    command("tags", "assistant.cli.annotations:tags", "list the tags, and how many papers have each")


def _topics(group: Callable[..., Commands]) -> None:
    topic = group("topic", "save what you follow, for weekly --topics")
    add = topic("add", "assistant.cli.topics:add", "save a topic, in place of one of that name")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--query", metavar="Q", help="what its papers are about (default: NAME)")
    add.add_argument("--tag", metavar="T", help="only papers with this tag")
    topic("list", "assistant.cli.topics:list_topics", "list the topics")
    remove = topic("remove", "assistant.cli.topics:remove", "forget a topic; its papers stay")
    remove.add_argument("name", metavar="NAME")


def _fetch(group: Callable[..., Commands]) -> None:
    fetch = group("fetch", "get papers from the Hub's Daily Papers or from arXiv")
    daily = fetch("daily", "assistant.cli.fetching:daily", "get the Daily Papers of the latest day that has some")
    which = daily.add_mutually_exclusive_group()
    which.add_argument("--date", type=day, metavar="D", help="those of this day (YYYY-MM-DD)")
    which.add_argument("--week", type=week, metavar="W", help="those of an ISO week such as 2026-W16")
    daily.add_argument("--watch", action="store_true", help="go on, and look every hour until Ctrl-C")
    arxiv = fetch("arxiv", "assistant.cli.fetching:arxiv", "get the newest papers on something, or some by id")
    arxiv.add_argument("--query", metavar="Q", help="words that stand together in a record of the paper's")
    arxiv.add_argument("--category", metavar="C", help="a category such as cs.CL")
    arxiv.add_argument("--since", type=day, metavar="D", help="submitted on this day (YYYY-MM-DD) or later")
    arxiv.add_argument(
        "--id", type=arxiv_number, action="append", default=[], metavar="ID", help="an arXiv id; may be given again"
    )


def _jobs(command: Commands) -> None:
    ask = command("ask", "assistant.cli.jobs:ask", "a cited, checked answer from your papers")
    ask.add_argument("question", metavar="QUESTION")
    ask.add_argument("-k", type=positive, default=8, metavar="N", help="how many papers to read (default: 8)")
    _dates(ask)
    _tags(ask)
    ask.add_argument("--format", choices=["json", *_FORMS], help=_FORMS_HELP)
    ask.add_argument("-o", dest="output", metavar="FILE")
    ask.add_argument("--no-llm", action="store_true", help="answer in quotes, without a model")
    ask.add_argument("--judge", action="store_true", help=_JUDGE_HELP)
    ask.add_argument("--timing", action="store_true", help="print each step's time to stderr")

    compare = command(
        "compare", "assistant.cli.comparing:compare", "two to eight papers side by side, every cell cited"
    )
    compare.add_argument("paper", nargs="*", metavar="PAPER", help="an id, a title, a short name, or part of a title")
    compare.add_argument("--rows", default="", metavar="R", help='rows of your own: "Data set; Hardware; Open code?"')
    compare.add_argument("--query", metavar="Q", help="the best papers of a search")
    compare.add_argument("-k", type=positive, default=4, metavar="N", help="how many of them (default: 4)")
    _tags(compare)
    compare.add_argument("--week", type=week, metavar="W", help="papers of this week (default: the latest)")
    compare.add_argument("--theme", metavar="T", help="which: a theme of that week, by number or title; 0: of no theme")
    compare.add_argument("--format", choices=["md", "html", "json", "csv", "latex", *_FORMS[1:]], help=_FORMS_HELP)
    compare.add_argument("-o", dest="output", metavar="FILE")
    compare.add_argument("--no-llm", action="store_true", help="compare in quotes, without a model")

    weekly = command("weekly", "assistant.cli.jobs:weekly", "a week of papers as themes, every paper accounted for")
    weekly.add_argument("--week", type=week, metavar="W", help="default: the latest week that has papers")
    _dates(weekly)
    weekly.add_argument("--query", metavar="Q", help="only papers on this subject")
    _tags(weekly)
    by_topic = weekly.add_mutually_exclusive_group()
    by_topic.add_argument("--topic", metavar="NAME", help="by a topic saved with `papers topic add`; counts the rest")
    by_topic.add_argument("--topics", action="store_true", help="by all saved topics, each with its own part")
    forms = ["md", "html", "json", "atom", *_FORMS[1:]]
    weekly.add_argument("--format", choices=forms, help=f"{_FORMS_HELP}; atom: a feed of all digests so far")
    weekly.add_argument("-o", dest="output", metavar="FILE")
    weekly.add_argument(
        "--site", metavar="FOLDER", help="write all digests so far as pages, with an archive and a feed"
    )
    weekly.add_argument("--mail-to", metavar="ADDRESS", help="send the digest by mail")
    weekly.add_argument("--mail-from", metavar="ADDRESS", help="the sender (PAPERS_MAIL_FROM)")
    weekly.add_argument("--smtp-url", metavar="URL", help="the mail server (PAPERS_SMTP_URL)")
    weekly.add_argument("--resend", action="store_true", help="send it even if this address already got it")
    weekly.add_argument("--no-llm", action="store_true", help="summarise in quotes, without a model")
    weekly.add_argument("--dry-run", action="store_true", help="print the calls, tokens and cost, but make no call")
    weekly.add_argument("--fresh", action="store_true", help="write it again, ignoring what was kept")

    check = command("check", "assistant.cli.checking:check", "check a text with citations against the library")
    check.add_argument(
        "file",
        nargs="+",
        metavar="FILE",
        help="Markdown, text, .tex, .docx or .typ, or - for stdin; several may be given",
    )
    check.add_argument("--strict", action="store_true", help="exit code 1 if a sentence has a flag or cites nothing")
    check.add_argument("--judge", action="store_true", help=_JUDGE_HELP)


def _house(command: Commands) -> None:
    status = command(
        "status", "assistant.cli.papers:status", "show what is here, what is configured, and what leaves the machine"
    )
    status.add_argument("--verify", action="store_true", help="check that record, words and vectors agree")
    status.add_argument("--repair", action="store_true", help="rebuild words and vectors from the record")
    backup = command("backup", "assistant.cli.backups:backup", "write papers, conversations and digests to one file")
    backup.add_argument("file", metavar="FILE", help="an earlier backup there is replaced")
    restore = command(
        "restore", "assistant.cli.backups:restore", "put papers, conversations and digests back from a backup"
    )
    restore.add_argument("file", metavar="FILE")
    replace = "give up the papers that are there; a backup of them is kept"
    restore.add_argument("--replace", action="store_true", help=replace)
    command("reindex", "assistant.cli.papers:reindex", "rebuild vectors with another embedding model", document=False)


def _tags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--tag", action="append", default=[], metavar="T", help="only papers with this tag; may be given again"
    )


def _dates(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--since", type=day, metavar="D", help="from this day (YYYY-MM-DD)")
    parser.add_argument("--until", type=last_day, metavar="D", help="up to and including this day (YYYY-MM-DD)")


def build() -> argparse.ArgumentParser:
    """The parser for the whole command line."""
    parser = _Parser(
        prog="papers",
        description="Answers questions about your papers; every sentence cites the very sentence it came from.",
        epilog="Without a command the chat window opens. `papers COMMAND --help` lists a command's options.",
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    completing = "print what completes commands in this shell"
    parser.add_argument("--print-completion", action=PrintCompletion, choices=SHELLS, help=completing)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    def command(
        name: str, run: str, text: str, document: bool = True, among: Any = commands
    ) -> argparse.ArgumentParser:
        sub: argparse.ArgumentParser = among.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        sub.set_defaults(run=run, json=False)
        if document:
            sub.add_argument("--json", action="store_true", help=_JSON_HELP)
        _settings_options(sub)
        return sub

    def group(name: str, text: str) -> Commands:
        """A command that has commands of its own: what makes them."""
        parent = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        return partial(command, among=parent.add_subparsers(metavar="WHAT", title="what", required=True))

    _window(command)
    _papers(command)
    _annotations(command)
    _topics(group)
    _fetch(group)
    _jobs(command)
    _house(command)
    return parser


def parse(arguments: list[str]) -> argparse.Namespace:
    """The command line, parsed; no command means `chat`. Exits with 2 on wrong usage."""
    parser = build()
    _Parser.wants_json = "--json" in arguments or "--format=json" in arguments
    first = arguments[0].partition("=")[0] if arguments else ""
    words = [a for a in arguments if not a.startswith("-")]
    if not words and not {"-h", "--help", "--version"} & set(arguments) and first != "--print-completion":
        arguments = ["chat", *arguments]
    elif first.startswith("-") and first not in ("-h", "--help", "--version", "--print-completion"):
        arguments = ["chat", *arguments]  # `papers --port 8000`
    args = parser.parse_args(arguments)
    if getattr(args, "since", None) and getattr(args, "until", None) and args.since > args.until:
        parser.error(f"--since {args.since} is after --until {args.until}")
    if getattr(args, "week", None) and (getattr(args, "since", None) or getattr(args, "until", None)):
        parser.error("--week and --since/--until both choose the days: give only one of them")
    run = getattr(args, "run", "")
    if run == "assistant.cli.fetching:arxiv":
        if args.id and (args.query or args.category or args.since):
            parser.error("--id names the papers: leave out --query, --category and --since")
        if not (args.id or args.query or args.category):
            parser.error("say which papers: --query, --category or --id")
    if run == "assistant.cli.fetching:daily" and args.watch and args.json:
        parser.error("--watch has no end, so it has no --json")
    if args.command == "note" and args.remove and args.text is not None:
        parser.error("--remove takes the note away: leave out TEXT")
    if args.command == "weekly" and args.resend and not args.mail_to:
        parser.error("--resend needs --mail-to")
    return args
