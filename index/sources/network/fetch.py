"""What `papers fetch` brings: the Hub's Daily Papers of a day or a week, arXiv's papers by a search or by ids.

Asks only for what is new since the last time. What was brought counts as known once `remember` has been called, after
it was stored.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.paper import Paper, Reject
from index.sources.network import arxiv_api, hub, network_state
from index.sources.network.client import ARXIV, HUB, FetchError, Visit
from index.sources.network.links import hub_reading, offline_error, today_utc
from index.sources.network.network_state import Kept

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Fetched:
    """What a site sent: papers, what could not be read or fetched, what is to be said; `fresh` is for `remember`."""

    papers: tuple[Paper, ...]
    rejects: tuple[Reject, ...] = ()
    notices: tuple[str, ...] = ()
    fresh: Mapping[str, Kept] = field(default_factory=dict)


def remember(home: Path, fetched: Fetched) -> None:
    """Notes that what was fetched is stored, so that it is not sent again. Raises OSError."""
    network_state.keep(home, fetched.fresh)


def daily(home: Path, *, day: str | None = None, week: str | None = None, offline: bool) -> Fetched:
    """The Daily Papers of a day (YYYY-MM-DD) or an ISO week, by default of the latest day that has papers. `home`: the
    library's folder. Raises FetchError."""
    if offline:
        raise offline_error()
    visit = Visit(HUB, home, conditional=True)
    if week:
        listed = hub.week(visit, week)
    else:
        listed = hub.day(visit, day) if day else hub.latest_day(visit, today_utc())
    what = week or listed.day
    if listed.unchanged:
        return Fetched((), notices=(f"{HUB} has nothing new for {what} since the last time.",))
    reading = hub_reading(listed.records, place=f"{HUB}, {what}", posted=listed.day)
    return Fetched(
        reading.papers, reading.rejects, (*reading.notices, f"Fetched from {HUB}: {what}."), dict(visit.fresh)
    )


def arxiv_papers(home: Path, numbers: Sequence[str], *, offline: bool, progress: Progress = lambda *_: None) -> Fetched:
    """arXiv's papers with these numbers; one that it does not know is a reject, and so are all that could not be
    fetched after some were. `progress` is told how many of how many were asked for. Raises FetchError if none could be
    fetched."""
    if offline:
        raise offline_error()
    numbers = tuple(dict.fromkeys(numbers))
    papers: list[Paper] = []
    rejects: list[Reject] = []
    for start in range(0, len(numbers), arxiv_api.AT_ONCE):
        try:
            reading = arxiv_api.by_ids(Visit(ARXIV, home), numbers[start : start + arxiv_api.AT_ONCE], place=ARXIV)
        except FetchError as error:
            if not start:
                raise
            rejects.append(Reject(f"{ARXIV}, id {start + 1} and what follows", str(error)))
            break
        papers += reading.papers
        rejects += reading.rejects
        progress(min(start + arxiv_api.AT_ONCE, len(numbers)), len(numbers))
    return Fetched(tuple(papers), tuple(rejects))


def arxiv_search(
    home: Path,
    *,
    query: str | None,
    category: str | None,
    since: str | None,
    offline: bool,
    progress: Progress = lambda *_: None,
) -> Fetched:
    """arXiv's newest papers on a query, in a category or both, back to the day `since` (YYYY-MM-DD), at most
    `arxiv_api.MOST`. `progress` is told how many of how many came. Raises FetchError if none could be fetched,
    ValueError as `arxiv_api.search_query`."""
    asked = arxiv_api.search_query(query=query, category=category, since=since, today=today_utc())
    if offline:
        raise offline_error()
    visits: list[Visit] = []

    def each() -> Iterator[Visit]:
        while True:
            visits.append(Visit(ARXIV, home, conditional=not visits))  # an unchanged first page: nothing is newer
            yield visits[-1]

    papers: list[Paper] = []
    rejects: list[Reject] = []
    notices: list[str] = []
    total = 0
    try:
        for reading, said in arxiv_api.search(each(), asked):
            if reading is None:
                return Fetched((), notices=(f"{ARXIV} has nothing new on this since the last time.",))
            papers += reading.papers
            rejects += reading.rejects
            total = said
            progress(len(papers), max(min(total, arxiv_api.MOST), len(papers)))
            if since and any(paper.published and paper.published < since for paper in reading.papers):
                papers = [paper for paper in papers if not paper.published or paper.published >= since]
                total = 0
                break
    except FetchError as error:
        if not papers:
            raise
        rejects.append(Reject(f"{ARXIV}, after {len(papers):,} papers", str(error)))
        return Fetched(tuple(papers), tuple(rejects))
    if total > arxiv_api.MOST:
        notices.append(
            f"arXiv has {total:,} papers on this; the newest {arxiv_api.MOST:,} were fetched. Narrow it with --since "
            "or --category for the others."
        )
    elif not papers and not rejects:
        notices.append("arXiv has no papers on this.")
    return Fetched(tuple(papers), tuple(rejects), tuple(notices), dict(visits[0].fresh))
