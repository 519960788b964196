"""Confirming that an address is its owner's: a code of six digits goes there, and nothing else before it came back."""

import secrets
import smtplib
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.db import transaction as django_transaction
from django.utils.translation import gettext, override

from zhengshu.contexts.casework.application.messages.choose_channels import known_address
from zhengshu.contexts.casework.application.messages.outside import NeverTaken, send_email, send_sms
from zhengshu.contexts.casework.domain.message_rules import Channel
from zhengshu.contexts.casework.message_events import AddressConfirmed
from zhengshu.contexts.casework.models import AddressCode, MessageChoice
from zhengshu.foundation.crypto.sealing import seal, unseal
from zhengshu.foundation.events import Subject
from zhengshu.foundation.jobs import app
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused

JOB = "casework.send_code"
DIGITS = 6
LIFETIME = timedelta(minutes=10)
MOST_TRIES = 5
"""Wrong codes after which a code counts no more: five guesses of a million."""
WAIT = timedelta(minutes=1)
"""Between two codes to the same address."""
A_DAY, MOST_A_DAY = timedelta(days=1), 5
"""Codes that one person may have sent by one channel, so that nobody floods the mailbox of a stranger."""
_CODE = b"casework.address_code:"


class CodeWrong(Refused):
    """The code is another one; after five wrong ones a new code is needed."""

    code: ClassVar[str] = "casework.code-wrong"
    message: ClassVar[str] = "This is not the code that was sent. You may try %(left)s more times."


class CodeExpired(Refused):
    """No code is valid now: it is too old, was tried too often, or the address was changed."""

    code: ClassVar[str] = "casework.code-expired"
    message: ClassVar[str] = "This code is no longer valid. Have a new one sent."


class CodesTooMany(Refused):
    """Codes were sent too often; wait."""

    code: ClassVar[str] = "casework.codes-too-many"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "A code was sent less than a minute ago, or five times today. Try again later."


class NothingToConfirm(Refused):
    """There is no address that waits to be confirmed."""

    code: ClassVar[str] = "casework.nothing-to-confirm"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "There is no address that waits to be confirmed."


class CodeNotSent(Exception):
    """A channel did not take a code; its job is tried again while the code is valid."""


@transaction
def send_code(*, channel: Channel, actor: Actor, at: datetime) -> None:
    """Make a new code for an address that is not confirmed and queue it; codes from before count no more.

    Raises:
        NothingToConfirm: no address is known, or it is confirmed.
        CodesTooMany: a code was sent a moment ago, or too many today.
    """
    choice = MessageChoice.objects.select_for_update().filter(person_id=actor.id).first()
    if choice is None or not known_address(choice, channel) or choice.is_confirmed(channel):
        raise NothingToConfirm
    codes = AddressCode.objects.filter(person_id=actor.id, channel=channel.value)
    codes.filter(made_at__lte=at - A_DAY).delete()
    moments = list(codes.values_list("made_at", flat=True))
    if len(moments) >= MOST_A_DAY or any(one > at - WAIT for one in moments):
        raise CodesTooMany
    codes.update(sealed_code=None)
    row = AddressCode(person_id=actor.id, channel=channel.value, made_at=at)
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    row.sealed_code = seal(digits.encode(), context=_CODE + row.pk.bytes)
    row.save()
    key = str(row.pk)
    django_transaction.on_commit(
        lambda: app.configure_task(JOB, queueing_lock=f"{JOB}:{key}").defer(code_id=key)
    )


def confirm_address(*, channel: Channel, code: str, actor: Actor, at: datetime) -> None:
    """Take a code for proof that the address is the actor's.

    Raises:
        CodeWrong: it is another one; the try is counted.
        CodeExpired: no code is valid.
    """
    left = _judge(channel, "".join(code.split()), actor=actor, at=at)
    if left is None:
        raise CodeExpired
    if left > 0:
        raise CodeWrong(left=left)


@transaction
def _judge(channel: Channel, typed: str, *, actor: Actor, at: datetime) -> int | None:
    """Return 0 where the code is right, else how many tries are left, None where no code is valid.

    It refuses nothing itself, so that a wrong try stays counted.
    """
    choice = MessageChoice.objects.select_for_update().filter(person_id=actor.id).first()
    codes = AddressCode.objects.filter(person_id=actor.id, channel=channel.value)
    row = codes.exclude(sealed_code=None).filter(made_at__gt=at - LIFETIME).first()
    if choice is None or row is None or row.tries >= MOST_TRIES:
        return None
    if not secrets.compare_digest(typed.encode(), _digits(row).encode()):
        row.tries += 1
        row.save(update_fields=["tries"])
        return MOST_TRIES - row.tries or None
    codes.delete()
    choice.confirm(channel, at=at)
    subject = Subject(kind="account", id=str(actor.id), label="")
    publish(
        AddressConfirmed(
            at=at, actor=actor, subject=subject, department_id=actor.department_id, channel=channel.value
        )
    )
    return 0


@transaction
def deliver_code(*, code_id: UUID, at: datetime) -> None:
    """Send a code that is still valid; a code that was sent, replaced or grew old is left alone.

    Raises:
        CodeNotSent: the channel did not take it, and it is worth trying again.
    """
    rows = AddressCode.objects.select_for_update(skip_locked=True).exclude(sealed_code=None)
    row = rows.filter(pk=code_id, sent_at=None, made_at__gt=at - LIFETIME).first()
    choice = MessageChoice.objects.filter(person_id=row.person_id).first() if row else None
    if row is None or choice is None:
        return
    channel = Channel(row.channel)
    address = known_address(choice, channel)
    try:
        with override(choice.language):
            if channel == Channel.EMAIL:
                send_email(to=address, subject=gettext("Your code"), text=_text(row), key=row.pk)
            else:
                send_sms(to=address, text=_text(row), key=row.pk)
    except NeverTaken:
        row.sealed_code = None
    except (OSError, smtplib.SMTPException) as fault:
        raise CodeNotSent from fault
    row.sent_at = at
    row.save(update_fields=["sent_at", "sealed_code"])


def _digits(row: AddressCode) -> str:
    return unseal(bytes(row.sealed_code or b""), context=_CODE + row.pk.bytes).decode()


def _text(row: AddressCode) -> str:
    return gettext(
        "Zhengshu: your code is %(code)s. It is valid for %(minutes)s minutes. If you did not ask for it, you need not "
        "do anything."
    ) % {"code": _digits(row), "minutes": LIFETIME // timedelta(minutes=1)}
