"""No value of a request makes the server read a file that its sender did not upload, or an address.

What is tried is enumerated: every input of every handler that the page declares, every tool, every shape in turn.
"""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from served_window import Window, served

from assistant.window.access.bodies import Bodies
from assistant.window.access.people import People, add_person
from index.sample import sample_papers

CANARY = "canary-7f3a, which nobody may read"
PAPER = '{"id": "2604.00001", "title": "An Honest Upload", "abstract": "It is honest. It is whole."}'


def file_value(path: Path | str, **more: Any) -> dict[str, Any]:
    """A value that Gradio takes for a file."""
    return {"path": str(path), "meta": {"_type": "gradio.FileData"}, **more}


def shapes(path: Path) -> list[Any]:
    """The ways to nest or disguise such a value."""
    return [
        file_value(path),
        [[file_value(path)]],
        {"value": {"a": [file_value(path)]}, "path": "x"},
        file_value(path, url="http://127.0.0.1:9/x", is_stream=False, orig_name="x.json"),
        file_value("http://127.0.0.1:9/x"),
        {"path": [str(path)], "meta": None},
    ]


@pytest.fixture(scope="module", autouse=True)
def cache(homes: Path) -> Iterator[Path]:
    """Gradio's own folder for files, for these tests alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(homes / "foreign-cache"))
        yield homes / "foreign-cache"


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    file = tmp_path / "secret.json"
    file.write_text(CANARY)
    return file


@pytest.fixture(scope="module")
def window(cache: Path, homes: Path) -> Iterator[Window]:
    with served(homes / "foreign", papers=sample_papers()[:3]) as made:
        yield made


@pytest.fixture(scope="module")
def client(window: Window) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=window.url, timeout=30) as made:
        yield made


def jobs(client: httpx.Client, values: list[Any]) -> Iterator[dict[str, Any]]:
    """A job for every input of every handler that runs on the server, the private ones too, and for what a click on
    the page sends along; each with the next of some values."""
    turns = itertools.cycle(values)
    for handler in client.get("/config").json()["dependencies"]:
        if handler["backend_fn"]:
            inputs = len(handler["inputs"])
            for place in range(inputs):
                value = next(turns)
                yield {"fn_index": handler["id"], "data": [value if i == place else "" for i in range(inputs)]}
            value = next(turns)
            yield {"fn_index": handler["id"], "data": [""] * inputs, "event_data": {"text": value, "paper": value}}


def outcome(client: httpx.Client, job: dict[str, Any], session: str) -> str:
    """All that the server says about a job: the refusal, or the events up to its end."""
    joined = client.post("/gradio_api/queue/join", json={**job, "session_hash": session})
    if joined.status_code != 200:
        return joined.text
    return client.get("/gradio_api/queue/data", params={"session_hash": session}).text


def copies(cache: Path) -> list[Path]:
    """The files in Gradio's folder that hold what nobody may read."""
    return [path for path in cache.rglob("*") if path.is_file() and CANARY in path.read_text(errors="replace")]


def upload(client: httpx.Client, content: str = PAPER, name: str = "paper.json") -> str:
    """The path of a file that was uploaded."""
    return str(client.post("/gradio_api/upload", files={"files": (name, content)}).raise_for_status().json()[0])


def adding(client: httpx.Client, path: str) -> dict[str, Any]:
    """The job that adds an uploaded file."""
    config = client.get("/config").json()
    files = [each["id"] for each in config["components"] if each["type"] == "file"]
    number = next(each["id"] for each in config["dependencies"] if each["inputs"] == files[:1])
    return {"fn_index": number, "data": [file_value(path)]}


@pytest.mark.parametrize("version", ["", "v2/"])
def test_an_endpoint_that_is_called_by_its_name_takes_none_either(
    client: httpx.Client, canary: Path, version: str
) -> None:
    for value in shapes(canary):
        called = client.post(f"/gradio_api/call/{version}search_papers", json={"data": [value], "query": value})
        assert called.status_code == 403, value


def test_no_input_of_any_handler_takes_a_file_of_the_server(client: httpx.Client, cache: Path, canary: Path) -> None:
    tried = 0
    for tried, job in enumerate(jobs(client, shapes(canary)), 1):
        for address in ("queue/join", "run/predict"):
            refused = client.post(f"/gradio_api/{address}", json={**job, "session_hash": f"s{tried}"})
            assert refused.status_code == 403, job
            assert "did not upload" in refused.json()["detail"]
    assert tried > 200
    assert copies(cache) == []


