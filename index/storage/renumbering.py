"""Sentences that an earlier version numbered are split again, once, in the readable text (see `index.readable`).

Only papers with markup are touched; the record is copied first.
"""

from collections.abc import Callable

from index.english import count_of
from index.errors import EmbeddingError
from index.storage.embedder import LibraryEmbedder
from index.storage.record import Record
from index.storage.schema import keep_copy

FORM = 2  # of the text whose sentences are numbered: 1 is the source's own, 2 the readable one
_STATE = "text"  # the record's note of it: form
_AT_ONCE = 1_000


def is_renumbered(record: Record) -> bool:
    """Whether the record's sentences are those of the readable text."""
    return bool(record.state(_STATE).get("form") == FORM)


def renumber(record: Record, embedder: LibraryEmbedder, say: Callable[[str], None]) -> bool:
    """Splits and numbers the sentences of papers with markup again, and says so; computes their vectors if that costs
    nothing. Returns whether there were any. Only for the holder of the writing lock; all or nothing."""
    touched = [paper.id for paper in record.each_paper() if paper.has_markup]
    if touched:
        say(
            f"Making the text of {count_of(len(touched), 'paper')} readable (tags, formulas, LaTeX). This happens once."
        )
        keep_copy(record.file, "readable")
    with record.transaction() as change:
        beyond = record.last_chunk()
        others = sum(_renumbered(record, touched[i : i + _AT_ONCE], change) for i in range(0, len(touched), _AT_ONCE))
        lack = _embed(embedder, beyond) if touched else ""
        record.keep_state(_STATE, form=FORM)
    if touched:
        anew = (
            f"Sentences of {count_of(others, 'paper')} have new numbers." if others else "No sentence has a new number."
        )
        say(
            f"{count_of(len(touched), 'paper')} made readable; a copy of the old record is kept beside it. {anew}{lack}"
        )
    return bool(touched)


def _renumbered(record: Record, ids: list[str], change: int) -> int:
    others = 0
    for paper in record.papers_by_id(ids).values():
        before = len(record.sentences(paper.id))
        record.put_text_again(paper, change)
        others += len(record.sentences(paper.id)) != before
    return others


def _embed(embedder: LibraryEmbedder, beyond: int) -> str:
    """Computes the vectors of the new texts, the chunks past an id. Returns a sentence that says why not, or an
    empty string."""
    try:
        opened = embedder.for_questions()
        if not opened.paid:
            embedder.embed_lacking(opened, beyond)
            return ""
        why = f"{opened.name} is a paid API"
    except EmbeddingError as error:
        why = str(error).rstrip(".")
    return f" Their new text is found by words alone until `papers status --repair` computes its vectors ({why})."
