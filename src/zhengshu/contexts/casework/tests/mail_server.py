"""A real mail server on this machine, as good or as bad as a test wants it."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Box:
    """Keeps what is delivered; `answers` are given before that, one a message, then yes."""

    def __init__(self, *, recipients: str = "250 OK", answers: list[str] | None = None) -> None:
        self.recipients = recipients
        self.answers = answers or []
        self.mails: list[EmailMessage] = []
        self.arrived = threading.Event()
        self.is_mute = False
        """Whether it takes a mail and then says nothing until `speaks` is set."""
        self.speaks = threading.Event()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.recipients

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        if self.answers:
            return self.answers.pop(0)
        self.mails.append(message_from_bytes(envelope.content, EmailMessage, policy=policy.default))
        self.arrived.set()
        if self.is_mute:
            await asyncio.to_thread(self.speaks.wait, 30)
        return "250 OK"


@contextmanager
def running(box: Box, *, port: int) -> Iterator[Box]:
    """Let the server run on a port of this machine."""
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box
    finally:
        box.speaks.set()
        controller.stop()
