"""What a day's use does to the machine: whom the programs talk to, where they write, and who may read that.

Every command runs under strace, with the real onnxruntime, a umask that forbids nothing, and an environment and a
`.env` in the current folder that invite each package to report to somebody.
"""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from chat_server import MODEL, StubServer
from test_serving import free_port
from tiny_minilm import write_tiny_minilm
from tracing import Trace, read, strace

from index.sample import sample_papers

ROOT = Path(__file__).parents[2]
PAPERS = [sys.executable, "-c", "import sys; from assistant.cli import main; sys.exit(main())"]
MINUTE = 60
QUESTION = "Which papers speed up attention in hardware, and by how much?"
COMMANDS = {
    "search": [QUESTION],
    "ask": [QUESTION],
    "weekly": ["--week", "2026-W16", "-o", "week.html"],
    "compare": ["SpAtten", "FlashAttention", "-o", "pair.md"],
    "check": ["draft.md"],
    "status": ["--verify"],
}
ELSEWHERE = "http://192.0.2.1:4318"  # an address that nobody has
TELLING = {
    "ORT_DISABLE_TELEMETRY": "0",
    "GRADIO_ANALYTICS_ENABLED": "True",
    "HF_HUB_DISABLE_TELEMETRY": "0",
    "FASTAPI_OTEL_AUTO_CONFIGURE": "true",
    "OTEL_EXPORTER_OTLP_ENDPOINT": ELSEWHERE,
    "HTTP_PROXY": ELSEWHERE,
    "MPLBACKEND": "agg",  # Gradio asks matplotlib, which only the tests' own packages bring, to look for one
}
FOREIGN_ENV = f"""CHROMA_API_IMPL=chromadb.api.fastapi.FastAPI
CHROMA_SERVER_HOST=192.0.2.1
CHROMA_SERVER_HTTP_PORT=8000
CHROMA_OTEL_COLLECTION_ENDPOINT={ELSEWHERE}
CHROMA_OTEL_GRANULARITY=all
ANONYMIZED_TELEMETRY=True
"""
API = """
import os, sys
from pathlib import Path
from assistant import Assistant
from assistant.conversations import Conversations, QuestionScope
from assistant.settings import Settings
from index import Library
from index.sample import sample_papers
home = Path(sys.argv[1])
with Library.open(home, "minilm") as library:
    library.add(sample_papers()[:9])
    library.add(sample_papers()[9:])
    assert library.search("attention in hardware")
    assert library.similar(library.papers()[0].id)
with Assistant.open(Settings.load(home=home)) as assistant:
    assert assistant.ask(sys.argv[2]).mode == "llm"
    assistant.weekly("2026-W16")
conversations = Conversations(home / "conversations.sqlite3")
conversations.recover()
conversations.ask("", None, sys.argv[2], QuestionScope())
conversations.close()
assert os.umask(0) == 0, "the umask is the host's"
"""


@dataclass
class Day:
    """A user's day: their folders, the model's server, what the window said, and what each command did."""

    home: Path
    work: Path
    server: str
    said: str
    traces: dict[str, Trace]

    @property
    def library(self) -> Path:
        return self.home / ".local" / "share" / "daily-papers"

    @property
    def own_library(self) -> Path:
        return self.work / "own-library"


class Scene:
    """Runs commands in the user's shell."""

    def __init__(self, folder: Path, server: str) -> None:
        self.home, self.work, self.traces = folder / "home", folder / "work", folder / "traces"
        for made in (self.home, self.work, self.traces, folder / "tmp"):
            made.mkdir()
        self.environment = {
            **TELLING, "HOME": str(self.home), "TMPDIR": str(folder / "tmp"), "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PAPERS_OFFLINE": "1", "OPENAI_BASE_URL": server,
            "PAPERS_MODEL": MODEL, "PAPERS_EMBEDDINGS": "minilm",
        }  # fmt: skip

    def start(self, name: str, command: list[str]) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [*strace(self.traces / name), *command], start_new_session=True,
            cwd=self.work, env=self.environment, umask=0, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def run(self, name: str, command: list[str]) -> None:
        process = self.start(name, command)
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0, f"{name}: {said}"


