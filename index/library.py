"""The library as everyone else sees it: papers in, passages out.

A reader never waits and never repairs anything: what an index lacks is read from the record. How things are stored
and kept consistent is up to `storage.store`.
"""

import os
import sqlite3
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Sized
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from index import default_home
from index.dates import days_of_week, week_of
from index.embedding import Embedder, open_embedder
from index.errors import LibraryError, UnknownPaper
from index.ids import canonical_id
from index.paper import AddReport, Hit, Outline, Paper, Reject, iso_date, newest_first
from index.safety.limits import SEARCH, refuse_long_question
from index.safety.permissions import private_folder
from index.safety.system_errors import sentence
from index.status import LibraryStatus
from index.storage import rejects
from index.storage.annotations import Annotations
from index.storage.chroma.address import ChromaServer, server_of_environment
from index.storage.dated import PapersOfDays
from index.storage.held import matrix
from index.storage.merge import Addition
from index.storage.store import Store
from index.storage.topics import Topics
from index.storage.vectors import Near

if TYPE_CHECKING:
    import numpy as np

    from index.query import Terms
    from index.search import SearchResult
    from index.storage.sources import MergedRecord
    from index.storage.words import WordIndex

T = TypeVar("T")
_QUESTIONS = 16  # whose terms are kept: a question is looked up more than once until it is answered
_KEPT = 20_000  # papers, beyond which they are read each time rather than kept in memory


