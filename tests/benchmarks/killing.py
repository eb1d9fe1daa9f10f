"""Kills (SIGKILL) whatever changes a library, at random moments over its whole time, and looks at what is left.

    python tests/benchmarks/killing.py FILE [--papers 60] [--kills 200] [--seed 1]

FILE is anything that `papers add` reads; the library is a temporary folder, embedded by hashing. In turn it kills an
addition, an update, a removal, `reindex`, `repair`, a weekly digest and a conversation. After each kill: the library
opens, lists and searches, nothing that was reported is gone, and adding again ends with record, words and vectors in
agreement. Prints a line for each kill, and exits with 1 if one of these does not hold. Needs a system that forks: the
processes that are killed have everything imported.
"""

import argparse
import asyncio
import multiprocessing
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.process import BaseProcess
from pathlib import Path

import chromadb  # noqa: F401  # so that each process has it

from assistant.conversations import Conversations, QuestionScope
from assistant.engine import Assistant
from assistant.settings import Settings
from assistant.weekly import weekly
from assistant.weekly.cache import FILE as DIGESTS
from index import Library, Paper
from index.embedding.hashing import Hashing
from index.sources import read_file
from index.storage import store

STEPS = 10  # papers, weeks or questions, one after another
Done = Callable[[object], None]
_FORKED = multiprocessing.get_context("fork")


def add(library: Library, papers: list[Paper], done: Done) -> None:
    """Adds all papers, in many transactions."""
    Hashing.papers_at_once, store._PAPERS_AT_ONCE = 5, 10
    library.add(papers, progress=lambda stored, total: done(stored))


def update(library: Library, papers: list[Paper], done: Done) -> None:
    """Gives papers another abstract, one by one."""
    for paper in papers[:STEPS]:
        library.add([replace(paper, abstract=f"{paper.abstract} It was revised.", upvotes=(paper.upvotes or 0) + 1)])
        done(paper.id)


def remove(library: Library, papers: list[Paper], done: Done) -> None:
    """Removes papers, one by one."""
    for paper in papers[:STEPS]:
        library.remove([paper.id])
        done(paper.id)


def reindex(library: Library, papers: list[Paper], done: Done) -> None:
    """Computes all vectors again."""
    library.reindex("hashing", progress=lambda have, texts: done(have))


def repair(library: Library, papers: list[Paper], done: Done) -> None:
    """Makes both indexes again."""
    library.repair()


def week_by_week(library: Library, papers: list[Paper], done: Done) -> None:
    """Writes digests."""

    async def write(week: str) -> None:
        async for _ in weekly(library, week):
            pass

    for week in list(library.weeks())[:STEPS]:
        asyncio.run(write(week))
        done(week)


def converse(library: Library, papers: list[Paper], done: Done) -> None:
    """Asks one question after another in a conversation, and keeps each answer as it grows."""
    conversations = Conversations(library.path / "conversations.sqlite3")
    assistant = Assistant(library, Settings.load(home=library.path))

    async def answer(turn: int, question: str) -> None:
        async for snapshot in assistant.stream(question, llm=False):
            conversations.save(turn, snapshot, "done" if snapshot.complete else "asking")

    talk = None
    for paper in papers[:STEPS]:
        turn = conversations.ask("", talk, f"What is {paper.title[:40]}?", QuestionScope())
        talk = turn.conversation
        asyncio.run(answer(turn.id, turn.question))
        done(turn.id)


WORK = {
    "add": add,
    "update": update,
    "remove": remove,
    "reindex": reindex,
    "repair": repair,
    "weekly": week_by_week,
    "conversation": converse,
}


@dataclass(frozen=True)
class Left:
    """What a kill left: what was reported before it, whether the work was still going on, and how long it took."""

    reported: list[str]
    at_work: bool
    seconds: float


def prepared(kind: str, base: Path, home: Path) -> None:
    """A copy of the library that a kind of work begins with."""
    shutil.copytree(base, home)
    if kind == "reindex":
        with sqlite3.connect(home / "record.sqlite3") as record:
            record.execute("DELETE FROM vectors")
        record.close()
    if kind == "repair":
        for folder in (*home.glob("chroma-*"), *home.glob("words-*")):
            shutil.rmtree(folder)


def _forked(work: Callable[[Done], None]) -> tuple[BaseProcess, int]:
    """Work in a process of its own, and where to read the lines that it reports."""
    read, write = os.pipe()

    def run() -> None:
        work(lambda what: (os.write(write, f"{what}\n".encode()), None)[1])

    process = _FORKED.Process(target=run)
    process.start()
    os.close(write)
    return process, read


def killed(kind: str, home: Path, papers: list[Paper], seconds: float | None) -> Left:
    """What is left of some work that was killed so many seconds after it began; None: that was left to end."""

    def work(done: Done) -> None:
        with Library.open(home, "hashing") as library:
            done("open")
            WORK[kind](library, papers, done)

    process, read = _forked(work)
    with os.fdopen(read) as reports:
        reports.readline()
        begun = time.monotonic()
        if seconds is not None:
            process.join(seconds)
            process.kill()
        reported = reports.read().split()
    process.join()
    if process.exitcode not in (0, -9):
        raise RuntimeError(f"{kind} failed")
    return Left(reported, process.exitcode == -9, time.monotonic() - begun)


