"""Kills (SIGKILL) whatever changes a library, at random moments over its whole time, and looks at what is left.

    python tests/benchmarks/killing.py FILE [--papers 200] [--kills 200] [--seed 1]

FILE is anything that `papers add` reads; the library is a temporary folder, embedded by hashing. In turn it kills an
addition, an update, a removal, `reindex`, `repair`, a weekly digest and a conversation. After each kill: the library
opens, lists and searches, nothing that was reported is gone, and adding again ends with record, words and vectors in
agreement. Prints a line for each kill, and exits with 1 if one of these does not hold.
"""

import argparse
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.conversations import Conversations
from assistant.weekly.cache import FILE as DIGESTS
from index import Library, Paper
from index.sources import read_file

BEGIN = """
import asyncio, sys
from dataclasses import replace
from pathlib import Path
from index import Library, Paper
from index.embedding.hashing import Hashing
from index.sources import read_file
Hashing.papers_at_once = 5  # many transactions
STEPS = 10  # papers, weeks or questions, one after another
file, home, half = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
papers = list(read_file(Path(file)).papers[: 2 * half])
library = Library.open(home, "hashing")
def done(what): print(what, flush=True)
done("ready")
"""
WORK = {
    "add": "library.add(papers, progress=lambda stored, total: done(stored))",
    "update": """
for paper in papers[:STEPS]:
    library.add([replace(paper, abstract=paper.abstract + " It was revised.", upvotes=(paper.upvotes or 0) + 1)])
    done(paper.id)
""",
    "remove": """
for paper in papers[:STEPS]:
    library.remove([paper.id])
    done(paper.id)
""",
    "reindex": "library.reindex('hashing', progress=lambda have, texts: done(have))",
    "repair": "library.repair()",
    "weekly": """
from assistant.weekly import weekly
async def last(week):
    async for digest in weekly(library, week):
        pass
for week in list(library.weeks())[:STEPS]:
    asyncio.run(last(week))
    done(week)
""",
    "conversation": """
from assistant.conversations import Conversations, QuestionScope
from assistant.engine import Assistant
from assistant.settings import Settings
assistant = Assistant(library, Settings.load(home=home))
conversations = Conversations(home / "conversations.sqlite3")
talk = None
async def answered(turn):
    async for answer in assistant.stream(turn.question, llm=False):
        conversations.save(turn.id, answer, "done" if answer.complete else "asking")
for paper in papers[:STEPS]:
    turn = conversations.ask("", talk, "What is " + paper.title[:40] + "?", QuestionScope())
    talk = turn.conversation
    asyncio.run(answered(turn))
    done(turn.id)
""",
}


@dataclass
class Left:
    """What a kill left: the folder, what was reported before it, whether the work was still going on, and how long it
    had taken."""

    home: Path
    reported: list[str] = field(default_factory=list)
    at_work: bool = True
    seconds: float = 0.0


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


