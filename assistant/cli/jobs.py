"""Two of the jobs: ask and weekly."""

import asyncio
from argparse import Namespace
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.cli.output import as_the_umask_says, fail, print_json, progress_bar, say, say_notices, write_text
from assistant.cli.session import open_assistant
from assistant.documents import Answer, Comparison, Digest
from assistant.render import terminal
from index.safety.system_errors import sentence

if TYPE_CHECKING:
    from assistant.checking.document import CheckedText
    from assistant.engine import Assistant
    from assistant.settings import Settings
    from assistant.weekly import DigestPlan


def ask(args: Namespace) -> int:
    """`papers ask`: a cited, checked answer, streamed to the terminal sentence by sentence; with `--judge` printed when
    it has been judged, since a tick that has been printed cannot be taken back."""
    written = args.format or args.output
    options = {"k": args.k, "since": args.since, "until": args.until, "tags": args.tag, "llm": not args.no_llm}
    with open_assistant(args) as assistant:
        if args.judge:
            answer = judged(assistant, assistant.ask(args.question, **options))
        elif args.json or written:
            answer = assistant.ask(args.question, **options)
        else:
            answer = asyncio.run(_streamed(assistant.stream(args.question, **options)))
    code = 0
    if written:
        code = publish(args, answer, forms(), None)
    elif args.json:
        print_json(answer.to_dict())
    else:
        if args.judge:
            _print_text(answer)
        print_ending(answer)
    if not args.json:
        say_notices(answer.notices)
    if args.timing:
        for step, seconds in answer.timing:
            say(f"{step}: {seconds:.3f} s")
    return code


async def _streamed(snapshots: AsyncIterator[Answer]) -> Answer:
    """Prints an answer as it grows; returns the complete one. Quotes that only stand until the model writes are not
    printed: what has been printed cannot be taken back."""
    flow = terminal.Flow()
    answer: Answer | None = None
    async for answer in snapshots:
        if answer.complete or answer.mode != "quotes":
            _print_text(answer, flow)
    assert answer is not None, "a stream ends with a whole answer"
    return answer


def _print_text(answer: Answer, flow: terminal.Flow | None = None) -> None:
    """Prints what an answer's text adds to what `flow` has printed; nothing of a comparison or a digest."""
    if not (answer.comparison or answer.digest):
        (flow or terminal.Flow()).grow(terminal.with_marks(answer))


J = TypeVar("J", Answer, "CheckedText")


def judged(assistant: "Assistant", document: J) -> J:
    """The document with what the model judges of it; says what that will cost before it is spent."""
    if assistant.model and (asked := assistant.judge_plan(document)).claims:
        from assistant.judging import cost_line

        say(cost_line(asked, assistant.model))
    return assistant.judge(document)


def print_ending(answer: Answer) -> None:
    """Prints the end of an answer, or the comparison or digest that is the answer."""
    if answer.comparison:
        from assistant.render.comparison import to_text

        print(to_text(answer.comparison))
        terminal.print_judged(answer.claims)
    elif answer.digest:
        from assistant.render.digest import to_text as digest_to_text

        print(digest_to_text(answer.digest))
        terminal.print_judged(answer.claims)
    else:
        print()
        terminal.print_after(answer)


