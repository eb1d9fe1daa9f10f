"""Tokens: counted exactly where the table is, bounded where it is not; evidence cut to a size."""

import hashlib
from pathlib import Path

import httpx
import pytest
import respx

from assistant import tokens
from assistant.documents import LabelledPaper
from assistant.evidence import evidence_lines, fit_evidence
from index.paper import Paper


@pytest.fixture(autouse=True)
def _no_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setattr(tokens, "_encoding", None)
    monkeypatch.setattr(tokens, "_own_folder", None)
    monkeypatch.setattr(tokens, "_look_at", 0.0)


def test_without_the_table_an_upper_bound_counts_and_the_status_says_so() -> None:
    assert tokens.count_tokens("Attention is fast, 2.7x faster.") >= 9
    assert "upper bound" in tokens.token_counter()


@respx.mock
def test_offline_nothing_is_fetched(tmp_path: Path) -> None:
    said: list[str] = []
    tokens.prepare(tmp_path, offline=True, say=said.append).join()
    assert said == []
    assert not respx.calls


@respx.mock
@pytest.mark.parametrize(
    ("response", "why"),
    [
        (httpx.ReadTimeout("stalled"), "no progress for 5 s"),
        (httpx.ConnectError("no network"), "ConnectError"),
        (httpx.Response(200, content=b"<html>sign in</html>"), "a different file"),
        (httpx.Response(503), "HTTPStatusError"),
    ],
)
def test_a_table_that_cannot_be_had_is_said_once(
    tmp_path: Path, response: httpx.Response | Exception, why: str
) -> None:
    route = respx.get(tokens.TABLE_URL)
    route.mock(side_effect=response) if isinstance(response, Exception) else route.mock(return_value=response)
    said: list[str] = []
    tokens.prepare(tmp_path, offline=False, say=said.append).join()
    assert len(said) == 1
    assert why in said[0]
    assert "upper bound" in tokens.token_counter()
    assert not list(tmp_path.glob("tiktoken/*"))


@respx.mock
def test_a_table_that_came_is_kept_where_tiktoken_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = b"".join(f"{word} {rank}\n".encode() for rank, word in enumerate(["YQ==", "Yg==", "YWI="]))
    monkeypatch.setattr(tokens, "TABLE_SHA256", hashlib.sha256(table).hexdigest())
    respx.get(tokens.TABLE_URL).mock(return_value=httpx.Response(200, content=table))
    monkeypatch.setattr(tokens, "encoding", lambda: None)  # tiktoken itself would want the real table
    said: list[str] = []
    tokens.prepare(tmp_path, offline=False, say=said.append).join()
    assert said == []
    assert (tmp_path / "tiktoken" / tokens.TABLE_NAME).read_bytes() == table


def test_a_text_is_cut_to_its_tokens() -> None:
    for text in ("why? " * 500, "注意力有多快？" * 200, "short"):
        cut = tokens.cut_to(text, 50)
        assert text.startswith(cut)
        assert tokens.count_tokens(cut) <= 50
    assert tokens.cut_to("short", 50) == "short"


def papers(count: int) -> list[LabelledPaper]:
    text = " ".join(f"Sentence number {n} says something of its own." for n in range(1, 9))
    return [LabelledPaper(n, Paper(title=f"Paper {n}", abstract=text)) for n in range(1, count + 1)]


def test_evidence_that_fits_is_shown_whole() -> None:
    kept = fit_evidence(papers(2), {}, 1000)
    assert kept == {1: tuple(range(1, 9)), 2: tuple(range(1, 9))}


@pytest.mark.parametrize("room", [20, 100, 200, 400])
def test_evidence_that_does_not_fit_loses_what_is_wanted_least(room: int) -> None:

    shown = papers(5)
    kept = fit_evidence(shown, {p.label: [6, 2] for p in shown}, room)
    text = "\n\n".join(evidence_lines(p.label, p.paper, kept[p.label]) for p in shown if p.label in kept)
    assert tokens.count_tokens(text) <= room
    assert list(kept) == list(range(1, len(kept) + 1))  # whole papers go from the end
    assert all(6 in numbers for numbers in kept.values())
    sizes = [len(numbers) for numbers in kept.values()]
    assert sizes == sorted(sizes, reverse=True)
