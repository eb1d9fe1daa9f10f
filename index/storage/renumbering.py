"""The sentences of a record that an earlier version numbered: read anew, once, in the form that is shown now.

What was numbered is then what is shown (see `index.readable`). Only papers that had markup are touched; a copy of the
record is made first.
"""

from collections.abc import Callable, Iterator

from index.errors import EmbeddingError
from index.paper import Paper
from index.storage.embedder import LibraryEmbedder
from index.storage.record import Record
from index.storage.schema import keep_copy

FORM = 2  # of the numbered text: 1 was the source's own, 2 is readable
_STATE = "text"  # the record's note of it: form
_AT_ONCE = 1_000


def is_renumbered(record: Record) -> bool:
    """Whether the record's sentences are in the form of this version."""
    return bool(record.state(_STATE).get("form") == FORM)


def renumber(record: Record, embedder: LibraryEmbedder, say: Callable[[str], None]) -> bool:
    """Numbers the sentences of papers with markup anew, says so, and tells whether there were any; their vectors are
    made where that costs nothing. For the holder of the writing lock; all or nothing."""
    touched = [paper.id for paper in _papers(record) if paper.has_markup]
    if touched:
        say(f"The text of {len(touched):,} papers is made readable (tags, formulas, LaTeX), once: this takes a moment.")
        keep_copy(record.file, "readable")
    with record.transaction() as change:
        others = sum(_renumbered(record, touched[i : i + _AT_ONCE], change) for i in range(0, len(touched), _AT_ONCE))
        lack = _embed(embedder, change) if touched else ""
        record.keep_state(_STATE, form=FORM)
    if touched:
        anew = f"The sentences of {others:,} have new numbers." if others else "No sentence has a new number."
        say(f"Made readable: {len(touched):,} of the papers; a copy of the record is kept beside it. {anew}{lack}")
    return bool(touched)


def _papers(record: Record) -> Iterator[Paper]:
    after = 0
    while page := record.page(after, _AT_ONCE):
        after = page[-1][0]
        yield from (paper for _, paper in page)


def _renumbered(record: Record, ids: list[str], change: int) -> int:
    others = 0
    for paper in record.papers_by_id(ids).values():
        before = len(record.sentences(paper.id))
        record.put_text_again(paper, change)
        others += len(record.sentences(paper.id)) != before
    return others


def _embed(embedder: LibraryEmbedder, change: int) -> str:
    """Makes the vectors of the new texts, or tells why not."""
    try:
        opened = embedder.for_questions()
        if not opened.paid:
            embedder.embed_lacking(opened, after=change - 1)
            return ""
        why = f"{opened.name} is paid for"
    except EmbeddingError as error:
        why = str(error).rstrip(".")
    return f" They are found by words alone until `papers status --repair` makes their vectors ({why})."
