"""A digest by mail, against a real SMTP server on loopback with TLS and login."""

import contextlib
import datetime
import ipaddress
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from invented import week
from mail_server import Mailbox

from assistant.documents import Digest
from assistant.mail import MailError, draft, send_digest
from assistant.render.digest import to_html
from assistant.weekly import weekly
from index.library import Library

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # TLS comes from outside
USER, PASSWORD = "ada@example.org", "s3cret/@word"
LOGIN = "ada%40example.org:s3cret%2F%40word"
TO = "reader@example.net"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    return folder / "cert.pem", folder / "key.pem"


def login(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
    right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=right)  # what is not handled is answered with 535


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture(params=["smtps", "smtp+starttls"])
def server(
    request: pytest.FixtureRequest,
    mailbox: Mailbox,
    certificate: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """The address of a server that requires TLS and a login; this process trusts its certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*map(str, certificate))
    tls = {"ssl_context": context} if request.param == "smtps" else {"tls_context": context, "require_starttls": True}
    given: dict[str, Any] = {"authenticator": login, "auth_required": True, "auth_require_tls": False, **tls}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **given)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    controller.start()
    yield f"{request.param}://{LOGIN}@127.0.0.1:{port}"
    controller.stop()


@pytest.fixture
async def digest(tmp_path: Path) -> Digest:
    with Library.open(tmp_path / "home", "hashing", offline=True, exact=True) as library:
        library.add(week(3))
        return [snapshot async for snapshot in weekly(library)][-1]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def send(digest: Digest, home: Path, url: str | None, to: str = TO, **options: Any):
    return send_digest(digest, to, smtp_url=url, mail_from=None, home=home, **options)


def test_a_digest_arrives_with_both_parts_and_its_headers(digest: Digest, home: Path, server: str, mailbox: Mailbox):
    sent = send(digest, home, server)
    assert sent.sent
    assert TO in sent.message
    (mail,) = mailbox.mails
    assert (mail["From"], mail["To"]) == (USER, TO)
    assert mail["Subject"].startswith("Papers of 2026-W16")
    assert mail["Message-ID"].endswith("@example.org>")
    assert mail["List-Unsubscribe"] == "<mailto:ada@example.org?subject=unsubscribe>"
    assert mail["Date"]
    assert mail.get_content_type() == "multipart/alternative"
    plain, html = mail.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert html.get_content_type() == "text/html"
    assert html.get_content().replace("\r\n", "\n").strip() == to_html(digest).strip()
    for labelled in digest.papers:
        assert labelled.paper.title in " ".join(plain.get_content().split())


def test_nothing_is_sent_twice_unless_it_is_asked_for(digest: Digest, home: Path, server: str, mailbox: Mailbox):
    assert send(digest, home, server).sent
    second = send(digest, home, server)
    assert not second.sent
    assert "--resend" in second.message
    assert not send(digest, home, server, to=TO.title()).sent  # the same mailbox, written differently
    assert send(digest, home, server, to="other@example.net").sent
    assert send(digest, home, server, query="video").sent
    assert send(digest, home, server, resend=True).sent
    assert len(mailbox.mails) == 4
    assert mailbox.mails[3]["Message-ID"] not in {mail["Message-ID"] for mail in mailbox.mails[:3]}


def test_two_runs_at_once_send_one_mail(digest: Digest, home: Path, server: str, mailbox: Mailbox):
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(send, digest, home, server) for _ in range(2)]
        assert sorted(run.result().sent for run in runs) == [False, True]
    assert len(mailbox.mails) == 1


def test_what_the_server_refuses_is_said_kept_and_tried_again(
    digest: Digest, home: Path, server: str, mailbox: Mailbox
):
    mailbox.refusal = "554 too many themes"
    with pytest.raises(MailError, match="554 too many themes") as failure:
        send(digest, home, server)
    kept = home / "digest-2026-W16.html"
    assert str(kept) in str(failure.value)
    assert kept.read_text(encoding="utf-8") == to_html(digest)
    assert kept.stat().st_mode & 0o077 == 0
    mailbox.refusal = None
    assert send(digest, home, server).sent


def test_an_unknown_reader_is_named(digest: Digest, home: Path, server: str, mailbox: Mailbox):
    mailbox.refused_receiver = TO
    with pytest.raises(MailError, match="550 no such reader"):
        send(digest, home, server)
    assert not mailbox.mails


def test_a_wrong_password_is_said_and_not_shown(digest: Digest, home: Path, server: str, mailbox: Mailbox):
    with pytest.raises(MailError, match="refuses the login") as failure:
        send(digest, home, server.replace("s3cret", "gu3ss"))
    assert "gu3ss" not in str(failure.value)
    assert not mailbox.mails


def test_a_connection_that_breaks_off_may_have_sent_it(digest: Digest, home: Path, server: str, mailbox: Mailbox):
    mailbox.vanish = True
    with pytest.raises(MailError, match="may have arrived"):
        send(digest, home, server)
    mailbox.vanish = False
    again = send(digest, home, server)
    assert not again.sent
    assert "may have arrived" in again.message
    assert send(digest, home, server, resend=True).sent


def test_a_certificate_that_nobody_vouches_for_is_refused(
    digest: Digest, home: Path, server: str, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(MailError, match="No secure connection"):
        send(digest, home, server)
    assert not mailbox.mails


def test_a_server_that_fails_at_goodbye_has_the_mail(
    digest: Digest, home: Path, server: str, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
):
    def fails(self: smtplib.SMTP) -> None:
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(smtplib.SMTP, "quit", fails)
    assert send(digest, home, server).sent
    assert not send(digest, home, server).sent
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (None, "PAPERS_SMTP_URL"),
        ("mailto:x@example.org", "PAPERS_SMTP_URL"),
        ("smtps://", "PAPERS_SMTP_URL"),
        ("smtps://host:port", "PAPERS_SMTP_URL"),
        ("smtp://ada%40example.org:secret@mail.example.org", "unencrypted"),
        ("smtp://127.0.0.1:9", "PAPERS_MAIL_FROM"),
        ("smtp://ada%40example.org:secret@127.0.0.1:9", "No connection to 127.0.0.1:9"),
    ],
)
def test_what_is_missing_or_wrong_is_said(digest: Digest, home: Path, url: str | None, said: str):
    with pytest.raises(MailError, match=said) as failure:
        send(digest, home, url)
    assert "secret" not in str(failure.value)


@pytest.mark.parametrize("to", ["", "reader", "a@b@c", "a@b.org\nBcc: c@d.org", "two@a.org, three@b.org", "ü@é.org"])
def test_what_is_no_address_is_said(digest: Digest, home: Path, to: str):
    with pytest.raises(MailError, match="not a mail address"):
        send(digest, home, "smtp://127.0.0.1:9", to=to)


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        (b"", b"2", "within 1 s|timed out"),
        (b"220-", b"a", "within 1 s|timed out"),
        (b"", b"220-hello\r\n" * 1000, "says too much"),
    ],
)
def test_a_server_that_never_ends_is_given_up(
    digest: Digest, home: Path, first: bytes, then: bytes, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.mail.WHOLE", 1.0)

    def talk(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection, contextlib.suppress(OSError):
            connection.sendall(first)
            while True:
                connection.sendall(then)
                time.sleep(0.05)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=talk, args=(listening,), daemon=True).start()
        began = time.monotonic()
        with pytest.raises(MailError, match=said):
            send(digest, home, f"smtp://ada%40example.org:x@127.0.0.1:{listening.getsockname()[1]}")
        assert time.monotonic() - began < 15


def test_a_digest_without_papers_is_not_sent(home: Path):
    home.mkdir()
    sent = send(Digest("2026-W16", "2026-04-13", "2026-04-19", notices=("No paper is from 2026-W16.",)), home, None)
    assert not sent.sent
    assert sent.message == "Nothing to send: No paper is from 2026-W16."


async def test_a_page_that_is_too_long_for_mail_programs_is_shortened_and_attached(tmp_path: Path) -> None:
    with Library.open(tmp_path / "large", embeddings="hashing") as library:
        library.add(week(45))
        large = [snapshot async for snapshot in weekly(library)][-1]
    mail = message_from_bytes(draft(large).as_bytes(), policy=policy.default)
    shown = mail.get_body(("html",)).get_content()
    attached = next(mail.iter_attachments())
    assert len(shown.encode()) <= 102_000
    assert attached.get_filename() == "papers-2026-W16.html"
    titles = [paper.paper.title for paper in large.papers]
    assert all(title in attached.get_content() for title in titles)
    assert all(f"[{paper.label}]" in mail.get_body(("plain",)).get_content() for paper in large.papers)
    left = sum(title not in shown for title in titles)
    assert 0 < left < len(titles)
    assert f"{left} more papers: mail programs do not show" in shown
