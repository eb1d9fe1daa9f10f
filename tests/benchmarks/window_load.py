"""How a served window bears many people: tests/benchmarks/window_load.py URL [--people N] [--sessions N] [--pid PID]

First two questions of each of `--people` at the same moment, each person in a session of their own, over the named
endpoint `ask_papers` (let the server have a model that takes a second). Then `--sessions` sessions one after the
other, ten at a time, each opening the page and searching once. With the server's `--pid`, its memory (RSS) after
every tenth of them.
"""

import argparse
import asyncio
import json
import re
import statistics
import time
import uuid
from pathlib import Path
from typing import Any

import httpx

QUESTION = "Which papers speed up attention in hardware, and by how much?"
ASK, SEARCH = [QUESTION, 8, None, None, True], [QUESTION, 10, None, None]


async def call(client: httpx.AsyncClient, number: int, data: list[Any], jobs: int = 1) -> list[tuple[float, Any]]:
    """Seconds that each of some jobs of one new session took, and what it answered."""
    session = uuid.uuid4().hex[:12]
    start = time.perf_counter()
    job = {"data": data, "fn_index": number, "session_hash": session}
    for joined in await asyncio.gather(*(client.post("/gradio_api/queue/join", json=job) for _ in range(jobs))):
        joined.raise_for_status()
    done = []
    async with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as events:
        async for line in events.aiter_lines():
            if line.startswith("data:") and "process_completed" in line:
                done.append((time.perf_counter() - start, json.loads(line[5:])["output"]["data"][0]))
                if len(done) == jobs:
                    return done
    raise SystemExit("a job came to no end")


def memory(pid: int) -> float:
    """Resident memory of a process in MB."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024  # type: ignore[index]


async def run(url: str, people: int, sessions: int, pid: int | None) -> None:
    """Both measurements."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=url, timeout=120, limits=limits, trust_env=False) as client:
        config = (await client.get("/config")).json()
        number = {f["api_name"]: f["id"] for f in config["dependencies"]}
        await call(client, number["ask_papers"], ASK)
        start = time.perf_counter()
        each = await asyncio.gather(*(call(client, number["ask_papers"], ASK, jobs=2) for _ in range(people)))
        took = [job for jobs in each for job in jobs]
        whole = time.perf_counter() - start
        times = sorted(seconds for seconds, _ in took)
        modes = {answer["mode"] for _, answer in took}
        what = f"{len(took)} jobs of {people} people at once ({', '.join(modes)})"
        print(f"{what}: all in {whole:.2f} s, median {statistics.median(times):.2f} s")
        for tenth in range(10):
            for _ in range(sessions // 100):
                batch = (call(client, number["search_papers"], SEARCH) for _ in range(10))
                await asyncio.gather(client.get("/"), *batch)
            if pid:
                print(f"{(tenth + 1) * sessions // 10} sessions: {memory(pid):.0f} MB")


def main() -> None:
    """Read the arguments, and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--pid", type=int)
    asyncio.run(run(**vars(parser.parse_args())))


if __name__ == "__main__":
    main()
