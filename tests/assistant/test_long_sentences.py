"""A sentence that is one endless list takes no longer to read than others: the time grows with the length alone."""

import time
from collections.abc import Callable

import pytest

from assistant.compare.stated import stating_sentence
from assistant.rhetoric import figures_in
from index.paper import Paper


def of_row(row: str) -> Callable[[str], object]:
    return lambda text: stating_sentence(row, Paper(title="Lists", abstract=f"We report {text}"))


@pytest.mark.parametrize(
    ("read", "piece"),
    [(of_row("Open code?"), "a."), (figures_in, "1,")],
    ids=["code", "figures"],
)
def test_an_endless_list_is_read_in_linear_time(read: Callable[[str], object], piece: str) -> None:
    def seconds(length: int) -> float:
        start = time.thread_time()
        read(piece * (length // len(piece)))
        return time.thread_time() - start

    short, long = max(seconds(4_500), 0.05), seconds(18_000)
    assert long < 8 * short
