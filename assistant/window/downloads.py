"""Answers, conversations, comparisons and digests as files: Markdown that can be checked again, and BibTeX."""

from typing import TYPE_CHECKING

from assistant.conversations import Conversations, Turn
from assistant.documents import Answer, Comparison, Digest
from assistant.render.html import draw
from assistant.render.markdown import to_markdown
from index.export import to_bibtex

if TYPE_CHECKING:
    from fastapi import FastAPI, Request


def file_links(document: Comparison | Digest) -> str:
    """Copy, Markdown and BibTeX of a comparison or a digest, as HTML; the links hold the files themselves."""
    from assistant.render import comparison, digest

    if isinstance(document, Digest):
        text, name = digest.to_markdown(document), f"week-{document.week or document.since}"
    else:
        text, name = comparison.to_markdown(document), "comparison"
    bibtex = to_bibtex([labelled.paper for labelled in document.papers])
    return str(draw("pieces.html", "files", text, bibtex, name))


def turn_markdown(turn: Turn) -> str:
    """A question and its answer, markers intact, with the references and the cited sentences."""
    text = to_markdown(turn.answer or Answer(turn.question))
    return text if turn.state == "done" else f"{text}\n*Incomplete: it ended early.*\n"


def add_downloads(app: "FastAPI", conversations: Conversations) -> None:
    """The addresses under /download that the page links to. People get only their own."""
    from fastapi import HTTPException, Request
    from fastapi.responses import PlainTextResponse

    def own_turn(request: "Request", number: str) -> Turn:
        known = number.isdecimal() and len(number) < 19  # SQLite's integers end there
        turn = conversations.turn(request.scope.get("user") or "", int(number)) if known else None
        if turn is None:
            raise HTTPException(404, "There is no such answer.")
        return turn

    @app.get("/download/answer/{number}.md")
    def markdown(number: str, request: Request) -> PlainTextResponse:
        return PlainTextResponse(turn_markdown(own_turn(request, number)), media_type="text/markdown")

    @app.get("/download/answer/{number}.bib")
    def bibtex(number: str, request: Request) -> PlainTextResponse:
        turn = own_turn(request, number)
        papers = [p.paper for p in turn.answer.papers if p.cited] if turn.answer else []
        return PlainTextResponse(to_bibtex(papers), media_type="application/x-bibtex")

    @app.get("/download/conversation/{conversation}.md")
    def whole(conversation: str, request: Request) -> PlainTextResponse:
        turns = conversations.turns(request.scope.get("user") or "", conversation)
        if not turns:
            raise HTTPException(404, "There is no such conversation.")
        return PlainTextResponse("\n".join(turn_markdown(turn) for turn in turns), media_type="text/markdown")
