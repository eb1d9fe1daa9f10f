"""What a large library costs: adding one paper, and questions, beside the same by tantivy alone and by numpy alone.

    python tests/benchmarks/scale.py [--papers 10000] [--home FOLDER]

The papers are invented: words drawn as often as words of a language are (Zipf), names, days of ten years; embedded by
hashing. With --home the library stays, and is used again if it has so many papers. Times are processor milliseconds,
memory that of the process; the ratios are of one run, and so hold on a busy machine, too.
"""

import argparse
import datetime
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path

import numpy as np
import tantivy

from index import Library, Paper
from index.storage.held import HeldVectors
from index.text import stems_of

_SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe qi ro su ta ve wi xo yu bre cla dri gra pho tri".split()
_WORDS = 60_000
_SENTENCES, _LENGTH = 7, 22
_QUESTIONS = 60


class Language:
    """Invented words, of which few are frequent, and papers made of them; always the same."""

    def __init__(self) -> None:
        self._chance = random.Random(1)
        self.words = list({self._word(self._chance.randint(2, 5)) for _ in range(_WORDS)})
        self.words.sort(key=len)
        self._weights = list(accumulate(1 / rank for rank in range(5, len(self.words) + 5)))

    def _word(self, syllables: int) -> str:
        return "".join(self._chance.choices(_SYLLABLES, k=syllables))

    def some(self, count: int) -> list[str]:
        """Words as often as they occur."""
        return self._chance.choices(self.words, cum_weights=self._weights, k=count)

    def papers(self, count: int) -> Iterator[Paper]:
        """Papers with a name, a day and an id."""
        first = datetime.date(2016, 1, 1)
        for number in range(count):
            name = f"{self._word(3).title()}{number}"
            sentences = [" ".join(self.some(_LENGTH)).capitalize() + "." for _ in range(_SENTENCES)]
            yield Paper(
                title=f"{name}: {' '.join(self.some(6)).title()}",
                abstract=f"{' '.join(sentences)} We call it {name}.",
                id=f"arxiv:{1601 + number // 100_000:04d}.{number % 100_000:05d}",
                published=first + datetime.timedelta(days=self._chance.randrange(3_650)),
                source="invented",
            )


def misspelt(word: str) -> str:
    """A word with two letters changed round."""
    return f"{word[:2]}{word[3]}{word[2]}{word[4:]}" if len(word) > 5 else word


def milliseconds(call: Callable[[str], object], questions: list[str]) -> list[float]:
    """Processor time of a call with each question, after a first one that opens things."""
    call(questions[0])
    times = []
    for question in questions:
        begun = time.process_time()
        call(question)
        times.append((time.process_time() - begun) * 1e3)
    return times


def said(what: str, times: list[float], beside: float) -> None:
    """Prints the median and the slowest but one in a hundred, and the median as a multiple of `beside`."""
    median, slow = statistics.median(times), sorted(times)[int(len(times) * 0.99) - 1]
    print(f"{what:42} p50 {median:7.1f} ms   p99 {slow:7.1f} ms   {median / beside:5.1f} times", flush=True)


def written() -> int:
    """Bytes that this process has written, where the system tells (Linux)."""
    try:
        lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return int(dict(line.split(": ") for line in lines)["write_bytes"])


def measure_adding(library: Library, language: Language) -> None:
    """One paper into what is there, five times."""
    for number in range(6):
        paper = next(language.papers(1)).with_(id=f"arxiv:3001.{library.change() % 100_000:05d}")
        before, begun = written(), time.process_time()
        library.add([paper])
        took, bytes_written = time.process_time() - begun, written() - before
        if number:
            print(f"one paper into {library.count():,}: {took:.3f} CPU s, {bytes_written / 1e6:.2f} MB written")
    assert library.search(paper.title, k=1)[0].paper.id == paper.id
    vector = library.embedder.embed_question(f"{paper.title} {paper.abstract}")
    assert library.nearest(vector, 5)[0][0] == paper.id


def measure_searching(library: Library) -> None:
    """Eight words of a paper: as they are, within days, misspelt."""
    papers = library.papers_by_id(library.newest(_QUESTIONS)).values()
    questions = [" ".join(paper.abstract.split()[3:11]) for paper in papers]
    index = library.words
    searcher, schema = index._searcher, index._index.schema

    def by_tantivy(question: str) -> object:
        terms = [tantivy.Query.term_query(schema, "text", stem) for stem in stems_of(question)]
        return searcher.search(tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms]), 10)

    alone = milliseconds(by_tantivy, questions)
    beside = statistics.median(alone)
    said("tantivy alone, ten papers", alone, beside)
    said("a question", milliseconds(library.search, questions), beside)
    for years, until in (("one year", "2020-12-31"), ("five years", "2024-12-31")):
        dated = milliseconds(lambda q, until=until: library.search(q, since="2020-01-01", until=until), questions)  # type: ignore[misc]
        said(f"a question in {years}", dated, beside)
    slips = [" ".join([*map(misspelt, question.split()[:3]), *question.split()[3:]]) for question in questions]
    said("a question with misspelt words", milliseconds(library.search, slips), beside)
    _measure_meaning(library, questions)


def _measure_meaning(library: Library, questions: list[str]) -> None:
    embedder = library.embedder
    vectors = {question: embedder.embed_question(question) for question in questions}
    held = HeldVectors(library._record, embedder.name, embedder.dimension)
    brute = milliseconds(lambda q: held.nearest(vectors[q], 600), questions)
    beside = statistics.median(brute)
    said("numpy alone, 600 chunks", brute, beside)
    said("the 600 nearest chunks", milliseconds(lambda q: library.nearest(vectors[q], 600), questions), beside)
    year = library.of_days(20_200_101, 20_201_231)
    said("of one year", milliseconds(lambda q: library.nearest(vectors[q], 600, year), questions), beside)
    assert np.isclose(library.nearest(vectors[questions[0]], 1)[0][3], held.nearest(vectors[questions[0]], 1)[0][1])


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--papers", type=int, default=10_000)
    parser.add_argument("--home", type=Path)
    arguments = parser.parse_args()
    language = Language()
    with tempfile.TemporaryDirectory() as folder, Library.open(arguments.home or folder, "hashing") as library:
        if library.count() < arguments.papers:
            before, begun = written(), time.process_time()
            library.add(language.papers(arguments.papers))
            disk = library.status().disk
            took, share = time.process_time() - begun, (written() - before) / disk
            print(
                f"{arguments.papers:,} papers: {took:.0f} CPU s besides Chroma; written {share:.1f} times what stays,"
            )
            print(f"{disk / 1e6:.0f} MB, {disk / arguments.papers / 1e3:.0f} KB a paper")
        measure_adding(library, language)
        measure_searching(library)
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
