"""Links that save what is shown as a file, and a button that copies it."""

from urllib.parse import quote

from assistant.documents import Comparison, Digest
from assistant.window.parts import button, download


def file_links(document: Comparison | Digest) -> str:
    """Copy, Markdown and BibTeX for a comparison or a digest."""
    from assistant.render import comparison, digest
    from index.export import to_bibtex

    if isinstance(document, Digest):
        text, name = digest.to_markdown(document), f"week-{document.week or document.since}"
    else:
        text, name = comparison.to_markdown(document), "comparison"
    bibtex = to_bibtex([labelled.paper for labelled in document.papers])
    links = [download("Markdown", _address(text), f"{name}.md"), download("BibTeX", _address(bibtex), f"{name}.bib")]
    return f'<div class="actions">{button("Copy", "copy", text=text)}{"".join(links)}</div>'


def _address(text: str) -> str:
    return f"data:text/plain;charset=utf-8,{quote(text)}"
