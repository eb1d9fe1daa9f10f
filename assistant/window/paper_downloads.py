"""Papers that were selected in the library, as a file."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from index.paper import Paper

if TYPE_CHECKING:
    from fastapi import FastAPI

    from index.library import Library

MOST = 50_000  # papers of one file


def writers() -> dict[str, tuple[Callable[[Iterable[Paper]], str], str]]:
    """How papers are written and what is said to be in the file, by its ending."""
    from index.export import to_bibtex, to_csv, to_jsonl
    from index.export_notes import to_markdown
    from index.export_records import to_ris

    return {
        "bib": (to_bibtex, "application/x-bibtex"),
        "ris": (to_ris, "application/x-research-info-systems"),
        "jsonl": (to_jsonl, "application/jsonl"),
        "md": (to_markdown, "text/markdown"),
        "csv": (to_csv, "text/csv"),
    }


def add_paper_downloads(app: "FastAPI", library: "Library") -> None:
    """The address that writes the papers whose ids are sent to it, in their order; those that are gone are left out."""
    from fastapi import Body, HTTPException
    from fastapi.responses import Response

    @app.post("/download/papers.{ending}")
    def papers(ending: str, ids: list[str] = Body(max_length=MOST)) -> Response:  # noqa: B008
        if (written := writers().get(ending)) is None:
            raise HTTPException(404, "There is no such format.")
        found = library.papers_by_id(ids)
        write, media_type = written
        attached = {"Content-Disposition": f'attachment; filename="papers.{ending}"'}  # never a page of this window
        text = write([found[i] for i in dict.fromkeys(ids) if i in found])
        return Response(text.encode(), media_type=f"{media_type}; charset=utf-8", headers=attached)
