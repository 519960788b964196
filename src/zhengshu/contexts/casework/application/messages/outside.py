"""The ways out of the platform: e-mail through SMTP, SMS through the port; addresses go in and are never logged."""

import smtplib
from email.utils import parseaddr
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from zhengshu.contexts.casework.application.messages.ports import sms_port
from zhengshu.contexts.casework.domain.message_rules import Channel

PERMANENT = 500
"""SMTP codes from here on mean: never."""


class NeverTaken(Exception):
    """A channel will never take a message; the argument is the code of the fault."""


def channels_now() -> frozenset[Channel]:
    """Return the channels besides the site that this platform has."""
    offered = {Channel.EMAIL} if settings.MAIL_HOST else set[Channel]()
    return frozenset(offered | ({Channel.SMS} if sms_port() is not None else set()))


def send_email(*, to: str, subject: str, text: str, key: UUID) -> None:
    """Send one e-mail; `key` becomes its Message-ID, by which what comes twice is known.

    Raises:
        NeverTaken: there is no address or no server, or the server refuses it for good.
        OSError, smtplib.SMTPException: it is worth trying again.
    """
    if not to or not settings.MAIL_HOST:
        raise NeverTaken("no-address")
    domain = parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2] or "localhost"
    mail = EmailMessage(
        subject=subject,
        body=text,
        from_email=settings.MAIL_FROM,
        to=[to],
        headers={"Message-ID": f"<{key}@{domain}>", "Auto-Submitted": "auto-generated"},
        connection=_connection(),
    )
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as fault:
        codes = [code for code, _ in fault.recipients.values()]
        if all(code >= PERMANENT for code in codes):
            raise NeverTaken(f"smtp-{codes[0]}") from fault
        raise
    except smtplib.SMTPResponseException as fault:
        if fault.smtp_code >= PERMANENT and not isinstance(fault, smtplib.SMTPAuthenticationError):
            raise NeverTaken(f"smtp-{fault.smtp_code}") from fault
        raise


def send_sms(*, to: str, text: str, key: UUID) -> None:
    """Send one SMS; the port takes a key once.

    Raises:
        NeverTaken: there is no number or no port, or the operator refuses it for good.
        OSError: it is worth trying again.
    """
    port = sms_port()
    if not to or port is None:
        raise NeverTaken("no-number")
    try:
        port.send(to=to, text=text, key=str(key))
    except ValueError as fault:
        raise NeverTaken("sms-refused") from fault


def _connection() -> BaseEmailBackend:
    return EmailBackend(
        host=settings.MAIL_HOST,
        port=settings.MAIL_PORT,
        username=settings.MAIL_USER,
        password=settings.MAIL_PASSWORD,
        use_tls=settings.MAIL_SECURITY == "starttls",
        use_ssl=settings.MAIL_SECURITY == "tls",
        timeout=settings.MAIL_SECONDS,
    )
