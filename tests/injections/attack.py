"""Hostile papers among harmless ones are asked about, compared and summed up; this collects everything that comes out.

The functions that make the outputs here are those that make them for the window, the commands and MCP.
"""

import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from email.headerregistry import Address
from pathlib import Path
from typing import Any, Literal

from corpus import COMPANY, DAY, WEEK, Injection
from mcp import Client
from mcp_types import TextResourceContents
from obeying import MODEL, ObeyingModel, StubServer

from assistant import mail
from assistant.checking.document import check_text
from assistant.cli.jobs import print_ending
from assistant.cli.output import say_notices
from assistant.conversations import Conversation, QuestionScope, Turn
from assistant.documents import Answer, Claim, Comparison, Digest, Label
from assistant.engine import Assistant
from assistant.mcp import server
from assistant.mcp_resources import uri_of
from assistant.render import comparison as comparison_files
from assistant.render import digest as digest_files
from assistant.render import markdown as answer_files
from assistant.render import terminal
from assistant.settings import Settings
from assistant.weekly.map import map_of
from assistant.window.downloads import file_links, turn_markdown
from assistant.window.markup import (
    comparison_html,
    digest_html,
    map_html,
    paper_html,
    rail_html,
    rows_html,
    source_html,
    turn_html,
)
from index.export import to_bibtex, to_csv
from index.paper import Paper

Form = Literal["window", "page", "markdown", "json", "mcp", "terminal", "csv", "bibtex", "prompt"]
KEY = "sk-canary-4711-never-shown"
DAY_ALONE = {"since": DAY, "until": DAY}  # few papers: each is a section of its own
READER, SENDER = Address(addr_spec="reader@example.org"), Address(addr_spec="papers@example.org")


@dataclass(frozen=True)
class Output:
    """Something that came out: its form, what made it, and the text (of `json` and `mcp`: the JSON)."""

    form: Form
    name: str
    text: str


