"""Kiosks: a code on their screen is entered, or photographed, by somebody who is signed in on a device of his own."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from zhengshu.contexts.trust.application.guard_sign_in import Step, begin_attempt, clear_attempts
from zhengshu.contexts.trust.application.records import subject_label
from zhengshu.contexts.trust.application.sign_on.codes import (
    CodeFacts,
    RedeemedCode,
    SessionGone,
    digest_of,
)
from zhengshu.contexts.trust.application.sign_on.consents import give_consent
from zhengshu.contexts.trust.models import Account, DeviceRequest, RelyingParty, SessionRecord
from zhengshu.contexts.trust.sign_on_events import DeviceAnswered
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
LENGTH = 8
LIVES = timedelta(minutes=5)
INTERVAL = timedelta(seconds=5)
MOST_WAITING = 500
"""Of one relying party at once; whoever asks for more is told to slow down."""


class DeviceCodeWrong(Refused):
    """Nothing waits under this code: it was mistyped, used, or has run out; take the one on the screen now."""

    code = "trust.device-code-wrong"
    kind = Kind.NOT_FOUND
    message = (
        "No kiosk waits under this code. It may be mistyped or have run out: take the code that is on the screen"
        " now."
    )


class Poll(StrEnum):
    """What a kiosk hears while it waits (RFC 8628)."""

    PENDING = "authorization_pending"
    SLOW_DOWN = "slow_down"
    DENIED = "access_denied"
    EXPIRED = "expired_token"
    UNKNOWN = "invalid_grant"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCodes:
    """What a kiosk gets: a secret to ask with, and a code to show."""

    device_code: str
    user_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingDevice:
    """A kiosk as the person sees it who may let it in."""

    id: UUID
    client_id: str
    party: str
    scopes: tuple[str, ...]
    least_level: int


@transaction
def start_device(*, client_id: str, scopes: Iterable[str], address: str, at: datetime) -> DeviceCodes | None:
    """Return codes for a kiosk; None where too many wait."""
    DeviceRequest.objects.filter(expires_at__lt=at - timedelta(hours=1)).delete()
    if DeviceRequest.objects.filter(party_id=client_id, expires_at__gt=at).count() >= MOST_WAITING:
        return None
    letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    codes = DeviceCodes(device_code=secrets.token_urlsafe(32), user_code=f"{letters[:4]}-{letters[4:]}")
    DeviceRequest.objects.create(
        device_digest=digest_of(codes.device_code),
        user_digest=digest_of(letters),
        party_id=client_id,
        scopes=list(scopes),
        address=address[:45],
        expires_at=at + LIVES,
    )
    return codes


def find_device(*, user_code: str, account: Account, at: datetime) -> WaitingDevice:
    """Return the kiosk that waits under a code; tries are counted, and a guesser is locked out as at the sign-in.

    Raises:
        SignInLocked: the account has guessed too often.
        DeviceCodeWrong: nothing waits under it.
    """
    begin_attempt(username=account.username, step=Step.DEVICE, at=at)
    row = _waiting(user_code, at=at)
    if row is None:
        raise DeviceCodeWrong
    clear_attempts(username=account.username, step=Step.DEVICE)
    return WaitingDevice(
        id=row.id,
        client_id=row.party_id,
        party=row.party.client.name,
        scopes=tuple(row.scopes),
        least_level=row.party.least_level,
    )


@transaction
def answer_device(
    *,
    device: WaitingDevice,
    is_granted: bool,
    account: Account,
    session_key: str,
    facts: CodeFacts,
    actor: Actor,
    at: datetime,
) -> None:
    """Let a kiosk in, or refuse it.

    Raises:
        DeviceCodeWrong: it waits no more.
        SessionGone: one's own session has ended.
    """
    rows = DeviceRequest.objects.select_for_update(of=("self",))
    row = rows.filter(id=device.id, is_granted=None, expires_at__gt=at).first()
    if row is None:
        raise DeviceCodeWrong
    session = SessionRecord.objects.filter(session_key=session_key, account=account, ended_at=None).first()
    if session is None:
        raise SessionGone
    row.is_granted, row.account, row.session = is_granted, account, session
    row.facts = msgspec.to_builtins(facts)
    row.save(update_fields=["is_granted", "account", "session", "facts"])
    if is_granted:
        give_consent(client_id=device.client_id, account=account, scopes=device.scopes, actor=actor, at=at)
    subject = Subject("account", str(account.id), subject_label(account))
    publish(
        DeviceAnswered(at=at, actor=actor, subject=subject, party=device.client_id, is_granted=is_granted)
    )


@transaction
def poll_device(*, client_id: str, device_code: str, at: datetime) -> RedeemedCode | Poll:
    """Return what a kiosk may have, once, or why it has to wait."""
    rows = DeviceRequest.objects.select_for_update(of=("self",)).select_related("account", "session")
    row = rows.filter(device_digest=digest_of(device_code), party_id=client_id).first()
    if row is None or row.used_at is not None:
        return Poll.UNKNOWN
    if row.expires_at <= at:
        return Poll.EXPIRED
    is_hasty = row.polled_at is not None and at - row.polled_at < INTERVAL
    row.polled_at = at
    row.save(update_fields=["polled_at"])
    if is_hasty:
        return Poll.SLOW_DOWN
    if row.is_granted is None:
        return Poll.PENDING
    row.used_at = at
    row.save(update_fields=["used_at"])
    is_good = row.account is not None and row.account.is_active and row.session is not None
    if (
        not row.is_granted
        or not is_good
        or row.session is None
        or row.account is None
        or row.session.ended_at
    ):
        return Poll.DENIED
    return RedeemedCode(
        account=row.account, session_id=row.session.id, facts=msgspec.convert(row.facts, CodeFacts)
    )


def scopes_of(client_id: str, wanted: Iterable[str]) -> tuple[str, ...] | None:
    """Return the scopes that a kiosk asks for, all that it may where it names none; None where it may not."""
    party = RelyingParty.objects.select_related("client").get(client_id=client_id)
    allowed, asked = party.client.get_scopes(), tuple(wanted)
    if not set(asked) <= set(allowed):
        return None
    return asked or tuple(allowed)


def _waiting(user_code: str, *, at: datetime) -> DeviceRequest | None:
    letters = "".join(letter for letter in user_code.upper() if letter in LETTERS)
    rows = DeviceRequest.objects.select_related("party__client")
    return rows.filter(
        user_digest=digest_of(letters), is_granted=None, expires_at__gt=at, party__is_active=True
    ).first()
