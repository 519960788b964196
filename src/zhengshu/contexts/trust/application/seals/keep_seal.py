"""A seal in use: who may use it, and its revocation."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from zhengshu.contexts.trust.application.seals.apply_for_seal import SealHolderUnfit, SealNotFound, subject_of
from zhengshu.contexts.trust.domain.duties import NotYourDuty
from zhengshu.contexts.trust.domain.seals import SealNotInUse, SealState
from zhengshu.contexts.trust.models import Account, Seal, SealKey, SealUser
from zhengshu.contexts.trust.seal_events import SealRevoked, SealUserNamed, SealUserRemoved
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.assurance import require_assured
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import DepartmentId


class RevocationReasonMissing(Refused):
    """A revocation says why; everybody who checks a document learns of it."""

    code: ClassVar[str] = "trust.revocation-reason-missing"
    message: ClassVar[str] = "Say why the seal is revoked."


@transaction
def name_seal_user(*, seal_id: UUID, account_id: UUID, actor: Actor, at: datetime) -> None:
    """Authorise an official of the department to use a seal; repeating it changes nothing.

    Raises:
        SealNotFound: the actor may not see such a seal.
        NotYourDuty: he is not the head of the seal's department.
        SealNotInUse: it is not in use.
        StepUpDue: the actor has not shown lately who he is.
        SealHolderUnfit: the person is no official of the department, or the seal is another person's own.
    """
    row = _mine_in_use(seal_id, actor=actor)
    require_assured(actor)
    is_official = Account.objects.filter(
        pk=account_id, department_id=row.department_id, is_active=True
    ).exists()
    if row.holder_id is not None or not is_official:
        raise SealHolderUnfit
    _user, is_new = SealUser.objects.get_or_create(
        seal=row, account_id=account_id, active_to=None, defaults={"active_from": at}
    )
    if is_new:
        publish(
            SealUserNamed(
                at=at,
                actor=actor,
                subject=subject_of(row),
                department_id=DepartmentId(row.department_id),
                account_id=str(account_id),
            )
        )


@transaction
def remove_seal_user(*, seal_id: UUID, account_id: UUID, actor: Actor, at: datetime) -> None:
    """Take the authority to use a seal from somebody, at once; repeating it changes nothing.

    Raises:
        SealNotFound: the actor may not see such a seal.
        NotYourDuty: he is not the head of the seal's department.
        SealNotInUse: it is not in use.
    """
    row = _mine_in_use(seal_id, actor=actor)
    if SealUser.objects.filter(seal=row, account_id=account_id, active_to=None).update(active_to=at):
        publish(
            SealUserRemoved(
                at=at,
                actor=actor,
                subject=subject_of(row),
                department_id=DepartmentId(row.department_id),
                account_id=str(account_id),
            )
        )


@transaction
def revoke_seal(*, seal_id: UUID, reason: str, actor: Actor, at: datetime) -> None:
    """Revoke a seal and its certificates for ever; what was sealed before stays valid then.

    Raises:
        SealNotFound: the actor may not see such a seal.
        NotYourDuty: he is neither the head of its department nor the security administrator.
        SealNotInUse: it is not in use.
        RevocationReasonMissing: no reason was given.
    """
    row = _locked(seal_id, actor=actor)
    is_head = actor.has(Role.DEPARTMENT_HEAD) and actor.department_id == row.department_id
    if not is_head and not actor.has(Role.SECURITY_ADMIN):
        raise NotYourDuty
    if row.state != SealState.IN_USE:
        raise SealNotInUse(name=row.name)
    if not reason.strip():
        raise RevocationReasonMissing
    row.state, row.revoked_at = SealState.REVOKED, at
    row.revoked_by_name, row.revoked_because = actor.name, reason.strip()[:300]
    row.save(update_fields=["state", "revoked_at", "revoked_by_name", "revoked_because"])
    keys = SealKey.objects.filter(seal=row, revoked_at=None)
    fingerprints = tuple(keys.values_list("fingerprint", flat=True))
    keys.update(revoked_at=at)
    publish(
        SealRevoked(
            at=at,
            actor=actor,
            subject=subject_of(row),
            department_id=DepartmentId(row.department_id),
            code=row.code,
            fingerprints=fingerprints,
        )
    )


def _mine_in_use(seal_id: UUID, *, actor: Actor) -> Seal:
    row = _locked(seal_id, actor=actor)
    if not actor.has(Role.DEPARTMENT_HEAD) or actor.department_id != row.department_id:
        raise NotYourDuty
    if row.state != SealState.IN_USE:
        raise SealNotInUse(name=row.name)
    return row


def _locked(seal_id: UUID, *, actor: Actor) -> Seal:
    row = Seal.objects.visible_to(actor).select_for_update().filter(pk=seal_id).first()
    if row is None:
        raise SealNotFound
    return row
