"""The `papers` command as a person and a script use it: exit codes, JSON, stdin, errors with a next step."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import respx

from assistant.cli import main

PAGE = """Daily Papers

byAK and the research community

Mar 3

SlimCache: Halving the Memory of Long Conversations

Keeping every key and value of a long conversation costs memory. We present SlimCache, which keeps one in two of \
them and predicts the rest. On eight H100 GPUs it serves 2.4x more users with a loss of 0.3 points on LongBench.

  • 4 authors
·
Mar 2, 2025 7

TwoTone: Mixed Precision for Small Vision Models

Small vision models lose accuracy when all their layers are quantized alike. TwoTone gives each layer the precision \
that it needs, found in two hours on one GPU. It reaches 76.1% on ImageNet with 4 bits on average.

  • 3 authors
·
Feb 27, 2024
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


@pytest.fixture
def filled(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", str(page)]) == 0
    capsys.readouterr()


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    assert main([*arguments, "--json"]) == code
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_adding_a_page_counts_and_adding_it_again_changes_nothing(page: Path, capsys: Any) -> None:
    assert main(["add", str(page)]) == 0
    assert "2 new, 0 updated, 0 unchanged, 0 rejected" in capsys.readouterr().out
    again = run_json(capsys, "add", str(page))
    assert (len(again["new"]), len(again["updated"]), len(again["unchanged"])) == (0, 0, 2)


def test_a_dry_run_says_what_would_be_new_and_stores_nothing(page: Path, capsys: Any) -> None:
    assert len(run_json(capsys, "add", str(page), "--dry-run")["new"]) == 2
    assert run_json(capsys, "list")["papers"] == []


def test_an_edited_abstract_is_one_update(page: Path, filled: None, capsys: Any) -> None:
    page.write_text(PAGE.replace("2.4x more users", "2.6x more users"), encoding="utf-8")
    report = run_json(capsys, "add", str(page))
    assert (len(report["new"]), len(report["updated"]), len(report["unchanged"])) == (0, 1, 1)


def test_what_cannot_be_read_is_said_and_the_rest_goes_in(page: Path, tmp_path: Path, capsys: Any) -> None:
    records = tmp_path / "records.jsonl"
    good = {"title": "A Third Paper", "abstract": "It shows that three is more than two."}
    records.write_text(json.dumps(good) + "\n{broken\n" + json.dumps({"title": "No abstract"}) + "\n", encoding="utf-8")
    report = run_json(capsys, "add", str(records), str(tmp_path / "missing.txt"), str(page), code=1)
    assert len(report["new"]) == 3
    places = " ".join(r["place"] for r in report["rejected"])
    assert len(report["rejected"]) == 3
    assert "missing.txt" in places


def test_which_records_of_one_title_are_one_paper_is_said(tmp_path: Path, capsys: Any) -> None:
    records = [
        {"title": "Attention", "abstract": "Whales listen to one another over long ways.", "authors": ["Moby Whale"]},
        {"title": "Attention", "abstract": "Routers send tokens to experts in sparse layers.", "authors": ["Xi Rout"]},
    ]
    (tmp_path / "two.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    assert main(["add", str(tmp_path / "two.jsonl")]) == 0
    assert capsys.readouterr().err.count("have one title and are two papers") == 1


def test_papers_come_from_stdin(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PAGE.encode())))
    assert len(run_json(capsys, "add", "-")["new"]) == 2


def test_unknown_input_lists_what_is_understood(tmp_path: Path, capsys: Any) -> None:
    nonsense = tmp_path / "nonsense.txt"
    nonsense.write_text("just a line", encoding="utf-8")
    (reject,) = run_json(capsys, "add", str(nonsense), code=1)["rejected"]
    assert "JSONL" in reject["reason"]


