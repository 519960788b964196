"""Authorization codes: given to one relying party for one session, used once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import msgspec
from allauth.idp.oidc.models import Token

from zhengshu.contexts.trust.application.records import subject_label
from zhengshu.contexts.trust.models import Account, PartySession, SessionRecord, SignInCode
from zhengshu.contexts.trust.sign_on_events import CodeReplayed, SignedInElsewhere
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId

LIVES = timedelta(seconds=60)


class SessionGone(Refused):
    """The session ended while it was used to sign in elsewhere; sign in again."""

    code = "trust.session-gone"
    kind = Kind.CONFLICT
    message = "Your session has ended. Please sign in again."


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFacts:
    """What a code stands for."""

    scopes: tuple[str, ...]
    auth_time: int
    level: int
    methods: tuple[str, ...]
    redirect_uri: str = ""
    challenge: str = ""
    nonce: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedeemedCode:
    """A code that was good: whose it is, and what it stands for."""

    account: Account
    session_id: UUID
    facts: CodeFacts


@transaction
def issue_code(*, client_id: str, account_id: UUID, session_key: str, facts: CodeFacts, at: datetime) -> str:
    """Return a code with which a relying party can sign somebody in within a minute.

    Raises:
        SessionGone: the session has ended meanwhile.
    """
    session = SessionRecord.objects.filter(
        session_key=session_key, account_id=account_id, ended_at=None
    ).first()
    if session is None:
        raise SessionGone
    SignInCode.objects.filter(expires_at__lt=at - timedelta(hours=1)).delete()
    code = secrets.token_urlsafe(32)
    SignInCode.objects.create(
        digest=digest_of(code),
        party_id=client_id,
        account_id=account_id,
        session=session,
        facts=msgspec.to_builtins(facts),
        expires_at=at + LIVES,
    )
    return code


@transaction
def redeem_code(*, client_id: str, code: str, address: str, at: datetime) -> RedeemedCode | None:
    """Return what a code stands for, and spend it; None where it is not good, whatever the reason.

    A code that comes a second time was stolen, or its first user was: the tokens that it opened end. A code of
    another relying party is left to its owner.
    """
    rows = SignInCode.objects.select_for_update(of=("self",)).select_related("account", "session")
    row = rows.filter(digest=digest_of(code), party_id=client_id).first()
    if row is None:
        return None
    if row.used_at is not None:
        Token.objects.filter(
            client_id=client_id, user_id=row.account_id, data__sid=row.session_id.hex
        ).delete()
        publish(
            CodeReplayed(
                at=at,
                actor=Actor.anonymous(address=address),
                subject=_subject(row.account),
                department_id=_owner(row.account),
                party=client_id,
            )
        )
        return None
    row.used_at = at
    row.save(update_fields=["used_at"])
    is_good = row.expires_at > at and row.account.is_active and row.session.ended_at is None
    if not is_good:
        return None
    return RedeemedCode(
        account=row.account, session_id=row.session_id, facts=msgspec.convert(row.facts, CodeFacts)
    )


@transaction
def note_party_session(
    *,
    client_id: str,
    account: Account,
    session_id: UUID,
    subject: str,
    level: int,
    address: str,
    at: datetime,
) -> None:
    """Remember that a relying party knows of a session, so that it hears of its end."""
    PartySession.objects.update_or_create(
        party_id=client_id,
        session_id=session_id,
        defaults={
            "subject": subject,
            "signed_in_at": at,
            "ended_at": None,
            "told_at": None,
            "attempts": 0,
            "fault": "",
        },
    )
    who = Actor(id=account.id, name=account.name, department_id=_owner(account), address=address)
    publish(
        SignedInElsewhere(
            at=at,
            actor=who,
            subject=_subject(account),
            department_id=_owner(account),
            party=client_id,
            level=level,
        )
    )


def digest_of(code: str) -> bytes:
    """Return by what a code is known; who reads the table cannot use it."""
    return sha256(b"zhengshu code:" + code.encode()).digest()


def _subject(account: Account) -> Subject:
    return Subject("account", str(account.id), subject_label(account))


def _owner(account: Account) -> DepartmentId | None:
    return DepartmentId(account.department_id) if account.department_id else None
