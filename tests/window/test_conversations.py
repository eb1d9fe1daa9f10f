"""Conversations are kept: before the call, as the answer grows, and when it ends early."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.chat import spelled_out, talk
from assistant.conversations import Conversations, QuestionScope
from assistant.documents import (
    NO_MODEL_ANSWER,
    Answer,
    Check,
    Citation,
    Claim,
    Comparison,
    Digest,
    DigestPaper,
    Excluded,
    Flag,
    LabelledPaper,
    Row,
    Theme,
    Usage,
)  # fmt: skip
from assistant.window.streaming import paced
from index.errors import LibraryError
from index.paper import Paper

PAPER = Paper(title="A: On Keeping", abstract="Kept 3x longer. And found again.", authors=("A. Author",))
CLAIM = Claim("Kept 3x longer [1.1].", (Citation(1, 1),), Check("look", ("3x",), (Flag("name", "B", "no B", None),)))
ANSWER = Answer("Is it kept?", "llm", True, CLAIM.text, (CLAIM,), (LabelledPaper(1, PAPER),), Usage(1, 0, 10, 5, None))


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Conversations]:
    made = Conversations(tmp_path / "c.sqlite3")
    yield made
    made.close()


def test_an_answer_is_read_back_as_it_was(kept: Conversations, tmp_path: Path) -> None:
    comparison = Comparison(ANSWER.papers, (Row("Data", (CLAIM, None), "note"),), (CLAIM,))
    digest = Digest("2026-W16", "2026-04-13", "2026-04-19", (DigestPaper(1, PAPER, CLAIM),), (CLAIM,),
                    (Theme("T", (1,), (CLAIM,)),), (), (Excluded("x", "why"),))  # fmt: skip
    whole = replace(ANSWER, comparison=comparison, digest=digest, notices=("said",), model="m")
    scope = QuestionScope("2026-01-01", None, ("a", "b"))
    turn = kept.ask("", None, whole.question, scope)
    kept.save(turn.id, whole, "done")
    again = Conversations(tmp_path / "c.sqlite3")
    found = again.turn("", turn.id)
    again.close()
    assert found is not None
    assert (found.answer, found.scope, found.state) == (whole, scope, "done")


def test_a_notice_with_a_kind_has_it_again_when_it_is_read_back(kept: Conversations) -> None:
    turn = kept.ask("", None, "one", QuestionScope())
    kept.save(turn.id, replace(ANSWER, notices=("said", NO_MODEL_ANSWER)), "done")
    found = kept.turn("", turn.id)
    assert found is not None
    assert found.answer
    assert [getattr(notice, "kind", None) for notice in found.answer.notices] == [None, "no_model"]


def test_each_owner_sees_only_their_own(kept: Conversations) -> None:
    turn = kept.ask("ada", None, "A question of Ada", QuestionScope())
    assert kept.turns("grace", turn.conversation) == []
    assert kept.turn("grace", turn.id) is None
    assert kept.list("grace") == []
    other = kept.ask("grace", turn.conversation, "A question of Grace", QuestionScope())
    assert other.conversation != turn.conversation
    kept.rename("grace", turn.conversation, "mine")
    kept.delete("grace", turn.conversation)
    kept.rate("grace", turn.id, 1)
    assert [c.title for c in kept.list("ada")] == ["A question of Ada"]
    assert kept.turns("ada", turn.conversation)[0].thumb == 0


def test_what_is_done_stays_and_what_a_dead_process_left_is_marked(kept: Conversations) -> None:
    done, growing = (kept.ask("", None, question, QuestionScope()) for question in ("one", "two"))
    kept.save(done.id, ANSWER, "done")
    kept.save(done.id, Answer("one"), "stopped")
    kept.save(growing.id, ANSWER)
    assert kept.recover() == 1
    states = {t.id: (t.state, t.answer) for number in (done.id, growing.id) if (t := kept.turn("", number))}
    assert states == {done.id: ("done", ANSWER), growing.id: ("stopped", ANSWER)}


def test_a_second_window_leaves_alone_what_grows_in_the_first(kept: Conversations, tmp_path: Path) -> None:
    assert kept.recover() == 0
    growing = kept.ask("", None, "one", QuestionScope())
    gone = kept.ask("", None, "two", QuestionScope())
    kept.delete("", gone.conversation)
    second = Conversations(tmp_path / "c.sqlite3")
    assert second.recover() == 0
    kept.delete("", gone.conversation, undo=True)
    assert [t.state for t in kept.turns("", growing.conversation)] == ["asking"]
    assert len(kept.list("")) == 2
    kept.close()
    assert second.recover() == 2
    second.close()


def test_finding_by_title_question_and_answer(kept: Conversations) -> None:
    turn = kept.ask("", None, "Is 100% kept_whole?", QuestionScope())
    kept.save(turn.id, ANSWER, "done")
    kept.ask("", None, "Something else", QuestionScope())
    for words in ("100%", "kept_whole", "3x LONGER", "kept longer"):
        assert [c.id for c in kept.list("", words)] == [turn.conversation]
    assert kept.list("", "10_% absent") == []


def test_deleting_can_be_undone_until_the_window_opens_anew(kept: Conversations) -> None:
    turn = kept.ask("", None, "one", QuestionScope())
    kept.delete("", turn.conversation)
    assert kept.list("") == kept.turns("", turn.conversation) == []
    kept.delete("", turn.conversation, undo=True)
    assert len(kept.turns("", turn.conversation)) == 1
    kept.delete("", turn.conversation)
    kept.recover()
    kept.delete("", turn.conversation, undo=True)
    assert kept.list("") == []


def test_a_turn_asked_again_takes_its_place_and_the_older_version_is_kept(kept: Conversations) -> None:
    first = kept.ask("", None, "one", QuestionScope())
    second = kept.ask("", first.conversation, "two", QuestionScope(), instead=first.id)
    third = kept.ask("", first.conversation, "three", QuestionScope())
    fourth = kept.ask("", first.conversation, "four", QuestionScope(), instead=second.id)
    shown = kept.turns("", first.conversation)
    assert [t.question for t in shown] == ["four", "three"]
    assert [t.versions for t in shown] == [(first.id, second.id, fourth.id), (third.id,)]
    kept.show_version("", first.id)
    assert [t.question for t in kept.turns("", first.conversation)] == ["one", "three"]
    kept.show_version("somebody", second.id)
    assert [t.question for t in kept.turns("", first.conversation)] == ["one", "three"]
    elsewhere = kept.ask("", None, "five", QuestionScope(), instead=first.id)  # not a turn of that conversation
    assert elsewhere.versions == (elsewhere.id,)


def test_a_file_of_before_versions_is_read(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "old.sqlite3")) as old, old:
        old.executescript("""
            CREATE TABLE conversations(id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL,
                changed TEXT NOT NULL DEFAULT '2026-01-01', deleted INTEGER NOT NULL DEFAULT 0);
            CREATE TABLE turns(id INTEGER PRIMARY KEY AUTOINCREMENT, conversation TEXT NOT NULL, question TEXT NOT NULL,
                scope TEXT NOT NULL, state TEXT NOT NULL, answer TEXT, thumb INTEGER NOT NULL DEFAULT 0,
                asked TEXT NOT NULL DEFAULT '2026-01-01');
            INSERT INTO conversations(id, owner, title) VALUES('c', '', 'old');
            INSERT INTO turns(conversation, question, scope, state) VALUES('c', 'old', '{}', 'done');
            """)
    made = Conversations(tmp_path / "old.sqlite3")
    (turn,) = made.turns("", "c")
    assert (turn.question, turn.versions) == ("old", (turn.id,))
    made.close()


def test_stars_thumbs_and_citing_answers(kept: Conversations) -> None:
    turn = kept.ask("", None, "one", QuestionScope())
    kept.save(turn.id, ANSWER, "done")
    assert [t.id for t in kept.citing("", PAPER.id)] == [turn.id]
    kept.rate("", turn.id, -1)
    assert kept.turns("", turn.conversation)[0].thumb == -1
    kept.rate("", turn.id, -1)
    assert kept.turns("", turn.conversation)[0].thumb == 0
    kept.star("", PAPER.id)
    assert kept.starred("") == {PAPER.id}
    kept.star("", PAPER.id)
    assert kept.starred("") == frozenset()


class Engine:
    """An assistant whose answer grows as told; `closed` says that its stream was closed."""

    def __init__(self, answers: Sequence[Answer | Exception], pause: float = 0.0) -> None:
        self.answers = answers
        self.pause = pause
        self.closed = False
        self.history: Sequence[Answer] = ()

    async def stream(self, question: str, history: Sequence[Answer] = (), **_: Any) -> AsyncGenerator[Answer, None]:
        self.history = history
        try:
            for answer in self.answers:
                if isinstance(answer, Exception):
                    raise answer
                yield answer
                await asyncio.sleep(self.pause)
        finally:
            self.closed = True


GROWING = [replace(ANSWER, text=ANSWER.text[:n], claims=(), complete=False) for n in (0, 5, 10)]


async def test_the_question_is_kept_before_the_call_and_the_answer_after(kept: Conversations) -> None:
    engine: Any = Engine([*GROWING, ANSWER])
    turns = talk(engine, kept, "", "one")
    first = await anext(turns)
    assert [t.question for t in kept.turns("", first.conversation)] == ["one"]
    assert [t.state async for t in turns][-1] == "done"
    assert kept.turns("", first.conversation)[0].answer == ANSWER
    follow: Any = Engine([ANSWER])
    async for _ in talk(follow, kept, "", "two", conversation=first.conversation):
        pass
    assert follow.history == [ANSWER]


async def test_a_stream_that_is_let_go_is_stopped_with_what_came(kept: Conversations) -> None:
    engine: Any = Engine([*GROWING, ANSWER], pause=0.05)
    turns = paced(talk(engine, kept, "", "one"))
    async for turn in turns:
        if turn.answer and turn.answer.text:
            break
    await turns.aclose()
    assert engine.closed
    left = kept.turn("", turn.id)
    assert left is not None
    assert left.state == "stopped"
    assert left.answer
    assert left.answer.text


async def test_what_the_library_cannot_do_is_a_notice_and_a_fault_is_marked(kept: Conversations) -> None:
    refusing: Any = Engine([*GROWING, LibraryError("The library is away: bring it back.")])
    last = [turn async for turn in talk(refusing, kept, "", "one")][-1]
    assert last.state == "done"
    assert last.answer
    assert last.answer.notices == ("The library is away: bring it back.",)
    broken: Any = Engine([*GROWING, ZeroDivisionError()])
    turns = talk(broken, kept, "", "two")
    number = (await anext(turns)).id
    with pytest.raises(ZeroDivisionError):
        [turn async for turn in turns]
    failed = kept.turn("", number)
    assert failed is not None
    assert failed.state == "failed"


async def test_snapshots_are_paced_and_repeated_while_nothing_comes() -> None:
    async def numbers() -> AsyncGenerator[int, None]:
        for number in range(50):
            yield number
            await asyncio.sleep(0.004)
        await asyncio.sleep(1.3)
        yield 99

    seen = [number async for number in paced(numbers())]
    assert len(seen) < 12
    assert seen[-1] == 99
    assert seen.count(49) >= 2


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("/compare FBNetV3 | SpAtten", "Compare FBNetV3 with SpAtten"),
        ("/weekly", "Weekly summary"),
        ("/weekly 2026-W16", "Weekly summary of 2026-W16"),
        (" plain words ", "plain words"),
    ],
)
def test_commands_are_spelled_out(typed: str, asked: str) -> None:
    assert spelled_out(typed) == asked


def test_a_finished_answer_of_ones_own_can_be_amended(kept: Conversations) -> None:
    hinted = replace(ANSWER, judged=True, notices=("judged",))
    done, growing = (kept.ask("ada", None, question, QuestionScope()) for question in ("one", "two"))
    kept.save(done.id, ANSWER, "done")
    kept.save(growing.id, ANSWER)
    for owner, turn in (("grace", done.id), ("ada", growing.id)):
        kept.amend(owner, turn, hinted)
        found = kept.turn("ada", turn)
        assert found
        assert found.answer == ANSWER
    kept.amend("ada", done.id, hinted)
    found = kept.turn("ada", done.id)
    assert found
    assert (found.answer, found.state) == (hinted, "done")
