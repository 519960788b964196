"""Sending what is queued: by e-mail through SMTP, by SMS through the port; each delivery under its lock.

A delivery is locked while it is sent and marked as sent in the same transaction. When a worker is killed between the
server's yes and the mark, the e-mail is sent again under the same Message-ID, by which mail programs know it; the
file of an SMS has the delivery's key as its name and is written once.
"""

import smtplib
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction as django_transaction
from django.utils.translation import gettext, override
from procrastinate.exceptions import AlreadyEnqueued

from zhengshu.contexts.casework.application.messages.afterwords import afterwords
from zhengshu.contexts.casework.application.messages.choose_channels import address_of, number_of
from zhengshu.contexts.casework.application.messages.facts import in_language, words
from zhengshu.contexts.casework.application.messages.outside import NeverTaken, send_email, send_sms
from zhengshu.contexts.casework.application.naming import loaded, reader_language
from zhengshu.contexts.casework.domain.message_rules import Channel
from zhengshu.contexts.casework.domain.wording import masked
from zhengshu.contexts.casework.models import Delivery, MessageChoice
from zhengshu.foundation.jobs import app
from zhengshu.foundation.transactions import transaction

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 8
JOB = "casework.deliver"
ABANDONED = timedelta(minutes=5)
"""After so long a waiting delivery is queued again: its worker died. A job that still waits is not doubled."""
AT_ONCE = 500


class NotDelivered(Exception):
    """A channel did not take a message; its job is tried again."""


def queue_after_commit(delivery_ids: Iterable[UUID]) -> None:
    """Queue deliveries once the open transaction is committed.

    Within a worker jobs are queued by another connection, so a job that was queued earlier could run before there is
    anything to send. What a process that dies in between does not queue, `queue_abandoned` does.
    """
    keys = tuple(delivery_ids)
    django_transaction.on_commit(lambda: queue(keys))


def queue(delivery_ids: Iterable[UUID]) -> None:
    """Queue deliveries as jobs; one that waits already is left as it is."""
    for key in delivery_ids:
        try:
            with django_transaction.atomic():
                job = app.configure_task(JOB, queueing_lock=f"{JOB}:{key}")
                job.defer(delivery_id=str(key))
        except AlreadyEnqueued:
            continue


def queue_abandoned(*, at: datetime) -> int:
    """Queue again what waits too long, for its worker was killed; return how many were looked at."""
    rows = Delivery.objects.waiting().filter(changed_at__lt=at - ABANDONED).order_by("changed_at")
    keys = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    queue(keys)
    return len(keys)


def deliver(*, delivery_id: UUID, at: datetime) -> None:
    """Send one delivery, and write down what became of it.

    Raises:
        NotDelivered: the channel did not take it, and it is worth trying again.
    """
    if _attempt(delivery_id, at=at):
        raise NotDelivered


@transaction
def _attempt(delivery_id: UUID, *, at: datetime) -> bool:
    """Return whether it is to be tried again; a delivery that another worker has in hand is left to it."""
    rows = Delivery.objects.waiting().select_for_update(skip_locked=True, of=("self",))
    row = rows.select_related("message__case").filter(pk=delivery_id).first()
    if row is None:
        return False
    row.attempts, row.changed_at = row.attempts + 1, at
    try:
        _send(row)
    except NeverTaken as refusal:
        row.state, row.fault = Delivery.State.GIVEN_UP, str(refusal)
    except (OSError, smtplib.SMTPException) as fault:
        is_last = row.attempts >= MOST_ATTEMPTS
        row.state = Delivery.State.GIVEN_UP if is_last else Delivery.State.FAILED
        row.fault = _fault_of(fault)
    else:
        row.state, row.fault = Delivery.State.SENT, ""
    row.save(update_fields=["attempts", "changed_at", "state", "fault"])
    log.info("casework.delivery", delivery=str(row.pk), channel=row.channel, state=row.state, fault=row.fault)
    return row.state == Delivery.State.FAILED


def _send(row: Delivery) -> None:
    choice = MessageChoice.objects.filter(person_id=row.message.person_id).first()
    with override(choice.language if choice else "zh-hans"):
        if row.channel == Channel.EMAIL:
            subject, text = _outside(row)
            send_email(to=address_of(choice), subject=subject, text=text, key=row.pk)
        else:
            text = gettext("Zhengshu: there is news of %(number)s. Read it at %(link)s") % {
                "number": row.message.case.number,
                "link": settings.PUBLIC_URL + "/messages/",
            }
            text = " ".join(part for part in (text, _afterword(row)) if part)
            send_sms(to=number_of(choice), text=text, key=row.pk)


def _outside(row: Delivery) -> tuple[str, str]:
    """Return subject and text for outside of the platform: without what may name persons."""
    kind, language = loaded(row.message.version_id), reader_language()
    facts = masked(in_language(row.message.facts, language), kind.definition)
    title = words(kind, f"messages.{row.message.code}.title", facts, language=language)
    text = words(kind, f"messages.{row.message.code}.text", facts, language=language)
    closing = gettext(
        "Sign in to read everything: %(link)s\nThis message was sent by the platform; nobody reads answers to it."
    ) % {"link": settings.PUBLIC_URL + "/messages/"}
    body = "\n\n".join(part for part in (text, _afterword(row), closing) if part)
    return " ".join(f"{title} · {row.message.case.number}".split()), f"{body}\n"


def _afterword(row: Delivery) -> str:
    """Return where the person rates the case that has ended, without signing in; empty where nothing is to be rated."""
    message = row.message
    told = [(message, loaded(message.version_id))]
    path = afterwords(told, person_id=message.person_id, is_leaving=True).get(message.pk, "")
    return gettext("Say how it went: %(link)s") % {"link": settings.PUBLIC_URL + path} if path else ""


def _fault_of(fault: OSError | smtplib.SMTPException) -> str:
    """Return a code for what went wrong, without a word of what a server said."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return f"smtp-{next(iter(fault.recipients.values()))[0]}"
    if isinstance(fault, smtplib.SMTPResponseException):
        return f"smtp-{fault.smtp_code}"
    # smtplib says of a server that does not answer in time that it went away.
    if isinstance(fault, TimeoutError) or isinstance(fault.__context__, TimeoutError):
        return "slow"
    if isinstance(fault, ConnectionRefusedError):
        return "unreachable"
    return "broken-off" if isinstance(fault, smtplib.SMTPServerDisconnected) else "unreachable"
