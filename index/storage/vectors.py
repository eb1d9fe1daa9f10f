"""Search by meaning: which chunks of the library are nearest to a vector.

There are two ways, and they rank alike. Chroma answers in a process that outlives one question, or on a server. Only
this file knows the exceptions, in which the record's vectors are scanned exactly: a few papers, a date window that
keeps few (on a server any: its filter by days is many times slower than the scan), chunks that Chroma does not have
yet, a Chroma that cannot answer, and a command that runs for a second and should not import it.
"""

import threading
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from index.storage.chroma.address import ChromaServer
from index.storage.chunks import Chunk
from index.storage.dated import Days, PapersOfDays
from index.storage.folder_index import FolderIndex
from index.storage.held import HeldVectors, matrix
from index.storage.record import Record
from index.storage.server_index import ServerIndex, ServerStatus
from index.storage.vector_index import Lock, VectorIndex, among_known, lag_of

if TYPE_CHECKING:
    import numpy as np

Near = tuple[str, int, int, float]
"""A near chunk: its paper's id, first and last sentence, cosine."""

_FEW = 1_000  # up to so many papers, vectors are looked up by paper rather than all read in file order
_MOST = 0.25  # of all papers: from so large a window on, Chroma is asked for more and the others are left out
_HELD = 256 << 20  # bytes of the vectors of date windows that stay in memory


class Vectors:
    """The vectors of a library. Any thread may search and call `fill`; the holder of the writing lock alone calls
    `rebuild`. Chroma is on a `server` if one is given, else in the library's folder; there it is never asked with
    `exact`."""

    def __init__(self, record: Record, folder: Path, *, exact: bool, server: ChromaServer | None = None) -> None:
        self._record = record
        self._server = ServerIndex(record, server) if server else None
        self._index: VectorIndex = self._server or FolderIndex(record, folder)
        self._exact = exact and not server
        self._scanning = threading.Lock()
        self._held: dict[tuple[str, Days | None], HeldVectors] = {}  # the one used last comes last

    # -- searching

    def nearest(
        self,
        model: str,
        vector: "np.ndarray",
        n: int,
        within: Collection[str] | None = None,
    ) -> list[Near]:
        """The `n` chunks nearest to a vector (of length 1) by cosine, best first; only among the papers `within`, if
        given."""
        if isinstance(within, PapersOfDays):
            days, share, within = within.days, len(within) / max(self._record.count(), 1), None
        else:
            days, share = None, 1.0
        if within is not None and len(within) <= _FEW:
            return self._of_few(model, vector, n, within)
        found = None
        if within is None and not self._exact and (days is None or (self._index.windows and share >= _MOST)):
            found = self._by_chroma(model, vector, n, days, share)
        if found is None:
            found = self._by_scan(model, vector, n, within, days)
        return [(chunk.paper_id, chunk.first, chunk.last, cosine) for chunk, cosine in found]

    def _of_few(self, model: str, vector: "np.ndarray", n: int, within: Collection[str]) -> list[Near]:
        import numpy as np

        chunks, vectors = self._record.vectors(model, within=within)
        cosines = matrix(vectors, len(vector)) @ vector
        best = [(chunks[row], float(cosines[row])) for row in np.argsort(-cosines, kind="stable")[:n]]
        return [(chunk.paper_id, chunk.first, chunk.last, cosine) for chunk, cosine in best]

    def _by_scan(
        self, model: str, vector: "np.ndarray", n: int, within: Collection[str] | None, days: Days | None
    ) -> list[tuple[Chunk, float]]:
        among = None if within is None else self._record.chunk_ids(within)
        with self._scanning:
            held = self._held.pop((model, days), None) or HeldVectors(self._record, model, len(vector), days=days)
            self._held[model, days] = held
            near = held.nearest(vector, n, among)
            while len(self._held) > 1 and sum(each.size for each in self._held.values()) > _HELD:
                del self._held[next(iter(self._held))]
        chunks = self._record.chunks([chunk for chunk, _ in near])
        return [(chunks[chunk], cosine) for chunk, cosine in near if chunk in chunks]

    def _by_chroma(
        self, model: str, vector: "np.ndarray", n: int, days: Days | None, share: float
    ) -> list[tuple[Chunk, float]] | None:
        """The nearest chunks from Chroma, and from the record those changed since; None if Chroma cannot answer."""
        found = self._index.nearest(model, vector, n if days is None else int(1.2 * n / share) + 1)
        if found is None:
            return None
        ranked = among_known(found, self._record)
        if days is None:
            return ranked[:n]
        ranked = [(c, cosine) for c, cosine in ranked if c.day is not None and days[0] <= c.day <= days[1]]
        return ranked[:n] if len(ranked) >= n else None

    @property
    def damage_notice(self) -> str:
        """A sentence if Chroma's folder is damaged, as far as is known; empty if it is not."""
        return "" if self._server else self._index.notice

    @property
    def server_notice(self) -> str:
        """A sentence if the server could not answer when it was last asked; empty if it could, or there is none."""
        return self._server.notice if self._server else ""

    def server_status(self, model: str) -> ServerStatus | None:
        """How the collection on the server stands; None without a server."""
        return self._server.status(model) if self._server else None

    def close(self) -> None:
        """Closes Chroma's files and connections."""
        self._index.close()
        self._held.clear()

    # -- agreeing with the record

    @property
    def apart(self) -> bool:
        """Whether Chroma is better filled by a process of its own."""
        return self._index.apart

    def change(self) -> int:
        """The last change of the record that Chroma includes; -1 if there is nothing yet."""
        return self._index.change()

    def lag(self, model: str) -> int:
        """How many chunks are missing from Chroma, out of date in it, or should no longer be there."""
        return lag_of(self._record, model, self.change())

    def is_behind(self, model: str, more: int | None = None) -> bool:
        """Whether it is worth bringing Chroma up to date: it lacks much of what it has, or is not as it was written.
        If `more` is given, only what has just been added or removed counts, as a number of chunks."""
        return self._index.is_behind(model, more)

    def confirm(self) -> None:
        """Notes that Chroma is as it was written, as `is_behind` has found. For the holder of the writing lock."""
        self._index.confirm()

    def problems(self, model: str) -> list[str]:
        """Where Chroma and the record disagree about what Chroma should have by now; one sentence each."""
        return self._index.problems(model)

    # -- writing

    def fill(self, model: str, dimension: int, lock: Lock) -> None:
        """Gives Chroma what it lacks, or rebuilds it all if it is not as it was written. Raises ChromaError."""
        self._index.fill(model, dimension, lock)

    def rebuild(self, model: str, dimension: int) -> None:
        """Rebuilds Chroma from the record's vectors. Raises ChromaError."""
        self._index.rebuild(model, dimension)