def test_links_and_files_are_added_together(page: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    links = ["https://huggingface.co/papers/2604.00007", "https://example.org/papers"]
    offline = run_json(capsys, "add", links[0], "--dry-run", code=1)
    assert "PAPERS_OFFLINE=1" in offline["rejected"][0]["reason"]
    monkeypatch.setenv("PAPERS_OFFLINE", "0")
    told = {"id": "2604.00007", "title": "Links", "summary": "A link is enough.", "publishedAt": "2026-04-10T00:00:00Z"}
    with respx.mock() as web:
        web.get("https://huggingface.co/api/papers/2604.00007").respond(json=told)
        report = run_json(capsys, "add", *links, str(page), code=1)
    assert len(report["new"]) == 3
    assert "arxiv:2604.00007" in report["new"]
    ((place, reason),) = [(r["place"], r["reason"]) for r in report["rejected"]]
    assert place == links[1]
    assert "arxiv.org/abs" in reason


def test_a_year_and_a_posting_day_can_be_given(page: Path, capsys: Any) -> None:
    undated = PAGE.replace("Mar 2, 2025 7", "Mar 2 7")
    page.write_text(undated, encoding="utf-8")
    run_json(capsys, "add", str(page), "--year", "2021", "--posted", "2026-03-03")
    papers = {p["title"].split(":")[0]: p for p in run_json(capsys, "list")["papers"]}
    assert papers["SlimCache"]["published"] == "2021-03-02"
    assert papers["SlimCache"]["posted"] == "2026-03-03"


def test_list_filters_by_days_and_by_week(filled: None, capsys: Any) -> None:
    titles = [p["title"] for p in run_json(capsys, "list", "--since", "2025")["papers"]]
    assert [t.split(":")[0] for t in titles] == ["SlimCache"]
    assert len(run_json(capsys, "list", "--until", "2024-02-27")["papers"]) == 1
    assert len(run_json(capsys, "list", "--week", "2025-W09")["papers"]) == 1
    assert run_json(capsys, "list", "--week", "2019-W01")["papers"] == []


def test_show_numbers_the_sentences(filled: None, capsys: Any) -> None:
    identifier = run_json(capsys, "list")["papers"][0]["id"]
    shown = run_json(capsys, "show", identifier[:14])
    assert [s["number"] for s in shown["sentences"]] == [1, 2, 3]
    assert main(["show", identifier]) == 0
    assert "2.4x more users" in capsys.readouterr().out


def test_an_unknown_paper_is_an_error_with_the_nearest(filled: None, capsys: Any) -> None:
    error = run_json(capsys, "show", "arxiv:2001.00001", code=1)["error"]
    assert "arxiv:2001.00001" in error["message"]
    assert main(["show", "SlimCash"]) == 1
    assert "SlimCache" in capsys.readouterr().err


def test_remove_takes_what_is_named_and_says_what_is_not_known(filled: None, capsys: Any) -> None:
    first, second = run_json(capsys, "list")["papers"]
    removed = run_json(capsys, "remove", first["id"], "arxiv:2001.00001", code=1)["removed"]
    assert removed == [first["id"]]
    assert [p["id"] for p in run_json(capsys, "list")["papers"]] == [second["id"]]


def test_search_ranks_and_names_the_best_sentence(filled: None, capsys: Any) -> None:
    found = run_json(capsys, "search", "serve more users with less memory")
    assert found["hits"][0]["rank"] == 1
    assert found["hits"][0]["paper"]["title"].startswith("SlimCache")
    assert len(run_json(capsys, "search", "quantized vision models", "-k", "1")["hits"]) == 1


def test_ask_without_a_model_answers_in_quotes(filled: None, capsys: Any) -> None:
    answer = run_json(capsys, "ask", "How many more users does SlimCache serve?")
    assert answer["mode"] == "quotes"
    assert answer["answered"] is True
    assert any("2.4x" in claim["text"] and claim["verdict"] == "ok" for claim in answer["claims"])
    assert answer["usage"]["llm_calls"] == 0
    assert main(["ask", "How many more users does SlimCache serve?", "--no-llm", "--timing"]) == 0
    printed = capsys.readouterr()
    assert "2.4x" in printed.out
    assert "[1]" in printed.out
    assert "[1.3]" not in printed.out
    assert " s" in printed.err


def test_what_no_paper_holds_is_not_answered(filled: None, capsys: Any) -> None:
    answer = run_json(capsys, "ask", "What does the paper on Zorblax-9 pigeons conclude?")
    assert answer["answered"] is False


def test_an_exported_answer_can_be_checked_again(filled: None, tmp_path: Path, capsys: Any) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(
        "SlimCache serves 2.4x more users [1]. It needs 12 GPUs [1]. TwoTone is older (TwoTone). Others agree [2].\n\n"
        "[1] SlimCache: Halving the Memory of Long Conversations\n[2] A Paper Nobody Wrote\n",
        encoding="utf-8",
    )
    checked = run_json(capsys, "check", str(draft), code=1)
    verdicts = [claim["verdict"] for claim in checked["claims"]]
    assert verdicts[:2] == ["ok", "look"]
    assert any("Nobody Wrote" in text for text in checked["unresolved"])


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("SlimCache serves 2.4x more users (SlimCache).", 0),
        ("SlimCache serves 2.4x more users, letting drones deliver parcels (SlimCache).", 0),  # a hint
        ("SlimCache needs 12 GPUs (SlimCache).", 1),
        ("SlimCache serves 2.4x more users.", 1),
    ],
)
def test_a_strict_check_fails_on_flags_but_not_on_hints(
    sentence: str, code: int, filled: None, tmp_path: Path, capsys: Any
) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(sentence, encoding="utf-8")
    (claim,) = run_json(capsys, "check", str(draft), "--strict", code=code)["claims"]
    assert bool(claim["hints"]) is ("drones" in sentence)