def visit(url: str) -> None:
    """Does what a page does to ask a question and upload a file."""
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        until = time.monotonic() + 90
        while time.monotonic() < until:
            with suppress(httpx.TransportError):
                client.get("/health").raise_for_status()
                break
            time.sleep(0.2)
        for path in ("/", "/config", "/theme.css", "/gradio_api/info"):
            client.get(path).raise_for_status()
        asked = {"data": [QUESTION, 8, None, None, True]}
        event = client.post("/gradio_api/call/ask_papers", json=asked).raise_for_status().json()
        answer = client.get(f"/gradio_api/call/ask_papers/{event['event_id']}").text
        assert "event: complete" in answer, answer
        files = {"files": ("page.txt", b"A page of papers.", "text/plain")}
        client.post("/gradio_api/upload", files=files).raise_for_status()


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    stub = StubServer()
    folder = tmp_path_factory.mktemp("day")
    scene = Scene(folder, stub.url)
    write_tiny_minilm(scene.home)
    old = scene.home / ".local" / "share" / "daily-papers"
    old.mkdir(0o755, parents=True)
    (old / ".env").touch(0o644)
    (scene.work / ".env").write_text(FOREIGN_ENV)
    (scene.work / "papers.jsonl").write_text("\n".join(json.dumps(paper.to_dict()) for paper in sample_papers()))
    (scene.work / "draft.md").write_text(f"{sample_papers()[0].sentences[0].text} [@{sample_papers()[0].id}]\n")
    port = free_port()
    window, begun = scene.start("chat", [*PAPERS, "chat", "--port", str(port)]), time.monotonic()
    try:
        scene.run("add", [*PAPERS, "add", "papers.jsonl"])
        visit(f"http://127.0.0.1:{port}")
        for name, arguments in COMMANDS.items():
            scene.run(name, [*PAPERS, name, *arguments])
        scene.run("api", [sys.executable, "-c", API, str(scene.work / "own-library"), QUESTION])
        time.sleep(max(begun + MINUTE - time.monotonic(), 0))
    finally:
        os.killpg(window.pid, signal.SIGINT)  # strace itself ignores it
        said, _ = window.communicate(timeout=30)
    assert "Traceback" not in said, said
    traces = {file.name: read(file, umask=0) for file in scene.traces.iterdir()}
    yield Day(scene.home, scene.work, stub.url.split("/")[2], said, traces)
    stub.close()


def test_nobody_is_asked_but_the_server_that_was_named(day: Day) -> None:
    for name, trace in day.traces.items():
        assert trace.addressed <= {day.server}, name
    for name in ("chat", "ask", "weekly", "compare", "status", "api"):
        assert day.traces[name].addressed, name


def test_onnxruntime_made_the_vectors(day: Day) -> None:
    for name in ("chat", "add", "search", "ask", "api"):
        assert any("onnxruntime" in path for path in day.traces[name].opened), name


def test_nothing_is_written_outside_the_librarys_folder(day: Day) -> None:
    model = day.home / ".cache" / "chroma"
    written = [path for path in day.home.rglob("*") if path.is_file() and model not in path.parents]
    assert [path for path in written if day.library not in path.parents] == []
    own = {path.name for path in day.work.iterdir()}
    assert own == {".env", "papers.jsonl", "draft.md", "own-library", "week.html", "pair.md"}
    assert list((day.home.parent / "tmp").iterdir()) == []


def permissions(folder: Path) -> dict[str, str]:
    """The permissions of a folder and what is in it, where others than the owner have any."""
    found = {path: stat.filemode(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}
    return {str(path): mode for path, mode in found.items() if not mode.endswith("------")}


def test_the_library_is_its_owners_alone(day: Day) -> None:
    for library in (day.library, day.own_library):
        assert len(list(library.rglob("*"))) > 20
        assert permissions(library).keys() <= {str(library / ".env")}  # the user's own
    assert f"`chmod 600 {day.library / '.env'}`" in day.said


def test_what_the_commands_make_is_so_from_the_first_byte(day: Day) -> None:
    for name, trace in day.traces.items():
        made = {path: mode for path, mode in trace.made.items() if path.suffix not in (".html", ".md")}
        assert name in ("search", "check", "status") or made
        if name != "api":
            assert {path: oct(mode) for path, mode in made.items() if mode & 0o077} == {}, name
        assert [(path, oct(mode)) for path, mode in trace.changed if mode & 0o077] == [], name


def test_what_python_makes_is_so_but_for_the_indexes_own_files_in_a_closed_folder(day: Day) -> None:
    """The umask is the host program's there, and Chroma and tantivy follow it."""
    library, made = day.own_library, day.traces["api"].made
    wide = {path.relative_to(library) for path, mode in made.items() if mode & 0o077}
    indexes = {path.parts[0] for path in wide}
    assert {name.split("-")[0] for name in indexes} == {"chroma", "words"}
    assert {oct(made[path]) for path in (library, *(library / name for name in indexes))} == {"0o700"}


def test_files_that_were_asked_for_are_as_the_umask_says(day: Day) -> None:
    assert (day.work / "week.html").stat().st_mode & 0o777 == 0o666
    assert (day.work / "pair.md").stat().st_mode & 0o777 == 0o666
