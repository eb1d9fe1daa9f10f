"""Questions, names and drafts that are too long, or made to take long: refused or answered within seconds."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from assistant.checking.document import check_text
from assistant.cli import main
from assistant.mcp import Tools
from assistant.settings import Settings
from index.errors import TooLarge
from index.library import Library
from index.paper import Paper
from index.safety import limits

LONG = "attention " * 1_000
PAPER = Paper(
    title="SlimCache: Halving the Memory",
    abstract="We present SlimCache. It serves 2.4x more users with a loss of 0.3 points on LongBench.",
    id="arxiv:2604.00001",
)
REFERENCES = "\n\nReferences\n\n[1] SlimCache: Halving the Memory. https://arxiv.org/abs/2604.00001\n"


@pytest.fixture
def assistant() -> Iterator[Assistant]:
    with Assistant.open() as opened:
        opened.library.add([PAPER])
        yield opened


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """One with a thousand papers that have almost the same title."""
    home = tmp_path_factory.mktemp("crowded")
    with Assistant.open(Settings.load(home=home, embeddings="hashing", offline=True)) as opened:
        opened.library.add([Paper(title=f"Same{n}: A Title", abstract=f"It is {n}.") for n in range(1000)])
        yield opened


@pytest.mark.parametrize(
    ("command", "what"),
    [
        (("ask", LONG), "The question has 10,000 characters, and 5,000 is the most: shorten it."),
        (("search", LONG * 2), "The question has 20,000 characters, and 12,000 is the most: shorten it."),
        (("compare", "SlimCache", LONG), "The name of a paper has 10,000"),
        (("compare", "SlimCache", LONG, "--no-llm"), "The name of a paper has 10,000"),
        (("weekly", "--query", LONG), "The topic has 9,999"),
        (("weekly", "--query", LONG, "--dry-run"), "The topic has 9,999"),
        (("show", LONG), "The id has 10,000"),
    ],
)
def test_what_is_asked_has_a_length(assistant: Assistant, command: tuple[str, ...], what: str, capsys: Any) -> None:
    assert main([*command, "--json"]) == 1
    assert what in json.loads(capsys.readouterr().out)["error"]["message"]


async def test_the_tools_say_it_too(assistant: Assistant) -> None:
    tools = Tools(assistant)
    for answer in (
        await tools.ask_papers(LONG),
        await tools.search_papers(LONG * 2),
        await tools.compare_papers(LONG, "SlimCache"),
        await tools.weekly_summary(query=LONG),
        await tools.check_text(LONG * 60),
    ):
        assert "characters" in answer["error"]["message"]


def test_a_question_that_follows_a_long_one_is_answered(assistant: Assistant) -> None:
    question = ("What does SlimCache do for users? " * 200)[: limits.QUESTION]
    first = assistant.ask(question)
    assert assistant.ask("And how fast is it? " + question[:4_000], [first]).papers


@pytest.mark.parametrize("piece", ["since ", "weekly summary of ", "how much ", "compare a with b ", "Abc1 ", "(", "x"])
def test_a_question_made_to_take_long_does_not(crowded: Assistant, piece: str) -> None:
    began = time.monotonic()
    crowded.ask((piece * limits.QUESTION)[: limits.QUESTION], llm=False)
    assert time.monotonic() - began < 20


# -- drafts


@pytest.mark.parametrize(
    "piece",
    [
        *("\n", " ", "```x\n", "~~~ x\n", "% a\n", "a | b\n", "-+-\n", "1 ", "3% ", "(1", "1,", "\\cite[", "["),
        *("[1][2]", '"', "x", "[@a1] ", "[a1] foo https://x\n", "word ", "We are 2.4x faster [1].\n"),
    ],
)
def test_a_draft_made_to_take_long_does_not(assistant: Assistant, piece: str) -> None:
    text = (piece * 60_000)[:60_000]
    began = time.monotonic()
    checked = check_text(f"-+-\nIt serves 2.4x more users [1].\n\n{text}{REFERENCES}", assistant.library)
    assert time.monotonic() - began < 20
    assert checked.claims


def test_a_sentence_too_long_to_be_checked_is_said_and_the_rest_is_checked(tmp_path: Path, capsys: Any) -> None:
    draft = tmp_path / "draft.md"
    endless = "It serves 2.4x more users [1] and " * 100
    draft.write_text(f"{endless} so on.\n\nIt loses 0.3 points [1], and serves 9.9x more users [1].{REFERENCES}")
    with Library.open(offline=True) as library:
        library.add([PAPER])
    assert main(["check", str(draft), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    (claim,) = document["claims"]
    assert claim["text"] == "It loses 0.3 points [1], and serves 9.9x more users [1]."
    assert claim["verdict"] == "look"
    assert document["notices"] == [
        "Not checked: a sentence of 3,407 characters (the limit is 2,000): "
        "“It serves 2.4x more users [1] and It serves 2.4x more users …”"
    ]


def test_what_has_no_end_is_no_draft(tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe")
    for file, why in (("/dev/zero", "a device"), (str(tmp_path / "pipe"), "a pipe"), (str(tmp_path), "a folder")):
        assert main(["check", file, "--json"]) == 1
        assert why in json.loads(capsys.readouterr().out)["notices"][0]
    with open("/dev/zero", encoding="latin-1") as zeros:
        monkeypatch.setattr("sys.stdin", zeros)
        assert main(["check", "-"]) == 1
    assert "more than 500,000 characters" in capsys.readouterr().err
    with pytest.raises(TooLarge), Library.open(offline=True) as library:
        check_text("word " * 100_001, library)


def test_code_and_comments_are_no_prose(assistant: Assistant) -> None:
    text = "It serves 2.4x more users [1].\n```py\nx = 9.9  # 8.8x\n```\n% It is 7.7x\n"
    text += "It loses 0.3 points [1].\n~~~\nopen 6.6x"
    claims = [claim.text for claim in check_text(text + REFERENCES, assistant.library).claims]
    assert claims == ["It serves 2.4x more users [1].", "It loses 0.3 points [1]. ~~~ open 6.6x"]
