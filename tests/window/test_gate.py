"""Who gets in, under which host name, and what the browser is told it may do."""

import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from served_window import Window, served

from assistant.conversations import QuestionScope
from assistant.window.access.bodies import AT_ONCE, LARGEST_BODY
from assistant.window.access.gate import USED
from assistant.window.access.people import People, add_person, password_fits, read_people, token_owner
from index.safety.limits import DRAFT, QUESTION, UNPACKED
from index.sample import sample_papers

HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def window(homes: Path) -> Iterator[Window]:
    with served(homes / "gate", papers=sample_papers()[:3]) as made:
        yield made


@pytest.fixture(scope="module")
def guarded(homes: Path) -> Iterator[tuple[Window, str]]:
    """A window with two people, and the token of the second."""
    file = homes / "people"
    add_person(file, "Ada", "first password")
    token = add_person(file, "Grace", "second password")
    with served(homes / "guarded", papers=sample_papers()[:3], people=People(file)) as made:
        yield made, token


def test_health_and_headers(window: Window) -> None:
    assert httpx.get(f"{window.url}/health").json() == {"status": "ok"}
    page = httpx.get(window.url, headers=HTML)
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "img-src 'self' data: blob:" in policy
    assert "connect-src 'self'" in policy


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "papers.example:7860", ""])
def test_a_host_that_is_not_ours_is_refused(window: Window, host: str) -> None:
    answer = httpx.get(f"{window.url}/health", headers={"host": host})
    assert answer.status_code == 403
    assert "--allow-host" in answer.json()["detail"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1"])
def test_a_page_of_others_may_not_use_the_server(window: Window, origin: str) -> None:
    answer = httpx.post(f"{window.url}/gradio_api/queue/join", headers={"origin": origin}, json={})
    assert answer.status_code == 403


def test_our_own_origin_and_loopback_names_are_let_in(window: Window) -> None:
    port = window.url.rpartition(":")[2]
    for name in ("localhost", "127.0.0.1", "[::1]"):
        headers = {"host": f"{name}:{port}", "origin": f"http://{name}:{port}"}
        assert httpx.get(f"{window.url}/health", headers=headers).status_code == 200


def test_an_allowed_host_is_let_in(tmp_path: Path) -> None:
    with served(tmp_path, allow_hosts=["papers.example"]) as window:
        headers = {"host": "papers.example", "origin": "https://papers.example"}
        assert httpx.get(f"{window.url}/health", headers=headers).status_code == 200


def test_nobody_gets_in_without_signing_in(guarded: tuple[Window, str]) -> None:
    window, _ = guarded
    assert httpx.get(f"{window.url}/health").status_code == 200
    away = httpx.get(window.url, headers=HTML)
    assert (away.status_code, away.headers["location"]) == (303, "/login")
    for path in ("/config", "/gradio_api/info", "/mcp", "/download/answer/1.md", "/gradio_api/queue/data"):
        assert httpx.get(window.url + path).status_code == 401
    assert httpx.post(f"{window.url}/mcp", json={}).status_code == 401
    assert httpx.post(f"{window.url}/gradio_api/queue/join", json={}).status_code == 401
    forged = {"cookie": "papers_session=Ada|99999999999|" + "0" * 64}
    assert httpx.get(f"{window.url}/config", headers=forged).status_code == 401


def test_signing_in_by_form_and_by_token(guarded: tuple[Window, str]) -> None:
    window, token = guarded
    with httpx.Client(base_url=window.url) as client:
        wrong = client.post("/login", data={"username": "Ada", "password": "nonsense"}, headers=HTML)
        assert wrong.status_code == 401
        assert "Wrong name or password" in wrong.text
        right = client.post("/login", data={"username": "Ada", "password": "first password"}, headers=HTML)
        assert (right.status_code, right.headers["location"]) == (303, "/")
        cookie = right.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert client.get("/config").status_code == 200
    assert httpx.get(f"{window.url}/config", headers={"authorization": f"Bearer {token}"}).status_code == 200
    assert httpx.get(f"{window.url}/config", headers={"authorization": "Bearer nonsense"}).status_code == 401


def test_a_full_queue_is_said_kindly(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    config = httpx.get(f"{window.url}/config").json()
    number = next(f["id"] for f in config["dependencies"] if f["api_name"] == "search_papers")
    monkeypatch.setattr(window.blocks._queue, "max_size", 0)
    job = {"data": ["attention"], "fn_index": number, "session_hash": "x"}
    answer = httpx.post(f"{window.url}/gradio_api/queue/join", json=job)
    assert answer.status_code == 429
    assert "ask again" in answer.json()["detail"]


def test_the_file_of_people_holds_no_password(tmp_path: Path) -> None:
    file = tmp_path / "people"
    token = add_person(file, "Ada", "a long password")
    assert file.stat().st_mode & 0o777 == 0o600
    text = file.read_text()
    assert "a long password" not in text
    assert token not in text
    people = read_people(file)
    assert password_fits(people[0], "a long password")
    assert not password_fits(people[0], "another password")
    assert not password_fits(None, "a long password")
    assert token_owner(people, token) == "Ada"
    newer = add_person(file, "Ada", "a newer password")
    assert len(read_people(file)) == 1
    assert token_owner(read_people(file), token) is None
    assert token_owner(read_people(file), newer) == "Ada"


@pytest.mark.parametrize(("name", "password"), [("", "long enough"), ("A\nda", "long enough"), ("Ada", "short")])
def test_a_bad_name_or_password_is_refused(tmp_path: Path, name: str, password: str) -> None:
    with pytest.raises(ValueError, match="has"):
        add_person(tmp_path / "people", name, password)


@pytest.mark.parametrize(
    "text", ["", "not json", json.dumps({"name": "x"}), '{"name": "x", "salt": "z", "password": "", "token": ""}']
)
def test_a_file_that_is_none_of_ours_is_said_to_be(tmp_path: Path, text: str) -> None:
    file = tmp_path / "people"
    file.write_text(text)
    with pytest.raises(ValueError, match="papers user"):
        read_people(file)


def raw(window: Window, request: bytes) -> bytes:
    """What the server answers to some bytes; it must answer or hang up."""
    with socket.create_connection(("127.0.0.1", int(window.url.rpartition(":")[2])), timeout=10) as connection:
        connection.sendall(request)
        return connection.recv(65536)


MALFORMED = [
    (name, value)
    for name, values in {
        "host": ["[::1", "[", "a b", "localhost:abc", "127.0.0.1:999999", "localhost@evil",
                 "local\xe9", "/", "x" * 9000],
        "origin": ["http://[", "http://", "//", "local\xe9", "http://127.0.0.1:x", "javascript:1", "x" * 9000],
        "cookie": [
            "papers_session=\xe9", "papers_session=" + "9" * 9000, "a=b; ;;=",
            "papers_session=Ada|\xb2|x", 'papers_session="', "papers_session", "=" * 9000,
            ";" * 9000, "papers_session=Ada|99999999999|\xe9",
        ],
        "authorization": ["Bearer \xe9", "Bearer", "Bearer " + "x" * 9000, "\xe9", "Basic x", ""],
        "content-type": ["\xe9", "multipart/form-data", ";" * 9000, "application/json; charset=\xe9"],
        "accept": ["\xe9", ";" * 9000],
        "accept-language": ["\xe9"],
        "range": ["bytes=\xb2-\xb3", "bytes=-", "x" * 9000],
        "if-none-match": ["\xe9"],
        "x-forwarded-for": ["\xe9", "", ",", "[", "x" * 9000],
        "x-forwarded-proto": ["\xe9", ""],
        "x-forwarded-host": ["[", "\xe9", "a b", "x:y:z"],
        "content-length": ["x", "-1"],
        "upgrade": ["websocket"],
    }.items()
    for value in values
]  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("which", ["window", "guarded"])
def test_a_malformed_header_is_no_error_of_the_server(
    request: pytest.FixtureRequest, window: Window, which: str, method: str
) -> None:
    made = window if which == "window" else request.getfixturevalue("guarded")[0]
    for path in ("/", "/config", "/login", "/logout", "/health", "/mcp", "/gradio_api/info", "/gradio_api/queue/join"):
        for name, value in MALFORMED:
            host = "" if name == "host" else "Host: localhost\r\n"
            head = f"{method} {path} HTTP/1.1\r\n{host}{name}: {value}\r\nConnection: close\r\n\r\n"
            said = raw(made, head.encode("latin-1"))
            assert re.match(rb"HTTP/1.1 [234]\d\d ", said), (method, path, name, value[:50], said[:200])
            if name in ("host", "origin"):
                assert said.startswith((b"HTTP/1.1 400", b"HTTP/1.1 403")), (path, name, value[:50], said[:200])


def test_a_header_given_twice_is_refused(window: Window) -> None:
    for name, value in (("Host", "localhost"), ("Origin", "http://localhost")):
        said = raw(window, f"GET /health HTTP/1.1\r\nHost: localhost\r\n{name}: {value}\r\n{name}: x\r\n\r\n".encode())
        assert said.startswith(b"HTTP/1.1 400"), said


ODD_PATHS = [
    "/download/answer/99999999999999999999999999.md", "/download/answer/-1.md", "/download/answer/%C2%B2.md",
    "/download/answer/x.bib", "/download/answer/%00.md", "/download/conversation/%00.md", "/%00", "/assets/%00",
    f"/assets/{'x' * 5000}", f"/static/{'x' * 280}", "/static/%2e%2e/%2e%2e/routes.py", "/assets/..%2f..%2fx",
    "/svelte/%00", f"/download/conversation/{'x' * 5000}.md", "/?page=zzz", "/config?page=zzz",
    "/gradio_api/info?page=zzz",
    "/?deep_link=%00", "/?chat=%00&week=%FF&paper=%C3", "/?week=9999999-W99", "/?%", "/?=&&&=", f"/?chat={'x' * 30000}",
    "/gradio_api/queue/data", "/gradio_api/queue/data?session_hash=%00", "/gradio_api/heartbeat/%00",
    "/gradio_api/heartbeat/..", "//etc/passwd", "/gradio_api/queue/join/", "/mcp/", "/login/", "/robots.txt/",
]  # fmt: skip


@pytest.mark.parametrize("path", ODD_PATHS)
def test_an_odd_address_is_no_error_of_the_server(window: Window, path: str) -> None:
    said = raw(window, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    assert re.match(rb"HTTP/1.1 [234]\d\d ", said), said[:200]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"1", b"null", b"\xff", b"[" * 100_000, b"9" * 6000, b'{"data": 1}', b'{"fn_index": 1e9}'],
)
@pytest.mark.parametrize("path", ["queue/join", "cancel", "reset", "upload"])
def test_an_odd_body_is_no_error_of_the_server(window: Window, path: str, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    assert httpx.post(f"{window.url}/gradio_api/{path}", content=body, headers=headers).status_code < 500


def test_only_what_is_used_of_gradio_is_open(window: Window) -> None:
    """A route that a newer Gradio adds stays closed until somebody opens it here."""
    gradio = window.app._app._app.routes[-1].app
    paths = {re.sub(r"\{.*?\}", "x", path) for path in gradio.openapi()["paths"]}
    assert len(paths) > 70
    assert {path for path in paths if USED.fullmatch(path)} == {
        "/", "/login", "/logout", "/config", "/theme.css", "/favicon.ico", "/manifest.json", "/robots.txt",
        "/assets/x", "/static/x", "/svelte/x", "/gradio_api/info", "/gradio_api/queue/join", "/gradio_api/queue/data",
        "/gradio_api/cancel", "/gradio_api/reset", "/gradio_api/upload", "/gradio_api/startup-events",
        "/gradio_api/heartbeat/x", "/gradio_api/call/x", "/gradio_api/call/v2/x", "/gradio_api/call/x/x",
    }  # fmt: skip
    for path in (
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/proxy=https://x.hf.space/",
        "/gradio_api/run/search_papers",
    ):
        assert httpx.get(window.url + path).status_code == 404
    assert httpx.post(f"{window.url}/gradio_api/component_server", json={}).status_code == 404
    assert httpx.post(f"{window.url}/gradio_api/run/search_papers", json={"data": ["x"]}).status_code == 404


def test_nothing_of_anybody_is_kept_by_a_browser(window: Window, guarded: tuple[Window, str]) -> None:
    kept = window.conversations.ask("", None, "What is kept?", QuestionScope())
    for path in (
        "/", "/config", "/health", f"/download/answer/{kept.id}.md", f"/download/answer/{kept.id}.bib",
        f"/download/conversation/{kept.conversation}.md", "/download/answer/0.md", "/gradio_api/info", "/nothing",
    ):  # fmt: skip
        assert httpx.get(window.url + path).headers["cache-control"] == "no-store", path
    for path in ("/", "/login", "/logout", "/config", "/download/answer/1.md"):
        assert httpx.get(guarded[0].url + path).headers["cache-control"] == "no-store", path
    style = re.search(r"assets/[\w.-]+\.css", httpx.get(window.url).text)
    assert style
    assert httpx.get(f"{window.url}/{style[0]}").headers.get("cache-control") != "no-store"


def head_only(window: Window, path: str, *headers: str) -> bytes:
    """What the server answers before the body has come."""
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Content-Type: application/json", *headers, "", ""]
    return raw(window, "\r\n".join(lines).encode())


@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/gradio_api/run/predict", "/mcp", "/gradio_api/cancel"])
def test_a_body_is_bounded(window: Window, path: str) -> None:
    said = head_only(window, path, f"Content-Length: {LARGEST_BODY + 1}")
    assert said.startswith(b"HTTP/1.1 413")
    assert b"10,485,760 bytes can be sent at most" in said
    assert head_only(window, path, "Transfer-Encoding: chunked").startswith(b"HTTP/1.1 411")


def test_an_upload_and_a_sign_in_are_bounded(window: Window, guarded: tuple[Window, str]) -> None:
    assert head_only(window, "/gradio_api/upload", f"Content-Length: {UNPACKED + 1}").startswith(b"HTTP/1.1 413")
    assert head_only(window, "/gradio_api/upload", "Transfer-Encoding: chunked").startswith(b"HTTP/1.1 411")
    assert head_only(guarded[0], "/login", "Content-Length: 10000").startswith(b"HTTP/1.1 413")
    assert head_only(guarded[0], "/gradio_api/upload", "Content-Length: 1").startswith(b"HTTP/1.1 401")


def test_so_many_uploads_come_at_once(window: Window) -> None:
    head = "POST /gradio_api/upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    address = ("127.0.0.1", int(window.url.rpartition(":")[2]))
    with ExitStack() as stack:
        for _ in range(AT_ONCE):
            connection = stack.enter_context(socket.create_connection(address, timeout=10))
            connection.sendall(f"{head}Content-Length: 1000\r\n\r\n".encode())
        time.sleep(0.5)
        assert raw(window, f"{head}Content-Length: 1000\r\n\r\n".encode()).startswith(b"HTTP/1.1 429")
    time.sleep(0.5)
    assert httpx.post(f"{window.url}/gradio_api/upload", files={"files": b"x"}).status_code == 200


@pytest.mark.parametrize("tool", ["search_papers", "ask_papers", "compare_papers", "weekly_summary", "check_text"])
def test_a_text_that_is_too_long_is_answered_at_once_with_a_sentence(window: Window, tool: str) -> None:
    long = "quantum attention " * (DRAFT // 10)
    given = {"a": long, "b": "x"} if tool == "compare_papers" else {}
    name = {"search_papers": "query", "weekly_summary": "query", "ask_papers": "question", "check_text": "text"}.get(
        tool
    )
    call = {"name": tool, "arguments": given or {name: long}}
    start = time.monotonic()
    headers = {"accept": "application/json, text/event-stream"}
    answer = httpx.post(
        f"{window.url}/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}, headers=headers
    )
    assert re.search(r"characters, and [\d,]+ is the most: shorten it|more than [\d,]+ characters", answer.text)
    assert time.monotonic() - start < 10


def test_a_question_that_is_too_long_is_said_to_be_and_not_asked(window: Window) -> None:
    config = httpx.get(f"{window.url}/config").json()
    labels = {each["id"]: each["props"].get("label") for each in config["components"]}
    asking = next(each for each in config["dependencies"] if each["api_name"] == "from_box")
    before = len(window.conversations.list(""))
    data = ["x" * (QUESTION + 1) if labels.get(i) == "Question" else "" for i in asking["inputs"]]
    assert any(data)
    with httpx.Client(base_url=f"{window.url}/gradio_api") as client:
        client.post("/queue/join", json={"fn_index": asking["id"], "data": data, "session_hash": "long"})
        said = client.get("/queue/data", params={"session_hash": "long"}).text
    assert f"has {QUESTION + 1:,} characters" in said
    assert len(window.conversations.list("")) == before
    assert window.conversations.list("", "very " * 5_000 + "many words") == []
