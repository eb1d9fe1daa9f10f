"""The abstracts that a listing lacks, fetched from arXiv by the ids that its links give."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from index.paper import NoAbstract, Paper, Reject
from index.sources import Reading
from index.sources.network.arxiv_api import AT_ONCE, by_ids
from index.sources.network.client import ARXIV, FetchError, Visit


def with_abstracts(
    reading: Reading, *, home: Path, offline: bool, progress: Callable[[int, int], None] = lambda *_: None
) -> Reading:
    """A reading with the papers whose abstracts arXiv has, in place of their rejects; a notice says what became of
    them. `home`: the library's folder; `progress` is told before each request how many of how many
    abstracts were asked for. What cannot be fetched stays a reject."""
    numbers = tuple(dict.fromkeys(reading.without_abstract))
    if not numbers:
        return reading
    many = "1 paper has" if len(numbers) == 1 else f"{len(numbers):,} papers have"
    if offline:
        notice = (
            f"{many} no abstract on this page, and with PAPERS_OFFLINE=1 none is fetched: unset it and add the page "
            "again."
        )
        return replace(reading, notices=(*reading.notices, notice))
    found, problem = _fetched(numbers, home, progress)
    papers: list[Paper] = []
    rejects: list[Reject] = []
    for reject in reading.rejects:
        its = found.get(reject.paper.id) if isinstance(reject, NoAbstract) else None
        if isinstance(reject, NoAbstract) and its:
            papers.append(_joined(reject.paper, its))
        else:
            rejects.append(reject)
    notice = f"{many} no abstract on this page: {len(papers):,} came from arXiv."
    if len(papers) < len(numbers):
        rest = problem or "Save the page of each of the others, and add that."
        notice = f"{notice} {rest}"
    return Reading(reading.format, (*reading.papers, *papers), tuple(rejects), (*reading.notices, notice))


def _fetched(
    numbers: tuple[str, ...], home: Path, progress: Callable[[int, int], None]
) -> tuple[dict[str, Paper], str]:
    """arXiv's papers by id, and why there are not more, if a request failed."""
    found: dict[str, Paper] = {}
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        progress(start, len(numbers))
        try:
            reading = by_ids(Visit(ARXIV, home), some, place=ARXIV)
        except FetchError as error:
            return found, str(error)
        found |= {paper.id: paper for paper in reading.papers}
    return found, ""


def _joined(listed: Paper, its: Paper) -> Paper:
    """A paper as arXiv has it, with what only the listing says."""
    return listed.with_(
        title=its.title,
        abstract=its.abstract,
        authors=its.authors,
        published=its.published or listed.published,
        ids=(*listed.ids, *its.ids),
        version=its.version,
    )