@pytest.mark.parametrize("form", ["bibtex", "csv", "jsonl"])
def test_export_writes_every_paper(form: str, filled: None, tmp_path: Path, capsys: Any) -> None:
    out = tmp_path / "out"
    assert main(["export", "--format", form, "-o", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    assert "SlimCache" in text
    assert "TwoTone" in text


def test_an_exported_library_comes_back_unchanged(filled: None, tmp_path: Path, capsys: Any) -> None:
    out = tmp_path / "out.jsonl"
    main(["export", "--format", "jsonl", "-o", str(out)])
    capsys.readouterr()
    assert len(run_json(capsys, "add", str(out))["unchanged"]) == 2


def test_status_says_where_what_and_how(filled: None, capsys: Any, tmp_path: Path) -> None:
    status = run_json(capsys, "status", "--verify")
    assert status["papers"] == 2
    assert (status["first"], status["last"]) == ("2024-02-27", "2025-03-02")
    assert status["embeddings"] == "hashing"
    assert status["llm"] == "not configured"
    assert status["agree"] is True
    assert any("leaves" in notice for notice in status["notices"])
    assert main(["status", "--repair"]) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["search"],
        ["search", "x", "-k", "0"],
        ["add", "page.txt", "--year", "26"],
        ["list", "--since", "soon"],
        ["list", "--since", "2025-01-02", "--until", "2025-01-01"],
        ["weekly", "--week", "2026-W99"],
        ["weekly", "--week", "2026-W16", "--since", "2026-01-01"],
        ["export", "--format", "docx"],
        ["status", "--embeddings", "word2vec"],
        ["nonsense"],
    ],
)
def test_wrong_usage_exits_with_2(arguments: list[str], capsys: Any) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2
    assert capsys.readouterr().out == ""
    with pytest.raises(SystemExit):
        main([*arguments, "--json"])
    written = capsys.readouterr()
    assert json.loads(written.out)["error"]["message"]
    assert written.err.startswith("usage:")


