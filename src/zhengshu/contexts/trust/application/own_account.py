"""What a person sees of the own account."""

from uuid import UUID

from allauth.mfa.models import Authenticator

from zhengshu.contexts.trust.application.search_audit import AuditRecord
from zhengshu.contexts.trust.models import AuditEvent
from zhengshu.kernel.actors import Actor

SIGN_IN_NAMES = (
    "trust.session.started.v1",
    "trust.session.ended.v1",
    "trust.sign-in.failed.v1",
    "trust.account.locked.v1",
    "trust.account.unlocked.v1",
    "trust.password.changed.v1",
    "trust.password.reset.v1",
    "trust.second-factor.added.v1",
    "trust.second-factor.removed.v1",
)


def own_sign_ins(*, actor: Actor, most: int = 20) -> tuple[AuditRecord, ...]:
    """Return the latest of what concerns the own sign-in, failures of others at the own name included."""
    rows = AuditEvent.objects.filter(subject_id=str(actor.id), subject_kind="account", name__in=SIGN_IN_NAMES)
    return tuple(AuditRecord.of(row) for row in rows.order_by("-id")[:most])


def has_passkey(*, account_id: UUID) -> bool:
    """Whether a person has a passkey or security key."""
    return bool(Authenticator.objects.filter(user_id=account_id, type=Authenticator.Type.WEBAUTHN).exists())
