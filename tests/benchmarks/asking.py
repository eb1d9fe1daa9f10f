"""Ten questions about a page of papers: calls, prompt tokens, seconds, cited and flagged sentences.

    python tests/benchmarks/asking.py PAGE [--server http://127.0.0.1:18080/v1] [--embeddings hashing]

Without a server the answers are in quotes. Prompt tokens are the server's own figure; `counted` is ours.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))

from assistant import Answer, Assistant
from assistant.ask.prompt import messages_for
from assistant.ask.retrieval import find_papers
from assistant.question import Question
from assistant.settings import Settings
from assistant.tokens import count_messages, token_counter
from index.sources import read_file

QUESTIONS = """Which papers speed up attention in hardware, and by how much?
How fast is FlashAttention-4?
How much memory does Pre-gated MoE save?
What is OmniMoE and how does it work?
Which papers use reinforcement learning?
Which methods make mixture-of-experts inference cheaper on edge devices?
What data sets are used to evaluate FBNetV5?
How many GPUs did MegaScale train on, and what utilization did it reach?
What are the limits of language models for Verilog generation?
How do I bake sourdough bread?"""


async def asked(assistant: Assistant, question: str) -> tuple[Answer, float, float]:
    """The answer, and the seconds until its first text and its end."""
    started, first = time.perf_counter(), 0.0
    answer = None
    async for answer in assistant.stream(question):
        if answer.text and not first:
            first = time.perf_counter() - started
    assert answer is not None
    return answer, first, time.perf_counter() - started


def main() -> None:
    """Asks and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path)
    parser.add_argument("--server", help="an OpenAI-compatible server")
    parser.add_argument("--embeddings", default="hashing")
    parser.add_argument("--questions", type=Path, help="one question a line")
    args = parser.parse_args()
    questions = (args.questions.read_text(encoding="utf-8") if args.questions else QUESTIONS).splitlines()
    rows = []
    with tempfile.TemporaryDirectory() as home:
        given = {"base_url": args.server, "api_key": "no-key"} if args.server else {"base_url": "", "api_key": ""}
        settings = Settings.load(home=Path(home), embeddings=args.embeddings, offline=True, **given)
        with Assistant.open(settings) as assistant:
            assistant.library.add(read_file(args.page).papers)
            print(f"{assistant.library.count()} papers, {settings.embeddings}, tokens counted by {token_counter()}\n")
            print("| question | mode | calls | prompt tokens | counted | first text s | all s | cited | flagged |")
            print("|---|---|---|---|---|---|---|---|---|")
            for question in questions:
                answer, first, total = asyncio.run(asked(assistant, question))
                found = find_papers(assistant.library, Question(question))
                counted = count_messages(messages_for(Question(question), found, ()))
                cited = [claim for claim in answer.claims if claim.citations]
                flagged = sum(claim.check.verdict in ("look", "uncited") for claim in answer.claims)
                mode = answer.mode if answer.answered else "not in papers"
                used = answer.usage
                rows.append((used.prompt_tokens, counted, first, total))
                print(
                    f"| {question} | {mode} | {used.llm_calls} | {used.prompt_tokens} | {counted} | {first:.2f} "
                    f"| {total:.2f} | {len(cited)} | {flagged} |"
                )
    prompt, counted, firsts, totals = (list(column) for column in zip(*rows, strict=True))
    print(f"\nmedian: {median(prompt):.0f} prompt tokens ({median(counted):.0f} counted), ", end="")
    print(
        f"first text {median(firsts):.2f} s, all {median(totals):.2f} s; most: {max(prompt)} ({max(counted)} counted)"
    )


if __name__ == "__main__":
    main()
