"""Answers, conversations, comparisons and digests as files: in the forms of `render.exports`, comparisons and digests
also as one page, and a digest as a mail."""

from typing import TYPE_CHECKING

from assistant.conversations import Conversations, Turn
from assistant.documents import Answer, Comparison, Digest
from assistant.render.exports import FORMS, write
from assistant.render.html import draw
from assistant.window.recent import RecentDocuments
from index.export import to_bibtex

if TYPE_CHECKING:
    from fastapi import FastAPI, Request


def file_links(document: Comparison | Digest, kept: str = "") -> str:
    """What saves a comparison or a digest, as HTML; the links to Markdown and BibTeX hold the files themselves. `kept`:
    its name among the recent documents, which is offered in more forms."""
    from assistant.render import comparison, digest

    if isinstance(document, Digest):
        text, name = digest.to_markdown(document), digest_name(document)
    else:
        text, name = comparison.to_markdown(document), "comparison"
    bibtex = to_bibtex([labelled.paper for labelled in document.papers])
    is_digest = isinstance(document, Digest)
    return str(draw("save.html", "files", text, bibtex, name, kept, mail=is_digest, table=not is_digest))


def digest_name(digest: Digest) -> str:
    """The name of a digest's files, without an ending: `week-2026-W16`, `papers-2026-04-01-to-2026-04-10`."""
    return f"week-{digest.week}" if digest.week else f"papers-{digest.since}-to-{digest.until}"


def turn_markdown(turn: Turn) -> str:
    """A question and its answer, markers intact, with the references and the cited sentences."""
    return turn_text(turn, "markdown")


def turn_text(turn: Turn, form: str) -> str:
    """A question and its answer in one of `FORMS`; what is incomplete says so, except in lists of references."""
    text = write(turn.answer or Answer(turn.question), form)
    whole = turn.state == "done" or not FORMS[form].ending.endswith("md")
    return text if whole else f"{text}\n*Incomplete: it ended early.*\n"


def add_downloads(app: "FastAPI", conversations: Conversations, recent: RecentDocuments) -> None:
    """The addresses under /download that the page links to. People get only their own."""
    _add_answers(app, conversations)
    _add_documents(app, recent)


def _form_of(ending: str) -> str:
    """The form of `FORMS` with an ending. Raises HTTPException (404)."""
    from fastapi import HTTPException

    form = next((name for name, form in FORMS.items() if form.ending == ending), None)
    if form is None:
        raise HTTPException(404, "There is no such form.")
    return form


def _add_answers(app: "FastAPI", conversations: Conversations) -> None:
    from fastapi import HTTPException, Request
    from fastapi.responses import PlainTextResponse

    def own_turn(request: "Request", number: str) -> Turn:
        known = number.isdecimal() and len(number) < 19  # SQLite's integers end there
        turn = conversations.turn(request.scope.get("user") or "", int(number)) if known else None
        if turn is None:
            raise HTTPException(404, "There is no such answer.")
        return turn

    @app.get("/download/answer/{name}")
    def answer(name: str, request: Request) -> PlainTextResponse:
        number, _, ending = name.partition(".")
        form = _form_of(ending)
        turn = own_turn(request, number)
        return PlainTextResponse(turn_text(turn, form), media_type=FORMS[form].media_type)

    @app.get("/download/conversation/{conversation}.md")
    def whole(conversation: str, request: Request) -> PlainTextResponse:
        turns = conversations.turns(request.scope.get("user") or "", conversation)
        if not turns:
            raise HTTPException(404, "There is no such conversation.")
        return PlainTextResponse("\n".join(turn_markdown(turn) for turn in turns), media_type="text/markdown")


def _add_documents(app: "FastAPI", recent: RecentDocuments) -> None:
    from fastapi import HTTPException
    from fastapi.responses import Response

    def found(name: str) -> Comparison | Digest:
        document = recent.find(name)
        if document is None:
            raise HTTPException(404, "This is no longer at hand: compare or sum up again.")
        return document

    def compared(name: str) -> Comparison:
        document = found(name)
        if isinstance(document, Digest):
            raise HTTPException(404, "Only a comparison can be a table.")
        return document

    def attached(document: Comparison | Digest, ending: str, text: bytes, media_type: str) -> Response:
        name = digest_name(document) if isinstance(document, Digest) else "comparison"
        headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}  # never a page of this window
        return Response(text, media_type=media_type, headers=headers)

    @app.get("/download/document/{name}.html")
    def page(name: str) -> Response:
        from assistant.render import comparison, digest

        document = found(name)
        text = digest.to_html(document) if isinstance(document, Digest) else comparison.to_html(document)
        return attached(document, "html", text.encode(), "text/html; charset=utf-8")

    @app.get("/download/document/{name}.csv")
    def csv(name: str) -> Response:
        from assistant.render.comparison import to_csv

        document = compared(name)
        return attached(document, "csv", to_csv(document).encode(), "text/csv; charset=utf-8")

    @app.get("/download/document/{name}.tex")
    def latex(name: str) -> Response:
        from assistant.render.comparison_latex import to_latex

        document = compared(name)
        return attached(document, "tex", to_latex(document).encode(), "application/x-tex; charset=utf-8")

    @app.get("/download/document/{name}.eml")
    def mail(name: str) -> Response:
        from assistant.mail import draft

        document = found(name)
        if not isinstance(document, Digest):
            raise HTTPException(404, "Only a digest can be a mail.")
        return attached(document, "eml", draft(document).as_bytes(), "message/rfc822")

    @app.get("/download/document/{name}")
    def document(name: str) -> Response:
        name, _, ending = name.partition(".")
        form = _form_of(ending)
        kept = found(name)
        return attached(kept, ending, write(kept, form).encode(), f"{FORMS[form].media_type}; charset=utf-8")
