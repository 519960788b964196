"""What people let relying parties know: asked once, remembered, withdrawn by the person at any time."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zhengshu.contexts.trust.application.records import subject_label
from zhengshu.contexts.trust.application.sign_on.ending import end_for_person
from zhengshu.contexts.trust.domain.relying_parties import SCOPES
from zhengshu.contexts.trust.models import Account, Consent, RelyingParty
from zhengshu.contexts.trust.sign_on_events import ConsentGiven, ConsentWithdrawn
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused


class ConsentNotFound(Refused):
    """The person has given no such consent, or withdrew it before."""

    code = "trust.consent-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such consent of yours."


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRecord:
    """A consent as its giver sees it."""

    id: UUID
    party: str
    scopes: tuple[str, ...]
    given_at: datetime


def covers(*, client_id: str, account_id: UUID, scopes: Iterable[str]) -> bool:
    """Whether a person has let a relying party know all of this before."""
    row = Consent.objects.filter(party_id=client_id, account_id=account_id).first()
    return row is not None and row.given_at is not None and set(scopes) <= set(row.scopes)


@transaction
def give_consent(
    *, client_id: str, account: Account, scopes: Iterable[str], actor: Actor, at: datetime
) -> None:
    """Let a relying party know something from now on, in addition to what it was let know before."""
    row = Consent.objects.select_for_update().get(pk=_row(client_id, account.id).pk)
    kept = set(row.scopes) if row.given_at else set()
    row.scopes = [scope for scope in SCOPES if scope in kept | set(scopes)]
    row.given_at = at
    row.save(update_fields=["scopes", "given_at"])
    subject = Subject("account", str(account.id), subject_label(account))
    publish(
        ConsentGiven(at=at, actor=actor, subject=subject, party=_name(client_id), scopes=tuple(row.scopes))
    )


@transaction
def withdraw_consent(*, consent_id: UUID, actor: Actor, at: datetime) -> None:
    """Let a relying party know nothing more; what it holds of our tokens ends at once, and it is told.

    Raises:
        ConsentNotFound: the actor gave no such consent.
    """
    rows = Consent.objects.select_for_update(of=("self",)).select_related("party__client", "account")
    row = rows.filter(id=consent_id, account_id=actor.id, given_at__isnull=False).first()
    if row is None:
        raise ConsentNotFound
    row.given_at, row.scopes = None, []
    row.save(update_fields=["given_at", "scopes"])
    end_for_person(row.party, account_id=actor.id, at=at)
    subject = Subject("account", str(row.account_id), subject_label(row.account))
    publish(ConsentWithdrawn(at=at, actor=actor, subject=subject, party=row.party.client.name))


def consents_of(*, actor: Actor) -> tuple[ConsentRecord, ...]:
    """Return one's own consents in force, by the party's name."""
    rows = Consent.objects.filter(account_id=actor.id, given_at__isnull=False).select_related("party__client")
    return tuple(
        ConsentRecord(id=row.id, party=row.party.client.name, scopes=tuple(row.scopes), given_at=row.given_at)
        for row in rows.order_by("party__client__name")
        if row.given_at is not None
    )


def opaque_name(*, client_id: str, account_id: UUID) -> str:
    """Return the name by which one relying party, and no other, knows a person."""
    return _row(client_id, account_id).subject


def account_of_name(*, client_id: str, subject: str) -> Account | None:
    """Return the active account that a relying party knows by a name."""
    row = Consent.objects.filter(party_id=client_id, subject=subject).select_related("account").first()
    return row.account if row is not None and row.account.is_active else None


def _row(client_id: str, account_id: UUID) -> Consent:
    row, _ = Consent.objects.get_or_create(
        party_id=client_id, account_id=account_id, defaults={"subject": secrets.token_hex(16)}
    )
    return row


def _name(client_id: str) -> str:
    return str(RelyingParty.objects.select_related("client").get(client_id=client_id).client.name)
