"""Answers that an earlier version kept point to the sentences that they meant."""

import json
import sqlite3
from dataclasses import asdict
from pathlib import Path

import pytest

from assistant.conversations import Conversations, QuestionScope
from assistant.documents import Answer, Check, Citation, Claim, LabelledPaper
from assistant.renumbering import new_numbers, with_new_numbers
from index import Paper

TAGGED = (
    "<jats:title>Aim</jats:title><jats:p>To see whether walking helps sleep.</jats:p><jats:title>Results</jats:title>"
    "<jats:p>Sleep grew by 14 minutes.</jats:p><jats:p>Costs stayed at 3\\%.</jats:p>"
)


@pytest.mark.parametrize("abstract", ["One is plain. Two is plain.", r"It is 2$\times$ faster. \emph{It} is free."])
def test_numbers_that_stay_are_not_touched(abstract: str) -> None:
    assert new_numbers(abstract) == {}


def test_every_old_number_leads_to_what_the_sentence_said() -> None:
    assert new_numbers(TAGGED) == {1: (1, 2, 3)}
    quoted = "It starts here: ``Faces are seen.'' It goes on. ``Clouds look back at us. They do.'' The end is near."
    now = {s.number: s.text for s in Paper(title="T", abstract=quoted).sentences}
    from index.sentences import split_sentences

    for sentence in split_sentences(quoted):
        numbers = new_numbers(quoted).get(sentence.number, (sentence.number,))
        said = " ".join(now[n] for n in numbers)
        assert sentence.text.split()[-1].strip("`'.") in said


def _answer(abstract: str) -> Answer:
    papers = (
        LabelledPaper(1, Paper(title="A Walk", abstract=abstract, published="2024-01-01")),
        LabelledPaper(2, Paper(title="A Run", abstract="One is plain. Two is plain.")),
    )
    citations = (Citation(1, 1), Citation(2, 2))
    claim = Claim("Sleep grew by 14 minutes [1.1, 2.2].", citations, Check("ok", ("14 minutes",)))
    return Answer(
        "How long? [1.1]", text="Sleep grew by 14 minutes [1.1, 2.2]. See [1].", claims=(claim,), papers=papers
    )


def test_an_answer_cites_the_same_words() -> None:
    now = with_new_numbers(json.loads(json.dumps(asdict(_answer(TAGGED)))))
    assert now["text"] == "Sleep grew by 14 minutes [1.1, 1.2, 1.3, 2.2]. See [1]."
    assert [(c["label"], c["sentence"]) for c in now["claims"][0]["citations"]] == [(1, 1), (1, 2), (1, 3), (2, 2)]
    assert now["papers"][0]["paper"]["abstract"] == TAGGED
    assert now["question"] == "How long? [1.1]"
    plain = json.loads(json.dumps(asdict(_answer("One is plain. Two is plain."))))
    assert with_new_numbers(plain) == plain


def test_conversations_of_an_earlier_version_are_renumbered_once_after_a_copy(tmp_path: Path) -> None:
    file = tmp_path / "conversations.sqlite3"
    made = Conversations(file)
    turn = made.ask("", None, "How long?", QuestionScope())
    made.save(turn.id, _answer(TAGGED), "done")
    made.close()
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA user_version = 0")
    db.close()
    for _ in range(2):
        again = Conversations(file)
        kept = again.turns("", turn.conversation)[0].answer
        again.close()
        assert kept is not None
        assert kept.claims[0].citations == (Citation(1, 1), Citation(1, 2), Citation(1, 3), Citation(2, 2))
        shown = {s.number: s.text for s in kept.papers[0].paper.sentences}
        assert shown[2] == "Results: Sleep grew by 14 minutes."
    copy = tmp_path / "conversations.sqlite3.before-readable"
    assert copy.stat().st_mode & 0o077 == 0
