"""The text formats of reference managers and feeds: which one a text is in, and what it is called in words.

Each form is a module with NAME (for `--format`), HUMAN ("a BibTeX file"), WHAT, `recognises(text)` and
`read(text, posted=None)` -> papers, rejects, notices.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.english import count_of
from index.paper import Paper, Reject
from index.sources.formats import acl_xml, arxiv_feed, bibtex, notes, pubmed, ris, tables
from index.sources.records.field_names import NAMES

Read = tuple[list[Paper], list[Reject], tuple[str, ...]]


class Form(Protocol):
    """One text format."""

    NAME: str
    HUMAN: str
    WHAT: str

    def recognises(self, text: str) -> bool:
        """Whether a text is in this format."""

    def read(self, text: str, *, posted: str | None = None) -> Read:
        """What a text in this format holds."""


FORMS: tuple[Form, ...] = (arxiv_feed, acl_xml, bibtex, ris, pubmed, notes, tables)

_HUMAN = {
    **{name: human for name, (human, _) in NAMES.items()},
    **{form.NAME: form.HUMAN for form in FORMS},
    "daily-page": "a Daily Papers page",
    "daily-records": "records of Daily Papers",
    "hub-json": "the Hub's own JSON",
    "arxiv-atom": "a feed of arXiv's",
    "zotero": "a Zotero library",
    "paper-json": "JSON records",
}
_STARTS = {
    "bibtex": re.compile(r"^@[A-Za-z]+\{[^\s,={}\"]+,[ \t]*$", re.MULTILINE),
    "ris": re.compile(r"^TY  - [A-Z]+[ \t]*$", re.MULTILINE),
    "nbib": re.compile(r"^PMID- \d+[ \t]*$", re.MULTILINE),
}


def form_of(text: str, name: str | None) -> Form | None:
    """The format of that name, or without a name the one that the text is in; None where it is none of these."""
    if name is not None:
        return next((form for form in FORMS if name == form.NAME), None)
    return next((form for form in FORMS if form.recognises(text)), None)


def of_another_form(text: str, form: Form) -> list[Reject]:
    """The first record of each other reference format within a text, which is not read: two files were joined."""
    if form.NAME not in _STARTS:
        return []
    found = ((name, start.search(text)) for name, start in _STARTS.items() if name != form.NAME)
    return [
        Reject(
            f"line {text.count(chr(10), 0, at.start()) + 1}",
            f"begins {_HUMAN[name]} within {form.HUMAN}, and is not read: put it into a file of its own",
        )
        for name, at in found
        if at
    ]


@dataclass(frozen=True)
class Count:
    """How much some sources held: files, papers, records that lack only an abstract, and others that were not read."""

    files: int = 0
    papers: int = 0
    bare: int = 0
    unread: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.files + other.files, self.papers + other.papers, self.bare + other.bare, self.unread + other.unread
        )


def counted(papers: Sequence[Paper], rejects: Sequence[Reject], files: int = 1) -> Count:
    """The count of what was read."""
    bare = sum(reject.reason.startswith("has no abstract") for reject in rejects)
    return Count(files, len(papers), bare, len(rejects) - bare)


def in_words(name: str, count: Count) -> str:
    """What a source was, by the name of its format: "a BibTeX file: 212 papers, 3 without abstract, 1 not read"; "3
    tables: ..." for several files."""
    parts = [count_of(count.papers, "paper")]
    parts += [f"{count.bare:,} without abstract"] if count.bare else []
    parts += [f"{count.unread:,} not read"] if count.unread else []
    human = _HUMAN.get(name, "a text")
    return f"{_several(human, count.files) if count.files > 1 else human}: {', '.join(parts)}"


def _several(human: str, files: int) -> str:
    """So many of what is called "a BibTeX file", "notes", "a file of the ACL Anthology"."""
    article, _, rest = human.partition(" ")
    if article not in ("a", "an"):
        return f"{files:,} files of {human}"
    plural = re.sub(r"\b(file|table|page|feed|list|library|text|reply)\b", _plural, rest, count=1)
    return f"{files:,} {plural}"


def _plural(noun: re.Match[str]) -> str:
    return f"{noun[0][:-1]}ies" if noun[0].endswith("y") else f"{noun[0]}s"
