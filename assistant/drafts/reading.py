"""Reads a draft by the ending of its file's name."""

import re
from pathlib import Path

from assistant.drafts import latex, typst
from assistant.drafts.bibliography import references_of_all
from assistant.drafts.draft import Draft, DraftError, cited, file_text
from index.errors import TooLarge
from index.safety.limits import DRAFT

_MOST_BYTES = 4 * DRAFT  # a character has at most four
_FRONT = re.compile(r"\A---[ \t]*\n(?P<head>.*?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_NAMED = re.compile(r"^(?:bibliography|bib):(?P<one>.*(?:\n[ \t]+-.*)*)", re.MULTILINE)
_FILE = re.compile(r"[^\s\[\],\"']+\.(?:bib|ya?ml)\b")
_BARE = re.compile(r"(?<![\w@\[;/.])@(?P<key>[\w:.#$%&+?<>~/-]*\w)(?![^\[\n]{0,200}\])")


def read_draft(file: Path) -> Draft:
    """The draft in a file: LaTeX (`.tex`), Word (`.docx`), Typst (`.typ`), else Markdown or plain text. What the draft
    names beside it, parts and bibliographies, is read too. Raises OSError, TooLarge, and DraftError if the file is not
    what its name says."""
    kind = file.suffix.lower()
    if kind == ".docx":
        from assistant.drafts import word

        return word.read(file)
    try:
        text = file_text(file, _MOST_BYTES)
    except TooLarge as error:
        raise TooLarge(f"The text has more than {DRAFT:,} characters: check it in parts.") from error
    except ValueError as error:
        raise DraftError(f"{file.name} {error}.") from error
    readers = {".tex": latex.read, ".ltx": latex.read, ".typ": typst.read}
    return readers.get(kind, _markdown)(text, file)


def _markdown(text: str, file: Path) -> Draft:
    """A draft in Markdown; with a bibliography named in its head (as pandoc and Quarto read it), a bare `@key` of that
    is a citation too."""
    front = _FRONT.match(text)
    if front is None:
        return Draft(text, files=((file.name, text),))
    notices: list[str] = []
    names = (name for named in _NAMED.finditer(front["head"]) for name in _FILE.findall(named["one"]))
    found = tuple(references_of_all((file.parent / name for name in names), notices))
    known = {reference.key for reference in found}
    prose = _BARE.sub(lambda at: cited([at["key"]]) if at["key"] in known else at[0], text[front.end() :])
    return Draft(prose, found, ((file.name, text),), tuple(notices))