@dataclass
class Outcome:
    """All that came out of some injections: the outputs, the claims with the papers that their labels stand for, the
    notices, the headings of what several papers share and of one paper alone, and the links that the papers have."""

    injections: Sequence[Injection]
    outputs: dict[Output, None] = field(default_factory=dict)
    claims: list[tuple[Claim, dict[Label, Paper]]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    links: frozenset[str] = frozenset()

    def put(self, form: Form, name: str, text: str) -> None:
        """Notes an output."""
        self.outputs[Output(form, name, text)] = None

    def note(self, document: Answer | Comparison | Digest) -> None:
        """Notes what a document claims and says."""
        papers: dict[Label, Paper] = {p.label: p.paper for p in document.papers}
        self.claims += [(claim, papers) for claim in _claims(document)]
        self.notices += document.notices
        if isinstance(document, Digest):
            self.headings += [theme.title for theme in document.themes if len(theme.labels) > 1]
            self.titles += [theme.title for theme in document.themes if len(theme.labels) == 1]
        elif isinstance(document, Comparison):
            self.headings += [row.aspect for row in document.rows]


def _claims(document: Answer | Comparison | Digest) -> Iterator[Claim]:
    if isinstance(document, Answer):
        yield from document.claims
    elif isinstance(document, Comparison):
        yield from (cell for row in document.rows for cell in row.cells if cell)
        yield from document.summary
    else:
        yield from document.overview
        yield from (claim for theme in document.themes for claim in theme.claims)
        yield from (entry.line for entry in document.papers)


async def attack(
    injections: Sequence[Injection], home: Path, stub: StubServer, model: ObeyingModel, *, thorough: bool
) -> Outcome:
    """Everything that comes out of a library in `home` with these papers among harmless ones. `thorough`: more
    questions, both orders of a comparison, and all of it without a model, too."""
    outcome, begun = Outcome(injections), len(model.requests)
    settings = Settings.load(
        home=home, base_url=stub.url, api_key=KEY, model=MODEL, embeddings="hashing", offline=True, wait_seconds=20
    )
    with Assistant.open(settings, exact=True) as assistant:
        assistant.library.add([*COMPANY, *(injection.paper for injection in injections)])
        outcome.links = frozenset(filter(None, (p.link for p in assistant.library.papers())))
        async with Client(server(assistant)) as client:
            for injection in injections:
                model.injections = [injection]
                _library(outcome, assistant, injection)
                for number, (question, llm) in enumerate(_questions(injection, thorough)):
                    await _asked(outcome, f"ask {number}", assistant, question, llm)
                for pair, llm in _pairs(injection.paper, thorough):
                    await _compared(outcome, assistant, *pair, llm)
                for tool, arguments in _calls(injection, thorough):
                    await _called(outcome, client, tool, arguments)
                (paper,) = (await client.read_resource(uri_of(injection.paper))).contents
                assert isinstance(paper, TextResourceContents)
                outcome.put("mcp", "resource", paper.text)
            model.injections = injections
            for llm in (True, False) if thorough else (True,):
                for name, days in (("day", DAY_ALONE), ("week", {"week": WEEK})):
                    digest = await _summed_up(outcome, f"{name}{'' if llm else ' in quotes'}", assistant, days, llm)
                    if thorough:  # a map takes a tenth of a second
                        outcome.put("window", f"{name} map", map_html(map_of(assistant.library, digest), digest))
            await _called(outcome, client, "weekly_summary", DAY_ALONE)
    for number, request in enumerate(model.requests[begun:]):
        for message in request["messages"]:
            outcome.put("prompt", f"prompt {number} ({message['role']})", message["content"])
    return outcome


def _questions(injection: Injection, thorough: bool) -> list[tuple[str, bool]]:
    """Questions, and whether a model answers: by name, in the words of the attack; in another language, for a
    comparison, for a week."""
    attack = [s.text for s in injection.paper.sentences if injection.canary in s.text.casefold()]
    words = " ".join(" ".join(attack[:1] or [injection.paper.title]).split()[:12])
    by_name, by_words = f"What is {injection.name} and what does it do?", f"What does {injection.name} say of {words}?"
    if not thorough:
        return [(by_name, True), (by_words, False)]
    others = [f"Was ist {injection.name} und wie viel bringt es?", f"Compare {injection.paper.id} with BriarCache"]
    return [(q, llm) for q in (by_name, by_words, *others, f"Weekly summary of {WEEK}") for llm in (True, False)]


def _pairs(paper: Paper, thorough: bool) -> list[tuple[tuple[Paper, Paper], bool]]:
    one, other = (paper, COMPANY[0]), (COMPANY[1], paper)
    return [(one, True), (other, True), (one, False)] if thorough else [(one, True)]


def _library(outcome: Outcome, assistant: Assistant, injection: Injection) -> None:
    """A paper in the library's own pages, lists and files."""
    paper = assistant.library.papers_by_id([injection.paper.id])[injection.paper.id]
    papers = [paper, COMPANY[0]]
    turn = Turn(1, "c", paper.title, QuestionScope(), "done", None, 0, DAY)
    outcome.put("window", "source panel", source_html(paper, [s.number for s in paper.sentences]))
    outcome.put("window", "paper page", paper_html(paper, True, papers, [turn]))
    outcome.put("window", "rows", rows_html(papers, (), len(papers)))
    outcome.put("window", "rail", rail_html([Conversation("c", paper.title, DAY)], None))
    outcome.put("csv", "export", to_csv(papers))
    outcome.put("bibtex", "export", to_bibtex(papers))
    hits = assistant.library.search(injection.name)
    checked = check_text(_draft(injection), assistant.library)
    outcome.put("terminal", "list", _printed(lambda: terminal.print_papers(papers)))
    outcome.put("terminal", "show", _printed(lambda: terminal.print_paper(paper)))
    outcome.put("terminal", "search", _printed(lambda: terminal.print_hits(hits)))
    outcome.put("terminal", "check", _printed(lambda: terminal.print_checked(checked)))


def _draft(injection: Injection) -> str:
    """Somebody's own text that says what the paper does not, so that the paper's sentences are shown beside it."""
    said = [
        f"{injection.name} reaches 97.31% with {injection.canary} [1.{s.number}]." for s in injection.paper.sentences
    ]
    return f"{' '.join(said)} It is “the best of all” [1].\n\n[1] {injection.paper.title}\n"


def _printed(show: Callable[[], object]) -> str:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        show()
    return out.getvalue()


async def _asked(outcome: Outcome, name: str, assistant: Assistant, question: str, llm: bool) -> None:
    async for answer in assistant.stream(question, llm=llm, k=9):
        turn = Turn(1, "c", question, QuestionScope(), "done" if answer.complete else "asking", answer, 0, DAY)
        outcome.put("window", name, turn_html(turn, last=True))
        outcome.put("terminal", f"{name} streamed", terminal.with_marks(answer))
        outcome.put("json", name, json.dumps(answer.to_dict()))
    outcome.note(answer)
    outcome.put("markdown", name, answer_files.to_markdown(answer))
    outcome.put("markdown", f"{name} turn", turn_markdown(turn))
    outcome.put("bibtex", name, to_bibtex([p.paper for p in answer.papers]))
    outcome.put("terminal", name, _printed(lambda: (print_ending(answer), say_notices(answer.notices))))


async def _compared(outcome: Outcome, assistant: Assistant, one: Paper, other: Paper, llm: bool) -> None:
    name = "compare" if llm else "compare in quotes"
    async for comparison in assistant.compare_stream(one, other, llm=llm):
        outcome.put("window", name, comparison_html(comparison))
    outcome.note(comparison)
    outcome.put("window", f"{name} files", file_links(comparison))
    outcome.put("page", name, comparison_files.to_html(comparison))
    outcome.put("markdown", name, comparison_files.to_markdown(comparison))
    outcome.put("csv", name, comparison_files.to_csv(comparison))
    outcome.put("terminal", name, comparison_files.to_text(comparison))
    outcome.put("json", name, json.dumps(comparison.to_dict()))


async def _summed_up(outcome: Outcome, name: str, assistant: Assistant, days: dict[str, str], llm: bool) -> Digest:
    async for digest in assistant.weekly_stream(**days, llm=llm):
        outcome.put("window", name, digest_html(digest))
    outcome.note(digest)
    outcome.put("window", f"{name} files", file_links(digest))
    outcome.put("markdown", name, digest_files.to_markdown(digest))
    outcome.put("json", name, json.dumps(digest.to_dict()))
    sent = mail.compose(digest, READER, SENDER)
    for part in sent.iter_parts():
        form: Form = "page" if part.get_content_type() == "text/html" else "terminal"
        outcome.put(form, f"{name} mail", part.get_content().replace("\r\n", "\n"))
    outcome.put("terminal", f"{name} subject", sent["Subject"])
    return digest


def _calls(injection: Injection, thorough: bool) -> list[tuple[str, dict[str, Any]]]:
    """What an MCP client calls."""
    (by_name, _), (by_words, _), *_ = _questions(injection, thorough=False)
    calls: list[tuple[str, dict[str, Any]]] = [
        ("search_papers", {"query": injection.name}),
        ("ask_papers", {"question": by_name}),
        ("compare_papers", {"a": injection.paper.id, "b": "BriarCache"}),
        ("check_text", {"text": _draft(injection)}),
    ]
    return [*calls, ("ask_papers", {"question": by_words, "llm": False})] if thorough else calls


async def _called(outcome: Outcome, client: Client, tool: str, arguments: dict[str, Any]) -> None:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert [json.loads(part.text) for part in result.content] == [result.structured_content]  # the text says the same
    outcome.put("mcp", tool, json.dumps(result.structured_content))
