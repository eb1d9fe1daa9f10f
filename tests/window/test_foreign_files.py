"""No value of a request makes the server read a file that its sender did not upload, or an address.

What is tried is enumerated: every input of every handler that the page declares, every tool, every shape.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from served_window import Window, served

from index.sample import sample_papers

CANARY = "canary-7f3a, which nobody may read"
PAPER = json.dumps({"id": "2604.00001", "title": "An Honest Upload", "abstract": "It is honest. It is whole."})


def file_value(path: str, **more: Any) -> dict[str, Any]:
    """A value that Gradio takes for a file."""
    return {"path": path, "meta": {"_type": "gradio.FileData"}, **more}


def shapes(path: str) -> Iterator[Any]:
    """The ways to hide such a value."""
    yield file_value(path)
    yield [[file_value(path)]]
    yield {"value": {"a": [file_value(path)]}, "path": "x"}
    yield file_value(path, url="http://127.0.0.1:9/x", is_stream=False, orig_name="x.json")


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Gradio's own folder for files, for this test alone."""
    folder = tmp_path_factory.mktemp("gradio")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(folder))
        yield folder


@pytest.fixture
def window(cache: Path, tmp_path: Path) -> Iterator[Window]:
    with served(tmp_path / "home", papers=sample_papers()[:3]) as made:
        yield made


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    file = tmp_path / "secret.json"
    file.write_text(CANARY)
    return file


def handlers(client: httpx.Client) -> list[dict[str, Any]]:
    """Every handler of the page that runs on the server, the private ones too."""
    return [each for each in client.get("/config").json()["dependencies"] if each["backend_fn"]]


def jobs(client: httpx.Client, values: list[Any]) -> Iterator[dict[str, Any]]:
    """A job for every value in every input of every handler, and in what a click on the page sends along."""
    for handler in handlers(client):
        inputs = len(handler["inputs"])
        for value in values:
            for place in range(inputs):
                yield {"fn_index": handler["id"], "data": [value if i == place else "" for i in range(inputs)]}
            yield {"fn_index": handler["id"], "data": [""] * inputs, "event_data": {"text": value, "paper": value}}


def outcome(client: httpx.Client, job: dict[str, Any], number: int) -> str:
    """All that the server says of a job: the refusal, or the events up to its end."""
    session = f"session{number}"
    joined = client.post("/gradio_api/queue/join", json={**job, "session_hash": session})
    if joined.status_code != 200:
        return joined.text
    return client.get("/gradio_api/queue/data", params={"session_hash": session}).text


def files_in(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file() and CANARY in path.read_text(errors="replace")}


def test_no_input_of_any_handler_reads_a_file_of_the_server(window: Window, cache: Path, canary: Path) -> None:
    with httpx.Client(base_url=window.url, timeout=30) as client:
        tried = 0
        for tried, job in enumerate(jobs(client, list(shapes(str(canary)))), 1):
            joined = client.post("/gradio_api/queue/join", json={**job, "session_hash": f"s{tried}"})
            assert joined.status_code == 403, job
            assert "did not upload" in joined.json()["detail"]
    assert tried > 500
    assert files_in(cache) == set()
