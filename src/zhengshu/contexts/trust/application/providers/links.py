"""Links between accounts here and identities elsewhere: made and ended by the account's owner."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.db import transaction as django_transaction

from zhengshu.contexts.trust.application.keep_sessions import end_session_rows
from zhengshu.contexts.trust.application.providers.come_in import Identity
from zhengshu.contexts.trust.application.records import subject_label
from zhengshu.contexts.trust.models import Account, LinkedIdentity, ProviderSession, SessionRecord
from zhengshu.contexts.trust.sign_on_events import IdentityLinked, IdentityUnlinked
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.assurance import require_assured
from zhengshu.kernel.errors import Kind, Refused


class IdentityTaken(Refused):
    """The identity belongs to another account, or the account has one of this provider; unlink that first."""

    code = "trust.identity-taken"
    kind = Kind.CONFLICT
    message = "This identity is linked to another account, or your account to another identity of the same provider."


class LinkNotFound(Refused):
    """There is no such link of the actor's own."""

    code = "trust.link-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such link of yours."


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRecord:
    """A link as its owner sees it."""

    id: UUID
    provider: str
    linked_at: datetime
    used_at: datetime | None


@transaction
def link_identity(*, identity: Identity, account: Account, actor: Actor, at: datetime) -> None:
    """Let an identity elsewhere sign in to the own account from now on.

    Raises:
        StepUpDue: the actor has not shown lately who he is.
        IdentityTaken: it belongs to somebody else's account, or the account has another one there.
    """
    require_assured(actor)
    try:
        with django_transaction.atomic():
            row, is_new = LinkedIdentity.objects.get_or_create(
                provider_id=identity.provider_id,
                subject=identity.subject,
                defaults={"account": account, "linked_at": at},
            )
    except IntegrityError as fault:
        raise IdentityTaken from fault
    if row.account_id != account.id:
        raise IdentityTaken
    if is_new:
        subject = Subject("account", str(account.id), subject_label(account))
        publish(IdentityLinked(at=at, actor=actor, subject=subject, provider=identity.provider))


@transaction
def unlink_identity(*, link_id: UUID, actor: Actor, at: datetime) -> None:
    """End a link of the own account, and the sessions that it opened.

    Raises:
        LinkNotFound: the actor has no such link.
    """
    rows = LinkedIdentity.objects.select_related("provider", "account")
    row = rows.filter(id=link_id, account_id=actor.id).first()
    if row is None:
        raise LinkNotFound
    opened = ProviderSession.objects.filter(provider=row.provider, subject=row.subject).values("session_id")
    end_session_rows(SessionRecord.objects.filter(id__in=opened), reason="unlinked", by=actor, at=at)
    row.delete()
    subject = Subject("account", str(row.account_id), subject_label(row.account))
    publish(IdentityUnlinked(at=at, actor=actor, subject=subject, provider=row.provider.name))


def links_of(*, actor: Actor) -> tuple[LinkRecord, ...]:
    """Return one's own links."""
    rows = LinkedIdentity.objects.filter(account_id=actor.id).select_related("provider")
    return tuple(
        LinkRecord(id=row.id, provider=row.provider.name, linked_at=row.linked_at, used_at=row.used_at)
        for row in rows.order_by("provider__name")
    )
