"""Conversations of one to three turns about invented papers: how many hold together, turn by turn.

    python tests/benchmarks/conversations.py [--half open|shut] [--failures]

Each is held twice: without a model, where the answer is judged, and with a stand-in for a chat server, where what was
sent to it is judged: the papers that the turn is about, and those that were compared or cited last. Choose rules with
the open half; the other is for published figures only.

A turn of conversations.jsonl has the question (`ask`) and what is right: `of`, the papers that may be cited (all of
them must be sent); `compares`, the papers of a comparison; `says`, words of the answer; `answered` (true if missing);
`talk`, an answer that needs no paper. Papers are named by the beginning of their titles, up to the colon.
"""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from chat_server import StubServer

from assistant import Answer, Assistant
from assistant.settings import Settings
from index.errors import LibraryError
from index.library import Library
from index.paper import Paper
from index.sources import read_file

HERE = Path(__file__).parent
Turn = dict[str, Any]


def called(paper: Paper) -> str:
    """A title up to its colon, by which the conversations name a paper."""
    return paper.title.partition(":")[0]


def cited_by(answer: Answer) -> set[str]:
    """The papers that an answer cites or compares."""
    return {called(p.paper) for p in answer.papers if p.cited}


def wrong_answer(turn: Turn, answer: Answer) -> str | None:
    """What is wrong with an answer in quotes; None if nothing is."""
    cited = cited_by(answer)
    if answer.answered != turn.get("answered", True):
        return f"answered is {answer.answered}"
    if turn.get("talk") and cited:
        return f"cites {sorted(cited)}"
    if compared := turn.get("compares"):
        return None if answer.comparison and cited == set(compared) else f"compares {sorted(cited)}"
    if "of" in turn and not (cited and cited <= set(turn["of"])):
        return f"cites {sorted(cited)}"
    return None if turn.get("says", "") in answer.text else "does not say it"


def wrong_evidence(turn: Turn, prompts: Sequence[str], before: Sequence[Answer]) -> str | None:
    """What is missing in the evidence sent for a turn; None if nothing is. A comparison needs its two papers only."""
    wanted = {*turn.get("of", ()), *turn.get("compares", ())}
    last = next((answer for answer in reversed(before) if answer.answered and cited_by(answer)), None)
    if last and not (turn.get("talk") or turn.get("compares")):
        wanted |= cited_by(last)
    sent = {title.partition(":")[0] for prompt in prompts for title in re.findall(r"(?m)^\[\d+\] (.+?) \(\d", prompt)}
    return f"not sent: {sorted(wanted - sent)}" if wanted - sent else None


class Reader:
    """A stand-in for a model that answers from the papers that the turn is about, and records what it was sent."""

    def __init__(self) -> None:
        self.prompts: list[str] = []
        self.turn: Turn = {}

    def __call__(self, request: dict[str, Any]) -> str:
        """The reply to a request: the first sentence of each paper that is right, as far as it was sent."""
        prompt = "\n".join(str(message["content"]) for message in request["messages"])
        self.prompts.append(prompt)
        said = []
        for label, title in re.findall(r"(?m)^\[(\d+)\] (.+?) \(\d", prompt):
            first = re.search(rf"(?m)^{label}\.1 (.+?)\.?$", prompt)
            if first and title.partition(":")[0] in self.turn.get("of", ()):
                said.append(f"{first[1]} [{label}.1].")
        return " ".join(said) or "The papers do not say."


def hold(assistant: Assistant, turns: Sequence[Turn], reader: Reader | None = None) -> list[str]:
    """Holds one conversation; what went wrong in it. With a `reader`, the assistant's model is that."""
    history: list[Answer] = []
    wrong = []
    for turn in turns:
        if reader:
            reader.prompts, reader.turn = [], turn
        try:
            answer = assistant.ask(turn["ask"], history)
        except LibraryError as error:
            wrong.append(f"{turn['ask']}: {error}")
            continue
        found = wrong_evidence(turn, reader.prompts, history) if reader else wrong_answer(turn, answer)
        wrong += [f"{turn['ask']}: {found}"] if found else []
        history.append(answer)
    return wrong


def main() -> None:
    """Holds the conversations and prints how many are right."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--half", choices=("open", "shut"), default="open")
    parser.add_argument("--failures", action="store_true", help="show what went wrong")
    given = parser.parse_args()
    lines = (HERE / "conversations.jsonl").read_text("utf-8").splitlines()
    conversations = [c["turns"] for c in map(json.loads, lines) if c["half"] == given.half]
    server, reader = StubServer(), Reader()
    server.says = reader
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with Library.open(home, "hashing", offline=True) as library:
            library.add(read_file(HERE / "conversation-papers.jsonl").papers)
        for kind, url in (("without a model", ""), ("as evidence sent", server.url)):
            settings = Settings.load(home=home, base_url=url, api_key="", model="stub-model" if url else "")
            with Assistant.open(settings) as assistant:
                wrong = [hold(assistant, turns, reader if url else None) for turns in conversations]
            print(f"{kind}: {sum(not w for w in wrong)} of {len(conversations)} conversations")
            for said in (line for w in wrong for line in w if given.failures):
                print(f"  {said}")
    server.close()


if __name__ == "__main__":
    main()
