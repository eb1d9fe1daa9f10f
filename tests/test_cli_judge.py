"""`--judge` at the command line: its cost is said first, its hints and how far to trust them afterwards."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chat_server import StubServer
from invented import ANSWERABLE

from assistant.cli import main
from index import Library

QUESTION = "How much faster is SwiftRow than the vendor kernel?"
DRAFT = f"SwiftRow is 2.4x slower than the vendor kernel [1].\n\n[1] {ANSWERABLE[0].title}\n"
SLOWER = [{"claim": 1, "verdict": "not", "words": "slower", "source": "faster"}]
ACCURACY = "Published balanced accuracy of such judges is 72-77 %."


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[StubServer]:
    """A model that writes that SwiftRow is slower, and finds so when it judges."""
    server = StubServer()

    def says(request: dict[str, Any]) -> str:
        prompt = "\n".join(message["content"] for message in request["messages"])
        if "judgements" in prompt:
            return json.dumps({"judgements": SLOWER})
        number = next(line.split()[0] for line in prompt.splitlines() if "2.4x faster" in line and line[0].isdecimal())
        return f"SwiftRow is 2.4x slower than the vendor kernel [{number}]."

    server.says = says
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    yield server
    server.close()


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A library, and a draft beside it."""
    with Library.open(tmp_path / "papers-home", embeddings="hashing") as library:
        library.add(ANSWERABLE)
    draft = tmp_path / "draft.md"
    draft.write_text(DRAFT, encoding="utf-8")
    return draft


def judged(document: dict[str, Any]) -> list[str]:
    return [hint["token"] for claim in document["claims"] for hint in claim["hints"] if hint["kind"] == "judge"]


def test_an_answer_is_judged_by_one_more_call(filled: Path, stub: StubServer, capsys: Any) -> None:
    assert main(["ask", QUESTION, "--judge", "--json"]) == 0
    printed = capsys.readouterr()
    document = json.loads(printed.out)
    assert judged(document) == ["slower"]
    assert document["usage"]["llm_calls"] == stub.calls == 2
    assert ACCURACY in " ".join(document["notices"])
    assert "Judging 1 sentence: 1 call to " in printed.err
    assert "prompt tokens" in printed.err


def test_the_terminal_shows_no_tick_on_what_is_doubted(filled: Path, stub: StubServer, capsys: Any) -> None:
    assert main(["ask", QUESTION, "--judge"]) == 0
    printed = capsys.readouterr()
    assert printed.out.count("slower than the vendor kernel [") == 1
    assert "slower than the vendor kernel [1]. ✓" not in printed.out
    assert "judged not supported, compare: 'slower' here, 'faster' there" in " ".join(printed.out.split())
    assert printed.err.index("Judging 1 sentence") < printed.err.index(ACCURACY)


def test_without_it_no_judge_is_asked(filled: Path, stub: StubServer, capsys: Any) -> None:
    assert main(["ask", QUESTION, "--json"]) == 0
    assert judged(json.loads(capsys.readouterr().out)) == []
    assert stub.calls == 1


def test_a_draft_is_judged_and_its_exit_code_stays(filled: Path, stub: StubServer, capsys: Any) -> None:
    codes = {strict: main(["check", str(filled), "--judge", "--json", *strict]) for strict in ((), ("--strict",))}
    printed = capsys.readouterr()
    document = json.JSONDecoder().raw_decode(printed.out)[0]
    assert judged(document) == ["slower"]
    assert document["usage"]["llm_calls"] == 1
    assert codes == {strict: main(["check", str(filled), *strict]) for strict in codes}
    capsys.readouterr()
    assert main(["check", str(filled), "--judge"]) == codes[()]
    printed = capsys.readouterr()
    assert "judged not supported, compare: 'slower' here, 'faster' there" in " ".join(printed.out.split())
    assert ACCURACY in printed.err


@pytest.mark.parametrize("command", ["ask", "check"])
def test_without_a_model_that_is_said_and_the_rest_is_done(command: str, filled: Path, capsys: Any) -> None:
    what = QUESTION if command == "ask" else str(filled)
    assert main([command, what, "--judge", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["claims"]
    assert "nothing was judged: set OPENAI_API_KEY" in " ".join(document["notices"])
    assert main([command, what, "--judge"]) == 0
    printed = capsys.readouterr()
    assert "vendor kernel" in printed.out
    assert "nothing was judged" in printed.err


def test_quotes_need_no_judge_and_none_is_asked(filled: Path, stub: StubServer, capsys: Any) -> None:
    assert main(["ask", QUESTION, "--no-llm", "--judge", "--json"]) == 0
    printed = capsys.readouterr()
    assert "nothing to judge" in " ".join(json.loads(printed.out)["notices"])
    assert "Judging" not in printed.err
    assert stub.calls == 0


def test_a_server_that_fails_costs_the_judgement_and_not_the_check(filled: Path, stub: StubServer, capsys: Any) -> None:
    stub.status = 401
    assert main(["check", str(filled), "--judge", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["claims"]
    assert "Nothing was judged." in " ".join(document["notices"])


def test_a_file_that_cannot_be_read_is_no_call(tmp_path: Path, stub: StubServer, capsys: Any) -> None:
    assert main(["check", str(tmp_path / "none.md"), "--judge", "--json"]) == 1
    assert "cannot be read" in json.loads(capsys.readouterr().out)["notices"][0]
    assert stub.calls == 0
