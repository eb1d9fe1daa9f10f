"""What adding papers does to the record: which known paper a new one is, how the two are merged, and what is rejected
and why.

Two given ids never merge. A paper without an id (its id is derived from its title) is taken for the paper with the
same title that has one, whichever came first.
"""

import reprlib
from collections.abc import Iterable
from dataclasses import fields

from index.paper import AddReport, Paper, Reject
from index.safety.inert import visible
from index.safety.limits import ABSTRACT, AUTHORS, FIELD, LISTED, refuse_long_words, refuse_longer
from index.sources.records.record_keywords import newer_keywords
from index.sources.rejected import kept_record
from index.storage.record import Record

_LARGEST = 2**63  # SQLite's
_COUNTS = ("author_count", "comments", "upvotes", "version")


def has_given_id(paper: Paper) -> bool:
    """Whether the id came with the paper or its link, rather than being derived from its title."""
    return not paper.id.startswith("title:")


def known_as(record: Record, paper: Paper) -> Paper | None:
    """The paper in the record that a new one stands for: the one with its id, now or formerly; else one with its
    title if one of the two has no id. Of several with that title, the one with the same abstract, else the first."""
    for paper_id in paper.ids:
        if found := record.find(paper_id):
            return found
    same_title = record.of_title(paper.title)
    if has_given_id(paper):
        return next((old for old in same_title if not has_given_id(old)), None)
    return next((old for old in same_title if old.abstract == paper.abstract), next(iter(same_title), None))


def merged(old: Paper, new: Paper) -> Paper:
    """`old` updated from `new`: the new values where there are any, else the old ones, and the given id."""
    values = {}
    for name in (field.name for field in fields(Paper)):
        value = getattr(new, name)
        values[name] = getattr(old, name) if value in (None, (), "") else value
    values["id"] = old.id if has_given_id(old) or not has_given_id(new) else new.id
    values["ids"] = (*old.ids, *new.ids)
    values["posted_days"] = (*old.posted_days, *new.posted_days)
    values["keywords"] = newer_keywords(old.keywords, new.keywords)
    values["posted"] = None  # the first of the days
    return Paper(**values)


def why_not(paper: Paper) -> str | None:
    """Why a paper cannot be stored; None if it can."""
    if not visible(paper.title).strip():
        return "it has no title"
    try:
        refuse_longer("authors", paper.authors, AUTHORS, "people")
        for name in ("ids", "keywords", "posted_days"):
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
    refuse_longer(name, text, ABSTRACT if name == "abstract" else FIELD)
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
        self._came = 0
        self.stored = 0
        """How many of the papers that came are now in the record."""

    def store(self, record: Record, papers: Iterable[Paper], change: int) -> None:
        """Stores papers. To be called within a transaction."""
        for paper in papers:
            self._came += 1
            if reason := why_not(paper):
                title = paper.title[:60].encode("ascii", "backslashreplace").decode()[:60]
                place = f"record {self._came}" + (f" ({title})" if title else "")
                self._rejected.append(Reject(place, reason, record=kept_record(paper.to_dict())))
                continue
            self.stored += 1
            old = known_as(record, paper)
            now = merged(old, paper) if old else paper
            if old != now:
                record.put(now, old, change)
            outcome = "new" if old is None else "unchanged" if old == now else "updated"
            earlier = self._outcomes.pop(old.id, None) if old else None
            self._outcomes[now.id] = outcome if earlier in (None, "unchanged") else earlier

    def report(self, notices: tuple[str, ...] = ()) -> AddReport:
        """The outcome of each paper."""
        ids = {o: tuple(i for i, was in self._outcomes.items() if was == o) for o in ("new", "updated", "unchanged")}
        return AddReport(**ids, rejected=tuple(self._rejected), notices=notices)
