"""The papers of some days, known by their first and last day: no index needs the list of them."""

from collections.abc import Collection, Iterator

from index.storage.record import Record

Days = tuple[int, int]
"""The first and the last of some days, both included, yyyymmdd."""


class PapersOfDays(Collection[str]):
    """The ids of the papers that have their day (published, else posted) among some, as the record has them now."""

    def __init__(self, record: Record, days: Days, count: int) -> None:
        """`count`: how many there are."""
        self._record = record
        self._count = count
        self.days = days

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        """The newest first, by id within a day."""
        return iter(self._record.newest(-1, self.days))

    def __contains__(self, paper_id: object) -> bool:
        return self._record.has_day_among(str(paper_id), *self.days)
