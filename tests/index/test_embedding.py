"""Text to vectors: hashing, MiniLM's download, a server's embeddings; which embedder a library has."""

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import respx
from invented import invented_papers

from index import Library
from index.embedding import minilm, open_embedder
from index.errors import EmbeddingError

SERVER = "http://localhost:9/v1"


# -- hashing


def test_hashing_gives_the_same_vectors_on_every_machine() -> None:
    vectors = open_embedder("hashing").embed(
        ["Sparse attention for speech", "größer 2.5×", "", "the of and", "注意力机制"]
    )
    assert vectors.shape == (5, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert hashlib.sha256((vectors * 1000).round().astype("<i2").tobytes()).hexdigest()[:16] == "7e13eb17d2060e3d"


def test_hashing_knows_misspelled_words() -> None:
    embedder = open_embedder("hashing")
    right, wrong, other = embedder.embed(["quantization", "quantisaton", "protein folding"])
    assert right @ wrong > 0.35 > abs(right @ other)
    assert np.array_equal(embedder.embed_question("quantization"), right)


# -- a server


def answering(request: httpx.Request) -> httpx.Response:
    texts = json.loads(request.content)["input"]
    data = [{"index": i, "embedding": [3.0, 4.0, len(text)]} for i, text in enumerate(texts)]
    usage = {"prompt_tokens": len(texts), "total_tokens": len(texts)}
    return httpx.Response(200, json={"data": data[::-1], "model": "m", "usage": usage})


@respx.mock
def test_a_server_gets_the_texts_in_batches_and_its_answers_in_order() -> None:
    route = respx.post(f"{SERVER}/embeddings").mock(side_effect=answering)
    embedder: Any = open_embedder("openai:tiny", api_key="k", base_url=SERVER)
    assert (embedder.name, embedder.dimension, embedder.paid) == ("openai:tiny", 0, True)
    texts = ["x" * (n % 7) for n in range(300)]
    vectors = embedder.embed(texts)
    assert vectors.shape == (300, 3)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert np.allclose(vectors[:, 2] / vectors[:, 0] * 3, [len(text) for text in texts], atol=1e-5)
    assert (embedder.calls, embedder.tokens, embedder.dimension, route.call_count) == (3, 300, 3, 3)
    assert route.calls[0].request.headers["authorization"] == "Bearer k"


@respx.mock
def test_a_server_that_is_busy_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    busy = [httpx.Response(429, headers={"retry-after": "1"}), httpx.Response(500)]
    route = respx.post(f"{SERVER}/embeddings")
    route.side_effect = [*busy, answering(httpx.Request("POST", SERVER, json={"input": ["a"]}))]
    assert open_embedder("openai:tiny", api_key="k", base_url=SERVER).embed_question("a").shape == (3,)
    assert route.call_count == 3


@respx.mock
@pytest.mark.parametrize(
    ("response", "words"),
    [
        (httpx.Response(401, json={"error": {"message": "bad"}}), "OPENAI_API_KEY"),
        (httpx.Response(404, json={"error": {"message": "no"}}), "no embeddings by openai:tiny"),
        (httpx.Response(429, json={"error": {"message": "slow"}}), "later"),
        (httpx.Response(503), "later"),
        (httpx.ConnectError("no route"), "cannot be reached"),
        (httpx.Response(200, json={"data": [], "usage": {"prompt_tokens": 1, "total_tokens": 1}}), "0 vectors for 1"),
        (httpx.Response(200, text="<html>"), "openai:tiny"),
        (httpx.Response(200, json={"answer": 42}), "openai:tiny"),
    ],
)
def test_a_server_that_fails_is_named_in_a_sentence(response: Any, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    route = respx.post(f"{SERVER}/embeddings")
    route.mock(**({"return_value": response} if isinstance(response, httpx.Response) else {"side_effect": response}))
    with pytest.raises(EmbeddingError, match=words) as failed:
        open_embedder("openai:tiny", api_key="k", base_url=SERVER).embed(["a"])
    assert "papers reindex" in str(failed.value) or "again later" in str(failed.value)


def test_a_server_without_a_key_is_told_at_once() -> None:
    with pytest.raises(EmbeddingError, match="OPENAI_API_KEY"):
        open_embedder("openai:tiny").embed(["a"])


@pytest.mark.parametrize("name", ["word2vec", "openai:", "", "MiniLM"])
def test_other_names_are_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(EmbeddingError, match="minilm, openai:MODEL or hashing"):
        open_embedder(name)


# -- MiniLM's files


@pytest.fixture
def no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    return minilm.model_folder()


def archive(names: tuple[str, ...]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name in names:
            entry = tarfile.TarInfo(f"onnx/{name}")
            entry.size = len(name)
            tar.addfile(entry, io.BytesIO(name.encode()))
    return buffer.getvalue()


@respx.mock
def test_the_model_is_put_where_chroma_looks_and_only_once(no_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = archive(minilm.FILES)
    monkeypatch.setattr(minilm, "SHA256", hashlib.sha256(content).hexdigest())
    route = respx.get(minilm.URL).mock(return_value=httpx.Response(200, content=content))
    said: list[str] = []
    for _ in range(2):
        minilm.fetch_model(offline=False, say=said.append)
    assert (route.call_count, len(said)) == (1, 1)
    assert "79 MB" in said[0]
    from chromadb.utils.embedding_functions.onnx_mini_lm_l6_v2 import ONNXMiniLM_L6_V2 as Chromas

    assert no_model.parts[-4:] == Chromas.DOWNLOAD_PATH.parts[-4:]
    assert {path.name for path in (no_model / Chromas.EXTRACTED_FOLDER_NAME).iterdir()} == set(minilm.FILES)
    assert (minilm.URL, Chromas._MODEL_SHA256) == (Chromas.MODEL_DOWNLOAD_URL, Chromas._MODEL_SHA256)
    assert list(no_model.iterdir()) == [no_model / "onnx"]


@respx.mock
@pytest.mark.parametrize(
    ("response", "words"),
    [
        (httpx.Response(200, content=b"something else"), "checksum"),
        (httpx.Response(403), "403"),
        (httpx.ReadTimeout("nothing came for 5 s"), "nothing came"),
        (httpx.ConnectError("name not known"), "name not known"),
    ],
)
def test_without_the_model_a_new_library_hashes_and_says_why(no_model: Path, response: Any, words: str) -> None:
    route = respx.get(minilm.URL)
    route.mock(**({"return_value": response} if isinstance(response, httpx.Response) else {"side_effect": response}))
    with pytest.raises(EmbeddingError, match=words):
        open_embedder("minilm")
    assert not minilm.is_here()
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("PAPERS_EMBEDDINGS")
        library = Library.open(offline=False)
    with library:
        assert library.embedder_name == "auto"
        calls = route.call_count
        report = library.add(invented_papers(3))
        assert route.call_count == calls + 1
        assert library.embedder_name == "hashing"
        assert any(words in notice and "hashing" in notice for notice in report.notices)
        assert library.add(invented_papers(5)).notices == ()
        assert route.call_count == calls + 1


def test_a_download_that_would_take_too_long_is_given_up() -> None:
    minilm.be_on_time(started=0.0, done=1_000, total=80_000_000, until=None)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(minilm.time, "monotonic", lambda: 3.0)
        minilm.be_on_time(started=0.0, done=20_000_000, total=79_000_000, until=30.0)
        with pytest.raises(EmbeddingError, match="too long"):
            minilm.be_on_time(started=0.0, done=2_000_000, total=79_000_000, until=30.0)


@respx.mock
def test_offline_nothing_is_downloaded(no_model: Path) -> None:
    with pytest.raises(EmbeddingError, match="not on this machine"):
        open_embedder("minilm", offline=True)
    assert not respx.calls


# -- which one a library has


@respx.mock
def test_a_library_goes_on_with_what_made_it_and_says_so() -> None:
    route = respx.post(f"{SERVER}/embeddings").mock(side_effect=answering)
    with Library.open() as library:
        library.add(invented_papers(30))
    with Library.open(embeddings="openai:tiny", base_url=SERVER) as library:
        assert library.embedder_name == "hashing"
        (notice,) = library.notices
        assert "papers reindex --embeddings openai:tiny" in notice
        library.add(invented_papers(35))
        assert library.search("attention")
        assert not route.call_count
        heard: list[tuple[int, int]] = []
        library.reindex("openai:tiny", progress=lambda done, total: heard.append((done, total)))
        assert library.embedder_name == "openai:tiny"
        assert heard[0][0] > 0
        assert heard[-1] == (35, 35)
        assert library.status(verify=True).agree
        paid = sum(len(json.loads(call.request.content)["input"]) for call in route.calls)
        assert paid == 35
        library.reindex("hashing")
        library.reindex("auto")
        assert library.embedder_name == "hashing"
        library.reindex("openai:tiny")
        assert sum(len(json.loads(call.request.content)["input"]) for call in route.calls) == paid
        assert library.status(verify=True).agree
    with Library.open() as library:
        assert library.embedder_name == "openai:tiny"


@respx.mock
def test_a_reindexing_that_breaks_off_keeps_what_was_paid_for_and_the_library_as_it_was() -> None:
    embedded: list[str] = []

    def breaking(request: httpx.Request) -> httpx.Response:
        texts = json.loads(request.content)["input"]
        if 300 < len(embedded) < 10_000 and not allowed:
            return httpx.Response(401, json={"error": {"message": "no"}})
        embedded.extend(texts)
        return answering(request)

    allowed: list[bool] = []
    respx.post(f"{SERVER}/embeddings").mock(side_effect=breaking)
    with Library.open(base_url=SERVER, api_key="k") as library:
        library.add(invented_papers(600))
        heard = [0]
        with pytest.raises(EmbeddingError):
            library.reindex("openai:tiny", progress=lambda done, total: heard.append(done))
        assert heard[-1] == 256
        assert library.embedder_name == "hashing"
        assert library.status(verify=True).agree
        embedded.clear()
        allowed.append(True)
        library.reindex("openai:tiny")
        assert len(embedded) == 600 - heard[-1]
        assert library.status(verify=True).agree


def test_a_library_whose_model_is_missing_is_searched_by_words(no_model: Path) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(minilm, "fetch_model", lambda **_: None)
        patched.setattr(minilm.MiniLM, "embed", lambda _, texts: open_embedder("hashing").embed(texts))
        with Library.open(embeddings="minilm") as library:
            library.add(invented_papers(10))
    with Library.open() as library:
        with pytest.raises(EmbeddingError):
            library.embedder.embed_question("attention")
        found = library.look_up("attention for speech")
        assert found.hits
        assert any("minilm cannot be had" in notice for notice in found.notices)


def test_a_question_to_an_empty_library_does_not_choose_its_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PAPERS_EMBEDDINGS")
    monkeypatch.setattr(minilm, "fetch_model", lambda **_: None)
    monkeypatch.setattr(minilm.MiniLM, "embed", lambda _, texts: open_embedder("hashing").embed(texts))
    with Library.open() as library:
        assert library.search("attention for speech") == []
        library.add(invented_papers(3))
        assert library.embedder_name == "minilm"
