"""A draft in Word: paragraphs, headings, lists and tables as they are shown. What reference managers insert stands in
the text as `[1]` or `(Rao et al., 2026)`, and is read like that."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.drafts.draft import Draft, DraftError
from index.errors import TooLarge
from index.ids import id_in_url
from index.safety.files import open_file
from index.safety.limits import UNPACKED

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_LIST_OF_REFERENCES = re.compile(r"\W*(?:references|bibliography|works cited|literature)\W*$", re.IGNORECASE)
_LABELLED = re.compile(r"\s*\[\S{1,60}\]|\s*\d{1,3}[.)]\s")


def read(file: Path) -> Draft:
    """The draft of a Word file. Raises OSError, TooLarge and DraftError."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    with open_file(file) as opened:
        try:
            with zipfile.ZipFile(opened) as packed:
                if sum(part.file_size for part in packed.infolist()) > UNPACKED:
                    raise TooLarge(f"{file.name} is larger than {UNPACKED >> 20} MB unpacked: check it in parts.")
            opened.seek(0)
            document = docx.Document(opened)
        except TooLarge:
            raise
        except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, SyntaxError) as error:
            raise DraftError(f"{file.name} is no Word document (.docx), or is damaged.") from error
    return Draft("\n\n".join(_blocks(document)))


def _blocks(document: "Document") -> Iterator[str]:
    """The paragraphs and rows of tables in their order, as Markdown. In the list of references, entries that Word
    itself numbers have their numbers."""
    from docx.table import Table

    listing, number = False, 0
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            for row in part.rows:
                yield f"| {' | '.join(' '.join(cell.text.split()) for cell in row.cells)} |"
            continue
        text = " ".join((part.text if listing else _with_links(part)).split())
        if not text:
            continue
        if _is_heading(part) or _LIST_OF_REFERENCES.match(text):
            listing, number = bool(_LIST_OF_REFERENCES.match(text)), 0
            yield f"# {text}"
        elif listing:
            number += 1
            yield _entry(text + _addresses(part), number, numbered=_is_numbered(part))
        else:
            yield f"- {text}" if _is_numbered(part) else text


def _entry(text: str, number: int, *, numbered: bool) -> str:
    """An entry of the list of references with the label that the text cites it by."""
    if _LABELLED.match(text):
        return text
    return f"[{number}] {text}" if numbered else f"- {text}"


def _is_heading(paragraph: "Paragraph") -> bool:
    style = paragraph.style.name if paragraph.style is not None else None
    return bool(style) and str(style).startswith(("Heading", "Title"))


def _is_numbered(paragraph: "Paragraph") -> bool:
    properties = paragraph._p.pPr
    style = paragraph.style.name if paragraph.style is not None else ""
    return (properties is not None and properties.numPr is not None) or str(style).startswith("List")


def _with_links(paragraph: "Paragraph") -> str:
    """A paragraph's text; a link that names a paper is one in Markdown, and so cites it."""
    from docx.text.hyperlink import Hyperlink

    return "".join(
        f"[{part.text}]({part.address.replace('(', '%28').replace(')', '%29')})"
        if isinstance(part, Hyperlink) and "[" not in part.text and id_in_url(part.address)
        else part.text
        for part in paragraph.iter_inner_content()
    )


def _addresses(paragraph: "Paragraph") -> str:
    """The addresses of a paragraph's links, which may be all that names a paper."""
    return "".join(f" {link.address}" for link in paragraph.hyperlinks if link.address.startswith("http"))
