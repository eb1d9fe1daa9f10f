"""Two windows, three adders and two readers on one library at once: no error may reach a person.

    python tests/benchmarks/crowding.py FILE [--seconds 120]

FILE is anything that `papers add` reads. The library is a temporary folder, embedded by hashing. Each adder adds a few
papers at a time by `papers add` and removes some again; each reader lists, searches and asks; a person at each window
searches and asks over its named endpoints. Prints what was done and how long it took; exits with 1 if a command failed,
wrote anything but results and notices of waiting, or if the library is not whole in the end.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import httpx
from window_load import call

from index import Library, Paper
from index.export import to_jsonl
from index.sources import read_file

PAPERS = [sys.executable, "-c", "import sys; from assistant.cli import main; sys.exit(main())"]
_HARMLESS = ("stored:", "Note: Waiting for process", "Note: No model", "No paper matches")


class Watch:
    """What was done, how long each took, and what reached a person that should not have."""

    def __init__(self, home: Path, seconds: float) -> None:
        self.environment = {**os.environ, "PAPERS_HOME": str(home), "PAPERS_EMBEDDINGS": "hashing"}
        self.environment |= {"PAPERS_OFFLINE": "1"}
        self.until = time.monotonic() + seconds
        self.took: dict[str, list[float]] = defaultdict(list)
        self.wrong: list[str] = []

    def over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() > self.until

    def run(self, *arguments: str) -> None:
        """Runs a command as a person does, and looks at what it says."""
        begun = time.monotonic()
        done = subprocess.run(
            [*PAPERS, *arguments], env=self.environment, capture_output=True, text=True, timeout=300, check=False
        )
        self.took[arguments[0]].append(time.monotonic() - begun)
        said = [line for line in done.stderr.splitlines() if line and not any(h in line for h in _HARMLESS)]
        bad = [line for line in said if any(w in line for w in ("rror", "Traceback", "damaged", "locked", "cannot"))]
        if done.returncode or bad:
            self.wrong.append(f"{' '.join(arguments)[:80]}: exit {done.returncode}: {' / '.join(said)[-600:]}")

    def note(self, what: str, seconds: float, problem: str) -> None:
        """Notes what a window did."""
        self.took[what].append(seconds)
        if problem:
            self.wrong.append(f"{what}: {problem}")


def add(watch: Watch, folder: Path, papers: list[Paper], seed: int) -> None:
    """Adds some papers at a time, and removes one again; nobody else has these papers."""
    chance, number = random.Random(seed), 0
    while not watch.over():
        some = chance.sample(papers, chance.randint(1, 12))
        file = folder / f"{seed}-{number}.jsonl"
        file.write_text(to_jsonl(some), encoding="utf-8")
        watch.run("add", str(file))
        if number % 3 == 2:
            watch.run("remove", some[0].id)
        number += 1


def read(watch: Watch, papers: list[Paper], seed: int) -> None:
    """Lists, searches, asks and looks at the state."""
    chance = random.Random(seed)
    while not watch.over():
        title = chance.choice(papers).title
        watch.run("search", title)
        watch.run("list")
        watch.run("ask", f"What is {title}?", "--no-llm")
        watch.run("status")


async def look(watch: Watch, url: str, papers: list[Paper], seed: int) -> None:
    """A person at a window."""
    chance = random.Random(seed)
    async with httpx.AsyncClient(base_url=url, timeout=120, trust_env=False) as client:
        config = (await client.get("/config")).json()
        number = {f["api_name"]: f["id"] for f in config["dependencies"]}
        while not watch.over():
            title = chance.choice(papers).title
            for tool, data in (
                ("search_papers", [title, 10, None, None]),
                ("ask_papers", [f"What is {title}?", 8, None, None, False]),
            ):
                (seconds, answer), *_ = await call(client, number[tool], data)
                watch.note(f"window {tool}", seconds, _problem(answer))
                await asyncio.sleep(0.2)


def _problem(answer: Any) -> str:
    if not isinstance(answer, dict):
        return f"answered {str(answer)[:200]!r}"
    notices = [n for n in answer.get("notices", []) if any(w in n for w in ("damaged", "rror", "cannot", "locked"))]
    return json.dumps(answer["error"])[:300] if "error" in answer else " ".join(notices)


@contextlib.contextmanager
def windows(watch: Watch, count: int) -> Any:
    """Some windows on the library, each in a process of its own: their addresses."""
    served, urls = [], []
    for _ in range(count):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [*PAPERS, "chat", "--port", str(port)]
        served.append(subprocess.Popen(command, env=watch.environment, stderr=subprocess.PIPE, text=True))
        urls.append(f"http://127.0.0.1:{port}")
    try:
        for url, window in zip(urls, served, strict=True):
            while window.poll() is None:
                with contextlib.suppress(httpx.HTTPError):
                    if httpx.get(f"{url}/health", trust_env=False, timeout=5).is_success:
                        break
                time.sleep(0.3)
        yield urls
    finally:
        for window in served:
            window.terminate()
            said = window.communicate(timeout=60)[1]
            if "Traceback" in said or "rror" in said:
                watch.wrong.append(f"a window said: {said[-800:]}")


def main() -> int:
    """Runs it and says what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file")
    parser.add_argument("--seconds", type=float, default=120)
    arguments = parser.parse_args()
    papers = list(read_file(Path(arguments.file)).papers[:1500])
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        with Library.open(home, "hashing") as library:
            library.add(papers[:300])
        watch = Watch(home, 10_000)
        with windows(watch, 2) as urls:
            watch.until = time.monotonic() + arguments.seconds
            threads = [
                threading.Thread(target=add, args=(watch, Path(folder), papers[seed - 1 :: 3], seed))
                for seed in (1, 2, 3)
            ]
            threads += [threading.Thread(target=read, args=(watch, papers, seed)) for seed in (4, 5)]
            for thread in threads:
                thread.start()

            async def at_windows() -> None:
                await asyncio.gather(*(look(watch, url, papers, seed) for seed, url in enumerate(urls, 6)))

            asyncio.run(at_windows())
            for thread in threads:
                thread.join()
        with Library.open(home, "hashing") as library:
            library.fill_indexes()
            status = library.status(verify=True)
        watch.wrong += [] if status.agree else [f"not whole: {' '.join(status.notices)}"]
    for what, seconds in sorted(watch.took.items()):
        print(f"{what:22} {len(seconds):5} times, median {statistics.median(seconds):5.2f} s, most {max(seconds):6.2f}")
    print(f"{status.papers} papers in the end; {len(watch.wrong)} errors reached a person")
    for wrong in watch.wrong:
        print(f"  {wrong}")
    return 1 if watch.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
