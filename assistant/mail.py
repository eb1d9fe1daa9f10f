"""Sends a digest by mail: over SMTP with TLS and login, as plain text and HTML, once for each week and address.

Knows nothing of how a digest is made. No message of this module contains the password.
"""

import hashlib
import io
import smtplib
import socket
import ssl
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime, make_msgid
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from assistant.documents import Digest
from assistant.settings import Settings
from assistant.weekly.cache import DigestStore
from assistant.weekly.weeks import Period
from index.safety.addresses import is_loopback
from index.safety.permissions import private_file, private_folder
from index.safety.system_errors import what

WAIT, WHOLE = 30.0, 120.0  # seconds: for each answer of the server, and for all of them together
LONGEST = 1 << 16  # bytes of all its answers
_PORTS = {"smtps": 465, "smtp+starttls": 587, "smtp": 25}
_HOW = "set PAPERS_SMTP_URL to smtps://user:password@host:465 or smtp+starttls://user:password@host:587"


class MailError(Exception):
    """A mail that was not sent, or may not have been; the message says why, and what to do."""


@dataclass(frozen=True)
class Mailed:
    """The outcome of a mail: whether it was sent now, and one sentence about it."""

    sent: bool
    message: str


@dataclass(frozen=True)
class _Server:
    scheme: str
    host: str
    port: int
    user: str
    password: str


def send_digest(
    digest: Digest,
    to: str,
    *,
    smtp_url: str | None,
    mail_from: str | None,
    home: Path,
    query: str | None = None,
    resend: bool = False,
) -> Mailed:
    """Sends a digest to an address. Sends nothing if there are no papers, and nothing twice for the same days, topic
    and address without `resend`. If sending fails, the digest is kept in `home` as an HTML file. Raises MailError."""
    from filelock import FileLock

    period, topic = Period(digest.week, digest.since, digest.until), " ".join((query or "").split())
    if not digest.papers:
        return Mailed(False, f"Nothing to send: {' '.join(digest.notices) or f'no paper is of {period}.'}")
    store = DigestStore(home)
    receiver = _address(to)
    private_folder(home)
    with FileLock(private_file(home / "mailing.lock")):
        before = None if resend else store.mailed(period, topic, receiver.addr_spec)
        if before is not None:
            what = "was sent" if before[1] else "was being sent, and may have arrived,"
            said = f"The digest of {period} {what} to {to} on {before[0]} (UTC). --resend sends it again."
            return Mailed(False, said)
        try:
            server = _server(smtp_url)
            message = compose(digest, receiver, _sender(mail_from, server), resend)
            store.keep_mailed(period, topic, receiver.addr_spec, accepted=False)
            try:
                _deliver(server, message)
            except MailError:
                store.forget_mailed(period, topic, receiver.addr_spec)
                raise
            except _BrokenOff as broken:
                raise MailError(f"{broken} The mail may have arrived: --resend sends it again.") from None
        except MailError as failure:
            file = _keep(digest, home, period)
            raise MailError(f"{failure} The digest is kept in {file}.") from None
        store.keep_mailed(period, topic, receiver.addr_spec, accepted=True)
    return Mailed(True, f"Sent the digest of {period} to {to}.")


def send_as_set(
    digest: Digest, to: str, settings: Settings, *, query: str | None = None, resend: bool = False
) -> Mailed:
    """The same with the server, the sender and the folder of the settings."""
    smtp_url = settings.smtp_url.get_secret_value() if settings.smtp_url else None
    return send_digest(
        digest, to, smtp_url=smtp_url, mail_from=settings.mail_from, home=settings.home, query=query, resend=resend
    )


def _keep(digest: Digest, home: Path, period: Period) -> Path:
    from assistant.render.digest import to_html

    file = home / f"digest-{str(period).replace(' ', '-')}.html"
    private_file(file).write_text(to_html(digest), encoding="utf-8")
    return file


def compose(digest: Digest, to: Address, sender: Address, anew: bool = False) -> EmailMessage:
    """The mail of a digest: plain text and HTML, with the headers that mail programs and lists use. The same digest for
    the same address has the same Message-ID, unless it is sent `anew`."""
    from assistant.render.digest import to_html

    page, message = to_html(digest), _begun(digest)
    message["From"], message["To"] = sender, to
    mark = hashlib.sha256(f"{page}\n{to.addr_spec}".encode()).hexdigest()[:32]
    message["Message-ID"] = make_msgid(domain=sender.domain) if anew else f"<{mark}@{sender.domain}>"
    message["List-Id"] = f"Weekly papers <weekly-papers.{sender.domain}>"
    message["List-Unsubscribe"] = f"<mailto:{quote(sender.addr_spec, safe='@')}?subject=unsubscribe>"
    message["Auto-Submitted"] = "auto-generated"
    return _filled(message, digest, page)


def draft(digest: Digest) -> EmailMessage:
    """The same mail without addresses: a file that mail programs open as a draft, to be addressed and sent there."""
    from assistant.render.digest import to_html

    message = _begun(digest)
    message["X-Unsent"] = "1"
    return _filled(message, digest, to_html(digest))


def _begun(digest: Digest) -> EmailMessage:
    from assistant.render.digest import count, title

    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["Subject"] = f"{title(digest)}: {count(digest)}"
    message["Date"] = format_datetime(localtime())
    return message


