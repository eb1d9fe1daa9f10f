"""The mailbox of a mail server on this machine."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


class Mailbox:
    """The mails that a server accepted; `refusal` is answered instead, `vanish` drops the connection."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refusal: str | None = None
        self.refused_receiver: str | None = None
        self.vanish = False

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address == self.refused_receiver:
            return "550 no such reader here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refusal:
            return self.refusal
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.vanish:
            server.transport.abort()
        return "250 OK"