@pytest.mark.parametrize(
    ("variable", "value"),
    [("PAPERS_OFFLINE", "maybe"), ("PAPERS_WAIT_SECONDS", "0"), ("PAPERS_EMBEDDINGS", "word2vec")],
)
def test_a_setting_that_cannot_be_used_is_named(
    variable: str, value: str, filled: None, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    for command in (["list"], ["search", "memory"], ["ask", "memory"], ["status"]):
        assert run_json(capsys, *command, code=1)["error"]["message"].startswith(f"{variable} cannot be used:")


def test_stopping_is_said_in_json_too(filled: None, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("assistant.engine.Assistant.ask", interrupted)
    assert "Stopped" in run_json(capsys, "ask", "memory", code=130)["error"]["message"]


def test_every_setting_can_be_an_option(tmp_path: Path) -> None:
    from assistant.cli.parser import parse
    from assistant.cli.session import settings_of

    options = ["--home", str(tmp_path), "--base-url", "http://h/v1", "--api-key", "k", "--model", "m", "--offline"]
    mail = ["--smtp-url", "smtps://u:p@h:465", "--mail-from", "me@example.org"]
    settings = settings_of(parse(["weekly", *options, "--embeddings", "minilm", *mail]))
    assert (settings.home, settings.url, settings.key, settings.model) == (tmp_path, "http://h/v1", "k", "m")
    assert (settings.offline, settings.embeddings, settings.mail_from) == (True, "minilm", "me@example.org")
    assert settings.smtp_url
    assert settings.smtp_url.get_secret_value() == "smtps://u:p@h:465"


@pytest.mark.parametrize(
    ("form", "expected"),
    [("apa", "## References (APA)"), ("ieee", "## References (IEEE)"), ("bibtex", "@misc{"), ("ris", "TY  - "),
     ("note", "\n> "), ("md", "# How much faster"), ("json", '"question"')],
)  # fmt: skip
def test_an_answer_is_written_with_references_in_a_style(filled: None, capsys: Any, form: str, expected: str) -> None:
    assert main(["ask", "How much faster is SlimCache?", "--format", form]) == 0
    assert expected in capsys.readouterr().out


def test_an_answer_goes_to_a_file_in_the_form_of_its_name(filled: None, capsys: Any, tmp_path: Path) -> None:
    assert main(["ask", "What is SlimCache?", "-o", str(tmp_path / "cited.bib")]) == 0
    assert capsys.readouterr().out == ""
    assert (tmp_path / "cited.bib").read_text().startswith("@misc{")
    assert main(["compare", "SlimCache", "TwoTone", "--format", "ieee"]) == 0
    assert "## References (IEEE)" in capsys.readouterr().out


@pytest.mark.parametrize("command", [("weekly",), ("compare", "SlimCache", "TwoTone")])
def test_a_file_has_the_format_of_its_name_and_json_still_goes_to_stdout(
    filled: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    document = run_json(capsys, *command)
    page, data, bare = tmp_path / "out.html", tmp_path / "out.json", tmp_path / "out"
    assert run_json(capsys, *command, "-o", str(page)) == document
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert main([*command, "-o", str(data)]) == 0
    assert json.loads(data.read_text(encoding="utf-8")) == document
    assert run_json(capsys, *command, "-o", str(bare)) == document
    assert json.loads(bare.read_text(encoding="utf-8")) == document
    assert "error" in run_json(capsys, *command, "-o", str(tmp_path / "none" / "out.md"), code=1)


def test_output_that_cannot_be_written_is_said_in_a_line(filled: None) -> None:
    def run(*arguments: str, encoding: str = "utf-8", out: Any = subprocess.PIPE) -> tuple[int, bytes, bytes]:
        command = [sys.executable, "-c", "import sys; from assistant.cli import main; sys.exit(main())", *arguments]
        done = subprocess.run(
            command, stdout=out, stderr=subprocess.PIPE, env={**os.environ, "PYTHONIOENCODING": encoding}, check=False
        )
        return done.returncode, done.stdout, done.stderr

    if os.path.exists("/dev/full"):  # a disk without room, where the system has one to try
        with open("/dev/full", "w") as full:
            code, _, said = run("list", out=full)
        assert (code, said.count(b"\n")) == (1, 1)
    code, written, _ = run("ask", "memory caf\udce9", "--json", encoding="ascii")  # half a character
    assert code == 0
    assert json.loads(written)["question"] == "memory caf"


def test_mcp_on_stdio_answers_and_ends_quietly(filled: None) -> None:
    client = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    asked: list[dict[str, Any]] = [
        {"id": 1, "method": "initialize", "params": client},
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/call", "params": {"name": "search_papers", "arguments": {"query": "memory"}}},
    ]
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; from assistant.cli import main; sys.exit(main(['mcp']))"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin
        assert server.stdout
        for message in asked:
            server.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        server.stdin.flush()
        answers = [json.loads(server.stdout.readline()) for _ in range(2)]
        _, said = server.communicate(timeout=30)
    found = json.loads(answers[1]["result"]["content"][0]["text"])
    assert found["hits"][0]["paper"]["title"].startswith("SlimCache")
    assert (server.returncode, said) == (0, "")


def test_the_version_is_printed(capsys: Any) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("papers ")


def test_check_and_add_print_their_own_document_also_when_they_fail(tmp_path: Path, page: Path, capsys: Any) -> None:
    checked = run_json(capsys, "check", str(tmp_path / "missing.md"), code=1)
    assert checked["claims"] == []
    assert "missing.md cannot be read" in checked["notices"][0]
    blocked = tmp_path / "blocked"
    blocked.write_text("a file stands where the library's folder should be", encoding="utf-8")
    report = run_json(capsys, "add", str(page), "--home", str(blocked), code=1)
    assert report["new"] == []
    assert "cannot be opened" in report["notices"][-1]