def test_gradio_itself_looks_too(
    window: Window, client: httpx.Client, cache: Path, canary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second lock: if a value got through, Gradio still would not read what lies outside its own folder. This
    fails when Gradio no longer heeds `has_launched`, or opens files without it."""
    monkeypatch.setattr(Bodies, "refuse_foreign_files", lambda *_: None)
    os.mkfifo(pipe := canary.with_name("pipe"))
    tried = [job for job in jobs(client, [file_value(canary)]) if "event_data" not in job]
    for job in tried:
        assert CANARY not in outcome(client, job, "closed")
    assert copies(cache) == []
    box = next(job for job in jobs(client, [file_value(pipe)]) if job["data"])
    assert 'success":false' in outcome(client, box, "pipe")  # and does not wait for a writer
    assert httpx.get(f"{window.url}/health", timeout=5).status_code == 200
    monkeypatch.setattr(window.blocks, "has_launched", False)
    assert any(outcome(client, job, "open") and copies(cache) for job in tried), (
        "Gradio checks by other means now: look at what has_launched is for"
    )
    for copy in copies(cache):
        copy.unlink()


def test_no_tool_of_mcp_takes_a_file_of_the_server(client: httpx.Client, cache: Path, canary: Path) -> None:
    headers = {"accept": "application/json, text/event-stream"}

    def ask(method: str, **params: Any) -> dict[str, Any]:
        call = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return dict(client.post("/mcp", json=call, headers=headers).json()["result"])

    tools = ask("tools/list")["tools"]
    assert len(tools) == 5
    for tool in tools:
        for name in tool["inputSchema"]["properties"]:
            for value in shapes(canary):
                required = dict.fromkeys(tool["inputSchema"].get("required", []), "x")
                assert CANARY not in str(ask("tools/call", name=tool["name"], arguments={**required, name: value}))
    assert copies(cache) == []


def test_an_honest_upload_is_added(window: Window, client: httpx.Client, cache: Path) -> None:
    path = upload(client)
    assert "1 paper added" in outcome(client, adding(client, path), "one")
    assert "An Honest Upload" in {paper.title for paper in window.assistant.library.papers()}
    assert Path(path).parent.stat().st_mode & 0o077 == 0
    assert upload(client) != path  # not to be guessed from what it holds
    assert client.get(f"/gradio_api/file={path}").status_code == 404
    job = {"fn_index": adding(client, path)["fn_index"], "data": [file_value(f"{path}/../../../secret.json")]}
    assert "did not upload" in outcome(client, job, "two")


@pytest.mark.parametrize("name", ["..", ".", "../../x.json", "a/../../x.json", "\0.json", "x" * 500, "", "é.json"])
def test_a_name_of_an_upload_leads_nowhere_else(client: httpx.Client, cache: Path, name: str) -> None:
    boundary = f'--b\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n{PAPER}\r\n--b--\r\n'
    headers = {"content-type": "multipart/form-data; boundary=b"}
    answer = client.post("/gradio_api/upload", content=boundary.encode(), headers=headers)
    assert answer.status_code in (200, 400)
    assert all(Path(path).parent.parent == cache for path in answer.json() if answer.status_code == 200)


@pytest.mark.parametrize(
    "form", [{"data": {"files": "x"}}, {"json": {}}, {"content": b"--x"}, {"files": {"other": b"x"}}]
)
def test_an_upload_that_is_none_is_a_sentence(client: httpx.Client, form: dict[str, Any]) -> None:
    answer = client.post("/gradio_api/upload", **form)
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_the_oldest_uploads_give_way(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.window.access.bodies.KEPT", 3 * len(PAPER))
    paths = [upload(client) for _ in range(4)]
    assert [Path(path).exists() for path in paths] == [False, True, True, True]
    assert "did not upload" in outcome(client, adding(client, paths[0]), "gone")


def test_what_one_person_uploaded_is_nothing_to_another(cache: Path, tmp_path: Path) -> None:
    file = tmp_path / "people"
    tokens = {name: add_person(file, name, "a long password") for name in ("Ada", "Grace")}
    with served(tmp_path / "home", people=People(file)) as window:
        ada, grace = (
            httpx.Client(base_url=window.url, headers={"authorization": f"Bearer {tokens[name]}"}, timeout=30)
            for name in ("Ada", "Grace")
        )
        with ada, grace:
            path = upload(grace)
            assert "did not upload" in outcome(ada, adding(ada, path), "ada")
            assert ada.get(f"/gradio_api/file={path}").status_code == 404
            assert window.assistant.library.count() == 0
            assert "1 paper added" in outcome(grace, adding(grace, path), "grace")


def test_a_file_is_chosen_in_the_page(serve: Any, open_page: Any) -> None:
    window = serve()
    page = open_page(window.url)
    file = {"name": "paper.json", "mimeType": "application/json", "buffer": PAPER.encode()}
    page.locator("input[type=file]").first.set_input_files(file)
    page.get_by_text("1 paper at hand").wait_for()
    assert [paper.title for paper in window.assistant.library.papers()] == ["An Honest Upload"]