def _filled(message: EmailMessage, digest: Digest, page: str) -> EmailMessage:
    """A mail with the digest as plain text and as its page; one that is too long for mail programs is shortened, and
    attached whole."""
    from assistant.render.digest import fitting_mail, to_text

    shown, left = fitting_mail(digest, page)
    message.set_content(to_text(digest))
    message.add_alternative(shown, subtype="html")
    if left:
        name = f"papers-{str(Period(digest.week, digest.since, digest.until)).replace(' ', '-')}.html"
        message.add_attachment(page, subtype="html", filename=name)
    return message


def _address(text: str) -> Address:
    try:
        address = Address(addr_spec=text.strip())
    except (ValueError, IndexError, MessageError):
        raise MailError(f"{text!r} is not a mail address: write it as name@example.org.") from None
    if not (address.username and address.domain and address.addr_spec.isascii()):
        raise MailError(f"{text!r} is not a mail address: write it as name@example.org.")
    return address


def _sender(mail_from: str | None, server: _Server) -> Address:
    if mail_from:
        return _address(mail_from)
    if "@" in server.user:
        return _address(server.user)
    raise MailError("No sender: set PAPERS_MAIL_FROM to the address to send from.")


def _server(url: str | None) -> _Server:
    if not url:
        raise MailError(f"No mail server: {_HOW}.")
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise MailError(f"PAPERS_SMTP_URL is not the address of a mail server: {_HOW}.") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise MailError(f"PAPERS_SMTP_URL is not the address of a mail server: {_HOW}.")
    server = _Server(parts.scheme, parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""))
    if server.scheme == "smtp" and not is_loopback(server.host):
        raise MailError(f"smtp:// would send the password and mail unencrypted: {_HOW}.")
    return server


class _BrokenOff(Exception):
    """The connection ended after the mail was sent, but before the server confirmed it."""


def _deliver(server: _Server, message: EmailMessage) -> None:
    """Hands a mail to the server and returns once it is accepted. Raises MailError if it was not, _BrokenOff if that is
    unknown."""
    where = f"{server.host}:{server.port}"
    handed_over = False
    try:
        with closing(_connected(server)) as smtp:
            if server.user:
                smtp.login(server.user, server.password)
            smtp.ehlo_or_helo_if_needed()
            _expect(smtp.mail(message["From"].addresses[0].addr_spec))
            _expect(smtp.rcpt(message["To"].addresses[0].addr_spec))
            handed_over = True
            _expect(smtp.data(message.as_bytes()))
            with suppress(OSError, smtplib.SMTPException):  # the mail is accepted, whatever happens now
                smtp.quit()
    except smtplib.SMTPAuthenticationError as error:
        raise MailError(f"{where} refuses the login ({error.smtp_code}): check user and password.") from None
    except smtplib.SMTPResponseException as error:
        said = _said(error.smtp_code, error.smtp_error)
        raise MailError(f"{where} did not accept the mail ({said}).") from None
    except smtplib.SMTPNotSupportedError as error:
        raise MailError(f"{where} does not support this ({error}): check the scheme and port.") from None
    except ssl.SSLError as error:
        raise MailError(f"No secure connection to {where} ({error.reason}): check the scheme, port and name.") from None
    except (OSError, smtplib.SMTPException) as error:
        if handed_over and isinstance(error, smtplib.SMTPServerDisconnected | TimeoutError):
            raise _BrokenOff(f"{where} closed the connection before it confirmed the mail.") from None
        raise MailError(f"No connection to {where} ({what(error)}): check host and port.") from None


def _expect(answer: tuple[int, bytes]) -> None:
    code, words = answer
    if code not in (250, 251):
        raise smtplib.SMTPResponseException(code, words)


def _said(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())[:120]}".strip()


class _Answers(io.RawIOBase):
    """What a server says, read from its connection until its time or length is used up."""

    def __init__(self, connection: socket.socket, until: float) -> None:
        self._connection, self._until, self._left = connection, until, LONGEST

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Reads what is there. Raises OSError when the time or length is used up."""
        seconds = self._until - time.monotonic()
        if seconds <= 0 or self._left <= 0:
            raise TimeoutError(f"it did not finish within {WHOLE:.0f} s" if self._left > 0 else "it says too much")
        self._connection.settimeout(min(WAIT, seconds))
        count = self._connection.recv_into(buffer)
        self._left -= count
        return count


class _Talk(smtplib.SMTP):
    """smtplib limits only the time of each read: here all answers share one limit."""

    def __init__(self, host: str, port: int, **how: Any) -> None:
        self._until = time.monotonic() + WHOLE
        super().__init__(host, port, **how)

    def getreply(self) -> tuple[int, bytes]:
        """The next answer of the server."""
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(_Answers(self.sock, self._until))
        return super().getreply()


class _SafeTalk(_Talk, smtplib.SMTP_SSL):
    """The same over TLS from the beginning."""


def _connected(server: _Server) -> smtplib.SMTP:
    """A connection as secure as the scheme says."""
    if server.scheme == "smtps":
        return _SafeTalk(server.host, server.port, timeout=WAIT, context=ssl.create_default_context())
    smtp = _Talk(server.host, server.port, timeout=WAIT)
    if server.scheme == "smtp+starttls":
        try:
            smtp.starttls(context=ssl.create_default_context())
        except (OSError, smtplib.SMTPException):
            smtp.close()
            raise
    return smtp
