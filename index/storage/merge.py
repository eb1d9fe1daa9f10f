"""What adding papers does to the record: how a paper is merged with those that it is a record of (see
`index.storage.identity`), and what is rejected and why.
"""

import reprlib
from collections.abc import Iterable
from dataclasses import fields

from index.annotations import both_notes
from index.paper import AddReport, Paper, Reject
from index.safety.inert import visible
from index.safety.limits import ABSTRACT, AUTHORS, FIELD, LISTED, NOTE, TAG, refuse_long_words, refuse_longer
from index.sources.records.record_keywords import newer_keywords
from index.sources.rejected import kept_record
from index.storage.identity import all_ids, leading_id, recognise
from index.storage.record import Record
from index.withdrawn import WITHDRAWN

_FIELDS = tuple(field.name for field in fields(Paper))
_MOST_NOTICES = 20
_LARGEST = 2**63  # SQLite's
_MOST = {"abstract": ABSTRACT, "note": NOTE, "tags": TAG}  # characters; of anything else FIELD
_COUNTS = ("author_count", "comments", "upvotes", "version")


def merged(old: Paper, new: Paper) -> Paper:
    """`old` updated from `new`: the values of the paper's own record before those of the bundled
    sample, of the newer version, else of the one that came last; where it has none, the
    other's. Counts are those that came last; ids, days, tags and notes those of both."""
    newest, rest = (old, new) if _gives_way(new, old) else (new, old)
    values = {}
    for name in _FIELDS:
        value = getattr(newest, name)
        values[name] = getattr(rest, name) if value in (None, (), "") else value
    if rest.is_sample and not newest.is_sample:
        values["source"] = newest.source  # it says whose words the abstract is in
    for name in ("comments", "upvotes"):
        values[name] = getattr(old, name) if getattr(new, name) is None else getattr(new, name)
    values["id"] = leading_id(old, new)
    values["ids"] = all_ids(old, new)
    values["posted_days"] = (*old.posted_days, *new.posted_days)
    values["keywords"] = newer_keywords(_subjects(old), _subjects(new))
    untold = rest.is_withdrawn and not newest.is_withdrawn  # also where a title or an abstract told it
    if WITHDRAWN in newest.keywords or (untold and not _is_earlier(rest, newest)):
        values["keywords"] += (WITHDRAWN,)
    values["tags"] = (*old.tags, *new.tags)
    values["note"] = both_notes(old.note, new.note)
    values["posted"] = None  # the first of the days
    return Paper(**values)


def _subjects(paper: Paper) -> tuple[str, ...]:
    return tuple(word for word in paper.keywords if word != WITHDRAWN)


def _gives_way(one: Paper, other: Paper) -> bool:
    """Whether the values of a paper's record stand behind those of another: a description of ours behind the paper's
    own record, an earlier version behind a later one."""
    return one.is_sample if one.is_sample != other.is_sample else _is_earlier(one, other)


def _is_earlier(one: Paper, other: Paper) -> bool:
    """Whether a paper is known to be of an earlier version than another."""
    return one.version is not None and other.version is not None and one.version < other.version


def why_not(paper: Paper) -> str | None:
    """Why a paper cannot be stored; None if it can."""
    if not visible(paper.title).strip():
        return "it has no title"
    try:
        refuse_longer("authors", paper.authors, AUTHORS, "people")
        for name in ("ids", "keywords", "posted_days", "tags"):
            refuse_longer(name, getattr(paper, name), LISTED, "entries")
        for name, value in paper.to_dict().items():
            if name in _COUNTS:
                _check_count(name, value)
                continue
            for text in value if isinstance(value, list) else [value or ""]:
                _check_text(name, text)
    except ValueError as error:
        return f"its {error}"
    if not visible(paper.abstract).strip():
        return "it has no abstract"
    if "\0" in paper.id:
        return "its id contains a null character"
    return None


def _check_count(name: str, value: object) -> None:
    if type(value) is int and not -_LARGEST <= value < _LARGEST:
        raise ValueError(f"{name} is too large a number to be stored")
    if value is not None and type(value) is not int:
        raise ValueError(f"{name} is not a whole number that can be stored: {value!r:.60}")


def _check_text(name: str, text: object) -> None:
    if not isinstance(text, str):
        raise ValueError(f"{name} is not text: {reprlib.repr(text):.60}")
    refuse_longer(name, text, _MOST.get(name, FIELD))
    refuse_long_words(name, text)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{name} contains half a character (a lone surrogate), which cannot be stored") from None


class Addition:
    """What an addition has done so far: one outcome per paper, however often it came."""

    def __init__(self) -> None:
        self._outcomes: dict[str, str] = {}
        self._rejected: list[Reject] = []
        self._notices: dict[str, None] = {}
        self._came = 0

    @property
    def stored(self) -> int:
        """How many papers the record now has of those that came: two records of one paper are one."""
        return len(self._outcomes)

    def store(self, record: Record, papers: Iterable[Paper], change: int) -> None:
        """Stores papers. To be called within a transaction."""
        for paper in papers:
            self._came += 1
            if reason := why_not(paper):
                title = paper.title[:60].encode("ascii", "backslashreplace").decode()[:60]
                place = f"record {self._came}" + (f" ({title})" if title else "")
                self._rejected.append(Reject(place, reason, record=kept_record(paper.to_dict())))
                continue
            found = recognise(record, paper)
            self._notices.update(dict.fromkeys(found.notices))
            self._merge(record, found.paper, found.known, change)

    def _merge(self, record: Record, paper: Paper, known: tuple[Paper, ...], change: int) -> None:
        """Stores a paper together with those of the record that it is a record of: they become one."""
        old, *others = known or (None,)
        now = merged(old, paper) if old else paper
        for other in others:
            now = merged(other, now).with_(id=now.id, ids=(*now.ids, *other.ids))
        earlier = self._outcomes.pop(old.id, None) if old else None
        for other in others:
            self._outcomes.pop(other.id, None)
            if old:
                record.join(old, other, change)
        if old != now:
            record.put(now, old, change)
        if old:
            record.keep_sources(now, old, [*others, paper])
        outcome = "new" if old is None else "unchanged" if old == now else "updated"
        self._outcomes[now.id] = outcome if earlier in (None, "unchanged") else earlier

    def report(self, notices: tuple[str, ...] = ()) -> AddReport:
        """The outcome of each paper, and which were told to be one or two."""
        said = list(self._notices)
        if len(said) > _MOST_NOTICES:
            said[_MOST_NOTICES:] = [f"{len(said) - _MOST_NOTICES:,} more notices of papers with one title or id."]
        ids = {o: tuple(i for i, was in self._outcomes.items() if was == o) for o in ("new", "updated", "unchanged")}
        return AddReport(**ids, rejected=tuple(self._rejected), notices=(*notices, *said))
