"""Vectors of the record held in memory, for an exact search: all of them, those of some days, or those that Chroma does
not have yet.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from index.storage.record import Record

if TYPE_CHECKING:
    import numpy as np

_BLOCKS = 32  # blocks of rows, beyond which small ones are joined
_SMALL = 1_000  # rows
_GONE = -1  # in place of the id of a row that no longer counts


def matrix(vectors: Collection[bytes], dimension: int) -> "np.ndarray":
    """Vectors as the record stores them, as an array of shape (n, dimension)."""
    import numpy as np

    return np.frombuffer(b"".join(vectors), dtype="<f4").reshape(len(vectors), dimension)


class HeldVectors:
    """The vectors by a model of the chunks written after a change, only of papers of some days (yyyymmdd, both
    included) if given. Follows the record: a change costs what changed. For one thread at a time."""

    def __init__(
        self, record: Record, model: str, dimension: int, *, after: int = -1, days: tuple[int, int] | None = None
    ) -> None:
        self._record = record
        self._model = model
        self._dimension = dimension
        self._days = days
        self._upto = after
        self._blocks: list[tuple[np.ndarray, np.ndarray]] = []  # ids, vectors

    @property
    def size(self) -> int:
        """Bytes of the vectors."""
        return sum(vectors.nbytes for _, vectors in self._blocks)

    def has(self, chunks: Collection[int]) -> set[int]:
        """Which of some chunks are among these."""
        import numpy as np

        self._follow()
        return {chunk for ids, _ in self._blocks for chunk in np.intersect1d(ids, list(chunks)).tolist()}

    def nearest(self, vector: "np.ndarray", n: int, among: Collection[int] | None = None) -> list[tuple[int, float]]:
        """The `n` chunks nearest to a vector: (id, cosine), nearest first; only `among` some, if given."""
        import numpy as np

        self._follow()
        if not self._blocks or n < 1:
            return []
        ids = np.concatenate([ids for ids, _ in self._blocks])
        cosines = np.concatenate([vectors @ vector for _, vectors in self._blocks])
        if among is not None or (ids == _GONE).any():
            wanted = ids != _GONE if among is None else np.isin(ids, np.fromiter(among, dtype=np.int64))
            ids, cosines = ids[wanted], cosines[wanted]
        best = np.argpartition(-cosines, n)[:n] if n < len(ids) else np.arange(len(ids))
        best = best[np.argsort(-cosines[best], kind="stable")]
        return list(zip(ids[best].tolist(), cosines[best].tolist(), strict=True))

    def _follow(self) -> None:
        """Reads what has changed in the record since."""
        import numpy as np

        change = self._record.change()
        if change == self._upto:
            return
        if self._blocks:
            changed = [*self._record.changed_ids(self._upto), *map(int, self._record.removed("chunk", self._upto))]
            for ids, _ in self._blocks:
                ids[np.isin(ids, changed)] = _GONE
        for rows in self._record.vector_rows(self._model, self._upto, self._days):
            ids = np.array([row[0] for row in rows], dtype=np.int64)
            self._blocks.append((ids, matrix([row[1] for row in rows], self._dimension)))
        self._upto = change
        if len(self._blocks) > _BLOCKS:
            self._join_small()

    def _join_small(self) -> None:
        import numpy as np

        small = [block for block in self._blocks if len(block[0]) < _SMALL]
        self._blocks = [block for block in self._blocks if len(block[0]) >= _SMALL]
        if small:
            self._blocks.append((np.concatenate([ids for ids, _ in small]), np.concatenate([v for _, v in small])))
