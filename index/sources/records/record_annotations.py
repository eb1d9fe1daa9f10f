"""A record's tags and note, which are people's own words, and the summary that a model of Hugging Face wrote of it.

Bounded, and never a reason to refuse a paper.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from index.annotations import tags_in
from index.safety.limits import FIELD, LISTED, NOTE, TAG
from index.sources.encoding import mended
from index.sources.records.record_keywords import MARKS

_OURS = ("papertags", "papernote")  # what formats call them that use `tags` or `note` for something else
_TEXT = 100_000  # characters of a text of tags that are looked at


def annotations_of(flat: Mapping[str, Any], *, own: bool) -> tuple[tuple[str, ...], str | None]:
    """The tags and the note of a record by its squashed names. `own`: what it calls `tags` and `note` are these."""
    tags, note = (flat.get(name) for name in _OURS)
    if own:
        tags, note = tags or flat.get("tags"), note or flat.get("note")
    listed = tags[: 2 * LISTED] if isinstance(tags, list | tuple) else [tags]
    texts = [mended(text[:_TEXT]) for text in listed if isinstance(text, str)]
    kept = [tag for tag in tags_in(texts) if len(tag) <= TAG][:LISTED]
    return tuple(kept), mended(note) if isinstance(note, str) and len(note) <= NOTE else None


def ai_summary_of(flat: Mapping[str, Any]) -> str | None:
    """The summary by Hugging Face of a record."""
    summary = flat.get("aisummary")
    return " ".join(mended(summary).split()) or None if isinstance(summary, str) and len(summary) <= FIELD else None


def keywords_besides(keywords: Sequence[str], tags: Sequence[str]) -> tuple[str, ...]:
    """Keywords without the tags that an export wrote behind them, for programs that know only keywords."""
    known = {tag.strip(MARKS).casefold() for tag in tags}
    return tuple(word for word in keywords if word.strip(MARKS).casefold() not in known)