def started(arguments: argparse.Namespace, kind: str, home: Path) -> "subprocess.Popen[str]":
    """The work, in another process that has read its papers and opened the library."""
    half = str(arguments.papers // 2)
    command = [sys.executable, "-c", BEGIN + WORK[kind], arguments.file, str(home), half]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def killed(arguments: argparse.Namespace, kind: str, home: Path, seconds: float | None) -> Left:
    """What is left of some work that was killed after so many seconds; None: that was left to end."""
    process = started(arguments, kind, home)
    begun = time.monotonic()
    if seconds is not None:
        time.sleep(seconds)
    at_work = process.poll() is None
    if seconds is not None:
        process.kill()
    out, error = process.communicate()
    if process.returncode not in (0, -9):
        raise RuntimeError(f"{kind} failed: {error}")
    return Left(home, out.split(), at_work, time.monotonic() - begun)


def look(kind: str, left: Left, papers: list[Paper]) -> str:
    """What is wrong with a library after a kill; empty where nothing is."""
    half = len(papers) // 2
    wrong: list[str] = []
    with Library.open(left.home, "hashing") as library:
        listed = {paper.id for paper in library.papers()}
        expected = {paper.id for paper in papers[:half]}
        if kind == "add":
            expected |= {paper.id for paper in papers[: max(map(int, left.reported), default=0)]}
        if kind == "remove":
            wrong += ["removed, and yet there"] if listed & set(left.reported) else []
            expected = listed if expected - listed <= {p.id for p in papers[: len(left.reported) + 1]} else expected
        wrong += ["lost"] if expected - listed else []
        revised = {i for i, paper in library.papers_by_id(left.reported).items() if "It was revised." in paper.abstract}
        wrong += ["update lost"] if kind == "update" and revised != set(left.reported) else []
        some = [paper for paper in papers[::20] if paper.id in listed]
        wrong += _unfound(library, some, "not found")
        library.add([replace(paper) for paper in papers])
        wrong += [] if library.count() == len(papers) else ["added again wrongly"]
        wrong += _unfound(library, papers[::20], "not found after")
        status = library.status(verify=True)
        if kind == "reindex" and not status.agree:  # its vectors were taken away on purpose
            library.repair()
            status = library.status(verify=True)
        wrong += [] if status.agree else list(status.notices)
    return ", ".join(wrong + _kept_beside(left.home, kind, left.reported))


def _unfound(library: Library, papers: list[Paper], word: str) -> list[str]:
    return [word] if any(p.id not in {h.paper.id for h in library.search(p.title)} for p in papers) else []


def _kept_beside(home: Path, kind: str, reported: list[str]) -> list[str]:
    """What is wrong with conversations and digests."""
    wrong = []
    for name in ("conversations.sqlite3", DIGESTS):
        if (home / name).exists():
            with sqlite3.connect(home / name) as sql:
                wrong += [f"{name} is damaged"] if sql.execute("PRAGMA integrity_check").fetchone() != ("ok",) else []
            sql.close()
    if kind == "conversation" and (home / "conversations.sqlite3").exists():
        conversations = Conversations(home / "conversations.sqlite3")
        conversations.recover()
        turns = [turn for found in conversations.list("") for turn in conversations.turns("", found.id)]
        complete = {str(t.id) for t in turns if t.state == "done" and t.answer and t.answer.complete}
        wrong += ["an answer is lost"] if set(reported) - complete else []
        wrong += ["an answer never ends"] if any(turn.state == "asking" for turn in turns) else []
        conversations.close()
    return wrong


def in_full(arguments: argparse.Namespace, base: Path, say: Callable[[str], None]) -> dict[str, float]:
    """How long each kind of work takes when it is left to end."""
    seconds = {}
    for kind in WORK:
        with tempfile.TemporaryDirectory() as folder:
            prepared(kind, base, Path(folder) / "home")
            seconds[kind] = killed(arguments, kind, Path(folder) / "home", None).seconds
    say("seconds left to end: " + ", ".join(f"{kind} {taken:.1f}" for kind, taken in seconds.items()))
    return seconds


def main() -> int:
    """Runs it and says what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file")
    parser.add_argument("--papers", type=int, default=200)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    papers = list(read_file(Path(arguments.file)).papers[: arguments.papers])
    chance = random.Random(arguments.seed)
    bad = at_work = 0
    with tempfile.TemporaryDirectory() as base:
        with Library.open(Path(base) / "home", "hashing") as library:
            library.add(papers[: len(papers) // 2])
        seconds = in_full(arguments, Path(base) / "home", lambda text: print(text, flush=True))
        for number in range(arguments.kills):
            kind = list(WORK)[number % len(WORK)]
            with tempfile.TemporaryDirectory() as folder:
                home = Path(folder) / "home"
                prepared(kind, Path(base) / "home", home)
                after = chance.uniform(0, seconds[kind])
                left = killed(arguments, kind, home, after)
                wrong = look(kind, left, papers)
            at_work += left.at_work
            bad += bool(wrong)
            ended = "" if left.at_work else " (it had ended)"
            told = f"{len(left.reported)} steps reported: {wrong or 'all well'}"
            print(f"{number + 1:3} {kind:12} killed after {after:5.2f} s{ended}, {told}", flush=True)
    print(f"{arguments.kills - bad} of {arguments.kills} kills left everything whole; {at_work} fell into the work")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
