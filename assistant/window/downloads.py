"""Answers, conversations, comparisons and digests as files: Markdown that can be checked again, and BibTeX; a
digest also as one page and as a mail."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.conversations import Conversations, Turn
from assistant.documents import Answer, Comparison, Digest
from assistant.render.html import draw
from assistant.render.markdown import to_markdown
from assistant.window.recent import RecentDigests
from index.export import to_bibtex

if TYPE_CHECKING:
    from fastapi import FastAPI, Request


def file_links(document: Comparison | Digest, kept: str = "") -> str:
    """Copy, Markdown and BibTeX of a comparison or a digest, as HTML; the links hold the files themselves. `kept`: the
    name of a digest among the recent ones, which is offered as a page and as a mail too."""
    from assistant.render import comparison, digest

    if isinstance(document, Digest):
        text, name = digest.to_markdown(document), digest_name(document)
    else:
        text, name = comparison.to_markdown(document), "comparison"
    bibtex = to_bibtex([labelled.paper for labelled in document.papers])
    return str(draw("pieces.html", "files", text, bibtex, name, kept))


def digest_name(digest: Digest) -> str:
    """The name of a digest's files, without an ending: `week-2026-W16`, `papers-2026-04-01-to-2026-04-10`."""
    return f"week-{digest.week}" if digest.week else f"papers-{digest.since}-to-{digest.until}"


def turn_markdown(turn: Turn) -> str:
    """A question and its answer, markers intact, with the references and the cited sentences."""
    text = to_markdown(turn.answer or Answer(turn.question))
    return text if turn.state == "done" else f"{text}\n*Incomplete: it ended early.*\n"


def add_downloads(app: "FastAPI", conversations: Conversations, recent: RecentDigests) -> None:
    """The addresses under /download that the page links to. People get only their own."""
    from fastapi import HTTPException, Request
    from fastapi.responses import PlainTextResponse, Response

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

    def saved(name: str, ending: str, written: Callable[[Digest], bytes], media_type: str) -> Response:
        digest = recent.find(name)
        if digest is None:
            raise HTTPException(404, "This digest is no longer at hand: sum it up again.")
        file = f"{digest_name(digest)}.{ending}"
        attached = {"Content-Disposition": f'attachment; filename="{file}"'}  # never a page of this window
        return Response(written(digest), media_type=media_type, headers=attached)

    @app.get("/download/digest/{name}.html")
    def page(name: str) -> Response:
        from assistant.render.digest import to_html

        return saved(name, "html", lambda digest: to_html(digest).encode(), "text/html; charset=utf-8")

    @app.get("/download/digest/{name}.eml")
    def mail(name: str) -> Response:
        from assistant.mail import draft

        return saved(name, "eml", lambda digest: draft(digest).as_bytes(), "message/rfc822")
