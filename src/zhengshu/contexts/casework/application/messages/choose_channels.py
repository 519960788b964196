"""By which channels a person wants to be told, and where; addresses are sealed and never shown whole again."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from zhengshu.contexts.casework.application.naming import reader_language
from zhengshu.contexts.casework.message_events import ChannelsChosen
from zhengshu.contexts.casework.models import MessageChoice
from zhengshu.foundation.crypto.sealing import seal, unseal
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.masks import Mask, apply
from zhengshu.kernel.phones import Phone, PhoneInvalid, PhoneKind

_ADDRESS = re.compile(r"[^@\s<>\"(),:;\\\[\]]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*")
_EMAIL, _PHONE = b"casework.message_choice.email:", b"casework.message_choice.phone:"


class AddressUnfit(Refused):
    """Not an e-mail address; never shows it."""

    code: ClassVar[str] = "casework.address-unfit"
    message: ClassVar[str] = "This is not an e-mail address. Expected is name@example.cn."


class AddressMissing(Refused):
    """A channel was chosen without saying where."""

    code: ClassVar[str] = "casework.address-missing"
    message: ClassVar[str] = "Say at which address or number you want to be told."


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What a person chose; addresses are masked."""

    by_email: bool = False
    by_sms: bool = False
    email: str = ""
    phone: str = ""


def chosen(*, actor: Actor) -> Chosen:
    """Return what the actor chose."""
    row = MessageChoice.objects.filter(person_id=actor.id).first()
    if row is None:
        return Chosen()
    return Chosen(
        by_email=row.by_email,
        by_sms=row.by_sms,
        email=_hidden(address_of(row)),
        phone=apply(Mask.PHONE, number_of(row)),
    )


@transaction
def choose_channels(
    *, by_email: bool, by_sms: bool, email: str, phone: str, actor: Actor, at: datetime
) -> None:
    """Keep a choice; an empty address keeps the one that is known.

    Raises:
        AddressUnfit: it is no e-mail address.
        PhoneInvalid: it is no mobile number.
        AddressMissing: a channel was chosen, and no address is known.
    """
    row = MessageChoice.objects.select_for_update().filter(person_id=actor.id).first()
    row = row or MessageChoice(person_id=actor.id)
    if email.strip():
        if not _ADDRESS.fullmatch(email.strip()):
            raise AddressUnfit
        row.sealed_email = seal(email.strip().encode(), context=_EMAIL + actor.id.bytes)
    if phone.strip():
        number = Phone.parse(phone)
        if number.kind != PhoneKind.MOBILE:
            raise PhoneInvalid
        row.sealed_phone = seal(str(number).encode(), context=_PHONE + actor.id.bytes)
    if (by_email and row.sealed_email is None) or (by_sms and row.sealed_phone is None):
        raise AddressMissing
    row.by_email, row.by_sms, row.language, row.changed_at = by_email, by_sms, reader_language(), at
    row.save()
    subject = Subject(kind="account", id=str(actor.id), label="")
    publish(
        ChannelsChosen(
            at=at,
            actor=actor,
            subject=subject,
            department_id=actor.department_id,
            by_email=by_email,
            by_sms=by_sms,
        )
    )


def address_of(row: MessageChoice | None) -> str:
    """Return where a person takes e-mail; empty when he does not."""
    if row is None or not row.by_email or row.sealed_email is None:
        return ""
    return unseal(bytes(row.sealed_email), context=_EMAIL + row.person_id.bytes).decode()


def number_of(row: MessageChoice | None) -> str:
    """Return where a person takes SMS; empty when he does not."""
    if row is None or not row.by_sms or row.sealed_phone is None:
        return ""
    return unseal(bytes(row.sealed_phone), context=_PHONE + row.person_id.bytes).decode()


def _hidden(address: str) -> str:
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain}" if address else ""
