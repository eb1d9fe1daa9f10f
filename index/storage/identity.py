"""Which papers of the record a new one is a record of: told by its ids, else by its title.

Records that share an id are of one paper; a record with two ids joins the papers that had them as two. Two papers with
different arXiv ids, or with different ids of their own, are never joined. Without an id the title tells, and where
people or abstracts differ clearly, it does not (see `index.same_work`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from index.ids import canonical_id, title_id
from index.paper import Paper
from index.safety.inert import inert
from index.same_work import same_work
from index.storage.record import Record


@dataclass(frozen=True)
class Recognised:
    """A new paper with the ids that are its own; the papers of the record that it is a record of, the one that the
    others join first; and what is to be said about it."""

    paper: Paper
    known: tuple[Paper, ...] = ()
    notices: tuple[str, ...] = ()


def has_given_id(paper: Paper) -> bool:
    """Whether an id came with the paper or its link, rather than being derived from its title."""
    return any(not paper_id.startswith("title:") for paper_id in paper.ids)


def recognise(record: Record, paper: Paper) -> Recognised:
    """Which papers of the record a new one is a record of."""
    own = paper.ids[1:] if paper.id == title_id(paper.title) else paper.ids
    known: list[Paper] = []
    notices: list[str] = []
    for old in record.find_all(own):
        ids = [i for one in (paper, *known) for i in one.ids]
        if _apart(ids, old.ids):
            shared = next(i for i in own if i in old.ids)
            rest = [i for i in paper.ids if i not in old.ids]
            paper = paper.with_(
                id=rest[0] if rest else title_id(paper.title, paper.abstract), ids=tuple(rest), url=None
            )
            notices.append(f"{shared} stays the id of {old.id} alone: {_named(paper)} has another id of that kind.")
        else:
            known.append(old)
    if not known:
        return _by_title(record, paper, notices)
    known.sort(key=lambda old: (not _of_kind(old.ids, "arxiv"), not has_given_id(old)))
    notices += [
        f"{known[0].id} and {other.id} are one paper, as a record with both ids says: {_shown(known[0])}."
        for other in known[1:]
    ]
    return Recognised(paper, tuple(known), tuple(notices))


def _by_title(record: Record, paper: Paper, notices: list[str]) -> Recognised:
    candidates = record.of_title(paper.title)
    if has_given_id(paper):
        candidates = [old for old in candidates if not has_given_id(old)]
    candidates.sort(key=lambda old: old.abstract != paper.abstract)
    same = next((old for old in candidates if same_work(old, paper)), None)
    if same:
        if same.abstract != paper.abstract and not (has_given_id(same) and has_given_id(paper)):
            notices.append(
                f"Two records of one title are taken for one paper, {same.id}; their abstracts differ: {_shown(same)}."
            )
        return Recognised(paper, (same,), tuple(notices))
    if not has_given_id(paper) and record.find(paper.id):
        paper = paper.with_(id=title_id(paper.title, paper.abstract))
        if again := record.find(paper.id):
            return Recognised(paper, (again,), tuple(notices))
    notices += [
        f"{old.id} and {_named(paper)} have one title and are two papers, since their people or abstracts differ: "
        f"{_shown(old)}."
        for old in candidates[:1]
    ]
    return Recognised(paper, (), tuple(notices))


def leading_id(old: Paper, new: Paper) -> str:
    """The id of a paper that `new` is a record of: its own one stays; an arXiv id comes before a DOI, and either before
    an id derived from the title."""
    if _kind(old.id) in ("arxiv", "own"):
        return new.id if new.id == canonical_id(old.id) else old.id
    ids = all_ids(old, new)
    return next((i for kind in ("arxiv", "doi", "own") for i in ids if _kind(i) == kind), old.id)


def all_ids(old: Paper, new: Paper) -> tuple[str, ...]:
    """Every id that a paper answers to after a merger: of `new`'s in their canonical form, but not the one that its
    title alone tells, which may be another paper's."""
    given = (i for i in new.ids if i != title_id(new.title))
    return tuple(dict.fromkeys((*old.ids, *(i if _kind(i) == "own" else _canonical(i) for i in given))))


def _canonical(paper_id: str) -> str:
    return canonical_id(paper_id) or paper_id


def _kind(paper_id: str) -> str:
    """What an id is: `arxiv`, `doi` or `title`, in whatever spelling, else the source's own."""
    kind = _canonical(paper_id).partition(":")[0]
    return kind if kind in ("arxiv", "doi", "title") else "own"


def _of_kind(ids: Iterable[str], kind: str) -> set[str]:
    return {_canonical(i) for i in ids if _kind(i) == kind}


def _apart(ids: Iterable[str], others: Iterable[str]) -> bool:
    """Whether ids say that two papers are two, even though they share one."""
    ids, others = tuple(ids), tuple(others)
    for kind in ("arxiv", "own"):
        one, other = _of_kind(ids, kind), _of_kind(others, kind)
        if one and other and not one & other:
            return True
    return False


def _named(paper: Paper) -> str:
    return inert(paper.id)


def _shown(paper: Paper) -> str:
    return f"“{inert(paper.shown_title)[:80]}”"
