"""By which channels a person wants to be told, and where; addresses are encrypted and never shown whole again."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from zhengshu.contexts.casework.application.naming import reader_language
from zhengshu.contexts.casework.domain.message_rules import Channel
from zhengshu.contexts.casework.message_events import ChannelsChosen
from zhengshu.contexts.casework.models import AddressCode, MessageChoice
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.masks import Mask, apply
from zhengshu.kernel.phones import Phone, PhoneInvalid, PhoneKind

_ADDRESS = re.compile(r"[^@\s<>\"(),:;\\\[\]]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*")


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
    """What a person chose; addresses are masked, empty where none is known."""

    by_email: bool = False
    by_sms: bool = False
    email: str = ""
    phone: str = ""
    is_email_confirmed: bool = False
    is_phone_confirmed: bool = False


def chosen(*, actor: Actor) -> Chosen:
    """Return what the actor chose."""
    row = MessageChoice.objects.filter(person_id=actor.id).first()
    if row is None:
        return Chosen()
    return Chosen(
        by_email=row.by_email,
        by_sms=row.by_sms,
        email=_hidden(known_address(row, Channel.EMAIL)),
        phone=apply(Mask.PHONE, known_address(row, Channel.SMS)),
        is_email_confirmed=row.is_confirmed(Channel.EMAIL),
        is_phone_confirmed=row.is_confirmed(Channel.SMS),
    )


@transaction
def choose_channels(
    *, by_email: bool, by_sms: bool, email: str, phone: str, actor: Actor, at: datetime
) -> frozenset[Channel]:
    """Keep a choice; an empty address keeps the one that is known, another one is to be confirmed again.

    Returns:
        the channels that are wanted and whose address waits to be confirmed.

    Raises:
        AddressUnfit: it is no e-mail address.
        PhoneInvalid: it is no mobile number.
        AddressMissing: a channel was chosen, and no address is known.
    """
    row = MessageChoice.objects.select_for_update().filter(person_id=actor.id).first()
    row = row or MessageChoice(person_id=actor.id)
    for channel, typed in ((Channel.EMAIL, _email(email)), (Channel.SMS, _number(phone))):
        if typed and typed != known_address(row, channel):
            _keep(row, channel, typed)
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
    wanted = {Channel.EMAIL: by_email, Channel.SMS: by_sms}
    return frozenset(one for one, is_wanted in wanted.items() if is_wanted and not row.is_confirmed(one))


def _email(typed: str) -> str:
    address = typed.strip()
    if address and not _ADDRESS.fullmatch(address):
        raise AddressUnfit
    return address


def _number(typed: str) -> str:
    if not typed.strip():
        return ""
    number = Phone.parse(typed)
    if number.kind != PhoneKind.MOBILE:
        raise PhoneInvalid
    return str(number)


def _keep(row: MessageChoice, channel: Channel, address: str) -> None:
    """Keep another address; codes that went to the one before count no more."""
    AddressCode.objects.filter(person_id=row.person_id, channel=channel.value).update(sealed_code=None)
    if channel == Channel.EMAIL:
        row.email, row.email_confirmed_at = address, None
    else:
        row.phone, row.phone_confirmed_at = address, None


def address_of(row: MessageChoice | None) -> str:
    """Return where a person takes e-mail; empty when he does not, or has not confirmed it."""
    return known_address(row, Channel.EMAIL) if row is not None and row.takes(Channel.EMAIL) else ""


def number_of(row: MessageChoice | None) -> str:
    """Return where a person takes SMS; empty when he does not, or has not confirmed it."""
    return known_address(row, Channel.SMS) if row is not None and row.takes(Channel.SMS) else ""


def known_address(row: MessageChoice, channel: Channel) -> str:
    """Return the address of a channel, confirmed or not; for nothing but sending its code and showing it masked."""
    return row.email if channel == Channel.EMAIL else row.phone


def _hidden(address: str) -> str:
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain}" if address else ""