class Library:
    """A folder of papers. A context manager; safe to use from several threads and alongside other processes.
    Created by `open`."""

    def __init__(
        self,
        path: Path,
        embeddings: str,
        opener: Callable[..., Embedder],
        *,
        exact: bool,
        chroma: ChromaServer | None,
        say: Callable[[str], None],
    ) -> None:
        self.path = path
        self._listener = say
        self._notices: dict[str, None] = {}
        self._store = Store(
            path, embeddings, partial(opener, say=self._say), exact=exact, server=chroma, say=self._say, tell=say
        )
        self._chroma = chroma
        self._record = self._store.record
        made_by = self.embedder_name
        if embeddings not in ("auto", made_by):
            self._say(
                f"The vectors of this library were made by {made_by}, which stays in use; "
                f"`papers reindex --embeddings {embeddings}` changes it to {embeddings}."
            )
        if self._store.damage_notice:
            self._say(self._store.damage_notice)
        self._kept: dict[str, tuple[int, Any]] = {}
        self._terms = lru_cache(_QUESTIONS)(self._read_terms)
        self.annotations = Annotations(self._store)
        self.topics = Topics(self._store)

    @classmethod
    def open(
        cls,
        path: str | Path | None = None,
        embeddings: str = "auto",
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        offline: bool | None = None,
        exact: bool = False,
        chroma: ChromaServer | None = None,
        say: Callable[[str], None] | None = None,
    ) -> Self:
        """Opens the library in a folder, creating what is missing. The folder is closed to other users.

        `path`: by default the folder that PAPERS_HOME names, else the user's data folder. `embeddings`: `minilm`,
        `openai:MODEL`, `hashing` or `auto`: what PAPERS_EMBEDDINGS names, else what made the library, else (in a new
        one) minilm if it is present or can be had within seconds, else hashing. `offline`: download nothing; by
        default as PAPERS_OFFLINE says. `exact`: search without importing Chroma, for commands that run for a second.
        `chroma`: the server that holds the vectors; by default the one that PAPERS_CHROMA_URL names, else none.
        `say` is told at once what also goes into `notices`: a download, a process to wait for. Raises LibraryError.
        """
        if embeddings == "auto":
            embeddings = os.environ.get("PAPERS_EMBEDDINGS") or "auto"
        if offline is None:
            offline = os.environ.get("PAPERS_OFFLINE", "").strip().lower() in ("1", "true", "yes", "on")
        folder = default_home() if path is None else Path(path).expanduser()
        try:
            chroma = chroma or server_of_environment()
        except ValueError as error:
            raise LibraryError(f"The library cannot be opened. {error}.") from None
        try:
            was_open = private_folder(folder)
            opener = partial(open_embedder, api_key=api_key, base_url=base_url, offline=offline)
            library = cls(folder, embeddings, opener, exact=exact, chroma=chroma, say=say or (lambda _: None))
        except (OSError, sqlite3.Error) as error:
            file = (error.filename if isinstance(error, OSError) else None) or folder
            raise LibraryError(f"The library cannot be opened. {sentence(error, 'used', file)}") from error
        if was_open:
            library._say(was_open)
        return library

    def close(self) -> None:
        """Closes all files."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def notices(self) -> tuple[str, ...]:
        """The notices of this library since it was opened."""
        return tuple(self._notices)

    def _say(self, text: str) -> None:
        if text not in self._notices:  # each notice once, however often it occurs
            self._notices[text] = None
            self._listener(text)

    # -- reading

    def count(self) -> int:
        """How many papers there are."""
        return self._as_of_now("count", self._record.count)

    def change(self) -> int:
        """The number of the last change: anything derived from the library stays valid until it changes."""
        return self._record.change()

    def get(self, paper_id: str) -> Paper:
        """The paper with an id: canonical, bare, a link, a former one, or the beginning of a title's hash. Raises
        UnknownPaper, with the matching papers if there are several, else the nearest by words; TooLarge."""
        refuse_long_question(paper_id, "The id")
        text = paper_id.strip()
        if paper := self.find(text):
            return paper
        prefix = text if text.startswith("title:") else f"title:{text.lower()}"
        fitting = self._record.starting_with(prefix) if text.startswith("title:") or len(text) > 3 else []
        fitting = fitting or self._record.spelt_otherwise(canonical_id(text) or "")
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            raise UnknownPaper(f"{paper_id!r} matches several ids: give the full one.", tuple(fitting))
        near = self.look_up(text, k=3, spend=False).hits if text and self.count() else ()
        raise UnknownPaper(f"No paper in this library has the id {paper_id!r}.", tuple(hit.paper for hit in near))

    def find(self, paper_id: str) -> Paper | None:
        """The one paper that has, or once had, an id in whatever spelling; None if there is none, or several."""
        canonical = canonical_id(paper_id) or ""
        if paper := self._record.find(paper_id) or self._record.find(canonical):
            return paper
        alike = self._record.spelt_otherwise(canonical)
        return alike[0] if len(alike) == 1 else None

    def papers(
        self,
        since: str | None = None,
        until: str | None = None,
        week: str | None = None,
        tags: Collection[str] = (),
    ) -> list[Paper]:
        """Papers, newest first. `since` and `until` (inclusive) apply to the day published, else posted; `week`
        (`2026-W16`) to all days posted, else the day published; `tags`: only papers with all of these. Raises
        ValueError for an invalid date or week."""
        if tags:
            having = self.annotations.having(tags)
            if since or until or week is not None:
                return [paper for paper in self.papers(since, until, week) if paper.id in having]
            return newest_first(list(self._record.papers_by_id(having).values()))
        since, until = iso_date(since), iso_date(until)
        if week is not None:
            papers = self._record.papers_of_days(*days_of_week(week))
            return [p for p in papers if (since or "") <= (p.day or "") <= (until or "9")]
        if since or until or self.count() > _KEPT:
            return self._record.papers(since, until)
        return self._as_of_now("papers", self._record.papers).copy()

    def each_paper(self) -> Iterator[Paper]:
        """All papers in any order; of a large library few are in memory at a time."""
        return self._record.each_paper() if self.count() > _KEPT else iter(self.papers())

    def outlines(self, since: str | None = None, until: str | None = None) -> list[Outline]:
        """What a list shows of papers, at a tenth of their memory; days and order as of `papers`. Raises ValueError for
        an invalid date."""
        since, until = iso_date(since), iso_date(until)
        if since or until:
            return self._record.outlines(since, until)
        return self._as_of_now("outlines", self._record.outlines).copy()

    def of_source(self, source: str) -> list[str]:
        """The ids of the papers that came from a source."""
        return self._record.of_source(source)

    def papers_by_id(self, ids: Collection[str]) -> dict[str, Paper]:
        """The papers with exactly these ids; unknown ones are left out."""
        return self._record.papers_by_id(ids)

    def sources(self, paper_id: str) -> list["MergedRecord"]:
        """The records that the paper with exactly this id was merged of, the latest first; empty if they never
        differed."""
        return self._record.sources(paper_id)

    def titles(self) -> list[tuple[str, str]]:
        """(id, title) of every paper, in the order they were added. Cached: do not modify."""
        return self._as_of_now("titles", self._record.titles)

    def days(self) -> dict[str, int | None]:
        """Each paper's day (published, else posted) as yyyymmdd. Cached: do not modify."""
        return self._as_of_now("days", self._record.days)

    def of_days(self, first: int, last: int) -> PapersOfDays:
        """The ids of the papers that have their day (published, else posted) among some, yyyymmdd, both included."""
        counts = self._as_of_now("day counts", self._record.day_counts)
        some = counts[bisect_left(counts, (first,)) : bisect_left(counts, (last + 1,))]
        return PapersOfDays(self._record, (first, last), sum(count for _, count in some))

    def newest(self, limit: int) -> list[str]:
        """The ids of the newest papers, at most `limit`, by id within a day; those without a day come last."""
        return self._record.newest(limit)

    def _as_of_now(self, what: str, read: Callable[[], T]) -> T:
        """What `read` returns, cached until the record changes."""
        change = self.change()
        kept = self._kept.get(what)
        if kept is None or kept[0] != change:
            kept = self._kept[what] = (change, read())
        value: T = kept[1]
        return value

    def week_days(self) -> dict[str, int]:
        """How many papers there are on each day (`YYYY-MM-DD`), as weeks count: all days posted, else the day
        published."""
        return self._record.week_days()

    def weeks(self) -> dict[str, int]:
        """How many papers there are in each ISO week that has some, the latest first."""
        return {week_of(monday): count for monday, count in reversed(self._record.mondays().items())}

    def count_undated(self) -> int:
        """How many papers have no day, and so stand in no week."""
        return self._as_of_now("undated", self._record.count_undated)

    # -- searching

    def search(
        self,
        query: str,
        k: int = 10,
        since: str | None = None,
        until: str | None = None,
        tags: Collection[str] = (),
    ) -> list[Hit]:
        """The `k` papers that match a question best, best first, each with its best sentences; those whose tags or note
        hold it come first. Raises TooLarge."""
        return list(self.look_up(query, k, since, until, tags=tags, annotated=True).hits)

    def look_up(
        self,
        query: str,
        k: int = 10,
        since: str | None = None,
        until: str | None = None,
        only: Collection[str] | None = None,
        spend: bool = True,
        tags: Collection[str] = (),
        annotated: bool = False,
    ) -> "SearchResult":
        """What a question finds, with notices. `only`: the ids of the papers to search. `spend=False`: do not embed
        the question if that costs money. `tags`: only papers with all of these. `annotated`: papers whose tags or
        note hold the question are found too, and come first. Raises TooLarge."""
        from index import annotated as by_annotations
        from index import search

        refuse_long_question(query, most=SEARCH)
        among, notices = by_annotations.tagged(self, tags, only)
        found = search.look_up(self, query, k=k, since=since, until=until, only=among, spend=spend)
        found = replace(found, notices=(*notices, *found.notices))
        return by_annotations.with_annotated(self, found, query, k, among) if annotated else found

    def terms(self, text: str) -> "Terms":
        """The words of a question as search terms; those of the last questions are not read again."""
        return self._terms(text, self.change(), self._store.words.change())

    def _read_terms(self, text: str, *_as_of: int) -> "Terms":
        from index.query import read_terms

        return read_terms(self, text)

    @property
    def words(self) -> "WordIndex":
        """The word index, as it is now."""
        index = self._store.words.index()
        if self._store.words.damaged and not self._store.read_only:
            self._say("The word index is damaged; this search built its own. `papers status --repair` fixes it.")
        return index

    @property
    def embedder_name(self) -> str:
        """What makes the library's vectors: `minilm`, `openai:MODEL` or `hashing`; in an empty library what was asked
        for, possibly `auto`."""
        return self._store.embedder.name

    @property
    def embedder(self) -> Embedder:
        """The embedder that made the library's vectors, for a question; nothing is downloaded. Raises EmbeddingError
        if it is not available; so does its `embed_question`."""
        return self._store.embedder.for_questions()

    def nearest(self, vector: "np.ndarray", n: int, within: Collection[str] | None = None) -> list[Near]:
        """The `n` chunks nearest to a vector by the library's embedder: (paper id, first sentence, last sentence,
        cosine), best first; only among the papers `within`, if given."""
        near = self._store.vectors.nearest(self.embedder_name, vector, n, within)
        if self._store.vectors.damage_notice:
            self._say(self._store.vectors.damage_notice)
        return near

    @property
    def on_server(self) -> bool:
        """Whether a Chroma server holds the vectors."""
        return self._chroma is not None

    @property
    def server_notice(self) -> str:
        """A sentence if the Chroma server could not answer when it was last asked; empty if it could."""
        return self._store.vectors.server_notice

    def paper_vectors(self, ids: Sequence[str]) -> "np.ndarray":
        """The vector of each paper, shape (n, dimension): the mean of its chunks' vectors, scaled to length 1; zeros
        for an unknown id."""
        import numpy as np

        chunks, vectors = self._record.vectors(self.embedder_name, within=ids)
        dimension = self._store.embedder.dimension
        row_of = {paper_id: row for row, paper_id in enumerate(dict.fromkeys(ids))}
        sums = np.zeros((len(row_of), dimension), dtype=np.float32)
        if chunks:
            np.add.at(sums, [row_of[chunk.paper_id] for chunk in chunks], matrix(vectors, dimension))
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        means: np.ndarray = sums / np.where(lengths > 0, lengths, 1)
        return means[[row_of[paper_id] for paper_id in ids]]

    def similar(self, paper_id: str, k: int = 5) -> list[Paper]:
        """The `k` papers whose vectors are nearest to a paper's, nearest first. Raises UnknownPaper."""
        paper = self.get(paper_id)
        own = self.paper_vectors([paper.id])[0]
        if not own.any():
            return []
        others = [i for i in dict.fromkeys(near[0] for near in self.nearest(own, 10 * k + 50)) if i != paper.id]
        cosines = dict(zip(others, self.paper_vectors(others) @ own, strict=True))
        best = sorted(others, key=lambda i: -cosines[i])[:k]
        found = self._record.papers_by_id(best)
        return [found[i] for i in best if i in found]

    # -- writing

    def add(self, papers: Iterable[Paper], progress: Callable[[int, int], None] | None = None) -> AddReport:
        """Stores papers and makes them searchable by words and by meaning; takes them as they come, so a generator
        will do. `progress` is told how many are stored so far, and out of how many (0: unknown). A paper that is
        already there costs nothing; one that cannot be stored is rejected and the others go in. If vectors cannot be
        made, the papers are stored without and a notice says so."""
        total = len(papers) if isinstance(papers, Sized) else 0
        addition = Addition()
        said = len(self._notices)
        self._store.add(
            addition, papers, lambda waiting: progress(addition.stored - waiting, total) if progress else None
        )
        return addition.report(tuple(self._notices)[said:])

    def preview(self, papers: Iterable[Paper]) -> AddReport:
        """What `add` would report; nothing is stored or embedded."""
        return self._store.preview(papers).report()

    def remove(self, ids: Iterable[str]) -> list[Paper]:
        """Removes papers and returns them: adding those again undoes it, without embedding anything. Raises
        UnknownPaper, with nothing removed."""
        with self._store.writing():
            papers = list({paper.id: paper for paper in map(self.get, ids)}.values())
            chunks = self._store.remove(papers)
        self._store.catch_up(chunks)
        return papers

    def rejects(self) -> list[Reject]:
        """The rejected records that are kept, each with its source and its own text, the oldest first."""
        return rejects.listed(self._record.connection())

    def keep_rejects(self, report: AddReport, *, read: Collection[str] = ()) -> None:
        """Keeps the rejects of an addition, at most `limits.REJECTS`. They replace those of the same source and place,
        all those of the sources `read`, which were read again as a whole, and those of the papers that were added."""
        sql = self._record.connection()
        if not report.rejected and not rejects.count(sql):
            return
        ids = (*report.new, *report.updated, *report.unchanged) if rejects.count(sql) else ()
        titles = [paper.title for paper in self.papers_by_id(ids).values()]
        with self._store.writing():
            rejects.keep(sql, report.rejected, read=read, titles=titles)

    def clear_rejects(self) -> int:
        """Forgets all rejected records; how many there were."""
        with self._store.writing():
            return rejects.clear(self._record.connection())

    def status(self, verify: bool = False) -> LibraryStatus:
        """The state of the library; with `verify`, record, words and vectors are compared item by item."""
        problems = self._store.problems() if verify else []
        server = self._store.vectors.server_status(self.embedder_name)
        first, last = self._record.first_and_last_day()
        return LibraryStatus(
            home=self.path,
            papers=self.count(),
            first=first,
            last=last,
            embeddings=self.embedder_name,
            chroma=self._chroma.url if self._chroma else "embedded",
            server=server,
            agree=not problems if verify else None,
            notices=(*self.notices, *filter(None, [self._store.read_only_notice, self.server_notice]), *problems),
            rejects=rejects.count(self._record.connection()),
            disk=self._store.size(),
        )

    def catch_up(self) -> None:
        """Makes the vectors that papers wait for, and brings Chroma up to date if it is worth it: for a process that
        stays, in the background. Searches need neither. Raises LibraryError."""
        self._store.embed_waiting()
        self._store.catch_up()

    def repair(self) -> None:
        """Rebuilds whatever `status(verify=True)` finds wrong; what cannot be, a notice says. Only vectors that the
        record itself lacks are computed."""
        self._store.repair()

    def backup(self, file: str | Path) -> int:
        """Writes the papers to one file that only its owner can read, whatever is being written to the library (see
        `index.backup`). An earlier backup there is replaced. Returns how many papers it has. Raises LibraryError."""
        from index.backup import back_up

        return back_up(self.path, Path(file))

    def fill_indexes(self) -> None:
        """Makes the indexes that are missing or out of date from the record."""
        with self._store.writing():
            self._store.fill_vectors()

    def reindex(self, embeddings: str | None = None, progress: Callable[[int, int], None] | None = None) -> None:
        """Computes the library's vectors with another embedder (None or `auto`: its own), except for texts that have
        one by it already, and rebuilds both indexes. `progress` is told how many texts have one, and out of how many:
        those survive an interruption and are not paid for again. Raises EmbeddingError, with the library as it was."""
        self._store.reindex(embeddings, progress or (lambda done, total: None))
