"""The text formats of reference managers and feeds: which one a text is in, and what it is called in words.

Each form is a module with NAME (for `--format`), HUMAN ("a BibTeX file"), WHAT, `recognises(text)` and
`read(text, posted=None)` -> papers, rejects, notices.
"""

from collections.abc import Sequence
from typing import Protocol

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
    "paper-json": "JSON records",
}


def form_of(text: str, name: str | None) -> Form | None:
    """The format of that name, or without a name the one that the text is in; None where it is none of these."""
    if name is not None:
        return next((form for form in FORMS if name == form.NAME), None)
    return next((form for form in FORMS if form.recognises(text)), None)


def in_words(name: str, papers: int, rejects: Sequence[Reject]) -> str:
    """What a source was: "a BibTeX file: 212 papers, 3 without abstract, 1 not read"."""
    bare = sum(reject.reason.startswith("has no abstract") for reject in rejects)
    parts = [f"{papers:,} paper{'' if papers == 1 else 's'}"]
    parts += [f"{bare:,} without abstract"] if bare else []
    parts += [f"{len(rejects) - bare:,} not read"] if len(rejects) > bare else []
    return f"{_HUMAN.get(name, 'a text')}: {', '.join(parts)}"