def weekly(args: Namespace) -> int:
    """`papers weekly`: a week as themes, or by topics; `--dry-run` says what it would cost; `--mail-to` sends it."""
    from assistant.weekly.scope import scope_of
    from index.topics import ALL

    scope = scope_of(args.query, args.tag, ALL if args.topics else args.topic or ())
    which = {"week": args.week, "since": args.since, "until": args.until, **scope.options, "fresh": args.fresh}
    with open_assistant(args) as assistant:
        settings = assistant.settings
        if args.dry_run:
            return _print_plan(args, assistant.weekly_plan(**which, llm=not args.no_llm))
        with progress_bar("calls") as progress:
            digest = assistant.weekly(**which, llm=not args.no_llm, progress=progress)
        wanted = args.site or args.format == "atom" or (args.output or "").lower().endswith(".atom")
        kept, library = assistant.kept_digests() if wanted else [], assistant.library.path.as_uri()
    from assistant.render import digest as rendering
    from assistant.render.feed import to_feed, to_site

    if args.site and (code := _write_site(args, to_site(kept, library))):
        return code
    write = {**forms(), "html": rendering.to_html, "atom": lambda _: to_feed(kept, library)}
    shown = rendering.to_markdown if not (args.mail_to or args.site) else None
    code = publish(args, digest, write, shown)
    if not args.json:
        say_notices(digest.notices)
    return _send(args, digest, settings, scope.key) or code if args.mail_to else code


def _write_site(args: Namespace, site: Mapping[str, str]) -> int:
    """Writes the files of a site into the folder of `--site`, with the permissions of the user's umask. Returns the
    exit code."""
    folder = Path(args.site)
    try:
        with as_the_umask_says(args):
            folder.mkdir(parents=True, exist_ok=True)
            for name, text in site.items():
                (folder / name).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        return fail(args, sentence(error, "written", error.filename or args.site))
    say(f"Written: {len(site)} files in {args.site}; index.html lists the digests, feed.atom is the feed.")
    return 0


def _print_plan(args: Namespace, plan: "DigestPlan") -> int:
    """Prints what a digest would cost."""
    if args.json:
        print_json(plan.to_dict())
        return 0
    print(f"{plan.week or f'{plan.since} to {plan.until}'}: {plan.papers} papers, {plan.themes} themes")
    if plan.model is None:
        print("No calls: the digest would be in quotes.")
    else:
        cost = "unknown" if plan.cost_usd is None else f"${plan.cost_usd:.4f}"
        kept = f" ({plan.kept} more were paid for earlier)" if plan.kept else ""
        print(f"{plan.model}: {plan.calls} calls{kept}, at most {plan.prompt_tokens} prompt tokens,")
        print(f"about {plan.completion_tokens} completion tokens, cost {cost}. No call was made.")
    say_notices(plan.notices)
    return 0


def _send(args: Namespace, digest: Digest, settings: "Settings", scope: str) -> int:
    """Sends a digest to the address of `--mail-to`. Returns the exit code: 1 if it was not sent."""
    from assistant.mail import MailError, send_as_set

    try:
        mailed = send_as_set(digest, args.mail_to, settings, query=scope, resend=args.resend)
    except MailError as error:
        say(str(error))
        return 1
    say(mailed.message)
    return 0


D = TypeVar("D", Answer, Comparison, Digest)


def publish(
    args: Namespace, document: D, write: Mapping[str, Callable[[D], str]], shown: Callable[[D], str] | None
) -> int:
    """Writes a document to the file of `-o`, in the format of `--format` or of the file's name, and to stdout with
    `--json` or without a file. `shown` writes it if no format is given (None: not at all). Returns the exit code."""
    name = Path(args.output or "").suffix.lower().removeprefix(".")
    named = "html" if name == "htm" else name
    form = args.format or (named if named in write else None)
    if args.output and (code := write_text(args, write[form or ("json" if args.json else "md")](document))):
        return code
    if args.json:
        print_json(document.to_dict())
    elif not args.output and (show := write[form] if form else shown):
        return write_text(args, show(document))
    return 0


def forms() -> dict[str, Callable[[Any], str]]:
    """The forms that every document can be written in, by their names and the endings of their files."""
    from assistant.render.exports import FORMS, write

    forms: dict[str, Callable[[Any], str]] = {name: partial(write, form=name) for name in FORMS}
    return {**forms, "md": forms["markdown"], "bib": forms["bibtex"], "json": _to_json}


def _to_json(document: Answer | Comparison | Digest) -> str:
    import json

    return json.dumps(document.to_dict(), ensure_ascii=False, indent=2)