def look(kind: str, home: Path, left: Left, papers: list[Paper]) -> str:
    """What is wrong with a library after a kill; empty where nothing is."""

    def work(done: Done) -> None:
        done(" ".join([*_wrong_papers(kind, home, left, papers), *_wrong_beside(kind, home, left.reported)]))

    process, read = _forked(work)
    with os.fdopen(read) as reports:
        said = reports.read().strip()
    process.join()
    return said if process.exitcode == 0 else f"{said} looking at it failed ({process.exitcode})"


def _wrong_papers(kind: str, home: Path, left: Left, papers: list[Paper]) -> list[str]:
    half = len(papers) // 2
    wrong: list[str] = []
    with Library.open(home, "hashing") as library:
        listed = {paper.id for paper in library.papers()}
        expected = {paper.id for paper in papers[:half]}
        if kind == "add":
            expected |= {paper.id for paper in papers[: max(map(int, left.reported), default=0)]}
        if kind == "remove":
            expected -= {paper.id for paper in papers[: len(left.reported) + 1]}  # one may be gone, not yet reported
            wrong += ["removed, and yet there;"] if listed & set(left.reported) else []
        wrong += ["lost;"] if expected - listed else []
        if kind == "update":
            stored = library.papers_by_id(left.reported).values()
            revised = [paper.id for paper in stored if "It was revised." in paper.abstract]
            wrong += ["an update is lost;"] if set(revised) != set(left.reported) else []
        wrong += _unfound(library, [p for p in papers[::10] if p.id in listed], "not found;")
        library.add(papers)
        wrong += [] if library.count() == len(papers) else ["added again wrongly;"]
        if kind == "reindex":  # its vectors were taken away beforehand
            library.reindex("hashing")
        wrong += _unfound(library, papers[::10], "not found after;")
        status = library.status(verify=True)
        wrong += [] if status.agree else list(status.notices)
    return wrong


def _unfound(library: Library, papers: list[Paper], word: str) -> list[str]:
    return [word] if any(p.id not in {h.paper.id for h in library.search(p.title)} for p in papers) else []


def _wrong_beside(kind: str, home: Path, reported: list[str]) -> list[str]:
    """What is wrong with conversations and digests."""
    wrong = []
    for name in ("conversations.sqlite3", DIGESTS):
        if (home / name).exists():
            with sqlite3.connect(home / name) as sql:
                wrong += [f"{name} is damaged;"] if sql.execute("PRAGMA integrity_check").fetchone() != ("ok",) else []
            sql.close()
    if kind == "conversation" and (home / "conversations.sqlite3").exists():
        conversations = Conversations(home / "conversations.sqlite3")
        conversations.recover()
        turns = [turn for found in conversations.list("") for turn in conversations.turns("", found.id)]
        complete = {str(t.id) for t in turns if t.state == "done" and t.answer and t.answer.complete}
        wrong += ["an answer is lost;"] if set(reported) - complete else []
        wrong += ["an answer never ends;"] if any(turn.state == "asking" for turn in turns) else []
        conversations.close()
    return wrong


def _first(base: Path, papers: list[Paper]) -> None:
    """The library that all work begins with: half of the papers."""

    def work(done: Done) -> None:
        with Library.open(base, "hashing") as library:
            library.add(papers[: len(papers) // 2])

    process, read = _forked(work)
    process.join()
    os.close(read)


def main() -> int:
    """Runs it and says what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file")
    parser.add_argument("--papers", type=int, default=60)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    papers = list(read_file(Path(arguments.file)).papers[: arguments.papers])
    chance = random.Random(arguments.seed)
    bad = at_work = 0
    with tempfile.TemporaryDirectory() as folder:
        base, home = Path(folder) / "base", Path(folder) / "home"
        _first(base, papers)
        seconds = {}
        for kind in WORK:
            prepared(kind, base, home)
            seconds[kind] = killed(kind, home, papers, None).seconds
            shutil.rmtree(home)
        print("seconds left to end: " + ", ".join(f"{kind} {took:.1f}" for kind, took in seconds.items()), flush=True)
        for number in range(arguments.kills):
            kind = list(WORK)[number % len(WORK)]
            prepared(kind, base, home)
            after = chance.uniform(0, seconds[kind])
            left = killed(kind, home, papers, after)
            wrong = look(kind, home, left, papers)
            shutil.rmtree(home)
            at_work += left.at_work
            bad += bool(wrong)
            ended = "" if left.at_work else " (it had ended)"
            steps = f"{len(left.reported)} steps reported"
            print(f"{number + 1:3} {kind:12} after {after:5.2f} s{ended}, {steps}: {wrong or 'all well'}", flush=True)
    print(f"{arguments.kills - bad} of {arguments.kills} kills left everything whole; {at_work} fell into the work")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
