"""`papers compare`: papers side by side, named one by one, or as a set."""

from argparse import Namespace
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.cli.jobs import forms, publish
from assistant.cli.output import say_notices
from assistant.cli.session import open_assistant

if TYPE_CHECKING:
    from assistant.compare.sets import ChosenSet
    from assistant.engine import Assistant


def compare(args: Namespace) -> int:
    """`papers compare`: two to eight papers side by side."""
    with open_assistant(args) as assistant:
        chosen = _chosen(assistant, args)
        named = [*args.paper, *(chosen.papers if chosen else ())]
        comparison = assistant.compare(*named, rows=args.rows, llm=not args.no_llm)
    if chosen:
        comparison = replace(comparison, notices=(*chosen.notices, *comparison.notices))
    from assistant.render import comparison as rendering
    from assistant.render.comparison_latex import to_latex

    write = {**forms(), "html": rendering.to_html, "csv": rendering.to_csv, "latex": to_latex, "tex": to_latex}
    code = publish(args, comparison, write, rendering.to_text)
    if not args.json:
        say_notices(comparison.notices)
    return code


def _chosen(assistant: "Assistant", args: Namespace) -> "ChosenSet | None":
    """The papers that are not named: of a week's theme, of a search, or with a tag. Raises LibraryError."""
    if args.theme or args.week:
        return assistant.theme_to_compare(args.theme or "", args.week)
    if (args.query or "").strip() or args.tag:
        return assistant.papers_to_compare(args.query, args.tag, args.k)
    return None
